"""What a matching gets for a pair: its score, or what the goal, fairness and those who stay make of it."""

from dataclasses import dataclass

import numpy as np

from vuoro.matching.engine.arrays import Ints
from vuoro.matching.engine.market import SCALE, Market

_NEAR_ZERO = 0.1  # a score of nothing is worth nothing, whatever the fairness


@dataclass(frozen=True, slots=True)
class Gains:
    """`table`: the worth of each score 0..SCALE, None for the score itself; `stay`: sorted keys that get more."""

    bonus: int
    table: Ints | None
    stay: Ints
    stay_bonus: int

    def of(self, keys: Ints, scores: Ints) -> Ints:
        """The gains of these pairs."""
        gains = scores if self.table is None else self.table[scores]
        stays = np.isin(keys, self.stay) if len(self.stay) else np.zeros(len(keys), np.bool_)
        return gains + self.bonus + self.stay_bonus * stays


def gains_of(market: Market, stay: Ints, places: int) -> Gains:
    """What this market's goal asks for."""
    stay_bonus = round(SCALE * market.stay_bonus)
    # More than any sum of what else counts: one pair more always beats better pairs.
    bonus = (SCALE + stay_bonus) * (places + 1) if market.goal == "coverage" or market.floor else 0
    return Gains(bonus, fair(market.fairness) if market.fairness else None, stay, stay_bonus)


def fair(alpha: float) -> Ints:
    """The alpha-fair worth of each score, rising from 0 to SCALE ever more slowly."""
    share = np.arange(SCALE + 1) / SCALE + _NEAR_ZERO
    worth = np.log(share) if alpha == 1 else share ** (1 - alpha) / (1 - alpha)
    worth -= worth[0]
    return np.asarray(np.round(worth / worth[-1] * SCALE), np.int64)
