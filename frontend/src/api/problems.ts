import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

interface FieldProblem {
  pointer: string;
  code: string;
  detail: string;
}

interface ProblemFacts {
  status: number;
  code: string;
  detail: string;
  params?: Record<string, unknown>;
  errors?: FieldProblem[];
  requestId?: string | null;
}

/** An answer of the API that is not what was asked for (RFC 9457). */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly params: Record<string, unknown>;
  readonly errors: FieldProblem[];
  readonly requestId: string | null;

  constructor(facts: ProblemFacts) {
    super(facts.detail);
    this.name = "ProblemError";
    this.status = facts.status;
    this.code = facts.code;
    this.params = facts.params ?? {};
    this.errors = facts.errors ?? [];
    this.requestId = facts.requestId ?? null;
  }
}

export async function readProblem(response: Response): Promise<ProblemError> {
  const body = await response.json().catch(() => ({
    code: response.status >= 500 ? "server_error" : "unknown",
    detail: response.statusText,
  }));
  return new ProblemError({
    ...body,
    status: response.status,
    requestId: response.headers.get("X-Request-Id"),
  });
}

const WORDS: Record<string, MessageDescriptor> = {
  unreachable: msg`We couldn't reach Vuoro. Check your connection and try again.`,
  unauthenticated: msg`Please sign in to go on.`,
  forbidden: msg`This isn't open to your role.`,
  not_found: msg`We couldn't find that. It may have moved, or it isn't shared with you.`,
  conflict: msg`That isn't possible just now.`,
  illegal_transition: msg`Things have moved on since this page was opened. We fetched the latest.`,
  precondition_failed: msg`Somebody was faster: this was changed meanwhile. We fetched the latest, please try again.`,
  precondition_required: msg`This page was out of date. We fetched the latest, please try again.`,
  validation_failed: msg`Something in the form needs a change.`,
  idempotency_key_reused: msg`This was already sent.`,
  rate_limited: msg`That was many tries in a row. Wait a moment, then try again.`,
  payload_too_large: msg`The file is too large.`,
  database_unavailable: msg`Vuoro is catching its breath. Try again in a moment.`,
  server_error: msg`Something went wrong on our side. Nothing you did; please try again.`,
  agreement_missing: msg`Both of you sign the agreement first.`,
  too_early: msg`A talk can be marked as held from fifteen minutes before it begins.`,
  no_moves_left: msg`This talk has been moved twice. Keep the time, or plan another.`,
  already_given: msg`You have answered already.`,
  not_due: msg`No pulse is asked after this talk.`,
  pair_not_active: msg`This pair isn't under way just now.`,
  already_enrolled: msg`This person already takes part.`,
  not_your_turn: msg`It isn't your turn yet.`,
  wrong_state: msg`That isn't possible in this phase.`,
  not_allowed: msg`This isn't open to your role.`,
  nobody_enrolled: msg`At least one mentor and one mentee are needed first.`,
  not_ready: msg`At least one mentor and one mentee are needed first.`,
  nothing_to_publish: msg`No suggested pair is left to ask about.`,
  match_run_busy: msg`A search is at work already.`,
  suggestions_outdated: msg`Things have changed since the search. Nobody was asked.`,
  file_unreadable: msg`The file couldn't be read.`,
  mass_deactivation: msg`Many people would be marked as left at once. Confirm that first.`,
};
const FALLBACK = msg`That didn't work. Please try again.`;

/** The words for a code of the API: a problem's `code`, or the `reason` in a `can`. */
export function wordsFor(code: string): MessageDescriptor {
  return WORDS[code] ?? FALLBACK;
}

export function problemWords(error: unknown): MessageDescriptor {
  return error instanceof ProblemError ? wordsFor(error.code) : FALLBACK;
}

/** The server's complaints by field: "#/body/work_email" or "/work_email" → work_email. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ProblemError)) return {};
  return Object.fromEntries(error.errors.map((each) => [each.pointer.split("/").at(-1) ?? "", each.detail]));
}
