import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { problemWords } from "#/api/problems";
import { DeviceSaidNo } from "./passkey";

/** Why adding or using a passkey failed, in words. */
export function passkeyTrouble(error: unknown): string {
  if (!(error instanceof DeviceSaidNo)) return i18n._(problemWords(error));
  return error.known
    ? i18n._(msg`This device has a passkey for you already. Sign in with it.`)
    : i18n._(msg`Nothing came from the device. Try again when you are ready.`);
}
