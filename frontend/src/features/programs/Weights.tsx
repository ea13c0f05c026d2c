import { useLingui } from "@lingui/react";
import { Trans } from "@lingui/react/macro";
import { useId } from "react";
import type { ProgramSettings } from "#/api/types";
import { useFormat } from "#/lib/format";
import { shares, WEIGHTS, type WeightName } from "./words";

/** A slider for each component of the score, with its share of the whole. */
export function Weights({
  weights,
  onChange,
  error,
}: {
  weights: ProgramSettings["weights"];
  onChange: (weights: ProgramSettings["weights"]) => void;
  error: string | undefined;
}) {
  const { i18n } = useLingui();
  const format = useFormat();
  const id = useId();
  const parts = shares(weights);
  return (
    <section aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`} className="mb-1 font-semibold">
        <Trans>What makes a good pair</Trans>
      </h3>
      <p className="mb-4 text-sm text-ink-3">
        <Trans>How much each counts. The score of a pair is the sum, 100 at most.</Trans>
      </p>
      {error && (
        <p role="alert" className="mb-4 text-sm font-semibold text-lingon-text">
          {error}
        </p>
      )}
      <div className="grid grid-cols-1 gap-x-10 gap-y-4 lg:grid-cols-2">
        {(Object.keys(WEIGHTS) as WeightName[]).map((name) => {
          const share = format.percent(parts[name] / 100);
          return (
            <div key={name}>
              <div className="flex justify-between gap-4 text-sm">
                <label htmlFor={`${id}-${name}`} className="font-medium">
                  {i18n._(WEIGHTS[name])}
                </label>
                <span aria-hidden className="text-ink-3">
                  {share}
                </span>
              </div>
              <input
                id={`${id}-${name}`}
                type="range"
                min={0}
                max={100}
                step={1}
                value={Math.round(weights[name] * 100)}
                aria-valuetext={share}
                onChange={(event) => onChange({ ...weights, [name]: Number(event.target.value) / 100 })}
                className="h-6 w-full accent-spruce"
              />
            </div>
          );
        })}
      </div>
    </section>
  );
}
