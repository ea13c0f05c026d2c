import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { CalendarX, CircleCheck } from "lucide-react";
import { type FormEvent, useState } from "react";
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

/** What can be done with a talk besides moving it: it was held, or it can't be. */
export function SessionActions({ session }: { session: MentoringSession }) {
  const { t } = useLingui();
  const [cancelling, setCancelling] = useState(false);
  const hold = $api.useMutation("post", "/v1/sessions/{session_id}/hold", {
    onSuccess: () => toast(t`Well met! It counts now.`),
  });
  const mayHold = session.can.hold?.allowed;
  const mayCancel = session.can.cancel?.allowed;
  if (!mayHold && !mayCancel) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {mayHold && (
        <Button
          tone="primary"
          icon={CircleCheck}
          busy={hold.isPending}
          onClick={() => hold.mutate({ params: { path: { session_id: session.id } } })}
        >
          <Trans>We met</Trans>
        </Button>
      )}
      {mayCancel && (
        <Button tone="quiet" icon={CalendarX} onClick={() => setCancelling(true)}>
          <Trans>Cancel this talk</Trans>
        </Button>
      )}
      <CancelDialog session={session} open={cancelling} onClose={() => setCancelling(false)} />
    </div>
  );
}

function CancelDialog({
  session,
  open,
  onClose,
}: {
  session: MentoringSession;
  open: boolean;
  onClose: () => void;
}) {
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
          hint={t`Nobody else reads this.`}
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
