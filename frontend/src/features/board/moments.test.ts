import { expect, test } from "vitest";
import { fromField, toField } from "./moments";

test("a moment comes back from its field as it was, to the minute", () => {
  for (const moment of ["2026-12-02T08:00:00Z", "2026-06-21T20:30:00Z"])
    expect(fromField(toField(moment))).toBe(moment);
});

test("an empty or half-written field is no moment", () => {
  expect(fromField("")).toBeNull();
  expect(fromField("2026-13-40T99:00")).toBeNull();
  expect(toField(null)).toBe("");
});
