import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowRight, KeyRound, Mail, MailCheck } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { $api } from "#/api/client";
import { problemWords } from "#/api/problems";
import { activateLocale, LOCALE_NAMES, LOCALES, pick } from "#/lib/i18n";
import { Avatar } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { TextField } from "#/ui/Field";
import { Mark } from "#/ui/Mark";
import { Toasts } from "#/ui/toast";
import { personasQuery } from "./me";

export function SignInPage() {
  const { t, i18n } = useLingui();
  const { next } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  // Read once, then taken out of the address, so that no history keeps it.
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get("token"));
  useEffect(() => {
    document.title = `${t`Sign in`} · Vuoro`;
    if (token) history.replaceState(history.state, "", location.pathname + location.search);
  }, [t, token]);
  function enter() {
    queryClient.clear();
    // Only a path of this site, never another address.
    const inside = next?.startsWith("/") && !next.startsWith("//") ? next : "/";
    navigate({ to: inside, replace: true });
  }
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="mx-auto flex w-full max-w-5xl flex-wrap items-center justify-between gap-3 p-4 sm:p-6">
        <span className="flex items-center gap-3 font-display text-xl font-bold">
          <Mark size={36} />
          Vuoro
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
      <main className="mx-auto grid grid-cols-1 w-full max-w-5xl grow content-start gap-8 px-4 pt-4 pb-16 sm:px-6 lg:grid-cols-[minmax(0,1fr)_26rem] lg:gap-12 lg:pt-12">
        <div className="flex flex-col gap-6">
          <h1 className="max-w-lg font-display text-[2rem] leading-[1.1] font-bold tracking-[-0.015em] sm:text-[2.75rem]">
            <Trans>Whose turn is it to speak?</Trans>
          </h1>
          <p className="max-w-lg text-lg text-ink-2">
            <Trans>
              In Vuoro the early-career mentor the seasoned. No big idea is needed: a different view is
              enough, and both learn.
            </Trans>
          </p>
          <Landscape />
        </div>
        <div className="flex flex-col gap-5">
          {token ? <Redeem token={token} onDone={enter} /> : <Ways onDone={enter} />}
        </div>
      </main>
      <Toasts closeLabel={t`Close`} />
    </div>
  );
}

/** A link from a mail signs in on a press, never by being opened: mail scanners open links too. */
function Redeem({ token, onDone }: { token: string; onDone: () => void }) {
  const { i18n } = useLingui();
  const redeem = $api.useMutation("post", "/v1/logins/redeem", { onSuccess: onDone, meta: { quiet: true } });
  return (
    <Card title={<Trans>Welcome in</Trans>} lead={<Trans>This link works once, and only for you.</Trans>}>
      <Button
        tone="primary"
        full
        icon={KeyRound}
        busy={redeem.isPending}
        onClick={() => redeem.mutate({ body: { token } })}
      >
        <Trans>Sign in</Trans>
      </Button>
      {redeem.isError && (
        <div role="alert" className="mt-3 flex flex-col gap-3 text-sm text-ink-2">
          <p>
            {redeem.error.status === 0 ? (
              i18n._(problemWords(redeem.error))
            ) : (
              <Trans>This link has been used or is too old. Ask for a new one, it takes a moment.</Trans>
            )}
          </p>
          <a href="/sign-in" className="font-semibold text-spruce-text underline">
            <Trans>Ask for a new link</Trans>
          </a>
        </div>
      )}
    </Card>
  );
}

/** The ways in, all at once: a list that came later would push the form away. */
function Ways({ onDone }: { onDone: () => void }) {
  if (useQuery(personasQuery()).isPending) return null;
  return (
    <>
      <Personas onDone={onDone} />
      <MailLink />
    </>
  );
}

function Personas({ onDone }: { onDone: () => void }) {
  const { i18n } = useLingui();
  const personas = useQuery(personasQuery());
  const signIn = $api.useMutation("post", "/v1/demo/logins", { onSuccess: onDone });
  if (!personas.data) return null;
  return (
    <Card
      title={<Trans>Look around as</Trans>}
      lead={<Trans>A demo company. Nobody here is real.</Trans>}
      flush
    >
      <ul>
        {personas.data.items.map((persona) => (
          <li key={persona.key} className="border-t border-line">
            <button
              type="button"
              aria-busy={signIn.isPending}
              onClick={() => signIn.mutate({ body: { persona: persona.key } })}
              className="flex w-full items-center gap-4 px-5 py-3.5 text-left transition-colors hover:bg-sunken focus-visible:outline-offset-[-3px]"
            >
              <Avatar
                name={persona.display_name}
                {...(persona.role === "mentor" || persona.role === "mentee" ? { side: persona.role } : {})}
              />
              <span className="min-w-0 grow">
                <span className="block font-semibold">{persona.display_name}</span>
                <span className="block text-sm text-ink-3">
                  {persona.title} · {persona.organization_name}
                </span>
                <span className="mt-0.5 block text-sm text-ink-2">
                  {pick(persona.description, i18n.locale)}
                </span>
              </span>
              <ArrowRight size={18} aria-hidden className="shrink-0 text-ink-3" />
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function MailLink() {
  const { t } = useLingui();
  const [error, setError] = useState<string>();
  const ask = $api.useMutation("post", "/v1/logins");
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get("email")).trim();
    if (!/^\S+@\S+\.\S+$/u.test(email)) return setError(t`Write your work email, like anna@company.com.`);
    setError(undefined);
    ask.mutate({ body: { email } });
  }
  if (ask.isSuccess)
    return (
      <Card>
        <div role="status" className="flex gap-4">
          <MailCheck size={24} aria-hidden className="shrink-0 text-spruce-text" />
          <div>
            <p className="font-semibold">
              <Trans>Look in your mail</Trans>
            </p>
            <p className="text-sm text-ink-3">
              <Trans>If the address is known here, a sign-in link is on its way. It works once.</Trans>
            </p>
          </div>
        </div>
      </Card>
    );
  return (
    <Card title={<Trans>Sign in with a link</Trans>} lead={<Trans>No password to remember.</Trans>}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
        <TextField label={t`Work email`} name="email" type="email" autoComplete="email" error={error} />
        <Button type="submit" icon={Mail} full busy={ask.isPending}>
          <Trans>Send me a link</Trans>
        </Button>
      </form>
    </Card>
  );
}

function Landscape() {
  return (
    <svg
      viewBox="0 0 560 240"
      aria-hidden="true"
      className="hidden w-full max-w-lg rounded-2xl bg-deep lg:block"
    >
      <circle cx="400" cy="128" r="44" className="fill-sun" />
      <path d="M0 150C80 90 150 110 230 142s150 30 330-52v150H0Z" fill="#1d5a43" />
      <path d="M0 182c110-40 200-20 300 0s180 10 260-30v88H0Z" fill="#1c6f52" />
      <path d="M0 206c160-14 340 6 560-6v40H0Z" fill="#2b7a86" />
      <path d="M366 214h74M378 224h50" strokeWidth="3" strokeLinecap="round" className="stroke-sun" />
      <path
        d="M64 118V98a44 44 0 0 1 44-44h56M140 26l30 28-30 28"
        fill="none"
        strokeWidth="10"
        strokeLinecap="round"
        strokeLinejoin="round"
        stroke="#fff"
      />
      <circle cx="116" cy="116" r="14" className="fill-sun" />
    </svg>
  );
}
