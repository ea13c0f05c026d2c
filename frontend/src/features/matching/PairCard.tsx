import { Trans, useLingui } from "@lingui/react/macro";
import { Info, Pin, RotateCcw, Sparkles, Unlink, UserRoundSearch, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { $api } from "#/api/client";
import type { MatchRunOut, PersonRef, ProgramOut, SuggestionOut } from "#/api/types";
import { Checks, Reasons } from "#/features/pairs/Reasons";
import { useFormat } from "#/lib/format";
import { Avatar, type Side } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { Skeleton } from "#/ui/states";
import { TurnScore } from "#/ui/TurnScore";
import { inSight } from "./Answer";
import { SUGGESTION_STATES } from "./words";

const load = () => import("./Choices");
const Without = lazy(() => load().then(({ Without }) => ({ default: Without })));
const WhyNot = lazy(() => load().then(({ WhyNot }) => ({ default: WhyNot })));

/** One suggested pair: who, why these two, what was checked, and the manager's word on it. */
export function PairCard({
  suggestion,
  run,
  program,
  headed = true,
}: {
  suggestion: SuggestionOut;
  run: MatchRunOut;
  program: ProgramOut;
  headed?: boolean;
}) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const { mentor, mentee, state } = suggestion;
  const score = format.number(Math.round(suggestion.score));
  const path = { params: { path: { suggestion_id: suggestion.id } } };
  const pin = $api.useMutation("post", "/v1/suggestions/{suggestion_id}/pin");
  const reject = $api.useMutation("post", "/v1/suggestions/{suggestion_id}/reject");
  const restore = $api.useMutation("post", "/v1/suggestions/{suggestion_id}/restore");
  const may = (verb: string) => suggestion.can[verb]?.allowed;
  const busy = pin.isPending || reject.isPending || restore.isPending;
  return (
    <>
      <div className="bg-[image:radial-gradient(20rem_9rem_at_0_0,var(--cloud-soft),transparent),radial-gradient(20rem_9rem_at_100%_0,var(--lake-soft),transparent)] p-5">
        {headed && (
          <h2 className="mb-4 flex items-center gap-2 text-lg font-semibold">
            <Sparkles size={18} aria-hidden className="text-cloud-text" />
            {state === "suggested" ? <Trans>Suggested pair</Trans> : i18n._(SUGGESTION_STATES[state].label)}
          </h2>
        )}
        <div className="grid grid-cols-[1fr_auto_1fr] items-start gap-1 text-center">
          <Member person={mentor} side="mentor" title={t`Mentor`} />
          <TurnScore score={score} label={t`Match score ${score} of 100`} />
          <Member person={mentee} side="mentee" title={t`Mentee`} />
        </div>
      </div>
      <div className="flex flex-col gap-5 px-5 pb-5">
        <div>
          <h3 className="mb-3 font-semibold">
            <Trans>Why these two</Trans>
          </h3>
          <Reasons components={suggestion.components} />
        </div>
        {suggestion.top_exempt && (
          <p className="flex gap-3 rounded-xl bg-lake-soft p-4 text-sm text-lake-text">
            <Info size={18} aria-hidden className="mt-0.5 shrink-0" />
            <Trans>
              The mentee leads everyone, at least three steps from the mentor. That is allowed, and the mentor
              is told when asked.
            </Trans>
          </p>
        )}
        <Checks codes={suggestion.checks} />
        <div className="flex flex-wrap gap-2">
          {may("pin") && (
            <Button icon={Pin} busy={busy} onClick={() => pin.mutate(path)}>
              <Trans>Keep this pair</Trans>
            </Button>
          )}
          {may("reject") && (
            <Button icon={X} busy={busy} onClick={() => reject.mutate(path)}>
              <Trans>Set aside</Trans>
            </Button>
          )}
          {may("restore") && (
            <Button icon={RotateCcw} busy={busy} onClick={() => restore.mutate(path)}>
              {state === "pinned" ? <Trans>Let it go free</Trans> : <Trans>Bring it back</Trans>}
            </Button>
          )}
        </div>
        {(may("pin") || may("reject")) && (
          <>
            <p className="text-xs text-ink-3">
              <Trans>A pair that you keep or set aside stays so in every further search.</Trans>
            </p>
            <Others suggestion={suggestion} run={run} program={program} />
          </>
        )}
      </div>
    </>
  );
}

/** What would be without this pair, and why not somebody else: told when asked. */
function Others(props: { suggestion: SuggestionOut; run: MatchRunOut; program: ProgramOut }) {
  const [asked, setAsked] = useState<"without" | "why-not">();
  const toggle = (what: typeof asked) => setAsked(asked === what ? undefined : what);
  return (
    <div className="flex flex-col gap-4 border-t border-line pt-4">
      <div className="flex flex-wrap gap-2">
        <Button icon={Unlink} aria-expanded={asked === "without"} onClick={() => toggle("without")}>
          <Trans>Without this pair</Trans>
        </Button>
        <Button icon={UserRoundSearch} aria-expanded={asked === "why-not"} onClick={() => toggle("why-not")}>
          <Trans>Why not somebody else?</Trans>
        </Button>
      </div>
      {asked && (
        <div key={asked} ref={inSight}>
          <Suspense fallback={<Skeleton lines={3} />}>
            {asked === "without" ? <Without {...props} /> : <WhyNot {...props} />}
          </Suspense>
        </div>
      )}
    </div>
  );
}

function Member({ person, side, title }: { person: PersonRef; side: Side; title: string }) {
  return (
    <div className="flex min-w-0 flex-col items-center">
      <Avatar name={person.display_name} side={side} size="xl" />
      <p className="mt-2 leading-5 font-semibold">{person.display_name}</p>
      <p className="text-sm text-ink-3">{person.title}</p>
      <p
        className={
          side === "mentor"
            ? "mt-0.5 text-sm font-semibold text-cloud-text"
            : "mt-0.5 text-sm font-semibold text-lake-text"
        }
      >
        {title}
      </p>
    </div>
  );
}
