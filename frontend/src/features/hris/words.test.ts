import { expect, test } from "vitest";
import {
  dateWords,
  delimiterWords,
  ENCODINGS,
  fieldWords,
  importProblemWords,
  isAtWork,
  STATES,
} from "./words";

test("every state has words, and the page asks again while the worker is at it", () => {
  const working = Object.keys(STATES).filter((state) => isAtWork(state as keyof typeof STATES));
  expect(working).toEqual(["parsing", "applying", "undoing"]);
});

test("how a file is written has words", () => {
  for (const name of ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "windows-1252"])
    expect(ENCODINGS[name]).toBeDefined();
  expect(dateWords("dd/mm/yyyy")?.message).toContain("31/01/2026");
  const words = [",", ";", "\t", "|", null].map((each) => delimiterWords(each).message);
  expect(new Set(words).size).toBe(5);
});

test("an unknown code or field has none, so that the server's own words are shown", () => {
  expect(importProblemWords("mail_invalid")).toBeDefined();
  expect(importProblemWords("made_up")).toBeUndefined();
  expect(fieldWords("manager_id")).toBeDefined();
  expect(fieldWords("shoe_size")).toBeUndefined();
});
