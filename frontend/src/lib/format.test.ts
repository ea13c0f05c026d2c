import { expect, test } from "vitest";
import { daysBetween, makeFormat } from "./format";

const now = new Date(2026, 10, 23, 9, 0);
const tomorrow = new Date(2026, 10, 24, 10, 0);

test("tomorrow has its own word in each language", () => {
  expect(makeFormat("fi").day(tomorrow, now)).toBe("Huomenna");
  expect(makeFormat("sv").day(tomorrow, now)).toBe("I morgon");
  expect(makeFormat("en").day(tomorrow, now)).toBe("Tomorrow");
});

test("near days are called as the browser's own words call them", () => {
  for (const [locale, tag] of [
    ["fi", "fi-FI"],
    ["sv", "sv-SE"],
    ["en", "en-GB"],
  ] as const)
    for (const days of [-1, 0, 1])
      expect(
        makeFormat(locale)
          .day(new Date(2026, 10, 23 + days, 12), now)
          .toLowerCase(),
      ).toBe(new Intl.RelativeTimeFormat(tag, { numeric: "auto" }).format(days, "day"));
});

test("other days are told by weekday and date", () => {
  expect(makeFormat("en").day(new Date(2026, 11, 2), now)).toMatch(/^Wed/u);
});

test("days are counted by the calendar, not by hours", () => {
  expect(daysBetween(new Date(2026, 10, 23, 23, 59), new Date(2026, 10, 24, 0, 1))).toBe(1);
  expect(daysBetween(new Date(2026, 9, 24, 12), new Date(2026, 9, 26, 12))).toBe(2);
});

test("a clock reads as the language writes it", () => {
  expect(makeFormat("fi").time(tomorrow)).toBe("10.00");
  expect(makeFormat("sv").time(tomorrow)).toBe("10:00");
});

test("a plain day is the same day in every zone", () => {
  expect(makeFormat("en").date("2026-12-02")).toBe("2 Dec 2026");
});

test("months are short words", () => {
  expect(makeFormat("fi").month("2026-11")).toBe("marras");
  expect(makeFormat("en").month("2026-10")).toBe("Oct");
});

test("numbers and shares follow the language", () => {
  expect(makeFormat("fi").number(4.4)).toBe("4,4");
  expect(makeFormat("en").percent(0.83)).toBe("83%");
});
