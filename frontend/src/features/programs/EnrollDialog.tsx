import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { $api } from "#/api/client";
import type { PersonSummary, ProgramOut } from "#/api/types";
import { PersonPicker } from "#/features/people/PersonPicker";
import { LANGUAGE_LEVELS, languageName } from "#/features/people/words";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { Segmented, Select, TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";
import { type Level, Levels, Skills, Topics } from "./ProfileFields";

type Role = "mentor" | "mentee";

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
        capacity: Number(form.get("capacity") ?? 1),
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
      <Skills role={role} value={skills} onChange={setSkills} />
      <Topics value={topics} onChange={setTopics} />
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
      {/* That a mentor takes two is theirs alone to say. */}
      {role === "mentee" && (
        <Select
          label={t`Pairs at the same time, at most`}
          name="capacity"
          defaultValue="1"
          options={[1, 2, 3, 4, 5].map((each) => ({ value: String(each), label: String(each) }))}
        />
      )}
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
