import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "./Button";

/** A window over the page, on the browser's own dialog: focus, Escape and the rest come with it. */
export function Dialog({
  open,
  onClose,
  title,
  children,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
}) {
  const { t } = useLingui();
  const box = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    if (open) box.current?.showModal();
    else box.current?.close();
  }, [open]);
  return (
    <dialog
      ref={box}
      aria-labelledby={titleId}
      // The browser says so later, when the window may be open again.
      onClose={() => box.current?.open || onClose()}
      className="m-auto w-[min(34rem,calc(100vw-2rem))] rounded-2xl border border-line bg-surface p-0 text-ink shadow-float"
    >
      {open && (
        <div className="p-5">
          <div className="mb-3 flex items-start justify-between gap-4">
            <h2 id={titleId} className="pt-1.5 text-lg font-semibold">
              {title}
            </h2>
            <IconButton
              icon={X}
              label={t`Close`}
              onClick={() => box.current?.close()}
              className="-mt-1 -mr-2"
            />
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}
