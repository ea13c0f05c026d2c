import { expect, test } from "vitest";
import { EMPTY, keepWeights, toBody } from "./profile";
import { GROWTH } from "./why";

test("each side tells what is its own, and no empty line is sent", () => {
  const told = { ...EMPTY, superpower: "  ", wants: ["", " how TikTok works ", ""], topics: ["ai"] };
  expect(toBody("mentor", told)).toEqual({ topics: ["ai"], skills: [], superpower: null });
  expect(toBody("mentee", told)).toEqual({
    topics: ["ai"],
    skills: [],
    wants_to_understand: ["how TikTok works"],
  });
});

test("languages left alone are left out, so that the directory's stay", () => {
  expect(toBody("mentor", EMPTY)).not.toHaveProperty("languages");
  expect(toBody("mentor", { ...EMPTY, languages: [{ slug: "fi", level: 4 }] }).languages).toEqual([
    { code: "fi", level: 4 },
  ]);
});

test("both columns of why are equally long", () => {
  expect(GROWTH.mentor).toHaveLength(GROWTH.mentee.length);
});

test("how dear a skill was stays when another level is chosen, and a new skill has none", () => {
  const before = [{ slug: "ai-tools", level: 2, weight: 3 }];
  const told = [
    { slug: "ai-tools", level: 5 },
    { slug: "gaming", level: 1 },
  ];
  expect(keepWeights(told, before)).toEqual([
    { slug: "ai-tools", level: 5, weight: 3 },
    { slug: "gaming", level: 1 },
  ]);
});
