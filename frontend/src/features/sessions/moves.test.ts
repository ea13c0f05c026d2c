import { expect, test } from "vitest";
import { type Move, withMoves } from "./moves";

const CARDS = [
  { id: "a", lane: "see" },
  { id: "b", lane: "see" },
  { id: "c", lane: "think" },
] as const;
const shown = (...moves: Move[]) =>
  withMoves([...CARDS], moves)
    .map(({ id, lane }) => `${lane} ${id}`)
    .sort((x, y) => x.split(" ")[0]?.localeCompare(y.split(" ")[0] ?? "") ?? 0);

test("a card goes behind another of the lane, or first", () => {
  expect(shown({ id: "a", lane: "think", after: "c" })).toEqual(["see b", "think c", "think a"]);
  expect(shown({ id: "a", lane: "think", after: null })).toEqual(["see b", "think a", "think c"]);
  expect(shown({ id: "a", lane: "see", after: "b" })).toEqual(["see b", "see a", "think c"]);
});

test("moves that have arrived already change nothing when they are shown again", () => {
  const moves: Move[] = [
    { id: "a", lane: "think", after: "c" },
    { id: "a", lane: "wonder", after: null },
  ];
  const once = withMoves([...CARDS], moves);
  expect(withMoves(once, moves)).toEqual(once);
});

test("a card that the other one took away is not brought back, and one behind it goes to the end", () => {
  expect(shown({ id: "gone", lane: "do", after: null })).toEqual(["see a", "see b", "think c"]);
  expect(shown({ id: "a", lane: "think", after: "gone" })).toEqual(["see b", "think c", "think a"]);
});
