import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useEffect } from "react";
import { $api } from "#/api/client";
import { activateLocale, LOCALE_NAMES, LOCALES } from "#/lib/i18n";
import { Mark } from "#/ui/Mark";
import { Toasts } from "#/ui/toast";

/** The one that a link names, where several are here. */
function organization(): { organization?: string } {
  const named = new URLSearchParams(location.search).get("organization");
  return named ? { organization: named } : {};
}

/** A page before the app opens: the name, the languages, and one thing to do. */
export function Frame({
  title,
  heading,
  lead,
  aside,
  children,
}: {
  title: string;
  heading: ReactNode;
  lead: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const { t, i18n } = useLingui();
  useEffect(() => {
    document.title = `${title} · Vuoro`;
  }, [title]);
  const { data: look } = $api.useQuery(
    "get",
    "/v1/branding",
    { params: { query: organization() } },
    { retry: false, staleTime: Number.POSITIVE_INFINITY, meta: { quiet: true } },
  );
  useEffect(() => {
    if (look) document.documentElement.dataset.accent = look.accent;
  }, [look]);
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="mx-auto flex w-full max-w-5xl flex-wrap items-center justify-between gap-3 p-4 sm:p-6">
        <span className="flex items-center gap-3 font-display text-xl font-bold">
          {look?.logo_url ? (
            <img
              src={look.logo_url}
              alt=""
              className="h-10 max-w-40 rounded-lg bg-white object-contain p-0.5"
            />
          ) : (
            <Mark size={36} />
          )}
          Vuoro
          {look?.name && <span className="text-base font-semibold text-ink-2">{look.name}</span>}
        </span>
        <nav aria-label={t`Language`} className="flex gap-1">
          {LOCALES.map((locale) => (
            <button
              key={locale}
              type="button"
              lang={locale}
              aria-pressed={i18n.locale === locale}
              onClick={() => activateLocale(locale)}
              className="min-h-11 rounded-xl px-3 text-sm font-semibold text-ink-2 hover:bg-sunken aria-pressed:bg-spruce-soft aria-pressed:text-spruce-text forced-colors:aria-pressed:outline-2 sm:min-h-10"
            >
              {LOCALE_NAMES[locale]}
            </button>
          ))}
        </nav>
      </header>
      <main className="mx-auto grid w-full max-w-5xl grow grid-cols-1 content-start gap-8 px-4 pt-4 pb-16 sm:px-6 lg:grid-cols-[minmax(0,1fr)_26rem] lg:gap-12 lg:pt-12">
        <div className="flex flex-col gap-6">
          <h1 className="max-w-lg font-display text-[2rem] leading-[1.1] font-bold tracking-[-0.015em] sm:text-[2.75rem]">
            {heading}
          </h1>
          <p className="max-w-lg text-lg text-ink-2">{lead}</p>
          {aside}
        </div>
        <div className="flex flex-col gap-5">{children}</div>
      </main>
      <Toasts closeLabel={t`Close`} />
    </div>
  );
}

/** A line with a word in its middle, between two ways. */
export function Or() {
  return (
    <p className="flex items-center gap-3 text-sm text-ink-3 before:h-px before:grow before:bg-line after:h-px after:grow after:bg-line">
      <Trans>or</Trans>
    </p>
  );
}
