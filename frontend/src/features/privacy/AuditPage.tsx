import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { useFormat } from "#/lib/format";
import { pick } from "#/lib/i18n";
import { buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { FilterSelect } from "#/ui/Filters";
import { Page } from "#/ui/Page";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, Skeleton } from "#/ui/states";
import { Table } from "#/ui/Table";

const NOUNS: Record<string, MessageDescriptor> = {
  grant: msg`Roles`,
  person: msg`People`,
  unit: msg`Units`,
  login: msg`Sign-ins`,
  import: msg`Imports`,
  program: msg`Programmes`,
  enrollment: msg`Who takes part`,
  pair: msg`Pairs`,
  match_run: msg`Matching`,
  api_client: msg`Machines`,
  organization: msg`The organization`,
  erasure: msg`Erasures`,
  retention: msg`Retention`,
  data: msg`Exports`,
};

/** Who did what: ids and deeds, never a word of anybody. */
export default function AuditPage() {
  const { t } = useLingui();
  return (
    <Page
      title={t`Audit log`}
      lead={<Trans>Who did what and when, without a word of anybody. It only grows.</Trans>}
      actions={
        <Link to="/privacy" className={buttonLook()}>
          <Trans>Privacy</Trans>
        </Link>
      }
    >
      <Log />
    </Page>
  );
}

function startOf(day: string | undefined, plus = 0): string | undefined {
  if (!day) return undefined;
  const at = new Date(`${day}T00:00:00`);
  if (Number.isNaN(at.getTime())) return undefined;
  at.setDate(at.getDate() + plus);
  return at.toISOString();
}

function Log() {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const navigate = useNavigate({ from: "/privacy" });
  const { noun, since, until } = useSearch({ from: "/shell/manage/privacy" });
  const choose = (next: Record<string, string>) =>
    void navigate({ search: (now) => ({ ...now, ...next }), replace: true });
  const from = startOf(since);
  const to = startOf(until, 1);
  const only = { ...(noun && { noun }), ...(from && { since: from }), ...(to && { until: to }) };
  const log = $api.useInfiniteQuery(
    "get",
    "/v1/audit-log",
    {
      params: {
        query: { limit: 50, ...only },
      },
    },
    byCursor,
  );
  return (
    <Card flush>
      <div className="flex flex-wrap items-center gap-3 p-5">
        <FilterSelect
          label={t`About`}
          value={noun ?? ""}
          onChange={(value) => choose({ noun: value })}
          options={[
            { value: "", label: t`Everything` },
            ...Object.entries(NOUNS).map(([value, label]) => ({ value, label: i18n._(label) })),
          ]}
        />
        <Day label={t`From`} value={since} onChange={(value) => choose({ since: value })} />
        <Day label={t`To`} value={until} onChange={(value) => choose({ until: value })} />
        <a href={`/v1/audit-log/export?${new URLSearchParams(only)}`} download className={buttonLook()}>
          <Download size={18} aria-hidden />
          <Trans>As a sheet</Trans>
        </a>
      </div>
      <Loaded
        query={log}
        skeleton={
          <div className="p-5 pt-0">
            <Skeleton lines={8} />
          </div>
        }
      >
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (rows.length === 0) return <EmptyState title={t`Nothing like that`} />;
          return (
            <>
              <Table
                caption={t`Deeds, newest first`}
                rows={rows}
                rowKey={(row) => row.id}
                columns={[
                  { key: "at", head: t`When`, cell: (row) => format.dateTime(row.at) },
                  {
                    key: "who",
                    head: t`Who`,
                    cell: (row) =>
                      row.actor?.display_name ||
                      row.machine ||
                      (row.actor_kind === "system" ? t`Vuoro itself` : t`Somebody who is no longer here`),
                  },
                  {
                    key: "action",
                    head: t`What`,
                    cell: (row) => <span title={row.action}>{pick(row.words, i18n.locale)}</span>,
                  },
                  {
                    key: "subject",
                    head: t`To what`,
                    phone: false,
                    cell: (row) => <code className="text-xs break-all text-ink-3">{row.subject_id}</code>,
                  },
                ]}
              />
              <ShowMore query={log}>
                <Trans>Show earlier</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function Day({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  onChange: (value: string) => void;
}) {
  return (
    <label className="flex items-center gap-2 text-sm font-medium">
      {label}
      <input
        type="date"
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value)}
        className="min-h-11 rounded-xl border border-edge bg-surface px-3 sm:min-h-10"
      />
    </label>
  );
}
