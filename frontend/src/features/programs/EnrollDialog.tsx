import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api } from "#/api/client";
import type { PersonSummary, ProgramOut } from "#/api/types";
import { PersonPicker } from "#/features/people/PersonPicker";
import { LANGUAGE_LEVELS, languageName } from "#/features/people/words";
import { Button, IconButton } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { Segmented, Select, TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";
import { useTags } from "./queries";

type Role = "mentor" | "mentee";
interface Level {
  slug: string;
  level: number;
}

const SPOKEN = ["fi", "sv", "en", "de", "fr", "es", "pl", "et", "no", "da", "it", "pt", "nl", "uk"];

/** Enrolls somebody: who, as what, and what they bring or seek. Only the person is a must. */
export function EnrollDialog({
  program,
  open,
  onClose,
}: {
  program: ProgramOut;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useLingui();
  return (
    <Dialog open={open} onClose={onClose} title={t`Enroll a person`}>
      <Form program={program} onDone={onClose} />
    </Dialog>
  );
}

function Form({ program, onDone }: { program: ProgramOut; onDone: () => void }) {
  const { t, i18n } = useLingui();
  const tags = useTags();
  const [person, setPerson] = useState<PersonSummary | null>(null);
  const [role, setRole] = useState<Role>("mentor");
  const [skills, setSkills] = useState<Level[]>([]);
  const [topics, setTopics] = useState<string[]>([]);
  const [languages, setLanguages] = useState<Level[]>([]);
  const [missing, setMissing] = useState(false);
  const enroll = $api.useMutation("post", "/v1/programs/{program_id}/enrollments", {
    onSuccess(made) {
      const name = made.person.display_name;
      toast(t`${name} takes part.`);
      onDone();
    },
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setMissing(!person);
    if (!person) return;
    enroll.mutate({
      params: { path: { program_id: program.id } },
      body: {
        person_id: person.id,
        role,
        capacity: Number(form.get("capacity")),
        skills,
        topics,
        // Without any the directory's languages of the person count.
        languages: languages.length > 0 ? languages.map(({ slug, level }) => ({ code: slug, level })) : null,
        superpower: String(form.get("superpower") ?? "").trim() || null,
      },
    });
  }
  const chosen = skills.length + topics.length;
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
      <PersonPicker
        label={t`Person`}
        chosen={person}
        onChoose={(next) => {
          setPerson(next);
          setMissing(false);
        }}
        error={missing ? t`Choose a person from the list.` : undefined}
      />
      <div>
        <Segmented
          label={t`Role`}
          value={role}
          options={[
            { value: "mentor", label: t`Mentor (junior)` },
            { value: "mentee", label: t`Mentee (executive)` },
          ]}
          onChange={setRole}
        />
      </div>
      <Levels
        label={role === "mentor" ? t`Skills to share` : t`Skills to learn`}
        add={t`Add a skill`}
        choices={tags.skills}
        value={skills}
        onChange={setSkills}
        levels={[t`a little`, t`some`, t`well`, t`very well`, t`by heart`]}
        from={1}
        usual={3}
      />
      <fieldset>
        <legend className="mb-2 text-sm font-semibold">
          <Trans>Topics to talk about</Trans>
        </legend>
        <div className="flex flex-wrap gap-2">
          {tags.topics.map(({ slug, name }) => {
            const on = topics.includes(slug);
            return (
              <button
                key={slug}
                type="button"
                aria-pressed={on}
                onClick={() => setTopics(on ? topics.filter((each) => each !== slug) : [...topics, slug])}
                className="min-h-10 rounded-full border border-edge px-3.5 text-sm font-medium hover:bg-sunken aria-pressed:border-spruce aria-pressed:bg-spruce-soft aria-pressed:text-spruce-text forced-colors:aria-pressed:outline-2"
              >
                {name}
              </button>
            );
          })}
        </div>
      </fieldset>
      <Levels
        label={t`Languages, if other than in the directory`}
        add={t`Add a language`}
        choices={SPOKEN.map((slug) => ({ slug, name: languageName(slug, i18n.locale) }))}
        value={languages}
        onChange={setLanguages}
        levels={LANGUAGE_LEVELS.map((words) => i18n._(words))}
        from={0}
        usual={3}
      />
      <Select
        label={t`Pairs at the same time, at most`}
        name="capacity"
        defaultValue="1"
        options={[1, 2, 3, 4, 5].map((each) => ({ value: String(each), label: String(each) }))}
      />
      {role === "mentor" && (
        <TextField
          label={t`Superpower, in a line`}
          hint={t`What others come to this person for`}
          name="superpower"
          maxLength={280}
        />
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" tone="primary" busy={enroll.isPending}>
          <Trans>Enroll</Trans>
        </Button>
        <span className="text-sm text-ink-3">
          <Plural value={chosen} one="# thing chosen" other="# things chosen" />
        </span>
      </div>
    </form>
  );
}

/** Things with a level each: chosen from a list, one row a thing. */
function Levels({
  label,
  add,
  choices,
  value,
  onChange,
  levels,
  from,
  usual,
}: {
  label: string;
  add: string;
  choices: { slug: string; name: string }[];
  value: Level[];
  onChange: (value: Level[]) => void;
  levels: string[];
  from: number;
  usual: number;
}) {
  const { t } = useLingui();
  const [adding, setAdding] = useState(false);
  const left = choices.filter(({ slug }) => !value.some((each) => each.slug === slug));
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-semibold">{label}</legend>
      <ul className="flex flex-col gap-2">
        {value.map(({ slug, level }) => {
          const name = choices.find((each) => each.slug === slug)?.name ?? slug;
          return (
            <li key={slug} className="flex items-center gap-2">
              <span className="min-w-0 grow font-medium">{name}</span>
              <select
                aria-label={t`How well: ${name}`}
                value={level}
                onChange={(event) =>
                  onChange(
                    value.map((each) =>
                      each.slug === slug ? { slug, level: Number(event.target.value) } : each,
                    ),
                  )
                }
                className="min-h-11 rounded-xl border border-edge bg-surface px-3 text-sm sm:min-h-10"
              >
                {levels.map((words, index) => (
                  <option key={words} value={index + from}>
                    {words}
                  </option>
                ))}
              </select>
              <IconButton
                icon={X}
                label={t`Remove ${name}`}
                onClick={() => onChange(value.filter((each) => each.slug !== slug))}
              />
            </li>
          );
        })}
      </ul>
      {adding && left.length > 0 ? (
        <select
          // biome-ignore lint/a11y/noAutofocus: it stands where the button was pressed
          autoFocus
          aria-label={add}
          value=""
          onBlur={() => setAdding(false)}
          onChange={(event) => {
            onChange([...value, { slug: event.target.value, level: usual }]);
            setAdding(false);
          }}
          className="mt-2 min-h-11 w-full rounded-xl border border-edge bg-surface px-3"
        >
          <option value="">{add}</option>
          {left.map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        left.length > 0 && (
          <Button icon={Plus} className="mt-2" onClick={() => setAdding(true)}>
            {add}
          </Button>
        )
      )}
    </fieldset>
  );
}
