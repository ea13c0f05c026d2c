import { Trans, useLingui } from "@lingui/react/macro";
import { lazy, Suspense } from "react";
import type { TodayOut } from "#/api/types";
import { NextTalk } from "#/features/sessions/NextTalk";
import { withWords } from "#/lib/i18n";
import { Card } from "#/ui/Card";
import { EmptyState, Skeleton } from "#/ui/states";
import { Actions } from "./actions";

const Beside = lazy(() => import("./Beside"));
const BeforeTalk = lazy(() => import("./BeforeTalk"));
const Board = lazy(() => withWords("member", import("#/features/board/Board")));

/** The home of a mentor or an executive. */
export default function ParticipantToday({ today }: { today: TodayOut }) {
  const { t } = useLingui();
  const { deep } = today;
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2 lg:grid-rows-[auto_1fr]">
      <div className="flex flex-col gap-4">
        {(deep.kind !== "none" || today.actions.length === 0) && <Deep deep={deep} />}
        <Actions actions={today.actions} label={t`Waiting for you`} stacked />
      </div>
      <div className="lg:col-start-2 lg:row-span-2 lg:row-start-1">
        <Suspense fallback={<Skeleton card lines={6} />}>
          <Beside today={today} />
        </Suspense>
      </div>
      {/* Last on a phone: news that come later push nothing away. */}
      <div className="flex flex-col gap-4 empty:hidden">
        <Suspense>
          <Board />
        </Suspense>
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
