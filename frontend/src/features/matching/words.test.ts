import { expect, test } from "vitest";
import { isSearching, phaseWords, ruleWords } from "./words";

const RULES = [
  "same_person",
  "unknown_line",
  "reporting_line",
  "top_too_close",
  "same_team",
  "excluded",
  "past_partner",
  "rejected",
  "no_shared_language",
  "seniority_gap",
  "tenure",
  "score_too_low",
  "all_taken",
  "nobody_there",
  "on_leave",
];

test("every rule has words of its own", () => {
  const words = RULES.map((rule) => ruleWords(rule).message);
  expect(new Set(words).size).toBe(RULES.length);
  expect(words).not.toContain(ruleWords("made_up").message);
});

test("a run that is not over is still searching", () => {
  expect(isSearching("queued")).toBe(true);
  expect(isSearching("running")).toBe(true);
  expect(isSearching("done")).toBe(false);
  expect(phaseWords("a-new-phase")).toBeDefined();
});
