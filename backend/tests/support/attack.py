"""An insider who knows every group behind every figure and can do all of linear algebra, in a way of its own."""

from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np

PRIME = 2**31 - 1
Cells = list[frozenset[Any]]


def rank(rows: list[list[int]]) -> int:
    """The rank, by elimination in exact arithmetic modulo a prime."""
    rows, found = [row[:] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((index for index in range(found, len(rows)) if rows[index][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        inverse = pow(rows[found][column], -1, PRIME)
        for index in range(found + 1, len(rows)):
            factor = rows[index][column] * inverse % PRIME
            if factor:
                rows[index] = [(a - factor * b) % PRIME for a, b in zip(rows[index], rows[found], strict=True)]
        found += 1
    return found


def attack(cells: Cells, k: int = 5) -> set[Any] | None:
    """Fewer than k people about whom a combination of the cells tells something, or None.

    People in the same cells are one unknown. Some combination lives on the unknowns S alone just when the rank falls
    as their columns are struck out. Suspects are found by determinants, then proved in exact arithmetic.
    """
    people = sorted(set().union(*cells))
    columns = Counter(tuple(int(person in cell) for cell in cells) for person in people)
    atoms, sizes = list(columns), list(columns.values())
    matrix = np.array(atoms, dtype=float).T
    _, lengths, axes = np.linalg.svd(matrix)
    null = axes[int((lengths > 1e-8).sum()) :].T
    gram = null @ null.T
    exact = [list(row) for row in zip(*atoms, strict=True)]
    for many in range(1, k):
        chosen = [
            some for some in combinations([index for index, size in enumerate(sizes) if size <= k - many], many)
            if sum(sizes[index] for index in some) < k
        ]  # fmt: skip
        for start in range(0, len(chosen), 20_000):
            part = np.array(chosen[start : start + 20_000])
            minors = np.linalg.det(gram[part[:, :, None], part[:, None, :]])
            for suspect in part[np.abs(minors) < 1e-9]:
                left = [[value for index, value in enumerate(row) if index not in suspect] for row in exact]
                if rank(left) < rank(exact):
                    told = {atoms[index] for index in suspect}
                    return {who for who in people if tuple(int(who in cell) for cell in cells) in told}
    return None
