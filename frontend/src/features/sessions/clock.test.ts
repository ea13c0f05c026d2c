import { expect, test } from "vitest";
import { minutesAndSeconds, pause, STOPPED, spentAt, start, turnAt } from "./clock";

const MINUTE = 60_000;
const HALF = 22.5 * MINUTE;

test("a clock that was paused goes on from where it stood", () => {
  const paused = pause(start(STOPPED, 1_000), 1_000 + 5 * MINUTE);
  expect(spentAt(paused, 9_999_999)).toBe(5 * MINUTE);
  expect(spentAt(start(paused, 20 * MINUTE), 21 * MINUTE)).toBe(6 * MINUTE);
});

test("starting what runs changes nothing, and a clock set back takes no time away", () => {
  const running = start(STOPPED, 5_000);
  expect(start(running, 9_000)).toBe(running);
  expect(spentAt(running, 1_000)).toBe(0);
});

test("the turn changes at half-time, whoever begins", () => {
  const running = start(STOPPED, 0);
  expect(turnAt(running, 45 * MINUTE, HALF - 1)).toMatchObject({
    half: 1,
    turn: "mentor",
    leftOfTurn: 1,
    over: false,
  });
  expect(turnAt(running, 45 * MINUTE, HALF)).toMatchObject({
    half: 2,
    turn: "mentee",
    leftOfTurn: HALF,
    share: 0.5,
  });
  expect(turnAt({ ...running, first: "mentee" }, 45 * MINUTE, HALF).turn).toBe("mentor");
  expect(turnAt(running, 45 * MINUTE, 99 * MINUTE)).toMatchObject({ over: true, left: 0, share: 1 });
});

test("what is left is told in minutes and seconds", () => {
  expect([45 * MINUTE, 61_000, 59_001, 0].map(minutesAndSeconds)).toEqual(["45:00", "1:01", "1:00", "0:00"]);
});
