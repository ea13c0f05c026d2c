"""Kinds of arrays, sorted keys, ranges, ranks, groups; and work on two processors."""

import os
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Item = TypeVar("Item")
Found = TypeVar("Found")


def side_by_side(work: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """What the work finds in each item, in their order, on two processors where there are two.

    Large array operations run beside each other; one more processor is left to those who serve people.
    """
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        return list(pool.map(work, items))


def distinct(keys: Ints) -> Ints:
    """Each key once, sorted."""
    keys = np.sort(keys)
    new = np.ones(len(keys), np.bool_)
    new[1:] = keys[1:] != keys[:-1]
    return keys[new]


def lacking(keys: Ints, others: Ints) -> Ints:
    """The keys that are not among the others; both sorted."""
    at = np.searchsorted(others, keys)
    known = at < len(others)
    known[known] = others[at[known]] == keys[known]
    return keys[~known]


def ranges(starts: Ints, ends: Ints) -> Ints:
    """All numbers from each start up to its end."""
    lengths = ends - starts
    return np.repeat(ends - lengths.cumsum(), lengths) + np.arange(lengths.sum())


def members(groups_of: Ints, groups: int) -> list[Ints]:
    """The places of each group's members, when `groups_of` has the number of each place's group."""
    order = np.argsort(groups_of, kind="stable")
    return np.split(order, np.searchsorted(groups_of[order], np.arange(1, groups)))[:groups]


def ranked(scores: Floats, rank: int) -> Floats:
    """The so many highest of each line."""
    if rank == 1:
        return np.asarray(scores.max(axis=1))
    at = scores.shape[1] - rank
    return np.partition(np.ascontiguousarray(scores), at, axis=1)[:, at].copy()


def numbered(values: Iterable[Hashable]) -> tuple[Ints, list[Any]]:
    """A number for each value, and the distinct values in the order of their numbers."""
    known: dict[Hashable, int] = {}
    codes = np.fromiter((known.setdefault(value, len(known)) for value in values), np.int64)
    return codes, list(known)
