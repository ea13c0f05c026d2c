import type { ReactNode } from "react";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";

/** Asks once more before something ends. */
export function Confirm({
  title,
  children,
  action,
  busy,
  onYes,
  onClose,
}: {
  title: string;
  children: ReactNode;
  action: ReactNode;
  busy: boolean;
  onYes: () => void;
  onClose: () => void;
}) {
  return (
    <Dialog open onClose={onClose} title={title}>
      <div className="flex flex-col gap-4">
        <p className="text-ink-2">{children}</p>
        <div>
          <Button tone="danger" busy={busy} onClick={onYes}>
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
