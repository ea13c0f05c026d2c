import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { CircleCheck, CircleStop, History, Mail, Pin, Shuffle, TriangleAlert } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MatchRunOut, ProgramOut } from "#/api/types";
import { programQuery, useFollowedProgram } from "#/features/programs/queries";
import { ROLES } from "#/features/programs/words";
import { useFormat } from "#/lib/format";
import { Avatar, PairNames } from "#/ui/Avatar";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Figures } from "#/ui/Figures";
import { Fold } from "#/ui/Fold";
import { Menu } from "#/ui/Menu";
import { Notice } from "#/ui/Notice";
import { Page } from "#/ui/Page";
import { EmptyState, NoPermission, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { Early } from "./Early";
import { Going } from "./Going";
import { useRun, useStart } from "./live";
import { PublishDialog } from "./Publish";
import { Suggestions } from "./Suggestions";
import { helpWords, isSearching, pairRuleWords, RUN_STATES, ruleWords, useNear } from "./words";

const Details = lazy(() => import("./Details"));
const SetAside = lazy(() => import("./SetAside"));
const FIRST_SHOWN = 12;

export function MatchingPage() {
  const { t } = useLingui();
  const { programId } = useParams({ from: "/shell/manage/programs/$programId/matching" });
  useFollowedProgram(programId);
  const program = useQuery(programQuery(programId));
  return (
    <Loaded query={program} skeleton={<Skeleton card lines={8} />}>
      {(found) =>
        found.can.edit?.allowed ? (
          <Runs key={found.id} program={found} />
        ) : (
          <Page title={t`Matching`}>
            <NoPermission />
          </Page>
        )
      }
    </Loaded>
  );
}

function Runs({ program }: { program: ProgramOut }) {
  const { t } = useLingui();
  const { run: wanted } = useSearch({ from: "/shell/manage/programs/$programId/matching" });
  const runs = useQuery(
    $api.queryOptions("get", "/v1/programs/{program_id}/match-runs", {
      params: { path: { program_id: program.id }, query: { limit: 20 } },
    }),
  );
  return (
    <Loaded query={runs} skeleton={<Skeleton card lines={8} />}>
      {({ items }) => {
        const run = items.find((each) => each.id === wanted) ?? items[0];
        return run ? (
          <OneRun key={run.id} program={program} runs={items} runId={run.id} />
        ) : (
          <Page title={t`Matching`} lead={program.name}>
            <First program={program} />
          </Page>
        );
      }}
    </Loaded>
  );
}

function SearchButton({
  program,
  like,
  primary,
  children,
}: {
  program: ProgramOut;
  /** The search whose goal this one shares. */
  like?: MatchRunOut;
  primary: boolean;
  children: ReactNode;
}) {
  const start = useStart();
  const { goal, fairness, floor } = like?.options ?? { goal: "total" as const, fairness: 0, floor: false };
  return (
    <CanButton
      can={program.can}
      action="run_match"
      tone={primary ? "primary" : "secondary"}
      icon={Shuffle}
      busy={start.isPending}
      onClick={() =>
        start.mutate({ params: { path: { program_id: program.id } }, body: { goal, fairness, floor } })
      }
    >
      {children}
    </CanButton>
  );
}

function First({ program }: { program: ProgramOut }) {
  const { t } = useLingui();
  const format = useFormat();
  const mentors = format.number(program.counts.enrolled_mentors);
  const mentees = format.number(program.counts.enrolled_mentees);
  return (
    <Card>
      <EmptyState
        title={t`Let's find the pairs`}
        action={
          <div className="flex flex-col items-center gap-3">
            <SearchButton program={program} primary>
              <Trans>Look for pairs</Trans>
            </SearchButton>
            <Link
              to="/programs/$programId"
              params={{ programId: program.id }}
              search={{ tab: "enrollments" }}
              className="text-sm font-semibold text-spruce-text hover:underline"
            >
              <Trans>See who takes part</Trans>
            </Link>
          </div>
        }
      >
        <p>
          <Trans>
            {mentors} mentors and {mentees} mentees take part.
          </Trans>
        </p>
        <p className="mt-2">
          <Trans>
            Every possible pair is weighed, reporting lines are kept apart, and the result is the best there
            is. Nobody is asked before you say so.
          </Trans>
        </p>
      </EmptyState>
    </Card>
  );
}

function OneRun({ program, runs, runId }: { program: ProgramOut; runs: MatchRunOut[]; runId: string }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const query = useRun(runId);
  const known = query.data ?? runs.find((each) => each.id === runId);
  const newest = runs[0]?.id === runId;
  const state = known && RUN_STATES[known.state];
  const mayAsk = known?.state === "done";
  return (
    <Page
      title={t`Matching`}
      lead={
        known &&
        state && (
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            {program.name}
            <Tag tone={state.tone}>{i18n._(state.label)}</Tag>
            {format.dateTime(known.created_at)}
          </span>
        )
      }
      actions={
        <>
          {runs.length > 1 && (
            <Menu
              label={t`Earlier searches`}
              speaks
              className={buttonLook({ tone: "quiet" })}
              items={runs.map((each) => ({
                id: each.id,
                label: format.dateTime(each.created_at),
                selected: each.id === runId,
                onSelect: () => void navigate({ to: ".", search: { run: each.id } }),
              }))}
            >
              <History size={18} aria-hidden />
              <Trans>Earlier searches</Trans>
            </Menu>
          )}
          {known && !isSearching(known.state) && newest && known.state !== "published" && (
            <SearchButton program={program} like={known} primary={!mayAsk}>
              <Trans>Search again</Trans>
            </SearchButton>
          )}
          {known && mayAsk && (
            <CanButton
              can={known.can}
              action="publish"
              tone="primary"
              icon={Mail}
              onClick={() => setAsking(true)}
            >
              <Trans>Ask the mentors</Trans>
            </CanButton>
          )}
        </>
      }
    >
      <Loaded query={query} skeleton={<Skeleton card lines={8} />}>
        {(run) => (
          <>
            <Outcome run={run} program={program} />
            {isOver(run) && <Suggestions run={run} program={program} />}
            {!isSearching(run.state) && run.unmatched_count > 0 && <Unmatched run={run} />}
            <Suspense>
              <SetAside program={program} />
            </Suspense>
            {isOver(run) && (
              <Fold
                title={<Trans>Details</Trans>}
                lead={<Trans>How good it is, what if, and how it differs from an earlier search</Trans>}
              >
                <Suspense
                  fallback={
                    <div className="border-t border-line p-5">
                      <Skeleton lines={8} />
                    </div>
                  }
                >
                  <Details run={run} runs={runs} program={program} />
                </Suspense>
              </Fold>
            )}
            <PublishDialog run={run} program={program} open={asking} onClose={() => setAsking(false)} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** The search has pairs to show. */
function isOver(run: MatchRunOut): boolean {
  return run.state === "done" || run.state === "published";
}

/** How the search goes, or what came of it. */
function Outcome({ run, program }: { run: MatchRunOut; program: ProgramOut }) {
  const { t } = useLingui();
  const format = useFormat();
  const nearTo = useNear();
  if (isSearching(run.state))
    return (
      <Card>
        <Going
          run={run}
          heading={
            <h2 className="text-lg font-semibold">
              <Trans>Looking for the best pairs</Trans>
            </h2>
          }
        />
      </Card>
    );
  if (run.state === "cancelled")
    return (
      <Notice tone="plain" icon={CircleStop} title={t`The search was stopped`}>
        <Trans>Nothing came of it, and nobody was asked. Search again whenever you like.</Trans>
      </Notice>
    );
  if (run.state === "failed")
    return (
      <Notice tone="lingon" icon={TriangleAlert} title={t`The search didn't work out`}>
        <Trans>Nobody was asked. Try again; if it goes on, tell support the time shown above.</Trans>
      </Notice>
    );
  const average = run.objective !== null && run.pairs > 0 ? run.objective / run.pairs : null;
  const places = format.number(run.places);
  const lost = pinsOf(run);
  const near = run.gap === null ? null : nearTo(run.gap);
  return (
    <>
      {run.state === "published" && (
        <Notice
          tone="spruce"
          icon={CircleCheck}
          title={t`The mentors are asked`}
          action={
            <Link
              to="/programs/$programId/pairs"
              params={{ programId: program.id }}
              className={buttonLook({ tone: "primary" })}
            >
              <Trans>See the pairs</Trans>
            </Link>
          }
        >
          <Trans>Executives hear only of a yes. Whoever doesn't want to just lets it go.</Trans>
        </Notice>
      )}
      <Early run={run} />
      {lost.length > 0 && <LostPins pins={lost} />}
      <Figures
        label={t`The search in numbers`}
        items={[
          {
            key: "pairs",
            name: t`Pairs`,
            value: format.number(run.pairs),
            note: <Trans>of {places} possible at most</Trans>,
          },
          {
            key: "average",
            name: t`Average match score`,
            value: average === null ? "–" : format.number(Math.round(average)),
            of: "/ 100",
            note: run.proven ? (
              <Trans>No better whole exists: proven</Trans>
            ) : near !== null ? (
              <Trans>At most {near} from the best possible</Trans>
            ) : (
              <Trans>Very near the best there is</Trans>
            ),
          },
          {
            key: "mentors",
            name: t`Mentors`,
            value: format.number(run.mentors),
            note: <Trans>looking for a pair</Trans>,
          },
          {
            key: "mentees",
            name: t`Mentees`,
            value: format.number(run.mentees),
            note: <Trans>looking for a pair</Trans>,
          },
          {
            key: "unmatched",
            name: t`Without a pair`,
            value: format.number(run.unmatched_count),
            note: <Trans>with the reason below</Trans>,
          },
        ].filter(({ key }) => key !== "unmatched" || run.unmatched_count > 0)}
      />
    </>
  );
}

interface LostPin {
  mentor_id: string;
  mentor: string;
  mentee_id: string;
  mentee: string;
  rule: string;
}

function pinsOf(run: MatchRunOut): LostPin[] {
  return (run.problem?.params.pins as unknown as LostPin[] | undefined) ?? [];
}

/** Pairs that were to be kept, and that a rule forbids by now. */
function LostPins({ pins }: { pins: LostPin[] }) {
  const { i18n } = useLingui();
  const count = pins.length;
  return (
    <Notice
      tone="cloud"
      icon={Pin}
      title={
        <Plural
          value={count}
          one="# pair that you kept isn't possible any more"
          other="# pairs that you kept aren't possible any more"
        />
      }
    >
      <ul className="mt-1 flex flex-col gap-1">
        {pins.map((pin) => (
          <li key={pin.mentor_id + pin.mentee_id}>
            <PairNames mentor={pin.mentor} mentee={pin.mentee} />: {i18n._(pairRuleWords(pin.rule))}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** Who has no pair, and which rule binds, in words. */
function Unmatched({ run }: { run: MatchRunOut }) {
  const { i18n } = useLingui();
  const format = useFormat();
  const [all, setAll] = useState(false);
  const shown = all ? run.unmatched : run.unmatched.slice(0, FIRST_SHOWN);
  const rest = format.number(run.unmatched.length - shown.length);
  const known = format.number(run.unmatched.length);
  return (
    <Card
      title={<Trans>Without a pair, and why</Trans>}
      lead={
        <Trans>The hardest to match come first. Often a second language or one more mentor is enough.</Trans>
      }
      flush
    >
      <ul className="grid grid-cols-1 md:grid-cols-2">
        {shown.map(({ person, role, rule }) => {
          const help = helpWords(rule);
          return (
            <li
              key={`${person.id}-${role}`}
              className="flex items-start gap-3 border-t border-line px-5 py-3 md:odd:border-r"
            >
              <Avatar name={person.display_name} side={role} />
              <div className="min-w-0">
                <p className="font-semibold">
                  {person.display_name}{" "}
                  <span
                    className={
                      role === "mentor"
                        ? "text-sm font-semibold text-cloud-text"
                        : "text-sm font-semibold text-lake-text"
                    }
                  >
                    {i18n._(ROLES[role].label)}
                  </span>
                </p>
                <p className="text-sm">{i18n._(ruleWords(rule))}</p>
                {help && <p className="text-sm text-ink-3">{i18n._(help)}</p>}
              </div>
            </li>
          );
        })}
      </ul>
      {shown.length < run.unmatched.length && (
        <div className="border-t border-line p-4 text-center">
          <Button onClick={() => setAll(true)}>
            <Trans>Show {rest} more</Trans>
          </Button>
        </div>
      )}
      {all && run.unmatched_count > run.unmatched.length && (
        <p className="border-t border-line p-4 text-center text-sm text-ink-3">
          <Trans>The first {known} are shown.</Trans>
        </p>
      )}
    </Card>
  );
}
