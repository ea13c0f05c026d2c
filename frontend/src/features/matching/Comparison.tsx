import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Equal, TrendingDown, TrendingUp } from "lucide-react";
import type { ReactNode } from "react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MatchComparison } from "#/api/types";
import { shares, WEIGHTS, type WeightName } from "#/features/programs/words";
import { useFormat } from "#/lib/format";
import { Avatar } from "#/ui/Avatar";
import { ShowMore } from "#/ui/ShowMore";
import { Skeleton } from "#/ui/states";
import { Answer } from "./Answer";
import { fewPoints, useEvenness } from "./words";

const PAGE = 20;
type RunWeights = MatchComparison["settings"]["weights"];

/** What one search changes against another: the sum, the lowest score, and who gets somebody else. */
export function Comparison({ runId, withId, note }: { runId: string; withId: string; note?: ReactNode }) {
  const query = $api.useInfiniteQuery(
    "get",
    "/v1/match-runs/{run_id}/comparison",
    { params: { path: { run_id: runId }, query: { with: withId, limit: PAGE } } },
    byCursor,
  );
  return (
    <Loaded query={query} skeleton={<Skeleton lines={5} />}>
      {({ pages }) => {
        const [found] = pages;
        return (
          found && (
            <div className="flex flex-col gap-4">
              <Sum found={found} note={note} />
              <Settings found={found} />
              <Changes
                changed={found.changed}
                changes={pages.flatMap((page) => page.items)}
                more={
                  <ShowMore query={query}>
                    <Trans>Show more</Trans>
                  </ShowMore>
                }
              />
            </div>
          )
        );
      }}
    </Loaded>
  );
}

/** The two count by different weights, or by weights of which nothing is known: no sum is more than the other. */
function countsOtherwise({ settings, with_settings }: MatchComparison): boolean {
  return (
    changedWeights(settings.weights, with_settings.weights).length > 0 || !known(settings, with_settings)
  );
}

function known(...all: MatchComparison["settings"][]): boolean {
  return all.every(({ weights }) => weights);
}

/** The weights whose share of the whole is another: [name, share before, share now], in per cent. */
function changedWeights(now: RunWeights, before: RunWeights): [WeightName, number, number][] {
  if (!now || !before) return [];
  const [from, to] = [shares(before), shares(now)];
  return (Object.keys(WEIGHTS) as WeightName[])
    .filter((name) => from[name] !== to[name])
    .map((name) => [name, from[name], to[name]]);
}

/** What the two searches went by, where it differs. */
function Settings({ found: { settings, with_settings: before } }: { found: MatchComparison }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const evenness = useEvenness();
  const goals = { total: t`The best sum`, coverage: t`As many pairs as possible` };
  const lifts = (floor: boolean) => (floor ? t`Yes` : t`No`);
  const share = (part: number) => format.percent(part / 100);
  const rows = [
    [t`What comes first`, goals[before.goal], goals[settings.goal]],
    [t`How even the pairs are`, evenness(before.fairness), evenness(settings.fairness)],
    [t`Lift the weakest pair`, lifts(before.floor), lifts(settings.floor)],
    ...changedWeights(settings.weights, before.weights).map(([name, from, to]) => [
      i18n._(WEIGHTS[name]),
      share(from),
      share(to),
    ]),
  ].filter(([, from, to]) => from !== to) as [string, string, string][];
  return (
    <div>
      <h4 className="mb-1 font-semibold">
        <Trans>What is different in the settings</Trans>
      </h4>
      {rows.length > 0 && (
        <dl className="grid max-w-xl grid-cols-1 gap-x-4 text-sm sm:grid-cols-[1fr_auto] sm:gap-y-1 [&_dd]:mb-1 [&_dd]:text-left sm:[&_dd]:mb-0 sm:[&_dd]:text-right">
          {rows.map(([name, from, to]) => (
            <FromTo key={name} name={name} from={from} to={to} />
          ))}
        </dl>
      )}
      {!known(settings, before) ? (
        <p className="text-sm text-ink-3">
          <Trans>The weights of one of the searches weren't kept, so they can't be compared.</Trans>
        </p>
      ) : (
        rows.length === 0 && (
          <p className="text-sm text-ink-2">
            <Trans>Nothing: both went by the same weights and the same goal.</Trans>
          </p>
        )
      )}
    </div>
  );
}

function Sum({ found, note }: { found: MatchComparison; note: ReactNode }) {
  const { t } = useLingui();
  const format = useFormat();
  const points = fewPoints(found.difference);
  const { same, difference } = found;
  const score = (value: number | null) => (value === null ? "–" : format.number(value));
  const Icon = difference > 0 ? TrendingUp : difference < 0 ? TrendingDown : Equal;
  return (
    <Answer>
      {!countsOtherwise(found) && (
        <p className="mb-1 flex items-start gap-2 text-base font-semibold">
          <Icon size={20} aria-hidden className="mt-0.5 shrink-0 text-ink-3" />
          {difference > 0 ? (
            <Plural value={points} one="# point more in all" other="# points more in all" />
          ) : difference < 0 ? (
            <Plural value={points} one="# point less in all" other="# points less in all" />
          ) : (
            <Trans>The same sum in all</Trans>
          )}
        </p>
      )}
      <p className="font-semibold">
        <Plural value={same} one="# pair stays the same." other="# pairs stay the same." />
      </p>
      {note && <p className="mt-1 text-ink-3">{note}</p>}
      {changedWeights(found.settings.weights, found.with_settings.weights).length > 0 && (
        <p className="mt-1 text-ink-3">
          <Trans>The points are counted by other weights: only who changes can be compared.</Trans>
        </p>
      )}
      <dl className="mt-3 grid max-w-sm grid-cols-[1fr_auto] gap-x-4 gap-y-1">
        <FromTo name={t`Sum of all scores`} from={score(found.with_objective)} to={score(found.objective)} />
        <FromTo name={t`Lowest match score`} from={score(found.with_lowest)} to={score(found.lowest)} />
        <FromTo name={t`Pairs`} from={format.number(found.with_pairs)} to={format.number(found.pairs)} />
      </dl>
    </Answer>
  );
}

function FromTo({ name, from, to }: { name: string; from: string; to: string }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="text-right font-semibold">
        {from === to ? (
          to
        ) : (
          <>
            {from} <Then /> {to}
          </>
        )}
      </dd>
    </>
  );
}

/** An arrow that is read out as a word. */
function Then() {
  return (
    <>
      <span aria-hidden>→</span>
      <span className="sr-only">
        <Trans>then</Trans>
      </span>
    </>
  );
}

function Changes({
  changed,
  changes,
  more,
}: {
  changed: number;
  changes: MatchComparison["items"];
  more: ReactNode;
}) {
  if (changed === 0) return null;
  return (
    <div>
      <h4 className="mb-1 font-semibold">
        <Plural
          value={changed}
          one="Something changes for # mentee"
          other="Something changes for # mentees"
        />
      </h4>
      <ul>
        {changes.map((each) => (
          <li
            key={`${each.person.id}-${each.from?.id}-${each.to?.id}`}
            className="flex items-start gap-3 border-t border-line py-2.5 first:border-t-0"
          >
            <Avatar name={each.person.display_name} side="mentee" size="sm" />
            <div className="min-w-0 text-sm">
              <p className="font-semibold">{each.person.display_name}</p>
              <p className="text-ink-2">
                <Somebody person={each.from} score={each.from_score} /> <Then />{" "}
                <Somebody person={each.to} score={each.to_score} />
              </p>
            </div>
          </li>
        ))}
      </ul>
      {more}
    </div>
  );
}

function Somebody({
  person,
  score,
}: {
  person: MatchComparison["items"][number]["to"];
  score: number | null;
}) {
  const format = useFormat();
  if (!person) return <Trans>nobody</Trans>;
  return (
    <>
      {person.display_name}
      {score !== null && <span className="text-ink-3"> ({format.number(Math.round(score))})</span>}
    </>
  );
}
