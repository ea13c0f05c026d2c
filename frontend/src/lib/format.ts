import { useLingui } from "@lingui/react";
import { useMemo } from "react";
import { capitalize } from "./text";

const TAGS: Record<string, string> = { fi: "fi-FI", sv: "sv-SE", en: "en-GB" };

/** Whole calendar days from one moment to another, in the reader's own zone. */
export function daysBetween(from: Date, to: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(to) - midnight(from)) / 86_400_000);
}

export function makeFormat(locale: string) {
  const tag = TAGS[locale] ?? locale;
  const time = new Intl.DateTimeFormat(tag, { hour: "2-digit", minute: "2-digit" });
  const day = new Intl.DateTimeFormat(tag, { weekday: "short", day: "numeric", month: "short" });
  const date = new Intl.DateTimeFormat(tag, { day: "numeric", month: "short", year: "numeric" });
  const dateTime = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" });
  const month = new Intl.DateTimeFormat(tag, { month: "short", timeZone: "UTC" });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const number = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 0 });
  return {
    /** "10:00" */
    time: (at: string | Date) => time.format(new Date(at)),
    /** "Tomorrow", "Tue 2 Dec" */
    day(at: string | Date, now = new Date()): string {
      const distance = daysBetween(now, new Date(at));
      return capitalize(
        Math.abs(distance) <= 1 ? relative.format(distance, "day") : day.format(new Date(at)),
      );
    },
    /** "2 Dec 2026"; a plain day "2026-12-02" is not moved by the zone. */
    date: (at: string) => date.format(new Date(at.length === 10 ? `${at}T12:00:00` : at)),
    dateTime: (at: string) => dateTime.format(new Date(at)),
    /** "2026-10" → "Oct" */
    month: (yearMonth: string) =>
      month.format(new Date(`${yearMonth}-15T00:00:00Z`)).replace(/kuu$|\.$/u, ""),
    number: (value: number) => number.format(value),
    /** 0.83 → "83%" */
    percent: (share: number) => percent.format(share),
    /** "in 3 days" */
    inDays: (at: string, now = new Date()) => relative.format(daysBetween(now, new Date(at)), "day"),
  };
}

export type Format = ReturnType<typeof makeFormat>;

export function useFormat(): Format {
  const { i18n } = useLingui();
  return useMemo(() => makeFormat(i18n.locale), [i18n.locale]);
}
