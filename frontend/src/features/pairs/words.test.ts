import { expect, test } from "vitest";
import {
  checkWords,
  componentWords,
  healthWords,
  isOver,
  isTogether,
  type PairState,
  stateWords,
} from "./words";

const rhythm = { held: 2, planned: 6, next_booked: true, quiet: false, goals_total: 0, goals_done: 0 };
const STATES: PairState[] = [
  "proposed",
  "asked_mentor",
  "asked_mentee",
  "active",
  "paused",
  "closing",
  "completed",
  "stay_in_touch",
  "declined",
  "expired",
  "ended_early",
  "suspended_conflict",
];

test("every state has words, and an offer that ran out tells of no no", () => {
  const labels = STATES.map((state) => stateWords(state).label.message);
  expect(labels.every(Boolean)).toBe(true);
  expect(stateWords("expired").label.message).toBe("The offer ran out");
  expect(stateWords("declined").label.message).toMatch(/^You /u);
});

test("a pair that talks is not over, but for the completed one", () => {
  expect(STATES.filter((state) => isTogether(state) && isOver(state))).toEqual(["completed"]);
});

test("only a quiet pair is lingonberry", () => {
  expect(healthWords({ state: "active", rhythm: { ...rhythm, quiet: true } }).tone).toBe("lingon");
  expect(healthWords({ state: "active", rhythm: { ...rhythm, next_booked: false } }).tone).toBe("cloud");
  expect(healthWords({ state: "active", rhythm: { ...rhythm, held: 0 } }).tone).toBe("lake");
  expect(healthWords({ state: "active", rhythm }).tone).toBe("spruce");
});

test("every component of the score has words, an unknown one none", () => {
  for (const name of [
    "skills",
    "topics",
    "language",
    "time_zone",
    "seniority",
    "department",
    "other_site",
    "preference",
  ])
    expect(componentWords(name)).toBeDefined();
  expect(componentWords("star_sign")).toBeUndefined();
  expect(checkWords("reporting_line")).toBeDefined();
});
