import { Trans, useLingui } from "@lingui/react/macro";
import { AtSign } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api } from "#/api/client";
import { fieldErrors, problemWords } from "#/api/problems";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";

/** One's own work address: another one counts when its code was typed here. */
export function MyAddress() {
  const { t, i18n } = useLingui();
  const mine = $api.useQuery("get", "/v1/me/address");
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState("");
  const ask = $api.useMutation("post", "/v1/me/address", { meta: { quiet: true } });
  const confirm = $api.useMutation("post", "/v1/me/address/confirm", {
    meta: { quiet: true },
    onSuccess: () => {
      ask.reset();
      setOpen(false);
      toast(t`Your address is changed.`);
    },
  });
  function onAsk(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get("email")).trim();
    setWanted(email);
    ask.mutate({ body: { email } });
  }
  function onConfirm(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code")).replace(/\D/gu, "");
    confirm.mutate({ body: { code } });
  }
  if (!mine.data) return null;
  return (
    <Card title={<Trans>My work address</Trans>} lead={mine.data.email ?? t`None yet`}>
      {!open ? (
        <Button icon={AtSign} onClick={() => setOpen(true)}>
          <Trans>Use another address</Trans>
        </Button>
      ) : ask.isSuccess ? (
        <form onSubmit={onConfirm} className="flex flex-col gap-4">
          <p role="status" className="text-sm break-words text-ink-2">
            <Trans>A code is on its way to {wanted}. Your old address is told as well.</Trans>
          </p>
          <TextField
            label={t`Code`}
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            error={confirm.isError ? i18n._(problemWords(confirm.error)) : undefined}
          />
          <Button type="submit" tone="primary" busy={confirm.isPending}>
            <Trans>This address is mine</Trans>
          </Button>
        </form>
      ) : (
        <form onSubmit={onAsk} className="flex flex-col gap-4">
          <TextField
            label={t`New work email`}
            name="email"
            type="email"
            autoComplete="email"
            required
            error={
              ask.isError ? (fieldErrors(ask.error).email ?? i18n._(problemWords(ask.error))) : undefined
            }
          />
          <Button type="submit" tone="primary" busy={ask.isPending}>
            <Trans>Mail me a code</Trans>
          </Button>
        </form>
      )}
    </Card>
  );
}
