import { Trans, useLingui } from "@lingui/react/macro";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { $api } from "#/api/client";
import type { PersonOut } from "#/api/types";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { toast } from "#/ui/toast";

/** An admin's erasure of somebody, from their page. */
export function ErasePerson({ person }: { person: PersonOut }) {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  const name = person.display_name;
  const close = () => setOpen(false);
  const erase = $api.useMutation("post", "/v1/people/{person_id}/erasure", {
    onSuccess() {
      toast(t`Noted. The page Privacy shows when.`);
      close();
    },
    onError: close,
  });
  return (
    <>
      <Button tone="danger" icon={Trash2} onClick={() => setOpen(true)}>
        <Trans>Erase</Trans>
      </Button>
      <Dialog open={open} onClose={close} title={t`Erase ${name}?`}>
        <p className="mb-4 text-ink-2">
          {person.status === "left" ? (
            <Trans>They have left: it happens at once, and nobody can bring it back.</Trans>
          ) : (
            <Trans>It happens in seven days; until then you and they can undo it.</Trans>
          )}
        </p>
        <div className="flex flex-wrap gap-2">
          <Button
            tone="danger"
            icon={Trash2}
            busy={erase.isPending}
            onClick={() =>
              erase.mutate({ params: { path: { person_id: person.id } }, body: { confirm: "erase" } })
            }
          >
            <Trans>Yes, erase</Trans>
          </Button>
          <Button onClick={close}>
            <Trans>Keep everything</Trans>
          </Button>
        </div>
      </Dialog>
    </>
  );
}
