import { Trans, useLingui } from "@lingui/react/macro";
import { Undo2 } from "lucide-react";
import { $api } from "#/api/client";
import type { ImportOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { Notice } from "#/ui/Notice";

/** Says what an undo does before it is done. */
export function UndoDialog({ file, onClose }: { file: ImportOut; onClose: () => void }) {
  const { t } = useLingui();
  const format = useFormat();
  const undo = $api.useMutation("post", "/v1/imports/{import_id}/undo", { onSuccess: onClose });
  const added = format.number(file.summary?.created ?? 0);
  const { updated = 0, left = 0, outside = 0, going_out = 0 } = file.summary ?? {};
  const changed = format.number(updated + left + going_out);
  const places = format.number(outside - going_out);
  return (
    <Dialog open onClose={onClose} title={t`Undo this import?`}>
      <ul className="mb-5 flex list-disc flex-col gap-1.5 pl-5">
        <li>
          <Trans>{added} new people are removed, unless they have a part or a role already</Trans>
        </li>
        <li>
          <Trans>{changed} people become what they were before; those who left come back</Trans>
        </li>
        {outside > going_out && (
          <li>
            <Trans>{places} places in the organization chart are as before or removed</Trans>
          </li>
        )}
        <li>
          <Trans>Whoever was changed since stays as they are, and you see who</Trans>
        </li>
        <li>
          <Trans>Pairs that paused go on when the two say so</Trans>
        </li>
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button
          tone="danger"
          icon={Undo2}
          busy={undo.isPending}
          onClick={() => undo.mutate({ params: { path: { import_id: file.id } } })}
        >
          <Trans>Yes, undo it</Trans>
        </Button>
        <Button onClick={onClose}>
          <Trans>Not now</Trans>
        </Button>
      </div>
    </Dialog>
  );
}

/** What an undo did, and whom it left alone. */
export function Undone({ undone }: { undone: NonNullable<ImportOut["undone"]> }) {
  const { t } = useLingui();
  const format = useFormat();
  const restored = format.number(undone.restored);
  const removed = format.number(undone.removed);
  const more = undone.kept - undone.people.length;
  const others = format.number(more);
  return (
    <Notice tone="plain" icon={Undo2} title={t`This import was taken back`}>
      <p>
        <Trans>
          As before: {restored}. Removed: {removed}.
        </Trans>
      </p>
      {undone.people.length > 0 && (
        <>
          <p className="mt-2 font-semibold">
            <Trans>Left as they are</Trans>
          </p>
          <ul className="mt-1 flex flex-col gap-1">
            {undone.people.map((person) => (
              <li key={person.external_id}>
                {person.display_name ?? person.external_id}:{" "}
                {person.reason === "changed_since" ? t`changed since` : t`has a part, a role or a report`}
              </li>
            ))}
            {more > 0 && (
              <li>
                <Trans>and {others} others</Trans>
              </li>
            )}
          </ul>
        </>
      )}
    </Notice>
  );
}
