import type { components, paths } from "./schema.js";

export type Schemas = components["schemas"];
type Method = "get" | "post" | "put" | "patch" | "delete";
type PathsWith<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, object> ? P : never }[keyof paths];
type Operation<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never;
type Parameters<O, In extends string> = O extends { parameters: { [K in In]?: infer V } } ? NonNullable<V> : never;
type Body<O> = O extends { requestBody?: { content: infer C } } ? C[keyof C] : never;
type Success = 200 | 201 | 202 | 204;
type Answer<O> = O extends { responses: infer R }
  ? { [S in keyof R & Success]: R[S] extends { content: infer C } ? C[keyof C] : undefined }[keyof R & Success]
  : never;

export interface Options<O> {
  path?: Parameters<O, "path">;
  query?: Parameters<O, "query">;
  body?: Body<O>;
  /** The `ETag` that was read, for PATCH and DELETE. */
  etag?: string;
  /** Repeats the answer and not the deed; a POST without one gets its own, so that it may be tried again. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export interface Result<T> {
  data: T;
  /** For the next change of this object; null where it has none. */
  etag: string | null;
  status: number;
}

/** What was answered instead: `code` is stable, `errors` name the places of bad input. */
export class VuoroProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly params: Schemas["Problem"]["params"];
  readonly errors: Schemas["ProblemError"][];
  readonly requestId: string | null;
  constructor(problem: Schemas["Problem"], requestId: string | null) {
    super(`${problem.title}: ${problem.detail}`);
    this.name = "VuoroProblem";
    this.status = problem.status;
    this.code = problem.code;
    this.params = problem.params;
    this.errors = problem.errors;
    this.requestId = requestId;
  }
}

export interface Tokens {
  /** The token for the next request; asked again after a 401. */
  token(renew: boolean): Promise<string | null>;
}

/** An API key as it was shown when it was made. */
export function apiKey(key: string): Tokens {
  return { token: async (renew) => (renew ? null : key) };
}

/** An API key exchanged for tokens of ten minutes, with some scopes of the key or all. */
export function clientCredentials(baseUrl: string, clientId: string, key: string, scope?: string): Tokens {
  return renewing(baseUrl, () => ({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: key,
    ...(scope ? { scope } : {}),
  }));
}

/** An app that acts for a person. `onRotated` keeps the new refresh token: the old one is dead, and using it ends all. */
export function refreshing(
  baseUrl: string,
  clientId: string,
  refreshToken: string,
  onRotated: (refreshToken: string) => void | Promise<void>,
): Tokens {
  let current = refreshToken;
  return renewing(
    baseUrl,
    () => ({ grant_type: "refresh_token", client_id: clientId, refresh_token: current }),
    async (answer) => {
      if (answer.refresh_token) {
        current = answer.refresh_token;
        await onRotated(current);
      }
    },
  );
}

function renewing(
  baseUrl: string,
  form: () => Record<string, string>,
  kept?: (answer: Schemas["TokenAnswer"]) => Promise<void>,
): Tokens {
  let token: Promise<string> | null = null;
  let until = 0;
  async function fetched(): Promise<string> {
    const answer = await fetch(new URL("/oauth/token", baseUrl), {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form()),
    });
    if (!answer.ok) throw new Error(`No token: ${answer.status} ${await answer.text()}`);
    const body = (await answer.json()) as Schemas["TokenAnswer"];
    until = Date.now() + (body.expires_in - 30) * 1000;
    await kept?.(body);
    return body.access_token;
  }
  return {
    // Parallel requests share one renewal: a refresh token works once.
    token(renew) {
      if (renew || token === null || Date.now() >= until) {
        until = Number.POSITIVE_INFINITY;
        token = fetched().catch((fault: unknown) => {
          token = null;
          throw fault;
        });
      }
      return token;
    },
  };
}

export interface Settings {
  baseUrl: string;
  auth?: Tokens;
  /** How often a 429, 503 or lost connection is tried again (default 4). */
  tries?: number;
  fetch?: typeof fetch;
}

/** Every operation of the contract by its method and path; waits and tries again where the server asks for it. */
export class Vuoro {
  readonly #settings: Settings;
  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get<P extends PathsWith<"get">>(path: P, options: Options<Operation<P, "get">> = {}) {
    return this.#send<P, "get">("get", path, options);
  }
  post<P extends PathsWith<"post">>(path: P, options: Options<Operation<P, "post">> = {}) {
    return this.#send<P, "post">("post", path, { idempotencyKey: crypto.randomUUID(), ...options });
  }
  put<P extends PathsWith<"put">>(path: P, options: Options<Operation<P, "put">> = {}) {
    return this.#send<P, "put">("put", path, options);
  }
  patch<P extends PathsWith<"patch">>(path: P, options: Options<Operation<P, "patch">> = {}) {
    return this.#send<P, "patch">("patch", path, options);
  }
  delete<P extends PathsWith<"delete">>(path: P, options: Options<Operation<P, "delete">> = {}) {
    return this.#send<P, "delete">("delete", path, options);
  }

  /** The pages of a list. With `updated_since`, keep the `watermark` of each, and delete what is `gone`. */
  async *pages<P extends PathsWith<"get">>(
    path: P,
    options: Options<Operation<P, "get">> = {},
  ): AsyncGenerator<Answer<Operation<P, "get">>> {
    let cursor: string | null = null;
    do {
      const query: object = { limit: 100, ...options.query, ...(cursor ? { cursor } : {}) };
      const { data }: Result<Answer<Operation<P, "get">>> = await this.get(path, { ...options, query } as Options<
        Operation<P, "get">
      >);
      yield data;
      cursor = (data as unknown as { next_cursor: string | null }).next_cursor;
    } while (cursor);
  }

  /** Every item of a list, page by page. */
  async *all<P extends PathsWith<"get">>(
    path: P,
    options: Options<Operation<P, "get">> = {},
  ): AsyncGenerator<Answer<Operation<P, "get">> extends { items: (infer T)[] } ? T : never> {
    for await (const page of this.pages(path, options)) yield* (page as unknown as { items: never[] }).items;
  }

  async #send<P extends keyof paths, M extends Method>(
    method: M,
    path: P,
    options: Options<Operation<P, M>>,
  ): Promise<Result<Answer<Operation<P, M>>>> {
    const { baseUrl, auth, tries = 4, fetch: send = fetch } = this.#settings;
    const filled = String(path).replace(/\{(\w+)\}/gu, (_, name: string) =>
      encodeURIComponent(String((options.path as Record<string, unknown> | undefined)?.[name])),
    );
    const url = new URL(filled, baseUrl);
    for (const [name, value] of Object.entries((options.query ?? {}) as Record<string, unknown>))
      for (const each of Array.isArray(value) ? value : [value])
        if (each !== undefined && each !== null) url.searchParams.append(name, String(each));
    const headers: Record<string, string> = { Accept: "application/json" };
    if (options.body !== undefined)
      headers["Content-Type"] = method === "patch" ? "application/merge-patch+json" : "application/json";
    if (options.etag) headers["If-Match"] = options.etag;
    if (options.idempotencyKey) headers["Idempotency-Key"] = options.idempotencyKey;
    const repeatable = method !== "post" || options.idempotencyKey !== undefined;
    let renewed = false;
    for (let tried = 0; ; tried += 1) {
      const token = await auth?.token(false);
      if (token) headers.Authorization = `Bearer ${token}`;
      let answer: Response;
      try {
        answer = await send(url, {
          method: method.toUpperCase(),
          headers,
          ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
          ...(options.signal ? { signal: options.signal } : {}),
        });
      } catch (fault) {
        if (options.signal?.aborted || !repeatable || tried >= tries) throw fault;
        await pause(2 ** tried, options.signal);
        continue;
      }
      if (answer.ok) {
        const data = (answer.status === 204 ? undefined : await answer.json()) as Answer<Operation<P, M>>;
        return { data, etag: answer.headers.get("ETag"), status: answer.status };
      }
      if (answer.status === 401 && auth && !renewed && (await auth.token(true)) !== null) {
        renewed = true;
        continue;
      }
      if ((answer.status === 429 || (answer.status === 503 && repeatable)) && tried < tries) {
        await pause(Number(answer.headers.get("Retry-After") ?? 2 ** tried), options.signal);
        continue;
      }
      throw new VuoroProblem(await problemOf(answer), answer.headers.get("X-Request-Id"));
    }
  }
}

/** A proxy on the way may answer in its own words. */
async function problemOf(answer: Response): Promise<Schemas["Problem"]> {
  const text = await answer.text();
  if (answer.headers.get("Content-Type")?.startsWith("application/problem+json")) return JSON.parse(text);
  const { status, statusText: title } = answer;
  const rest = { type: "about:blank", instance: "", code: "no_problem", params: {}, errors: [] };
  return { ...rest, title, status, detail: text.slice(0, 200) };
}

function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done, stopped) => {
    const timer = setTimeout(done, seconds * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      stopped(signal.reason);
    });
  });
}
