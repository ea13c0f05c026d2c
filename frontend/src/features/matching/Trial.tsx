import { Trans, useLingui } from "@lingui/react/macro";
import { CircleStop, FlaskConical, TriangleAlert } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
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
import { stopRun, useRun } from "./live";
import { isSearching } from "./words";

type Wanted = Pick<MatchRunOut["options"], "goal" | "fairness" | "floor">;

/**
 * A search that only answers what if: nothing is saved, nobody is asked. One that is dropped is stopped, and the next
 * begins once it is over.
 */
export function useTrial(base: MatchRunOut) {
  const [id, setId] = useState<string>();
  const [busy, setBusy] = useState(false);
  const newest = useRef(0); // whatever comes of an older one is of no use any more
  const before = useRef(Promise.resolve()); // one thing after the other
  const start = $api.useMutation("post", "/v1/programs/{program_id}/match-runs");
  function next(work: () => Promise<void>) {
    // what goes wrong is told where it is done, and must not hold up what comes after it
    before.current = before.current.then(work).catch(() => undefined);
    return before.current;
  }
  return {
    id,
    busy,
    begin({ goal, fairness, floor }: Wanted, trial: Pick<TrialIn, "weights" | "pinned">) {
      newest.current += 1;
      const mine = newest.current;
      setBusy(true);
      void next(async () => {
        if (mine !== newest.current) return;
        const made = await start.mutateAsync({
          params: { path: { program_id: base.program_id } },
          body: {
            cohort_id: base.cohort_id,
            goal,
            fairness,
            floor,
            trial: { pinned: [], rejected: [], ...trial, compare_with: base.id },
          },
        });
        if (mine === newest.current) setId(made.id);
        else await stopRun(made.id);
      }).then(() => mine === newest.current && setBusy(false));
    },
    drop() {
      newest.current += 1;
      setBusy(false);
      if (!id) return;
      setId(undefined);
      void next(() => stopRun(id));
    },
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
