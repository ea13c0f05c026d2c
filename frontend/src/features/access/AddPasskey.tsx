import { Trans } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Fingerprint } from "lucide-react";
import { Button } from "#/ui/Button";
import { addPasskey, canPasskeys, deviceName } from "./passkey";
import { passkeyTrouble } from "./words";

/** Makes a passkey on this device. */
export function AddPasskey({ primary = false, onDone }: { primary?: boolean; onDone?: () => void }) {
  const add = useMutation({
    mutationFn: () => addPasskey(deviceName()),
    onSuccess: () => onDone?.(),
    meta: { quiet: true },
  });
  if (!canPasskeys())
    return (
      <p className="text-sm text-ink-2">
        <Trans>This browser knows no passkeys. Open this page in a newer one, or on your phone.</Trans>
      </p>
    );
  return (
    <div className="flex flex-col gap-2">
      <Button
        tone={primary ? "primary" : "secondary"}
        full={primary}
        icon={Fingerprint}
        busy={add.isPending}
        onClick={() => add.mutate()}
      >
        <Trans>Add a passkey on this device</Trans>
      </Button>
      {add.isError && (
        <p role="alert" className="text-sm font-semibold text-lingon-text">
          {passkeyTrouble(add.error)}
        </p>
      )}
    </div>
  );
}
