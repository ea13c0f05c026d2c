import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Lock, Plus, Shuffle } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { MentoringSession, TodayOut } from "#/api/types";
import { useMe } from "#/features/identity/me";
import { PairLine } from "#/features/pairs/PairLine";
import { NextTalk } from "#/features/sessions/NextTalk";
import { kitQuery, kitsQuery } from "#/features/sessions/queries";
import { useAgenda } from "#/features/sessions/useAgenda";
import { pick } from "#/lib/i18n";
import { firstName } from "#/lib/text";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { EmptyState, Skeleton } from "#/ui/states";
import { Actions } from "./actions";

const BeforeTalk = lazy(() => import("./BeforeTalk"));

/** The home of a mentor or an executive. */
export default function ParticipantToday({ today }: { today: TodayOut }) {
  const { t } = useLingui();
  const { deep } = today;
  const sides = [...today.pairs, deep.pair].flatMap((pair) => pair?.my_side ?? []);
  const roles = useMe().programs.flatMap((program) => program.roles);
  const mentors = sides.length > 0 ? sides.includes("mentor") : roles.includes("mentor");
  const planned = deep.session?.kit ?? "";
  const plan = useQuery({ ...kitQuery(planned), enabled: planned !== "" });
  const plans = useQuery(kitsQuery("arc"));
  // Questions that came later would push away what is being read.
  if (plan.isLoading || plans.isLoading) return <Skeleton lines={8} />;
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <div className="flex flex-col gap-4">
        {(deep.kind !== "none" || today.actions.length === 0) && <Deep deep={deep} />}
        <Actions actions={today.actions} label={t`Waiting for you`} stacked />
      </div>
      <div className="flex flex-col gap-4">
        {mentors ? (
          <Starters session={deep.session} other={deep.pair?.mentee.display_name} />
        ) : (
          <ListenFirst />
        )}
        {mentors && <WithoutToes />}
        {today.pairs.length > 0 && (
          <Card title={today.pairs.length === 1 ? <Trans>My pair</Trans> : <Trans>My pairs</Trans>} flush>
            <ul>
              {today.pairs.map((pair) => (
                <PairLine key={pair.id} pair={pair} />
              ))}
            </ul>
          </Card>
        )}
      </div>
    </div>
  );
}

function Deep({ deep }: { deep: TodayOut["deep"] }) {
  const { t } = useLingui();
  if (deep.kind === "next_session" && deep.pair && deep.session)
    return <NextTalk pair={deep.pair} session={deep.session} />;
  if ((deep.kind === "offer" || deep.kind === "no_session") && deep.pair)
    return (
      <Suspense fallback={<Skeleton card lines={6} />}>
        <BeforeTalk kind={deep.kind} pair={deep.pair} />
      </Suspense>
    );
  return (
    <Card>
      <EmptyState title={t`Nothing waits for you`}>
        <Trans>As soon as a pair is found for you, you get a mail and see it here.</Trans>
      </EmptyState>
    </Card>
  );
}

/** The answer to "what if I have no groundbreaking idea?": one's own everyday is enough. */
function Starters({ session, other }: { session: MentoringSession | null; other: string | undefined }) {
  const { t, i18n } = useLingui();
  const [turn, setTurn] = useState(0);
  const agenda = useAgenda(session);
  const kits = useQuery(kitsQuery("arc")).data?.items ?? [];
  const all = [
    ...new Set(kits.flatMap((kit) => kit.mentor_questions.map((each) => pick(each, i18n.locale)))),
  ];
  const shown = Array.from(
    { length: Math.min(3, all.length) },
    (_, index) => all[(turn * 3 + index) % all.length] ?? "",
  );
  const may = session?.can.edit_agenda?.allowed ?? false;
  const name = other && firstName(other);
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
      <p className="mt-4 flex items-center gap-2 text-xs text-ink-3">
        <Lock size={15} aria-hidden className="shrink-0" />
        <Trans>Your notes stay yours. Only what you share is seen.</Trans>
      </p>
    </Card>
  );
}

/** Three habits for the one with the power in the room. */
function ListenFirst() {
  return (
    <Card title={<Trans>Listen first</Trans>}>
      <ul className="flex flex-col gap-3">
        {[
          <Trans key="1">Ask one real question, then wait five seconds longer than feels natural.</Trans>,
          <Trans key="2">Don't correct. Say what you heard, and ask if you heard it right.</Trans>,
          <Trans key="3">Move a talk rather than cancel it: this hour is a promise to a junior.</Trans>,
        ].map((tip) => (
          <li key={tip.key} className="rounded-xl bg-lake-soft px-3.5 py-2.5 font-medium text-lake-text">
            {tip}
          </li>
        ))}
      </ul>
    </Card>
  );
}
