import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { EyeOff } from "lucide-react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { AccessOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Card } from "#/ui/Card";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, Skeleton } from "#/ui/states";

const WHAT: Record<AccessOut["what"], MessageDescriptor> = {
  directory: msg`your entry in the directory`,
  participation: msg`your part in a programme`,
  data_export: msg`your entry in the directory, as a file`,
};

/** Who opened a page with somebody's data on it, newest first. */
export function Readers() {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const readers = $api.useInfiniteQuery(
    "get",
    "/v1/me/access-log",
    { params: { query: { limit: 8 } } },
    byCursor,
  );
  return (
    <Card
      title={<Trans>Who looked</Trans>}
      lead={
        <Trans>Others who opened a page with you on it. What the two of a pair share isn't counted.</Trans>
      }
      flush
    >
      <Loaded
        query={readers}
        skeleton={
          <div className="p-5 pt-0">
            <Skeleton lines={4} />
          </div>
        }
      >
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (rows.length === 0) return <EmptyState icon={EyeOff} title={t`Nobody has looked yet`} />;
          return (
            <>
              <ul className="divide-y divide-line border-t border-line">
                {rows.map((row) => (
                  <li key={row.id} className="flex flex-wrap justify-between gap-x-4 px-5 py-3">
                    <span>
                      <span className="font-semibold">
                        {row.reader?.display_name || row.machine || t`Somebody who is no longer here`}
                      </span>{" "}
                      <span className="text-ink-2">{i18n._(WHAT[row.what])}</span>
                    </span>
                    <time dateTime={row.at} className="text-sm text-ink-3">
                      {format.dateTime(row.at)}
                    </time>
                  </li>
                ))}
              </ul>
              <ShowMore query={readers}>
                <Trans>Show earlier</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}
