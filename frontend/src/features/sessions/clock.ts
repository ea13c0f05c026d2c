type Side = "mentor" | "mentee";

/** A talk's clock: running since a moment (ms) or standing, with what was spent before (ms), and who begins. */
export interface Clock {
  since: number | null;
  spent: number;
  first: Side;
}

export const STOPPED: Clock = { since: null, spent: 0, first: "mentor" };

export function spentAt(clock: Clock, now: number): number {
  return clock.spent + (clock.since === null ? 0 : Math.max(0, now - clock.since));
}

export function start(clock: Clock, now: number): Clock {
  return clock.since === null ? { ...clock, since: now } : clock;
}

export function pause(clock: Clock, now: number): Clock {
  return { ...clock, since: null, spent: spentAt(clock, now) };
}

/** Whose half it is, what is left of it and of all (ms), and the share that went by, of `planned` ms. */
export function turnAt(clock: Clock, planned: number, now: number) {
  const spent = spentAt(clock, now);
  const half = spent < planned / 2 ? 1 : 2;
  const second: Side = clock.first === "mentor" ? "mentee" : "mentor";
  return {
    half,
    turn: half === 1 ? clock.first : second,
    left: Math.max(0, planned - spent),
    leftOfTurn: Math.max(0, half === 1 ? planned / 2 - spent : planned - spent),
    share: planned > 0 ? Math.min(1, spent / planned) : 1,
    over: spent >= planned,
  };
}

/** "22:30" of ms; a begun second counts. */
export function minutesAndSeconds(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
