"""Reason cards: how a solver's pair is kept and shown. Pure."""

from collections.abc import Sequence
from typing import Any

from vuoro.matching.engine.score import Component
from vuoro.matching.engine.solution import Progress

QUEUED = Progress("queued", 0, 0, None, None, 0.0)


def points(score: int) -> float:
    """A score or a sum of scores in millionths as points with one decimal, 100 for the best a pair can have."""
    return (score + 500) // 1000 / 10


def card(components: Sequence[Component], score: int) -> list[dict[str, Any]]:
    """The components as they are kept; their points are rounded so that they sum up to the pair's score."""
    exact = [10 * part.points for part in components]
    tenths = [int(value) for value in exact]
    left = (score + 500) // 1000 - sum(tenths)
    for at in sorted(range(len(exact)), key=lambda i: tenths[i] - exact[i])[:left]:
        tenths[at] += 1
    return [
        {
            "name": part.name,
            "value": round(part.value, 4),
            "weight": round(part.weight, 4),
            "points": have / 10,
            "max_points": max(round(part.max_points, 1), have / 10),
            "evidence": [item._asdict() for item in part.evidence],
        }
        for part, have in zip(components, tenths, strict=True)
    ]
