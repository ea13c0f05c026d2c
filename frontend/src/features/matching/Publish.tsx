import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Mail, UserRoundCheck, Users } from "lucide-react";
import { $api } from "#/api/client";
import { ProblemError, problemWords } from "#/api/problems";
import type { MatchRunOut, ProgramOut } from "#/api/types";
import { PairNames } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { toast } from "#/ui/toast";
import { pairRuleWords } from "./words";

interface Outdated {
  id: string;
  mentor: string;
  mentee: string;
  rule: string;
}

/** The last question before mentors are asked: says what happens, and in which order. */
export function PublishDialog({
  run,
  program,
  open,
  onClose,
}: {
  run: MatchRunOut;
  program: ProgramOut;
  open: boolean;
  onClose: () => void;
}) {
  const { t, i18n } = useLingui();
  const kept = run.pairs;
  const days = program.settings.offer_days;
  const publish = $api.useMutation("post", "/v1/match-runs/{run_id}/publish", {
    meta: { quiet: true },
    onSuccess() {
      toast(t`The mentors are asked now.`);
      onClose();
    },
  });
  const error = publish.error;
  const outdated =
    error instanceof ProblemError && error.code === "suggestions_outdated"
      ? (error.params.suggestions as unknown as Outdated[])
      : null;
  return (
    <Dialog open={open} onClose={onClose} title={t`Ask the mentors?`}>
      <ol className="mb-5 flex flex-col gap-4">
        <li className="flex gap-3">
          <Mail size={20} aria-hidden className="mt-0.5 shrink-0 text-cloud-text" />
          <div>
            <p className="font-semibold">
              <Trans>Mentors are asked first</Trans>
            </p>
            <p className="text-sm text-ink-2">
              <Plural
                value={kept}
                one="# pair is offered, by mail and here. The pairs that you set aside are not."
                other="Up to # pairs are offered, by mail and here. The pairs that you set aside are not."
              />
            </p>
          </div>
        </li>
        <li className="flex gap-3">
          <UserRoundCheck size={20} aria-hidden className="mt-0.5 shrink-0 text-lake-text" />
          <div>
            <p className="font-semibold">
              <Trans>Executives hear only of a yes</Trans>
            </p>
            <p className="text-sm text-ink-2">
              <Trans>A no needs no reason and leaves no trace for anyone.</Trans>
            </p>
          </div>
        </li>
        <li className="flex gap-3">
          <Users size={20} aria-hidden className="mt-0.5 shrink-0 text-spruce-text" />
          <div>
            <p className="font-semibold">
              <Trans>Two yeses make a pair</Trans>
            </p>
            <p className="text-sm text-ink-2">
              <Plural
                value={days}
                one="Each of them has # day to answer."
                other="Each of them has # days to answer, with a reminder on the way."
              />
            </p>
          </div>
        </li>
      </ol>
      {error && (
        <div role="alert" className="mb-5 rounded-xl bg-lingon-soft p-4 text-sm text-lingon-text">
          <p className="font-semibold">
            {outdated ? (
              <Trans>Things have changed since the search. Nobody was asked.</Trans>
            ) : (
              i18n._(problemWords(error))
            )}
          </p>
          {outdated && (
            <>
              <ul className="my-2 flex max-h-48 list-disc flex-col gap-1 overflow-y-auto pl-5">
                {outdated.map((each) => (
                  <li key={each.id}>
                    <PairNames mentor={each.mentor} mentee={each.mentee} />:{" "}
                    {i18n._(pairRuleWords(each.rule))}
                  </li>
                ))}
              </ul>
              <p>
                <Trans>Set these aside, or search again.</Trans>
              </p>
            </>
          )}
        </div>
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          tone="primary"
          icon={Mail}
          busy={publish.isPending}
          onClick={() => publish.mutate({ params: { path: { run_id: run.id } } })}
        >
          <Trans>Yes, ask the mentors</Trans>
        </Button>
        <Button onClick={onClose}>
          <Trans>Look once more</Trans>
        </Button>
      </div>
    </Dialog>
  );
}
