import { expect, test } from "vitest";
import { asType, emptyQuestion, freeKey, lacking, NOTHING, rewrite } from "./draft";

test("languages that only repeat a text follow it, a translation stays", () => {
  expect(rewrite({ fi: "Hi", sv: "Hej", en: "Hi" }, "en", "Hello")).toEqual({
    fi: "Hello",
    sv: "Hej",
    en: "Hello",
  });
  expect(rewrite(NOTHING, "fi", "Moi")).toEqual({ fi: "Moi", sv: "Moi", en: "Moi" });
});

test("keys are never taken twice", () => {
  expect(freeKey([], "q")).toBe("q1");
  expect(freeKey(["q1", "q3"], "q")).toBe("q4");
  expect(freeKey(["useful", "q3"], "q")).toBe("q4");
});

test("a choice has two options, and loses them as anything else", () => {
  const choice = asType(emptyQuestion([]), "single");
  expect(choice.options.map(({ key }) => key)).toEqual(["o1", "o2"]);
  expect(asType(choice, "yes_no").options).toEqual([]);
  expect(asType(choice, "multiple").options).toBe(choice.options);
});

test("what is not written is named by its field", () => {
  const choice = asType(emptyQuestion([]), "single");
  expect(lacking(NOTHING, [choice], "en")).toEqual(["title", "q1", "q1.o1", "q1.o2"]);
  const words = { fi: "x", sv: "x", en: "x" };
  expect(lacking(words, [{ ...emptyQuestion([]), text: words }], "en")).toEqual([]);
});
