"""The best matching of a market, proven.

A sparse market of good candidates is solved as a minimum-cost flow; dual prices recovered from the matching
then price out every pair of the whole market. Pairs worth more than their prices join and the flow runs
again; when none is left, no matching can be better: what is matched equals what the prices bound.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vuoro.matching.engine.arrays import Bools, Ints, distinct, lacking
from vuoro.matching.engine.candidates import candidates
from vuoro.matching.engine.flow import Arcs, flow, prices
from vuoro.matching.engine.gains import Gains
from vuoro.matching.engine.grid import ROUGH, Tile, without_rules
from vuoro.matching.engine.market import SCALE, Market, MarketError, Participant, Side, validate
from vuoro.matching.engine.problem import Problem
from vuoro.matching.engine.rules import Rulebook, first_broken
from vuoro.matching.engine.score import components, score, total
from vuoro.matching.engine.solution import Best, MatchedPair, Progress, Solution, Unmatched

# Pairs that come so near to their prices join as well: they are the next to be worth more. Others leave.
_NEAR = 60_000
_MOST_A_MENTEE = 48
_AT_ONCE = 32
# From so many hard to match on, one look at all pairs is the quicker way to say who fits somebody.
_MANY = 5_000
_FLOOR_STEP = 1_000  # millionths to which a floor is searched


def solve(
    market: Market,
    on_progress: Callable[[Progress], None] = lambda _: None,
    on_best: Callable[[Best], None] = lambda _: None,
) -> Solution:
    """Raises MarketError for a market that is wrong, or pins a pair against a rule."""
    validate(market)
    on_progress(Progress("reading", 0, 0, None, None, 0.0))
    return _Run(market, on_progress, on_best).solve()


def rebuild(market: Market, best: Best) -> Solution:
    """The solution that a search had found when it was stopped, with the gap that it had proven."""
    run = _Run(market, lambda _: None, lambda _: None)
    mentor, mentee = market.mentor_index, market.mentee_index
    pins = set(run.problem.pins)
    pairs = [(mentor[a], mentee[b]) for a, b in best.pairs]
    return run.solution([pair for pair in pairs if pair not in pins], best.gap, best.round)


@dataclass(frozen=True, slots=True)
class _Found:
    """A matching of the arcs in play, its prices, and what share of the bound it may lack."""

    arcs: Arcs
    matched: Bools
    mentor_price: Ints
    mentee_price: Ints
    gap: float
    rounds: int

    @property
    def row(self) -> Ints:
        """The grid's row of each matched pair."""
        return self.arcs.mentee[self.matched]

    @property
    def col(self) -> Ints:
        """The grid's column of each matched pair."""
        return self.arcs.mentor[self.matched]


class _Run:
    """One search. Rows and columns are those of the grid, places those of the market's lists."""

    def __init__(
        self, market: Market, on_progress: Callable[[Progress], None], on_best: Callable[[Best], None]
    ) -> None:
        self.market, self.on_progress, self.on_best = market, on_progress, on_best
        self.seconds: dict[str, float] = {}
        with self._clock("preparing"):
            self.book = Rulebook(market)
            self._check_pins()
            self.problem = Problem(market, self.book)
        self.grid, self.n, self.m = self.problem.grid, self.problem.n, self.problem.m
        self.pin_scores = [score(market, market.mentors[a], market.mentees[b]) for a, b in self.problem.pins]

    @contextmanager
    def _clock(self, phase: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds[phase] = self.seconds.get(phase, 0.0) + time.perf_counter() - began

    def _check_pins(self) -> None:
        for number, (a, b) in enumerate(self.market.pinned):
            if rule := first_broken(self.book, self.market.mentee_index[b], self.market.mentor_index[a]):
                raise MarketError(f"pinned[{number}]", "pinned_against_rule", rule=rule, mentor=a, mentee=b)

    def solve(self) -> Solution:
        """Search, and put into words."""
        if self.market.floor:
            self._raise_floor()
        found = self._search(self.problem.gains)
        with self._clock("explaining"):
            solution = self.solution(self._places(found), found.gap, found.rounds, found)
        self._tell("done", found, 1.0)
        return solution

    def _raise_floor(self) -> None:
        """The highest least score with which as many pairs can be made as without."""
        every = Gains(0, np.ones(SCALE + 1, np.int64), np.zeros(0, np.int64), 0)
        most = len(self._search(every, "floor").row)
        low, high = self.grid.least, SCALE + 1
        while high - low > _FLOOR_STEP:
            self.grid.least = (low + high) // 2
            if len(self._search(every, "floor").row) < most:
                high = self.grid.least
            else:
                low = self.grid.least
        self.grid.least = low

    def _search(self, gains: Gains, phase: str = "proving") -> _Found:
        """The best matching by these gains."""
        if not (self.n and self.m):
            none, free = np.zeros(0, np.int64), (np.zeros(self.m, np.int64), np.zeros(self.n, np.int64))
            return _Found(Arcs(none, none, none), none > 0, *free, 0.0, 0)
        with self._clock("candidates"):
            self._tell("scoring", None, 0.1)
            arcs = self._arcs(distinct(np.append(candidates(self.grid), gains.stay)), gains)
        rounds = 0
        while True:
            rounds += 1
            with self._clock("solving"):
                matched = flow(arcs, self.problem.mentor_left, self.problem.mentee_left)
            with self._clock("prices"):
                mentor_price, mentee_price = prices(arcs, matched, self.problem.mentor_left, self.problem.mentee_left)
            with self._clock("proving"):
                further, above = self._price_out(arcs, gains, mentor_price, mentee_price)
            worth = int(arcs.gain[matched].sum())
            gap = above / max(1, worth + above)
            found = _Found(arcs, matched, mentor_price, mentee_price, gap, rounds)
            if phase != "floor":
                pairs = [(self.market.mentors[a].id, self.market.mentees[b].id) for a, b in self._places(found)]
                self.on_best(Best((*self.market.pinned, *pairs), gap, rounds))
            self._tell(phase, found, 1 - 0.5 * 0.6**rounds)
            if not above:
                return found
            with self._clock("candidates"):
                if rounds == 1:  # and only then, so that it comes to an end
                    arcs = arcs.where(arcs.gain - mentor_price[arcs.mentor] - mentee_price[arcs.mentee] > -_NEAR)
                arcs = _join(arcs, further)

    def _places(self, found: _Found) -> list[tuple[int, int]]:
        """(mentor, mentee) of a matching as places in the market's lists."""
        return list(zip(self.grid.mentors[found.col].tolist(), self.grid.mentees[found.row].tolist(), strict=True))

    def _tell(self, phase: str, found: _Found | None, fraction: float) -> None:
        pairs, bound, gap = len(self.problem.pins), None, None
        if found is not None:
            pairs, gap = pairs + len(found.row), found.gap
            scores = int(self.grid.at(found.row, found.col).sum()) + sum(self.pin_scores)
            bound = _bound(scores, gap)
        self.on_progress(Progress(phase, found.rounds if found else 0, pairs, bound, gap, fraction))

    def _arcs(self, keys: Ints, gains: Gains) -> Arcs:
        """Those pairs that are eligible."""
        mentee, mentor = self.problem.cells(keys)
        scores = self.problem.scores(keys)
        good = scores >= self.grid.least
        return Arcs(mentor[good], mentee[good], gains.of(keys[good], scores[good]))

    def _price_out(self, arcs: Arcs, gains: Gains, mentor_price: Ints, mentee_price: Ints) -> tuple[Arcs, int]:
        """Pairs not in play that are worth more than their prices, or nearly so; and how far the bound is above.

        The best of each mentee only: of the others the next round knows more.
        """
        near = self.problem.above(gains, mentor_price, mentee_price, -_NEAR, rough=True)
        new = lacking(near, arcs.mentor * self.n + arcs.mentee)
        found = self._arcs(new, gains)
        over = found.gain - mentor_price[found.mentor] - mentee_price[found.mentee]
        order = np.lexsort((found.mentor, -over, found.mentee))
        mentee, over = found.mentee[order], over[order]
        rank = np.arange(len(order)) - np.searchsorted(mentee, mentee)
        above = int(np.maximum(over, 0)[rank < self.problem.mentee_left[mentee]].sum())
        kept = order[(rank < _MOST_A_MENTEE) & (over > -_NEAR)]
        return found.where(kept), above

    def solution(self, pairs: list[tuple[int, int]], gap: float, rounds: int, found: _Found | None = None) -> Solution:
        """What was found, with reasons; without prices when it is not proven."""
        market = self.market
        exempt = set(zip(*(side.tolist() for side in self.book.exempt.nonzero()), strict=True))
        matched = []
        pins, everything = set(self.problem.pins), sorted([*pairs, *self.problem.pins])
        for a, b in everything:
            mentor, mentee = market.mentors[a], market.mentees[b]
            parts = components(market, mentor, mentee)
            matched.append(MatchedPair(mentor.id, mentee.id, total(parts), (a, b) in pins, (b, a) in exempt, parts))
        objective = sum(pair.score for pair in matched)
        mentor_price, mentee_price = np.zeros(len(market.mentors), np.int64), np.zeros(len(market.mentees), np.int64)
        wanted: tuple[Ints, Ints] = np.zeros(0, np.int64), np.zeros(0, np.int64)
        if found is not None:
            mentor_price[self.grid.mentors], mentee_price[self.grid.mentees] = found.mentor_price, found.mentee_price
            wanted = self.grid.mentors[found.arcs.mentor], self.grid.mentees[found.arcs.mentee]
        return Solution(
            pairs=tuple(matched),
            objective=objective,
            bound=_bound(objective, gap),
            gap=gap,
            proven=gap == 0,
            unmatched=tuple(self._unmatched(everything, wanted)),
            mentors=len(market.mentors),
            mentees=len(market.mentees),
            places=self.problem.places,
            checks=self.book.checks,
            mentor_prices={p.id: int(v) for p, v in zip(market.mentors, mentor_price, strict=True)},
            mentee_prices={p.id: int(v) for p, v in zip(market.mentees, mentee_price, strict=True)},
            rounds=rounds,
            bonus=self.problem.gains.bonus,
            least=self.grid.least,
            seconds=self.seconds,
        )

    def _unmatched(self, pairs: list[tuple[int, int]], wanted: tuple[Ints, Ints]) -> Iterator[Unmatched]:
        """Those with a place and without a pair, each with the rule that binds; the `wanted` are in eligible pairs."""
        people: tuple[tuple[Side, list[Participant]], ...] = (
            ("mentor", self.market.mentors), ("mentee", self.market.mentees),
        )  # fmt: skip
        for at, (side, everyone) in enumerate(people):
            paired, fits = {pair[at] for pair in pairs}, set(wanted[at].tolist())
            alone = [place for place, person in enumerate(everyone) if person.capacity and place not in paired]
            if sum(place not in fits for place in alone) > _MANY:
                fits |= set(self._fitting[at].tolist())
            binding = dict.fromkeys(alone, "all_taken")
            hard = [place for place in alone if place not in fits]
            for low in range(0, len(hard), _AT_ONCE):
                some = hard[low : low + _AT_ONCE]
                binding |= zip(some, self._binding(side, np.array(some)), strict=True)
            yield from (Unmatched(everyone[place].id, side, rule) for place, rule in binding.items())

    @cached_property
    def _fitting(self) -> tuple[Ints, Ints]:
        """Mentors and mentees who are in some eligible pair; a few with just the least score may be missing."""
        m, least = self.m, self.grid.least + ROUGH

        def fitting(found: Tile) -> Ints:
            low, left, tile = found
            good = tile >= least
            return np.append(left + np.flatnonzero(good.any(axis=0)), m + low + np.flatnonzero(good.any(axis=1)))

        both = distinct(np.concatenate([np.zeros(0, np.int64), *self.grid.sweep(fitting, rough=True)]))
        return self.grid.mentors[both[both < m]], self.grid.mentees[both[both >= m] - m]

    def _binding(self, side: Side, places: Ints) -> list[str]:
        """The rule that alone keeps most others away; where none does so alone, the one that keeps most."""
        others = self.book.shape[side == "mentee"]
        if not others:
            return ["nobody_there"] * len(places)
        mine = side == "mentee"
        failing = self.book.failing(places, slice(None)) if mine else self.book.failing(slice(None), places)
        codes = [*failing, "score_too_low"]
        broken = [where if mine else where.T for where in failing.values()]
        # Beside a rule that keeps everybody away none does so alone.
        whole = np.array([where.all(axis=1) for where in broken])
        most = np.argmax(whole, axis=0)
        rest = np.flatnonzero(~whole.any(axis=0))
        if len(rest):
            broken = [*(where[rest] for where in broken), self._too_low(side, places[rest])]
            count = np.sum(broken, axis=0)
            alone = np.array([(where & (count == 1)).sum(axis=1) for where in broken])
            most[rest] = np.argmax(alone * (others + 1) + [where.sum(axis=1) for where in broken], axis=0)
            most[rest[~count.all(axis=1)]] = len(codes)
        return [[*codes, "all_taken"][rule] for rule in most.tolist()]

    def _too_low(self, side: Side, places: Ints) -> Bools:
        """[person, other]: where the score alone is too low, whatever else breaks; nowhere for people in no pair."""
        mine, others = (self.grid.mentees, self.grid.mentors)[:: 1 if side == "mentee" else -1]
        low = np.zeros((len(places), self.book.shape[side == "mentee"]), np.bool_)
        here = np.flatnonzero(np.isin(places, mine))
        at = np.searchsorted(mine, places[here])
        scores = self.grid.of_rows(at) if side == "mentee" else self.grid.of_columns(at).T
        low[np.ix_(here, others)] = without_rules(scores) < self.grid.least
        return low


def _bound(objective: int, gap: float) -> int:
    return objective if not gap else math.ceil(objective / (1 - gap))


def _join(a: Arcs, b: Arcs) -> Arcs:
    mentor, mentee = np.append(a.mentor, b.mentor), np.append(a.mentee, b.mentee)
    order = np.lexsort((mentee, mentor))
    return Arcs(mentor[order], mentee[order], np.append(a.gain, b.gain)[order])
