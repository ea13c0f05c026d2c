import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { PROVED } from "./channel";
import { Frame } from "./Frame";

/** The end of a sign-in in a tab beside: the page that asked for it goes on by itself. */
export function ProvedPage() {
  const { t } = useLingui();
  useEffect(() => {
    const channel = new BroadcastChannel(PROVED);
    channel.postMessage("proved");
    channel.close();
    window.close();
  }, []);
  return (
    <Frame
      title={t`It is you`}
      heading={<Trans>Thank you, it is you</Trans>}
      lead={<Trans>Close this page: the one before goes on by itself.</Trans>}
    >
      {null}
    </Frame>
  );
}
