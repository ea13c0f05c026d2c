import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { ProblemError, readProblem } from "./problems";
import type { paths } from "./schema";

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

/** A lost connection is tried once more: the Idempotency-Key makes that safe. */
async function send(request: Request): Promise<Response> {
  if (leaving && request.method !== "DELETE") return new Promise(() => undefined);
  const again = request.clone();
  try {
    return await fetch(request);
  } catch {
    try {
      return await fetch(again);
    } catch {
      throw new ProblemError({ status: 0, code: "unreachable", detail: "The server did not answer." });
    }
  }
}

export const client = createFetchClient<paths>({ baseUrl: "", fetch: send });
client.use(conventions);

/** Typed hooks over every path: `$api.useQuery("get", "/v1/me")`. */
export const $api = createQueryClient(client);

/** The header that a change needs, from the version that was read. */
export function ifMatch(object: { version: number }): { "if-match": string } {
  return { "if-match": `"${object.version}.0"` };
}
