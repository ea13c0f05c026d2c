import { Trans, useLingui } from "@lingui/react/macro";
import { TriangleAlert } from "lucide-react";
import type { ScimConnectionOut } from "#/api/types";
import { CopyButton } from "#/ui/CopyButton";
import { Notice } from "#/ui/Notice";
import { STEPS } from "./connectionWords";

/** The address and the secret, shown this once, and where to paste them. */
export function ConnectionSecret({ connection, secret }: { connection: ScimConnectionOut; secret: string }) {
  const { i18n } = useLingui();
  return (
    <div className="flex flex-col gap-5">
      <Notice tone="cloud" icon={TriangleAlert} title={<Trans>Keep the secret now</Trans>}>
        <Trans>For safety it isn't shown again. Put it straight where the other system asks for it.</Trans>
      </Notice>
      <ToCopy label={<Trans>Address</Trans>} value={connection.url} />
      <ToCopy label={<Trans>Secret</Trans>} value={secret} />
      <ol className="flex list-decimal flex-col gap-2 pl-5 text-sm text-ink-2">
        {STEPS[connection.preset].map((step) => (
          <li key={step.id}>{i18n._(step)}</li>
        ))}
      </ol>
    </div>
  );
}

export function ToCopy({ label, value }: { label: React.ReactNode; value: string }) {
  return (
    <div className="flex flex-wrap items-end gap-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="text-sm font-semibold">{label}</p>
        <p className="rounded-xl bg-sunken p-3 font-mono text-sm break-all select-all">{value}</p>
      </div>
      <CopyButton text={value}>
        <Trans>Copy</Trans>
      </CopyButton>
    </div>
  );
}
