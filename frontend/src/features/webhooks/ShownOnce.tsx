import { Trans, useLingui } from "@lingui/react/macro";
import { Copy, TriangleAlert } from "lucide-react";
import { Button } from "#/ui/Button";
import { Notice } from "#/ui/Notice";
import { toast } from "#/ui/toast";

/** A secret that was just made, which the other system checks events with. */
export function ShownOnce({ secret }: { secret: string }) {
  const { t } = useLingui();
  function copy() {
    navigator.clipboard.writeText(secret).then(
      () => toast(t`Copied.`),
      () => toast(t`Copying isn't possible here. Choose the secret and copy it yourself.`, "problem"),
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <Notice tone="cloud" icon={TriangleAlert} title={<Trans>Keep it now</Trans>}>
        <Trans>It isn't shown again. With it the other system checks that an event comes from Vuoro.</Trans>
      </Notice>
      <p className="rounded-xl bg-sunken p-3 font-mono text-sm break-all select-all">{secret}</p>
      <div>
        <Button tone="primary" icon={Copy} onClick={copy}>
          <Trans>Copy the secret</Trans>
        </Button>
      </div>
    </div>
  );
}
