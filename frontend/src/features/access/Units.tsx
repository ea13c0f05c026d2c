import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { $api, byCursor, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { fieldErrors, problemWords } from "#/api/problems";
import type { UnitOut } from "#/api/types";
import { Button, IconButton } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { TextField } from "#/ui/Field";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState } from "#/ui/states";

const PATH = "/v1/organization/units";
const KINDS = ["divisions", "departments", "sites"] as const;

/** Parts of the organization in which somebody may have a role: by division, department or site. */
export function Units() {
  const { t } = useLingui();
  const [editing, setEditing] = useState<UnitOut | "new">();
  const units = $api.useInfiniteQuery("get", PATH, { params: { query: { limit: 100 } } }, byCursor);
  const close = () => setEditing(undefined);
  return (
    <Card
      title={<Trans>Units</Trans>}
      lead={<Trans>Whoever looks after a unit sees its people and its programmes, and no others.</Trans>}
      actions={
        <Button icon={Plus} onClick={() => setEditing("new")}>
          <Trans>New unit</Trans>
        </Button>
      }
      flush
    >
      <Loaded query={units}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return (
              <EmptyState title={t`No units yet`}>
                <Trans>You need them only when somebody looks after a part of the organization.</Trans>
              </EmptyState>
            );
          return (
            <>
              <ul aria-label={t`Units`}>
                {items.map((unit) => (
                  <Unit key={unit.id} unit={unit} onEdit={() => setEditing(unit)} />
                ))}
              </ul>
              <ShowMore query={units}>
                <Trans>Show more</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
      <Dialog
        open={editing !== undefined}
        onClose={close}
        title={editing === "new" ? t`New unit` : t`Change the unit`}
      >
        {editing && <Form unit={editing === "new" ? null : editing} onDone={close} />}
      </Dialog>
    </Card>
  );
}

function Unit({ unit, onEdit }: { unit: UnitOut; onEdit: () => void }) {
  const { t } = useLingui();
  const remove = $api.useMutation("delete", `${PATH}/{unit_id}`);
  const { name } = unit;
  return (
    <li className="flex items-center gap-3 border-t border-line px-5 py-3.5">
      <div className="min-w-0 grow">
        <p className="font-semibold break-words">{name}</p>
        <p className="text-sm break-words text-ink-3">
          {KINDS.flatMap((kind) => unit[kind]).join(", ")}
          {" · "}
          <Plural value={unit.people_count} one="# person" other="# people" />
          {unit.programs_count > 0 && (
            <>
              {" · "}
              <Plural value={unit.programs_count} one="# programme" other="# programmes" />
            </>
          )}
        </p>
      </div>
      <IconButton icon={Pencil} label={t`Change ${name}`} onClick={onEdit} />
      {unit.can.remove?.allowed && (
        <IconButton
          icon={Trash2}
          label={t`Remove ${name}`}
          aria-busy={remove.isPending}
          onClick={() => remove.mutate({ params: { path: { unit_id: unit.id }, header: ifMatch(unit) } })}
        />
      )}
    </li>
  );
}

function Form({ unit, onDone }: { unit: UnitOut | null; onDone: () => void }) {
  const { t, i18n } = useLingui();
  const facets = $api.useQuery("get", "/v1/people/facets", {}, { staleTime: 60_000 });
  const quiet = { onSuccess: onDone, meta: { quiet: true } };
  const create = $api.useMutation("post", PATH, quiet);
  const change = $api.useMutation("patch", `${PATH}/{unit_id}`, quiet);
  const error = create.error ?? change.error;
  const errors = fieldErrors(error);
  const titles: Record<(typeof KINDS)[number], ReactNode> = {
    divisions: <Trans>Divisions</Trans>,
    departments: <Trans>Departments</Trans>,
    sites: <Trans>Sites</Trans>,
  };
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    const words = (kind: string) => said.getAll(kind).map(String);
    const body = {
      name: String(said.get("name")).trim(),
      divisions: words("divisions"),
      departments: words("departments"),
      sites: words("sites"),
    };
    if (unit) change.mutate({ params: { path: { unit_id: unit.id }, header: ifMatch(unit) }, body });
    else create.mutate({ body });
  }
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <TextField
        label={t`Name`}
        name="name"
        maxLength={100}
        defaultValue={unit?.name}
        error={errors.name}
        autoFocus
      />
      <p className="text-sm text-ink-3">
        <Trans>Everybody who is in one of these belongs to the unit:</Trans>
      </p>
      <Loaded query={facets}>
        {(found) => (
          <>
            {KINDS.map((kind) => (
              <Words
                key={kind}
                name={kind}
                title={titles[kind]}
                known={found[kind].map(({ value }) => value)}
                chosen={unit?.[kind] ?? []}
              />
            ))}
          </>
        )}
      </Loaded>
      {error && !errors.name && (
        <p role="alert" className="text-sm font-semibold text-lingon-text">
          {errors.departments
            ? t`Choose at least one division, department or site.`
            : i18n._(problemWords(error))}
        </p>
      )}
      <div>
        <Button type="submit" tone="primary" busy={create.isPending || change.isPending}>
          <Trans>Save</Trans>
        </Button>
      </div>
    </form>
  );
}

function Words({
  name,
  title,
  known,
  chosen,
}: {
  name: string;
  title: ReactNode;
  known: string[];
  chosen: string[];
}) {
  const words = [...new Set([...chosen, ...known])].toSorted();
  if (words.length === 0) return null;
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-semibold">{title}</legend>
      <div className="grid max-h-44 grid-cols-1 overflow-y-auto rounded-xl border border-edge px-3 py-1 sm:grid-cols-2">
        {words.map((word) => (
          <label key={word} className="flex min-h-11 items-center gap-3 sm:min-h-10">
            <input
              type="checkbox"
              name={name}
              value={word}
              defaultChecked={chosen.includes(word)}
              className="size-5 shrink-0 accent-spruce"
            />
            <span className="min-w-0 break-words">{word}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
