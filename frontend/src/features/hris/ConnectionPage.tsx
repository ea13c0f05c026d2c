import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { CircleCheck, Pause, Pencil, Play, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api, byCursor, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { ScimCheck, ScimConnectionOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { Figures } from "#/ui/Figures";
import { Page } from "#/ui/Page";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { toast } from "#/ui/toast";
import { ConnectionDialog } from "./ConnectionDialog";
import { ConnectionScope } from "./ConnectionScope";
import { ToCopy } from "./ConnectionSecret";
import { Standing } from "./ConnectionsPage";
import { CHECK_TONES, LOG_CODES, PRESETS } from "./connectionWords";
import { Groups } from "./Groups";

/** One connection: how it is doing, what went wrong, who waits for a manager, what groups give. */
export function ConnectionPage() {
  const { connectionId } = useParams({ from: "/shell/manage/connections/$connectionId" });
  const path = { connection_id: connectionId };
  const connection = useQuery(
    $api.queryOptions("get", "/v1/scim-connections/{connection_id}", { params: { path } }),
  );
  return (
    <Loaded query={connection} skeleton={<Skeleton lines={8} />}>
      {(found) => <One connection={found} />}
    </Loaded>
  );
}

function One({ connection }: { connection: ScimConnectionOut }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const { counts } = connection;
  return (
    <Page
      title={connection.name}
      lead={i18n._(PRESETS[connection.preset])}
      actions={<Actions connection={connection} />}
    >
      <Card title={<Trans>How it is doing</Trans>}>
        <div className="flex flex-col gap-5">
          <Standing connection={connection} />
          <Figures
            label={t`What the connection keeps`}
            items={[
              { key: "people", name: t`People`, value: format.number(counts.people) },
              { key: "left", name: t`Of them left`, value: format.number(counts.inactive) },
              { key: "graph", name: t`Only for reporting lines`, value: format.number(counts.graph_only) },
              { key: "groups", name: t`Groups`, value: format.number(counts.groups) },
            ]}
          />
          <ToCopy label={<Trans>Address</Trans>} value={connection.url} />
          <Checks connection={connection} />
        </div>
      </Card>
      <ConnectionScope connection={connection} />
      <Troubles connection={connection} />
      <UnknownManagers connection={connection} />
      <Groups connection={connection} />
    </Page>
  );
}

function Actions({ connection }: { connection: ScimConnectionOut }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"change" | "end">();
  const close = () => setOpen(undefined);
  const params = { path: { connection_id: connection.id } };
  const change = $api.useMutation("patch", "/v1/scim-connections/{connection_id}");
  const end = $api.useMutation("delete", "/v1/scim-connections/{connection_id}", {
    onSuccess() {
      toast(t`Ended. The people stay in the directory.`);
      void navigate({ to: "/connections" });
    },
  });
  const turn = (state: "active" | "paused") =>
    change.mutate({ params, body: { state }, headers: ifMatch(connection) });
  return (
    <>
      <CanButton can={connection.can} action="edit" icon={Pencil} onClick={() => setOpen("change")}>
        <Trans context="of words">Change</Trans>
      </CanButton>
      {connection.state === "active" ? (
        <CanButton
          can={connection.can}
          action="pause"
          icon={Pause}
          busy={change.isPending}
          onClick={() => turn("paused")}
        >
          <Trans>Pause</Trans>
        </CanButton>
      ) : (
        <CanButton
          can={connection.can}
          action="resume"
          icon={Play}
          busy={change.isPending}
          onClick={() => turn("active")}
        >
          <Trans>Let it go on</Trans>
        </CanButton>
      )}
      <CanButton
        can={connection.can}
        action="delete"
        icon={Trash2}
        tone="danger"
        onClick={() => setOpen("end")}
      >
        <Trans>End</Trans>
      </CanButton>
      {open === "change" && <ConnectionDialog old={connection} onClose={close} />}
      {open === "end" && (
        <Dialog open onClose={close} title={t`End this connection?`}>
          <div className="flex flex-col gap-4">
            <p className="text-ink-2">
              <Trans>
                Its secret stops working at once. The people stay, and can be edited by hand again. Roles that
                its groups gave are taken away.
              </Trans>
            </p>
            <div>
              <Button tone="danger" busy={end.isPending} onClick={() => end.mutate({ params })}>
                <Trans>End the connection</Trans>
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
}

function Checks({ connection }: { connection: ScimConnectionOut }) {
  const { t } = useLingui();
  const checks = useQuery(
    $api.queryOptions("get", "/v1/scim-connections/{connection_id}/checks", {
      params: { path: { connection_id: connection.id } },
    }),
  );
  return (
    <section aria-label={t`Test of the connection`} className="flex flex-col gap-3">
      <div>
        <Button icon={RefreshCw} busy={checks.isFetching} onClick={() => void checks.refetch()}>
          <Trans>Test the connection</Trans>
        </Button>
      </div>
      <Loaded query={checks} skeleton={<Skeleton lines={2} />}>
        {({ items }) => (
          <ul className="flex flex-col gap-2" aria-live="polite">
            {items.map((check) => (
              <li key={check.code} className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
                <Tag tone={CHECK_TONES[check.state]}>
                  {check.state === "ok"
                    ? t`Fine`
                    : check.state === "warning"
                      ? t`Look at this`
                      : t`Not working`}
                </Tag>
                <span className="min-w-0 flex-1 basis-56 text-sm">
                  <CheckWords check={check} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

function CheckWords({ check }: { check: ScimCheck }) {
  const format = useFormat();
  const count = format.number(check.count);
  const total = format.number(check.total);
  switch (check.code) {
    case "reached":
      return <Trans>The other system has called and was understood.</Trans>;
    case "paused":
      return <Trans>The connection is paused, so nothing comes in.</Trans>;
    case "no_contact":
      return (
        <Trans>The other system has not called yet. Start provisioning there, or press its own test.</Trans>
      );
    case "quiet":
      return (
        <Plural value={check.count} one="Nothing has come for a day." other="Nothing has come for # days." />
      );
    case "errors":
      return (
        <Plural
          value={check.count}
          one="# request failed today; see below."
          other="# requests failed today; see below."
        />
      );
    case "unknown_managers":
      return <Trans>{count} people have a manager who has not come. They cannot be paired until then.</Trans>;
    case "no_hire_date":
      return (
        <Trans>
          {count} of {total} people have no first day. Map it, or nobody's tenure is known.
        </Trans>
      );
    case "no_level":
      return (
        <Trans>
          {count} of {total} people have no level. Map it, so that juniors meet seniors.
        </Trans>
      );
    case "no_team":
      return (
        <Trans>
          {count} of {total} people have neither team nor department.
        </Trans>
      );
    case "no_mail":
      return (
        <Trans>
          {count} of {total} people have no work address and cannot be invited.
        </Trans>
      );
    default:
      return <Trans>Everybody has what pairs are made from.</Trans>;
  }
}

function Troubles({ connection }: { connection: ScimConnectionOut }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const log = $api.useInfiniteQuery(
    "get",
    "/v1/scim-connections/{connection_id}/log",
    { params: { path: { connection_id: connection.id }, query: { limit: 10 } } },
    byCursor,
  );
  return (
    <Card
      title={<Trans>What went wrong</Trans>}
      lead={<Trans>The last thirty days, without what was sent</Trans>}
      flush
    >
      <Loaded
        query={log}
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
              <EmptyState icon={CircleCheck} title={t`No trouble`}>
                <Trans>Everything that came was understood.</Trans>
              </EmptyState>
            );
          return (
            <>
              <ul>
                {rows.map((row) => {
                  const words = LOG_CODES[row.code];
                  return (
                    <li key={row.id} className="border-t border-line px-5 py-4">
                      <p className="font-semibold">
                        {words ? i18n._(words) : <Trans>The request could not be used.</Trans>}
                      </p>
                      <p className="mt-1 flex flex-wrap gap-x-2 text-sm text-ink-3">
                        <span>{format.dateTime(row.at)}</span>
                        {row.person && (
                          <Link
                            to="/people/$personId"
                            params={{ personId: row.person.id }}
                            className="underline"
                          >
                            {row.person.display_name}
                          </Link>
                        )}
                        <span className="font-mono">
                          {row.method} {row.path} {row.status} {row.attribute ?? row.scim_type ?? ""}
                        </span>
                      </p>
                    </li>
                  );
                })}
              </ul>
              <ShowMore query={log}>
                <Trans>Show more</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function UnknownManagers({ connection }: { connection: ScimConnectionOut }) {
  const waiting = $api.useInfiniteQuery(
    "get",
    "/v1/scim-connections/{connection_id}/unknown-managers",
    { params: { path: { connection_id: connection.id }, query: { limit: 10 } } },
    byCursor,
  );
  const rows = waiting.data?.pages.flatMap((page) => page.items) ?? [];
  if (rows.length === 0) return null;
  return (
    <Card
      title={<Trans>Managers who have not come</Trans>}
      lead={
        <Trans>
          Send them too, or correct the manager in the source. Until then these people get no pair.
        </Trans>
      }
      flush
    >
      <ul>
        {rows.map((row) => (
          <li key={row.person.id} className="flex flex-wrap gap-x-4 border-t border-line px-5 py-3">
            <Link
              to="/people/$personId"
              params={{ personId: row.person.id }}
              className="min-h-6 min-w-0 flex-1 basis-48 font-semibold hover:underline"
            >
              {row.person.display_name}
            </Link>
            <span className="min-w-0 flex-1 basis-48 text-sm break-all text-ink-2">{row.manager}</span>
          </li>
        ))}
      </ul>
      <ShowMore query={waiting}>
        <Trans>Show more</Trans>
      </ShowMore>
    </Card>
  );
}
