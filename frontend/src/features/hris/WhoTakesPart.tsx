import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useId, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { ImportChoice, ImportOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Checkbox, Select, TextField } from "#/ui/Field";
import { Skeleton } from "#/ui/states";
import { FIELDS } from "./words";

type Scope = NonNullable<ImportOut["scope"]>;

/** As many values as one sees at a glance; more are searched. */
const FEW = 12;

/** Who of a file takes part, by the values of one of its columns; of all others only the place in the chart is kept. */
export function WhoTakesPart({ file }: { file: ImportOut }) {
  const mayChoose = file.can.map?.allowed === true;
  const choices = $api.useQuery(
    "get",
    "/v1/imports/{import_id}/choices",
    { params: { path: { import_id: file.id } } },
    { enabled: mayChoose, gcTime: 0 },
  );
  if (!(mayChoose || file.scope)) return null;
  return (
    <Card title={<Trans>Who of these takes part in Vuoro?</Trans>}>
      {mayChoose ? (
        <Loaded query={choices} skeleton={<Skeleton lines={2} />}>
          {({ choices: all }) => <Question file={file} choices={all} />}
        </Loaded>
      ) : (
        file.scope && <Answer scope={file.scope} />
      )}
    </Card>
  );
}

function Answer({ scope }: { scope: Scope }) {
  const { i18n } = useLingui();
  const column = i18n._(FIELDS[scope.field]);
  const values = scope.values.join(" · ");
  return (
    <p>
      <Trans>
        Only those whose {column} is one of these: {values}
      </Trans>
    </p>
  );
}

function Question({ file, choices }: { file: ImportOut; choices: ImportChoice[] }) {
  const { t } = useLingui();
  const { scope } = file;
  const known = choices.some((choice) => choice.field === scope?.field);
  const [field, setField] = useState(known ? (scope?.field ?? "") : "");
  const [values, setValues] = useState(scope?.values ?? []);
  const [missing, setMissing] = useState(false);
  const check = $api.useMutation("patch", "/v1/imports/{import_id}");
  const choice = choices.find((each) => each.field === field);
  const before = scope ? [scope.field, ...scope.values].join("\n") : "";
  const changed = before !== (choice ? [choice.field, ...values].join("\n") : "");
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setMissing(choice !== undefined && values.length === 0);
    if (choice && values.length === 0) return;
    check.mutate({
      params: { path: { import_id: file.id } },
      headers: ifMatch(file),
      body: { scope: choice ? { field: choice.field, values } : null },
    });
  }
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
      <Select
        label={t`They take part`}
        value={field}
        onChange={({ target }) => {
          setField(target.value);
          setValues(target.value === scope?.field ? scope.values : []);
          setMissing(false);
        }}
        options={[
          { value: "", label: t`all who are in the file` },
          ...choices.map(({ field: value, header }) => ({
            value,
            label: t`only some, by the column ${header}`,
          })),
        ]}
      />
      {choice && (
        <>
          <Values
            key={choice.field}
            choice={choice}
            values={values}
            missing={missing}
            onChange={(next) => {
              setValues(next);
              setMissing(false);
            }}
          />
          <p className="max-w-prose text-sm text-ink-2">
            <Trans>
              Of everybody else only the place in the organization chart is kept: their number, who leads
              them, and whether they work here. They have no name here, aren't in the directory, and are never
              invited or paired. Whoever took part until now can't sign in any more, and a pair of theirs
              pauses.
            </Trans>
          </p>
        </>
      )}
      {changed && (
        <div>
          <Button type="submit" tone="primary" busy={check.isPending}>
            <Trans>Check again</Trans>
          </Button>
        </div>
      )}
    </form>
  );
}

function Values({
  choice,
  values,
  missing,
  onChange,
}: {
  choice: ImportChoice;
  values: string[];
  missing: boolean;
  onChange: (values: string[]) => void;
}) {
  const { t } = useLingui();
  const format = useFormat();
  const id = useId();
  const [sought, setSought] = useState("");
  const has = (value: string) => values.some((each) => same(each, value));
  const found = [
    ...choice.values,
    ...values
      .filter((value) => !choice.values.some((each) => same(each.value, value)))
      .map((value) => ({ value, count: 0 })),
  ];
  const shown = found.filter(({ value }) => value.toLowerCase().includes(sought.trim().toLowerCase()));
  const rows = choice.values.reduce((sum, { value, count }) => (has(value) ? sum + count : sum), 0);
  return (
    <fieldset className="flex flex-col gap-3" aria-describedby={missing ? `${id}-missing` : undefined}>
      <legend className="mb-2 text-sm font-semibold">{choice.header}</legend>
      {found.length > FEW && (
        <TextField
          label={t`Search these`}
          type="search"
          autoComplete="off"
          value={sought}
          onChange={({ target }) => setSought(target.value)}
        />
      )}
      <div className="flex max-h-80 flex-col gap-2.5 overflow-y-auto rounded-xl border border-line p-4">
        {shown.map(({ value, count }) => {
          const number = format.number(count);
          return (
            <Checkbox
              key={value}
              checked={has(value)}
              onChange={({ target }) =>
                onChange(target.checked ? [...values, value] : values.filter((each) => !same(each, value)))
              }
              label={`${value} (${number})`}
            />
          );
        })}
        {shown.length === 0 && (
          <p className="text-sm text-ink-3">
            <Trans>Nothing like that in this column.</Trans>
          </p>
        )}
      </div>
      <p role="status" className="text-sm text-ink-3">
        <Plural value={rows} one="# row takes part." other="# rows take part." />
      </p>
      {missing && (
        <p id={`${id}-missing`} role="alert" className="text-sm font-semibold text-lingon-text">
          <Trans>Choose at least one, or nobody takes part.</Trans>
        </p>
      )}
    </fieldset>
  );
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
