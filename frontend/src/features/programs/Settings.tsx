import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api, ifMatch } from "#/api/client";
import { fieldErrors } from "#/api/problems";
import type { ProgramOut } from "#/api/types";
import { isAdmin, useMe } from "#/features/identity/me";
import { LANGUAGE_LEVELS } from "#/features/people/words";
import { Checkbox, Select, TextField } from "#/ui/Field";
import { Fold } from "#/ui/Fold";
import { toast } from "#/ui/toast";
import { UnitSelect } from "./UnitSelect";
import { Weights } from "./Weights";

/** What few ever touch: what is weighed how much, the rules, the rhythm. Folded until asked for. */
export function Settings({ program }: { program: ProgramOut }) {
  return (
    <Fold
      title={<Trans>Details</Trans>}
      lead={<Trans>How pairs are weighed, the rules, the rhythm and the dates</Trans>}
    >
      <Form key={program.version} program={program} />
    </Fold>
  );
}

function Form({ program }: { program: ProgramOut }) {
  const { t, i18n } = useLingui();
  const { settings } = program;
  const { rules } = settings;
  const admin = isAdmin(useMe());
  const fixed = !["draft", "enrolling", "matching"].includes(program.state);
  const [weights, setWeights] = useState(settings.weights);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const save = $api.useMutation("patch", "/v1/programs/{program_id}", {
    onSuccess: () => toast(t`Saved. The next search follows it.`),
    // What the server says of a field stands at the field.
    onError: (error) => setErrors(fieldErrors(error)),
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const number = (name: string) => Number(form.get(name));
    const found: Record<string, string> = {
      ...(Object.values(weights).some(Boolean) ? {} : { weights: t`At least one must count for something.` }),
      ...(text("name") ? {} : { name: t`Give the program a name.` }),
      ...(text("ends_on") && text("starts_on") > text("ends_on")
        ? { ends_on: t`The last day comes after the first.` }
        : {}),
    };
    setErrors(found);
    if (Object.keys(found).length > 0 || !event.currentTarget.reportValidity()) return;
    // A merge-patch: what the form does not ask for stays as it is.
    const changed = {
      weights,
      rules: {
        min_seniority_gap: number("min_seniority_gap"),
        min_language_level: number("min_language_level"),
        different_team: form.get("different_team") === "on",
        min_tenure_months: number("min_tenure_months"),
        top_exempt_distance: number("top_exempt_distance"),
        min_score: number("min_score") / 100,
      },
      offer_days: number("offer_days"),
      remind_after_days: number("remind_after_days"),
      sessions_planned: number("sessions_planned"),
      session_minutes: number("session_minutes"),
      weeks_between: number("weeks_between"),
      moves_per_session: number("moves_per_session"),
      mentor_capacity: number("mentor_capacity"),
      open_to_all: form.get("open_to_all") === "on",
    };
    save.mutate({
      params: { path: { program_id: program.id } },
      headers: ifMatch(program),
      body: {
        name: text("name"),
        starts_on: text("starts_on") || null,
        ends_on: text("ends_on") || null,
        settings: changed,
        ...(form.has("unit_id") && { unit_id: text("unit_id") || null }),
      },
    });
  }
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-8 border-t border-line p-5">
      <Weights weights={weights} onChange={setWeights} error={errors.weights} />
      <section aria-labelledby="rules">
        <h3 id="rules" className="mb-1 font-semibold">
          <Trans>Rules that always hold</Trans>
        </h3>
        <p className="mb-4 text-sm text-ink-3">
          <Trans>Never two of the same reporting line: that rule can't be turned off.</Trans>
        </p>
        <div className="grid grid-cols-1 gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
          <TextField
            label={t`Job levels between the two, at least`}
            name="min_seniority_gap"
            type="number"
            min={0}
            max={20}
            required
            defaultValue={rules.min_seniority_gap}
          />
          <TextField
            label={t`Mentor's months in the company, at least`}
            name="min_tenure_months"
            type="number"
            min={0}
            max={600}
            required
            defaultValue={rules.min_tenure_months}
          />
          <Select
            label={t`Shared language, at least`}
            name="min_language_level"
            defaultValue={String(rules.min_language_level)}
            options={LANGUAGE_LEVELS.map((words, level) => ({ value: String(level), label: i18n._(words) }))}
          />
          <TextField
            label={t`Steps from the top of the line`}
            hint={t`Whoever leads everyone may have a mentor at least this far down. 0 turns it off.`}
            name="top_exempt_distance"
            type="number"
            min={0}
            max={50}
            required
            readOnly={fixed}
            defaultValue={rules.top_exempt_distance}
          />
          <TextField
            label={t`Match score, at least`}
            hint={t`Of 100 points`}
            name="min_score"
            type="number"
            min={0}
            max={100}
            required
            defaultValue={Math.round(rules.min_score * 100)}
          />
          <div className="self-center">
            <Checkbox
              name="different_team"
              defaultChecked={rules.different_team}
              label={t`Never two of the same team`}
            />
          </div>
        </div>
      </section>
      <section aria-labelledby="rhythm">
        <h3 id="rhythm" className="mb-4 font-semibold">
          <Trans>Name, dates and rhythm</Trans>
        </h3>
        <div className="grid grid-cols-1 gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
          <TextField
            label={t`Name`}
            name="name"
            required
            maxLength={200}
            defaultValue={program.name}
            error={errors.name}
          />
          <TextField
            label={t`First day`}
            name="starts_on"
            type="date"
            readOnly={fixed}
            hint={fixed ? t`Fixed while it runs` : undefined}
            defaultValue={program.starts_on ?? ""}
            error={errors.starts_on}
          />
          <TextField
            label={t`Last day`}
            name="ends_on"
            type="date"
            defaultValue={program.ends_on ?? ""}
            error={errors.ends_on}
          />
          <TextField
            label={t`Talks of a pair`}
            name="sessions_planned"
            type="number"
            min={1}
            max={24}
            required
            defaultValue={settings.sessions_planned}
          />
          <TextField
            label={t`Minutes a talk`}
            name="session_minutes"
            type="number"
            min={15}
            max={120}
            required
            defaultValue={settings.session_minutes}
          />
          <TextField
            label={t`Days to answer an offer`}
            name="offer_days"
            type="number"
            min={1}
            max={30}
            required
            defaultValue={settings.offer_days}
            error={errors.offer_days}
          />
          <TextField
            label={t`Days until a reminder of it`}
            name="remind_after_days"
            type="number"
            min={1}
            max={29}
            required
            defaultValue={settings.remind_after_days}
            error={errors.remind_after_days}
          />
          <TextField
            label={t`Weeks between talks`}
            name="weeks_between"
            type="number"
            min={1}
            max={13}
            required
            defaultValue={settings.weeks_between}
          />
          <TextField
            label={t`Moves of a talk, at most`}
            name="moves_per_session"
            type="number"
            min={0}
            max={10}
            required
            defaultValue={settings.moves_per_session}
          />
          <Select
            label={t`Pairs of a mentor at the same time, at most`}
            hint={t`Two only where the mentor says so.`}
            name="mentor_capacity"
            defaultValue={String(settings.mentor_capacity)}
            options={[1, 2].map((each) => ({ value: String(each), label: String(each) }))}
          />
          <div className="self-center">
            <Checkbox
              name="open_to_all"
              defaultChecked={settings.open_to_all}
              label={t`Anybody may ask to take part`}
            />
          </div>
        </div>
      </section>
      {admin && (
        <div className="max-w-md">
          <UnitSelect unitId={program.unit_id} />
        </div>
      )}
      <div>
        <CanButton can={program.can} action="edit" type="submit" tone="primary" busy={save.isPending}>
          <Trans>Save</Trans>
        </CanButton>
      </div>
    </form>
  );
}
