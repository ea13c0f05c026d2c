import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { PenLine } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MentoringPair } from "#/api/types";
import { pick } from "#/lib/i18n";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Checkbox } from "#/ui/Field";
import { toast } from "#/ui/toast";
import { agreementQuery } from "./queries";

/** The agreement to read and sign: both sign before the first talk. */
export function Agreement({ pair }: { pair: MentoringPair }) {
  const { t, i18n } = useLingui();
  const agreement = useQuery(agreementQuery(pair.id));
  const [error, setError] = useState(false);
  const sign = $api.useMutation("post", "/v1/pairs/{pair_id}/agreement/sign", {
    onSuccess: () => toast(t`Signed. When both have signed, the first talk can be planned.`),
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const read = new FormData(event.currentTarget).get("read") === "on";
    setError(!read);
    if (read) sign.mutate({ params: { path: { pair_id: pair.id } } });
  }
  return (
    <Card title={<Trans>Our agreement</Trans>} lead={<Trans>Both sign before the first talk.</Trans>}>
      <Loaded query={agreement}>
        {({ text }) => <p className="mb-5 max-w-prose whitespace-pre-line">{pick(text, i18n.locale)}</p>}
      </Loaded>
      {pair.agreement.mine_signed ? (
        <p className="text-ink-3">
          <Trans>You have signed. We wait for the other one.</Trans>
        </p>
      ) : (
        <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
          <Checkbox
            name="read"
            label={t`I have read this and keep to it`}
            aria-invalid={error || undefined}
            aria-describedby={error ? "read-error" : undefined}
          />
          {error && (
            <p id="read-error" role="alert" className="text-sm font-semibold text-lingon-text">
              <Trans>Tick the box first, so that we know you have read it.</Trans>
            </p>
          )}
          <div>
            <Button type="submit" tone="primary" icon={PenLine} busy={sign.isPending}>
              <Trans>Sign</Trans>
            </Button>
          </div>
        </form>
      )}
    </Card>
  );
}
