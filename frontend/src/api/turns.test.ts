import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { client, ifMatch } from "./client";
import { forgetTurns } from "./turns";

/** The version that the server has of each object; a write by somebody else raises it. */
let versions: Map<string, number>;
let seen: string[];

beforeEach(() => {
  forgetTurns();
  versions = new Map();
  seen = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname } = new URL(request.url);
    const object = pathname.replace(/\/logo$/u, "");
    const version = versions.get(object) ?? 3;
    seen.push(`${pathname} ${request.headers.get("if-match")}`);
    await new Promise((resume) => setTimeout(resume));
    if (version === 0) return new Response("{}", { status: 401 });
    if (request.headers.get("if-match") !== `"${version}.0"`) return new Response("{}", { status: 412 });
    versions.set(object, version + 1);
    return new Response("{}", { status: 200, headers: { ETag: `"${version + 1}.0a1b"` } });
  });
});

afterEach(() => vi.unstubAllGlobals());

const ORGANIZATION = "/v1/organization";
const baseUrl = "http://localhost";
const write = (version: number) =>
  client.PATCH(ORGANIZATION, { baseUrl, params: { header: ifMatch({ version }) }, body: { accent: "plum" } });
const drawLogo = (version: number) =>
  client.PUT("/v1/organization/logo", {
    baseUrl,
    params: { header: ifMatch({ version }) },
    body: { png: "" },
  });
const keepFor = (version: number) =>
  client.PATCH("/v1/organization/retention", { baseUrl, headers: ifMatch({ version }), body: {} });
const refused = { status: 412 };

test("writes made one after the other, from what is not drawn anew yet, all arrive", async () => {
  await write(3);
  await write(3);
  await write(4);
  expect(versions.get(ORGANIZATION)).toBe(6);
});

test("writes made at once wait for each other", async () => {
  await Promise.all([write(3), write(3), drawLogo(3)]);
  expect(seen).toEqual(['/v1/organization "3.0"', '/v1/organization "4.0"', '/v1/organization/logo "5.0"']);
});

test("somebody else's write in between is still refused", async () => {
  await write(3);
  versions.set(ORGANIZATION, 5);
  await expect(write(3)).rejects.toMatchObject(refused);
  await expect(write(4)).rejects.toMatchObject(refused);
  await write(5);
  await expect(write(3)).rejects.toMatchObject(refused);
  await write(5);
  expect(versions.get(ORGANIZATION)).toBe(7);
});

test("a refused write does not stop the next, and teaches no version", async () => {
  await expect(Promise.all([write(2), write(2)])).rejects.toMatchObject(refused);
  await write(3);
  await expect(write(2)).rejects.toMatchObject(refused);
});

test("each object has versions of its own", async () => {
  await write(3);
  await keepFor(3);
  expect([versions.get(ORGANIZATION), versions.get("/v1/organization/retention")]).toEqual([4, 4]);
});

test("whoever signs in next begins with nothing", async () => {
  await write(3);
  versions.set(ORGANIZATION, 0);
  await expect(write(4)).rejects.toMatchObject({ status: 401 });
  versions.set(ORGANIZATION, 4);
  await expect(write(3)).rejects.toMatchObject(refused);
});
