import { Trans, useLingui } from "@lingui/react/macro";
import { lazy, Suspense } from "react";
import type { TodayOut } from "#/api/types";
import { useMe } from "#/features/identity/me";
import { NextTalk } from "#/features/sessions/NextTalk";
import { withWords } from "#/lib/i18n";
import { Card } from "#/ui/Card";
import { Later } from "#/ui/Later";
import { EmptyState, Skeleton } from "#/ui/states";
import { Actions } from "./actions";

const Beside = lazy(() => import("./Beside"));
const BeforeTalk = lazy(() => import("./BeforeTalk"));
const Board = lazy(() => withWords("member", import("#/features/board/Board")));

/** The home of a mentor or an executive. */
export function ParticipantToday({ today }: { today: TodayOut }) {
  const { t } = useLingui();
  const { deep, pairs } = today;
  const sides = [...pairs, deep.pair].flatMap((pair) => pair?.my_side ?? []);
  const roles = useMe().programs.flatMap((program) => program.roles);
  const mentors = sides.length > 0 ? sides.includes("mentor") : roles.includes("mentor");
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2 lg:grid-rows-[auto_1fr]">
      <div className="flex flex-col gap-4">
        {(deep.kind !== "none" || today.actions.length === 0) && <Deep deep={deep} />}
        <Actions actions={today.actions} label={t`Waiting for you`} stacked />
      </div>
      <div className="flex flex-col gap-4 lg:col-start-2 lg:row-span-2 lg:row-start-1">
        {!mentors && <ListenFirst />}
        <Later fallback={<Skeleton card lines={6} />}>
          <Beside today={today} mentors={mentors} />
        </Later>
      </div>
      {/* Last on a phone: news that come later push nothing away. */}
      <div className="flex flex-col gap-4 empty:hidden">
        <Later>
          <Board />
        </Later>
      </div>
    </div>
  );
}

function Deep({ deep }: { deep: TodayOut["deep"] }) {
  const { t } = useLingui();
  if (deep.kind === "next_session" && deep.pair && deep.session)
    return <NextTalk pair={deep.pair} session={deep.session} plan={deep.kit} />;
  if ((deep.kind === "offer" || deep.kind === "no_session") && deep.pair)
    return (
      <Suspense fallback={<Skeleton card lines={6} />}>
        <BeforeTalk kind={deep.kind} pair={deep.pair} />
      </Suspense>
    );
  return (
    <Card>
      <EmptyState title={t`Nothing waits for you`}>
        <Trans>As soon as a pair is found for you, you get a mail and see it here.</Trans>
      </EmptyState>
    </Card>
  );
}

/** Three habits for the one with the power in the room. */
function ListenFirst() {
  return (
    <Card title={<Trans>Listen first</Trans>}>
      <ul className="flex flex-col gap-3">
        {[
          <Trans key="1">Ask one real question, then wait five seconds longer than feels natural.</Trans>,
          <Trans key="2">Don't correct. Say what you heard, and ask if you heard it right.</Trans>,
          <Trans key="3">Move a talk rather than cancel it: this hour is a promise to a junior.</Trans>,
        ].map((tip) => (
          <li key={tip.key} className="rounded-xl bg-lake-soft px-3.5 py-2.5 font-medium text-lake-text">
            {tip}
          </li>
        ))}
      </ul>
    </Card>
  );
}
