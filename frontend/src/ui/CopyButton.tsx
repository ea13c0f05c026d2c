import { useLingui } from "@lingui/react/macro";
import { Copy } from "lucide-react";
import { Button } from "./Button";
import { toast } from "./toast";

/** Copies a text that stands beside it; where that isn't possible, the reader hears to choose and copy it themselves. */
export function CopyButton({
  text,
  tone,
  children,
}: {
  text: string;
  tone?: "primary";
  children: React.ReactNode;
}) {
  const { t } = useLingui();
  function copy() {
    navigator.clipboard.writeText(text).then(
      () => toast(t`Copied.`),
      () => toast(t`Copying isn't possible here. Choose the text and copy it yourself.`, "problem"),
    );
  }
  return (
    <Button {...(tone && { tone })} icon={Copy} onClick={copy}>
      {children}
    </Button>
  );
}
