import { Trans } from "@lingui/react/macro";
import { CircleStop, Hourglass } from "lucide-react";
import type { MatchRunOut } from "#/api/types";
import { Notice } from "#/ui/Notice";
import { useNear } from "./words";

/** A search that ended before its proof, and how near its pairs are all the same. */
export function Early({ run }: { run: MatchRunOut }) {
  const nearTo = useNear();
  const code = run.problem?.code;
  if (code !== "stopped_early" && code !== "match_timed_out_best_kept") return null;
  const gap = run.gap;
  const near = gap === null ? null : nearTo(gap);
  const stopped = code === "stopped_early";
  return (
    <Notice
      tone="cloud"
      icon={stopped ? CircleStop : Hourglass}
      title={
        stopped ? <Trans>You stopped the search early</Trans> : <Trans>The search ran out of time</Trans>
      }
    >
      {near === null ? (
        <Trans>The best pairs so far are kept. A full search may find better ones.</Trans>
      ) : (
        <Trans>
          The best pairs so far are kept: together at most {near} from the best possible. A full search may
          find better ones.
        </Trans>
      )}
    </Notice>
  );
}
