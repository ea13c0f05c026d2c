import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** What the settings are called; weights have their own words. */
export const SETTINGS: Record<string, MessageDescriptor> = {
  "rules.min_seniority_gap": msg`Job levels between the two, at least`,
  "rules.min_language_level": msg`Shared language, at least`,
  "rules.different_team": msg`Never two of the same team`,
  "rules.min_tenure_months": msg`Mentor's months in the company, at least`,
  "rules.top_exempt_distance": msg`Steps from the top of the line`,
  "rules.min_score": msg`Match score, at least`,
  offer_days: msg`Days to answer an offer`,
  remind_after_days: msg`Days until a reminder of it`,
  sessions_planned: msg`Talks of a pair`,
  session_minutes: msg`Minutes a talk`,
  weeks_between: msg`Weeks between talks`,
  primer_required: msg`Warm-up before the first talk`,
  mentor_capacity: msg`Pairs of a mentor at the same time, at most`,
  moves_per_session: msg`Moves of a talk, at most`,
  move_within_days: msg`Days within which a talk moves`,
  quiet_days: msg`Days until a pair counts as quiet`,
  first_contact_days: msg`Working days for the first contact`,
  rest_days: msg`Days of rest between two pairs`,
  circle_days: msg`Days between circles of mentors`,
  stay_bonus: msg`What keeping a pair is worth`,
  open_to_all: msg`Anybody may ask to take part`,
  self_chosen: msg`People may wish for each other`,
  wish_becomes_offer: msg`A wish asks at once`,
};
