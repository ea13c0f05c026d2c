// Tries the built SDK against a running Vuoro: make contract-check. VUORO_URL, VUORO_KEY and VUORO_CLIENT are given.
import assert from "node:assert/strict";
import { test } from "node:test";
import { apiKey, clientCredentials, Vuoro, VuoroProblem } from "./dist/client.js";

const { VUORO_URL: baseUrl, VUORO_KEY: key, VUORO_CLIENT: clientId } = process.env;
const vuoro = new Vuoro({ baseUrl, auth: apiKey(key) });

test("reads programmes and every person, page by page", async () => {
  const { data } = await vuoro.get("/v1/programs");
  assert.ok(data.items.length > 0);
  const { data: first } = await vuoro.get("/v1/people", { query: { limit: 100 } });
  const ids = new Set();
  for await (const person of vuoro.all("/v1/people")) ids.add(person.id);
  assert.ok(first.next_cursor === null ? ids.size === first.items.length : ids.size > 100);
});

test("keeps a list in step, page by page", async () => {
  const kept = new Map();
  let marks = ["all"];
  async function run() {
    const fresh = [];
    let came = 0;
    for (const updated_since of marks)
      for await (const page of vuoro.pages("/v1/programs", { query: { updated_since } })) {
        for (const item of page.items) kept.set(item.id, item);
        for (const id of page.gone) kept.delete(id);
        came += page.items.length;
        fresh.push(page.watermark);
      }
    marks = fresh;
    return came;
  }
  assert.ok((await run()) > 0);
  const { data } = await vuoro.get("/v1/programs", { query: { limit: 100 } });
  assert.deepEqual(new Set(kept.keys()), new Set(data.items.map((item) => item.id)));
  await run();
  assert.equal(kept.size, data.items.length);
});

test("creates once with one key, changes by ETag, and names what is wrong", async () => {
  const body = { external_id: `sdk-${crypto.randomUUID()}`, display_name: "Aino Virta" };
  const idempotencyKey = crypto.randomUUID();
  const one = await vuoro.post("/v1/people", { body, idempotencyKey });
  const two = await vuoro.post("/v1/people", { body, idempotencyKey });
  assert.equal(one.data.id, two.data.id);
  const path = { person_id: one.data.id };
  const read = await vuoro.get("/v1/people/{person_id}", { path });
  const changed = await vuoro.patch("/v1/people/{person_id}", { path, etag: read.etag, body: { title: "Tester" } });
  assert.equal(changed.data.title, "Tester");
  await assert.rejects(
    vuoro.patch("/v1/people/{person_id}", { path, etag: read.etag, body: { title: "Late" } }),
    (fault) => fault instanceof VuoroProblem && fault.status === 412 && fault.code === "precondition_failed",
  );
  await assert.rejects(
    vuoro.post("/v1/people", { body: { ...body, country: "Finland" } }),
    (fault) => fault.status === 422 && fault.errors[0].pointer === "/country" && fault.requestId !== null,
  );
  await vuoro.delete("/v1/people/{person_id}", { path, etag: changed.etag });
});

test("exchanges the key for tokens of ten minutes, once for parallel requests", async () => {
  let exchanges = 0;
  const real = globalThis.fetch;
  globalThis.fetch = (url, ...rest) => {
    if (String(url).endsWith("/oauth/token")) exchanges += 1;
    return real(url, ...rest);
  };
  try {
    const client = new Vuoro({ baseUrl, auth: clientCredentials(baseUrl, clientId, key, "programs:read") });
    await Promise.all([1, 2, 3].map(() => client.get("/v1/programs")));
    assert.equal(exchanges, 1);
    const body = { external_id: "sdk-narrow", display_name: "Nobody" };
    await assert.rejects(client.post("/v1/people", { body }), (fault) => fault.status === 403);
  } finally {
    globalThis.fetch = real;
  }
});

test("waits as long as a 429 and a 503 say, then goes on", async () => {
  const answers = [429, 503];
  const waited = Date.now();
  const slow = new Vuoro({
    baseUrl,
    auth: apiKey(key),
    fetch: (...request) => {
      const status = answers.shift();
      return status ? Promise.resolve(new Response("", { status, headers: { "Retry-After": "1" } })) : fetch(...request);
    },
  });
  assert.equal((await slow.get("/v1/programs")).status, 200);
  assert.ok(Date.now() - waited >= 1900);
});

test("a wrong key is refused by name", async () => {
  const wrong = new Vuoro({ baseUrl, auth: apiKey("vuoro_live_000000000000_wrong") });
  await assert.rejects(wrong.get("/v1/programs"), (fault) => fault.status === 401 && fault.code === "unauthenticated");
});
