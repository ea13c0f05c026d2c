import { Trans } from "@lingui/react/macro";
import { TriangleAlert } from "lucide-react";
import { CopyButton } from "#/ui/CopyButton";
import { Notice } from "#/ui/Notice";

/** A secret that was just made, which the other system checks events with. */
export function ShownOnce({ secret }: { secret: string }) {
  return (
    <div className="flex flex-col gap-4">
      <Notice tone="cloud" icon={TriangleAlert} title={<Trans>Keep it now</Trans>}>
        <Trans>It isn't shown again. With it the other system checks that an event comes from Vuoro.</Trans>
      </Notice>
      <p className="rounded-xl bg-sunken p-3 font-mono text-sm break-all select-all">{secret}</p>
      <div>
        <CopyButton tone="primary" text={secret}>
          <Trans>Copy the secret</Trans>
        </CopyButton>
      </div>
    </div>
  );
}
