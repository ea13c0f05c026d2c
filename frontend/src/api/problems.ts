import { i18n, type MessageDescriptor } from "@lingui/core";
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

const FALLBACK = msg`That didn't work. Please try again.`;

/** What a program may lack for its next step, and the reason that says so. */
const LACKS: Record<string, string> = {
  mentors: "nobody_enrolled",
  mentees: "nobody_enrolled",
  dates: "dates_missing",
  cohort: "cohort_missing",
  purpose: "purpose_missing",
  pairs: "no_pairs",
  next_cohort: "no_next_cohort",
  pairs_ended: "pairs_active",
};

/** The words for a code of the API: a problem's `code`, or the `reason` in a `can`; api/codes.ts lists them. */
export function wordsFor(code: string): MessageDescriptor {
  const id = `problem.${code}`;
  return id in i18n.messages ? { id } : FALLBACK;
}

export function problemWords(error: unknown): MessageDescriptor {
  if (!(error instanceof ProblemError)) return FALLBACK;
  const lacking = [error.params.missing].flat()[0];
  return wordsFor(LACKS[String(lacking)] ?? error.code);
}

/** The server's complaints by field: "#/body/work_email" or "/work_email" → work_email. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ProblemError)) return {};
  return Object.fromEntries(
    error.errors.map(({ pointer, code, detail }) => {
      const words = wordsFor(code);
      return [pointer.split("/").at(-1) ?? "", words === FALLBACK ? detail : i18n._(words)];
    }),
  );
}
