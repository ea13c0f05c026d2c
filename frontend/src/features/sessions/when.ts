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
    return minutes ? t`${day} at ${time}, ${minutes} min` : t`${day} at ${time}`;
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

/** Four easy times: the next working days, mornings and afternoons in turn. */
export function easyTimes(now: Date): Date[] {
  const times: Date[] = [];
  for (let ahead = 2; times.length < 4; ahead += 1) {
    const at = new Date(now.getFullYear(), now.getMonth(), now.getDate() + ahead, times.length % 2 ? 14 : 10);
    if (at.getDay() !== 0 && at.getDay() !== 6) times.push(at);
  }
  return times;
}
