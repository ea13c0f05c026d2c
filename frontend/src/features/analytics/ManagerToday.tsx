import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { usePrefetchQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { HeartPulse } from "lucide-react";
import { lazy, type ReactNode, Suspense, useDeferredValue } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { DashboardOut, FeedbackSummary } from "#/api/types";
import { ITEMS } from "#/features/feedback/words";
import { PairLine } from "#/features/pairs/PairLine";
import { useFormat } from "#/lib/format";
import { Card } from "#/ui/Card";
import { Meter } from "#/ui/Meter";
import { EmptyState, Skeleton } from "#/ui/states";
import { dashboardQuery } from "./queries";

const SessionsChart = lazy(() => import("./SessionsChart"));

/** How the programme does, in numbers that never show one pair's talks. */
export default function ManagerToday({ programId }: { programId: string }) {
  const dashboard = useQuery(dashboardQuery(programId));
  // Asked for together, though shown below each other.
  usePrefetchQuery(pulseQuery(programId));
  usePrefetchQuery(needQuery(programId));
  return (
    <Loaded query={dashboard} skeleton={<Skeleton card lines={5} />}>
      {(data) => (
        <>
          <Numbers dashboard={data} />
          <PairsInNeed programId={programId} />
        </>
      )}
    </Loaded>
  );
}

const pulseQuery = (program_id: string) =>
  $api.queryOptions("get", "/v1/programs/{program_id}/feedback-summary", {
    params: { path: { program_id }, query: { kind: "pulse" } },
  });
const needQuery = (program_id: string) =>
  $api.queryOptions("get", "/v1/pairs", { params: { query: { program_id, needs_care: true, limit: 7 } } });

function Numbers({ dashboard }: { dashboard: DashboardOut }) {
  const { t } = useLingui();
  const format = useFormat();
  const { pairs, enrolled } = useDeferredValue(dashboard);
  const { total, asked } = pairs;
  const { mentors, mentees } = enrolled;
  return (
    <>
      <section
        aria-label={t`In numbers`}
        className="grid grid-cols-2 overflow-hidden rounded-2xl border border-line bg-surface shadow-card xl:grid-cols-4"
      >
        <Figure
          name={<Trans>Active pairs</Trans>}
          value={format.number(pairs.active)}
          of={`/ ${format.number(total)}`}
        >
          {asked > 0 ? (
            <Trans>{asked} asked, not yet answered</Trans>
          ) : (
            <Trans>Nobody is waiting for an answer</Trans>
          )}
        </Figure>
        <Figure
          name={<Trans>Keeping their rhythm</Trans>}
          value={pairs.on_rhythm_share === null ? "–" : format.percent(pairs.on_rhythm_share)}
        >
          {pairs.on_rhythm_share === null ? <Trans>Too early to tell</Trans> : <Trans>of active pairs</Trans>}
        </Figure>
        <Figure name={<Trans>Gone quiet</Trans>} value={format.number(pairs.quiet)}>
          <Trans>nothing for three weeks</Trans>
        </Figure>
        <Figure name={<Trans>Nothing booked</Trans>} value={format.number(pairs.not_booked)}>
          <Trans>
            {mentors} mentors and {mentees} mentees take part
          </Trans>
        </Figure>
      </section>
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        <Card title={<Trans>Sessions per month</Trans>}>
          {dashboard.sessions_by_month.length > 0 ? (
            <Suspense
              fallback={
                <div className="min-h-68">
                  <Skeleton lines={8} />
                </div>
              }
            >
              <SessionsChart months={dashboard.sessions_by_month} />
            </Suspense>
          ) : (
            <EmptyState title={t`No talks yet`}>
              <Trans>The first months appear here by themselves.</Trans>
            </EmptyState>
          )}
        </Card>
        <Card title={<Trans>Pulse</Trans>}>
          <PulseWaves programId={dashboard.program.id} />
        </Card>
      </div>
    </>
  );
}

function Figure({
  name,
  value,
  of,
  children,
}: {
  name: ReactNode;
  value: string;
  of?: string;
  children: ReactNode;
}) {
  return (
    <div className="-mt-px -ml-px border-t border-l border-line p-4 sm:p-5">
      <h2 className="text-sm text-ink-3">{name}</h2>
      <p className="my-0.5">
        <span className="text-[1.75rem] leading-9 font-semibold">{value}</span>{" "}
        {of && <span className="text-ink-3">{of}</span>}
      </p>
      <p className="text-xs text-ink-3">{children}</p>
    </div>
  );
}

/** The pulse of closed waves alone: the newest in figures, the others by how far they are. */
function PulseWaves({ programId }: { programId: string }) {
  const { i18n } = useLingui();
  const summary = useQuery(pulseQuery(programId));
  return (
    <Loaded query={summary}>
      {({ waves }) => {
        const newest = waves.findLast(({ state }) => state === "published");
        const others = waves.filter((wave) => wave !== newest && wave.cohort_id === waves[0]?.cohort_id);
        return (
          <>
            {newest && <PulseCells cells={newest.cells} number={newest.number} />}
            <ul className="mt-4 flex flex-col gap-2 border-t border-line pt-4 text-sm first:mt-0 first:border-0 first:pt-0">
              {others.map(({ number, state }) => (
                <li key={number} className="flex items-center justify-between gap-4">
                  <span>
                    <Trans>After talk {number}</Trans>
                  </span>
                  <span className="text-ink-3">{i18n._(WAVES[state])}</span>
                </li>
              ))}
            </ul>
            {!newest && (
              <p className="mt-4 flex gap-3 text-sm text-ink-3">
                <HeartPulse size={18} aria-hidden className="mt-0.5 shrink-0" />
                <Trans>
                  A pulse is shown only when at least five people have answered and the wave is closed. That
                  keeps answers honest.
                </Trans>
              </p>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

type Wave = FeedbackSummary["waves"][number];

const WAVES: Record<Wave["state"], MessageDescriptor> = {
  waiting: msg`Still being answered`,
  too_few: msg`Too few answers to show`,
  published: msg`Shown`,
};

function PulseCells({ cells, number }: { cells: Wave["cells"]; number: number }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const shown = ITEMS.flatMap(([item, words]) => {
    const value = cells.find(({ name, groups }) => name === item && groups.length === 0)?.value;
    return value ? [{ item, value, name: i18n._(words) }] : [];
  });
  return (
    <>
      <p className="mb-3 text-sm text-ink-3">
        <Trans>After talk {number}, mean of 1 to 5</Trans>
      </p>
      <ul className="flex flex-col gap-3.5">
        {shown.map(({ item, value, name }) => {
          const figure = format.number(value);
          return (
            <li key={item}>
              <div className="mb-1.5 flex justify-between gap-4 text-sm">
                <span className="font-medium">{name}</span>
                <span className="shrink-0 text-ink-3">{figure}</span>
              </div>
              <Meter value={value} max={5} label={t`${name}: ${figure} of 5`} />
            </li>
          );
        })}
      </ul>
    </>
  );
}

function PairsInNeed({ programId }: { programId: string }) {
  const { t } = useLingui();
  const pairs = useQuery(needQuery(programId));
  return (
    <Card title={<Trans>Pairs needing care</Trans>} lead={<Trans>Gone quiet, or nothing booked</Trans>} flush>
      <Loaded
        query={pairs}
        skeleton={
          <div className="p-5">
            <Skeleton lines={4} />
          </div>
        }
      >
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t`Every pair is on its way`}>
              <Trans>Nobody has gone quiet, and every next talk is booked.</Trans>
            </EmptyState>
          ) : (
            <ul>
              {items.map((pair) => (
                <PairLine key={pair.id} pair={pair} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <div className="border-t border-line px-5 py-3.5">
        <Link
          to="/programs/$programId/pairs"
          params={{ programId }}
          className="text-sm font-semibold text-spruce-text hover:underline"
        >
          <Trans>See all pairs</Trans>
        </Link>
      </div>
    </Card>
  );
}
