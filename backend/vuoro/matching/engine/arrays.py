"""Kinds of arrays, and putting places into groups."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def members(groups_of: Ints, groups: int) -> list[Ints]:
    """The places of each group's members, when `groups_of` has the number of each place's group."""
    order = np.argsort(groups_of, kind="stable")
    return np.split(order, np.searchsorted(groups_of[order], np.arange(1, groups)))[:groups]
