import { Trans, useLingui } from "@lingui/react/macro";
import { Sparkles } from "lucide-react";
import { useState } from "react";
import { $api } from "#/api/client";
import type { MentoringPair } from "#/api/types";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";

/** The equal exit: a break or an end, for either, without a reason. */
export function LeaveDialog({
  pair,
  open,
  onClose,
}: {
  pair: MentoringPair;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const [until, setUntil] = useState("");
  const tomorrow = new Date(Date.now() + 86_400_000);
  const path = { params: { path: { pair_id: pair.id } } };
  const pause = $api.useMutation("post", "/v1/pairs/{pair_id}/pause", {
    onSuccess() {
      toast(t`On a break. Come back any time.`);
      onClose();
    },
  });
  const end = $api.useMutation("post", "/v1/pairs/{pair_id}/end", {
    onSuccess() {
      toast(t`The pair has ended, kindly and without names.`);
      onClose();
    },
  });
  const rematch = $api.useMutation("post", "/v1/pairs/{pair_id}/rematch", {
    onSuccess: () => toast(t`The pair has ended kindly. We look for a new one for you.`),
  });
  const look = $api.useMutation("post", "/v1/pairs/{pair_id}/end", {
    async onSuccess() {
      onClose();
      await rematch.mutateAsync(path).catch(() => undefined);
    },
  });
  const busy = end.isPending || look.isPending || rematch.isPending;
  return (
    <Dialog open={open} onClose={onClose} title={t`Take a break, or end`}>
      <p className="mb-4 text-ink-2">
        <Trans>
          Either of you may, at any time, without a reason. The other one and the programme see one neutral
          text.
        </Trans>
      </p>
      {pair.can.pause?.allowed && (
        <div className="mb-5">
          <TextField
            label={t`Remind us both on, if you like`}
            type="date"
            min={tomorrow.toISOString().slice(0, 10)}
            value={until}
            onChange={(event) => setUntil(event.target.value)}
          />
        </div>
      )}
      <div className="flex flex-wrap gap-2">
        {pair.can.pause?.allowed && (
          <Button
            tone="primary"
            busy={pause.isPending}
            onClick={() => pause.mutate({ ...path, body: { until: until || null } })}
          >
            <Trans>Take a break</Trans>
          </Button>
        )}
        {pair.can.end?.allowed && (
          <>
            {pair.state !== "stay_in_touch" && (
              <Button icon={Sparkles} busy={busy} onClick={() => look.mutate(path)}>
                <Trans>End, and find me another pair</Trans>
              </Button>
            )}
            <Button tone="danger" busy={busy} onClick={() => end.mutate(path)}>
              <Trans>End this pair</Trans>
            </Button>
          </>
        )}
      </div>
    </Dialog>
  );
}
