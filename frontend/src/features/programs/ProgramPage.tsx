import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { ProgramOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { pick } from "#/lib/i18n";
import { buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Figures } from "#/ui/Figures";
import { Page } from "#/ui/Page";
import { NoPermission, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { Cohorts } from "./Cohorts";
import { Enrollments } from "./Enrollments";
import { LaunchCheck } from "./LaunchCheck";
import { NextStep } from "./NextStep";
import { programQuery, useFollowedProgram } from "./queries";
import { Settings } from "./Settings";
import { type EnrollmentState, PROGRAM_STATES } from "./words";

export function ProgramPage() {
  const { t } = useLingui();
  const { programId } = useParams({ from: "/shell/manage/programs/$programId" });
  useFollowedProgram(programId);
  const program = useQuery(programQuery(programId));
  return (
    <Loaded query={program} skeleton={<Skeleton card lines={8} />}>
      {(found) =>
        found.can.edit?.allowed ? (
          <OneProgram key={found.id} program={found} />
        ) : (
          <Page title={t`Program`}>
            <NoPermission />
          </Page>
        )
      }
    </Loaded>
  );
}

function OneProgram({ program }: { program: ProgramOut }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const { tab } = useSearch({ from: "/shell/manage/programs/$programId" });
  const state = PROGRAM_STATES[program.state];
  const days = [program.starts_on, program.ends_on].flatMap((day) => (day ? [format.date(day)] : []));
  const tabs = [
    { key: undefined, label: t`Overview` },
    { key: "enrollments", label: t`Taking part` },
  ];
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
        <Link to="/programs/new" className={buttonLook()}>
          <Plus size={18} aria-hidden />
          <Trans>New program</Trans>
        </Link>
      }
    >
      <nav aria-label={t`Parts of the program`} className="flex gap-6 border-b border-line">
        {tabs.map(({ key, label }) => (
          <Link
            key={label}
            to="/programs/$programId"
            params={{ programId: program.id }}
            search={key ? { tab: key } : {}}
            activeOptions={{ exact: true, includeSearch: true }}
            aria-current={tab === key ? "page" : undefined}
            className="-mb-px inline-flex min-h-11 items-center border-b-2 border-transparent font-semibold text-ink-3 hover:text-ink aria-[current=page]:border-spruce aria-[current=page]:text-ink"
          >
            {label}
          </Link>
        ))}
      </nav>
      {tab === "enrollments" ? <Enrollments program={program} /> : <Overview program={program} />}
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
      <Card title={<Trans>What it is for</Trans>}>
        <p className="max-w-prose text-ink-2">{pick(program.purpose, i18n.locale)}</p>
      </Card>
      <Cohorts program={program} />
      <Settings program={program} />
    </>
  );
}
