import { Trans, useLingui } from "@lingui/react/macro";
import { FileUp } from "lucide-react";
import { type DragEvent, useId, useState } from "react";
import { cx } from "#/lib/text";

/** A place to drop a file on, or to choose one by press or key. */
export function FileDrop({ busy, onFile }: { busy: boolean; onFile: (file: File) => void }) {
  const { t } = useLingui();
  const id = useId();
  const [over, setOver] = useState(false);
  function onDrop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file && !busy) onFile(file);
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the file field inside does the same by key
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className={cx(
        "flex flex-col items-center gap-1 rounded-2xl border-2 border-dashed px-4 py-10 text-center transition-colors",
        over ? "border-spruce bg-spruce-soft" : "border-edge",
      )}
    >
      <FileUp size={32} aria-hidden className="mb-2 text-spruce-text" />
      <p className="text-lg font-semibold max-sm:hidden">
        <Trans>Drop the file from your HR system here</Trans>
      </p>
      <p id={`${id}-hint`} className="max-w-prose text-ink-3">
        <Trans>
          Excel (.xlsx), CSV or JSON. Columns, letters and dates are recognized; nothing changes before you
          say so.
        </Trans>
      </p>
      <input
        id={id}
        type="file"
        accept=".csv,.txt,.tsv,.xlsx,.json,text/csv,application/json"
        disabled={busy}
        aria-describedby={`${id}-hint`}
        className="peer sr-only"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) onFile(file);
        }}
      />
      <label
        htmlFor={id}
        className="mt-4 inline-flex min-h-11 cursor-pointer items-center rounded-xl bg-spruce px-5 text-sm font-semibold text-on-spruce hover:bg-spruce-hover peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-spruce peer-disabled:cursor-wait peer-disabled:opacity-60"
      >
        {busy ? t`Sending the file` : t`Choose a file`}
      </label>
    </div>
  );
}
