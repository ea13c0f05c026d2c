import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { CopyPlus, Pencil, Plus } from "lucide-react";
import { type ComponentType, lazy, Suspense, useEffect, useRef, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { ProgramOut } from "#/api/types";
import { Cohorts } from "#/features/programs/Cohorts";
import { Enrollments } from "#/features/programs/Enrollments";
import { LaunchCheck } from "#/features/programs/LaunchCheck";
import { NextStep } from "#/features/programs/NextStep";
import { programQuery, useFollowedProgram } from "#/features/programs/queries";
import { Settings } from "#/features/programs/Settings";
import { type EnrollmentState, PROGRAM_STATES } from "#/features/programs/words";
import { useFormat } from "#/lib/format";
import { pick, withWords } from "#/lib/i18n";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Figures } from "#/ui/Figures";
import { Fold } from "#/ui/Fold";
import { Page } from "#/ui/Page";
import { NoPermission, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";

const Invite = lazy(() => withWords("program", import("#/features/inviting/Invite")));
const Announcements = lazy(() => withWords("program", import("#/features/board/Announcements")));
const Events = lazy(() => withWords("program", import("#/features/board/Events")));
const Surveys = lazy(() => withWords("program", import("#/features/surveys/Surveys")));
const Reach = lazy(() => withWords("program", import("#/features/programs/Reach")));
const SettingsHistory = lazy(() => withWords("program", import("#/features/programs/SettingsHistory")));
const Terms = lazy(() => withWords("program", import("#/features/programs/Terms")));
const PurposeDialog = lazy(() => withWords("program", import("#/features/board/PurposeDialog")));
const CloneDialog = lazy(() => withWords("program", import("#/features/programs/CloneDialog")));

const TABS: Record<string, ComponentType<{ program: ProgramOut }>> = {
  enrollments: Enrollments,
  invite: Invite,
  announcements: Announcements,
  events: Events,
  surveys: Surveys,
  reach: Reach,
};

export function ProgramPage() {
  const { t } = useLingui();
  const { programId } = useParams({ from: "/shell/manage/programs/$programId" });
  useFollowedProgram(programId);
  const program = useQuery(programQuery(programId));
  return (
    <Loaded query={program} skeleton={<Skeleton card lines={8} />}>
      {(found) =>
        found.can.edit?.reason === "not_allowed" ? (
          <Page title={t`Program`}>
            <NoPermission />
          </Page>
        ) : (
          <OneProgram key={found.id} program={found} />
        )
      }
    </Loaded>
  );
}

function OneProgram({ program }: { program: ProgramOut }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const { tab } = useSearch({ from: "/shell/manage/programs/$programId" });
  const [cloning, setCloning] = useState(false);
  const nav = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a phone the tab that was chosen comes into sight
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [tab]);
  const state = PROGRAM_STATES[program.state];
  const days = [program.starts_on, program.ends_on].flatMap((day) => (day ? [format.date(day)] : []));
  const tabs = [
    { key: undefined, label: t`Overview` },
    { key: "enrollments", label: t`Taking part` },
    { key: "invite", label: t`Invite` },
    { key: "announcements", label: t`Announcements` },
    { key: "events", label: t`Events` },
    { key: "surveys", label: t`Surveys` },
    { key: "reach", label: t`Reach` },
  ];
  const Tab = TABS[tab ?? ""] ?? Overview;
  return (
    <Page
      title={program.name}
      lead={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Tag tone={state.tone}>{i18n._(state.label)}</Tag>
          {days.join(" – ")}
        </span>
      }
      actions={
        <>
          {program.can.clone?.allowed && (
            <Button icon={CopyPlus} onClick={() => setCloning(true)}>
              <Trans>One more like this</Trans>
            </Button>
          )}
          <Link to="/programs/new" className={buttonLook()}>
            <Plus size={18} aria-hidden />
            <Trans>New program</Trans>
          </Link>
        </>
      }
    >
      <nav
        ref={nav}
        aria-label={t`Parts of the program`}
        className="-mx-1 flex gap-x-6 overflow-x-auto border-b border-line px-1"
      >
        {tabs.map(({ key, label }) => (
          <Link
            key={label}
            to="/programs/$programId"
            params={{ programId: program.id }}
            search={key ? { tab: key } : {}}
            activeOptions={{ exact: true, includeSearch: true }}
            aria-current={tab === key ? "page" : undefined}
            className="inline-flex min-h-11 shrink-0 items-center border-b-2 border-transparent font-semibold text-ink-3 -outline-offset-2 hover:text-ink aria-[current=page]:border-spruce aria-[current=page]:text-ink"
          >
            {label}
          </Link>
        ))}
      </nav>
      <Suspense fallback={<Skeleton card lines={8} />}>
        <Tab program={program} />
        {cloning && <CloneDialog program={program} onClose={() => setCloning(false)} />}
      </Suspense>
    </Page>
  );
}

/** How many enrollments are in a state, as far as one page tells. */
function useCount(program: ProgramOut, state: EnrollmentState): string {
  const format = useFormat();
  const { data } = useQuery(
    $api.queryOptions("get", "/v1/programs/{program_id}/enrollments", {
      params: { path: { program_id: program.id }, query: { state, limit: 100 } },
    }),
  );
  return data ? `${format.number(data.items.length)}${data.next_cursor ? "+" : ""}` : "…";
}

function Overview({ program }: { program: ProgramOut }) {
  const { t, i18n } = useLingui();
  const [writing, setWriting] = useState(false);
  const invited = useCount(program, "invited");
  const waitlisted = useCount(program, "waitlisted");
  const format = useFormat();
  const { enrolled_mentors, enrolled_mentees, waiting, pairs_active, pairs_proposed } = program.counts;
  return (
    <>
      <NextStep program={program} />
      {["draft", "enrolling", "matching"].includes(program.state) && <LaunchCheck program={program} />}
      <Figures
        label={t`The program in numbers`}
        items={[
          { key: "mentors", name: t`Mentors`, value: format.number(enrolled_mentors) },
          { key: "mentees", name: t`Mentees`, value: format.number(enrolled_mentees) },
          { key: "waiting", name: t`Waiting for your yes`, value: format.number(waiting) },
          { key: "invited", name: t`Invited`, value: invited },
          { key: "waitlisted", name: t`On the waiting list`, value: waitlisted },
          { key: "asked", name: t`Pairs asked`, value: format.number(pairs_proposed) },
          { key: "active", name: t`Active pairs`, value: format.number(pairs_active) },
        ]}
      />
      <Card
        title={<Trans>What it is for</Trans>}
        actions={
          program.can.edit?.allowed && (
            <Button icon={Pencil} onClick={() => setWriting(true)}>
              <Trans>Edit</Trans>
            </Button>
          )
        }
      >
        <p className="max-w-prose text-ink-2">{pick(program.purpose, i18n.locale)}</p>
        <Suspense>
          {writing && <PurposeDialog program={program} onClose={() => setWriting(false)} />}
        </Suspense>
      </Card>
      <Cohorts program={program} />
      {program.can.edit?.allowed && <Settings program={program} />}
      {program.can.edit?.allowed && (
        <Fold title={<Trans>Terms of use</Trans>} lead={<Trans>What people agree to when they join</Trans>}>
          <Suspense fallback={<Skeleton lines={3} />}>
            <Terms program={program} />
          </Suspense>
        </Fold>
      )}
      {program.can.read_settings_versions?.allowed && (
        <Fold title={<Trans>How the details changed</Trans>} lead={<Trans>Who changed what, and when</Trans>}>
          <Suspense fallback={<Skeleton lines={3} />}>
            <SettingsHistory program={program} />
          </Suspense>
        </Fold>
      )}
    </>
  );
}
