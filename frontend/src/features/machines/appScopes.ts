import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { AppOut } from "#/api/types";

type AppScope = AppOut["scopes"][number];

/** What an app may do for somebody, in people's words. */
export const APP_SCOPES: Record<AppScope, { label: MessageDescriptor; hint: MessageDescriptor }> = {
  "me:read": {
    label: msg`See what you see as a participant`,
    hint: msg`Your talks, notes and promises, and what others share with you.`,
  },
  "me:write": {
    label: msg`Act for you`,
    hint: msg`Book and move talks, write notes and give answers in your name.`,
  },
};
