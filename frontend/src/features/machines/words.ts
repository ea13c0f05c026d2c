import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { ApiClientOut } from "#/api/types";

export type Scope = ApiClientOut["scopes"][number];

/** What a key may be given here; a directory connection brings its own. */
export const CHOICES: Scope[] = [
  "people:read",
  "people:write",
  "programs:read",
  "pairs:read",
  "insights:read",
];

/** What a key opens, in people's words. */
export const SCOPES: Record<Scope, { label: MessageDescriptor; hint: MessageDescriptor }> = {
  "people:read": {
    label: msg`Read the directory`,
    hint: msg`Names, work email, titles, units and managers. Nothing of what anybody writes or answers.`,
  },
  "people:write": {
    label: msg`Keep the directory up to date`,
    hint: msg`Add and change people, bring in files, mark those who have left.`,
  },
  "programs:read": {
    label: msg`Read programs and their figures`,
    hint: msg`Names, dates and counts. Figures about answers only where enough people gave one.`,
  },
  "pairs:read": {
    label: msg`Read pairs, where the mentor agrees`,
    hint: msg`Who the two are and that the pair is under way. Without the mentor's yes: counts alone.`,
  },
  "insights:read": {
    label: msg`Read ideas that were sent on`,
    hint: msg`Only what a pair has submitted itself.`,
  },
  scim: {
    label: msg`Keep people as a directory connection`,
    hint: msg`Made with a connection, on its own page.`,
  },
};
