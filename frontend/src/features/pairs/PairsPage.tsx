import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { CalendarCheck, CalendarX, Users } from "lucide-react";
import { lazy, Suspense, useDeferredValue, useMemo, useState } from "react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MentoringPair } from "#/api/types";
import { rolesOf, useMe } from "#/features/identity/me";
import { programQuery, useFollowedProgram } from "#/features/programs/queries";
import { withWords } from "#/lib/i18n";
import { PairAvatars, PairNames } from "#/ui/Avatar";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Segmented } from "#/ui/Field";
import { FilterSelect } from "#/ui/Filters";
import { Rhythm } from "#/ui/Meter";
import { Page } from "#/ui/Page";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, NoPermission, Skeleton } from "#/ui/states";
import { type Column, Table } from "#/ui/Table";
import { Tag } from "#/ui/Tag";
import { healthWords, isOver, type PairState, stateWords } from "./words";

const OverrideDialog = lazy(() => withWords("program", import("./OverrideDialog")));

/** States to look for. Those of an ended pair are left out: nobody may tell a no from a late answer. */
const STATES: PairState[] = [
  "active",
  "asked_mentor",
  "asked_mentee",
  "paused",
  "closing",
  "completed",
  "suspended_conflict",
];

export function PairsPage() {
  const { t } = useLingui();
  const { programId } = useParams({ from: "/shell/manage/programs/$programId/pairs" });
  useFollowedProgram(programId);
  const me = useMe();
  const named = me.programs.find((each) => each.id === programId);
  const mine = rolesOf(me, named ?? null);
  const manages =
    mine.has("programme_manager") ||
    me.grants.some((each) => each.role === "programme_manager" && each.program_id === programId);
  const program = useQuery({ ...programQuery(programId), enabled: manages });
  if (!manages)
    return (
      <Page title={t`Pairs`}>
        <NoPermission />
      </Page>
    );
  if (program.isError) return <Loaded query={program}>{() => null}</Loaded>;
  return <Pairs key={programId} programId={programId} name={program.data?.name ?? named?.name ?? "\u00a0"} />;
}

function Pairs({ programId, name }: { programId: string; name: string }) {
  const { t, i18n } = useLingui();
  const search = useSearch({ from: "/shell/manage/programs/$programId/pairs" });
  const navigate = useNavigate();
  const change = (next: Partial<typeof search>) =>
    void navigate({ to: ".", search: (old: typeof search) => ({ ...old, ...next }), replace: true });
  // The buttons answer at once; hundreds of rows may follow a moment later.
  const shown = useDeferredValue(search);
  const rows = useMemo(
    () => (
      <Rows
        programId={programId}
        state={shown.state as PairState | undefined}
        care={shown.needs_care === "true"}
        onClear={() =>
          void navigate({
            to: ".",
            search: (old: typeof search) => ({ ...old, state: undefined, needs_care: undefined }),
            replace: true,
          })
        }
      />
    ),
    [programId, shown.state, shown.needs_care, navigate],
  );
  return (
    <Page title={t`Pairs`} lead={name}>
      <Card
        title={<Trans>How they are doing</Trans>}
        lead={<Trans>This is all you see: topics, dates and notes are the pair's own.</Trans>}
        actions={
          <Segmented
            label={t`Which pairs`}
            value={search.needs_care === "true" ? "care" : "all"}
            options={[
              { value: "all", label: t`All` },
              { value: "care", label: t`Need care` },
            ]}
            onChange={(which) => change({ needs_care: which === "care" ? "true" : undefined })}
          />
        }
        flush
      >
        <div className="px-5 pb-4">
          <FilterSelect
            label={t`State`}
            value={search.state ?? ""}
            options={[
              { value: "", label: t`Any state` },
              ...STATES.map((value) => ({ value, label: i18n._(stateWords(value).label) })),
            ]}
            onChange={(state) => change({ state })}
          />
        </div>
        {rows}
      </Card>
    </Page>
  );
}

function Rows({
  programId,
  state,
  care,
  onClear,
}: {
  programId: string;
  state: PairState | undefined;
  care: boolean;
  onClear: () => void;
}) {
  const { t } = useLingui();
  const [decided, setDecided] = useState<string>();
  const columns = useColumns((pair) => setDecided(pair.id));
  const pairs = $api.useInfiniteQuery(
    "get",
    "/v1/pairs",
    {
      params: {
        query: { program_id: programId, limit: 50, state, needs_care: care || undefined },
      },
    },
    {
      ...byCursor,
      placeholderData: keepPreviousData,
    },
  );
  return (
    <Loaded
      query={pairs}
      skeleton={
        <div className="border-t border-line p-5">
          <Skeleton lines={8} />
        </div>
      }
    >
      {({ pages }) => {
        const rows = pages.flatMap((page) => page.items);
        if (rows.length === 0)
          return <Nothing programId={programId} state={state} care={care} onClear={onClear} />;
        return (
          <>
            <Table
              caption={t`Pairs of the program`}
              columns={columns}
              rows={rows}
              rowKey={(pair) => pair.id}
            />
            <ShowMore query={pairs}>
              <Trans>Show more pairs</Trans>
            </ShowMore>
            <Suspense>
              {rows
                .filter(({ id }) => id === decided)
                .map((pair) => (
                  <OverrideDialog key={pair.id} pair={pair} onClose={() => setDecided(undefined)} />
                ))}
            </Suspense>
          </>
        );
      }}
    </Loaded>
  );
}

function Nothing({
  programId,
  state,
  care,
  onClear,
}: {
  programId: string;
  state: PairState | undefined;
  care: boolean;
  onClear: () => void;
}) {
  const { t } = useLingui();
  const showAll = (
    <Button onClick={onClear}>
      <Trans>Show all pairs</Trans>
    </Button>
  );
  if (state) return <EmptyState icon={Users} title={t`No pair is in this state`} action={showAll} />;
  if (care)
    return (
      <EmptyState title={t`Every pair is on its way`} action={showAll}>
        <Trans>Nobody has gone quiet, and every next talk is booked.</Trans>
      </EmptyState>
    );
  return (
    <EmptyState
      icon={Users}
      title={t`No pairs yet`}
      action={
        <Link
          to="/programs/$programId/matching"
          params={{ programId }}
          className={buttonLook({ tone: "primary" })}
        >
          <Trans>Look for pairs</Trans>
        </Link>
      }
    >
      <Trans>They appear here when the mentors have been asked.</Trans>
    </EmptyState>
  );
}

/** Whether managers have something to decide about it. */
function isUndecided(pair: MentoringPair): boolean {
  const { override, lift } = pair.can;
  return pair.override !== null || override?.allowed === true || lift?.allowed === true;
}

function useColumns(onDecide: (pair: MentoringPair) => void): Column<MentoringPair>[] {
  const { t, i18n } = useLingui();
  return [
    {
      key: "pair",
      head: t`Mentor and mentee`,
      cell: (pair) => (
        <div className="flex items-center gap-3 max-md:w-[70vw]">
          <PairAvatars mentor={pair.mentor.display_name} mentee={pair.mentee.display_name} />
          <div className="min-w-0">
            <Link to="/pairs/$pairId" params={{ pairId: pair.id }} className="font-semibold hover:underline">
              <PairNames mentor={pair.mentor.display_name} mentee={pair.mentee.display_name} />
            </Link>
            <p className="text-sm text-ink-3">{pair.mentee.title}</p>
          </div>
        </div>
      ),
    },
    {
      key: "health",
      head: t`How it goes`,
      cell: (pair) => {
        const health = healthWords(pair);
        const names = `${pair.mentor.display_name} → ${pair.mentee.display_name}`;
        return (
          <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-2">
            <Tag tone={health.tone}>{i18n._(health.label)}</Tag>
            {isUndecided(pair) && (
              <Button aria-label={t`What can be done: ${names}`} onClick={() => onDecide(pair)}>
                <Trans>What can be done</Trans>
              </Button>
            )}
          </span>
        );
      },
    },
    {
      key: "rhythm",
      head: t`Talks held`,
      cell: (pair) => {
        const { held, planned, next_booked } = pair.rhythm;
        if (isOver(pair.state) && held === 0) return null;
        return (
          <span className="inline-flex items-center gap-3">
            <Rhythm
              held={held}
              planned={planned}
              next={next_booked}
              label={t`${held} of ${planned} talks held`}
            />
            <span aria-hidden className="text-sm text-ink-3">
              {held}/{planned}
            </span>
          </span>
        );
      },
    },
    {
      key: "next",
      head: t`Next talk`,
      cell: (pair) =>
        pair.state === "active" && (
          <span className="inline-flex items-center gap-1.5 text-sm text-ink-2">
            {pair.rhythm.next_booked ? (
              <>
                <CalendarCheck size={16} aria-hidden className="text-spruce-text" />
                <Trans>Booked</Trans>
              </>
            ) : (
              <>
                <CalendarX size={16} aria-hidden className="text-cloud-text" />
                <Trans>Not booked</Trans>
              </>
            )}
          </span>
        ),
    },
  ];
}
