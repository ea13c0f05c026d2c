import { useLingui } from "@lingui/react";
import { useMemo } from "react";
import { capitalize } from "./text";

const TAGS: Record<string, string> = { fi: "fi-FI", sv: "sv-SE", en: "en-GB" };

/** Whole calendar days from one moment to another, in the reader's own zone. */
export function daysBetween(from: Date, to: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(to) - midnight(from)) / 86_400_000);
}

/** As Intl.RelativeTimeFormat says them, which takes a slow phone a tenth of a second to make. */
const NEAR: Record<string, string[]> = {
  fi: ["Eilen", "Tänään", "Huomenna"],
  sv: ["I går", "I dag", "I morgon"],
  en: ["Yesterday", "Today", "Tomorrow"],
};

/** Made at its first use and kept: the browser takes milliseconds to make one. */
const kept = new Map<string, unknown>();
function once<T>(key: string, make: () => T): T {
  if (!kept.has(key)) kept.set(key, make());
  return kept.get(key) as T;
}

const DATES = {
  time: { hour: "2-digit", minute: "2-digit" },
  day: { weekday: "short", day: "numeric", month: "short" },
  date: { day: "numeric", month: "short", year: "numeric" },
  dateTime: { dateStyle: "medium", timeStyle: "short" },
  month: { month: "short", timeZone: "UTC" },
} satisfies Record<string, Intl.DateTimeFormatOptions>;
const NUMBERS = {
  number: { maximumFractionDigits: 1 },
  percent: { style: "percent", maximumFractionDigits: 0 },
} satisfies Record<string, Intl.NumberFormatOptions>;

export function makeFormat(locale: string) {
  const tag = TAGS[locale] ?? locale;
  const dates = (kind: keyof typeof DATES, at: Date) =>
    once(`${tag} ${kind}`, () => new Intl.DateTimeFormat(tag, DATES[kind])).format(at);
  const numbers = (kind: keyof typeof NUMBERS, value: number) =>
    once(`${tag} ${kind}`, () => new Intl.NumberFormat(tag, NUMBERS[kind])).format(value);
  const inDays = (days: number) =>
    once(tag, () => new Intl.RelativeTimeFormat(tag, { numeric: "auto" })).format(days, "day");
  return {
    /** "10:00" */
    time: (at: string | Date) => dates("time", new Date(at)),
    /** "Tomorrow", "Tue 2 Dec" */
    day(at: string | Date, now = new Date()): string {
      const distance = daysBetween(now, new Date(at));
      return NEAR[locale]?.[distance + 1] ?? capitalize(dates("day", new Date(at)));
    },
    /** "2 Dec 2026"; a plain day "2026-12-02" is not moved by the zone. */
    date: (at: string) => dates("date", new Date(at.length === 10 ? `${at}T12:00:00` : at)),
    dateTime: (at: string) => dates("dateTime", new Date(at)),
    /** "2026-10" → "Oct" */
    month: (yearMonth: string) =>
      dates("month", new Date(`${yearMonth}-15T00:00:00Z`)).replace(/kuu$|\.$/u, ""),
    number: (value: number) => numbers("number", value),
    /** 0.83 → "83%" */
    percent: (share: number) => numbers("percent", share),
    /** "in 3 days" */
    inDays: (at: string, now = new Date()) => inDays(daysBetween(now, new Date(at))),
  };
}

export type Format = ReturnType<typeof makeFormat>;

export function useFormat(): Format {
  const { i18n } = useLingui();
  return useMemo(() => makeFormat(i18n.locale), [i18n.locale]);
}
