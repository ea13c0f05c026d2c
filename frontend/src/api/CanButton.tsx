import { useLingui } from "@lingui/react/macro";
import { Button, type ButtonProps } from "#/ui/Button";
import { wordsFor } from "./problems";
import type { Can } from "./types";

/** A button for one of an object's actions: off, with the server's reason, when it may not be taken. */
export function CanButton({ can, action, ...rest }: ButtonProps & { can: Can; action: string }) {
  const { i18n } = useLingui();
  const may = can[action];
  const reason = may?.allowed ? undefined : i18n._(wordsFor(may?.reason ?? "not_allowed"));
  return <Button {...rest} {...(reason ? { disabledReason: reason } : {})} />;
}
