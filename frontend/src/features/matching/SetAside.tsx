import { Trans, useLingui } from "@lingui/react/macro";
import { RotateCcw } from "lucide-react";
import { $api, byCursor } from "#/api/client";
import type { ProgramOut, SuggestionOut } from "#/api/types";
import { PairAvatars, PairNames } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { ShowMore } from "#/ui/ShowMore";
import { toast } from "#/ui/toast";

/** The pairs that stay out of every search, whichever it was in which they were set aside; nothing without any. */
export default function SetAside({ program }: { program: ProgramOut }) {
  const query = $api.useInfiniteQuery(
    "get",
    "/v1/programs/{program_id}/set-aside",
    { params: { path: { program_id: program.id }, query: { limit: 10 } } },
    byCursor,
  );
  const pairs = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (pairs.length === 0) return null;
  return (
    <Card
      title={<Trans>Pairs that you set aside</Trans>}
      lead={<Trans>They stay out of every search until you bring them back.</Trans>}
      flush
    >
      <ul>
        {pairs.map((pair) => (
          <Pair key={pair.id} pair={pair} />
        ))}
      </ul>
      <ShowMore query={query}>
        <Trans>Show more pairs</Trans>
      </ShowMore>
    </Card>
  );
}

function Pair({ pair }: { pair: SuggestionOut }) {
  const { t } = useLingui();
  const mentor = pair.mentor.display_name;
  const mentee = pair.mentee.display_name;
  const restore = $api.useMutation("post", "/v1/suggestions/{suggestion_id}/restore", {
    onSuccess: () => toast(t`${mentor} and ${mentee} can be a pair again in the next search.`),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-5 py-3">
      <PairAvatars mentor={mentor} mentee={mentee} />
      <div className="min-w-40 flex-1">
        <p className="font-semibold">
          <PairNames mentor={mentor} mentee={mentee} />
        </p>
        <p className="text-sm text-ink-3">{pair.mentee.title}</p>
      </div>
      {pair.can.restore?.allowed && (
        <Button
          icon={RotateCcw}
          busy={restore.isPending}
          onClick={() => restore.mutate({ params: { path: { suggestion_id: pair.id } } })}
        >
          <Trans>Bring it back</Trans>
          <span className="sr-only">
            {mentor}, {mentee}
          </span>
        </Button>
      )}
    </li>
  );
}
