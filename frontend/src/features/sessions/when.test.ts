import { expect, test } from "vitest";
import { dayOf, easyTimes, minutesOf, toMoment } from "./when";

test("a local day and time become a moment in UTC", () => {
  const moment = toMoment("2026-12-02", "10:00");
  expect(moment).toMatch(/Z$/u);
  expect(new Date(moment ?? "").getHours()).toBe(10);
});

test("half a choice is no moment", () => {
  expect(toMoment("", "10:00")).toBeNull();
  expect(toMoment("2026-12-02", "")).toBeNull();
});

test("easy times are four working days within two weeks", () => {
  const friday = new Date(2026, 10, 27, 9);
  const times = easyTimes(friday);
  expect(times).toHaveLength(4);
  for (const at of times) {
    expect([0, 6]).not.toContain(at.getDay());
    expect(at.getTime() - friday.getTime()).toBeLessThan(14 * 86_400_000);
  }
  expect(new Set(times.map(dayOf)).size).toBe(4);
});

test("a talk's length is known when both ends are", () => {
  expect(minutesOf({ starts_at: "2026-12-02T08:00:00Z", ends_at: "2026-12-02T08:45:00Z" })).toBe(45);
  expect(minutesOf({ starts_at: null, ends_at: null })).toBeNull();
});
