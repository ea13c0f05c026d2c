import { Trans } from "@lingui/react/macro";
import { TriangleAlert } from "lucide-react";
import { CopyButton } from "#/ui/CopyButton";
import { Notice } from "#/ui/Notice";

/** A key that was just made: it is shown this once. */
export function Secret({ secret, clientId }: { secret: string; clientId: string }) {
  return (
    <div className="flex flex-col gap-4">
      <Notice tone="cloud" icon={TriangleAlert} title={<Trans>Keep it now</Trans>}>
        <Trans>
          For safety the key isn't shown again. Put it straight where the other system keeps its secrets.
        </Trans>
      </Notice>
      <dl className="flex flex-col gap-3">
        <div>
          <dt className="text-sm font-semibold">
            <Trans>The key</Trans>
          </dt>
          <dd className="rounded-xl bg-sunken p-3 font-mono text-sm break-all select-all">{secret}</dd>
        </div>
        <div>
          <dt className="text-sm font-semibold">
            <Trans>Client id, where one is asked for</Trans>
          </dt>
          <dd className="font-mono text-sm break-all text-ink-2 select-all">{clientId}</dd>
        </div>
      </dl>
      <div>
        <CopyButton tone="primary" text={secret}>
          <Trans>Copy the key</Trans>
        </CopyButton>
      </div>
    </div>
  );
}
