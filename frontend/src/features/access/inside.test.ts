import { expect, test } from "vitest";
import { insideOf } from "./inside";

test("after the sign-in only a page of this site opens", () => {
  expect(insideOf("/pairs/1?a=1")).toBe("/pairs/1?a=1");
  for (const outside of ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "", undefined])
    expect(insideOf(outside)).toBe("/");
});
