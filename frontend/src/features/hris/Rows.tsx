import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { ImportOut, ImportRowOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Card } from "#/ui/Card";
import { Segmented } from "#/ui/Field";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, Skeleton } from "#/ui/states";
import { type Column, Table } from "#/ui/Table";
import { Tag } from "#/ui/Tag";
import { fieldWords, importProblemWords } from "./words";

type Kind = ImportRowOut["kind"] | "outside";

/** The rows that matter, by what becomes of them; the most pressing kind first. */
export function Rows({ file }: { file: ImportOut }) {
  const { t } = useLingui();
  const format = useFormat();
  const search = useSearch({ from: "/shell/manage/imports/$importId" });
  const navigate = useNavigate();
  const counts = file.summary;
  if (!counts) return null;
  const all: { value: Kind; label: string; count: number }[] = [
    { value: "error", label: t`Errors`, count: counts.errors },
    { value: "warning", label: t`Worth a look`, count: counts.warnings },
    { value: "created", label: t`New`, count: counts.created },
    { value: "updated", label: t`Changed`, count: counts.updated },
    { value: "left", label: t`Leaving`, count: counts.left },
    { value: "outside", label: t`In the chart only`, count: counts.outside },
  ];
  const kinds = all.filter(({ count }) => count > 0);
  const kind = kinds.find(({ value }) => value === search.kind)?.value ?? kinds[0]?.value;
  if (!kind)
    return (
      <Card title={<Trans>Rows</Trans>}>
        <EmptyState title={t`Everything is as it was`}>
          <Trans>The directory already holds what the file says.</Trans>
        </EmptyState>
      </Card>
    );
  return (
    <Card
      title={<Trans>Rows</Trans>}
      actions={
        <Segmented
          label={t`Which rows`}
          value={kind}
          options={kinds.map(({ value, label, count }) => ({
            value,
            label: `${label} ${format.number(count)}`,
          }))}
          onChange={(next) => void navigate({ to: ".", search: { kind: next }, replace: true })}
        />
      }
      flush
    >
      <OneKind file={file} kind={kind} />
    </Card>
  );
}

function OneKind({ file, kind }: { file: ImportOut; kind: Kind }) {
  const { t } = useLingui();
  const columns = useColumns(kind);
  const rows = $api.useInfiniteQuery(
    "get",
    "/v1/imports/{import_id}/rows",
    { params: { path: { import_id: file.id }, query: { kind, limit: 50 } } },
    {
      ...byCursor,
      placeholderData: keepPreviousData,
    },
  );
  return (
    <Loaded
      query={rows}
      skeleton={
        <div className="p-5 pt-0">
          <Skeleton lines={4} />
        </div>
      }
    >
      {({ pages }) => {
        const found = pages.flatMap((page) => page.items);
        if (found.length === 0)
          return (
            <EmptyState title={t`The rows are no longer kept`}>
              <Trans>Thirty days after a file only its figures stay.</Trans>
            </EmptyState>
          );
        return (
          <>
            <Table
              caption={t`Rows of the file`}
              columns={columns}
              rows={found}
              rowKey={(row) =>
                `${row.row}-${row.external_id}-${row.problems[0]?.code}-${row.problems[0]?.column}`
              }
            />
            <ShowMore query={rows}>
              <Trans>Show more rows</Trans>
            </ShowMore>
          </>
        );
      }}
    </Loaded>
  );
}

function useColumns(kind: Kind): Column<ImportRowOut>[] {
  const { t } = useLingui();
  const format = useFormat();
  return [
    {
      key: "row",
      head: t`Row`,
      cell: (each) => {
        const row = each.row === null ? null : format.number(each.row);
        return (
          <span className="text-sm whitespace-nowrap text-ink-3">
            {row !== null ? <Trans>Row {row}</Trans> : each.external_id === null && <Trans>Whole file</Trans>}
          </span>
        );
      },
    },
    {
      key: "person",
      head: t`Person`,
      cell: (each) => (
        <div>
          <p className="font-semibold">{each.display_name}</p>
          {each.external_id !== each.display_name && <p className="text-sm text-ink-3">{each.external_id}</p>}
        </div>
      ),
    },
    {
      key: "what",
      head: kind === "error" || kind === "warning" ? t`What to look at` : t`What changes`,
      cell: (each) => <What row={each} kind={kind} />,
    },
  ];
}

function What({ row, kind }: { row: ImportRowOut; kind: Kind }) {
  const { t, i18n } = useLingui();
  const shown =
    kind === "warning" ? row.problems.filter((each) => each.severity === "warning") : row.problems;
  const told = (value: string | number | null) => (value === null || value === "" ? t`empty` : String(value));
  return (
    <ul className="flex flex-col gap-1.5 text-sm max-md:w-[70vw]">
      {shown.map((problem) => {
        const words = importProblemWords(problem.code);
        return (
          <li key={`${problem.code}-${problem.column}`}>
            {problem.column && <span className="font-semibold">{problem.column}: </span>}
            {words ? i18n._(words) : problem.detail}
            {problem.value && <span className="text-ink-3"> “{problem.value}”</span>}
          </li>
        );
      })}
      {kind === "outside" && (
        <li>
          {row.kind !== "left" ? (
            <Tag tone="plain">{t`In the chart only`}</Tag>
          ) : row.changes.some(({ field }) => field === "status") ? (
            <Tag tone="plain">{t`Marked as left`}</Tag>
          ) : (
            <Tag tone="cloud">{t`Takes part no longer`}</Tag>
          )}
        </li>
      )}
      {(kind === "updated" || kind === "outside") &&
        row.changes.map((change) => {
          const words = fieldWords(change.field);
          return (
            <li key={change.field} className="flex flex-wrap items-center gap-x-2">
              <span className="text-ink-3">{words ? i18n._(words) : change.field}</span>
              <del className="text-ink-3">{told(change.before)}</del>
              <ArrowRight size={14} aria-hidden className="text-ink-3" />
              <ins className="font-semibold no-underline">{told(change.after)}</ins>
            </li>
          );
        })}
      {kind === "created" && (
        <li>
          <Tag tone="spruce">{t`New`}</Tag>
        </li>
      )}
      {kind === "left" && (
        <li>
          <Tag tone="plain">{t`Marked as left`}</Tag>
        </li>
      )}
    </ul>
  );
}
