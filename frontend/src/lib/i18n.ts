import { i18n, type Messages } from "@lingui/core";
import { storage } from "./storage";

export const LOCALES = ["fi", "sv", "en"] as const;
export type Locale = (typeof LOCALES)[number];

/** Each language in its own words, so that everybody finds theirs. */
export const LOCALE_NAMES: Record<Locale, string> = { fi: "Suomi", sv: "Svenska", en: "English" };

type Catalog = () => Promise<{ messages: Messages }>;
const CATALOGS = {
  shared: {
    fi: () => import("#/locales/fi.po"),
    sv: () => import("#/locales/sv.po"),
    en: () => import("#/locales/en.po"),
  },
  access: {
    fi: () => import("#/locales/access/fi.po"),
    sv: () => import("#/locales/access/sv.po"),
    en: () => import("#/locales/access/en.po"),
  },
  directory: {
    fi: () => import("#/locales/directory/fi.po"),
    sv: () => import("#/locales/directory/sv.po"),
    en: () => import("#/locales/directory/en.po"),
  },
  manage: {
    fi: () => import("#/locales/manage/fi.po"),
    sv: () => import("#/locales/manage/sv.po"),
    en: () => import("#/locales/manage/en.po"),
  },
  matching: {
    fi: () => import("#/locales/matching/fi.po"),
    sv: () => import("#/locales/matching/sv.po"),
    en: () => import("#/locales/matching/en.po"),
  },
  member: {
    fi: () => import("#/locales/member/fi.po"),
    sv: () => import("#/locales/member/sv.po"),
    en: () => import("#/locales/member/en.po"),
  },
  prepare: {
    fi: () => import("#/locales/prepare/fi.po"),
    sv: () => import("#/locales/prepare/sv.po"),
    en: () => import("#/locales/prepare/en.po"),
  },
  program: {
    fi: () => import("#/locales/program/fi.po"),
    sv: () => import("#/locales/program/sv.po"),
    en: () => import("#/locales/program/en.po"),
  },
  room: {
    fi: () => import("#/locales/room/fi.po"),
    sv: () => import("#/locales/room/sv.po"),
    en: () => import("#/locales/room/en.po"),
  },
  systems: {
    fi: () => import("#/locales/systems/fi.po"),
    sv: () => import("#/locales/systems/sv.po"),
    en: () => import("#/locales/systems/en.po"),
  },
  care: {
    fi: () => import("#/locales/care/fi.po"),
    sv: () => import("#/locales/care/sv.po"),
    en: () => import("#/locales/care/en.po"),
  },
} satisfies Record<string, Record<Locale, Catalog>>;
type Part = keyof typeof CATALOGS;
const wanted = new Set<Part>(["shared"]);

function isLocale(text: string | null | undefined): text is Locale {
  return LOCALES.includes(text as Locale);
}

/** The language chosen before, else the browser's first that we speak, else English. */
export function firstLocale(): Locale {
  const chosen = storage.get("vuoro-locale");
  if (isLocale(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLocale) ?? "en";
}

export async function activateLocale(locale: Locale): Promise<void> {
  const catalogs = await Promise.all([...wanted].map((part) => CATALOGS[part][locale]()));
  i18n.load(locale, Object.assign({}, ...catalogs.map((catalog) => catalog.messages)));
  i18n.activate(locale);
  document.documentElement.lang = locale;
  storage.set("vuoro-locale", locale);
}

/** Adds the words of pages that not everybody opens; their routes ask for it before they show. */
export async function loadWords(part: Part): Promise<void> {
  if (wanted.has(part)) return;
  const locale = isLocale(i18n.locale) ? i18n.locale : firstLocale();
  // Not by i18n.load, which has everything on screen drawn again: nothing of it uses these words yet.
  Object.assign(i18n.messages, (await CATALOGS[part][locale]()).messages);
  wanted.add(part);
}

/** A lazily loaded page or part of one, once its words, which travel beside it, are there too. */
export async function withWords<T>(words: Part | Part[], part: Promise<T>): Promise<T> {
  const [loaded] = await Promise.all([part, ...[words].flat().map(loadWords)]);
  return loaded;
}

/** Content that exists in several languages, in the reader's. */
export function pick(text: Record<Locale, string>, locale: string): string {
  return (isLocale(locale) && text[locale]) || text.en || text.fi;
}
