import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { pick } from "#/lib/i18n";
import { Card } from "#/ui/Card";
import { agendaQuery } from "./queries";

/** A ready plan for the talk: what it is for, and one exercise. The questions stand with the agenda. */
export function Kit({ sessionId }: { sessionId: string }) {
  const { i18n } = useLingui();
  const { data } = useQuery(agendaQuery(sessionId));
  if (!data) return null;
  const { kit } = data;
  return (
    <Card title={pick(kit.title, i18n.locale)} lead={<Trans>A ready plan, if you want one</Trans>}>
      <dl className="flex flex-col gap-4">
        <Part name={<Trans>What it is for</Trans>}>{pick(kit.purpose, i18n.locale)}</Part>
        <Part name={<Trans>Try this together</Trans>}>{pick(kit.exercise, i18n.locale)}</Part>
      </dl>
    </Card>
  );
}

function Part({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm font-semibold text-spruce-text">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** How to end well, from the talk's plan. */
export function Close({ sessionId }: { sessionId: string }) {
  const { i18n } = useLingui();
  const { data } = useQuery(agendaQuery(sessionId));
  if (!data) return null;
  return <p className="text-ink-2">{pick(data.kit.close, i18n.locale)}</p>;
}
