import { expect, test } from "vitest";
import { fewPoints, helpWords, isSearching, nearWords, pairRuleWords, phaseWords, ruleWords } from "./words";

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
  "resting",
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

test("whoever has no pair hears what would help", () => {
  const helpless = RULES.filter((rule) => !helpWords(rule));
  expect(helpless).toEqual(["same_person"]);
});

test("of two people a rule reads otherwise than of one", () => {
  expect(pairRuleWords("same_team")).not.toEqual(ruleWords("same_team"));
  expect(pairRuleWords("tenure")).toEqual(ruleWords("tenure"));
});

test("how near the best a result is, is never told better than it is", () => {
  expect(nearWords(0.00312, "en")).toBe("0.32%");
  expect(nearWords(0.1201, "en")).toBe("13%");
  expect(nearWords(1e-9, "en")).toBe("0.01%");
  expect(nearWords(0, "en")).toBe("0%");
  expect(nearWords(0.0031, "fi")).toBe("0,31\u00a0%");
});

test("a small loss is not rounded to none", () => {
  expect(fewPoints(12.34)).toBe(12.3);
  expect(fewPoints(-0.0412)).toBe(0.041);
  expect(fewPoints(0.00002)).toBe(0.001);
  expect(fewPoints(0)).toBe(0);
});
