"""Checks a matching and its prices against a market, without looking for either."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vuoro.matching.engine.gains import Gains, Ints, gains_of
from vuoro.matching.engine.grid import Grid
from vuoro.matching.engine.market import Market, validate
from vuoro.matching.engine.rules import Rulebook
from vuoro.matching.engine.score import score, to_integer

Pair = tuple[str, str]


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
    faults = [*_faults(market, pairs, least), *_wrong_prices(market, mentor_prices, mentee_prices)]
    objective = sum(worth for _, _, worth in pairs)
    if faults:
        return Verdict(False, tuple(faults), objective, 0, 0)
    proof = Proof(market, [(mentor, mentee) for mentor, mentee, _ in pairs], mentor_prices, mentee_prices, least)
    if proof.worth != proof.bound:
        faults.append(f"the prices allow a matching worth {proof.bound}, and this one is worth {proof.worth}")
    return Verdict(not faults, tuple(faults), objective, proof.worth, proof.bound)


def _faults(market: Market, pairs: Sequence[tuple[str, str, int]], least: int | None) -> list[str]:
    known = [(a, b) for a, b, _ in pairs if a in market.mentor_index and b in market.mentee_index]
    rows = np.array([market.mentee_index[b] for _, b in known], np.int64)
    cols = np.array([market.mentor_index[a] for a, _ in known], np.int64)
    against = dict(zip(known, Rulebook(market).broken(rows, cols), strict=True))
    lowest = to_integer(market.rules.min_score) if least is None else least
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
        if real < lowest and (mentor, mentee) not in pinned:
            faults.append(f"{name}: the score {real} is below {lowest}")
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


class Proof:
    """A matching that keeps the rules, in its grid, with prices: what it is worth, and what the prices allow."""

    def __init__(
        self,
        market: Market,
        pairs: Sequence[Pair],
        mentor_prices: Mapping[str, int],
        mentee_prices: Mapping[str, int],
        least: int | None = None,
    ) -> None:
        pins = {(market.mentor_index[a], market.mentee_index[b]) for a, b in market.pinned}
        places = [(market.mentor_index[a], market.mentee_index[b]) for a, b in pairs]
        mentor_left = np.array([p.capacity for p in market.mentors], np.int64)
        mentee_left = np.array([p.capacity for p in market.mentees], np.int64)
        most = int(min(mentor_left.sum(), mentee_left.sum()))
        for mentor, mentee in pins:
            mentor_left[mentor] -= 1
            mentee_left[mentee] -= 1
        self.market = market
        self.grid = Grid(market, Rulebook(market), mentee_left, mentor_left, sorted(pins))
        if least is not None:
            self.grid.least = least
        self.n = self.grid.shape[0]
        self.mentor_left, self.mentee_left = mentor_left[self.grid.mentors], mentee_left[self.grid.mentees]
        price = [mentor_prices.get(market.mentors[i].id, 0) for i in self.grid.mentors.tolist()]
        self.mentor_price = np.array(price, np.int64)
        price = [mentee_prices.get(market.mentees[i].id, 0) for i in self.grid.mentees.tolist()]
        self.mentee_price = np.array(price, np.int64)
        #: Places in the grid, by the place in the market's lists.
        self.col_at = {place: col for col, place in enumerate(self.grid.mentors.tolist())}
        self.row_at = {place: row for row, place in enumerate(self.grid.mentees.tolist())}
        stay = [(market.mentor_index.get(a, -1), market.mentee_index.get(b, -1)) for a, b in market.stay]
        self.gains: Gains = gains_of(market, np.sort(self._keys(stay)), most)
        self.keys = np.sort(self._keys([pair for pair in places if pair not in pins]))
        self.worth = int(self.of(self.keys).sum())
        prices = int(self.mentor_left @ self.mentor_price + self.mentee_left @ self.mentee_price)
        self.bound = prices + self._over()

    def _keys(self, pairs: Sequence[tuple[int, int]]) -> Ints:
        known = {(self.col_at[a], self.row_at[b]) for a, b in pairs if a in self.col_at and b in self.row_at}
        return np.array([col * self.n + row for col, row in known], np.int64)

    def of(self, keys: Ints) -> Ints:
        """The gains of pairs, keys as in `Gains`."""
        col, row = np.divmod(keys, max(1, self.n))
        return self.gains.of(keys, self.grid.at(row, col))

    def _over(self) -> int:
        """What all eligible pairs are worth above their prices."""
        found = [np.union1d(self.keys, self.gains.stay)]
        minus = (self.mentor_price - self.gains.bonus).astype(np.float64)
        for low, left, tile in self.grid.tiles(minus if self.gains.table is None else None):
            worth = tile
            if self.gains.table is not None:
                worth = self.gains.table[np.maximum(tile, 0).astype(np.int64)] - minus[left : left + tile.shape[1]]
            over = np.flatnonzero(worth >= self.mentee_price[low : low + len(tile), None] + 0.5)
            row, col = np.divmod(over, tile.shape[1])
            found.append((left + col) * self.n + low + row)
        keys = np.unique(np.concatenate(found))
        col, row = np.divmod(keys, max(1, self.n))
        scores = self.grid.at(row, col)
        good = scores >= self.grid.least
        over = self.gains.of(keys[good], scores[good]) - self.mentor_price[col[good]] - self.mentee_price[row[good]]
        return int(np.maximum(over, 0).sum())
