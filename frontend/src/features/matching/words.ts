import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react";
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
  stopping: msg`Stopping, and keeping the best so far`,
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

/** Why somebody has no pair. */
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
  resting: msg`Resting between two pairs`,
  no_place: msg`There is no room for one more pair`,
};

export function ruleWords(code: string): MessageDescriptor {
  return RULES[code] ?? msg`A rule stands in the way`;
}

/** What helps somebody to a pair. */
const HELP: Record<string, MessageDescriptor> = {
  unknown_line: msg`Fill in their manager in the directory, then search again.`,
  reporting_line: msg`Somebody from another part of the company would fit.`,
  top_too_close: msg`Somebody further down the line would fit.`,
  same_team: msg`Somebody from another part of the company would fit.`,
  excluded: msg`One more person on the other side would help.`,
  past_partner: msg`One more person on the other side would help.`,
  rejected: msg`If you change your mind, bring the pair back: it is among those that you set aside.`,
  no_shared_language: msg`Check the languages in the profile, or bring in somebody who speaks theirs.`,
  seniority_gap: msg`The rules of the program say how large the gap is at least.`,
  tenure: msg`Time helps. The rules of the program say how many months it takes.`,
  score_too_low: msg`A topic or a skill more in the profile often helps.`,
  all_taken: msg`One more person on the other side would help.`,
  nobody_there: msg`One more person on the other side would help.`,
  on_leave: msg`They are in again once they are back.`,
  resting: msg`They are in again once the rest is over.`,
};

export function helpWords(code: string): MessageDescriptor | undefined {
  return HELP[code];
}

/** Why two people cannot be a pair, where it reads otherwise than of one alone. */
const BETWEEN: Record<string, MessageDescriptor> = {
  same_person: msg`It is one and the same person`,
  unknown_line: msg`It isn't known who leads one of them`,
  reporting_line: msg`They are on the same reporting line`,
  top_too_close: msg`The mentee leads everyone, and the mentor is too close to the top`,
  same_team: msg`They are of the same team`,
  excluded: msg`One of them asked not to be paired with the other`,
  rejected: msg`You set this pair aside`,
  all_taken: msg`Others fit better, for the whole`,
  on_leave: msg`One of them is on leave just now`,
  resting: msg`One of them rests between two pairs`,
  no_place: msg`One of them has no room for one more pair`,
};

export function pairRuleWords(code: string): MessageDescriptor {
  return BETWEEN[code] ?? ruleWords(code);
}

const LEAST_GAP = 0.0001;

/** How far from the best possible, as a share that is never told too small: 0.00312 → "0.32%". */
export function nearWords(gap: number, locale: string): string {
  const near = new Intl.NumberFormat(locale, {
    style: "percent",
    maximumSignificantDigits: 2,
    roundingMode: "ceil",
  });
  return near.format(gap > 0 ? Math.max(gap, LEAST_GAP) : 0);
}

export function useNear(): (gap: number) => string {
  const { i18n } = useLingui();
  return (gap) => nearWords(gap, i18n.locale);
}

export const EVENEST = 2;

/** How even a search's pairs are to be, in words. */
export function useEvenness(): (fairness: number) => string {
  const { i18n } = useLingui();
  return (fairness) =>
    i18n._(
      fairness === 0
        ? msg`The best sum`
        : fairness >= EVENEST
          ? msg`As even as can be`
          : msg`Somewhat more even`,
    );
}

const LEAST_POINTS = 0.001;

/** A loss or a gain in points, rounded but never to nothing: 12.34 → 12.3, 0.0412 → 0.041. */
export function fewPoints(points: number): number {
  const size = Math.abs(points);
  if (size >= 1) return Math.round(size * 10) / 10;
  return size > 0 ? Math.max(Number(size.toPrecision(2)), LEAST_POINTS) : 0;
}
