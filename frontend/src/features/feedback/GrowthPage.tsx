import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Lock, Sprout } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { SkillGrowth } from "#/api/types";
import { useMe } from "#/features/identity/me";
import { pick } from "#/lib/i18n";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Scale } from "#/ui/Field";
import { Meter } from "#/ui/Meter";
import { Page } from "#/ui/Page";
import { EmptyState, Skeleton } from "#/ui/states";
import { toast } from "#/ui/toast";
import { useMissing } from "./useMissing";

type Moment = SkillGrowth["moments"][number];

const MOMENTS: Record<Moment["moment"], [name: MessageDescriptor, when: MessageDescriptor]> = {
  start: [msg`At the start`, msg`How it is now, before it all changes you.`],
  middle: [msg`Half-way`, msg`After three talks: what has moved?`],
  end: [msg`At the end`, msg`Looking back over all of it.`],
};

/** How I see my own growth, at the start, half-way and at the end; nobody else reads it. */
export function GrowthPage() {
  const { t } = useLingui();
  const growth = useQuery($api.queryOptions("get", "/v1/me/skill-growth"));
  return (
    <Page
      title={t`How I grow`}
      lead={
        <span className="flex items-start gap-2">
          <Lock size={16} aria-hidden className="mt-1 shrink-0" />
          <Trans>
            For your eyes only. Others see no single answer, only averages of five people or more.
          </Trans>
        </span>
      }
    >
      <Loaded query={growth} skeleton={<Skeleton card lines={8} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Card>
              <EmptyState icon={Sprout} title={t`Nothing to look back on yet`}>
                <Trans>It begins when you take part in a program.</Trans>
              </EmptyState>
            </Card>
          ) : (
            items.map((each) => (
              <OneProgram key={each.enrollment_id} growth={each} named={items.length > 1} />
            ))
          )
        }
      </Loaded>
    </Page>
  );
}

function OneProgram({ growth, named }: { growth: SkillGrowth; named: boolean }) {
  const { programs } = useMe();
  const [again, setAgain] = useState(false);
  const name = programs.find(({ id }) => id === growth.program_id)?.name;
  const now = growth.moments.find(({ can }) => can.rate?.allowed);
  const asks = now && (now.state === "open" || again);
  return (
    <>
      {named && <h2 className="font-display text-xl font-bold">{name}</h2>}
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        {asks && <Rate growth={growth} moment={now} onDone={() => setAgain(false)} />}
        {growth.moments.some(({ scores }) => scores) && (
          <Seen growth={growth}>
            {now?.state === "given" && !again && (
              <Button className="mt-4" onClick={() => setAgain(true)}>
                <Trans>Change my latest answers</Trans>
              </Button>
            )}
          </Seen>
        )}
      </div>
    </>
  );
}

function Rate({ growth, moment, onDone }: { growth: SkillGrowth; moment: Moment; onDone: () => void }) {
  const { t, i18n } = useLingui();
  const [missing, complete] = useMissing();
  const rate = $api.useMutation("put", "/v1/me/skill-growth", {
    onSuccess() {
      toast(t`Saved, for your eyes only.`);
      onDone();
    },
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const keys = growth.statements.map(({ key }) => key);
    if (!complete(event.currentTarget, keys)) return;
    const form = new FormData(event.currentTarget);
    const scores = Object.fromEntries(keys.map((key) => [key, Number(form.get(key))]));
    rate.mutate({ body: { enrollment_id: growth.enrollment_id, moment: moment.moment, scores } });
  }
  const [name, when] = MOMENTS[moment.moment];
  return (
    <Card title={i18n._(name)} lead={i18n._(when)}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-6">
        {growth.statements.map(({ key, text }) => (
          <Scale
            key={key}
            name={key}
            legend={pick(text, i18n.locale)}
            low={t`Not at all`}
            high={t`Fully`}
            error={missing.has(key) ? t`Choose a number from 1 to 5.` : undefined}
          />
        ))}
        <div>
          <Button type="submit" tone="primary" busy={rate.isPending}>
            <Trans>Save for myself</Trans>
          </Button>
        </div>
      </form>
    </Card>
  );
}

/** Statement by statement: how I saw it each time, and what has moved since the first. */
function Seen({ growth, children }: { growth: SkillGrowth; children: ReactNode }) {
  const { t, i18n } = useLingui();
  const rated = growth.moments.filter(({ scores }) => scores);
  return (
    <Card title={<Trans>How I have seen myself</Trans>}>
      <ul className="flex flex-col gap-5">
        {growth.statements.map(({ key, text }) => {
          const moved = growth.growth?.[key] ?? 0;
          return (
            <li key={key}>
              <p className="mb-1.5 flex items-baseline justify-between gap-3">
                <span className="font-medium">{pick(text, i18n.locale)}</span>
                {moved > 0 && (
                  <span className="shrink-0 text-sm font-semibold text-spruce-text">{t`+${moved} since the start`}</span>
                )}
              </p>
              <div className="grid grid-cols-[auto_1fr_auto] items-center gap-x-3 gap-y-1 text-xs text-ink-3">
                {rated.map(({ moment, scores }) => {
                  const name = i18n._(MOMENTS[moment][0]);
                  const value = scores?.[key] ?? 0;
                  return (
                    <div key={moment} className="contents">
                      <span>{name}</span>
                      <Meter value={value} max={5} label={t`${name}: ${value} of 5`} />
                      <span>{value}</span>
                    </div>
                  );
                })}
              </div>
            </li>
          );
        })}
      </ul>
      {children}
    </Card>
  );
}
