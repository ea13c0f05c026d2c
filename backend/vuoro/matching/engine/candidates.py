"""Which pairs the sparse market begins with: about the best two dozen of every person, and every wish."""

import numpy as np

from vuoro.matching.engine.arrays import Floats, Ints
from vuoro.matching.engine.grid import Grid

BEST = 24
# In a large market, the score that about so many reach is estimated from some of the other side.
_SAMPLE = 1024
# Equal scores are told apart by less than a millionth, for each person in another order.
_SPREAD = 0.2


def candidates(grid: Grid) -> tuple[Ints, Ints]:
    """(rows, columns) of pairs, each once, in the order of columns; some may be forbidden."""
    n, m = grid.shape
    by_row, by_col = np.zeros(n), np.zeros(m)
    # Of the larger side most will be left without, and fewer of theirs are enough.
    for rows, scores in grid.some_columns(_some(m), _SPREAD):
        by_row[rows] = _reached(scores, m, BEST * min(1, m / n))
    for cols, scores in grid.some_rows(_some(n), _SPREAD):
        by_col[cols] = _reached(np.ascontiguousarray(scores.T), n, BEST * min(1, n / m))
    by_row, by_col = np.maximum(by_row, grid.least), np.maximum(by_col, grid.least)
    keys: list[Ints] = []
    for low, left, tile in grid.tiles(spread=_SPREAD):
        rows, cols = slice(low, low + tile.shape[0]), slice(left, left + tile.shape[1])
        good = tile >= by_row[rows, None]
        good |= tile >= by_col[None, cols]
        row, col = np.divmod(np.flatnonzero(good), tile.shape[1])
        keys.append((left + col) * n + low + row)
    row, col = grid.wishes
    keys.append(col * n + row)
    col, row = np.divmod(np.unique(np.concatenate(keys)), max(1, n))
    return row, col


def _some(count: int) -> Ints:
    return np.unique(np.linspace(0, max(0, count - 1), min(count, _SAMPLE)).astype(np.int64))


def _reached(scores: Floats, of: int, best: float) -> Floats:
    """By row, the score that about `best` reach when these are some `of` so many."""
    have = scores.shape[1]
    rank = min(have, max(2, round(best * have / max(1, of))))
    return np.partition(scores, have - rank, axis=1)[:, have - rank] if have else np.zeros(len(scores))
