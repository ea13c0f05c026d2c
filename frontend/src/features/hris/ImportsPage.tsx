import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { ImportOut } from "#/api/types";
import { useIsAdmin } from "#/features/people/access";
import { useFormat } from "#/lib/format";
import { Card } from "#/ui/Card";
import { Checkbox } from "#/ui/Field";
import { Page } from "#/ui/Page";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, NoPermission, Skeleton } from "#/ui/states";
import { Table } from "#/ui/Table";
import { Tag } from "#/ui/Tag";
import { FileDrop } from "./FileDrop";
import { Mappings } from "./Mappings";
import { isAtWork, STATES } from "./words";

export function ImportsPage() {
  const { t } = useLingui();
  const isAdmin = useIsAdmin();
  return (
    <Page title={t`Bring in people`} lead={<Trans>From your HR system's file to the directory</Trans>}>
      {isAdmin ? (
        <>
          <Upload />
          <Earlier />
          <Mappings />
        </>
      ) : (
        <NoPermission />
      )}
    </Page>
  );
}

function asForm(body: Record<string, unknown>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(body))
    form.set(name, value instanceof Blob ? value : String(value));
  return form;
}

function Upload() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [whole, setWhole] = useState(false);
  const upload = $api.useMutation("post", "/v1/imports", {
    onSuccess: (made) => void navigate({ to: "/imports/$importId", params: { importId: made.id } }),
  });
  return (
    <Card>
      <FileDrop
        busy={upload.isPending}
        onFile={(file) =>
          upload.mutate({
            // The contract calls a file's bytes a string; as a form they go as they are.
            body: { file: file as unknown as string, deactivate_missing: whole },
            bodySerializer: asForm,
          })
        }
      />
      <div className="mt-5 grid grid-cols-1 gap-5 lg:grid-cols-2">
        <Checkbox
          checked={whole}
          onChange={(event) => setWhole(event.target.checked)}
          label={t`The file holds everybody`}
          hint={t`Those who are missing from it are marked as left. You see who before anything happens.`}
        />
        <p className="flex gap-3 text-sm text-ink-3">
          <ShieldCheck size={20} aria-hidden className="shrink-0 text-spruce-text" />
          <Trans>
            Age, gender, origin, pay, health and the like are never stored: such columns are left out by
            themselves, whatever the file holds.
          </Trans>
        </p>
      </div>
    </Card>
  );
}

function Earlier() {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const imports = $api.useInfiniteQuery(
    "get",
    "/v1/imports",
    { params: { query: { limit: 20 } } },
    {
      ...byCursor,
      refetchInterval: ({ state }) =>
        state.data?.pages.some((page) => page.items.some((each) => isAtWork(each.state))) ? 2_000 : false,
    },
  );
  return (
    <Card title={<Trans>Earlier files</Trans>} flush>
      <Loaded
        query={imports}
        skeleton={
          <div className="p-5 pt-0">
            <Skeleton lines={4} />
          </div>
        }
      >
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (rows.length === 0)
            return (
              <EmptyState title={t`No files yet`}>
                <Trans>The first one takes a minute: choose it, look at what would change, say yes.</Trans>
              </EmptyState>
            );
          return (
            <>
              <Table
                caption={t`Files that were brought in before`}
                rows={rows}
                rowKey={(row) => row.id}
                columns={[
                  {
                    key: "file",
                    head: t`File`,
                    cell: (row) => (
                      <div className="max-md:w-[70vw]">
                        <Link
                          to="/imports/$importId"
                          params={{ importId: row.id }}
                          className="font-semibold hover:underline"
                        >
                          {row.filename}
                        </Link>
                        <p className="text-sm text-ink-3">
                          {format.dateTime(row.applied_at ?? row.created_at)}
                        </p>
                      </div>
                    ),
                  },
                  {
                    key: "state",
                    head: t`State`,
                    cell: (row) => <Tag tone={STATES[row.state].tone}>{i18n._(STATES[row.state].label)}</Tag>,
                  },
                  { key: "summary", head: t`What changed`, cell: (row) => <Changes summary={row.summary} /> },
                ]}
              />
              <ShowMore query={imports}>
                <Trans>Show more files</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function Changes({ summary }: { summary: ImportOut["summary"] }) {
  const format = useFormat();
  if (!summary) return null;
  const created = format.number(summary.created);
  const updated = format.number(summary.updated);
  const errors = format.number(summary.errors);
  return (
    <span className="text-sm text-ink-2">
      {summary.created + summary.updated + summary.left + summary.outside === 0 ? (
        <Trans>Nothing new</Trans>
      ) : (
        <Trans>
          {created} new, {updated} changed
        </Trans>
      )}
      {summary.errors > 0 && (
        <>
          {" · "}
          <Trans>{errors} with errors</Trans>
        </>
      )}
    </span>
  );
}
