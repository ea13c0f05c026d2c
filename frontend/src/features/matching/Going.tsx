import { Trans, useLingui } from "@lingui/react/macro";
import { CircleStop } from "lucide-react";
import type { ReactNode } from "react";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import type { MatchRunOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Meter } from "#/ui/Meter";
import { phaseWords, useNear } from "./words";

/** A search at work: its phase in words, how far it is, its pairs so far, and how near they are to the best. */
export function Going({ run, heading }: { run: MatchRunOut; heading: ReactNode }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const nearTo = useNear();
  const cancel = $api.useMutation("post", "/v1/match-runs/{run_id}/cancel");
  const { fraction, pairs, gap, phase } = run.progress;
  const share = format.percent(fraction);
  const found = format.number(pairs);
  const near = gap === null || pairs === 0 ? null : nearTo(gap);
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div aria-live="polite">
          {heading}
          <p className="text-ink-3">{i18n._(phaseWords(phase))}</p>
        </div>
        {phase !== "stopping" && (
          <CanButton
            can={run.can}
            action="cancel"
            icon={CircleStop}
            busy={cancel.isPending}
            onClick={() => cancel.mutate({ params: { path: { run_id: run.id } } })}
          >
            {pairs > 0 ? <Trans>Stop, and keep the best so far</Trans> : <Trans>Stop</Trans>}
          </CanButton>
        )}
      </div>
      <div className="mt-4">
        <Meter value={fraction} label={t`How far the search is: ${share}`} />
      </div>
      <dl className="mt-3 flex flex-wrap gap-x-8 gap-y-1 text-sm">
        <div className="flex gap-2">
          <dt className="text-ink-3">
            <Trans>Done</Trans>
          </dt>
          <dd className="font-semibold">{share}</dd>
        </div>
        {pairs > 0 && (
          <div className="flex gap-2">
            <dt className="text-ink-3">
              <Trans>Pairs so far</Trans>
            </dt>
            <dd className="font-semibold">{found}</dd>
          </div>
        )}
        {near !== null && (
          <div className="flex gap-2">
            <dt className="text-ink-3">
              <Trans>From the best possible</Trans>
            </dt>
            <dd className="font-semibold">
              <Trans>at most {near}</Trans>
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}
