import { Trans, useLingui } from "@lingui/react/macro";
import { MailCheck } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api } from "#/api/client";
import { problemWords } from "#/api/problems";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { TextField } from "#/ui/Field";

/** The eight digits of the mail; the last one typed or pasted sends them. */
export function EnterCode({
  email,
  onDone,
  onAgain,
  onBack,
}: {
  email: string;
  onDone: () => void;
  onAgain: () => void;
  onBack?: () => void;
}) {
  const { t, i18n } = useLingui();
  const [code, setCode] = useState("");
  const [again, setAgain] = useState(false);
  const enter = $api.useMutation("post", "/v1/logins/code", { onSuccess: onDone, meta: { quiet: true } });
  const digits = (text: string) => text.replace(/\D/gu, "").slice(0, 8);
  function send(text: string) {
    if (text.length === 8 && !enter.isPending) enter.mutate({ body: { code: text } });
  }
  function onSubmit(event: FormEvent) {
    event.preventDefault();
    send(code);
  }
  return (
    <Card>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <div role="status" className="flex gap-4">
          <MailCheck size={24} aria-hidden className="mt-0.5 shrink-0 text-spruce-text" />
          <div className="min-w-0">
            <h2 className="text-lg font-semibold">
              {again ? <Trans>Look in your mail again</Trans> : <Trans>Look in your mail</Trans>}
            </h2>
            <p className="text-sm break-words text-ink-3">
              <Trans>
                If {email} is known here, a code of eight digits is on its way. It works for ten minutes, in
                this browser.
              </Trans>
            </p>
          </div>
        </div>
        <TextField
          label={t`Code`}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
          value={code.length > 4 ? `${code.slice(0, 4)} ${code.slice(4)}` : code}
          onChange={({ target }) => {
            const typed = digits(target.value);
            setCode(typed);
            send(typed);
          }}
          error={enter.isError ? i18n._(problemWords(enter.error)) : undefined}
          className="text-center font-display text-2xl tracking-[0.2em] tabular-nums"
        />
        <Button type="submit" tone="primary" full busy={enter.isPending}>
          <Trans>Sign in</Trans>
        </Button>
        <div className="flex flex-wrap justify-between gap-2">
          <Button
            tone="quiet"
            onClick={() => {
              setCode("");
              enter.reset();
              setAgain(true);
              onAgain();
            }}
          >
            <Trans>Send a new code</Trans>
          </Button>
          {onBack && (
            <Button tone="quiet" onClick={onBack}>
              <Trans>Another address</Trans>
            </Button>
          )}
        </div>
      </form>
    </Card>
  );
}
