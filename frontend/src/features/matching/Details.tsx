import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Download, Shuffle } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api, ifMatch } from "#/api/client";
import type { MatchRunOut, ProgramOut } from "#/api/types";
import { Weights } from "#/features/programs/Weights";
import { useFormat } from "#/lib/format";
import { buttonLook } from "#/ui/Button";
import { Checkbox, Segmented, Select } from "#/ui/Field";
import { Comparison } from "./Comparison";
import { useStart } from "./live";
import { Trial, TryButton, useTrial } from "./Trial";
import { EVENEST, useEvenness, useNear } from "./words";

interface Props {
  run: MatchRunOut;
  runs: MatchRunOut[];
  program: ProgramOut;
}

/** For whoever wants to know more: the proof, what if, and this search against an earlier one. */
export default function Details({ run, runs, program }: Props) {
  const earlier = runs.filter(
    (each) => each.id !== run.id && ["done", "published"].includes(each.state) && each.pairs > 0,
  );
  return (
    <div className="flex flex-col divide-y divide-line border-t border-line [&>*]:p-5">
      <Proof run={run} />
      <WhatIf run={run} program={program} />
      {earlier.length > 0 && <Compare run={run} earlier={earlier} />}
    </div>
  );
}

function Part({ title, lead, children }: { title: ReactNode; lead?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="font-semibold">
        {title}
      </h3>
      {lead && <p className="max-w-prose text-sm text-ink-3">{lead}</p>}
      <div className="mt-4 flex flex-col gap-5">{children}</div>
    </section>
  );
}

function Proof({ run }: { run: MatchRunOut }) {
  const format = useFormat();
  const nearTo = useNear();
  const near = run.gap === null ? null : nearTo(run.gap);
  const sum = format.number(run.objective ?? 0);
  const { goal, fairness, floor } = run.options;
  const stays = run.kept !== null;
  const plain = goal === "total" && fairness === 0 && !floor && !stays;
  return (
    <Part title={<Trans>How good is this?</Trans>}>
      <div className="flex max-w-prose flex-col gap-2">
        <p>
          {run.proven && plain ? (
            <Trans>
              The scores add up to {sum} points. No other choice of pairs reaches more under the same rules:
              that is proven, not guessed.
            </Trans>
          ) : run.proven ? (
            <Trans>
              The scores add up to {sum} points. No other choice of pairs meets this search's goal better:
              that is proven, not guessed.
            </Trans>
          ) : near === null ? (
            <Trans>The scores add up to {sum} points.</Trans>
          ) : (
            <Trans>
              The scores add up to {sum} points. Another choice of pairs could do better by at most {near}.
            </Trans>
          )}
        </p>
        {!plain && (
          <ul className="list-disc pl-5 text-sm text-ink-2">
            {goal === "coverage" && (
              <li>
                <Trans>As many pairs as possible came first, then their sum.</Trans>
              </li>
            )}
            {fairness > 0 && (
              <li>
                <Trans>Low scores weighed more, so that the pairs are more even.</Trans>
              </li>
            )}
            {stays && (
              <li>
                <Trans>Pairs of the search before stayed together where that cost little.</Trans>
              </li>
            )}
            {floor && (
              <li>
                <Trans>The lowest score was raised as far as it goes for all.</Trans>
              </li>
            )}
          </ul>
        )}
      </div>
      {run.gap !== null && (
        <div>
          <a
            href={`/v1/match-runs/${run.id}/certificate`}
            download={`certificate-${run.id}.json`}
            className={buttonLook()}
          >
            <Download size={18} aria-hidden className="shrink-0" />
            <Trans>Download the proof</Trans>
          </a>
          <p className="mt-1.5 text-xs text-ink-3">
            <Trans>A JSON file that anybody can check by themselves.</Trans>
          </p>
        </div>
      )}
    </Part>
  );
}

function WhatIf({ run, program }: { run: MatchRunOut; program: ProgramOut }) {
  const { t } = useLingui();
  const id = useId();
  const saved = program.settings.weights;
  const [weights, setWeights] = useState(saved);
  const [wanted, setWanted] = useState(run.options);
  const trial = useTrial(run);
  const { goal, fairness, floor } = wanted;
  // A result stands only as long as it answers what is set.
  function set(next: Partial<typeof wanted>) {
    setWanted((old) => ({ ...old, ...next }));
    trial.drop();
  }
  const none = !Object.values(weights).some(Boolean);
  const evenness = useEvenness()(fairness);
  function startOver() {
    setWeights(saved);
    setWanted(run.options);
    trial.drop();
  }
  return (
    <Part
      title={<Trans>What if…?</Trans>}
      lead={<Trans>Try other weights or another goal. Nothing is saved, and nobody is asked.</Trans>}
    >
      <Weights
        weights={weights}
        onChange={(next) => {
          setWeights(next);
          trial.drop();
        }}
        error={none ? t`At least one must count for something.` : undefined}
      />
      <div className="grid grid-cols-1 gap-x-10 gap-y-5 lg:grid-cols-2">
        <div>
          <p aria-hidden className="mb-1.5 text-sm font-medium">
            <Trans>What comes first</Trans>
          </p>
          <Segmented
            label={t`What comes first`}
            value={goal}
            options={[
              { value: "total", label: t`The best sum` },
              { value: "coverage", label: t`As many pairs as possible` },
            ]}
            onChange={(next) => set({ goal: next })}
          />
        </div>
        <div>
          <div className="flex justify-between gap-4 text-sm">
            <label htmlFor={id} className="font-medium">
              <Trans>How even the pairs are</Trans>
            </label>
            <span aria-hidden className="text-ink-3">
              {evenness}
            </span>
          </div>
          <input
            id={id}
            type="range"
            min={0}
            max={EVENEST}
            step={0.5}
            value={Math.min(fairness, EVENEST)}
            aria-valuetext={evenness}
            onChange={(event) => set({ fairness: Number(event.target.value) })}
            className="h-6 w-full accent-spruce"
          />
        </div>
        <Checkbox
          label={t`Lift the weakest pair`}
          hint={t`No pair below what is possible for all, even if the sum gets smaller.`}
          checked={floor}
          onChange={(event) => set({ floor: event.target.checked })}
        />
      </div>
      {!trial.id && (
        <TryButton
          program={program}
          busy={trial.busy}
          onTry={() => {
            const same = Object.entries(saved).every(
              ([name, weight]) => weights[name as keyof typeof saved] === weight,
            );
            if (!none) trial.begin(wanted, { weights: same ? null : weights });
          }}
        />
      )}
      {trial.id && (
        <Trial key={trial.id} id={trial.id} base={run} onDrop={startOver}>
          {(tried) => <Adopt tried={tried} program={program} />}
        </Trial>
      )}
    </Part>
  );
}

/** Makes what was tried the real thing: its weights are saved, and a search goes by it. */
function Adopt({ tried, program }: { tried: MatchRunOut; program: ProgramOut }) {
  const { goal, fairness, floor, trial } = tried.options;
  const weights = trial?.weights;
  const start = useStart();
  const save = $api.useMutation("patch", "/v1/programs/{program_id}");
  const path = { path: { program_id: program.id } };
  const search = () =>
    start.mutate({ params: path, body: { cohort_id: tried.cohort_id, goal, fairness, floor } });
  return (
    <CanButton
      can={program.can}
      action="run_match"
      tone="primary"
      icon={Shuffle}
      busy={save.isPending || start.isPending}
      onClick={() =>
        weights
          ? save.mutate(
              { params: path, headers: ifMatch(program), body: { settings: { weights } } },
              { onSuccess: search },
            )
          : search()
      }
    >
      {weights ? <Trans>Save these weights and search again</Trans> : <Trans>Search again like this</Trans>}
    </CanButton>
  );
}

function Compare({ run, earlier }: { run: MatchRunOut; earlier: MatchRunOut[] }) {
  const { t } = useLingui();
  const format = useFormat();
  const [withId, setWithId] = useState("");
  const kept = run.kept;
  return (
    <Part title={<Trans>This search and an earlier one</Trans>}>
      {kept !== null && (
        <p className="text-sm text-ink-2">
          <Plural
            value={kept}
            one="# pair is the same as in the search before."
            other="# pairs are the same as in the search before."
          />
        </p>
      )}
      <div className="max-w-sm">
        <Select
          label={t`Compare with`}
          value={withId}
          options={[
            { value: "", label: t`Choose a search` },
            ...earlier.map((each) => ({ value: each.id, label: format.dateTime(each.created_at) })),
          ]}
          onChange={(event) => setWithId(event.target.value)}
        />
      </div>
      {withId && (
        <Comparison
          runId={run.id}
          withId={withId}
          note={<Trans>The earlier search stands first, this one second.</Trans>}
        />
      )}
    </Part>
  );
}
