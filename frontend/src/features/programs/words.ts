import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { CohortOut, EnrollmentOut, ProgramOut, ProgramSettings } from "#/api/types";
import type { Tone } from "#/ui/Tag";

export type ProgramState = ProgramOut["state"];
export type EnrollmentState = EnrollmentOut["state"];

export const PROGRAM_STATES: Record<ProgramState, { label: MessageDescriptor; tone: Tone }> = {
  draft: { label: msg`Draft`, tone: "plain" },
  enrolling: { label: msg`Open for joining`, tone: "lake" },
  matching: { label: msg`Making pairs`, tone: "cloud" },
  running: { label: msg`Under way`, tone: "spruce" },
  closing: { label: msg`Closing`, tone: "lake" },
  closed: { label: msg`Closed`, tone: "plain" },
  archived: { label: msg`Archived`, tone: "plain" },
  cancelled: { label: msg`Called off`, tone: "plain" },
};

export const COHORT_STATES: Record<CohortOut["state"], { label: MessageDescriptor; tone: Tone }> = {
  draft: { label: msg`Draft`, tone: "plain" },
  open: { label: msg`Open`, tone: "spruce" },
  closed: { label: msg`Closed`, tone: "plain" },
  discarded: { label: msg`Discarded`, tone: "plain" },
};

/** The usual way of a program, in order. */
export const PATH: ProgramState[] = ["draft", "enrolling", "matching", "running", "closing", "closed"];

export const ENROLLMENT_STATES: Record<EnrollmentState, { label: MessageDescriptor; tone: Tone }> = {
  invited: { label: msg`Invited`, tone: "plain" },
  applied: { label: msg`Waits for your yes`, tone: "cloud" },
  approved: { label: msg`Taking part`, tone: "spruce" },
  waitlisted: { label: msg`On the waiting list`, tone: "lake" },
  declined: { label: msg`Not this time`, tone: "plain" },
  paired: { label: msg`Has a pair`, tone: "spruce" },
  paused: { label: msg`On a break`, tone: "plain" },
  alumni: { label: msg`Has taken part`, tone: "plain" },
  withdrawn: { label: msg`No longer taking part`, tone: "plain" },
};

export const ROLES: Record<EnrollmentOut["role"], { label: MessageDescriptor; tone: Tone }> = {
  mentor: { label: msg`Mentor`, tone: "cloud" },
  mentee: { label: msg`Mentee`, tone: "lake" },
};

export type WeightName = keyof ProgramSettings["weights"];

export const WEIGHTS: Record<WeightName, MessageDescriptor> = {
  topics: msg`Want to talk about the same things`,
  skills: msg`One knows what the other wants to learn`,
  department: msg`See another part of the company`,
  time_zone: msg`Awake at the same hours`,
  language: msg`Speak the same language well`,
  preference: msg`Wished for each other`,
  other_site: msg`Work at different sites`,
  seniority: msg`A real gap in seniority`,
};

/** What each weight makes of the whole, in whole per cent. */
export function shares(weights: ProgramSettings["weights"]): Record<WeightName, number> {
  const sum = Object.values(weights).reduce((all, weight) => all + weight, 0);
  return Object.fromEntries(
    Object.entries(weights).map(([name, weight]) => [name, sum > 0 ? Math.round((weight / sum) * 100) : 0]),
  ) as Record<WeightName, number>;
}
