import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { TodayOut } from "#/api/types";
import { useMe } from "#/features/identity/me";
import { PairLine } from "#/features/pairs/PairLine";
import { NextTalk } from "#/features/sessions/NextTalk";
import { withWords } from "#/lib/i18n";
import { buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { EmptyState, Skeleton } from "#/ui/states";
import { Actions } from "./actions";

const Beside = lazy(() => import("./Beside"));
const BeforeTalk = lazy(() => import("./BeforeTalk"));
const Board = lazy(() => withWords("member", import("#/features/board/Board")));
const Outbox = lazy(() => import("#/features/sessions/outbox").then(({ Outbox }) => ({ default: Outbox })));
const Thanks = lazy(() =>
  withWords(
    "room",
    import("#/features/sessions/Thanks").then(({ Thanks }) => ({ default: Thanks })),
  ),
);

/** The home of a mentor or an executive. */
export default function ParticipantToday({ today }: { today: TodayOut }) {
  const { t } = useLingui();
  const { deep } = today;
  const sides = [...today.pairs, deep.pair].flatMap((pair) => pair?.my_side ?? []);
  const roles = useMe().programs.flatMap((program) => program.roles);
  const mentors = sides.length > 0 ? sides.includes("mentor") : roles.includes("mentor");
  const thanks = today.pairs.find(({ my_side, rhythm }) => my_side === "mentee" && rhythm.held > 0);
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <div className="flex flex-col gap-4">
        {(deep.kind !== "none" || today.actions.length === 0) && <Deep deep={deep} />}
        <Actions actions={today.actions} label={t`Waiting for you`} stacked />
        <Suspense>
          <Board />
        </Suspense>
      </div>
      <div className="flex flex-col gap-4">
        <Suspense fallback={<Skeleton card lines={6} />}>
          <Beside mentors={mentors} session={deep.session} other={deep.pair?.mentee.display_name} />
        </Suspense>
        {today.pairs.length > 0 && (
          <Card title={today.pairs.length === 1 ? <Trans>My pair</Trans> : <Trans>My pairs</Trans>} flush>
            <ul>
              {today.pairs.map((pair) => (
                <PairLine key={pair.id} pair={pair} />
              ))}
            </ul>
          </Card>
        )}
        <Suspense>
          <Outbox />
          {thanks && <Thanks pair={thanks} />}
        </Suspense>
        <Link to="/growth" className={buttonLook({ full: true })}>
          <Trans>How I grow</Trans>
        </Link>
      </div>
    </div>
  );
}

function Deep({ deep }: { deep: TodayOut["deep"] }) {
  const { t } = useLingui();
  if (deep.kind === "next_session" && deep.pair && deep.session)
    return <NextTalk pair={deep.pair} session={deep.session} />;
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
