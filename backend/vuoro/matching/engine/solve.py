"""The best matching of a market, proven.

A sparse market of good candidates is solved as a minimum-cost flow; dual prices recovered from the matching
then price out every pair of the whole market. Pairs worth more than their prices join and the flow runs
again; when none is left, no matching can be better: what is matched equals what the prices bound.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vuoro.matching.engine.market import (
    SCALE,
    Market,
    MarketError,
    Side,
    validate,
)
from vuoro.matching.engine.rules import Rulebook, first_broken
from vuoro.matching.engine.score import Component, Scorer, components, score, to_integer

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CANDIDATES = 24
_TILE_CELLS = 2_000_000
_KEEP_CELLS = 6_000_000
_LOW = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class Progress:
    """`bound` and `gap` (a share of the bound) are None until a first matching stands."""

    phase: str
    round: int
    pairs: int
    bound: int | None
    gap: float | None
    fraction: float


@dataclass(frozen=True, slots=True)
class MatchedPair:
    """A pair of the best matching."""

    mentor: str
    mentee: str
    score: int  # millionths
    pinned: bool
    top_exempt: bool  # the mentee leads everyone and the mentor is far enough below: tell the mentor
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Somebody without a pair, and the rule that binds."""

    person: str
    role: Side
    rule: str  # a rule code, all_taken (others fit the people who suit better) or nobody_there


@dataclass(frozen=True, slots=True)
class Solution:
    """`objective` sums the scores of all pairs, pinned ones too; proven means that `bound` equals it."""

    pairs: tuple[MatchedPair, ...]
    objective: int
    bound: int | None
    proven: bool
    unmatched: tuple[Unmatched, ...]
    mentors: int
    mentees: int
    places: int
    checks: tuple[str, ...]
    mentor_prices: dict[str, int]
    mentee_prices: dict[str, int]
    rounds: int


def eligibility(market: Market) -> Bools:
    """[mentee, mentor]: every hard rule holds and the score is high enough."""
    whole = slice(0, len(market.mentees))
    good: Bools = Scorer(market).tile(whole) >= to_integer(market.rules.min_score)
    return good & Rulebook(market).allowed(whole)


def failing_rule(market: Market, mentor: str, mentee: str, rulebook: Rulebook | None = None) -> str | None:
    """The first rule that forbids the pair, None when it is eligible. Keep a Rulebook to ask about many."""
    row, col = market.mentee_index[mentee], market.mentor_index[mentor]
    if rule := first_broken(rulebook or Rulebook(market), row, col):
        return rule
    low = score(market, market.mentors[col], market.mentees[row]) < to_integer(market.rules.min_score)
    return "score_too_low" if low else None


def solve(market: Market, on_progress: Callable[[Progress], None] = lambda _: None) -> Solution:
    """Raises MarketError for a market that is wrong, or pins a pair against a rule."""
    validate(market)
    on_progress(Progress("reading", 0, 0, None, None, 0.0))
    return _Run(market, on_progress).solve()


@dataclass(slots=True)
class _Arcs:
    """Pairs in play, sorted by (mentor, mentee); `gain` is the score, plus the bonus of the coverage goal."""

    mentor: Ints
    mentee: Ints
    gain: Ints


class _Run:
    def __init__(self, market: Market, on_progress: Callable[[Progress], None]) -> None:
        self.market, self.on_progress = market, on_progress
        self.rulebook, self.scorer = Rulebook(market), Scorer(market)
        self.n, self.m = self.scorer.shape
        self.least = to_integer(market.rules.min_score)
        self.pins = sorted((market.mentor_index[a], market.mentee_index[b]) for a, b in market.pinned)
        self.mentor_left = np.array([p.capacity for p in market.mentors], np.int64)
        self.mentee_left = np.array([p.capacity for p in market.mentees], np.int64)
        self.places = int(min(self.mentor_left.sum(), self.mentee_left.sum()))
        self._take_pins()
        self.pin_scores = [score(market, market.mentors[a], market.mentees[b]) for a, b in self.pins]
        # More than any sum of scores: one pair more always beats better pairs.
        self.bonus = SCALE * (self.places + 1) if market.goal == "coverage" else 0
        self.kept: dict[int, NDArray[np.int32]] = {}

    def _take_pins(self) -> None:
        for mentor, mentee in self.pins:
            if rule := first_broken(self.rulebook, mentee, mentor):
                a, b = self.market.mentors[mentor].id, self.market.mentees[mentee].id
                place = f"pinned[{list(self.market.pinned).index((a, b))}]"
                raise MarketError(place, "pinned_against_rule", rule=rule, mentor=a, mentee=b)
            self.mentor_left[mentor] -= 1
            self.mentee_left[mentee] -= 1

    def tiles(self) -> Iterator[tuple[int, NDArray[np.int32]]]:
        """Scores of every pair in blocks of mentees; -1 where the pair is out of the market."""
        step = max(1, _TILE_CELLS // max(1, self.m))
        for low in range(0, self.n, step):
            if low in self.kept:
                yield low, self.kept[low]
                continue
            rows = slice(low, min(low + step, self.n))
            tile = self.scorer.tile(rows)
            bad = ~self.rulebook.allowed(rows) | (tile < self.least)
            bad |= (self.mentee_left[rows, None] == 0) | (self.mentor_left[None, :] == 0)
            tile[bad] = -1
            for mentor, mentee in self.pins:
                if rows.start <= mentee < rows.stop:
                    tile[mentee - low, mentor] = -1
            if self.n * self.m <= _KEEP_CELLS:
                self.kept[low] = tile
            yield low, tile

    def solve(self) -> Solution:
        arcs = self._candidates()
        rounds = 0
        while True:
            rounds += 1
            matched = _flow(arcs, self.mentor_left, self.mentee_left)
            mentor_price, mentee_price = _prices(arcs, matched, self.mentor_left, self.mentee_left)
            missing, above = self._price_out(arcs, matched, mentor_price, mentee_price)
            pairs = int(matched.sum())
            value = int(arcs.gain[matched].sum()) - self.bonus * pairs
            bound = value + above
            fraction = 1 - 0.5 * 0.6**rounds
            self._tell("proving", rounds, pairs, value, bound, fraction)
            if not len(missing.gain):
                break
            arcs = _join(arcs, missing, self.n)
        solution = self._solution(arcs, matched, mentor_price, mentee_price, rounds)
        self._tell("done", rounds, pairs, value, bound, 1.0)
        return solution

    def _tell(self, phase: str, rounds: int, pairs: int, value: int, bound: int, fraction: float) -> None:
        pinned = sum(self.pin_scores)
        gap = (bound - value) / max(1, bound + pinned)
        self.on_progress(Progress(phase, rounds, pairs + len(self.pins), bound + pinned, gap, fraction))

    def _candidates(self) -> _Arcs:
        """The best pairs of each person on both sides, and every pair that somebody asked for."""
        keys: list[Ints] = []
        best = np.full((self.m, 0), -1, np.int64)
        for low, tile in self.tiles():
            rows = np.arange(low, low + len(tile), dtype=np.int64)
            codes = (tile.astype(np.int64) << 32) | (_LOW - np.arange(self.m, dtype=np.int64))
            mine = _largest(codes, CANDIDATES)
            row, at = np.nonzero(mine >= 0)
            keys.append((_LOW - (mine[row, at] & _LOW)) * self.n + rows[row])
            codes = (tile.T.astype(np.int64) << 32) | (_LOW - rows)
            best = _largest(np.concatenate([best, codes], axis=1), CANDIDATES)
            wisher, wish = self.scorer.wishes[low : low + len(tile)].nonzero()
            open_wish = tile[wisher, wish] >= 0
            keys.append(wish[open_wish].astype(np.int64) * self.n + rows[wisher[open_wish]])
            done = (low + len(tile)) / self.n
            self.on_progress(Progress("scoring", 0, len(self.pins), None, None, 0.05 + 0.4 * done))
        col, at = np.nonzero(best >= 0)
        keys.append(col * self.n + (_LOW - (best[col, at] & _LOW)))
        mentor, mentee = np.divmod(np.unique(np.concatenate(keys)), max(1, self.n))
        return _Arcs(mentor, mentee, self._gains(mentor, mentee))

    def _gains(self, mentor: Ints, mentee: Ints) -> Ints:
        gains = np.zeros(len(mentor), np.int64)
        order = np.argsort(mentee, kind="stable")
        for low, tile in self.tiles():
            first, last = np.searchsorted(mentee[order], [low, low + len(tile)])
            chosen = order[first:last]
            gains[chosen] = tile[mentee[chosen] - low, mentor[chosen]]
        return gains + self.bonus

    def _price_out(self, arcs: _Arcs, matched: Bools, mentor_price: Ints, mentee_price: Ints) -> tuple[_Arcs, int]:
        """The pairs worth more than their prices (best 24 a mentee), and how far the bound is above."""
        found: list[tuple[Ints, Ints, Ints]] = []
        above = 0
        taken_mentor, taken_mentee = arcs.mentor[matched], arcs.mentee[matched]
        for low, tile in self.tiles():
            worth = tile + (self.bonus - mentor_price)[None, :] - mentee_price[low : low + len(tile), None]
            worth[tile < 0] = 0
            here = (taken_mentee >= low) & (taken_mentee < low + len(tile))
            worth[taken_mentee[here] - low, taken_mentor[here]] = 0
            row, mentor = np.nonzero(worth > 0)
            if not len(row):
                continue
            over = worth[row, mentor]
            order = np.lexsort((mentor, -over, row))
            row, mentor, over = row[order], mentor[order], over[order]
            rank = np.arange(len(row)) - np.searchsorted(row, row)
            above += int(over[rank < self.mentee_left[low + row]].sum())
            keep = rank < CANDIDATES
            row, mentor = row[keep].astype(np.int64), mentor[keep].astype(np.int64)
            found.append((mentor, row + low, tile[row, mentor].astype(np.int64) + self.bonus))
        if not found:
            nothing = np.zeros(0, np.int64)
            return _Arcs(nothing, nothing, nothing), 0
        mentor, mentee, gain = (np.concatenate(part) for part in zip(*found, strict=True))
        return _Arcs(mentor, mentee, gain), above

    def _solution(self, arcs: _Arcs, matched: Bools, mentor_price: Ints, mentee_price: Ints, rounds: int) -> Solution:
        market = self.market
        scored = [
            (a, b, gain - self.bonus, False)
            for a, b, gain in zip(
                arcs.mentor[matched].tolist(),
                arcs.mentee[matched].tolist(),
                arcs.gain[matched].tolist(),
                strict=True,
            )
        ]
        scored += [(a, b, worth, True) for (a, b), worth in zip(self.pins, self.pin_scores, strict=True)]
        exempt = set(zip(*(side.tolist() for side in self.rulebook.exempt.nonzero()), strict=True))
        pairs = []
        for a, b, worth, pinned in sorted(scored):
            mentor, mentee = market.mentors[a], market.mentees[b]
            parts = components(market, mentor, mentee)
            pairs.append(MatchedPair(mentor.id, mentee.id, worth, pinned, (b, a) in exempt, parts))
        objective = sum(p.score for p in pairs)
        return Solution(
            pairs=tuple(pairs),
            objective=objective,
            bound=objective,
            proven=True,
            unmatched=tuple(self._unmatched({a for a, *_ in scored}, {b for _, b, *_ in scored})),
            mentors=self.m,
            mentees=self.n,
            places=self.places,
            checks=self.rulebook.checks,
            mentor_prices={p.id: int(v) for p, v in zip(market.mentors, mentor_price, strict=True)},
            mentee_prices={p.id: int(v) for p, v in zip(market.mentees, mentee_price, strict=True)},
            rounds=rounds,
        )

    def _unmatched(self, mentors: set[int], mentees: set[int]) -> Iterator[Unmatched]:
        """Those with a place and without a pair, each with the rule that binds."""
        for col, person in enumerate(self.market.mentors):
            if person.capacity and col not in mentors:
                yield Unmatched(person.id, "mentor", self._binding(slice(0, self.n), slice(col, col + 1)))
        for row, person in enumerate(self.market.mentees):
            if person.capacity and row not in mentees:
                yield Unmatched(person.id, "mentee", self._binding(slice(row, row + 1), slice(0, self.m)))

    def _binding(self, rows: slice, cols: slice) -> str:
        """The rule that alone keeps most others away; where none does so alone, the one that keeps most."""
        failing = self.rulebook.failing(rows, cols)
        failing["score_too_low"] = self.scorer.tile(rows, cols) < self.least
        codes, broken = list(failing), np.array([where.ravel() for where in failing.values()])
        count = broken.sum(axis=0)
        if not len(count):
            return "nobody_there"
        if not count.all():
            return "all_taken"
        alone = (broken & (count == 1)).sum(axis=1)
        return codes[int(np.argmax(alone * (len(count) + 1) + broken.sum(axis=1)))]


def _largest(codes: Ints, keep: int) -> Ints:
    """The `keep` largest of each row, in no order."""
    if codes.shape[1] <= keep:
        return codes
    return np.partition(codes, codes.shape[1] - keep, axis=1)[:, -keep:]


def _join(a: _Arcs, b: _Arcs, mentees: int) -> _Arcs:
    mentor, mentee = np.append(a.mentor, b.mentor), np.append(a.mentee, b.mentee)
    order = np.argsort(mentor * mentees + mentee)
    return _Arcs(mentor[order], mentee[order], np.append(a.gain, b.gain)[order])


def _flow(arcs: _Arcs, mentor_left: Ints, mentee_left: Ints) -> Bools:
    """Which arcs the best matching takes: source, mentors, mentees, sink, and a free way past them all."""
    # Here, so that whoever only starts the child does not carry the solver about.
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415

    m, n = len(mentor_left), len(mentee_left)
    source, sink = m + n, m + n + 1
    places = int(min(mentor_left.sum(), mentee_left.sum()))
    none_m, none_n = np.zeros(m, np.int64), np.zeros(n, np.int64)
    mentors, mentees = np.arange(m), m + np.arange(n)
    flow: Any = min_cost_flow.SimpleMinCostFlow()
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        arcs.mentor, m + arcs.mentee, np.ones(len(arcs.gain), np.int64), -arcs.gain
    )
    flow.add_arcs_with_capacity_and_unit_cost(np.full(m, source), mentors, mentor_left, none_m)
    flow.add_arcs_with_capacity_and_unit_cost(mentees, np.full(n, sink), mentee_left, none_n)
    flow.add_arc_with_capacity_and_unit_cost(source, sink, places, 0)
    flow.set_node_supply(source, places)
    flow.set_node_supply(sink, -places)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"min-cost flow ended as {status}")
    return np.asarray(flow.flows(pairs)) > 0


def _prices(arcs: _Arcs, matched: Bools, mentor_left: Ints, mentee_left: Ints) -> tuple[Ints, Ints]:
    """Lowest prices of mentors, highest of mentees, that make the matching the best of these arcs.

    Unmatched arcs: gain <= both prices together; matched: >=; a place left over is free. Corrected until they
    stand still; prices that cannot exist mean that the matching is not optimal, which is an error, loudly.
    """
    mentor_free = np.bincount(arcs.mentor[matched], minlength=len(mentor_left)) < mentor_left
    mentee_free = np.bincount(arcs.mentee[matched], minlength=len(mentee_left)) < mentee_left
    open_mentor, open_mentee, open_gain = arcs.mentor[~matched], arcs.mentee[~matched], arcs.gain[~matched]
    order = np.argsort(arcs.mentee[matched], kind="stable")
    by_mentor, by_mentee = arcs.mentor[matched][order], arcs.mentee[matched][order]
    gain = arcs.gain[matched][order]
    mentors, mentor_at = np.unique(open_mentor, return_index=True)
    mentees, mentee_at = np.unique(by_mentee, return_index=True)
    full = ~mentee_free[mentees]

    mentor_price = np.zeros(len(mentor_left), np.int64)
    mentee_price = np.zeros(len(mentee_left), np.int64)
    while True:
        if len(mentees):
            most = np.minimum.reduceat(gain - mentor_price[by_mentor], mentee_at)
            mentee_price[mentees[full]] = most[full]
            if (most < 0).any():
                raise RuntimeError("the matching is not optimal: a mentee's price fell below zero")
        before = mentor_price.copy()
        if len(mentors):
            asked = np.maximum.reduceat(open_gain - mentee_price[open_mentee], mentor_at)
            mentor_price[mentors] = np.maximum(mentor_price[mentors], asked)
        if (mentor_price == before).all():
            return mentor_price, mentee_price
        if mentor_price[mentor_free].any():
            raise RuntimeError("the matching is not optimal: a mentor with a free place has a price")
