import { Trans, useLingui } from "@lingui/react/macro";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api, ifMatch } from "#/api/client";
import { fieldErrors, problemWords } from "#/api/problems";
import type { CohortOut, ProgramOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { TextField } from "#/ui/Field";
import { Tag } from "#/ui/Tag";
import { COHORT_STATES } from "./words";

/** The groups that start together; the next one is proposed as a draft. */
export function Cohorts({ program }: { program: ProgramOut }) {
  const { t } = useLingui();
  const [adding, setAdding] = useState(false);
  return (
    <Card
      title={<Trans>Cohorts</Trans>}
      lead={<Trans>People who start together</Trans>}
      actions={
        <CanButton can={program.can} action="add_cohort" icon={Plus} onClick={() => setAdding(true)}>
          <Trans>Add a cohort</Trans>
        </CanButton>
      }
      flush
    >
      <ul>
        {program.cohorts.map((cohort) => (
          <Cohort key={cohort.id} cohort={cohort} />
        ))}
      </ul>
      <Dialog open={adding} onClose={() => setAdding(false)} title={t`Add a cohort`}>
        <Form program={program} onDone={() => setAdding(false)} />
      </Dialog>
    </Card>
  );
}

function Cohort({ cohort }: { cohort: CohortOut }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const path = { cohort_id: cohort.id };
  const open = $api.useMutation("post", "/v1/cohorts/{cohort_id}/open");
  const discard = $api.useMutation("delete", "/v1/cohorts/{cohort_id}");
  const { label, tone } = COHORT_STATES[cohort.state];
  const { name } = cohort;
  const days = [cohort.starts_on, cohort.closes_on].flatMap((day) => (day ? [format.date(day)] : []));
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-5 py-3">
      <div className="min-w-40 flex-1">
        <p className="font-semibold">{name}</p>
        <p className="text-sm text-ink-3">{days.join(" – ")}</p>
      </div>
      <Tag tone={tone}>{i18n._(label)}</Tag>
      {cohort.can.open?.allowed && (
        <Button
          tone="primary"
          aria-label={t`Open ${name}`}
          busy={open.isPending}
          onClick={() => open.mutate({ params: { path } })}
        >
          <Trans>Open</Trans>
        </Button>
      )}
      {cohort.can.discard?.allowed && (
        <Button
          tone="quiet"
          aria-label={t`Discard ${name}`}
          busy={discard.isPending}
          onClick={() => discard.mutate({ params: { path, header: ifMatch(cohort) } })}
        >
          <Trans>Discard</Trans>
        </Button>
      )}
    </li>
  );
}

function Form({ program, onDone }: { program: ProgramOut; onDone: () => void }) {
  const { t, i18n } = useLingui();
  const [nameless, setNameless] = useState(false);
  const add = $api.useMutation("post", "/v1/programs/{program_id}/cohorts", {
    meta: { quiet: true },
    onSuccess: onDone,
  });
  const errors = fieldErrors(add.error);
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (field: string) => String(form.get(field) ?? "").trim() || null;
    const name = text("name");
    setNameless(name === null);
    if (name)
      add.mutate({
        params: { path: { program_id: program.id } },
        body: { name, starts_on: text("starts_on"), closes_on: text("closes_on") },
      });
  }
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <TextField
        label={t`Name`}
        name="name"
        maxLength={100}
        error={
          nameless
            ? t`Give it a name.`
            : add.error && Object.keys(errors).length === 0
              ? i18n._(problemWords(add.error))
              : errors.name
        }
      />
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <TextField label={t`First day`} name="starts_on" type="date" error={errors.starts_on} />
        <TextField label={t`Last day`} name="closes_on" type="date" error={errors.closes_on} />
      </div>
      <div>
        <Button type="submit" tone="primary" busy={add.isPending}>
          <Trans>Add</Trans>
        </Button>
      </div>
    </form>
  );
}
