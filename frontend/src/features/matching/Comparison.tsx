import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Equal, TrendingDown, TrendingUp } from "lucide-react";
import { type ReactNode, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MatchComparison } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Avatar } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { Skeleton } from "#/ui/states";
import { Answer } from "./Answer";
import { fewPoints } from "./words";

const FIRST_SHOWN = 8;

/** What one search changes against another: the sum, the lowest score, and who gets somebody else. */
export function Comparison({
  runId,
  withId,
  otherWeights = false,
  note,
}: {
  runId: string;
  withId: string;
  /** The two count by different weights, so that no sum is more or less than the other. */
  otherWeights?: boolean;
  note?: ReactNode;
}) {
  const query = $api.useQuery("get", "/v1/match-runs/{run_id}/comparison", {
    params: { path: { run_id: runId }, query: { with: withId } },
  });
  return (
    <Loaded query={query} skeleton={<Skeleton lines={5} />}>
      {(found) => (
        <div className="flex flex-col gap-4">
          <Sum found={found} otherWeights={otherWeights} note={note} />
          <Changes key={found.run_id + found.with_id} found={found} />
        </div>
      )}
    </Loaded>
  );
}

function Sum({
  found,
  otherWeights,
  note,
}: {
  found: MatchComparison;
  otherWeights: boolean;
  note: ReactNode;
}) {
  const { t } = useLingui();
  const format = useFormat();
  const points = fewPoints(found.difference);
  const { same, difference } = found;
  const score = (value: number | null) => (value === null ? "–" : format.number(value));
  const Icon = difference > 0 ? TrendingUp : difference < 0 ? TrendingDown : Equal;
  return (
    <Answer>
      {!otherWeights && (
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

function Changes({ found }: { found: MatchComparison }) {
  const format = useFormat();
  const [all, setAll] = useState(false);
  const { changed, changes } = found;
  if (changes.length === 0) return null;
  const shown = all ? changes : changes.slice(0, FIRST_SHOWN);
  const rest = format.number(changes.length - shown.length);
  const known = format.number(changes.length);
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
        {shown.map((each) => (
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
      {shown.length < changes.length && (
        <div className="mt-2">
          <Button onClick={() => setAll(true)}>
            <Trans>Show {rest} more</Trans>
          </Button>
        </div>
      )}
      {shown.length === changes.length && changes.length < changed && (
        <p className="mt-2 text-sm text-ink-3">
          <Trans>The first {known} are shown.</Trans>
        </p>
      )}
    </div>
  );
}

function Somebody({
  person,
  score,
}: {
  person: MatchComparison["changes"][number]["to"];
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
