import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Lock, Plus, Shuffle } from "lucide-react";
import { lazy, Suspense, useDeferredValue, useState } from "react";
import type { MentoringSession, TodayOut } from "#/api/types";
import { PairLine } from "#/features/pairs/PairLine";
import { kitsQuery } from "#/features/sessions/queries";
import { useAgenda } from "#/features/sessions/useAgenda";
import { pick, withWords } from "#/lib/i18n";
import { firstName } from "#/lib/text";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Skeleton } from "#/ui/states";

const Thanks = lazy(() =>
  withWords(
    "room",
    import("#/features/sessions/Thanks").then(({ Thanks }) => ({ default: Thanks })),
  ),
);

/** The other half of the home: what helps beside the next talk, and my pairs. */
export default function Beside({ today, mentors }: { today: TodayOut; mentors: boolean }) {
  const { deep, pairs } = today;
  const thanks = pairs.find(({ my_side, rhythm }) => my_side === "mentee" && rhythm.held > 0);
  return (
    <div className="flex flex-col gap-4">
      {mentors && (
        <>
          <Starters session={deep.session} other={deep.pair?.mentee.display_name} />
          <WithoutToes />
        </>
      )}
      {pairs.length > 0 && (
        <Card title={pairs.length === 1 ? <Trans>My pair</Trans> : <Trans>My pairs</Trans>} flush>
          <ul>
            {pairs.map((pair) => (
              <PairLine key={pair.id} pair={pair} />
            ))}
          </ul>
        </Card>
      )}
      <Suspense>{thanks && <Thanks pair={thanks} />}</Suspense>
      <Link to="/growth" className={buttonLook({ full: true })}>
        <Trans>How I grow</Trans>
      </Link>
    </div>
  );
}

/** The answer to "what if I have no groundbreaking idea?": one's own everyday is enough. */
function Starters({ session, other }: { session: MentoringSession | null; other: string | undefined }) {
  const { t, i18n } = useLingui();
  const [turn, setTurn] = useState(0);
  const agenda = useAgenda(session);
  const plans = useQuery(kitsQuery("arc"));
  const kits = plans.data?.items ?? [];
  const all = [
    ...new Set(kits.flatMap((kit) => kit.mentor_questions.map((each) => pick(each, i18n.locale)))),
  ];
  const shown = Array.from(
    { length: Math.min(3, all.length) },
    (_, index) => all[(turn * 3 + index) % all.length] ?? "",
  );
  const may = session?.can.edit_agenda?.allowed ?? false;
  const name = other && firstName(other);
  if (useDeferredValue(plans.isLoading)) return <Skeleton card lines={6} />;
  return (
    <Card title={<Trans>No big idea? Good.</Trans>}>
      <p className="mb-4 text-ink-3">
        {name ? (
          <Trans>Nobody expects a revelation. Your everyday is what {name} cannot see.</Trans>
        ) : (
          <Trans>Nobody expects a revelation. Your everyday is what the others cannot see.</Trans>
        )}
      </p>
      <ul className="flex flex-col gap-2">
        {shown.map((text) => (
          <li key={text}>
            {may ? (
              <button
                type="button"
                aria-label={t`Add to the agenda: ${text}`}
                onClick={() => agenda.add(text)}
                className="flex min-h-11 w-full items-center justify-between gap-3 rounded-xl bg-cloud-soft px-3.5 py-2 text-left font-medium text-cloud-text hover:brightness-97"
              >
                {text}
                <Plus size={18} aria-hidden className="shrink-0" />
              </button>
            ) : (
              <p className="rounded-xl bg-cloud-soft px-3.5 py-2.5 font-medium text-cloud-text">{text}</p>
            )}
          </li>
        ))}
      </ul>
      {all.length > 3 && (
        <Button tone="quiet" icon={Shuffle} className="mt-2 -ml-2" onClick={() => setTurn(turn + 1)}>
          <Trans>Show three others</Trans>
        </Button>
      )}
    </Card>
  );
}

/** The answer to "how do I say it so that I don't step on anyone's toes?" */
function WithoutToes() {
  return (
    <Card title={<Trans>Say it without stepping on toes</Trans>}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2.5">
        <dt className="font-semibold text-lake-text">
          <Trans>I noticed</Trans>
        </dt>
        <dd>
          <Trans>our ads are read on a phone, in a queue</Trans>
        </dd>
        <dt className="font-semibold text-lake-text">
          <Trans>It makes me</Trans>
        </dt>
        <dd>
          <Trans>scroll past before the second line</Trans>
        </dd>
        <dt className="font-semibold text-lake-text">
          <Trans>What if</Trans>
        </dt>
        <dd>
          <Trans>we tried one with only three lines?</Trans>
        </dd>
      </dl>
      <p className="my-4 flex items-center gap-2 text-xs text-ink-3">
        <Lock size={15} aria-hidden className="shrink-0" />
        <Trans>Your notes stay yours. Only what you share is seen.</Trans>
      </p>
      <Link to="/composer" className={buttonLook()}>
        <Trans>Put a thought into words</Trans>
      </Link>
    </Card>
  );
}
