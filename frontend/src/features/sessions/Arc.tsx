import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { CalendarCheck, CalendarPlus } from "lucide-react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { ArcOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { pick } from "#/lib/i18n";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { EmptyState } from "#/ui/states";
import { toast } from "#/ui/toast";
import { arcQuery, kitsQuery } from "./queries";
import { useTalkName } from "./words";

const WHY: Record<NonNullable<ArcOut["items"][number]["why"]>, MessageDescriptor> = {
  weekend: msg`moved: a weekend`,
  holiday: msg`moved: a holiday`,
  busy: msg`moved: one of you is busy`,
  outside_hours: msg`moved: outside somebody's hours`,
  rhythm: msg`moved to keep the rhythm`,
};

/** The whole row of talks in one action: looked at, then booked. */
export function ArcDialog({ pairId, open, onClose }: { pairId: string; open: boolean; onClose: () => void }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const name = useTalkName();
  const arc = useQuery(arcQuery(pairId));
  const kits = useQuery(kitsQuery()).data?.items;
  const book = $api.useMutation("post", "/v1/pairs/{pair_id}/arc", {
    onSuccess() {
      toast(t`Booked. You both see the times, and can still move each of them.`);
      onClose();
    },
  });
  return (
    <Dialog open={open} onClose={onClose} title={t`All talks at once`}>
      <Loaded query={arc}>
        {({ items, weeks_between: weeks, minutes }) =>
          items.length === 0 ? (
            <EmptyState icon={CalendarCheck} title={t`All talks are booked already`} />
          ) : (
            <div className="flex flex-col gap-4">
              <p className="text-ink-2">
                <Plural
                  value={weeks}
                  one="A week apart. These times suit you both:"
                  other="# weeks apart. These times suit you both:"
                />
              </p>
              <ol className="overflow-hidden rounded-xl border border-line">
                {items.map((each) => {
                  const kit = kits?.find(({ key }) => key === each.kit);
                  const day = format.day(each.starts_at);
                  const time = format.time(each.starts_at);
                  return (
                    <li
                      key={each.starts_at}
                      className="flex items-baseline justify-between gap-4 border-line px-4 py-2.5 not-first:border-t"
                    >
                      <span className="min-w-0">
                        <span className="block truncate font-medium">
                          {kit ? pick(kit.title, i18n.locale) : name(each)}
                        </span>
                        {each.why ? (
                          <span className="block text-xs text-cloud-text">{i18n._(WHY[each.why])}</span>
                        ) : (
                          each.outside_hours && (
                            <span className="block text-xs text-cloud-text">
                              <Trans>outside somebody's hours</Trans>
                            </span>
                          )
                        )}
                      </span>
                      <span className="shrink-0 text-sm text-ink-2">
                        {day}, {time}
                      </span>
                    </li>
                  );
                })}
              </ol>
              <p className="text-sm text-ink-3">
                <Trans>{minutes} minutes each. Any of them can be moved later, without a reason.</Trans>
              </p>
              <Button
                tone="primary"
                icon={CalendarPlus}
                busy={book.isPending}
                onClick={() =>
                  book.mutate({
                    params: { path: { pair_id: pairId } },
                    body: { starts_at: items.map((each) => each.starts_at), replace_open: false },
                  })
                }
              >
                <Plural value={items.length} one="Book # talk" other="Book these # talks" />
              </Button>
            </div>
          )
        }
      </Loaded>
    </Dialog>
  );
}
