"""The publication audit: which figures may be shown so that nobody can compute one of fewer than k people.

A published figure is a sum over a known group, so whoever knows the groups can add and subtract figures in any
proportion. A figure is admitted only if no such combination of it and of all admitted before is left with the answers
of fewer than k people. An answer given again in a later wave counts as the same unknown, since the attacker may
believe that it did not change: so joiners and leavers between two waves stay hidden as well.

Atoms are people whom no group tells apart. With N the null space of what is admitted, a row for each atom, a group g
leads to fewer than k people exactly when Nᵀg is a combination of the rows of atoms of together fewer than k people.
"""

from collections.abc import Hashable, Sequence
from collections.abc import Set as AbstractSet
from random import Random

import numpy as np
from numpy.typing import NDArray

from vuoro.analytics.fewest import K

MANY = 120  # with more small atoms the exact search takes too long: a stricter and quicker test decides
_EPSILON, _BARRED = 1e-9, 1000

Floats = NDArray[np.float64]
Group = AbstractSet[Hashable]


def admit(published: Sequence[Group], candidates: Sequence[Group], k: int = K) -> list[bool]:
    """For each candidate, whether its figure may be published together with the ones before it.

    Args:
        published: the groups of all earlier figures, as sets of people.
        candidates: the groups of new figures, the most important first.
        k: the smallest number of people that may be told of.
    """
    fit = [group for group in candidates if len(group) >= k]
    cells = [*published, *fit]
    people = list(set().union(*cells))
    if not people:
        return [False] * len(candidates)
    table = np.array([[person in cell for person in people] for cell in cells], dtype=np.float64)
    atoms, sizes = np.unique(table, axis=1, return_counts=True)
    unknown, told = _null_space(atoms[: len(published)]), list(table[: len(published)])
    verdicts = []
    for group, row in zip(atoms[len(published) :], table[len(published) :], strict=True):
        news = unknown.T @ group
        safe = bool(np.linalg.norm(news) < _EPSILON)  # it follows from what is published already
        if not safe:
            small = sizes < k
            if small.sum() <= MANY:
                safe = not _explained(news, unknown[small], sizes[small], k)
            else:
                safe = _spread(np.array([*told, row]), k)
            if safe:
                unknown = _without(unknown, news)
                told.append(row)
        verdicts.append(safe)
    answers = iter(verdicts)
    return [len(group) >= k and next(answers) for group in candidates]


def counted(published: Sequence[Group], people: Group, chance: Random, k: int = K) -> Group:
    """Whose answers to count in a new wave: all, or all but the fewest, drawn by lot, that let its total be told.

    When one to four people joined or left since an earlier wave, two totals would tell of them.
    """
    for left_out in range(min(2 * k, len(people) - k + 1)):
        for _ in range(10 if left_out else 1):
            some = frozenset(people) - frozenset(chance.sample(sorted(people, key=repr), left_out))
            if admit(published, [some], k)[0]:
                return some
    return people


def _null_space(rows: Floats) -> Floats:
    """An orthonormal basis, in columns, of what these rows leave open."""
    _, lengths, axes = np.linalg.svd(rows) if len(rows) else (None, np.empty(0), np.eye(rows.shape[1]))
    return np.asarray(axes[int((lengths > _EPSILON).sum()) :].T)


def _without(basis: Floats, news: Floats) -> Floats:
    """The part of an orthonormal basis that is orthogonal to one of its combinations (a Householder reflection)."""
    axis = news / np.linalg.norm(news)
    axis[0] += np.copysign(1.0, axis[0])
    turned = basis - np.outer(basis @ axis, axis) * (2 / (axis @ axis))
    return np.asarray(turned[:, 1:])


def _spread(rows: Floats, k: int) -> bool:
    """Whether k groups of people, apart from each other, each carry all that the rows tell.

    Then whatever a combination tells stands in each of them, so of at least k people: enough, though not necessary.
    """
    # Here, as few need it and it is large.
    from scipy.linalg import qr  # noqa: PLC0415

    rank = np.linalg.matrix_rank(rows)
    for _ in range(k):
        if np.linalg.matrix_rank(rows) < rank:
            return False
        pivots = qr(rows, mode="r", pivoting=True)[1]
        rows = np.delete(rows, pivots[:rank], axis=1)
    return True


def _explained(news: Floats, unknown: Floats, sizes: NDArray[np.int_], k: int) -> bool:
    """Whether the news are a combination of rows of atoms whose sizes sum to less than k."""
    if not len(sizes):
        return False
    # Dependence of at most k vectors survives a projection to k + 3 dimensions, and independence almost surely.
    shadow = np.random.default_rng(k).standard_normal((len(news), min(len(news), k + 3)))
    return _combines((news @ shadow)[None], (unknown @ shadow)[None], sizes[None], np.array([k - 1]))


def _combines(targets: Floats, rows: Floats, sizes: NDArray[np.int_], rooms: NDArray[np.int_]) -> bool:
    """Whether a target is a combination of its own rows whose sizes sum to at most its room.

    Shapes: targets (batch, d), rows (batch, many, d), sizes (batch, many), rooms (batch).
    """
    fits = sizes <= rooms[:, None]
    rows = _units(rows)
    targets = _units(targets)
    flat = rows - (rows @ targets[:, :, None]) * targets[:, None, :]
    if (fits & (np.linalg.norm(flat, axis=2) < _EPSILON)).any():
        return True  # one row alone
    if _two_alike(_units(flat), sizes, rooms):
        return True  # two rows: the same one once the target is taken out of both
    some, first = np.nonzero(fits & (rooms[:, None] - sizes >= 2))
    if not len(some):
        return False
    axis = rows[some, first]
    rest = rows[some] - (rows[some] @ axis[:, :, None]) * axis[:, None, :]
    left = targets[some] - (targets[some] * axis).sum(1, keepdims=True) * axis
    later = np.where(np.arange(sizes.shape[1]) > first[:, None], sizes[some], _BARRED)
    return _combines(left, rest, later, rooms[some] - sizes[some, first])


def _units(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(np.where(lengths < _EPSILON, 0.0, vectors / np.maximum(lengths, _EPSILON)))


def _two_alike(units: Floats, sizes: NDArray[np.int_], rooms: NDArray[np.int_]) -> bool:
    """Whether two of the unit vectors are the same up to their sign and their sizes sum to at most the room."""
    marks = np.abs(units @ np.sqrt(np.arange(2.0, units.shape[-1] + 2)))  # those of equal vectors are equal
    order = np.argsort(marks, axis=1)
    steps = np.diff(np.take_along_axis(marks, order, 1), axis=1, prepend=0.0) > _EPSILON
    keys = np.cumsum(steps, axis=1) * _BARRED * 2 + np.take_along_axis(sizes, order, 1)
    keys.sort(axis=1)
    alike, weight = keys // (_BARRED * 2), keys % (_BARRED * 2)
    return bool(((alike[:, 1:] == alike[:, :-1]) & (weight[:, 1:] + weight[:, :-1] <= rooms[:, None])).any())
