import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Plug, Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { fieldErrors } from "#/api/problems";
import type { ScimConnectionOut } from "#/api/types";
import { useIsAdmin } from "#/features/people/access";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { Select, TextField } from "#/ui/Field";
import { Page } from "#/ui/Page";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, NoPermission, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { ConnectionSecret } from "./ConnectionSecret";
import { PRESETS, type Preset } from "./connectionWords";

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
      {making && <NewConnection onClose={() => setMaking(false)} />}
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

function NewConnection({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useLingui();
  const [missing, setMissing] = useState(false);
  const create = $api.useMutation("post", "/v1/scim-connections");
  const errors = fieldErrors(create.error);
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get("name") ?? "").trim();
    setMissing(!name);
    if (name) create.mutate({ body: { name, preset: String(form.get("preset")) as Preset } });
  }
  return (
    <Dialog open onClose={onClose} title={create.data ? t`The connection is made` : t`New connection`}>
      {create.data?.secret ? (
        <ConnectionSecret connection={create.data} secret={create.data.secret} />
      ) : (
        <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
          <Select
            label={t`Where people come from`}
            name="preset"
            options={(Object.keys(PRESETS) as Preset[]).map((preset) => ({
              value: preset,
              label: i18n._(PRESETS[preset]),
            }))}
          />
          <TextField
            label={t`Name`}
            hint={t`By which you know it again, for example: Entra ID of the group.`}
            name="name"
            maxLength={100}
            error={missing ? t`Give it a name.` : errors.name}
          />
          <div>
            <Button type="submit" tone="primary" busy={create.isPending}>
              <Trans>Make the connection</Trans>
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
