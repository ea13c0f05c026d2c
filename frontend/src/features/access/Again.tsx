import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Building2, Fingerprint, Mail } from "lucide-react";
import { useEffect } from "react";
import { $api, client } from "#/api/client";
import { problemWords } from "#/api/problems";
import { Button, buttonLook } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { PROVED } from "./channel";
import { EnterCode } from "./EnterCode";
import { canPasskeys, signInByPasskey } from "./passkey";
import { passkeyTrouble } from "./words";

/** Before something that opens doors or cannot be undone: the same person, once more. */
export function Again({ method, onDone }: { method: string; onDone: (proved: boolean) => void }) {
  const { t } = useLingui();
  const passkey = useMutation({ mutationFn: () => signInByPasskey(), onSuccess: () => onDone(true) });
  return (
    <Dialog open onClose={() => onDone(false)} title={t`Is it still you?`}>
      <div className="flex flex-col gap-4">
        <p className="text-ink-2">
          <Trans>This opens doors or can't be undone, so we ask once more. Then it goes on by itself.</Trans>
        </p>
        {canPasskeys() && method !== "mail" && (
          <Button
            tone="primary"
            full
            icon={Fingerprint}
            busy={passkey.isPending}
            onClick={() => passkey.mutate()}
          >
            <Trans>Use my passkey</Trans>
          </Button>
        )}
        {passkey.isError && (
          <p role="alert" className="text-sm font-semibold text-lingon-text">
            {passkeyTrouble(passkey.error)}
          </p>
        )}
        {method === "oidc" && <ByProvider onDone={() => onDone(true)} />}
        {(method === "mail" || method === "shell") && <ByMail onDone={() => onDone(true)} />}
      </div>
    </Dialog>
  );
}

/** At the organization's own sign-in, in a tab beside: this page and what is typed in it stay. */
function ByProvider({ onDone }: { onDone: () => void }) {
  const { i18n } = useLingui();
  const way = useQuery({
    queryKey: ["again"],
    retry: false,
    gcTime: 0,
    queryFn: async () => {
      const { data: me } = await client.GET("/v1/me");
      const { data } = await client.POST("/v1/logins/oidc", {
        body: { organization: me?.organization.slug ?? "", next: "/sign-in?step=proved", fresh: true },
      });
      return data ?? null;
    },
  });
  useEffect(() => {
    const channel = new BroadcastChannel(PROVED);
    channel.onmessage = () => onDone();
    return () => channel.close();
  }, [onDone]);
  if (way.isError) return <p role="alert">{i18n._(problemWords(way.error))}</p>;
  if (!way.data?.authorization_url) return null;
  return (
    <a
      href={way.data.authorization_url}
      target="_blank"
      rel="noopener opener"
      className={buttonLook({ full: true })}
    >
      <Building2 size={18} aria-hidden className="shrink-0" />
      <Trans>Sign in with {way.data.label ?? ""}</Trans>
    </a>
  );
}

function ByMail({ onDone }: { onDone: () => void }) {
  const me = $api.useQuery("get", "/v1/me/address");
  const ask = $api.useMutation("post", "/v1/logins");
  const email = me.data?.email;
  if (!email) return null;
  if (ask.isSuccess)
    return <EnterCode email={email} onDone={onDone} onAgain={() => ask.mutate({ body: { email } })} />;
  return (
    <Button
      tone="primary"
      full
      icon={Mail}
      busy={ask.isPending}
      onClick={() => ask.mutate({ body: { email } })}
    >
      <Trans>Mail me a code</Trans>
    </Button>
  );
}
