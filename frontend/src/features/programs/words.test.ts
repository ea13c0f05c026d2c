import { expect, test } from "vitest";
import { ENROLLMENT_STATES, PATH, PROGRAM_STATES, shares, WEIGHTS } from "./words";

const none = {
  skills: 0,
  topics: 0,
  language: 0,
  time_zone: 0,
  seniority: 0,
  department: 0,
  other_site: 0,
  preference: 0,
};

test("weights are shares of the whole, whatever their sum", () => {
  expect(shares({ ...none, topics: 0.6, skills: 0.2 })).toMatchObject({
    topics: 75,
    skills: 25,
    language: 0,
  });
  expect(shares(none).topics).toBe(0);
});

test("everything that is weighed, and every state on the way, has words", () => {
  expect(Object.keys(WEIGHTS).sort()).toEqual(Object.keys(none).sort());
  for (const state of PATH) expect(PROGRAM_STATES[state].label).toBeDefined();
  expect(ENROLLMENT_STATES.applied.tone).toBe("cloud");
});
