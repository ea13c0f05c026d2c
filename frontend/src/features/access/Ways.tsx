import { Trans, useLingui } from "@lingui/react/macro";
import { Building2, Fingerprint, Mail } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { $api, client } from "#/api/client";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { TextField } from "#/ui/Field";
import { EnterCode } from "./EnterCode";
import { Or } from "./Frame";
import { canPasskeys, canSuggest, DeviceSaidNo, signInByPasskey } from "./passkey";
import { passkeyTrouble } from "./words";

/** The ways in: the organization's own, a passkey, or a code by mail. The address decides which comes next. */
export function Ways({ next, onDone }: { next: string; onDone: () => void }) {
  const { t } = useLingui();
  const [email, setEmail] = useState("");
  const [error, setError] = useState<string>();
  const [own, setOwn] = useState<{ label: string; url: string }>();
  const [trouble, setTrouble] = useState<string>();
  const [busy, setBusy] = useState<"mail" | "passkey">();
  const suggested = useRef<AbortController>(undefined);
  const done = useRef(onDone);
  done.current = onDone;
  const ask = $api.useMutation("post", "/v1/logins");

  // The browser shows passkeys in the mail field's own list, where it can.
  useEffect(() => {
    const stop = new AbortController();
    suggested.current = stop;
    (async () => {
      if (!(await canSuggest()) || stop.signal.aborted) return;
      await signInByPasskey(stop.signal, true);
      done.current();
    })().catch((cause) => {
      if (!(cause instanceof DeviceSaidNo) && !stop.signal.aborted) setTrouble(passkeyTrouble(cause));
    });
    return () => stop.abort();
  }, []);

  async function byPasskey() {
    suggested.current?.abort();
    setBusy("passkey");
    setTrouble(undefined);
    try {
      await signInByPasskey();
      onDone();
    } catch (cause) {
      setTrouble(passkeyTrouble(cause));
    }
    setBusy(undefined);
  }
  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const address = String(new FormData(event.currentTarget).get("email")).trim();
    if (!/^\S+@\S+\.\S+$/u.test(address)) return setError(t`Write your work email, like anna@company.com.`);
    setError(undefined);
    setEmail(address);
    setBusy("mail");
    // The organization's own way may be out of order: a code by mail then does.
    const found = await client
      .POST("/v1/logins/oidc", { body: { email: address, next, fresh: false } })
      .catch(() => undefined);
    const { label, authorization_url: url } = found?.data ?? {};
    if (label && url) setOwn({ label, url });
    else ask.mutate({ body: { email: address } });
    setBusy(undefined);
  }

  if (ask.isSuccess)
    return (
      <EnterCode
        email={email}
        onDone={onDone}
        onAgain={() => ask.mutate({ body: { email } })}
        onBack={() => {
          ask.reset();
          setOwn(undefined);
        }}
      />
    );
  if (own)
    return (
      <Card title={<Trans>Welcome</Trans>} lead={email}>
        <div className="flex flex-col gap-4">
          <a href={own.url} className={buttonLook({ tone: "primary", full: true })}>
            <Building2 size={18} aria-hidden className="shrink-0" />
            <Trans>Sign in with {own.label}</Trans>
          </a>
          <Or />
          <Button full icon={Mail} busy={ask.isPending} onClick={() => ask.mutate({ body: { email } })}>
            <Trans>Mail me a code</Trans>
          </Button>
          <Button tone="quiet" full onClick={() => setOwn(undefined)}>
            <Trans>Another address</Trans>
          </Button>
        </div>
      </Card>
    );
  return (
    <Card title={<Trans>Sign in</Trans>} lead={<Trans>No password to remember.</Trans>}>
      <div className="flex flex-col gap-4">
        <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
          <TextField
            label={t`Work email`}
            name="email"
            type="email"
            inputMode="email"
            autoComplete="username webauthn"
            defaultValue={email}
            error={error}
          />
          <Button type="submit" tone="primary" icon={Mail} full busy={ask.isPending || busy === "mail"}>
            <Trans>Go on</Trans>
          </Button>
        </form>
        {canPasskeys() && (
          <>
            <Or />
            <Button icon={Fingerprint} full busy={busy === "passkey"} onClick={byPasskey}>
              <Trans>Sign in with a passkey</Trans>
            </Button>
          </>
        )}
        {trouble && (
          <p role="alert" className="text-sm font-semibold text-lingon-text">
            {trouble}
          </p>
        )}
      </div>
    </Card>
  );
}
