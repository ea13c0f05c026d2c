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
  const [missing, setMissing] = useState<Set<string>>(new Set());
  const sign = $api.useMutation("post", "/v1/pairs/{pair_id}/agreement/sign", {
    onSuccess: () => toast(t`Signed. When both have signed, the first talk can be planned.`),
  });
  const promises = pair.my_side === "mentee";
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const empty = (promises ? ["read", "protects_time"] : ["read"]).filter((name) => !form.has(name));
    setMissing(new Set(empty));
    if (empty.length > 0) {
      event.currentTarget.querySelector<HTMLInputElement>(`input[name="${empty[0]}"]`)?.focus();
      return;
    }
    sign.mutate({
      params: { path: { pair_id: pair.id } },
      ...(promises && { body: { protects_time: true } }),
    });
  }
  const invalid = (name: string) =>
    missing.has(name) ? { "aria-invalid": true, "aria-describedby": "sign-error" } : {};
  return (
    <Card
      title={<Trans>Our agreement</Trans>}
      lead={
        pair.rhythm.held > 0 ? (
          <Trans>The text has been renewed. Both sign it before the next talk is planned.</Trans>
        ) : (
          <Trans>Both sign before the first talk.</Trans>
        )
      }
    >
      <Loaded query={agreement}>
        {({ text, protected_minutes_per_month: minutes }) => (
          <>
            <p className="mb-5 max-w-prose whitespace-pre-line">{pick(text, i18n.locale)}</p>
            {pair.agreement.mine_signed ? (
              <p className="text-ink-3">
                <Trans>You have signed. We wait for the other one.</Trans>
              </p>
            ) : (
              <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
                <Checkbox name="read" label={t`I have read this and keep to it`} {...invalid("read")} />
                {promises && (
                  <Checkbox
                    name="protects_time"
                    label={t`I see to it that my mentor has this time as working time`}
                    hint={t`At least ${minutes} minutes a month, for talks and for preparing them.`}
                    {...invalid("protects_time")}
                  />
                )}
                {missing.size > 0 && (
                  <p id="sign-error" role="alert" className="text-sm font-semibold text-lingon-text">
                    {missing.has("read") ? (
                      <Trans>Tick the box first, so that we know you have read it.</Trans>
                    ) : (
                      <Trans>Your mentor needs this promise before the talks begin.</Trans>
                    )}
                  </p>
                )}
                <div>
                  <Button type="submit" tone="primary" icon={PenLine} busy={sign.isPending}>
                    <Trans>Sign</Trans>
                  </Button>
                </div>
              </form>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}
