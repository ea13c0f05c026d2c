import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { $api } from "#/api/client";
import type { MentoringPair } from "#/api/types";
import { Card } from "#/ui/Card";

/** What the mentor would rather not talk about, where something was said; the two alone read it. */
export function Boundaries({ pair }: { pair: MentoringPair }) {
  const boundaries = useQuery(
    $api.queryOptions("get", "/v1/pairs/{pair_id}/boundaries", { params: { path: { pair_id: pair.id } } }),
  );
  if (!boundaries.data?.text) return null;
  return (
    <Card
      title={
        pair.my_side === "mentor" ? (
          <Trans>What you keep out of the talks</Trans>
        ) : (
          <Trans>What your mentor keeps out of the talks</Trans>
        )
      }
    >
      <p className="break-words whitespace-pre-line text-ink-2">{boundaries.data.text}</p>
    </Card>
  );
}
