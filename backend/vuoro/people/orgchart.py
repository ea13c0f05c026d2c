"""Who is above whom: the organization graph, read once and asked many times.

The manager tree carries interval labels, so "is a above b" is two comparisons; dotted lines are closed over
the few people who have one. Nothing here knows the database.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

K = TypeVar("K", bound=Hashable)
Line = Literal["known", "unknown", "top"]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class OrgChart(Generic[K]):
    """`edges` names every person of the directory once: (person, manager), or (person, None) for a top.

    `dotted` adds managers. A line is unknown where a manager (solid or dotted) is not in the directory, where
    the person is in `unknown`, inside a circle of managers, and for everyone below such a person.
    """

    def __init__(
        self,
        edges: Iterable[tuple[K, K | None]],
        dotted: Iterable[tuple[K, K]] = (),
        unknown: Iterable[K] = (),
    ) -> None:
        edges = list(edges)
        self._index: dict[K, int] = {}
        for person, _ in edges:
            self._index.setdefault(person, len(self._index))
        self._people = list(self._index)
        n = self._n = len(self._people)

        parent = np.full(n, -1, np.int64)
        lost = np.zeros(n + 1, np.bool_)
        lost[n] = True  # index n stands for somebody who is not in the directory
        extra: set[tuple[int, int]] = set()
        for person, manager in edges:
            if manager is None:
                continue
            i, boss = self._index[person], self._index.get(manager, n)
            if boss == n:
                lost[i] = True
            elif parent[i] in (-1, boss):
                parent[i] = boss
            else:
                extra.add((i, boss))  # a second manager counts like a dotted one
        for person, manager in dotted:
            i, boss = self._index.get(person, n), self._index.get(manager, n)
            if boss == n:
                lost[i] = True
            elif i not in (boss, n):
                extra.add((i, boss))
        for person in unknown:
            lost[self._index.get(person, n)] = True

        self._cycles = _cycles(parent)
        for cycle in self._cycles:
            lost[cycle] = True
            if len(cycle) > 1:  # the cut edge still counts, as a dotted one
                extra.add((cycle[0], int(parent[cycle[0]])))
            parent[cycle[0]] = -1

        self._below, self._above = np.array(sorted(extra), np.int64).reshape(-1, 2).T
        self._label(parent)
        self._close_dotted(parent)
        self._lost = self._spread(lost)
        headed = np.append(parent >= 0, True)
        headed[self._below] = True
        self._top: Bools = ~headed & ~self._lost

        solid = np.flatnonzero(parent >= 0)
        self._steps = np.append(parent[solid], self._above), np.append(solid, self._below)

    @cached_property
    def _down(self) -> csr_array[Any, Any]:
        return _matrix((np.ones(len(self._steps[0]), np.int32), self._steps), (self._n, self._n))

    @cached_property
    def _up(self) -> csr_array[Any, Any]:
        return _matrix(self._down.T)

    def _label(self, parent: Ints) -> None:
        """Interval labels: everyone below p has p's start < start < p's end; and each person's nearest gate.

        A gate is a person with a dotted line; `near` counts the person too.
        """
        n = self._n
        order = np.argsort(_depths(parent)[0], kind="stable").tolist()
        above = parent.tolist()
        size = [1] * n
        for i in reversed(order):
            if above[i] >= 0:
                size[above[i]] += size[i]
        gates = np.unique(self._below)
        near = np.full(n, -1, np.int64)
        near[gates] = np.arange(len(gates))
        nearest: list[int] = near.tolist()
        start, free, next_root = [0] * n, [0] * n, 0
        for i in order:
            boss = above[i]
            if boss >= 0 and nearest[i] < 0:
                nearest[i] = nearest[boss]
            if boss < 0:
                start[i], next_root = next_root, next_root + size[i]
            else:
                start[i] = free[boss]
                free[boss] += size[i]
            free[i] = start[i] + 1
        self._start: Ints = np.array([*start, -1], np.int64)
        self._end: Ints = np.append(self._start[:-1] + np.array(size, np.int64), -1)
        self._gates: Ints = gates
        self._near: Ints = np.array([*nearest, -1], np.int64)

    def _close_dotted(self, parent: Ints) -> None:
        """For each gate: every dotted manager that can be reached upward from there."""
        gates, near = self._gates, self._near
        self._keys: Ints = np.zeros(0, np.int64)
        if not len(gates):
            return
        own = np.searchsorted(gates, self._below)
        steps = [(own, near[self._above]), (np.arange(len(gates)), near[parent[gates]])]
        rows, cols = (np.concatenate(side) for side in zip(*steps, strict=True))
        kept = (cols >= 0) & (np.concatenate([np.ones(len(own), bool), parent[gates] >= 0]))
        ends, targets = np.unique(self._above, return_inverse=True)
        shape = (len(gates), len(gates))
        every = np.arange(len(gates))
        reach = _marks(np.append(rows[kept], every), np.append(cols[kept], every), shape)
        while True:
            further = _ones(reach @ reach)
            if further.nnz == reach.nnz:
                break
            reach = further
        self._ends = ends
        self._reach = _ones(reach @ _marks(own, targets, (len(gates), len(ends))))
        gate, target = self._reach.nonzero()
        self._keys = np.sort(gate.astype(np.int64) * (self._n + 1) + self._start[ends[target]])

    def _spread(self, lost: Bools) -> Bools:
        while True:
            edge = np.zeros(self._n + 1, np.int64)
            marked = np.flatnonzero(lost[:-1])
            np.add.at(edge, self._start[marked], 1)
            np.add.at(edge, self._end[marked], -1)
            spread: Bools = np.append(np.cumsum(edge)[self._start[:-1]] > 0, True)
            spread[self._below] |= spread[self._above]
            if (spread == lost).all():
                return spread
            lost = spread

    def _at(self, people: Iterable[K]) -> Ints:
        return np.fromiter((self._index.get(p, self._n) for p in people), np.int64)

    def _is_above(self, boss: Ints, junior: Ints) -> Bools:
        start, end, place = self._start[boss], self._end[boss], self._start[junior]
        solid = (start < place) & (place < end)
        gate = self._near[junior] * (self._n + 1)
        through = np.searchsorted(self._keys, gate + end) > np.searchsorted(self._keys, gate + start)
        above: Bools = (solid | (through & (gate >= 0))) & (boss != junior)
        return above

    def _all_below(self, bosses: Ints, juniors: Ints) -> csr_array[Any, Any]:
        """Marks [boss, junior], as many as there are related pairs: never the whole matrix."""
        solid = self._inside(bosses, juniors, 1)
        if len(self._gates):
            shape = (len(self._gates), len(juniors))
            inside = np.flatnonzero(self._near[juniors] >= 0)
            gates = _marks(self._near[juniors[inside]], inside, shape)
            solid = solid + self._inside(bosses, self._ends, 0) @ (self._reach.T @ gates)
        i, j = solid.nonzero()
        apart = bosses[i] != juniors[j]
        return _marks(i[apart], j[apart], (len(bosses), len(juniors)))

    def _inside(self, bosses: Ints, juniors: Ints, skip: int) -> csr_array[Any, Any]:
        order = np.argsort(self._start[juniors], kind="stable")
        places = self._start[juniors][order]
        low = np.searchsorted(places, self._start[bosses] + skip)
        count = np.searchsorted(places, self._end[bosses]) - low
        count[(self._start[bosses] < 0) | (count < 0)] = 0
        rows = np.repeat(np.arange(len(bosses)), count)
        offset = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
        return _marks(rows, order[np.repeat(low, count) + offset], (len(bosses), len(juniors)))

    def _within(self, tops: Ints, steps: int) -> Ints:
        """Keys top * (n + 1) + person of everyone at most `steps` below, by the shortest chain."""
        unique = np.unique(tops)
        front = _marks(np.arange(len(unique)), unique, (len(unique), self._n))
        found = front
        for _ in range(steps):
            front = _ones(front @ self._down)
            found = found + front
        i, j = found.nonzero()
        return np.asarray(unique[i] * (self._n + 1) + j, np.int64)

    def __contains__(self, person: K) -> bool:
        return person in self._index

    def related(self, a: K, b: K) -> bool:
        """Either is above the other, through any chain of managers, dotted lines included."""
        i, j = self._at([a]), self._at([b])
        return bool((self._is_above(i, j) | self._is_above(j, i))[0])

    def steps_above(self, boss: K, junior: K) -> int | None:
        """Length of the shortest chain from junior up to boss; None when boss is not above."""
        i, j = self._index.get(junior, self._n), self._index.get(boss, self._n)
        if i == j or not self._is_above(np.array([j]), np.array([i]))[0]:
            return None
        seen, front, steps = {i}, [i], 0
        while j not in seen:
            heads = set(self._up[front].indices.tolist())
            front = list(heads - seen)
            seen |= heads
            steps += 1
        return steps

    def line(self, person: K) -> Line:
        """Whether the chain of managers is known up to somebody without one, or ends in the dark."""
        i = self._index.get(person, self._n)
        if self._lost[i]:
            return "unknown"
        return "top" if self._top[i] else "known"

    def unknown(self, people: Sequence[K]) -> Bools:
        """For each person: is the line unknown?"""
        return self._lost[self._at(people)]

    def cycles(self) -> list[list[K]]:
        """Circles of managers, each from its first member upward."""
        return [[self._people[i] for i in cycle] for cycle in self._cycles]

    def verdicts(
        self, mentors: Sequence[K], mentees: Sequence[K], top_exempt_distance: int = 0
    ) -> tuple[csr_array[Any, Any], csr_array[Any, Any], csr_array[Any, Any]]:
        """Marks [mentor, mentee] of the related pairs: in line, too close to the top, far enough from it."""
        i, j = self._at(mentors), self._at(mentees)
        down, up = self._all_below(j, i), self._all_below(i, j)
        rows = np.concatenate([down.nonzero()[1], up.nonzero()[0]])
        cols = np.concatenate([down.nonzero()[0], up.nonzero()[1]])
        boss = np.concatenate([j[down.nonzero()[0]], i[up.nonzero()[0]]])
        junior = np.concatenate([i[down.nonzero()[1]], j[up.nonzero()[1]]])
        kind = self._kind(boss, junior, top_exempt_distance)
        shape = (len(mentors), len(mentees))
        line, close, exempt = (_marks(rows[kind == k], cols[kind == k], shape) for k in range(3))
        return line, close, exempt

    def _kind(self, boss: Ints, junior: Ints, top_exempt_distance: int) -> Ints:
        """For related pairs: 0 in line, 1 too close to the top, 2 exempt."""
        kind = np.zeros(len(boss), np.int64)
        if top_exempt_distance > 0:
            top = self._top[boss]
            near = self._within(boss[top], top_exempt_distance - 1)
            kind[top] = np.where(np.isin(boss[top] * (self._n + 1) + junior[top], near), 1, 2)
        return kind

    def blocked_matrix(self, mentors: Sequence[K], mentees: Sequence[K], top_exempt_distance: int = 0) -> Bools:
        """[mentor, mentee]: True where the reporting line forbids the pair (unknown lines are not asked)."""
        line, close, _ = self.verdicts(mentors, mentees, top_exempt_distance)
        return np.asarray((line + close).toarray() > 0)

    def conflicts(self, pairs: Iterable[tuple[K, K]], top_exempt_distance: int = 0) -> list[tuple[K, K]]:
        """Those of the pairs that the reporting line forbids now."""
        pairs = list(pairs)
        a, b = self._at(p for p, _ in pairs), self._at(p for _, p in pairs)
        bad = np.zeros(len(pairs), np.bool_)
        for boss, junior in ((a, b), (b, a)):
            hit = np.flatnonzero(self._is_above(boss, junior))
            bad[hit[self._kind(boss[hit], junior[hit], top_exempt_distance) < 2]] = True
        return [pairs[i] for i in np.flatnonzero(bad)]


def _marks(rows: NDArray[Any], cols: NDArray[Any], shape: tuple[int, int]) -> csr_array[Any, Any]:
    return _ones(_matrix((np.ones(len(rows), np.int32), (rows, cols)), shape))


def _matrix(data: Any, shape: tuple[int, int] | None = None) -> csr_array[Any, Any]:
    from scipy.sparse import csr_array  # noqa: PLC0415 - a tenth of a start, and few questions about few people need it

    return csr_array(data, shape=shape)


def _ones(matrix: Any) -> csr_array[Any, Any]:
    marks = _matrix(matrix)
    marks.sum_duplicates()
    marks.data[:] = 1
    return marks


def _depths(parent: Ints) -> tuple[Ints, Ints]:
    """Steps to the top and, by doubling, who stands 2^k > n steps above (n: past the top)."""
    n = len(parent)
    jump = np.append(np.where(parent < 0, n, parent), n)
    depth = (jump != n).astype(np.int64)
    for _ in range(n.bit_length()):
        depth = np.minimum(depth + depth[jump], n)
        jump = jump[jump]
    return depth[:-1], jump[:-1]


def _cycles(parent: Ints) -> list[list[int]]:
    _, end = _depths(parent)
    left = sorted(set(end[end < len(parent)].tolist()))
    seen: set[int] = set()
    found = []
    for first in left:
        cycle: list[int] = []
        i = first
        while i not in seen:
            seen.add(i)
            cycle.append(i)
            i = int(parent[i])
        if cycle:
            found.append(cycle)
    return found
