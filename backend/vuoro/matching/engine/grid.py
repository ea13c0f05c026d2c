"""Scores of every pair of a market, tile by tile, with the hard rules folded in.

A score is a product of sparse features of the mentee and features of the mentor; a rule is one that lies so low
that no score makes up for it. What only few mentors share is kept as single cells, so that rare skills, small teams
and reporting lines cost no feature. `score` and `rules` say the same pair by pair; tests hold them to each other.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from vuoro.matching.engine.arrays import Floats, Ints, members, numbered, ranked, side_by_side
from vuoro.matching.engine.market import SCALE, Market, Participant
from vuoro.matching.engine.rules import Rulebook
from vuoro.matching.engine.score import (
    HALF,
    department_value,
    seniority_value,
    to_integer,
    utc_offset,
    zone_value,
)

#: A tile, and its first row and first column.
Tile = tuple[int, int, NDArray[Any]]
Of = Callable[[Participant], Hashable]
#: For each mentee the number of a line, and the lines: what each mentor is worth to such a mentee.
Table = tuple[Ints, list[Floats]]

#: What a broken rule takes off.
OUT = -1e12
# A tile and the features of its mentors stay in the processor's caches.
ROWS, COLS = 64, 1024
#: How far a rough tile may be off, in millionths: a few dozen sums of 24 bits.
ROUGH = 8.0
# Tables are joined into one as long as no more combinations of their lines occur.
_JOINED = 96
# A feature is a line of all mentors where that takes less than its cells would, and not nearly all of it is empty.
_CELLS_A_LINE, _SPARSEST = 4, 256
_GOLDEN_ANGLE = 2.399963229728653  # of two neighbours one lies far from the other


class Grid:
    """The pairs of all people who have a place left and break no rule by themselves; [mentee, mentor]."""

    def __init__(
        self,
        market: Market,
        book: Rulebook,
        mentee_left: Ints,
        mentor_left: Ints,
        apart: Sequence[tuple[int, int]] = (),
    ) -> None:
        """`apart` are further pairs (mentor, mentee) of places in the market's lists that are not to be had."""
        #: The places of the rows in `market.mentees` and of the columns in `market.mentors`.
        self.mentees: Ints = np.flatnonzero((mentee_left > 0) & ~book.out_mentee)
        self.mentors: Ints = np.flatnonzero((mentor_left > 0) & ~book.out_mentor)
        self.least = to_integer(market.rules.min_score)
        self._mentees = [market.mentees[i] for i in self.mentees.tolist()]
        self._mentors = [market.mentors[i] for i in self.mentors.tolist()]
        self.shape = len(self._mentees), len(self._mentors)
        self._new_lines: list[Floats] = []
        self._features: list[tuple[Ints, Ints, Floats]] = []  # (rows, numbers of lines, factors)
        self._cells: list[tuple[Ints, Ints, Floats]] = []
        # Rows are turned further: the same distance to the left and to the right is not the same.
        by_row, by_col = _GOLDEN_ANGLE * np.arange(self.shape[0]) + 1, _GOLDEN_ANGLE * np.arange(self.shape[1])
        self._row_waves = np.array([np.cos(by_row), np.sin(by_row)]).T
        self._col_waves = np.array([np.cos(by_col), np.sin(by_col)])
        self._fold_scores(market)
        self._fold_rules(market, book, apart)
        self._pack()

    def tiles(self, minus: Floats | None = None, spread: float = 0.0, *, rough: bool = False) -> Iterator[Tile]:
        """Scores in millionths plus one half, far below zero against a rule.

        Args:
            minus: by column, taken off every score.
            spread: up to so much is added or taken off, another part of it for each pair: equals differ.
            rough: three times as fast, and off by up to `ROUGH` where no sum goes beyond four million.
        """
        for low in range(0, self.shape[1], COLS):
            yield from self._tiles_of(low, minus, spread, rough)

    def sweep(
        self,
        keys_of: Callable[[Tile], Ints],
        minus: Floats | None = None,
        spread: float = 0.0,
        *,
        rough: bool = False,
    ) -> list[Ints]:
        """What is found in each of the `tiles`, by columns."""

        def found(low: int) -> Ints:
            return np.concatenate([keys_of(tile) for tile in self._tiles_of(low, minus, spread, rough)])

        return side_by_side(found, range(0, self.shape[1], COLS) if self.shape[0] else ())

    def _tiles_of(self, low: int, minus: Floats | None, spread: float, rough: bool) -> Iterator[Tile]:
        """Those that begin at this column."""
        here = slice(low, min(low + COLS, self.shape[1]))
        block, waves = self._block(here), spread * self._col_waves[:, here]
        if minus is not None:
            block[self._always] -= minus[here]
        if rough:
            block, waves = block.astype(np.float32), waves.astype(np.float32)
        number = low // COLS * len(self._rows)
        for r, rows in enumerate(self._rough_rows if rough else self._rows):
            tile = np.asarray(rows @ block)
            first, last = self._cell_at[number + r : number + r + 2]
            if last > first:
                tile[self._cell_row[first:last], self._cell_col[first:last]] += self._cell_value[first:last]
            if spread:
                tile += self._row_waves[r * ROWS : r * ROWS + len(tile)].astype(tile.dtype) @ waves
            yield r * ROWS, low, tile

    def reached_by_row(self, cols: Ints, rank: int, spread: float) -> Floats:
        """By row, the score that so many of these columns reach; roughly, and without what is kept cell by cell."""
        lines = self._lines[:, cols].astype(np.float32)
        waves = (spread * self._col_waves[:, cols]).astype(np.float32)

        def reached(k: int) -> Floats:
            scores = self._rough_rows[k] @ lines
            scores += self._row_waves[k * ROWS : k * ROWS + len(scores)].astype(np.float32) @ waves
            return ranked(scores, rank)

        return np.concatenate(side_by_side(reached, range(len(self._rough_rows))))

    def reached_by_column(self, rows: Ints, rank: int, spread: float) -> Floats:
        """By column, the score that so many of these rows reach."""
        features = self._matrix[rows].astype(np.float32)
        waves = spread * self._row_waves[rows]

        def reached(cols: slice) -> Floats:
            scores = features @ self._lines[:, cols].astype(np.float32)
            scores += (waves @ self._col_waves[:, cols]).astype(np.float32)
            return ranked(scores.T, rank)

        return np.concatenate(side_by_side(reached, self._columns()))

    def at(self, rows: Ints, cols: Ints) -> Ints:
        """The scores of these pairs in millionths, below zero against a rule."""
        raw = np.zeros(len(rows))
        for side in self._columns():
            here = np.flatnonzero(cols // COLS == side.start // COLS)
            if not len(here):
                continue
            block = self._block(side)
            features = self._matrix[rows[here]]
            pair = np.repeat(np.arange(len(here)), np.diff(features.indptr))
            worth = features.data * block[features.indices, (cols[here] % COLS)[pair]]
            raw[here] = np.bincount(pair, worth, len(here))
        if len(rows):
            raw += self._singles[rows, cols]
        return np.floor(raw).astype(np.int64)

    def of_rows(self, rows: Ints) -> Floats:
        """The scores of a few rows, as `tiles` gives them."""
        features, cells = self._matrix[rows], self._singles[rows].toarray()
        for cols in self._columns():
            cells[:, cols] += features @ self._block(cols)
        return cells

    def of_columns(self, cols: Ints) -> Floats:
        """The scores of a few columns, as `tiles` gives them."""
        cells: Floats = self._singles[:, cols].toarray()
        cells += self._matrix @ self._lines[:, cols]
        return cells

    def scores(self) -> NDArray[np.int32]:
        """All of a small market at once, -1 where a pair is not eligible."""
        whole = np.full(self.shape, -1, np.int32)
        for row, col, tile in self.tiles():
            tile[tile < self.least] = -1
            whole[row : row + tile.shape[0], col : col + tile.shape[1]] = np.floor(tile)
        return whole

    def _columns(self) -> Iterator[slice]:
        """The columns that stand side by side in a tile."""
        return (slice(low, min(low + COLS, self.shape[1])) for low in range(0, self.shape[1], COLS))

    def _block(self, cols: slice) -> Floats:
        """[line, mentor], anew each time."""
        return self._lines[:, cols].copy()

    def _pack(self) -> None:
        """Features by row and by tile, cells by tile."""
        n, m = self.shape
        row, line, factor = (np.concatenate(part) for part in zip(*self._features, strict=True))
        #: [line, mentor]
        self._lines = np.empty((len(self._new_lines), m))
        while self._new_lines:  # one after the other, so that not all stand there twice
            number = len(self._new_lines) - 1
            self._lines[number] = self._new_lines.pop()
        self._matrix: csr_array[Any, Any] = csr_array((factor, (row, line)), shape=(n, len(self._lines)))
        self._rows = [self._matrix[low : low + ROWS] for low in range(0, n, ROWS)]
        self._rough_rows = [rows.astype(np.float32) for rows in self._rows]
        row, col, value = (np.concatenate(part) for part in zip(*self._cells, strict=True))
        self._singles: csr_array[Any, Any] = csr_array((value, (row, col)), shape=self.shape)
        singles = self._singles.tocoo()
        row, col = singles.coords
        tile = (col // COLS) * len(self._rows) + row // ROWS
        order = np.argsort(tile, kind="stable")
        tile, self._cell_row, self._cell_col = tile[order], row[order] % ROWS, col[order] % COLS
        self._cell_value = singles.data[order]
        self._cell_at = np.searchsorted(tile, np.arange(len(self._rows) * (m // COLS + 1) + 1))
        del self._features, self._cells

    # --- scores

    def _fold_scores(self, market: Market) -> None:
        weights = asdict(market.weights)
        total = sum(weights.values())
        unit = {name: SCALE * weight / total for name, weight in weights.items()}
        self._skills(unit["skills"])
        self._topics(unit["topics"])
        gap, on = market.rules.min_seniority_gap, market.starts_on

        def level(mine: int | None, other: int | None) -> float:
            if mine is None or other is None:
                return OUT
            return float(unit["seniority"] * seniority_value(mine - other)) + (OUT if mine - other < gap else 0.0)

        def hours(person: Participant) -> float | None:
            return utc_offset(person.time_zone, on) if person.time_zone else None

        tables = [
            self._table(lambda p: p.job_level, level),
            self._languages(unit["language"]),
            self._shared_languages(market.rules.min_language_level),
        ]
        if unit["time_zone"]:
            tables.append(self._table(hours, lambda a, b: float(unit["time_zone"] * zone_value(a, b))))
        if unit["other_site"]:
            tables.append(self._other(lambda p: p.site or None, unit["other_site"]))
        if unit["department"]:
            tables.append(self._departments(unit["department"]))
        self._join(tables)
        self._preferences(unit["preference"])

    def _skills(self, unit: float) -> None:
        offered: dict[str, list[tuple[int, int]]] = {}
        for col, mentor in enumerate(self._mentors):
            for slug, level in mentor.skills_offered.items():
                offered.setdefault(slug, []).append((col, level))
        sought: dict[tuple[str, int], list[tuple[int, float]]] = {}
        for row, mentee in enumerate(self._mentees):
            wanted = sum(share for _, share in mentee.skills_sought.values())
            for slug, (level, share) in mentee.skills_sought.items():
                if unit and slug in offered:
                    sought.setdefault((slug, level), []).append((row, unit * share / wanted))
        for (slug, level), wishes in sought.items():
            cols, levels = np.array(offered[slug], np.int64).T
            rows, factors = zip(*wishes, strict=True)
            self._add(rows, factors, cols, np.minimum(1.0, levels / level))

    def _topics(self, unit: float) -> None:
        named: dict[str, list[int]] = {}
        for col, mentor in enumerate(self._mentors):
            for slug in mentor.topics:
                named.setdefault(slug, []).append(col)
        asked: dict[str, list[tuple[int, float]]] = {}
        for row, mentee in enumerate(self._mentees):
            for slug in mentee.topics:
                if unit and slug in named:
                    asked.setdefault(slug, []).append((row, unit / len(mentee.topics)))
        for slug in sorted(asked):
            rows, factors = zip(*asked[slug], strict=True)
            self._add(rows, factors, np.array(named[slug]), 1.0)

    def _languages(self, unit: float) -> Table:
        codes, best = numbered(mentee.best_language for mentee in self._mentees)
        return codes, [np.array([unit * p.languages.get(code, 0) / 4 for p in self._mentors]) for code in best]

    def _departments(self, unit: float) -> Table:
        """A table of departments where they are few, else of divisions with what differs inside of them."""

        def both(person: Participant) -> tuple[str | None, str | None]:
            return person.division or None, person.department or None

        if len(set(map(both, self._mentees))) <= _JOINED:
            return self._table(both, lambda a, b: unit * department_value(a, b))
        table = self._other(lambda p: p.division or None, unit)
        self._same(lambda p: (p.division or None) if p.department else None, 0.6 * unit)
        self._same(lambda p: (p.division, p.department) if p.division and p.department else None, -0.4 * unit)
        return table

    def _preferences(self, unit: float) -> None:
        row_of = {p.id: row for row, p in enumerate(self._mentees)}
        col_of = {p.id: col for col, p in enumerate(self._mentors)}
        named = [(row_of[x], col) for col, p in enumerate(self._mentors) for x in p.preferred if x in row_of]
        named += [(row, col_of[x]) for row, p in enumerate(self._mentees) for x in p.preferred if x in col_of]
        rows, cols = np.array(sorted(named), np.int64).reshape(-1, 2).T
        #: (rows, columns) of the pairs that somebody asked for; twice where both did.
        self.wishes = rows, cols
        self._cells.append((rows, cols, np.full(len(rows), 0.5 * unit)))

    # --- rules

    def _shared_languages(self, level: int) -> Table:
        def spoken(person: Participant) -> frozenset[str]:
            return frozenset(code for code, have in person.languages.items() if have >= level)

        return self._table(spoken, lambda hears, speaks: 0.0 if hears & speaks else OUT)

    def _fold_rules(self, market: Market, book: Rulebook, apart: Sequence[tuple[int, int]]) -> None:
        row_at, col_at = np.full(book.shape[0], -1), np.full(book.shape[1], -1)
        row_at[self.mentees], col_at[self.mentors] = np.arange(self.shape[0]), np.arange(self.shape[1])
        mentors, mentees = np.array(apart, np.int64).reshape(-1, 2).T
        pairs: list[Any] = [*(marks.nonzero() for marks in book.marks.values()), (mentees, mentors)]
        for rows, cols in ((row_at[row], col_at[col]) for row, col in pairs):
            here = (rows >= 0) & (cols >= 0)
            self._cells.append((rows[here], cols[here], np.full(int(here.sum()), OUT)))
        if market.rules.different_team:
            self._same(lambda p: p.team or None, OUT)

    # --- features

    def _add(
        self, rows: Sequence[int] | Ints, factors: Sequence[float] | Floats, cols: Ints, worth: Floats | float
    ) -> None:
        """These rows get their factor times what these columns are worth."""
        rows, factors = np.asarray(rows, np.int64), np.asarray(factors, np.float64)
        worths: Floats = np.full(cols.shape, worth, np.float64)
        if len(rows) * len(cols) * _CELLS_A_LINE < self.shape[1] or len(cols) * _SPARSEST < self.shape[1]:
            value = np.outer(factors, worths).ravel()
            self._cells.append((np.repeat(rows, len(cols)), np.tile(cols, len(rows)), value))
            return
        line = np.zeros(self.shape[1])
        line[cols] = worths
        self._features.append((rows, np.full(len(rows), len(self._new_lines)), factors))
        self._new_lines.append(line)

    def _table(self, of: Of, value: Callable[[Any, Any], float]) -> Table:
        """A line for each value among the mentees; `value(mentee's, mentor's)`."""
        codes, mine = numbered(map(of, self._mentees))
        theirs, known = numbered(map(of, self._mentors))
        return codes, [np.array([value(a, b) for b in known], np.float64)[theirs] for a in mine]

    def _other(self, of: Of, unit: float) -> Table:
        """`unit` where both have a value and it differs."""
        codes, mine = numbered(map(of, self._mentees))
        if len(mine) <= _JOINED:
            return self._table(of, lambda a, b: unit * (a is not None and b is not None and a != b))
        self._same(of, -unit)
        has = np.array([value is not None for value in mine])[codes].astype(np.int64)
        named = np.array([unit * (of(p) is not None) for p in self._mentors])
        return has, [np.zeros(self.shape[1]), named]

    def _same(self, of: Of, worth: float) -> None:
        """`worth` where both have the same value."""
        codes, mine = numbered(map(of, self._mentees))
        theirs, known = numbered(map(of, self._mentors))
        rows, cols = members(codes, len(mine)), members(theirs, len(known))
        at = {value: i for i, value in enumerate(known)}
        for who, value in zip(rows, mine, strict=True):
            if value is not None and value in at:
                self._add(who, np.ones(len(who)), cols[at[value]], worth)

    def _join(self, tables: list[Table]) -> None:
        """Adds tables, joined where few combinations occur. Every mentee has one line of each."""
        joined: list[Table] = []
        for codes, lines in sorted(tables, key=lambda table: len(table[1])):
            for k, (other_codes, other_lines) in enumerate(joined):
                both, combined = np.unique(other_codes * len(lines) + codes, return_inverse=True)
                if len(both) <= _JOINED:
                    a, b = np.divmod(both, len(lines))
                    joined[k] = combined, [other_lines[i] + lines[j] for i, j in zip(a, b, strict=True)]
                    break
            else:
                joined.append((codes, lines))
        for codes, lines in joined:
            first = len(self._new_lines)
            self._features.append((np.arange(self.shape[0]), first + codes, np.ones(self.shape[0])))
            self._new_lines += lines
            #: Of these lines every mentee has exactly one.
            self._always = slice(first, first + len(lines))
        for line in self._new_lines[self._always]:
            line += HALF


def eligible(market: Market, book: Rulebook | None = None) -> NDArray[np.int32]:
    """[mentee, mentor] by place: the score of every eligible pair, whatever the capacities; -1 for all others."""
    n, m = len(market.mentees), len(market.mentors)
    grid = Grid(market, book or Rulebook(market), np.ones(n, np.int64), np.ones(m, np.int64))
    whole = np.full((n, m), -1, np.int32)
    whole[np.ix_(grid.mentees, grid.mentors)] = grid.scores()
    return whole


def without_rules(scores: Floats) -> Floats:
    """What scores were if no rule forbade their pairs, to within one millionth."""
    return scores % -OUT
