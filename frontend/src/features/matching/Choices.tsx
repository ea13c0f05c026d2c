import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Handshake, Mail } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { ProblemError } from "#/api/problems";
import type { EnrollmentOut, MatchRunOut, PersonRef, ProgramOut, SuggestionOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Avatar, type Side } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { Combobox } from "#/ui/Combobox";
import { Segmented } from "#/ui/Field";
import { Skeleton } from "#/ui/states";
import { toast } from "#/ui/toast";
import { Answer, inSight } from "./Answer";
import { Trial, TryButton, useTrial } from "./Trial";
import { fewPoints, pairRuleWords } from "./words";

/** Whom each of the two would have without the other, and what that would cost the whole. */
export function Without({ suggestion, run }: { suggestion: SuggestionOut; run: MatchRunOut }) {
  const query = $api.useQuery("get", "/v1/suggestions/{suggestion_id}/alternative", {
    params: { path: { suggestion_id: suggestion.id } },
  });
  if (query.error instanceof ProblemError && query.error.code === "match_run_stale")
    return (
      <Answer>
        {run.proven ? (
          <Trans>People or their details have changed since this search. Search again, and we can say.</Trans>
        ) : (
          <Trans>Only a search that went all the way can say. Search again.</Trans>
        )}
      </Answer>
    );
  return (
    <Loaded query={query} skeleton={<Skeleton lines={3} />}>
      {({ cost, mentor_next, mentee_next }) => (
        <Answer>
          <p>
            <Next person={suggestion.mentor} next={mentor_next} />
          </p>
          <p>
            <Next person={suggestion.mentee} next={mentee_next} />
          </p>
          <p className="mt-2 font-semibold">
            <Loss points={cost} />
          </p>
        </Answer>
      )}
    </Loaded>
  );
}

function Next({ person, next }: { person: PersonRef; next: PersonRef | null }) {
  const name = person.display_name;
  const other = next?.display_name;
  return other ? (
    <Trans>
      {name} would get {other}.
    </Trans>
  ) : (
    <Trans>{name} would get nobody.</Trans>
  );
}

function Loss({ points }: { points: number }) {
  const lost = fewPoints(points);
  return lost === 0 ? (
    <Trans>The whole program would lose nothing: another choice is just as good.</Trans>
  ) : (
    <Plural
      value={lost}
      one="The whole program would lose # point."
      other="The whole program would lose # points."
    />
  );
}

/** Why these two and not somebody else: the rule in the way, or what it would cost, to be tried at once. */
export function WhyNot({
  suggestion,
  run,
  program,
}: {
  suggestion: SuggestionOut;
  run: MatchRunOut;
  program: ProgramOut;
}) {
  const { t } = useLingui();
  const [side, setSide] = useState<Side>("mentor");
  const [other, setOther] = useState<EnrollmentOut | null>(null);
  const mentor = suggestion.mentor.display_name;
  const mentee = suggestion.mentee.display_name;
  const label = side === "mentor" ? t`Another mentor for ${mentee}` : t`Another mentee for ${mentor}`;
  return (
    <div ref={inSight} className="flex flex-col gap-4">
      <Segmented
        label={t`Whom to exchange`}
        value={side}
        options={[
          { value: "mentor", label: t`Another mentor` },
          { value: "mentee", label: t`Another mentee` },
        ]}
        onChange={(next) => {
          setSide(next);
          setOther(null);
        }}
      />
      {other ? (
        <>
          <div className="flex items-center gap-3 rounded-xl border border-line bg-sunken p-3">
            <Avatar name={other.person.display_name} side={side} />
            <div className="min-w-0 grow">
              <p className="font-semibold">{other.person.display_name}</p>
              <p className="text-sm text-ink-3">{other.person.title}</p>
            </div>
            <Button className="shrink-0" onClick={() => setOther(null)}>
              <Trans>Change</Trans>
            </Button>
          </div>
          <Verdict key={other.id} suggestion={suggestion} run={run} program={program} other={other} />
        </>
      ) : (
        <Finder
          key={side}
          label={label}
          run={run}
          side={side}
          except={suggestion[side].id}
          onChoose={setOther}
        />
      )}
    </div>
  );
}

const useTakingPart = (run: MatchRunOut, role: Side, q: string) =>
  useQuery(
    $api.queryOptions(
      "get",
      "/v1/programs/{program_id}/enrollments",
      { params: { path: { program_id: run.program_id }, query: { q, role, limit: 20 } } },
      { enabled: q.length > 1, placeholderData: keepPreviousData },
    ),
  );

/** Those of the search's cohort for whom pairs are looked for. */
function inRun(run: MatchRunOut, enrollment: EnrollmentOut): boolean {
  return enrollment.cohort_id === run.cohort_id && ["approved", "paired"].includes(enrollment.state);
}

function Finder({
  label,
  run,
  side,
  except,
  onChoose,
}: {
  label: string;
  run: MatchRunOut;
  side: Side;
  except: string;
  onChoose: (other: EnrollmentOut) => void;
}) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const found = useTakingPart(run, side, q);
  const others =
    q.length > 1
      ? (found.data?.items ?? []).filter((each) => inRun(run, each) && each.person.id !== except).slice(0, 6)
      : [];
  return (
    <Combobox
      label={label}
      placeholder={t`Write a name`}
      text={text}
      onText={setText}
      found={others.map(({ id, person }) => ({
        id,
        name: person.display_name,
        hint: person.title ?? "",
      }))}
      nothing={q.length > 1 && found.isSuccess && others.length === 0 && <Trans>Nobody by that name.</Trans>}
      onChoose={(id) => {
        const other = others.find((each) => each.id === id);
        if (other) onChoose(other);
      }}
    />
  );
}

function Verdict({
  suggestion,
  run,
  program,
  other,
}: {
  suggestion: SuggestionOut;
  run: MatchRunOut;
  program: ProgramOut;
  other: EnrollmentOut;
}) {
  const { i18n } = useLingui();
  const format = useFormat();
  const trial = useTrial(run);
  const [byHand, setByHand] = useState(false);
  const pair = { mentor: suggestion.mentor, mentee: suggestion.mentee, [other.role]: other.person };
  const two = { mentor_id: pair.mentor.id, mentee_id: pair.mentee.id };
  const query = $api.useQuery("get", "/v1/match-runs/{run_id}/explanation", {
    params: { path: { run_id: run.id }, query: two },
  });
  if (byHand)
    return <ByHand pair={pair} run={run} program={program} other={other} onClose={() => setByHand(false)} />;
  if (trial.id)
    return (
      <Trial id={trial.id} base={run} onDrop={trial.drop}>
        {() => (
          <>
            <p className="w-full text-sm text-ink-2">
              <Trans>
                Nothing is saved. To have it so, set the present pair aside and search again, or make the new
                pair yourself: its mentor is asked at once.
              </Trans>
            </p>
            <Button icon={Handshake} onClick={() => setByHand(true)}>
              <Trans>Make this pair by hand</Trans>
            </Button>
          </>
        )}
      </Trial>
    );
  return (
    <Loaded query={query} skeleton={<Skeleton lines={3} />}>
      {({ suggestion_id, failing_rule, loss, score }) => {
        const points = format.number(Math.round(score));
        if (suggestion_id)
          return (
            <Answer>
              <Trans>These two are among the suggested pairs.</Trans>
            </Answer>
          );
        if (failing_rule !== null && failing_rule !== "all_taken")
          return (
            <Answer>
              <p className="font-semibold">
                <Trans>These two can't be a pair</Trans>
              </p>
              <p>{i18n._(pairRuleWords(failing_rule))}</p>
            </Answer>
          );
        return (
          <>
            <Answer>
              <p>
                <Trans>They could be a pair, with a match score of {points}.</Trans>
              </p>
              <p className="mt-1 font-semibold">
                {loss === null ? (
                  <Trans>Others fit better, for the whole. A new search can say by how much.</Trans>
                ) : (
                  <Loss points={loss} />
                )}
              </p>
            </Answer>
            <TryButton
              program={program}
              busy={trial.busy}
              onTry={() => trial.begin(run.options, { weights: null, pinned: [two] })}
            />
          </>
        );
      }}
    </Loaded>
  );
}

/** The last question before a pair is made by hand, since its mentor is asked at once. */
function ByHand({
  pair,
  run,
  program,
  other,
  onClose,
}: {
  pair: Record<Side, PersonRef>;
  run: MatchRunOut;
  program: ProgramOut;
  other: EnrollmentOut;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const mentor = pair.mentor.display_name;
  const mentee = pair.mentee.display_name;
  const side = other.role === "mentor" ? "mentee" : "mentor";
  const people = useTakingPart(run, side, pair[side].display_name);
  const mine = people.data?.items.find((each) => inRun(run, each) && each.person.id === pair[side].id);
  const make = $api.useMutation("post", "/v1/programs/{program_id}/pairs", {
    onSuccess() {
      toast(t`${mentor} is asked now. Search again for the others.`);
      onClose();
    },
  });
  return (
    <Loaded query={people} skeleton={<Skeleton lines={3} />}>
      {() => (
        <div className="flex flex-col gap-3 rounded-xl bg-sunken p-4 text-sm">
          <p>
            <Trans>
              {mentor} is asked at once, and {mentee} hears only of a yes. Search again afterwards, so that
              the others get the best pairs, too.
            </Trans>
          </p>
          <div className="flex flex-wrap gap-2">
            <Button
              tone="primary"
              icon={Mail}
              busy={make.isPending}
              {...(mine ? {} : { disabledReason: t`One of them no longer takes part.` })}
              onClick={() =>
                mine &&
                make.mutate({
                  params: { path: { program_id: program.id } },
                  body: {
                    mentor_enrollment_id: side === "mentor" ? mine.id : other.id,
                    mentee_enrollment_id: side === "mentee" ? mine.id : other.id,
                  },
                })
              }
            >
              <Trans>Yes, ask the mentor</Trans>
            </Button>
            <Button onClick={onClose}>
              <Trans>Not now</Trans>
            </Button>
          </div>
        </div>
      )}
    </Loaded>
  );
}
