"""A market made ready to be worked on: pins taken off the places, rules and scores in a grid, the goal as gains.

A pair's key is column * rows + row of the grid.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from vuoro.matching.engine.arrays import Ints, distinct
from vuoro.matching.engine.gains import Gains, gains_of
from vuoro.matching.engine.grid import ROUGH, Grid, Tile
from vuoro.matching.engine.market import Market
from vuoro.matching.engine.rules import Rulebook

Pair = tuple[str, str]  # (mentor id, mentee id)


class Problem:
    """Rows and columns are those of the grid, places those of the market's lists."""

    def __init__(self, market: Market, book: Rulebook) -> None:
        self.market, self.book = market, book
        #: (mentor, mentee) by place.
        self.pins = sorted((market.mentor_index[a], market.mentee_index[b]) for a, b in market.pinned)
        mentor_left = np.array([p.capacity for p in market.mentors], np.int64)
        mentee_left = np.array([p.capacity for p in market.mentees], np.int64)
        #: How many pairs the places of both sides allow, pinned ones too.
        self.places = int(min(mentor_left.sum(), mentee_left.sum()))
        for mentor, mentee in self.pins:
            mentor_left[mentor] -= 1
            mentee_left[mentee] -= 1
        self.grid = Grid(market, book, mentee_left, mentor_left, self.pins)
        self.n, self.m = self.grid.shape
        self.mentor_left, self.mentee_left = mentor_left[self.grid.mentors], mentee_left[self.grid.mentees]
        #: Columns and rows by id.
        self.col_of = {market.mentors[place].id: col for col, place in enumerate(self.grid.mentors.tolist())}
        self.row_of = {market.mentees[place].id: row for row, place in enumerate(self.grid.mentees.tolist())}
        self.gains = gains_of(market, self.keys(market.stay), self.places)

    def keys(self, pairs: Iterable[Pair]) -> Ints:
        """The sorted keys of those pairs that may be had at all; not of the pinned ones."""
        pinned = set(self.market.pinned)
        keys = {
            self.col_of[a] * self.n + self.row_of[b]
            for a, b in pairs
            if a in self.col_of and b in self.row_of and (a, b) not in pinned
        }
        return np.array(sorted(keys), np.int64)

    def cells(self, keys: Ints) -> tuple[Ints, Ints]:
        """(rows, columns)."""
        cols, rows = np.divmod(keys, max(1, self.n))
        return rows, cols

    def scores(self, keys: Ints) -> Ints:
        """In millionths, below zero against a rule."""
        return self.grid.at(*self.cells(keys))

    def by_column(self, prices: Mapping[str, int]) -> Ints:
        """Prices of mentors, 0 for those not named."""
        return np.array([prices.get(id, 0) for id in self.col_of], np.int64)

    def by_row(self, prices: Mapping[str, int]) -> Ints:
        """Prices of mentees, 0 for those not named."""
        return np.array([prices.get(id, 0) for id in self.row_of], np.int64)

    def above(self, gains: Gains, mentor_price: Ints, mentee_price: Ints, more: int, *, rough: bool = False) -> Ints:
        """Sorted keys of the pairs whose gain is at least so much more than both prices.

        Without what those get more who stay; some may score too low, and some be a few millionths below.
        """
        minus = (mentor_price - gains.bonus).astype(np.float64)
        # The sums of a large bonus, and the worths of a table, are not for rough tiles.
        rough = rough and gains.table is None and not gains.bonus
        asked = mentee_price + (more - 0.5)  # beside a large bonus floats lose a hair
        if rough:
            asked = (asked - ROUGH).astype(np.float32)

        def above(found: Tile) -> Ints:
            low, left, worth = found
            width = worth.shape[1]
            if gains.table is not None:
                low_score = worth < self.grid.least
                worth = gains.table[np.maximum(worth, 0).astype(np.int64)] - minus[left : left + width]
                worth[low_score] = -np.inf
            row, col = np.divmod(np.flatnonzero(worth >= asked[low : low + len(worth), None]), width)
            return (left + col) * self.n + low + row

        found = self.grid.sweep(above, minus if gains.table is None else None, rough=rough)
        return distinct(np.concatenate([np.zeros(0, np.int64), *found]))
