import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { CalendarOff, CalendarX, CircleCheck } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import type { MentoringSession } from "#/api/types";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { Select } from "#/ui/Field";
import { toast } from "#/ui/toast";

const REASONS = {
  work: msg`Something at work`,
  illness: msg`Illness`,
  travel: msg`Travel`,
  other: msg`Something else`,
} satisfies Record<string, MessageDescriptor>;
type Reason = keyof typeof REASONS;

const WHO = {
  me: msg`I couldn't come`,
  them: msg`The other one couldn't`,
  both: msg`It suited neither of us`,
} satisfies Record<string, MessageDescriptor>;

interface DialogProps {
  session: MentoringSession;
  open: boolean;
  onClose: () => void;
}

/** What can be done with a talk besides moving it: it was held, it did not take place, or it can't be. */
export function SessionActions({ session, primer }: { session: MentoringSession; primer: ReactNode }) {
  const { t } = useLingui();
  const [asking, setAsking] = useState<"cancel" | "miss">();
  const hold = $api.useMutation("post", "/v1/sessions/{session_id}/hold", {
    onSuccess: () => toast(t`Well met! It counts now.`),
  });
  const { hold: mayHold, miss: mayMiss, cancel: mayCancel } = session.can;
  const warmUp = mayHold?.reason === "primer_missing" || session.next_action === "finish_primer";
  return (
    <>
      {warmUp && primer}
      <div className="flex flex-wrap gap-2 empty:hidden">
        {(mayHold?.allowed || mayHold?.reason === "primer_missing") && (
          <CanButton
            can={session.can}
            action="hold"
            tone="primary"
            icon={CircleCheck}
            busy={hold.isPending}
            onClick={() => hold.mutate({ params: { path: { session_id: session.id } } })}
          >
            {session.state === "missed" ? <Trans>We met after all</Trans> : <Trans>We met</Trans>}
          </CanButton>
        )}
        {mayMiss?.allowed && (
          <Button tone="quiet" icon={CalendarOff} onClick={() => setAsking("miss")}>
            <Trans>It did not take place</Trans>
          </Button>
        )}
        {mayCancel?.allowed && (
          <Button tone="quiet" icon={CalendarX} onClick={() => setAsking("cancel")}>
            <Trans>Cancel this talk</Trans>
          </Button>
        )}
      </div>
      <CancelDialog session={session} open={asking === "cancel"} onClose={() => setAsking(undefined)} />
      <MissDialog session={session} open={asking === "miss"} onClose={() => setAsking(undefined)} />
    </>
  );
}

/** Who could not come: a word for oneself alone, so that nobody has to explain. */
function MissDialog({ session, open, onClose }: DialogProps) {
  const { t, i18n } = useLingui();
  const miss = $api.useMutation("post", "/v1/sessions/{session_id}/miss", {
    onSuccess() {
      toast(t`Noted. You two can plan it again.`);
      onClose();
    },
  });
  return (
    <Dialog open={open} onClose={onClose} title={t`It did not take place`}>
      <p className="mb-4 text-ink-2">
        <Trans>
          It happens. What you choose stays with you: the other one reads only that the talk did not take
          place.
        </Trans>
      </p>
      <div className="flex flex-col gap-2">
        {Object.entries(WHO).map(([who, words]) => (
          <Button
            key={who}
            full
            busy={miss.isPending}
            onClick={() =>
              miss.mutate({
                params: { path: { session_id: session.id } },
                body: { who: who as keyof typeof WHO },
              })
            }
          >
            {i18n._(words)}
          </Button>
        ))}
      </div>
    </Dialog>
  );
}

function CancelDialog({ session, open, onClose }: DialogProps) {
  const { t, i18n } = useLingui();
  const cancel = $api.useMutation("post", "/v1/sessions/{session_id}/cancel", {
    onSuccess() {
      toast(t`The talk is cancelled.`);
      onClose();
    },
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const reason_class = new FormData(event.currentTarget).get("reason") as Reason;
    cancel.mutate({ params: { path: { session_id: session.id } }, body: { reason_class } });
  }
  return (
    <Dialog open={open} onClose={onClose} title={t`Cancel this talk`}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <p className="text-ink-2">
          <Trans>Moving is kinder: a cancelled talk is the first thing that makes a pair fade.</Trans>
        </p>
        <Select
          label={t`Why, in a word`}
          hint={
            session.my_cancellation === "counted"
              ? t`Nobody else reads this. Your sponsor sees one more cancelled talk, as a number without names.`
              : t`Nobody else reads this.`
          }
          name="reason"
          options={Object.entries(REASONS).map(([value, words]) => ({ value, label: i18n._(words) }))}
        />
        <div className="flex flex-wrap gap-2">
          <Button tone="primary" onClick={onClose}>
            <Trans>Keep the talk</Trans>
          </Button>
          <Button type="submit" tone="danger" busy={cancel.isPending}>
            <Trans>Cancel it</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
