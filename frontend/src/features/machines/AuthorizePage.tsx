import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Check, Smartphone } from "lucide-react";
import { useEffect } from "react";
import { $api } from "#/api/client";
import { ProblemError, problemWords } from "#/api/problems";
import { useMe, useSignOut } from "#/features/identity/me";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Mark } from "#/ui/Mark";
import { ErrorState, Skeleton } from "#/ui/states";
import { IconTile } from "#/ui/Tag";
import { Toasts } from "#/ui/toast";
import { APP_SCOPES } from "./appScopes";

/** An app asks to act for the person who is signed in. Nothing goes to the app before they answer. */
export function AuthorizePage() {
  const { t } = useLingui();
  useEffect(() => {
    document.title = `${t`Let an app in`} · Vuoro`;
  }, [t]);
  return (
    <div className="flex min-h-dvh flex-col items-center gap-6 px-4 py-10 sm:py-16">
      <header className="flex items-center gap-3 font-display text-xl font-bold">
        <Mark size={36} />
        Vuoro
      </header>
      <main className="w-full max-w-lg">
        <Request />
      </main>
      <Toasts closeLabel={t`Close`} />
    </div>
  );
}

function Request() {
  const { t, i18n } = useLingui();
  const search = useSearch({ from: "/authorize" });
  const asked = {
    client_id: search.client_id ?? "",
    redirect_uri: search.redirect_uri ?? "",
    response_type: search.response_type ?? "",
    code_challenge: search.code_challenge ?? "",
    code_challenge_method: search.code_challenge_method ?? "",
    ...(search.scope === undefined ? {} : { scope: search.scope }),
    ...(search.state === undefined ? {} : { state: search.state }),
  };
  const request = useQuery(
    $api.queryOptions("get", "/v1/me/app-request", { params: { query: asked } }, { staleTime: Infinity }),
  );
  const answer = $api.useMutation("post", "/v1/me/app-request", {
    onSuccess: ({ redirect_to }) => location.assign(redirect_to),
  });
  const { mutate, isIdle } = answer;
  const known = request.data?.known ?? false;
  useEffect(() => {
    // Asked once: who said yes before goes straight on.
    if (known && isIdle) mutate({ body: { ...asked, allow: true } });
  });
  if (answer.data) return <Sent to={answer.data.redirect_to} />;
  if (request.isError) {
    const ours = request.error instanceof ProblemError && [404, 422].includes(request.error.status);
    return (
      <Card>
        <h1 className="sr-only">{t`Let an app in`}</h1>
        <ErrorState
          title={t`This app can't be let in`}
          detail={
            ours
              ? t`Your organization doesn't know it, or its request is broken. Nothing was sent to it. Tell its makers, or whoever sent you here.`
              : i18n._(problemWords(request.error))
          }
        />
      </Card>
    );
  }
  if (!request.data || (known && !answer.isError)) return <Skeleton card lines={5} />;
  return (
    <Question
      name={request.data.name}
      scopes={request.data.scopes}
      busy={answer.isPending}
      onAnswer={(allow) => answer.mutate({ body: { ...asked, allow } })}
    />
  );
}

function Question({
  name,
  scopes,
  busy,
  onAnswer,
}: {
  name: string;
  scopes: (keyof typeof APP_SCOPES)[];
  busy: boolean;
  onAnswer: (allow: boolean) => void;
}) {
  const { i18n } = useLingui();
  const me = useMe();
  const { mutate: signOut } = useSignOut();
  const person = me.person?.display_name ?? "";
  const company = me.organization.name;
  return (
    <Card>
      <div className="flex flex-col gap-5 sm:p-2">
        <div className="flex items-start gap-4">
          <IconTile tone="lake">
            <Smartphone size={20} />
          </IconTile>
          <div className="min-w-0">
            <h1 className="font-display text-2xl leading-tight font-bold break-words">
              <Trans>{name} asks to act for you</Trans>
            </h1>
            <p className="mt-1 text-ink-3">
              <Trans>
                You are {person}, {company}.
              </Trans>
            </p>
          </div>
        </div>
        <div>
          <h2 className="mb-2 text-sm font-semibold">
            <Trans>It could</Trans>
          </h2>
          <ul className="flex flex-col gap-3">
            {scopes.map((scope) => (
              <li key={scope} className="flex gap-3">
                <Check size={20} aria-hidden className="mt-0.5 shrink-0 text-spruce-text" />
                <div>
                  <p className="font-semibold">{i18n._(APP_SCOPES[scope].label)}</p>
                  <p className="text-sm text-ink-2">{i18n._(APP_SCOPES[scope].hint)}</p>
                </div>
              </li>
            ))}
          </ul>
        </div>
        <p className="rounded-xl bg-sunken p-3 text-sm text-ink-2">
          <Trans>
            It never gets what you sign in with, nor the rights of a programme manager or admin. You can take
            the access away at any time on your own page, under Me.
          </Trans>
        </p>
        <div className="flex flex-wrap gap-2">
          <Button tone="primary" busy={busy} className="grow" onClick={() => onAnswer(true)}>
            <Trans>Let it in</Trans>
          </Button>
          <Button busy={busy} className="grow" onClick={() => onAnswer(false)}>
            <Trans>Not now</Trans>
          </Button>
        </div>
        <p className="text-sm text-ink-3">
          <Trans>Not you, or didn't you ask for this?</Trans>{" "}
          <button
            type="button"
            className="min-h-6 font-semibold text-spruce-text underline"
            onClick={() => signOut({})}
          >
            <Trans>Sign out</Trans>
          </button>
        </p>
      </div>
    </Card>
  );
}

/** The browser is on its way; a phone may keep the page open behind the app. */
function Sent({ to }: { to: string }) {
  return (
    <Card>
      <div role="status" className="flex flex-col items-start gap-4">
        <h1 className="font-display text-2xl font-bold">
          <Trans>Back to the app</Trans>
        </h1>
        <p className="text-ink-2">
          <Trans>If it doesn't open by itself, press the button. You can close this page.</Trans>
        </p>
        <a href={to} className={buttonLook({ tone: "primary" })}>
          <Trans>Open the app</Trans>
        </a>
      </div>
    </Card>
  );
}
