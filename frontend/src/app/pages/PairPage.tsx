import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { CalendarPlus, DoorOpen, Feather, GraduationCap, MessagesSquare, Play } from "lucide-react";
import { type ReactNode, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MentoringPair, MentoringSession } from "#/api/types";
import { ConcernLink } from "#/features/feedback/ConcernLink";
import { FitCheck } from "#/features/feedback/FitCheck";
import { Pulse } from "#/features/feedback/Pulse";
import { Candid } from "#/features/insights/Candid";
import { Agreement } from "#/features/pairs/Agreement";
import { Boundaries } from "#/features/pairs/Boundaries";
import { Closing, Commitment, Rematch, StayInTouch } from "#/features/pairs/Closing";
import { FirstContact } from "#/features/pairs/FirstContact";
import { Goals } from "#/features/pairs/Goals";
import { History } from "#/features/pairs/History";
import { LeaveDialog } from "#/features/pairs/LeaveDialog";
import { Offer, TakeBack } from "#/features/pairs/Offer";
import { pairQuery } from "#/features/pairs/queries";
import { healthWords, isOver, isTogether, stateWords } from "#/features/pairs/words";
import { Agenda } from "#/features/sessions/Agenda";
import { NextTalk, Partner } from "#/features/sessions/NextTalk";
import { Notes } from "#/features/sessions/Notes";
import { PlanTalks } from "#/features/sessions/PlanTalks";
import { Promises } from "#/features/sessions/Promises";
import { arcQuery, pairSessionsQuery } from "#/features/sessions/queries";
import { SessionActions } from "#/features/sessions/SessionActions";
import { ArcDialog, PlanDialog } from "#/features/sessions/TimeDialogs";
import { useWhen } from "#/features/sessions/when";
import { SESSION_STATES, useTalkName } from "#/features/sessions/words";
import { daysBetween, useFormat } from "#/lib/format";
import { Button, buttonLook } from "#/ui/Button";
import { Card, DeepCard } from "#/ui/Card";
import { Rhythm } from "#/ui/Meter";
import { Notice } from "#/ui/Notice";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { toast } from "#/ui/toast";

export function PairPage() {
  const { pairId } = useParams({ from: "/shell/pairs/$pairId" });
  const { t } = useLingui();
  const pair = useQuery(pairQuery(pairId));
  return (
    <Loaded query={pair} page={t`Pair`} skeleton={<Skeleton card lines={8} />}>
      {(found) => <OnePair pair={found} />}
    </Loaded>
  );
}

function OnePair({ pair }: { pair: MentoringPair }) {
  const { i18n } = useLingui();
  const [leaving, setLeaving] = useState(false);
  const words = pair.my_side ? stateWords(pair.state) : healthWords(pair);
  const { pause, end } = pair.can;
  return (
    <Page
      title={`${pair.mentor.display_name} → ${pair.mentee.display_name}`}
      lead={<Tag tone={words.tone}>{i18n._(words.label)}</Tag>}
      actions={
        pair.my_side &&
        (pause?.allowed || end?.allowed) && (
          <Button icon={DoorOpen} onClick={() => setLeaving(true)}>
            <Trans>Take a break, or end</Trans>
          </Button>
        )
      }
    >
      {pair.my_side ? (
        <MemberView pair={pair} onLeave={() => setLeaving(true)} />
      ) : (
        <ManagerView pair={pair} />
      )}
      {pair.my_side && (
        <div className="max-sm:text-center">
          <ConcernLink about="pair" programId={pair.program_id} />
        </div>
      )}
      <LeaveDialog pair={pair} open={leaving} onClose={() => setLeaving(false)} />
    </Page>
  );
}

/** What a manager may see, and no more: state, how many were held, booked or not, quiet or not. */
function ManagerView({ pair }: { pair: MentoringPair }) {
  const { t } = useLingui();
  const { held, planned, next_booked, quiet } = pair.rhythm;
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <Card title={<Trans>Rhythm</Trans>}>
        {!isOver(pair.state) && (
          <ul className="flex flex-col gap-3">
            <li className="flex items-center gap-4">
              <Rhythm
                held={held}
                planned={planned}
                next={next_booked}
                label={t`${held} of ${planned} talks held`}
              />
              <Trans>
                {held} of {planned} talks held
              </Trans>
            </li>
            <li>
              {next_booked ? (
                <Trans>The next talk is booked.</Trans>
              ) : (
                <Trans>The next talk is not booked yet.</Trans>
              )}
            </li>
            {quiet && (
              <li className="text-lingon-text">
                <Trans>Gone quiet: nothing for three weeks.</Trans>
              </li>
            )}
          </ul>
        )}
        <p className="text-sm text-ink-3 not-first:mt-4 not-first:border-t not-first:border-line not-first:pt-4">
          <Trans>
            This is all anyone outside the pair can see. Topics, dates and notes are the pair's own.
          </Trans>
        </p>
      </Card>
      {/* The steps of an ended pair would tell who said no. */}
      {!isOver(pair.state) && <History pairId={pair.id} />}
    </div>
  );
}

function MemberView({ pair, onLeave }: { pair: MentoringPair; onLeave: () => void }) {
  if (pair.can.accept?.allowed) return <Offer pair={pair} />;
  if (isTogether(pair.state)) return <Together pair={pair} onLeave={onLeave} />;
  if (pair.state === "asked_mentor" || pair.state === "asked_mentee")
    return (
      <Plain>
        <Trans>Your yes is noted. We tell you as soon as the other one has answered.</Trans>
        <TakeBack pair={pair} />
      </Plain>
    );
  return (
    <Plain>
      <Over state={pair.state} />
      <Rematch pair={pair} />
    </Plain>
  );
}

function Over({ state }: { state: MentoringPair["state"] }) {
  if (state === "suspended_conflict")
    return (
      <Trans>
        The organization changed, and this pair can't go on as it is. You will be offered a new one.
      </Trans>
    );
  if (state === "declined") return <Trans>You said not this time. Nobody else knows.</Trans>;
  if (state === "expired")
    return <Trans>This offer ran out before it became a pair. That happens, and it is nobody's fault.</Trans>;
  return <Trans>This pair has ended. Thank you both for the time.</Trans>;
}

function Plain({ children }: { children: ReactNode }) {
  return (
    <Card>
      <div className="flex max-w-prose flex-col items-start gap-4 text-lg">{children}</div>
    </Card>
  );
}

/** A pair under way: the agreement first, then talk after talk, then the end. */
function Together({ pair, onLeave }: { pair: MentoringPair; onLeave: () => void }) {
  const { session: wanted } = useSearch({ from: "/shell/pairs/$pairId" });
  const sessions = useQuery(pairSessionsQuery(pair.id));
  return (
    <Loaded query={sessions} skeleton={<Skeleton card lines={8} />}>
      {({ items }) => {
        const next = items
          .filter(
            ({ state }) => pair.state !== "completed" && (state === "scheduled" || state === "proposed"),
          )
          .toSorted((a, b) => (a.starts_at ?? "").localeCompare(b.starts_at ?? ""))[0];
        const owed = items.findLast((each) => each.my_pulse === "open");
        const open =
          items.find((each) => each.id === wanted) ?? next ?? items.findLast((each) => each.state === "held");
        return (
          <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
            <div className="flex flex-col gap-4">
              {pair.state === "paused" && <Paused pair={pair} />}
              <Commitment pair={pair} />
              <Closing pair={pair} />
              <StayInTouch pair={pair} />
              <FirstContact pair={pair} />
              {pair.can.sign_agreement?.allowed || pair.can.plan_session?.reason === "agreement_missing" ? (
                <Agreement pair={pair} />
              ) : null}
              {next ? (
                <>
                  <NextTalk pair={pair} session={next} withQuestions={false} />
                  <RoomLink session={next} />
                  <SessionActions session={next} primer={<PrimerNotice pair={pair} />} />
                </>
              ) : (
                pair.can.plan_session?.allowed && <NothingBooked pair={pair} />
              )}
              <Candid pair={pair} />
              {owed?.number && <Pulse key={owed.id} sessionId={owed.id} number={owed.number} />}
              <FitCheck pairId={pair.id} onRematch={pair.can.end?.allowed ? onLeave : undefined} />
              {open && (
                <>
                  {open.id !== next?.id && (
                    <>
                      <RoomLink session={open} />
                      <SessionActions session={open} primer={null} />
                    </>
                  )}
                  <Agenda key={`agenda-${open.id}`} session={open} side={pair.my_side} />
                  <Notes key={`notes-${open.id}`} sessionId={open.id} />
                  {open.my_pulse === "given" && open.number && (
                    <Pulse sessionId={open.id} number={open.number} />
                  )}
                </>
              )}
              {isOver(pair.state) && <Rematch pair={pair} />}
            </div>
            <div className="flex flex-col gap-4">
              <Talks pair={pair} sessions={items} openId={open?.id} />
              {pair.my_side === "mentor" && <ComposerCard pair={pair} />}
              <Promises pair={pair} />
              <Boundaries pair={pair} />
              <Goals pair={pair} />
              <History pairId={pair.id} />
            </div>
          </div>
        );
      }}
    </Loaded>
  );
}

/** On the day the room is the next thing to open; before and after it is at hand. */
function RoomLink({ session }: { session: MentoringSession }) {
  const today =
    ["scheduled", "proposed"].includes(session.state) &&
    session.starts_at !== null &&
    daysBetween(new Date(), new Date(session.starts_at)) === 0;
  return (
    <Link
      to="/sessions/$sessionId/room"
      params={{ sessionId: session.id }}
      className={buttonLook({ ...(today && { tone: "primary" }), full: true })}
    >
      <MessagesSquare size={18} aria-hidden />
      <Trans>Open the session room</Trans>
    </Link>
  );
}

function ComposerCard({ pair }: { pair: MentoringPair }) {
  return (
    <Card
      title={<Trans>Something hard to say?</Trans>}
      lead={
        <Trans>
          Write it bluntly. It becomes something one can hear, and nobody sees it before you say so.
        </Trans>
      }
    >
      <Link to="/composer" search={{ pair: pair.id }} className={buttonLook({ full: true })}>
        <Feather size={18} aria-hidden />
        <Trans>Put a thought into words</Trans>
      </Link>
    </Card>
  );
}

/** Before the first talk counts, both go through the warm-up; one's own is a press away. */
function PrimerNotice({ pair }: { pair: MentoringPair }) {
  const me = pair.my_side ? pair[pair.my_side] : null;
  const parts = useQuery(
    $api.queryOptions("get", "/v1/programs/{program_id}/enrollments", {
      params: {
        path: { program_id: pair.program_id },
        query: { role: pair.my_side ?? undefined, q: me?.display_name, limit: 20 },
      },
    }),
  );
  if (!parts.data) return null;
  const todo = parts.data.items.find(
    ({ person, primer_done_at }) => person.id === me?.id && primer_done_at === null,
  );
  return (
    <Notice
      tone="lake"
      icon={GraduationCap}
      title={<Trans>A short warm-up before the first talk</Trans>}
      action={
        todo && (
          <Link
            to="/primer/$enrollmentId"
            params={{ enrollmentId: todo.id }}
            className={buttonLook({ tone: "primary" })}
          >
            <Trans>Finish the warm-up</Trans>
          </Link>
        )
      }
    >
      {todo ? (
        <Trans>Ten minutes, once. Then the first talk can be counted as held.</Trans>
      ) : (
        <Trans>Yours is done. The talk counts when you both have been through it.</Trans>
      )}
    </Notice>
  );
}

function Paused({ pair }: { pair: MentoringPair }) {
  const { t } = useLingui();
  const format = useFormat();
  const resume = $api.useMutation("post", "/v1/pairs/{pair_id}/resume", {
    onSuccess: () => toast(t`Welcome back, both of you.`),
  });
  const day = pair.pause_until && format.date(pair.pause_until);
  return (
    <Card
      title={<Trans>On a break</Trans>}
      lead={
        <>
          <Trans>Nothing is lost. Go on whenever it suits you both.</Trans>{" "}
          {day && <Trans>We remind you both on {day}.</Trans>}
        </>
      }
    >
      <div className="flex flex-wrap gap-2">
        <CanButton
          can={pair.can}
          action="resume"
          tone="primary"
          icon={Play}
          busy={resume.isPending}
          onClick={() => resume.mutate({ params: { path: { pair_id: pair.id } } })}
        >
          <Trans>Go on</Trans>
        </CanButton>
        <Rematch pair={pair} />
      </div>
    </Card>
  );
}

function NothingBooked({ pair }: { pair: MentoringPair }) {
  return (
    <DeepCard>
      <h2 className="mb-4 font-display text-xl leading-7 font-bold">
        {pair.rhythm.held === 0 ? (
          <Trans>Time for the first talk</Trans>
        ) : (
          <Trans>When do you meet next?</Trans>
        )}
      </h2>
      <Partner pair={pair} />
      <PlanTalks pair={pair} />
    </DeepCard>
  );
}

function Talks({
  pair,
  sessions,
  openId,
}: {
  pair: MentoringPair;
  sessions: MentoringSession[];
  openId: string | undefined;
}) {
  const { t, i18n } = useLingui();
  const when = useWhen();
  const name = useTalkName();
  const { held, planned, next_booked } = pair.rhythm;
  return (
    <Card title={<Trans>Talks</Trans>} flush>
      <div className="flex items-center justify-between gap-3 px-5 pb-4 text-sm text-ink-3">
        <Trans>
          {held} of {planned} held
        </Trans>
        <Rhythm
          held={held}
          planned={planned}
          next={next_booked}
          label={t`${held} of ${planned} talks held`}
        />
      </div>
      <ul>
        {sessions.map((session) => {
          const [label, tone] = SESSION_STATES[session.state];
          return (
            <li
              key={session.id}
              className="relative flex items-center justify-between gap-3 border-t border-line px-5 py-3 hover:bg-sunken has-aria-[current=true]:bg-sunken"
            >
              <div>
                <Link
                  to="/pairs/$pairId"
                  params={{ pairId: pair.id }}
                  search={{ session: session.id }}
                  aria-current={session.id === openId ? "true" : undefined}
                  className="font-semibold after:absolute after:inset-0"
                >
                  {name(session)}
                </Link>
                <p className="text-xs text-ink-3">{when(session)}</p>
              </div>
              <Tag tone={tone}>{i18n._(label)}</Tag>
            </li>
          );
        })}
      </ul>
      {pair.can.plan_session?.allowed && next_booked && (
        <div className="border-t border-line p-4">
          <PlanMore pair={pair} />
        </div>
      )}
    </Card>
  );
}

/** Beside what is booked: the rest of the row in one action, or one talk more. */
function PlanMore({ pair }: { pair: MentoringPair }) {
  const [planning, setPlanning] = useState<"arc" | "one">();
  const close = () => setPlanning(undefined);
  const arc = useQuery(arcQuery(pair.id));
  const rest = (arc.data?.items.length ?? 0) > 0;
  return (
    <div className="flex flex-col gap-2">
      {rest && (
        <Button icon={CalendarPlus} full onClick={() => setPlanning("arc")}>
          <Trans>Book the rest at once</Trans>
        </Button>
      )}
      <Button tone="quiet" full onClick={() => setPlanning("one")}>
        <Trans>Plan a talk</Trans>
      </Button>
      <ArcDialog pairId={pair.id} open={planning === "arc"} onClose={close} />
      <PlanDialog pairId={pair.id} open={planning === "one"} onClose={close} />
    </div>
  );
}
