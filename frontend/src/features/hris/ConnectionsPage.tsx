import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Plug, Plus } from "lucide-react";
import { useState } from "react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { ScimConnectionOut } from "#/api/types";
import { useIsAdmin } from "#/features/people/access";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Page } from "#/ui/Page";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, NoPermission, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { ConnectionDialog } from "./ConnectionDialog";
import { PRESETS } from "./connectionWords";

/** Identity providers that keep people in the directory by themselves. */
export function ConnectionsPage() {
  const { t } = useLingui();
  const isAdmin = useIsAdmin();
  const [making, setMaking] = useState(false);
  return (
    <Page
      title={t`Connections`}
      lead={<Trans>People come in, change and leave by themselves</Trans>}
      actions={
        isAdmin && (
          <Button tone="primary" icon={Plus} onClick={() => setMaking(true)}>
            <Trans>New connection</Trans>
          </Button>
        )
      }
    >
      {isAdmin ? <Connections /> : <NoPermission />}
      {making && <ConnectionDialog onClose={() => setMaking(false)} />}
    </Page>
  );
}

function Connections() {
  const { t, i18n } = useLingui();
  const connections = $api.useInfiniteQuery(
    "get",
    "/v1/scim-connections",
    { params: { query: { limit: 20 } } },
    byCursor,
  );
  return (
    <Card flush>
      <Loaded
        query={connections}
        skeleton={
          <div className="p-5">
            <Skeleton lines={4} />
          </div>
        }
      >
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (rows.length === 0)
            return (
              <EmptyState icon={Plug} title={t`Nothing is connected yet`}>
                <Trans>
                  Connect Entra ID, Okta or another directory: it takes an afternoon, and files are no longer
                  needed.
                </Trans>
              </EmptyState>
            );
          return (
            <>
              <ul>
                {rows.map((row) => (
                  <li
                    key={row.id}
                    className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-5 py-4 first:border-t-0"
                  >
                    <div className="min-w-0 flex-1 basis-64">
                      <Link
                        to="/connections/$connectionId"
                        params={{ connectionId: row.id }}
                        className="inline-flex min-h-6 items-center font-semibold break-words hover:underline"
                      >
                        {row.name}
                      </Link>
                      <p className="text-sm text-ink-2">{i18n._(PRESETS[row.preset])}</p>
                    </div>
                    <Standing connection={row} />
                  </li>
                ))}
              </ul>
              <ShowMore query={connections}>
                <Trans>Show more</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

/** In one line: paused, waiting, or when it called last and how many people it keeps. */
export function Standing({ connection }: { connection: ScimConnectionOut }) {
  const { t } = useLingui();
  const format = useFormat();
  const people = format.number(connection.counts.people);
  const errors = format.number(connection.counts.errors);
  return (
    <p className="flex flex-wrap items-center gap-2 text-sm text-ink-2">
      {connection.state === "paused" ? (
        <Tag tone="cloud">{t`Paused`}</Tag>
      ) : connection.last_seen_at ? (
        <Tag tone="spruce">{t`Connected`}</Tag>
      ) : (
        <Tag>{t`Waiting for the first call`}</Tag>
      )}
      <span>
        <Trans>People: {people}</Trans>
      </span>
      {connection.counts.errors > 0 && (
        <Tag tone="lingon">
          <Trans>Errors today: {errors}</Trans>
        </Tag>
      )}
    </p>
  );
}
