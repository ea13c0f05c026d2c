import { afterEach, expect, test, vi } from "vitest";
import { client, ifMatch } from "./client";
import { fieldErrors, ProblemError } from "./problems";

const json = (body: unknown, status = 200, headers = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });

function answerWith(...answers: (() => Promise<Response>)[]) {
  const seen: Request[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    seen.push(request);
    return (answers.length > 1 ? answers.shift() : answers[0])?.();
  });
  return seen;
}

afterEach(() => vi.unstubAllGlobals());

const login = () =>
  client.POST("/v1/logins", { body: { email: "anna@example.com" }, baseUrl: "http://localhost" });

test("every POST carries a key of its own", async () => {
  const seen = answerWith(async () => json({}, 202));
  await login();
  await login();
  const keys = seen.map((request) => request.headers.get("Idempotency-Key"));
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/u);
  expect(keys[0]).not.toBe(keys[1]);
});

test("what was asked before the scripts came is taken once, and asked again where it was lost", async () => {
  const seen = answerWith(async () => json({ locale: "fi" }));
  window.early = new Map([["/v1/me", Promise.resolve(json({ locale: "sv" }))]]);
  const me = async () => (await client.GET("/v1/me", { baseUrl: "http://localhost" })).data?.locale;
  expect([await me(), await me()]).toEqual(["sv", "fi"]);
  window.early = new Map([["/v1/me", Promise.resolve(null)]]);
  expect(await me()).toBe("fi");
  expect(seen).toHaveLength(2);
});

test("a lost connection is tried once more with the same key", async () => {
  const seen = answerWith(
    () => Promise.reject(new TypeError("Failed to fetch")),
    async () => json({}, 202),
  );
  await login();
  expect(seen).toHaveLength(2);
  expect(seen[0]?.headers.get("Idempotency-Key")).toBe(seen[1]?.headers.get("Idempotency-Key"));
});

test("no connection at all becomes a problem of its own", async () => {
  answerWith(() => Promise.reject(new TypeError("Failed to fetch")));
  await expect(login()).rejects.toMatchObject({ code: "unreachable", status: 0 });
});

test("a problem keeps its code, its fields and the request's number", async () => {
  const errors = [{ pointer: "#/body/email", code: "bad_email", detail: "Not an address." }];
  answerWith(async () =>
    json({ code: "validation_failed", detail: "No.", errors }, 422, { "X-Request-Id": "r-1" }),
  );
  const error = await login().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ProblemError);
  expect(error).toMatchObject({ status: 422, code: "validation_failed", requestId: "r-1" });
  expect(fieldErrors(error)).toEqual({ email: "Not an address." });
});

test("If-Match is made from the version that was read", () => {
  expect(ifMatch({ version: 7 })).toEqual({ "if-match": '"7.0"' });
});
