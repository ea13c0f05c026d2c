import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Plus, UserCheck, X } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useId, useRef, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api, ifMatch } from "#/api/client";
import { fieldErrors, problemWords } from "#/api/problems";
import type { ScimConnectionOut } from "#/api/types";
import { Button, IconButton } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { Select, TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";
import { SCOPE_FIELDS, type ScopeField } from "./connectionWords";

const SCOPES = Object.keys(SCOPE_FIELDS) as ScopeField[];

/** Of which people the connection brings more than their place in the chart, and what becomes of the others. */
export function ConnectionScope({ connection }: { connection: ScimConnectionOut }) {
  const { t, i18n } = useLingui();
  const [editing, setEditing] = useState(false);
  const { scope, counts } = connection;
  return (
    <Card
      title={<Trans>Who comes as a full member</Trans>}
      lead={<Trans>Full members are in the directory, and can be invited and paired.</Trans>}
      actions={
        <CanButton can={connection.can} action="edit" icon={UserCheck} onClick={() => setEditing(true)}>
          <Trans>Choose who</Trans>
        </CanButton>
      }
    >
      {scope ? (
        <div className="flex flex-col gap-4">
          <div>
            <h3 className="mb-2 text-sm font-semibold">{i18n._(SCOPE_FIELDS[scope.field])}</h3>
            <ul aria-label={t`Full members have one of these`} className="flex flex-wrap gap-2">
              {scope.values.map((value) => (
                <li
                  key={value}
                  className="rounded-full bg-spruce-soft px-3 py-1 text-sm font-semibold break-words text-spruce-text"
                >
                  {value}
                </li>
              ))}
            </ul>
          </div>
          <Outside />
          {counts.graph_only > 0 && (
            <p className="text-sm font-semibold">
              <Plural
                value={counts.graph_only}
                one="# person is outside now."
                other="# people are outside now."
              />
            </p>
          )}
        </div>
      ) : (
        <p>
          <Trans>Everybody whom the other system sends.</Trans>
        </p>
      )}
      {editing && <ScopeDialog connection={connection} onClose={() => setEditing(false)} />}
    </Card>
  );
}

function Outside() {
  return (
    <p className="max-w-prose text-sm text-ink-2">
      <Trans>
        Of everybody else only the place in the organization chart is kept: user name and number, who leads
        them, whether they work here, and what this choice goes by. They have no name here, aren't in the
        directory, and are never invited or paired.
      </Trans>
    </p>
  );
}

function ScopeDialog({ connection, onClose }: { connection: ScimConnectionOut; onClose: () => void }) {
  const { t, i18n } = useLingui();
  const [field, setField] = useState<ScopeField | "">(connection.scope?.field ?? "");
  const [values, setValues] = useState(connection.scope?.values ?? []);
  const [text, setText] = useState("");
  const [missing, setMissing] = useState(false);
  const change = $api.useMutation("patch", "/v1/scim-connections/{connection_id}", {
    meta: { quiet: true },
    onSuccess() {
      toast(t`Saved. It holds for each person from their next change on.`);
      onClose();
    },
  });
  const ofValues = Object.entries(fieldErrors(change.error)).find(([name]) => name !== "field")?.[1];
  const refused = change.error && !ofValues ? i18n._(problemWords(change.error)) : undefined;
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const all = withMore(values, text);
    setMissing(field !== "" && all.length === 0);
    if (field && all.length === 0) return;
    change.mutate({
      params: { path: { connection_id: connection.id } },
      headers: ifMatch(connection),
      body: { scope: field ? { field, values: all } : null },
    });
  }
  return (
    <Dialog open onClose={onClose} title={t`Who comes as a full member?`}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
        <Select
          label={t`Full members are`}
          value={field}
          onChange={({ target }) => {
            setField(target.value as ScopeField | "");
            setValues(target.value === connection.scope?.field ? connection.scope.values : []);
            setText("");
            setMissing(false);
            change.reset();
          }}
          options={[
            { value: "", label: t`all whom the other system sends` },
            ...SCOPES.map((each) => {
              const name = i18n._(SCOPE_FIELDS[each]);
              return { value: each, label: t`only some, by: ${name}` };
            }),
          ]}
        />
        {field && (
          <>
            <Values
              label={i18n._(SCOPE_FIELDS[field])}
              field={field}
              values={values}
              text={text}
              error={missing ? t`Add at least one, or nobody is a full member.` : ofValues}
              onText={(next) => {
                setText(next);
                setMissing(false);
              }}
              onChange={(next) => {
                setValues(next);
                setMissing(false);
                if (change.isError) change.reset();
              }}
            />
            <Outside />
          </>
        )}
        <p className="max-w-prose text-sm text-ink-3">
          <Trans>
            It holds for each person from their next change in the other system on. Until then they stay as
            they are. Whoever is outside then can't sign in any more, and a pair of theirs pauses.
          </Trans>
        </p>
        {refused && (
          <p role="alert" className="text-sm font-semibold text-lingon-text">
            {refused}
          </p>
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" tone="primary" busy={change.isPending}>
            <Trans>Save</Trans>
          </Button>
          <Button onClick={onClose}>
            <Trans>Leave it as it is</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What the directory knows of the values already. */
const KNOWN = { division: "divisions", department: "departments", site: "sites" } as const;

function Values({
  label,
  field,
  values,
  text,
  error,
  onText,
  onChange,
}: {
  label: string;
  field: ScopeField;
  values: string[];
  text: string;
  error: string | undefined;
  onText: (text: string) => void;
  onChange: (values: string[]) => void;
}) {
  const { t } = useLingui();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const facets = $api.useQuery("get", "/v1/people/facets", {}, { staleTime: 60_000 });
  const known = field in KNOWN ? (facets.data?.[KNOWN[field as keyof typeof KNOWN]] ?? []) : [];
  function add() {
    onChange(withMore(values, text));
    onText("");
    input.current?.focus();
  }
  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key !== "Enter" || !text.trim()) return;
    event.preventDefault();
    add();
  }
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <TextField
            label={label}
            hint={
              field === "country"
                ? t`As the other system writes it, such as FI or Finland. Whoever comes without a country is outside.`
                : t`As the other system writes it; small or capital letters make no difference. Whoever comes without it is outside.`
            }
            ref={input}
            value={text}
            maxLength={200}
            autoComplete="off"
            list={known.length > 0 ? id : undefined}
            onChange={({ target }) => onText(target.value)}
            onKeyDown={onKeyDown}
            error={error}
          />
          <datalist id={id}>
            {known.map(({ value }) => (
              <option key={value} value={value} />
            ))}
          </datalist>
        </div>
        <Button icon={Plus} className="mt-6.5 sm:min-h-11" onClick={add}>
          <Trans>Add</Trans>
        </Button>
      </div>
      {values.length > 0 && (
        <ul aria-label={t`Chosen`} className="max-h-56 overflow-y-auto rounded-xl border border-line">
          {values.map((value) => (
            <li
              key={value}
              className="flex items-center gap-2 border-t border-line py-0.5 pr-1 pl-3 first:border-t-0"
            >
              <span className="min-w-0 flex-1 break-words">{value}</span>
              <IconButton
                icon={X}
                label={t`Remove ${value}`}
                onClick={() => {
                  onChange(values.filter((each) => each !== value));
                  input.current?.focus();
                }}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The values with one more, each once: the other system's capital letters make no difference. */
function withMore(values: string[], text: string): string[] {
  const word = text.trim();
  const has = values.some((each) => each.toLowerCase() === word.toLowerCase());
  return word && !has ? [...values, word] : values;
}
