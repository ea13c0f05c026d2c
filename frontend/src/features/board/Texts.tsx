import { Trans } from "@lingui/react/macro";
import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import { LOCALE_NAMES, LOCALES, type Locale } from "#/lib/i18n";
import { Button } from "#/ui/Button";

/** The same text in one to three languages: one to begin with, the others when asked for. */
export function Texts({
  shown,
  onShow,
  children,
}: {
  shown: Locale[];
  onShow: (shown: Locale[]) => void;
  children: (locale: Locale) => ReactNode;
}) {
  const left = LOCALES.filter((locale) => !shown.includes(locale));
  return (
    <>
      {shown.map((locale) => (
        <fieldset key={locale} className="flex flex-col gap-4">
          <legend lang={locale} className="mb-2 text-sm font-semibold text-ink-3">
            {LOCALE_NAMES[locale]}
          </legend>
          {children(locale)}
        </fieldset>
      ))}
      {left.length > 0 && (
        <div className="flex flex-wrap items-center gap-2">
          <span className="text-sm text-ink-3">
            <Trans>Also in</Trans>
          </span>
          {left.map((locale) => (
            <Button key={locale} icon={Plus} onClick={() => onShow([...shown, locale])}>
              <span lang={locale}>{LOCALE_NAMES[locale]}</span>
            </Button>
          ))}
        </div>
      )}
    </>
  );
}

/** The reader's language first, and of an older text those that it is written in. */
export function firstShown(locale: string, written?: Locale[]): Locale[] {
  return written ?? [LOCALES.find((each) => each === locale) ?? "en"];
}
