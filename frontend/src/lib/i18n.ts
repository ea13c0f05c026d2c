import { i18n, type Messages } from "@lingui/core";
import { storage } from "./storage";

export const LOCALES = ["fi", "sv", "en"] as const;
export type Locale = (typeof LOCALES)[number];

/** Each language in its own words, so that everybody finds theirs. */
export const LOCALE_NAMES: Record<Locale, string> = { fi: "Suomi", sv: "Svenska", en: "English" };

type Catalog = () => Promise<{ messages: Messages }>;
const shared: Record<Locale, Catalog> = {
  fi: () => import("#/locales/fi.po"),
  sv: () => import("#/locales/sv.po"),
  en: () => import("#/locales/en.po"),
};
const manage: Record<Locale, Catalog> = {
  fi: () => import("#/locales/manage/fi.po"),
  sv: () => import("#/locales/manage/sv.po"),
  en: () => import("#/locales/manage/en.po"),
};
let managing = false;

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
  const catalogs = await Promise.all([shared[locale](), ...(managing ? [manage[locale]()] : [])]);
  i18n.load(locale, Object.assign({}, ...catalogs.map((catalog) => catalog.messages)));
  i18n.activate(locale);
  document.documentElement.lang = locale;
  storage.set("vuoro-locale", locale);
}

/** Adds the words of the management pages; called by their routes before they show. */
export async function loadManageWords(): Promise<void> {
  if (managing) return;
  managing = true;
  const locale = isLocale(i18n.locale) ? i18n.locale : firstLocale();
  i18n.load(locale, (await manage[locale]()).messages);
}

/** Content that exists in several languages, in the reader's. */
export function pick(text: Record<Locale, string>, locale: string): string {
  return (isLocale(locale) && text[locale]) || text.en || text.fi;
}
