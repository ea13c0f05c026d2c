import type { MentoringSession } from "#/api/types";

/** The coming talks of one pair as its delegate reads them, the next one first. */
export function comingOf(pairId: string, sessions: MentoringSession[]): MentoringSession[] {
  return sessions
    .filter(
      (session) =>
        session.pair_id === pairId &&
        session.my_part === "delegate" &&
        (session.state === "scheduled" || session.state === "proposed"),
    )
    .toSorted((a, b) => (a.starts_at ?? "").localeCompare(b.starts_at ?? ""));
}
