import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowLeftRight, Pause, Play, RotateCcw } from "lucide-react";
import { useEffect, useState } from "react";
import type { MentoringSession } from "#/api/types";
import { storage } from "#/lib/storage";
import { cx, firstName } from "#/lib/text";
import { Button } from "#/ui/Button";
import { type Clock, minutesAndSeconds, pause, STOPPED, start, turnAt } from "./clock";
import { minutesOf } from "./when";

const DEFAULT_MINUTES = 45;

function readClock(key: string): Clock {
  try {
    return { ...STOPPED, ...JSON.parse(storage.get(key) ?? "{}") };
  } catch {
    return STOPPED;
  }
}

/** The talk in two halves: first one's turn, then the other's. It makes no sound, and a reload does not stop it. */
export function Timer({ session }: { session: MentoringSession }) {
  const { t } = useLingui();
  const key = `vuoro-timer:${session.id}`;
  const [clock, setClock] = useState(() => readClock(key));
  const [now, setNow] = useState(Date.now);
  const minutes = minutesOf(session) ?? DEFAULT_MINUTES;
  const running = clock.since !== null;
  const begun = running || clock.spent > 0;
  const { half, turn, left, leftOfTurn, share, over } = turnAt(clock, minutes * 60_000, now);
  useEffect(() => {
    if (!running || over) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [running, over]);
  function change(next: Clock) {
    storage.set(key, next === STOPPED ? null : JSON.stringify(next));
    setClock(next);
    setNow(Date.now());
  }
  const mine = turn === session.my_part;
  const name = firstName(session[turn].display_name);
  const later = firstName(session[clock.first === "mentor" ? "mentee" : "mentor"].display_name);
  const remaining = minutesAndSeconds(left);
  return (
    <section
      aria-label={t`Time`}
      className={cx(
        "flex flex-wrap items-center gap-x-5 gap-y-4 rounded-2xl border border-line p-5 shadow-card transition-colors duration-1000",
        turn === "mentor" ? "bg-cloud-soft" : "bg-lake-soft",
      )}
    >
      <HalfTurn share={share} half={half} first={clock.first} />
      <div className="min-w-0 flex-1 basis-44">
        <p className={cx("text-lg font-semibold", turn === "mentor" ? "text-cloud-text" : "text-lake-text")}>
          {over ? (
            <Trans>The time is up. Two minutes for a good end.</Trans>
          ) : mine ? (
            begun ? (
              <Trans>Your turn</Trans>
            ) : (
              <Trans>You begin</Trans>
            )
          ) : begun ? (
            <Trans>{name}'s turn</Trans>
          ) : (
            <Trans>{name} begins</Trans>
          )}
        </p>
        <p role="timer" className="font-display text-2xl font-bold">
          {minutesAndSeconds(leftOfTurn)}
        </p>
        <p className="text-sm text-ink-2">
          {over ? <Trans>{minutes} minutes went by</Trans> : <Trans>{remaining} left in all</Trans>}
        </p>
        <p role="status" className="sr-only">
          {running && half === 2 && !over && (
            <>
              <Trans>Half-time.</Trans> {mine ? <Trans>Your turn</Trans> : <Trans>{name}'s turn</Trans>}
            </>
          )}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {running ? (
          !over && (
            <Button icon={Pause} onClick={() => change(pause(clock, Date.now()))}>
              <Trans>Pause</Trans>
            </Button>
          )
        ) : (
          <Button tone="primary" icon={Play} onClick={() => change(start(clock, Date.now()))}>
            {begun ? <Trans>Go on</Trans> : <Trans>Start the time</Trans>}
          </Button>
        )}
        {begun ? (
          <Button tone="quiet" icon={RotateCcw} onClick={() => change(STOPPED)}>
            <Trans>From the beginning</Trans>
          </Button>
        ) : (
          <Button
            tone="quiet"
            icon={ArrowLeftRight}
            onClick={() => change({ ...clock, first: clock.first === "mentor" ? "mentee" : "mentor" })}
          >
            <Trans>Let {later} begin</Trans>
          </Button>
        )}
      </div>
    </section>
  );
}

const ROUND = 2 * Math.PI * 42;

/** The mark of the house as a clock: two halves, and an arrow that turns when the turn does. */
function HalfTurn({ share, half, first }: { share: number; half: number; first: Clock["first"] }) {
  const [one, two] = first === "mentor" ? ["stroke-cloud", "stroke-lake"] : ["stroke-lake", "stroke-cloud"];
  const arc = (from: number, to: number) => `0 ${from * ROUND} ${Math.max(0, to - from) * ROUND} ${ROUND}`;
  return (
    <svg width="96" height="96" viewBox="0 0 100 100" aria-hidden="true" className="shrink-0">
      <g fill="none" strokeWidth="7" transform="rotate(-90 50 50)">
        <circle cx="50" cy="50" r="42" className="stroke-track" />
        {share > 0 && (
          <circle cx="50" cy="50" r="42" className={one} strokeDasharray={arc(0, Math.min(share, 0.5))} />
        )}
        {share > 0.5 && <circle cx="50" cy="50" r="42" className={two} strokeDasharray={arc(0.5, share)} />}
      </g>
      <g
        className="origin-center transition-transform duration-1000 ease-in-out"
        style={{ transform: half === 1 ? undefined : "rotate(180deg)" }}
      >
        <path
          d="M37 58v-4a15 15 0 0 1 15-15h12M57 30l9.5 9-9.5 9"
          fill="none"
          strokeWidth="5.5"
          strokeLinecap="round"
          strokeLinejoin="round"
          className="stroke-spruce"
        />
        <circle
          cx="50"
          cy="57"
          r="6"
          className={(half === 1) === (first === "mentor") ? "fill-cloud" : "fill-lake"}
        />
      </g>
    </svg>
  );
}
