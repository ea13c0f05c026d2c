import { Trans, useLingui } from "@lingui/react/macro";
import { Ban } from "lucide-react";
import { useState } from "react";
import { $api, ifMatch } from "#/api/client";
import type { ImportOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { type Column, Table } from "#/ui/Table";
import { type Chosen, choose, fieldOf } from "./mapping";
import { dateWords, delimiterWords, ENCODINGS, FIELDS, type ImportField, PRIVATE, REASONS } from "./words";

type FileColumn = ImportOut["columns"][number];

/** How the file was read, in words that need no manual. */
export function Reading({ file }: { file: ImportOut }) {
  const { i18n } = useLingui();
  const format = useFormat();
  const detected = file.detected;
  if (!detected) return null;
  const letters = ENCODINGS[detected.encoding];
  const row = format.number(detected.header_row);
  // Several ways stand in one text; one of them has a comma of its own.
  const dates = (detected.date_format ?? "").split(/, (?!yyyy)/u).map((each) => {
    const words = dateWords(each);
    return words ? i18n._(words) : each;
  });
  return (
    <Card title={<Trans>How we read the file</Trans>}>
      <dl className="grid grid-cols-[minmax(5rem,auto)_1fr] gap-x-6 gap-y-2.5">
        <dt className="text-ink-3">
          <Trans>Letters</Trans>
        </dt>
        <dd>{letters ? i18n._(letters) : detected.encoding}</dd>
        <dt className="text-ink-3">
          <Trans>Columns</Trans>
        </dt>
        <dd>
          {i18n._(delimiterWords(detected.delimiter))}
          {detected.header_row > 0 && (
            <>
              {" · "}
              <Trans>names in row {row}</Trans>
            </>
          )}
        </dd>
        {detected.date_format && (
          <>
            <dt className="text-ink-3">
              <Trans>Dates</Trans>
            </dt>
            <dd>{dates.join(" · ")}</dd>
          </>
        )}
      </dl>
    </Card>
  );
}

/** Each column, what it fills, and some of what stands in it; what fills what may be changed. */
export function Columns({ file }: { file: ImportOut }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const [chosen, setChosen] = useState<Chosen>({});
  const check = $api.useMutation("patch", "/v1/imports/{import_id}");
  const mayMap = file.can.map?.allowed;
  const changed = Object.keys(chosen).length;
  const count = format.number(changed);
  const read = file.columns.filter((column) => column.category === null);
  const refused = file.columns.filter((column) => column.category !== null);
  const options = [
    { value: "", label: t`Leave out` },
    ...Object.entries(FIELDS)
      .map(([value, words]) => ({ value, label: i18n._(words) }))
      .sort((a, b) => a.label.localeCompare(b.label, i18n.locale)),
  ];
  const columns: Column<FileColumn>[] = [
    {
      key: "header",
      head: t`Column in the file`,
      cell: (column) => <span className="font-semibold">{column.header}</span>,
    },
    {
      key: "field",
      head: t`What it is here`,
      cell: (column) => {
        const field = fieldOf(column, chosen);
        const header = column.header;
        const why = field === null && !(header in chosen) ? REASONS[column.reason] : undefined;
        return (
          <div className="max-md:w-[70vw]">
            {mayMap ? (
              <select
                aria-label={t`What ${header} is here`}
                value={field ?? ""}
                onChange={(event) =>
                  setChosen(
                    choose(file.columns, chosen, header, (event.target.value || null) as ImportField | null),
                  )
                }
                className="min-h-11 w-full min-w-52 rounded-xl border border-edge bg-surface px-3 text-sm font-medium sm:min-h-10"
              >
                {options.map((option) => (
                  <option key={option.value} value={option.value}>
                    {option.label}
                  </option>
                ))}
              </select>
            ) : field ? (
              i18n._(FIELDS[field])
            ) : (
              <Trans>Left out</Trans>
            )}
            {why && <p className="mt-1 text-xs text-ink-3">{i18n._(why)}</p>}
          </div>
        );
      },
    },
    {
      key: "samples",
      head: t`For example`,
      cell: (column) => <span className="text-sm text-ink-3">{column.samples.join(" · ")}</span>,
    },
  ];
  return (
    <Card
      title={<Trans>Columns</Trans>}
      lead={<Trans>Recognized by their names. Change what we got wrong, then check again.</Trans>}
      flush
    >
      <Table
        caption={t`Columns of the file`}
        columns={columns}
        rows={read}
        rowKey={(column) => column.header}
      />
      {refused.length > 0 && (
        <div className="border-t border-line bg-sunken p-5">
          <h3 className="mb-2 flex items-center gap-2 font-semibold">
            <Ban size={18} aria-hidden className="text-ink-3" />
            <Trans>Never stored</Trans>
          </h3>
          <ul className="flex flex-col gap-1 text-sm">
            {refused.map((column) => {
              const words = PRIVATE[column.category ?? ""];
              return (
                <li key={column.header}>
                  <span className="font-semibold">{column.header}</span>
                  {words && <span className="text-ink-3">: {i18n._(words)}</span>}
                </li>
              );
            })}
          </ul>
        </div>
      )}
      {changed > 0 && (
        <div className="sticky bottom-0 flex flex-wrap items-center gap-3 border-t border-line bg-surface p-4 max-lg:bottom-16">
          <Button
            tone="primary"
            busy={check.isPending}
            onClick={() =>
              check.mutate({
                params: { path: { import_id: file.id } },
                headers: ifMatch(file),
                body: { columns: chosen },
              })
            }
          >
            <Trans>Check again</Trans>
          </Button>
          <Button tone="quiet" onClick={() => setChosen({})}>
            <Trans>Take the changes back</Trans>
          </Button>
          <span role="status" className="text-sm text-ink-3">
            <Trans>Columns changed: {count}</Trans>
          </span>
        </div>
      )}
    </Card>
  );
}
