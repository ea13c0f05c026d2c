import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Card } from "#/ui/Card";
import { AddPasskey } from "./AddPasskey";
import { Frame } from "./Frame";
import { insideOf } from "./inside";

/** Who looks after others' things comes in with more than a mailbox: here they get a passkey. */
export function StrongerPage() {
  const { t } = useLingui();
  const { next } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <Frame
      title={t`One more key`}
      heading={<Trans>One more key</Trans>}
      lead={
        <Trans>
          You look after a program or an organization, so a mailbox alone doesn't open it. A passkey is your
          device's fingerprint, face or PIN: nothing to remember, nothing to send.
        </Trans>
      }
    >
      <Card
        title={<Trans>Add a passkey</Trans>}
        lead={<Trans>It takes a moment, and only this once on this device.</Trans>}
      >
        <div className="flex flex-col gap-4">
          <AddPasskey
            primary
            onDone={() => {
              queryClient.clear();
              navigate({ to: insideOf(next), replace: true });
            }}
          />
          <p className="text-sm text-ink-3">
            <Trans>
              Do you have a passkey already, or does your organization have a sign-in of its own?{" "}
              <a
                href={`/sign-in?next=${encodeURIComponent(insideOf(next))}`}
                className="font-semibold text-spruce-text underline"
              >
                Sign in another way
              </a>
            </Trans>
          </p>
        </div>
      </Card>
    </Frame>
  );
}
