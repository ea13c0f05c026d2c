import { afterEach, expect, test, vi } from "vitest";
import { sendAll } from "#/api/outbox";
import type { KitOut, MentoringSession } from "#/api/types";
import { findKits } from "./Kits";
import { nextTalk } from "./queries";
import { sendSeed } from "./seedbox";

const same = (text: string) => ({ fi: text, sv: text, en: text });
const kit = (key: string, title: KitOut["title"], topics: KitOut["topics"] = []) =>
  ({
    key,
    kind: "topic",
    number: null,
    minutes: 30,
    topics,
    title,
    purpose: same("What it is for"),
    mentor_questions: [same("Why?"), same("How?"), same("When?")],
    mentee_questions: [same("What?")],
    exercise: same("Do it"),
    close: same("Say it"),
  }) satisfies KitOut;

const WELLBEING = { slug: "wellbeing", name: { fi: "Hyvinvointi", sv: "Välmående", en: "Well-being" } };
const KITS = [
  kit("workload", { fi: "Kun työtä on liikaa", sv: "För mycket", en: "Too much work" }, [WELLBEING]),
  kit("meetings", { fi: "Kokoukset", sv: "Möten", en: "Meetings worth the time" }),
];

test("plans are found by all their words in the reader's language, and by topic", () => {
  const keys = (...args: [string, string?, string?]) => findKits(KITS, ...args).map(({ key }) => key);
  expect(keys("en")).toEqual(["workload", "meetings"]);
  expect(keys("fi", "TYÖTÄ liikaa")).toEqual(["workload"]);
  expect(keys("en", "liikaa")).toEqual([]);
  expect(keys("en", "well-being")).toEqual(["workload"]);
  expect(keys("en", "", "wellbeing")).toEqual(["workload"]);
  expect(keys("en", "meetings", "wellbeing")).toEqual([]);
});

test("the next talk is the earliest open one that is not over, on one's own side", () => {
  const talk = (id: string, day: number, more: Partial<MentoringSession> = {}) =>
    ({
      id,
      my_part: "mentor",
      state: "scheduled",
      starts_at: `2026-12-0${day}T08:00:00.000Z`,
      ends_at: `2026-12-0${day}T08:45:00.000Z`,
      ...more,
    }) as MentoringSession;
  const talks = [
    talk("later", 5),
    talk("over", 1),
    talk("next", 3, { state: "proposed" }),
    talk("cancelled", 2, { state: "cancelled" }),
    talk("as mentee", 2, { my_part: "mentee" }),
  ];
  const now = Date.parse("2026-12-01T09:00:00Z");
  expect(nextTalk(talks, "mentor", now)?.id).toBe("next");
  expect(nextTalk(talks, "mentee", now)?.id).toBe("as mentee");
  expect(nextTalk([], "mentor", now)).toBeNull();
});

afterEach(() => vi.unstubAllGlobals());

function answering(...answers: (Response | Error)[]) {
  const sent: { key: string | null; text: string }[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push({ key: request.headers.get("Idempotency-Key"), text: (await request.json()).text });
    const answer = answers.shift() ?? new Response("{}", { status: 201 });
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return sent;
}

function box(...keys: string[]) {
  let kept: Parameters<typeof sendSeed>[0][] = keys.map((key) => ({
    key,
    text: `of ${key}`,
    prompt: null,
    refused: null,
  }));
  return {
    read: () => kept,
    change: (next: (now: typeof kept) => typeof kept) => {
      kept = next(kept);
    },
  };
}

test("what waits is sent in order, each with its own key, and then waits no more", async () => {
  const sent = answering();
  const { read, change } = box("a", "b");
  expect(await sendAll(read, change, sendSeed)).toBe(true);
  expect(sent).toEqual([
    { key: "a", text: "of a" },
    { key: "b", text: "of b" },
  ]);
  expect(read()).toEqual([]);
});

test("without a network nothing is lost, and the same key is sent again later", async () => {
  const lost = new TypeError("network");
  const sent = answering(lost, lost);
  const { read, change } = box("a");
  expect(await sendAll(read, change, sendSeed)).toBe(false);
  expect(read()).toHaveLength(1);
  expect(await sendAll(read, change, sendSeed)).toBe(true);
  expect(sent.map(({ key }) => key)).toEqual(["a", "a", "a"]);
});

test("one that the server refuses stays with its reason, and the next goes on", async () => {
  const full = new Response(JSON.stringify({ code: "too_many", detail: "" }), { status: 409 });
  answering(full);
  const { read, change } = box("a", "b");
  expect(await sendAll(read, change, sendSeed)).toBe(true);
  expect(read()).toEqual([{ key: "a", text: "of a", prompt: null, refused: "too_many" }]);
});
