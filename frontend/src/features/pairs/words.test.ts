import { expect, test } from "vitest";
import { checkWords, componentWords, healthWords, stateWords } from "./words";

const rhythm = { held: 2, planned: 6, next_booked: true, quiet: false };

test("nobody can tell a no from an offer that ran out", () => {
  const words = (["declined", "expired", "ended_early"] as const).map((state) => stateWords(state));
  expect(new Set(words.map(({ label }) => label.message)).size).toBe(1);
  expect(new Set(words.map(({ tone }) => tone)).size).toBe(1);
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
