import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { PersonSummary } from "#/api/types";
import type { Tone } from "#/ui/Tag";

export const STATUSES: Record<PersonSummary["status"], { label: MessageDescriptor; tone: Tone }> = {
  active: { label: msg`At work`, tone: "spruce" },
  leave: { label: msg`On leave`, tone: "cloud" },
  left: { label: msg`Has left`, tone: "plain" },
};

/** How well somebody speaks a language, 0 to 4. */
export const LANGUAGE_LEVELS: MessageDescriptor[] = [
  msg`a few words`,
  msg`gets by`,
  msg`works well in it`,
  msg`fluent`,
  msg`mother tongue`,
];

/** "fi" → "Finnish", in the reader's language. */
export function languageName(code: string, locale: string): string {
  try {
    return new Intl.DisplayNames([locale], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
