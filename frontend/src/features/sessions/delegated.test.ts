import { expect, test } from "vitest";
import type { MentoringSession } from "#/api/types";
import { comingOf } from "./delegated";

const talk = (id: string, over: Partial<MentoringSession> = {}) =>
  ({
    id,
    pair_id: "theirs",
    my_part: "delegate",
    state: "scheduled",
    starts_at: "2026-12-02T08:00:00Z",
    ...over,
  }) as MentoringSession;

test("a delegate reads the coming talks of those they book for, never their own", () => {
  const sessions = [
    talk("later", { starts_at: "2026-12-09T08:00:00Z" }),
    talk("next", { state: "proposed" }),
    talk("been", { state: "held" }),
    talk("another pair's", { pair_id: "another" }),
    talk("my own", { my_part: "mentor" }),
  ];
  expect(comingOf("theirs", sessions).map(({ id }) => id)).toEqual(["next", "later"]);
});
