"""Why these two, or why not: the rule that stands in the way, or what it would cost all pairs together, exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from vuoro.matching.engine.arrays import Ints, members
from vuoro.matching.engine.market import Market
from vuoro.matching.engine.problem import Pair
from vuoro.matching.engine.rules import Rulebook, first_broken
from vuoro.matching.engine.score import score, to_integer
from vuoro.matching.engine.verify import Prices, Proof

Node = tuple[Literal["mentor", "mentee", "nobody"], int]


def failing_rule(market: Market, mentor: str, mentee: str, rulebook: Rulebook | None = None) -> str | None:
    """The first rule that forbids the pair, None when it is eligible. Keep a Rulebook to ask about many."""
    row, col = market.mentee_index[mentee], market.mentor_index[mentor]
    if rule := first_broken(rulebook or Rulebook(market), row, col):
        return rule
    low = score(market, market.mentors[col], market.mentees[row]) < to_integer(market.rules.min_score)
    return "score_too_low" if low else None


class Stale(Exception):
    """The market is no longer the one that was matched: its people, their data or the rules have changed."""


@dataclass(frozen=True, slots=True)
class Parting:
    """What happens at best when two are parted: what all pairs together lose in millionths, and whom the two get."""

    cost: int
    mentor_next: str | None
    mentee_next: str | None


def parting(
    market: Market, prices: Prices, pairs: Sequence[Pair], mentor: str, mentee: str, least: int | None = None
) -> Parting:
    """The best matching without this pair of a proven one, told by what it changes.

    Raises:
        Stale: the prices no longer prove the matching.
    """
    rest = _Rest(market, prices, pairs, least)
    col, row = rest.col(mentor), rest.row(mentee)
    path = rest.cheapest(("mentor", col), ("mentee", row), without=(col, row))
    first, last = path[1], path[-2]
    cost = rest.score(col, row) + rest.lost(path)
    return Parting(
        cost,
        rest.mentee_id(first[1]) if first[0] == "mentee" else None,
        rest.mentor_id(last[1]) if last[0] == "mentor" else None,
    )


def forcing(
    market: Market, prices: Prices, pairs: Sequence[Pair], mentor: str, mentee: str, least: int | None = None
) -> int:
    """What all pairs together lose, in millionths, in the best matching that has this eligible pair.

    Raises:
        Stale: the prices no longer prove the matching.
    """
    rest = _Rest(market, prices, pairs, least)
    col, row = rest.col(mentor), rest.row(mentee)
    path = rest.cheapest(("mentee", row), ("mentor", col), without=(col, row))
    return rest.lost(path) - rest.score(col, row)


class _Rest:
    """Ways to change a proven matching, each step at what it costs beside the prices.

    A mentor's step leads to a mentee not theirs, a mentee's to a mentor of theirs (they part). `nobody` stands for
    the places left over: whoever loses a pair without getting another goes there, whoever has a place left comes
    from there. The cheapest way between two is the exact loss.
    """

    def __init__(self, market: Market, prices: Prices, pairs: Sequence[Pair], least: int | None) -> None:
        try:
            self._proof = proof = Proof(market, Rulebook(market), pairs, prices, least)
        except KeyError as error:
            raise Stale from error
        self._grid = grid = proof.grid
        fits = len(proof.matched) + len(market.pinned) == len(pairs)
        if not fits or proof.worth != proof.bound or (proof.scores(proof.matched) < grid.least).any():
            raise Stale
        rows, cols = proof.cells(proof.matched)
        self._mentors_of = [cols[at] for at in members(rows, grid.shape[0])]
        self._mentees_of = [rows[at] for at in members(cols, grid.shape[1])]
        self._open = proof.mentor_left > [len(group) for group in self._mentees_of]
        self._spare = proof.mentee_left > [len(group) for group in self._mentors_of]
        self._mentors: list[str] = list(proof.col_of)
        self._mentees: list[str] = list(proof.row_of)

    def col(self, mentor: str) -> int:
        """The mentor's column; Stale where they are in no pair's reach."""
        return self._known(self._proof.col_of, mentor)

    def row(self, mentee: str) -> int:
        """The mentee's row; Stale where they are in no pair's reach."""
        return self._known(self._proof.row_of, mentee)

    @staticmethod
    def _known(at: Mapping[str, int], id: str) -> int:
        if id not in at:
            raise Stale
        return at[id]

    def mentor_id(self, col: int) -> str:
        """Who that column is."""
        return self._mentors[col]

    def mentee_id(self, row: int) -> str:
        """Who that row is."""
        return self._mentees[row]

    def score(self, col: int, row: int) -> int:
        """A pair's score in millionths."""
        return int(self._grid.at(np.array([row]), np.array([col]))[0])

    def lost(self, path: list[Node]) -> int:
        """The scores that a way takes away less those that it brings."""
        lost = 0
        for (kind, a), (other, b) in pairwise(path):
            if (kind, other) == ("mentor", "mentee"):
                lost -= self.score(a, b)
            elif (kind, other) == ("mentee", "mentor"):
                lost += self.score(b, a)
        return lost

    def cheapest(self, start: Node, end: Node, without: tuple[int, int]) -> list[Node]:
        """The cheapest way, by Dijkstra's method; each mentor's steps are worked out when they are reached."""
        n, m = self._grid.shape
        far = np.iinfo(np.int64).max
        kinds = {"mentor": 0, "mentee": m, "nobody": m + n}
        nodes: list[Node] = [*(("mentor", i) for i in range(m)), *(("mentee", i) for i in range(n)), ("nobody", 0)]
        cost, done = np.full(m + n + 1, far), np.zeros(m + n + 1, np.bool_)
        came = np.full(m + n + 1, -1)
        cost[kinds[start[0]] + start[1]] = 0
        while True:
            here = int(np.where(done, far, cost).argmin())
            assert cost[here] < far, "there is always the way by nobody"
            done[here] = True
            if nodes[here] == end:
                break
            to, price = self._steps(nodes[here], without, m)
            price = cost[here] + price
            better = price < cost[to]
            cost[to[better]], came[to[better]] = price[better], here
        path = [here]
        while came[path[-1]] >= 0:
            path.append(int(came[path[-1]]))
        return [nodes[node] for node in reversed(path)]

    def _steps(self, node: Node, without: tuple[int, int], m: int) -> tuple[Ints, Ints]:
        """(nodes, costs) of the steps from here; rows follow the columns, nobody comes last."""
        proof, (kind, at) = self._proof, node
        n = proof.n
        if kind == "mentor":
            scores = np.floor(self._grid.of_columns(np.array([at]))[:, 0]).astype(np.int64)
            rows = np.flatnonzero(scores >= self._grid.least)
            rows = rows[~np.isin(rows, self._mentees_of[at])]
            if at == without[0]:
                rows = rows[rows != without[1]]
            worth = proof.gains.of(at * n + rows, scores[rows])
            price = proof.mentor_price[at] + proof.mentee_price[rows] - worth
            return np.append(m + rows, m + n), np.append(price, proof.mentor_price[at])
        if kind == "mentee":
            cols = self._mentors_of[at]
            cols = cols[cols != without[0]] if at == without[1] else cols
            keys = cols * n + at
            price = proof.gains.of(keys, proof.scores(keys)) - proof.mentor_price[cols] - proof.mentee_price[at]
            if self._spare[at]:
                return np.append(cols, m + n), np.append(price, 0)
            return cols, price
        free, taken = np.flatnonzero(self._open), np.flatnonzero([len(group) > 0 for group in self._mentors_of])
        return np.append(free, m + taken), np.append(np.zeros(len(free), np.int64), proof.mentee_price[taken])
