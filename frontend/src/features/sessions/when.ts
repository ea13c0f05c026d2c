import { useLingui } from "@lingui/react/macro";
import type { MentoringSession } from "#/api/types";
import { useFormat } from "#/lib/format";

type Timed = Pick<MentoringSession, "starts_at" | "ends_at">;

export function minutesOf(session: Timed): number | null {
  if (!session.starts_at || !session.ends_at) return null;
  return Math.round((Date.parse(session.ends_at) - Date.parse(session.starts_at)) / 60_000);
}

/** "Tomorrow at 10:00, 45 min" */
export function useWhen(): (session: Timed) => string {
  const { t } = useLingui();
  const format = useFormat();
  return (session) => {
    if (!session.starts_at) return t`Time not agreed yet`;
    const day = format.day(session.starts_at);
    const time = format.time(session.starts_at);
    const minutes = minutesOf(session);
    return minutes ? t`${day} at ${time}, ${minutes} min` : t`${day} at ${time}`;
  };
}

/** A local day and time as a moment: "2026-12-02", "10:00". Null when either is missing. */
export function toMoment(day: string, time: string): string | null {
  const at = new Date(`${day}T${time}`);
  return day && time && !Number.isNaN(at.getTime()) ? at.toISOString().replace(/\.\d{3}/u, "") : null;
}

/** "2026-12-02" of a moment, in the reader's zone. */
export function dayOf(at: Date): string {
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
}

/** A few of many free times, from different days as far as there are any, in order. */
export function spread<T extends { starts_at: string }>(times: T[], most: number): T[] {
  const rounds = new Map<string, T[]>();
  for (const time of times) {
    const day = dayOf(new Date(time.starts_at));
    rounds.set(day, [...(rounds.get(day) ?? []), time]);
  }
  const days = [...rounds.values()];
  const longest = Math.max(0, ...days.map((day) => day.length));
  return Array.from({ length: longest }, (_, round) => days.flatMap((day) => day[round] ?? []))
    .flat()
    .slice(0, most)
    .sort((a, b) => a.starts_at.localeCompare(b.starts_at));
}
