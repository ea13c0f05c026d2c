import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { RetentionOut } from "#/api/types";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { TextField } from "#/ui/Field";
import { Skeleton } from "#/ui/states";
import { toast } from "#/ui/toast";

const CHOICES = {
  words_days: msg`Notes and all that pairs write, after their end`,
  participation_days: msg`Who took part, sessions and matching, after a programme`,
  leavers_days: msg`People who have left the organization`,
  access_log_days: msg`Who looked at whose data`,
  deliveries_days: msg`The log of mails`,
  concerns_days: msg`Concerns, after they were closed`,
} satisfies Record<string, MessageDescriptor>;
type Choice = keyof typeof CHOICES;
const NAMES = Object.keys(CHOICES) as Choice[];

/** Days, within what law and promise leave. */
export function Retention() {
  const found = useQuery($api.queryOptions("get", "/v1/organization/retention"));
  return (
    <Card title={<Trans>How long data is kept</Trans>} lead={<Trans>In days; then it goes by itself</Trans>}>
      <Loaded query={found} skeleton={<Skeleton lines={8} />}>
        {(settings) => <Days key={settings.version} settings={settings} />}
      </Loaded>
    </Card>
  );
}

function Days({ settings }: { settings: RetentionOut }) {
  const { t, i18n } = useLingui();
  const [days, setDays] = useState<Record<Choice, string>>(
    () => Object.fromEntries(NAMES.map((name) => [name, String(settings[name])])) as Record<Choice, string>,
  );
  const change = $api.useMutation("patch", "/v1/organization/retention", {
    onSuccess: () => toast(t`Kept for as long as you said.`),
  });
  const limits = (name: Choice) => settings.limits[name] ?? { least: 0, most: 0 };
  function wrong(name: Choice): string | undefined {
    const { least, most } = limits(name);
    const number = Number(days[name]);
    return Number.isInteger(number) && days[name] !== "" && number >= least && number <= most
      ? undefined
      : t`${least} to ${most} days`;
  }
  function onSubmit(event: FormEvent) {
    event.preventDefault();
    if (NAMES.some(wrong)) return;
    const body = Object.fromEntries(NAMES.map((name) => [name, Number(days[name])])) as Record<
      Choice,
      number
    >;
    change.mutate({ headers: ifMatch(settings), body });
  }
  return (
    <form onSubmit={onSubmit} noValidate className="grid grid-cols-1 items-end gap-4 sm:grid-cols-2">
      {NAMES.map((name) => {
        const { least, most } = limits(name);
        return (
          <TextField
            key={name}
            label={i18n._(CHOICES[name])}
            type="number"
            inputMode="numeric"
            min={least}
            max={most}
            className="max-w-32"
            hint={t`${least} to ${most} days`}
            error={wrong(name)}
            value={days[name]}
            onChange={(event) => setDays({ ...days, [name]: event.target.value })}
          />
        );
      })}
      <div className="sm:col-span-2">
        <Button type="submit" tone="primary" busy={change.isPending}>
          <Trans>Save</Trans>
        </Button>
      </div>
    </form>
  );
}
