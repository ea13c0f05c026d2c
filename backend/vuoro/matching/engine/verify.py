"""Checks a matching and its prices against a market, without looking for either."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vuoro.matching.engine.arrays import Ints, distinct
from vuoro.matching.engine.market import Market, validate
from vuoro.matching.engine.problem import Pair, Problem
from vuoro.matching.engine.rules import Rulebook
from vuoro.matching.engine.score import score, to_integer

#: By person: the mentors' and the mentees'.
Prices = tuple[Mapping[str, int], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`worth` of the matching as the goal counts it; `bound`: the prices prove that none is worth more."""

    accepted: bool
    faults: tuple[str, ...]
    objective: int
    worth: int
    bound: int


def verify(
    market: Market,
    pairs: Sequence[tuple[str, str, int]],
    mentor_prices: Mapping[str, int],
    mentee_prices: Mapping[str, int],
    least: int | None = None,
) -> Verdict:
    """Whether (mentor, mentee, score) keep every rule, and whether the prices prove that no others are better.

    Args:
        least: the lowest score allowed, where a floor was raised above the rule's.

    Raises:
        MarketError: the market itself is wrong.
    """
    validate(market)
    book = Rulebook(market)
    least = max(least or 0, to_integer(market.rules.min_score))
    faults = [*_faults(market, book, pairs, least), *_wrong_prices(market, mentor_prices, mentee_prices)]
    objective = sum(worth for _, _, worth in pairs)
    if faults:
        return Verdict(False, tuple(faults), objective, 0, 0)
    named = [(mentor, mentee) for mentor, mentee, _ in pairs]
    proof = Proof(market, book, named, (mentor_prices, mentee_prices), least)
    if proof.worth != proof.bound:
        faults.append(f"the prices allow a matching worth {proof.bound}, and this one is worth {proof.worth}")
    return Verdict(not faults, tuple(faults), objective, proof.worth, proof.bound)


def _faults(market: Market, book: Rulebook, pairs: Sequence[tuple[str, str, int]], least: int) -> list[str]:
    known = [(a, b) for a, b, _ in pairs if a in market.mentor_index and b in market.mentee_index]
    rows = np.array([market.mentee_index[b] for _, b in known], np.int64)
    cols = np.array([market.mentor_index[a] for a, _ in known], np.int64)
    against = dict(zip(known, book.broken(rows, cols), strict=True))
    pinned = set(market.pinned)
    faults: list[str] = []
    seen: set[Pair] = set()
    for mentor, mentee, worth in pairs:
        name = f"{mentor} and {mentee}"
        if (mentor, mentee) not in against:
            faults.append(f"{name}: not both take part on their side")
            continue
        if (mentor, mentee) in seen:
            faults.append(f"{name}: named twice")
        seen.add((mentor, mentee))
        col, row = market.mentor_index[mentor], market.mentee_index[mentee]
        if rule := against[mentor, mentee]:
            faults.append(f"{name}: against the rule {rule}")
        real = score(market, market.mentors[col], market.mentees[row])
        if worth != real:
            faults.append(f"{name}: the score is {real}, not {worth}")
        if real < least and (mentor, mentee) not in pinned:
            faults.append(f"{name}: the score {real} is below {least}")
    faults += [f"{a} and {b}: pinned and not paired" for a, b in market.pinned if (a, b) not in seen]
    for people, at in ((market.mentors, 0), (market.mentees, 1)):
        load = Counter(pair[at] for pair in seen)
        over = [p for p in people if load[p.id] > p.capacity]
        faults += [f"{p.id}: {load[p.id]} pairs and {p.capacity} places" for p in over]
    return faults


def _wrong_prices(market: Market, mentors: Mapping[str, int], mentees: Mapping[str, int]) -> list[str]:
    faults = []
    for prices, known in ((mentors, market.mentor_index), (mentees, market.mentee_index)):
        faults += [f"{id}: a price and no such person" for id in prices if id not in known]
        faults += [
            f"{id}: {price!r} is no price" for id, price in prices.items() if type(price) is not int or price < 0
        ]
    return faults


class Proof(Problem):
    """A matching that keeps the rules, with prices: what it is worth, and what the prices allow."""

    def __init__(
        self, market: Market, book: Rulebook, pairs: Sequence[Pair], prices: Prices, least: int | None = None
    ) -> None:
        super().__init__(market, book)
        if least is not None:
            self.grid.least = least
        self.mentor_price, self.mentee_price = self.by_column(prices[0]), self.by_row(prices[1])
        #: The pairs that are not pinned.
        self.matched = self.keys(pairs)
        self.worth = int(self.gains.of(self.matched, self.scores(self.matched)).sum())
        places = int(self.mentor_left @ self.mentor_price + self.mentee_left @ self.mentee_price)
        self.bound = places + self._over()

    def _over(self) -> int:
        """What all eligible pairs are worth above their prices."""
        above = self.above(self.gains, self.mentor_price, self.mentee_price, 1)
        keys = distinct(np.concatenate([self.matched, self.gains.stay, above]))
        scores = self.scores(keys)
        keys, scores = keys[scores >= self.grid.least], scores[scores >= self.grid.least]
        return int(np.maximum(self.gains.of(keys, scores) - self.prices(keys), 0).sum())

    def prices(self, keys: Ints) -> Ints:
        """Of both sides of these pairs together."""
        rows, cols = self.cells(keys)
        return self.mentor_price[cols] + self.mentee_price[rows]
