"""Why these two, or why not: the rule that stands in the way, or what it would cost all pairs together, exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from scipy.sparse import csr_array

from vuoro.matching.engine.arrays import distinct, lacking
from vuoro.matching.engine.market import Market
from vuoro.matching.engine.problem import Pair
from vuoro.matching.engine.rules import Rulebook, first_broken
from vuoro.matching.engine.score import score, to_integer
from vuoro.matching.engine.solution import Stale
from vuoro.matching.engine.verify import Prices, Proof

Node = tuple[Literal["mentor", "mentee", "nobody"], int]

# Steps that cost so many millionths at most are tried first, then so many times more.
_REACH, _FURTHER = 40_000, 16


def failing_rule(market: Market, mentor: str, mentee: str, rulebook: Rulebook | None = None) -> str | None:
    """The first rule that forbids the pair, None when it is eligible. Keep a Rulebook to ask about many."""
    row, col = market.mentee_index[mentee], market.mentor_index[mentor]
    if rule := first_broken(rulebook or Rulebook(market), row, col):
        return rule
    low = score(market, market.mentors[col], market.mentees[row]) < to_integer(market.rules.min_score)
    return "score_too_low" if low else None


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
        n, m = grid.shape
        self._many_of_mentee, self._many_of_mentor = np.bincount(rows, minlength=n), np.bincount(cols, minlength=m)
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
        """The cheapest way: among steps of little cost, or else among all that cost no more than what was found."""
        # Here, so that whoever only starts the child does not carry it about.
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

        n, m = self._grid.shape
        nodes: list[Node] = [*(("mentor", i) for i in range(m)), *(("mentee", i) for i in range(n)), ("nobody", 0)]
        first, last = (at if side == "mentor" else m + at for side, at in (start, end))
        reach = _REACH
        while True:
            steps = self._steps(reach, without)
            cost, came = dijkstra(steps, indices=first, return_predecessors=True)  # type: ignore[call-overload]
            if cost[last] <= reach:
                break
            assert cost[last] < np.inf, "there is always the way by nobody"
            reach = min(int(cost[last]), reach * _FURTHER)
        path = [last]
        while path[-1] != first:
            path.append(int(came[path[-1]]))
        return [nodes[node] for node in reversed(path)]

    def _steps(self, reach: int, without: tuple[int, int]) -> csr_array[Any, Any]:
        """[from, to] the cost of each step, of the steps to further mentees only those that cost so much at most.

        Mentees follow the mentors, nobody comes last.
        """
        proof, grid = self._proof, self._grid
        n, m = grid.shape
        nobody, apart = m + n, without[0] * n + without[1]
        near = proof.above(proof.gains, proof.mentor_price, proof.mentee_price, -reach)
        near = lacking(distinct(np.append(near, proof.gains.stay)), proof.matched)
        near = near[near != apart]
        scores = proof.scores(near)
        near, scores = near[scores >= grid.least], scores[scores >= grid.least]
        price = proof.prices(near) - proof.gains.of(near, scores)
        near, price = near[price <= reach], price[price <= reach]
        rows, cols = proof.cells(near)

        kept = proof.matched[proof.matched != apart]
        kept_rows, kept_cols = proof.cells(kept)
        spare = m + np.flatnonzero(proof.mentee_left > self._many_of_mentee)
        free = np.flatnonzero(proof.mentor_left > self._many_of_mentor)
        taken = np.flatnonzero(self._many_of_mentee)
        steps = [
            (cols, m + rows, price),
            (m + kept_rows, kept_cols, proof.gains.of(kept, proof.scores(kept)) - proof.prices(kept)),
            (np.arange(m), np.full(m, nobody), proof.mentor_price),
            (spare, np.full(len(spare), nobody), np.zeros(len(spare))),
            (np.full(len(free), nobody), free, np.zeros(len(free))),
            (np.full(len(taken), nobody), m + taken, proof.mentee_price[taken]),
        ]
        source, target, costs = (np.concatenate(part) for part in zip(*steps, strict=True))
        return csr_array((costs.astype(np.float64), (source, target)), shape=(nobody + 1, nobody + 1))
