import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Undo2 } from "lucide-react";
import { CanButton } from "#/api/CanButton";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { ErasureOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Card } from "#/ui/Card";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, Skeleton } from "#/ui/states";
import { Tag, type Tone } from "#/ui/Tag";

const STATES: Record<ErasureOut["state"], [MessageDescriptor, Tone]> = {
  waiting: [msg`Waits`, "cloud"],
  cancelled: [msg`Undone`, "plain"],
  done: [msg`Erased`, "spruce"],
};

/** Erasures that people or admins asked for; those that wait can be undone. */
export function Erasures() {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const cancel = $api.useMutation("post", "/v1/erasures/{erasure_id}/cancel");
  const erasures = $api.useInfiniteQuery(
    "get",
    "/v1/erasures",
    { params: { query: { limit: 10 } } },
    byCursor,
  );
  return (
    <Card
      title={<Trans>Erasures</Trans>}
      lead={<Trans>Seven days to undo; whoever has left is erased at once</Trans>}
      flush
    >
      <Loaded
        query={erasures}
        skeleton={
          <div className="p-5 pt-0">
            <Skeleton lines={3} />
          </div>
        }
      >
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (rows.length === 0)
            return (
              <EmptyState title={t`None so far`}>
                <Trans>People ask for it on their own page; you do it on the page of a person.</Trans>
              </EmptyState>
            );
          return (
            <>
              <ul className="divide-y divide-line border-t border-line">
                {rows.map((row) => {
                  const [label, tone] = STATES[row.state];
                  return (
                    <li key={row.id} className="flex flex-wrap items-center justify-between gap-3 px-5 py-3">
                      <span>
                        <span className="font-semibold">
                          {row.person.display_name || <Trans>Somebody who was erased</Trans>}
                        </span>
                        <span className="block text-sm text-ink-3">
                          {format.dateTime(
                            row.done_at ?? (row.state === "waiting" ? row.due_at : row.created_at),
                          )}
                        </span>
                      </span>
                      <span className="flex items-center gap-3">
                        <Tag tone={tone}>{i18n._(label)}</Tag>
                        {row.state === "waiting" && (
                          <CanButton
                            can={row.can}
                            action="cancel"
                            icon={Undo2}
                            onClick={() => cancel.mutate({ params: { path: { erasure_id: row.id } } })}
                          >
                            <Trans>Undo</Trans>
                          </CanButton>
                        )}
                      </span>
                    </li>
                  );
                })}
              </ul>
              <ShowMore query={erasures}>
                <Trans>Show earlier</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}
