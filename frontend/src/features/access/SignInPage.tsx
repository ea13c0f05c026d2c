import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowRight, KeyRound, TriangleAlert } from "lucide-react";
import { useDeferredValue, useEffect, useState } from "react";
import { $api } from "#/api/client";
import { problemWords, wordsFor } from "#/api/problems";
import { pick } from "#/lib/i18n";
import { Avatar } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Notice } from "#/ui/Notice";
import { Frame } from "./Frame";
import { insideOf } from "./inside";
import { personasQuery } from "./personas";
import { Ways } from "./Ways";

export function SignInPage({ onDone }: { onDone?: () => void }) {
  const { t, i18n } = useLingui();
  const { next, problem, step } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const asked = useDeferredValue(!useQuery(personasQuery()).isPending);
  // Read once, then taken out of the address, so that no history keeps it.
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get("token"));
  useEffect(() => {
    if (token) history.replaceState(history.state, "", location.pathname + location.search);
  }, [token]);
  const inside = insideOf(next);
  function enter() {
    queryClient.clear();
    onDone?.();
    if (step) navigate({ to: "/sign-in", search: { step }, replace: true });
    else navigate({ to: inside, replace: true });
  }
  return (
    <Frame
      title={t`Sign in`}
      heading={<Trans>Whose turn is it to speak?</Trans>}
      lead={
        <Trans>
          In Vuoro the early-career mentor the seasoned. No big idea is needed: a different view is enough,
          and both learn.
        </Trans>
      }
      aside={<Landscape />}
    >
      {problem && (
        <div role="alert">
          <Notice tone="lingon" icon={TriangleAlert} title={<Trans>You aren't signed in yet</Trans>}>
            {i18n._(wordsFor(problem))}
          </Notice>
        </div>
      )}
      {token ? (
        <Redeem token={token} onDone={enter} />
      ) : (
        // All at once: a list that came later would push the form away.
        asked && (
          <>
            <Personas onDone={enter} />
            <Ways next={inside} onDone={enter} />
          </>
        )
      )}
    </Frame>
  );
}

/** A link from a mail signs in on a press, never by being opened: mail scanners open links too. */
function Redeem({ token, onDone }: { token: string; onDone: () => void }) {
  const { i18n } = useLingui();
  const redeem = $api.useMutation("post", "/v1/logins/redeem", { onSuccess: onDone, meta: { quiet: true } });
  const elsewhere = redeem.error?.code === "other_browser";
  const name = String(redeem.error?.params.name ?? "");
  return (
    <Card
      title={elsewhere ? <Trans>Is this you, {name}?</Trans> : <Trans>Welcome in</Trans>}
      lead={
        elsewhere ? (
          <Trans>You asked for this link in another browser. It signs {name} in here.</Trans>
        ) : (
          <Trans>This link works once, and only for you.</Trans>
        )
      }
    >
      <Button
        tone="primary"
        full
        icon={KeyRound}
        busy={redeem.isPending}
        onClick={() => redeem.mutate({ body: { token, elsewhere } })}
      >
        {elsewhere ? <Trans>Yes, sign me in here</Trans> : <Trans>Sign in</Trans>}
      </Button>
      {elsewhere && (
        <p className="mt-3 text-sm text-ink-3">
          <Trans>Not you, or you came by this link from somebody else? Close this page.</Trans>
        </p>
      )}
      {redeem.isError && !elsewhere && (
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
