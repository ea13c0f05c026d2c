import type { ThoughtOut } from "#/api/types";

/** A card's new place: the lane, and behind which other card of it; null for the first place. */
export interface Move {
  id: string;
  lane: ThoughtOut["lane"];
  after: string | null;
}

/** The cards as they stand once these moves, in their order, have arrived. */
export function withMoves<Card extends Pick<ThoughtOut, "id" | "lane">>(
  cards: Card[],
  moves: Move[],
): Card[] {
  return moves.reduce((list, { id, lane, after }) => {
    const card = list.find((each) => each.id === id);
    if (!card) return list;
    const rest = list.filter((each) => each.id !== id);
    const behind = rest.findIndex((each) => each.id === after);
    const at = after === null ? 0 : behind < 0 ? rest.length : behind + 1;
    return rest.toSpliced(at, 0, { ...card, lane });
  }, cards);
}
