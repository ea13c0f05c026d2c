import { expect, test } from "vitest";
import { minutesOf, spread, toMoment } from "./when";

test("a local day and time become a moment in UTC", () => {
  const moment = toMoment("2026-12-02", "10:00");
  expect(moment).toMatch(/Z$/u);
  expect(new Date(moment ?? "").getHours()).toBe(10);
});

test("half a choice is no moment", () => {
  expect(toMoment("", "10:00")).toBeNull();
  expect(toMoment("2026-12-02", "")).toBeNull();
});

test("free times come from different days first", () => {
  const at = (day: number, hour: number) => ({ starts_at: new Date(2026, 10, day, hour).toISOString() });
  const times = [at(26, 9), at(26, 11), at(26, 13), at(27, 9), at(30, 9), at(30, 11)];
  expect(spread(times, 3)).toEqual([at(26, 9), at(27, 9), at(30, 9)]);
  expect(spread(times, 4)).toEqual([at(26, 9), at(26, 11), at(27, 9), at(30, 9)]);
  expect(spread(times, 9)).toHaveLength(6);
  expect(spread([], 3)).toEqual([]);
});

test("a talk's length is known when both ends are", () => {
  expect(minutesOf({ starts_at: "2026-12-02T08:00:00Z", ends_at: "2026-12-02T08:45:00Z" })).toBe(45);
  expect(minutesOf({ starts_at: null, ends_at: null })).toBeNull();
});
