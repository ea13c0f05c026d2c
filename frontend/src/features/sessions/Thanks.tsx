import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Heart, Undo2 } from "lucide-react";
import { $api, ifMatch } from "#/api/client";
import type { MentoringPair } from "#/api/types";
import { useFormat } from "#/lib/format";
import { firstName } from "#/lib/text";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { toast } from "#/ui/toast";

/** A thank-you in one press; it can be taken back. */
export function Thanks({ pair }: { pair: MentoringPair }) {
  const { t } = useLingui();
  const format = useFormat();
  const { data } = useQuery(
    $api.queryOptions("get", "/v1/pairs/{pair_id}/thanks", {
      params: { path: { pair_id: pair.id }, query: { limit: 20 } },
    }),
  );
  const name = firstName((pair.my_side === "mentor" ? pair.mentee : pair.mentor).display_name);
  const say = $api.useMutation("post", "/v1/pairs/{pair_id}/thanks", {
    onSuccess: () => toast(t`${name} has your thanks.`),
  });
  const takeBack = $api.useMutation("delete", "/v1/thanks/{thanks_id}");
  const said = data?.items.find(({ mine }) => mine);
  const got = data?.items.find(({ mine }) => !mine);
  const day = said && format.day(said.created_at);
  return (
    <Card
      title={<Trans>Say thank you</Trans>}
      lead={<Trans>A junior wonders whether it was worth your hour.</Trans>}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button
          tone="primary"
          icon={Heart}
          busy={say.isPending}
          onClick={() =>
            say.mutate({
              params: { path: { pair_id: pair.id } },
              body: { text: t`Thank you. I took something along from our talk.` },
            })
          }
        >
          <Trans>Thank {name}</Trans>
        </Button>
        {said?.can.delete?.allowed && (
          <Button
            tone="quiet"
            icon={Undo2}
            busy={takeBack.isPending}
            onClick={() =>
              takeBack.mutate({ params: { path: { thanks_id: said.id }, header: ifMatch(said) } })
            }
          >
            <Trans>Take it back</Trans>
          </Button>
        )}
      </div>
      {day && (
        <p className="mt-2 text-sm text-ink-3">
          <Trans>Said: {day}</Trans>
        </p>
      )}
      {got && (
        <blockquote className="mt-3 rounded-xl bg-cloud-soft px-3.5 py-2.5">
          <p>{got.text}</p>
          <p className="text-xs text-cloud-text">{name}</p>
        </blockquote>
      )}
    </Card>
  );
}
