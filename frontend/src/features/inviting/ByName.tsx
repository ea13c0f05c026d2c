import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Send, UserPlus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import type { PersonSummary, ProgramOut } from "#/api/types";
import { PersonPicker } from "#/features/people/PersonPicker";
import { EnrollDialog } from "#/features/programs/EnrollDialog";
import { Avatar } from "#/ui/Avatar";
import { Button, IconButton } from "#/ui/Button";
import { TextArea } from "#/ui/Field";
import { Outcome, Part } from "./Invite";
import { readMails } from "./mails";
import type { Role } from "./words";

/** At once, as the API takes them. */
const MOST = 500;

function useInvite(program: ProgramOut) {
  const invite = $api.useMutation("post", "/v1/programs/{program_id}/invitations");
  const [role, setRole] = useState<Role>("mentor");
  async function ask(
    event: FormEvent<HTMLFormElement>,
    people: { person_id?: string; work_email?: string }[],
  ) {
    const cohort_id = new FormData(event.currentTarget).get("cohort_id");
    return invite.mutateAsync({
      params: { path: { program_id: program.id } },
      body: {
        people: people.map((each) => ({ ...each, role })),
        ...(cohort_id ? { cohort_id: String(cohort_id) } : {}),
      },
    });
  }
  return { ask, role, setRole, result: invite.data, busy: invite.isPending };
}

/** Work mails, pasted as they come. */
export function ByMail({ program }: { program: ProgramOut }) {
  const { t } = useLingui();
  const { ask, role, setRole, result, busy } = useInvite(program);
  const [text, setText] = useState("");
  const [error, setError] = useState<string>();
  const { mails, strange } = readMails(text);
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const [first] = strange;
    const found = first
      ? t`“${first}” is no mail.`
      : mails.length === 0
        ? t`Write at least one work mail.`
        : mails.length > MOST
          ? t`At most 500 at a time.`
          : undefined;
    setError(found);
    if (found) {
      event.currentTarget.querySelector("textarea")?.focus();
      return;
    }
    ask(
      event,
      mails.map((work_email) => ({ work_email })),
    ).then(
      () => setText(""),
      () => undefined,
    );
  }
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
      <Part program={program} role={role} onRole={setRole} />
      <TextArea
        label={t`Work mails`}
        hint={t`Paste them from anywhere: one a line, or with commas between.`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        error={error}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" tone="primary" icon={Send} busy={busy}>
          <Trans>Invite</Trans>
        </Button>
        <span className="text-sm text-ink-3">
          <Plural value={mails.length} _0="" one="# person" other="# people" />
        </span>
      </div>
      {result && <Outcome result={result} />}
    </form>
  );
}

/** People of the directory, one by one; whoever has said yes elsewhere is enrolled at once. */
export function FromDirectory({ program }: { program: ProgramOut }) {
  const { t } = useLingui();
  const { ask, role, setRole, result, busy } = useInvite(program);
  const [people, setPeople] = useState<PersonSummary[]>([]);
  const [missing, setMissing] = useState(false);
  const [enrolling, setEnrolling] = useState(false);
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setMissing(people.length === 0);
    if (people.length > 0)
      ask(
        event,
        people.map(({ id }) => ({ person_id: id })),
      ).then(
        () => setPeople([]),
        () => undefined,
      );
  }
  return (
    <>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
        <Part program={program} role={role} onRole={setRole} />
        <PersonPicker
          key={people.length}
          label={t`Person`}
          chosen={null}
          onChoose={(person) => {
            if (person && !people.some(({ id }) => id === person.id)) setPeople([...people, person]);
            setMissing(false);
          }}
          error={missing ? t`Choose a person from the list.` : undefined}
        />
        {people.length > 0 && (
          <ul aria-label={t`To be invited`} className="flex flex-col gap-2">
            {people.map((person) => {
              const name = person.display_name;
              return (
                <li key={person.id} className="flex items-center gap-3">
                  <Avatar name={name} side={role} size="sm" />
                  <span className="min-w-0 grow">
                    <span className="font-medium">{name}</span>{" "}
                    <span className="text-sm text-ink-3">{person.title}</span>
                  </span>
                  <IconButton
                    icon={X}
                    label={t`Remove ${name}`}
                    onClick={() => setPeople(people.filter((each) => each !== person))}
                  />
                </li>
              );
            })}
          </ul>
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" tone="primary" icon={Send} busy={busy}>
            <Trans>Invite</Trans>
          </Button>
          <CanButton can={program.can} action="enroll" icon={UserPlus} onClick={() => setEnrolling(true)}>
            <Trans>They said yes already: enroll</Trans>
          </CanButton>
        </div>
        {result && <Outcome result={result} />}
      </form>
      <EnrollDialog program={program} open={enrolling} onClose={() => setEnrolling(false)} />
    </>
  );
}
