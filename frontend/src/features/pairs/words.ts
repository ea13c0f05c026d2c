import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { MentoringPair } from "#/api/types";
import type { Tone } from "#/ui/Tag";

export type PairState = MentoringPair["state"];

/** A state as its members read it. */
const STATES: Record<PairState, [MessageDescriptor, Tone]> = {
  proposed: [msg`Suggested`, "plain"],
  asked_mentor: [msg`Mentor is asked`, "cloud"],
  asked_mentee: [msg`Mentee is asked`, "lake"],
  active: [msg`Under way`, "spruce"],
  paused: [msg`On a break`, "plain"],
  closing: [msg`Closing`, "lake"],
  completed: [msg`Completed`, "spruce"],
  stay_in_touch: [msg`Staying in touch`, "spruce"],
  declined: [msg`You said not this time`, "plain"],
  expired: [msg`The offer ran out`, "plain"],
  ended_early: [msg`Ended`, "plain"],
  suspended_conflict: [msg`Waiting for a new match`, "cloud"],
};

/** The API says `declined` to whoever said no and to nobody else: all others read that the offer ran out. */
export function stateWords(state: PairState): { label: MessageDescriptor; tone: Tone } {
  const [label, tone] = STATES[state];
  return { label, tone };
}

export function isOver(state: PairState): boolean {
  return ["declined", "expired", "ended_early", "completed"].includes(state);
}

/** The two talk, or have just been through it all: there is more to see than that it is over. */
export function isTogether(state: PairState): boolean {
  return ["active", "paused", "closing", "completed", "stay_in_touch"].includes(state);
}

/** How an active pair is doing: a word and a tone, most worrying first. */
export function healthWords(pair: Pick<MentoringPair, "state" | "rhythm">): {
  label: MessageDescriptor;
  tone: Tone;
} {
  if (pair.state !== "active") return stateWords(pair.state);
  if (pair.rhythm.quiet) return { label: msg`Gone quiet`, tone: "lingon" };
  if (!pair.rhythm.next_booked) return { label: msg`Nothing booked`, tone: "cloud" };
  if (pair.rhythm.held === 0) return { label: msg`Just started`, tone: "lake" };
  return { label: msg`On rhythm`, tone: "spruce" };
}

const COMPONENTS: Record<string, MessageDescriptor> = {
  skills: msg`Knows what the other wants to learn`,
  topics: msg`Wants to talk about the same things`,
  language: msg`Share a language`,
  time_zone: msg`Awake at the same hours`,
  seniority: msg`A real gap in seniority`,
  department: msg`Sees another part of the company`,
  other_site: msg`Works at another site`,
  preference: msg`Wished for each other`,
};

export function componentWords(name: string): MessageDescriptor | undefined {
  return COMPONENTS[name];
}

const CHECKS: Record<string, MessageDescriptor> = {
  reporting_line: msg`Not in the same reporting line`,
  unknown_line: msg`Both reporting lines are known`,
  both_enrolled: msg`Both chose to take part`,
  enrolled: msg`Both chose to take part`,
  capacity: msg`Mentor has room for one more`,
  same_team: msg`Not in the same team`,
  different_team: msg`Not in the same team`,
  no_shared_language: msg`They share a language well enough`,
  min_language_level: msg`They share a language well enough`,
  language: msg`They share a language well enough`,
  seniority_gap: msg`The gap in seniority is real`,
  min_seniority_gap: msg`The gap in seniority is real`,
  tenure: msg`Mentor has been here long enough`,
  min_tenure_months: msg`Mentor has been here long enough`,
  past_partner: msg`They have not been a pair before`,
  excluded: msg`Neither asked not to be paired with the other`,
  top_too_close: msg`Far enough from the top of the line`,
  top_exempt_distance: msg`Far enough from the top of the line`,
  score_too_low: msg`They have enough to talk about`,
  min_score: msg`They have enough to talk about`,
};

export function checkWords(code: string): MessageDescriptor | undefined {
  return CHECKS[code];
}
