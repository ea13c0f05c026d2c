import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import { wordsFor } from "#/api/problems";
import type { MentoringPair } from "#/api/types";
import { useFormat } from "#/lib/format";
import { firstName } from "#/lib/text";
import { Dialog } from "#/ui/Dialog";
import { TextArea } from "#/ui/Field";
import { toast } from "#/ui/toast";

/**
 * What managers decide about a pair that the organization chart stands between: leave it, ask for an exception that a
 * second manager agrees to, or go on where the line is gone. Either way the mentor is asked first.
 */
export default function OverrideDialog({ pair, onClose }: { pair: MentoringPair; onClose: () => void }) {
  const mentor = firstName(pair.mentor.display_name);
  return (
    <Dialog open onClose={onClose} title={`${pair.mentor.display_name} → ${pair.mentee.display_name}`}>
      <div className="flex flex-col gap-5">
        <p className="text-ink-2">
          {pair.state === "proposed" ? (
            <Trans>One of the two is above the other in the organization. That is nobody's doing.</Trans>
          ) : (
            <Trans>
              The organization changed around them, and one now stands above the other. That is nobody's
              doing, and both know it in neutral words. A new pair is on offer to each.
            </Trans>
          )}
        </p>
        {pair.override ? (
          <Asked pair={pair} onDone={onClose} />
        ) : pair.can.lift?.allowed ? (
          <Gone pair={pair} onDone={onClose} />
        ) : pair.can.override?.allowed ? (
          <Ask pair={pair} onDone={onClose} />
        ) : (
          <Closed reason={pair.can.override?.reason} />
        )}
        <p className="border-t border-line pt-4 text-sm text-ink-3">
          <Trans>
            Whatever you decide, {mentor} is asked first, reads your reason, and may say no without one. The
            mentee hears only of a yes.
          </Trans>
        </p>
      </div>
    </Dialog>
  );
}

interface Props {
  pair: MentoringPair;
  onDone: () => void;
}

function Closed({ reason }: { reason: string | null | undefined }) {
  const { i18n } = useLingui();
  return <p className="font-medium">{i18n._(wordsFor(reason ?? "not_allowed"))}</p>;
}

/** The first manager's word: nothing happens before a second one agrees. */
function Ask({ pair, onDone }: Props) {
  const { t } = useLingui();
  const [missing, setMissing] = useState(false);
  const ask = $api.useMutation("post", "/v1/pairs/{pair_id}/override", {
    onSuccess() {
      toast(t`Noted. Another manager has to agree to it.`);
      onDone();
    },
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get("reason") ?? "").trim();
    setMissing(!reason);
    if (reason) ask.mutate({ params: { path: { pair_id: pair.id } }, body: { reason } });
  }
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <h3 className="font-semibold">
        <Trans>Let them go on all the same?</Trans>
      </h3>
      <TextArea
        label={t`Why it is all right`}
        hint={t`A second manager reads it, and the mentor before answering. Write nothing that you wouldn't say to both.`}
        name="reason"
        maxLength={1000}
        error={missing ? t`Say why: the mentor needs it to decide.` : undefined}
      />
      <div>
        <CanButton can={pair.can} action="override" type="submit" tone="primary" busy={ask.isPending}>
          <Trans>Ask for an exception</Trans>
        </CanButton>
      </div>
    </form>
  );
}

/** The line is gone again: one manager is enough to ask the mentor. */
function Gone({ pair, onDone }: Props) {
  const { t } = useLingui();
  const lift = $api.useMutation("post", "/v1/pairs/{pair_id}/lift", {
    onSuccess() {
      toast(t`The mentor is asked whether to go on.`);
      onDone();
    },
  });
  return (
    <div className="flex flex-col items-start gap-4">
      <p className="font-medium">
        <Trans>Nothing stands between them any more.</Trans>
      </p>
      <CanButton
        can={pair.can}
        action="lift"
        tone="primary"
        busy={lift.isPending}
        onClick={() => lift.mutate({ params: { path: { pair_id: pair.id } } })}
      >
        <Trans>Ask the mentor whether to go on</Trans>
      </CanButton>
    </div>
  );
}

/** What was asked for, and whose word is still missing. */
function Asked({ pair, onDone }: Props) {
  const { t } = useLingui();
  const format = useFormat();
  const path = { params: { path: { pair_id: pair.id } } };
  const confirm = $api.useMutation("post", "/v1/pairs/{pair_id}/override/confirm", {
    onSuccess() {
      toast(t`Agreed. The mentor is asked now.`);
      onDone();
    },
  });
  const withdraw = $api.useMutation("delete", "/v1/pairs/{pair_id}/override", {
    onSuccess() {
      toast(t`Taken back.`);
      onDone();
    },
  });
  const { override } = pair;
  if (!override) return null;
  const asker = override.requested_by.display_name;
  const second = override.confirmed_by?.display_name;
  const day = format.date(override.requested_at);
  const until = override.answer_by && format.date(override.answer_by);
  return (
    <div className="flex flex-col gap-4">
      <div className="rounded-2xl bg-sunken p-4">
        <p className="text-sm text-ink-3">
          {override.kind === "override" ? (
            <Trans>
              {asker} asked for an exception on {day}
            </Trans>
          ) : (
            <Trans>
              {asker} saw on {day} that nothing stands between them
            </Trans>
          )}
        </p>
        {override.reason && <p className="mt-2 break-words whitespace-pre-line">{override.reason}</p>}
        {second && (
          <p className="mt-2 text-sm text-ink-3">
            <Trans>{second} agreed.</Trans>
          </p>
        )}
      </div>
      {override.confirmed_at && (
        <p className="font-medium">
          {until ? <Trans>The mentor is asked, until {until}.</Trans> : <Trans>The mentor is asked.</Trans>}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        {pair.can.lift?.allowed ? (
          <Gone pair={pair} onDone={onDone} />
        ) : (
          !override.confirmed_at && (
            <CanButton
              can={pair.can}
              action="confirm_override"
              tone="primary"
              busy={confirm.isPending}
              onClick={() => confirm.mutate(path)}
            >
              <Trans>I agree: ask the mentor</Trans>
            </CanButton>
          )
        )}
        {pair.can.withdraw_override?.allowed && (
          <CanButton
            can={pair.can}
            action="withdraw_override"
            tone="quiet"
            busy={withdraw.isPending}
            onClick={() => withdraw.mutate(path)}
          >
            <Trans>Take it back</Trans>
          </CanButton>
        )}
      </div>
    </div>
  );
}
