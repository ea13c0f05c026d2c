import { hashKey, type QueryKey } from "@tanstack/react-query";
import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { ProblemError, readProblem } from "./problems";
import type { paths } from "./schema";
import { forgetTurns, inTurn } from "./turns";

/** A random key that also works where the page is not served over https. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

const conventions: Middleware = {
  onRequest({ request }) {
    if (request.method === "POST" && !request.headers.has("Idempotency-Key"))
      request.headers.set("Idempotency-Key", randomKey());
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await readProblem(response);
  },
};

let leaving = false;
/** Asks for nothing more but to be signed out: the page is about to go. */
export function leave(): void {
  leaving = true;
}

async function send(request: Request): Promise<Response> {
  if (leaving && request.method !== "DELETE") return new Promise(() => undefined);
  const answer = await inTurn(request, proved);
  if (answer.status === 401) forgetTurns();
  return answer;
}

async function proved(request: Request): Promise<Response> {
  const answer = await twice(request);
  return (await isProved(answer)) ? twice(request) : answer;
}

declare global {
  interface Window {
    /** What index.html asked before the scripts came; null is a lost connection. */
    early?: Map<string, Promise<Response | null>>;
  }
}

/** The answer that was asked for early, once. */
async function asked({ method, url }: Request): Promise<Response | null> {
  const { pathname, search } = new URL(url);
  const answer = method === "GET" && window.early?.get(pathname + search);
  window.early?.delete(pathname + search);
  return answer || null;
}

/** A lost connection is tried once more: the Idempotency-Key makes that safe. */
async function twice(request: Request): Promise<Response> {
  const early = await asked(request);
  if (early) return early;
  try {
    return await fetch(request.clone());
  } catch {
    try {
      return await fetch(request.clone());
    } catch {
      throw new ProblemError({ status: 0, code: "unreachable", detail: "The server did not answer." });
    }
  }
}

let prove = async (_method: string) => false;
/** Who asks somebody to show again that it is they: true when they did. */
export function proveBy(asking: typeof prove): void {
  prove = asking;
}

/** Whether the answer asked for a fresh sign-in and somebody gave it, so that the same can be sent again. */
async function isProved(answer: Response): Promise<boolean> {
  if (answer.status !== 403) return false;
  const { code, params } = await answer
    .clone()
    .json()
    .catch(() => ({}));
  return code === "fresh_sign_in_needed" && prove(params.method);
}

export const client = createFetchClient<paths>({ baseUrl: "", fetch: send });
client.use(conventions);

/** Typed hooks over every path: `$api.useQuery("get", "/v1/me")`. */
export const $api = createQueryClient(client);

/** How `$api.useInfiniteQuery` walks a list of the API, page by page. */
export const byCursor = {
  pageParamName: "cursor",
  initialPageParam: null as string | null,
  getNextPageParam: (last: { next_cursor: string | null }) => last.next_cursor,
  // A list read page by page and the same list read at once are kept apart: they have different shapes.
  queryKeyHashFn: (key: QueryKey) => `pages of ${hashKey(key)}`,
};

/** The header that a change needs, from the version that was read. */
export function ifMatch(object: { version: number }): { "if-match": string } {
  return { "if-match": `"${object.version}.0"` };
}
