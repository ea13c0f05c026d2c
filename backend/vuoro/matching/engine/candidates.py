"""Which pairs the sparse market begins with: about the best two dozen of every person, and every wish."""

import numpy as np

from vuoro.matching.engine.arrays import Ints, distinct
from vuoro.matching.engine.grid import Grid, Tile

BEST = 24
# In a large market, the score that about so many reach is estimated from some of the other side, as many as have a
# few of them. Fewer are no sample, more take longer than they save.
_FEWEST, _MOST = 1024, 4096
# Equal scores are told apart by less than a millionth, for each person in another order.
_SPREAD = 0.2


def candidates(grid: Grid) -> Ints:
    """Sorted keys (column * rows + row) of pairs; some may be forbidden."""
    n, m = grid.shape
    # Of the larger side most will be left without, and fewer of theirs are enough.
    by_row = grid.reached_by_row(*_sample(m, BEST * min(1, m / n)), _SPREAD)
    by_col = grid.reached_by_column(*_sample(n, BEST * min(1, n / m)), _SPREAD)
    by_row, by_col = np.maximum(by_row, grid.least), np.maximum(by_col, grid.least)

    def good(found: Tile) -> Ints:
        low, left, tile = found
        rows, cols = slice(low, low + tile.shape[0]), slice(left, left + tile.shape[1])
        good = tile >= by_row[rows, None]
        good |= tile >= by_col[None, cols]
        row, col = np.divmod(np.flatnonzero(good), tile.shape[1])
        return (left + col) * n + low + row

    row, col = grid.wishes
    return distinct(np.concatenate([col * n + row, *grid.sweep(good, spread=_SPREAD, rough=True)]))


def _sample(of: int, best: float) -> tuple[Ints, int]:
    """Some of so many places, and the rank that the best of all have among them."""
    count = min(of, max(_FEWEST, min(round(2 * of / best), _MOST)))
    places = np.linspace(0, of - 1, count).astype(np.int64)
    return places, min(count, max(1, round(best * count / of)))
