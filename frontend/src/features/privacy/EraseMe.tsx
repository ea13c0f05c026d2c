import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Hourglass, Trash2, Undo2 } from "lucide-react";
import { useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { Notice } from "#/ui/Notice";
import { Skeleton } from "#/ui/states";
import { toast } from "#/ui/toast";

/** One's own erasure: asked for twice, undone within a week. */
export function EraseMe() {
  const { t } = useLingui();
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const kept = useQuery($api.queryOptions("get", "/v1/me/data"));
  const undo = $api.useMutation("delete", "/v1/me/erasure", {
    onSuccess: () => toast(t`Everything stays as it is.`),
  });
  return (
    <Card title={<Trans>Erase me</Trans>} lead={<Trans>For good, after seven days to think again</Trans>}>
      <Loaded query={kept} skeleton={<Skeleton lines={2} />}>
        {({ erasure }) => {
          const on = erasure && format.dateTime(erasure.due_at);
          return on ? (
            <Notice
              tone="cloud"
              icon={Hourglass}
              title={<Trans>You are erased on {on}</Trans>}
              action={
                <Button icon={Undo2} busy={undo.isPending} onClick={() => undo.mutate({})}>
                  <Trans>Undo</Trans>
                </Button>
              }
            >
              <Trans>Until then nothing changes, and you can undo it here.</Trans>
            </Notice>
          ) : (
            <>
              <p className="mb-4 text-ink-2">
                <Trans>
                  Your name, your profile, your words and the keys that open them go. Your pairs end with the
                  same neutral sentence as any other. Figures of five or more people stay, without you in
                  them.
                </Trans>
              </p>
              <Button tone="danger" icon={Trash2} onClick={() => setAsking(true)}>
                <Trans>Erase me</Trans>
              </Button>
            </>
          );
        }}
      </Loaded>
      <ConfirmDialog open={asking} onClose={() => setAsking(false)} />
    </Card>
  );
}

function ConfirmDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useLingui();
  const erase = $api.useMutation("post", "/v1/me/erasure", { onSuccess: onClose, onError: onClose });
  return (
    <Dialog open={open} onClose={onClose} title={t`Erase everything of yours?`}>
      <p className="mb-4 text-ink-2">
        <Trans>
          It happens in seven days. Nobody can bring it back afterwards, not even those who run Vuoro. While
          your employer's HR system names you, your entry in the directory may come back with its next file.
        </Trans>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          tone="danger"
          icon={Trash2}
          busy={erase.isPending}
          onClick={() => erase.mutate({ body: { confirm: "erase" } })}
        >
          <Trans>Yes, erase me in seven days</Trans>
        </Button>
        <Button onClick={onClose}>
          <Trans>Keep everything</Trans>
        </Button>
      </div>
    </Dialog>
  );
}
