import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Loaded } from "#/api/Loaded";
import type { TodayOut } from "#/api/types";
import { isContact, rolesOf, takesPart, useCurrentProgram, useMe } from "#/features/identity/me";
import { withWords } from "#/lib/i18n";
import { Later } from "#/ui/Later";
import { Meter } from "#/ui/Meter";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";
import { ParticipantToday } from "./ParticipantToday";
import { todayQuery } from "./queries";

const ManagerActions = lazy(() => withWords("manage", import("./ManagerActions")));
const ManagerToday = lazy(() => withWords("manage", import("./ManagerToday")));
const AdminToday = lazy(() => withWords("directory", import("./AdminToday")));
const OtherToday = lazy(() => withWords("care", import("./OtherToday")));

/** One home for all: what waits for me first, then what my roles look after. */
export function TodayPage() {
  const { t } = useLingui();
  const today = useQuery(todayQuery());
  return (
    <Loaded query={today} page={t`Today`} skeleton={<Skeleton lines={8} />}>
      {(data) => <Today today={data} />}
    </Loaded>
  );
}

function useGreeting(name: string, manages: boolean): string {
  const { t } = useLingui();
  if (!manages) return t`Hi ${name}`;
  const hour = new Date().getHours();
  if (hour < 11) return t`Good morning, ${name}`;
  return hour < 17 ? t`Good day, ${name}` : t`Good evening, ${name}`;
}

function Today({ today }: { today: TodayOut }) {
  const me = useMe();
  const [program] = useCurrentProgram();
  const roles = rolesOf(me, program);
  const manages = program !== null && roles.has("programme_manager");
  const admin = roles.has("organization_admin");
  const other = !takesPart(me) && !manages && !admin;
  const title = useGreeting(today.greeting_name, manages || admin);
  const course = today.programs.find((each) => each.id === program?.id);
  return (
    <Page title={title} lead={manages && course && <Weeks week={course.week} weeks={course.weeks} />}>
      <Suspense fallback={<Skeleton lines={8} />}>
        {(other || isContact(me) || me.books_for_others) && <OtherToday me={me} alone={other} />}
        {takesPart(me) && <ParticipantToday today={today} />}
      </Suspense>
      {(manages || admin) && (
        <Later fallback={<Skeleton lines={8} />}>
          <ManagerActions actions={today.actions} />
          {manages && <ManagerToday programId={program.id} />}
          {admin && <AdminToday />}
        </Later>
      )}
    </Page>
  );
}

function Weeks({ week, weeks }: { week: number | null; weeks: number | null }) {
  const { t } = useLingui();
  if (week === null || weeks === null) return null;
  return (
    <span className="flex items-center gap-3">
      <Trans>
        Week {week} of {weeks}
      </Trans>
      <span className="w-28">
        <Meter value={week} max={weeks} tone="cloud" label={t`Week ${week} of ${weeks}`} />
      </span>
    </span>
  );
}
