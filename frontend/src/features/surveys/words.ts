import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { FeedbackWave, SurveyOut } from "#/api/types";
import type { Tone } from "#/ui/Tag";

export type Question = SurveyOut["questions"][number];
export type QuestionType = Question["type"];

export const SURVEY_STATES: Record<SurveyOut["state"], { label: MessageDescriptor; tone: Tone }> = {
  draft: { label: msg`Draft`, tone: "plain" },
  scheduled: { label: msg`Opens by itself`, tone: "lake" },
  open: { label: msg`Open for answers`, tone: "spruce" },
  closed: { label: msg`Closed`, tone: "plain" },
};

export const TYPES: Record<QuestionType, MessageDescriptor> = {
  scale: msg`Scale from 1 to 5`,
  yes_no: msg`Yes or no`,
  single: msg`One of several`,
  multiple: msg`Any of several`,
  number: msg`A number`,
  text: msg`In words (may be left empty)`,
};

export const AUDIENCES: Record<SurveyOut["audience"], MessageDescriptor> = {
  all: msg`Everybody`,
  mentors: msg`Mentors`,
  mentees: msg`Mentees`,
};

export const WAVE_KINDS: Record<FeedbackWave["kind"], MessageDescriptor> = {
  pulse: msg`Pulse after talks`,
  fit: msg`Fit checks`,
  growth_mentor: msg`Mentors' own growth`,
  growth_mentee: msg`Mentees' own growth`,
  survey: msg`Surveys`,
};

export const WAVE_STATES: Record<FeedbackWave["state"], { label: MessageDescriptor; tone: Tone }> = {
  waiting: { label: msg`Still being answered`, tone: "lake" },
  too_few: { label: msg`Too few answers to show`, tone: "plain" },
  published: { label: msg`Shown`, tone: "spruce" },
};

/** The figures of fit checks and growth, as they were asked. */
export const FIGURES: Record<string, MessageDescriptor> = {
  balance: msg`Who spoke more: 0 only I, 100 only the other`,
  at_ease: msg`I can be myself when we meet`,
  shared_purpose: msg`We know what we want from our talks`,
  setup_works: msg`The time, the place and the pace suit me`,
  worth_the_time: msg`Our talks are worth the time`,
  listens: msg`I listen so that the other goes on talking`,
  explains: msg`I explain so that a busy person gets it`,
  argues: msg`I can argue for a view without losing the person`,
  knows_limits: msg`I know what I know and what I don't`,
  understands_company: msg`I understand why the company does what it does`,
  turns_into_proposal: msg`I can turn a complaint into a proposal`,
  seen_and_heard: msg`I was seen and heard`,
  uses_learning: msg`I have learned something I now use`,
  asks_first: msg`I ask before I answer`,
  hears_unwelcome: msg`I hear things I did not want to hear`,
  sees_blind_spots: msg`I notice my own blind spots`,
  changed_something: msg`I changed a decision or habit because of it`,
  would_call: msg`There is someone junior I would call`,
};
