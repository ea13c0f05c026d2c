import { Trans, useLingui } from "@lingui/react/macro";
import { CircleStop, FlaskConical, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MatchRunOut, ProgramOut, TrialIn } from "#/api/types";
import { Button } from "#/ui/Button";
import { Notice } from "#/ui/Notice";
import { Skeleton } from "#/ui/states";
import { Comparison } from "./Comparison";
import { Early } from "./Early";
import { Going } from "./Going";
import { useRun } from "./live";
import { isSearching } from "./words";

type Wanted = Pick<MatchRunOut["options"], "goal" | "fairness" | "floor">;

/** A search that only answers what if: nothing is saved, nobody is asked. */
export function useTrial(base: MatchRunOut) {
  const [id, setId] = useState<string>();
  const start = $api.useMutation("post", "/v1/programs/{program_id}/match-runs", {
    onSuccess: (made) => setId(made.id),
  });
  return {
    id,
    busy: start.isPending,
    begin: ({ goal, fairness, floor }: Wanted, trial: Pick<TrialIn, "weights" | "pinned">) =>
      start.mutate({
        params: { path: { program_id: base.program_id } },
        body: {
          cohort_id: base.cohort_id,
          goal,
          fairness,
          floor,
          trial: { pinned: [], rejected: [], ...trial, compare_with: base.id },
        },
      }),
    drop: () => setId(undefined),
  };
}

/** Begins a trial. */
export function TryButton({
  program,
  busy,
  onTry,
}: {
  program: ProgramOut;
  busy: boolean;
  onTry: () => void;
}) {
  return (
    <div>
      <CanButton can={program.can} action="run_match" icon={FlaskConical} busy={busy} onClick={onTry}>
        <Trans>Try it</Trans>
      </CanButton>
    </div>
  );
}

/** A trial in place: how it goes, then what it would change, and what can be done with it. */
export function Trial({
  id,
  base,
  onDrop,
  children,
}: {
  id: string;
  base: MatchRunOut;
  onDrop: () => void;
  children: (tried: MatchRunOut) => ReactNode;
}) {
  const { t } = useLingui();
  const query = useRun(id);
  const drop = (
    <Button onClick={onDrop}>
      <Trans>Throw away</Trans>
    </Button>
  );
  return (
    <section aria-label={t`What would change`}>
      <Loaded query={query} skeleton={<Skeleton lines={3} />}>
        {(tried) => {
          if (isSearching(tried.state))
            return (
              <Going
                run={tried}
                heading={
                  <h4 className="font-semibold">
                    <Trans>Trying it</Trans>
                  </h4>
                }
              />
            );
          if (tried.state !== "done")
            return (
              <Notice
                tone={tried.state === "failed" ? "lingon" : "plain"}
                icon={tried.state === "failed" ? TriangleAlert : CircleStop}
                title={tried.state === "failed" ? t`The search didn't work out` : t`The search was stopped`}
                action={drop}
              >
                <Trans>Nothing was saved, and nobody was asked.</Trans>
              </Notice>
            );
          return (
            <div className="flex flex-col gap-4">
              <Early run={tried} />
              <Comparison runId={tried.id} withId={base.id} />
              <div className="flex flex-wrap gap-2">
                {children(tried)}
                {drop}
              </div>
            </div>
          );
        }}
      </Loaded>
    </section>
  );
}
