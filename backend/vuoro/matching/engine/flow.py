"""A sparse market: its best matching, and the prices that prove it best of these pairs."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from vuoro.matching.engine.arrays import Bools, Ints


@dataclass(frozen=True, slots=True)
class Arcs:
    """Pairs in play, each once, by mentor and then mentee. `gain`: what the matching gets for one, never negative."""

    mentor: Ints
    mentee: Ints
    gain: Ints


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
    open_mentor, open_mentee, open_gain = arcs.mentor[~matched], arcs.mentee[~matched], arcs.gain[~matched]
    order = np.argsort(arcs.mentee[matched], kind="stable")
    by_mentor, by_mentee = arcs.mentor[matched][order], arcs.mentee[matched][order]
    gain = arcs.gain[matched][order]
    mentors, mentor_at = np.unique(open_mentor, return_index=True)
    mentees, mentee_at = np.unique(by_mentee, return_index=True)
    full = ~mentee_free[mentees]

    mentor_price = np.zeros(len(mentor_left), np.int64)
    mentee_price = np.zeros(len(mentee_left), np.int64)
    while True:
        if len(mentees):
            most = np.minimum.reduceat(gain - mentor_price[by_mentor], mentee_at)
            mentee_price[mentees[full]] = most[full]
            if (most < 0).any():
                raise RuntimeError("the matching is not optimal: a mentee's price fell below zero")
        before = mentor_price.copy()
        if len(mentors):
            asked = np.maximum.reduceat(open_gain - mentee_price[open_mentee], mentor_at)
            mentor_price[mentors] = np.maximum(mentor_price[mentors], asked)
        if (mentor_price == before).all():
            return mentor_price, mentee_price
        if mentor_price[mentor_free].any():
            raise RuntimeError("the matching is not optimal: a mentor with a free place has a price")
