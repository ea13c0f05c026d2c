"""A sparse market: its best matching, and the prices that prove it best of these pairs."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from vuoro.matching.engine.arrays import Bools, Ints, ranges


@dataclass(frozen=True, slots=True)
class Arcs:
    """Pairs in play, each once, by mentor and then mentee. `gain`: what the matching gets for one, never negative."""

    mentor: Ints
    mentee: Ints
    gain: Ints

    def where(self, which: Bools | Ints) -> "Arcs":
        """Some of them."""
        return Arcs(self.mentor[which], self.mentee[which], self.gain[which])


def flow(arcs: Arcs, mentor_left: Ints, mentee_left: Ints) -> Bools:
    """Which arcs the best matching takes: source, mentors, mentees, sink, and a free way past them all."""
    # Here, so that whoever only starts the child does not carry the solver about.
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415

    m, n = len(mentor_left), len(mentee_left)
    source, sink = m + n, m + n + 1
    places = int(min(mentor_left.sum(), mentee_left.sum()))
    none_m, none_n = np.zeros(m, np.int64), np.zeros(n, np.int64)
    mentors, mentees = np.arange(m), m + np.arange(n)
    flow: Any = min_cost_flow.SimpleMinCostFlow()
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        arcs.mentor, m + arcs.mentee, np.ones(len(arcs.gain), np.int64), -arcs.gain
    )
    flow.add_arcs_with_capacity_and_unit_cost(np.full(m, source), mentors, mentor_left, none_m)
    flow.add_arcs_with_capacity_and_unit_cost(mentees, np.full(n, sink), mentee_left, none_n)
    flow.add_arc_with_capacity_and_unit_cost(source, sink, places, 0)
    flow.set_node_supply(source, places)
    flow.set_node_supply(sink, -places)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"min-cost flow ended as {status}")
    return np.asarray(flow.flows(pairs)) > 0


def prices(arcs: Arcs, matched: Bools, mentor_left: Ints, mentee_left: Ints) -> tuple[Ints, Ints]:
    """Lowest prices of mentors, highest of mentees, that make the matching the best of these arcs.

    Unmatched arcs: gain <= both prices together; matched: >=; a place left over is free. Corrected until they
    stand still; prices that cannot exist mean that the matching is not optimal, which is an error, loudly.
    """
    mentor_free = np.bincount(arcs.mentor[matched], minlength=len(mentor_left)) < mentor_left
    mentee_free = np.bincount(arcs.mentee[matched], minlength=len(mentee_left)) < mentee_left
    order = np.argsort(arcs.mentee[matched], kind="stable")
    by_mentor, by_mentee = arcs.mentor[matched][order], arcs.mentee[matched][order]
    gain = arcs.gain[matched][order]
    first = np.flatnonzero(np.diff(by_mentee, prepend=-1))
    mentees = by_mentee[first]
    full = ~mentee_free[mentees]

    others = np.flatnonzero(~matched)
    others = others[np.argsort(arcs.mentee[others], kind="stable")]
    mentor, mentee, worth = arcs.mentor[others], arcs.mentee[others], arcs.gain[others]
    begin = np.searchsorted(mentee, np.arange(len(mentee_left) + 1))

    def most() -> Ints:
        """What the mentees' own pairs leave them."""
        left = np.minimum.reduceat(gain - mentor_price[by_mentor], first) if len(first) else gain
        if (left < 0).any():
            raise RuntimeError("the matching is not optimal: a mentee's price fell below zero")
        return left

    mentor_price = np.zeros(len(mentor_left), np.int64)
    mentee_price = np.zeros(len(mentee_left), np.int64)
    mentee_price[mentees[full]] = most()[full]
    moved = np.arange(len(mentee_left))
    while True:
        # Only those whose price has moved can move others.
        some = ranges(begin[moved], begin[moved + 1])
        before = mentor_price.copy()
        np.maximum.at(mentor_price, mentor[some], worth[some] - mentee_price[mentee[some]])
        if (mentor_price == before).all():
            return mentor_price, mentee_price
        if mentor_price[mentor_free].any():
            raise RuntimeError("the matching is not optimal: a mentor with a free place has a price")
        left = most()
        lower = full & (left < mentee_price[mentees])
        moved = mentees[lower]
        mentee_price[moved] = left[lower]
