import { expect, test } from "vitest";
import { capitalize, cx, firstName, initials } from "./text";

test("initials are the first and the last name's", () => {
  expect(initials("Aino Maria Lahti")).toBe("AL");
  expect(initials("Åsa Öhman")).toBe("ÅÖ");
  expect(initials("  Cher ")).toBe("C");
  expect(initials("")).toBe("");
});

test("a first name is the part before the first space", () => {
  expect(firstName("Anna-Liisa Virtanen")).toBe("Anna-Liisa");
});

test("a capital keeps the rest of the text", () => {
  expect(capitalize("i morgon")).toBe("I morgon");
  expect(capitalize("ä")).toBe("Ä");
});

test("class names leave out what is false or empty", () => {
  expect(cx("a", false, undefined, "", "b")).toBe("a b");
});
