import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Download, Network, PencilLine, Plug, UsersRound } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { fieldErrors, problemWords } from "#/api/problems";
import type { PersonOut, PersonRef, PersonSummary } from "#/api/types";
import { ErasePerson } from "#/features/privacy/ErasePerson";
import { useFormat } from "#/lib/format";
import { Avatar } from "#/ui/Avatar";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { Notice } from "#/ui/Notice";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { toast } from "#/ui/toast";
import { EndSignIns } from "./EndSignIns";
import { Keepers } from "./Keepers";
import { PersonPicker } from "./PersonPicker";
import { LANGUAGE_LEVELS, languageName, STATUSES } from "./words";

const path = (personId: string) => ({ params: { path: { person_id: personId } } });

export function PersonPage() {
  const { personId } = useParams({ from: "/shell/manage/people/$personId" });
  const person = useQuery($api.queryOptions("get", "/v1/people/{person_id}", path(personId)));
  return (
    <Loaded query={person} skeleton={<Skeleton card lines={8} />}>
      {(found) => <OnePerson key={found.id} person={found} />}
    </Loaded>
  );
}

function OnePerson({ person }: { person: PersonOut }) {
  const { t, i18n } = useLingui();
  const [choosing, setChoosing] = useState(false);
  const status = STATUSES[person.status];
  const mayEdit = person.can.edit?.allowed;
  const keeper = person.source?.fields.includes("manager_id") && person.source.name;
  return (
    <Page
      title={person.display_name}
      lead={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {[person.title, person.division].filter(Boolean).join(" · ")}
          <Tag tone={status.tone}>{i18n._(status.label)}</Tag>
        </span>
      }
      actions={
        mayEdit && (
          <>
            {!keeper && (
              <Button icon={PencilLine} onClick={() => setChoosing(true)}>
                {person.manager ? <Trans>Change the manager</Trans> : <Trans>Choose the manager</Trans>}
              </Button>
            )}
            <a href={`/v1/people/${person.id}/export`} download className={buttonLook()}>
              <Download size={18} aria-hidden />
              <Trans>Export</Trans>
            </a>
            <EndSignIns person={person} />
            <ErasePerson person={person} />
          </>
        )
      }
    >
      {person.line === "unknown" && (
        <Notice tone="cloud" icon={Network} title={t`The reporting line isn't known`}>
          {person.manager ? (
            <Trans>
              Somebody further up isn't in the directory. Until they are, this person can't be paired: we
              couldn't be sure that the two don't share a line.
            </Trans>
          ) : (
            <Trans>
              Their manager isn't in the directory. Until they are, this person can't be paired: we couldn't
              be sure that the two don't share a line.
            </Trans>
          )}
        </Notice>
      )}
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Facts person={person} />
        <div className="flex flex-col gap-4">
          <Line person={person} keeper={mayEdit && keeper} />
          {mayEdit && <Keepers person={person} />}
        </div>
      </div>
      <ManagerDialog person={person} open={choosing} onClose={() => setChoosing(false)} />
    </Page>
  );
}

function Facts({ person }: { person: PersonOut }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const facts: [name: string, value: ReactNode][] = [
    [t`Mail`, person.work_email && <a href={`mailto:${person.work_email}`}>{person.work_email}</a>],
    [t`Division`, person.division],
    [t`Department`, person.department],
    [t`Team`, person.team],
    [t`Site`, [person.site, person.country].filter(Boolean).join(", ")],
    [t`Time zone`, person.time_zone],
    [t`Job level`, person.job_level],
    [
      t`Languages`,
      person.languages
        .map(({ code, level }) => {
          const words = LANGUAGE_LEVELS[level];
          return `${languageName(code, i18n.locale)}${words ? ` (${i18n._(words)})` : ""}`;
        })
        .join(", "),
    ],
    [t`Here since`, person.hire_on && format.date(person.hire_on)],
    [t`Last day`, person.end_on && format.date(person.end_on)],
    [t`Number in HR`, person.external_id],
  ];
  return (
    <Card title={<Trans>About</Trans>}>
      <dl className="grid grid-cols-[minmax(6rem,auto)_1fr] gap-x-6 gap-y-2.5">
        {facts
          .filter(([, value]) => value !== null && value !== "")
          .map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-ink-3">{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </Card>
  );
}

function Line({ person, keeper }: { person: PersonOut; keeper: string | false | undefined }) {
  const line = useQuery($api.queryOptions("get", "/v1/people/{person_id}/reporting-line", path(person.id)));
  return (
    <Card
      title={<Trans>Reporting line</Trans>}
      lead={<Trans>Nobody is ever paired with somebody on their own line.</Trans>}
    >
      <Loaded query={line} skeleton={<Skeleton lines={4} />}>
        {({ above, below_count, line: kind }) => (
          <ol className="flex flex-col">
            {kind === "unknown" && (
              <Rung first>
                <p className="flex min-h-10 items-center font-medium text-cloud-text">
                  <Trans>Unknown from here up</Trans>
                </p>
              </Rung>
            )}
            {above.toReversed().map((each, index) => (
              <Rung key={each.id} first={index === 0 && kind !== "unknown"}>
                <Person person={each} />
              </Rung>
            ))}
            <Rung first={above.length === 0 && kind !== "unknown"} here>
              <div className="rounded-xl bg-spruce-soft px-3 py-2">
                <p className="font-semibold text-spruce-text">{person.display_name}</p>
                {kind === "top" && (
                  <p className="text-sm text-ink-2">
                    <Trans>Leads everyone under them, reports to nobody</Trans>
                  </p>
                )}
              </div>
            </Rung>
            {below_count > 0 && (
              <Rung>
                <p className="flex min-h-10 items-center gap-2 text-sm text-ink-3">
                  <UsersRound size={18} aria-hidden />
                  <Plural value={below_count} one="# person below" other="# people below" />
                </p>
              </Rung>
            )}
          </ol>
        )}
      </Loaded>
      {keeper && (
        <p className="mt-4 flex gap-2 text-sm text-ink-2">
          <Plug size={18} aria-hidden className="mt-0.5 shrink-0 text-spruce-text" />
          <Trans>{keeper} keeps the manager: it is changed there.</Trans>
        </p>
      )}
      {person.dotted_managers.length > 0 && (
        <div className="mt-5 border-t border-line pt-4">
          <h3 className="mb-2 font-semibold">
            <Trans>Also leads them, by a dotted line</Trans>
          </h3>
          <ul className="flex flex-col gap-2">
            {person.dotted_managers.map((each) => (
              <li key={each.id}>
                <Person person={each} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </Card>
  );
}

/** One step of the line; a small stroke leads up to the step above. */
function Rung({
  children,
  first = false,
  here = false,
}: {
  children: ReactNode;
  first?: boolean;
  here?: boolean;
}) {
  return (
    <li aria-current={here || undefined}>
      {!first && <span aria-hidden className="my-1 ml-[1.1875rem] block h-3 w-0.5 rounded-full bg-track" />}
      {children}
    </li>
  );
}

function Person({ person }: { person: PersonRef }) {
  return (
    <div className="flex items-center gap-3">
      <Avatar name={person.display_name} />
      <div className="min-w-0">
        <Link
          to="/people/$personId"
          params={{ personId: person.id }}
          className="font-semibold hover:underline"
        >
          {person.display_name}
        </Link>
        <p className="text-sm text-ink-3">{person.title}</p>
      </div>
    </div>
  );
}

function ManagerDialog({ person, open, onClose }: { person: PersonOut; open: boolean; onClose: () => void }) {
  const { t, i18n } = useLingui();
  const name = person.display_name;
  const [chosen, setChosen] = useState<PersonSummary | null>(null);
  const [missing, setMissing] = useState(false);
  const change = $api.useMutation("patch", "/v1/people/{person_id}", {
    meta: { quiet: true },
    onSuccess() {
      toast(t`The line is up to date. Pairs on it were checked again.`);
      onClose();
    },
  });
  const refused = change.error
    ? "manager_id" in fieldErrors(change.error)
      ? t`This person reports to ${name}, so they can't be the manager too.`
      : i18n._(problemWords(change.error))
    : undefined;
  function onSubmit(event: FormEvent) {
    event.preventDefault();
    setMissing(!chosen);
    if (!chosen) return;
    change.mutate({
      params: { path: { person_id: person.id } },
      headers: ifMatch(person),
      body: { manager_id: chosen.id },
    });
  }
  return (
    <Dialog open={open} onClose={onClose} title={t`Who leads ${name}?`}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
        <PersonPicker
          label={t`Manager`}
          hint={t`Their line is then known as far up as the manager's own.`}
          chosen={chosen}
          onChoose={(next) => {
            setChosen(next);
            setMissing(false);
            change.reset();
          }}
          except={person.id}
          error={missing ? t`Choose a person from the list.` : undefined}
        />
        {refused && (
          <p role="alert" className="text-sm font-semibold text-lingon-text">
            {refused}
          </p>
        )}
        <div>
          <Button type="submit" tone="primary" busy={change.isPending}>
            <Trans>Save</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
