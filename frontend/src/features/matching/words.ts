import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { MatchRunOut, SuggestionOut } from "#/api/types";
import type { Tone } from "#/ui/Tag";

export const RUN_STATES: Record<MatchRunOut["state"], { label: MessageDescriptor; tone: Tone }> = {
  queued: { label: msg`About to begin`, tone: "lake" },
  running: { label: msg`Looking for pairs`, tone: "lake" },
  done: { label: msg`Ready for your look`, tone: "cloud" },
  cancelled: { label: msg`Stopped`, tone: "plain" },
  failed: { label: msg`Didn't work out`, tone: "lingon" },
  published: { label: msg`Mentors asked`, tone: "spruce" },
};

export function isSearching(state: MatchRunOut["state"]): boolean {
  return state === "queued" || state === "running";
}

const PHASES: Record<string, MessageDescriptor> = {
  queued: msg`Waiting for its turn`,
  reading: msg`Reading who takes part and who leads whom`,
  proving: msg`Weighing the pairs, and making sure that no better whole exists`,
  done: msg`Writing down the reasons`,
};

export function phaseWords(phase: string): MessageDescriptor {
  return PHASES[phase] ?? msg`Weighing the pairs`;
}

export const SUGGESTION_STATES: Record<SuggestionOut["state"], { label: MessageDescriptor; tone: Tone }> = {
  suggested: { label: msg`Suggested`, tone: "plain" },
  pinned: { label: msg`Kept`, tone: "spruce" },
  rejected: { label: msg`Set aside`, tone: "plain" },
  asked: { label: msg`Mentor asked`, tone: "lake" },
};

/** Why somebody has no pair, or why two cannot be one. */
const RULES: Record<string, MessageDescriptor> = {
  same_person: msg`The only one left is this very person`,
  unknown_line: msg`It isn't known who leads them`,
  reporting_line: msg`The others are on the same reporting line`,
  top_too_close: msg`Too close to the top of the line`,
  same_team: msg`The others are of the same team`,
  excluded: msg`Somebody asked not to be paired with them`,
  past_partner: msg`They have been a pair before`,
  rejected: msg`You set the pair aside`,
  no_shared_language: msg`No language that both speak well enough`,
  seniority_gap: msg`The gap in seniority is too small`,
  tenure: msg`The mentor hasn't been here long enough`,
  score_too_low: msg`They would have too little to talk about`,
  all_taken: msg`Everyone who would fit has a pair that fits better`,
  nobody_there: msg`There is nobody on the other side`,
  on_leave: msg`On leave just now`,
  no_place: msg`There is no room for one more pair`,
};

export function ruleWords(code: string): MessageDescriptor {
  return RULES[code] ?? msg`A rule stands in the way`;
}
