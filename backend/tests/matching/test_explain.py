"""What a pair is worth to all pairs together: exact losses, the checker, those who stay, fairness and the floor."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from matching.test_solver import OPEN, company, tiny
from support.tries import tries

from vuoro.matching.engine import explain
from vuoro.matching.engine.explain import Stale, forcing, parting
from vuoro.matching.engine.grid import eligible
from vuoro.matching.engine.market import Goal, Market
from vuoro.matching.engine.solution import Best, Solution
from vuoro.matching.engine.solve import rebuild, solve
from vuoro.matching.engine.verify import verify


def proof(solution: Solution) -> tuple[dict[str, int], dict[str, int]]:
    return solution.mentor_prices, solution.mentee_prices


def named(solution: Solution) -> list[tuple[str, str]]:
    return [(pair.mentor, pair.mentee) for pair in solution.pairs]


def checked(market: Market, solution: Solution, **changes: Any) -> Any:
    given = {"pairs": [(p.mentor, p.mentee, p.score) for p in solution.pairs], **changes}
    prices = {"mentor_prices": solution.mentor_prices, "mentee_prices": solution.mentee_prices}
    return verify(market, **{**prices, "least": solution.least, **given})


@pytest.mark.parametrize("goal", ["total", "coverage"])
@pytest.mark.parametrize("seed", range(12))
def test_a_loss_is_that_of_a_search_with_the_change(monkeypatch: pytest.MonkeyPatch, seed: int, goal: Goal) -> None:
    if seed % 2:
        monkeypatch.setattr(explain, "_REACH", 1)
    rules = replace(OPEN, min_score=0.3, min_seniority_gap=2)
    market = company(7, 6, seed, capacity=3, goal=goal, rules=rules)
    if seed % 3 == 0:
        first = solve(market).pairs[0]
        market = replace(market, pinned=[(first.mentor, first.mentee)])
    best = solve(market)
    pairs = named(best)
    for pair in set(pairs) - set(market.pinned):
        without = solve(replace(market, rejected=[pair]))
        assert parting(market, proof(best), pairs, *pair).cost == best.objective - without.objective
    scores = eligible(market)
    places = {(p.id, p.role): p.capacity for p in market.participants}
    for mentor, mentee in market.pinned:
        places[mentor, "mentor"] -= 1
        places[mentee, "mentee"] -= 1
    forced = 0
    for row, col in np.argwhere(scores >= 0).tolist():
        pair = market.mentors[col].id, market.mentees[row].id
        if pair not in pairs and places[pair[0], "mentor"] and places[pair[1], "mentee"]:
            pinned = solve(replace(market, pinned=[*market.pinned, pair]))
            assert forcing(market, proof(best), pairs, *pair) == best.objective - pinned.objective
            forced += 1
    assert forced


def test_the_next_partners_are_those_of_the_search_without_the_pair() -> None:
    market = company(60, 60, 4)
    best = solve(market)
    partners = {}
    for pair in named(best)[:12]:
        found = parting(market, proof(best), named(best), *pair)
        without = solve(replace(market, rejected=[pair]))
        assert best.objective - found.cost == without.objective
        partners[pair] = (found, dict(named(without)).get(pair[0]))
    assert any(found.mentor_next is not None for found, _ in partners.values())
    assert all(found.mentor_next == again for found, again in partners.values() if found.cost)


def test_a_market_that_has_changed_is_stale() -> None:
    market = company(30, 30, 6)
    best = solve(market)
    pair = named(best)[0]
    gone = replace(market, participants=[p for p in market.participants if p.id != pair[1]])
    with pytest.raises(Stale):
        parting(gone, proof(best), named(best), *pair)
    other = replace(market, rejected=[pair])
    with pytest.raises(Stale):
        forcing(other, proof(best), named(best), *named(best)[1])


@settings(max_examples=tries(100), deadline=None)
@given(tiny())
def test_the_checker_accepts_every_solution(market: Market) -> None:
    solution = solve(market)
    verdict = checked(market, solution)
    assert verdict.accepted, verdict.faults
    assert verdict.objective == solution.objective
    assert verdict.worth == verdict.bound


def test_the_checker_names_what_is_wrong() -> None:
    market = company(40, 40, 2)
    solution = solve(market)
    rows = [(p.mentor, p.mentee, p.score) for p in solution.pairs]
    (a, b, worth), *rest = rows

    def told(pairs: Any, **more: Any) -> str:
        verdict = checked(market, solution, pairs=pairs, **more)
        assert not verdict.accepted
        return " · ".join(verdict.faults)

    assert "the score is" in told([(a, b, worth + 1), *rest])
    assert "named twice" in told([*rows, rows[0]])
    assert "not both take part" in told([("nobody", b, 1), *rest])
    assert "is worth" in told(rest)
    assert "is below" in told(rows, least=900_000)
    strict = replace(market, rules=replace(market.rules, min_score=0.7), floor=True)
    assert "is below 700000" in " · ".join(checked(strict, solution, least=0).faults)
    assert "no price" in told(rows, mentor_prices={a: -1})
    assert "no such person" in told(rows, mentor_prices={**solution.mentor_prices, "x": 1})
    assert "is worth" in told(rows, mentor_prices={id: v + 1 for id, v in solution.mentor_prices.items()})
    assert "is worth" in told(rows, mentor_prices={}, mentee_prices={})
    forbidden = next(
        (m.id, e.id, 1) for m in market.mentors for e in market.mentees
        if eligible(market)[market.mentee_index[e.id], market.mentor_index[m.id]] < 0
    )  # fmt: skip
    assert "against the rule" in told([forbidden, *rows])
    assert "places" in told([*rows, (a, rest[0][1], 1)])


def test_after_drop_outs_those_who_can_stay_mostly_do() -> None:
    market = company(120, 120, 9)
    before = set(named(solve(market)))
    left = {a for a, _ in sorted(before)[:4]}
    remaining = replace(market, participants=[p for p in market.participants if p.id not in left])
    free = set(named(solve(remaining)))
    bound = solve(replace(remaining, stay=sorted(before)))
    assert len(before - set(named(bound))) < len(before - free)
    assert bound.objective > 0.98 * solve(remaining).objective
    assert checked(replace(remaining, stay=sorted(before)), bound).accepted


def test_a_stay_bonus_of_nothing_changes_nothing() -> None:
    market = company(40, 40, 3)
    stay = [(p.mentor, p.mentee) for p in solve(company(40, 40, 3, rejected=named(solve(market)))).pairs]
    assert named(solve(replace(market, stay=stay, stay_bonus=0.0))) == named(solve(market))
    assert named(solve(replace(market, stay=stay, stay_bonus=1.0))) != named(solve(market))


@pytest.mark.parametrize("alpha", [0.5, 1.0, 2.0])
def test_fairness_lifts_the_lowest_at_some_cost_to_the_sum(alpha: float) -> None:
    market = company(80, 80, 8)
    plain, fairer = solve(market), solve(replace(market, fairness=alpha))
    assert fairer.objective <= plain.objective
    lowest = [sorted(p.score for p in solution.pairs)[:8] for solution in (plain, fairer)]
    assert sum(lowest[1]) >= sum(lowest[0])
    assert checked(replace(market, fairness=alpha), fairer).accepted


def test_a_raised_floor_leaves_nobody_out_and_no_pair_below() -> None:
    market = company(50, 50, 12)
    most = solve(replace(market, goal="coverage"))
    raised = solve(replace(market, floor=True))
    assert len(raised.pairs) == len(most.pairs)
    assert min(p.score for p in raised.pairs) >= raised.least > most.least
    assert min(p.score for p in raised.pairs) >= min(p.score for p in most.pairs)
    higher = solve(replace(market, goal="coverage", rules=replace(market.rules, min_score=raised.least / 1e6 + 0.0011)))
    assert len(higher.pairs) < len(most.pairs)
    assert checked(replace(market, floor=True), raised).accepted


def test_a_stopped_search_keeps_its_best_with_the_gap_that_it_had_proven() -> None:
    market = company(60, 50, 5, capacity=2)
    heard: list[Best] = []
    whole = solve(market, on_best=heard.append)
    assert heard[-1].gap == 0
    kept = rebuild(market, Best(heard[-1].pairs[:-3], 0.25, 1))
    assert not kept.proven
    assert len(kept.pairs) == len(whole.pairs) - 3
    assert kept.bound >= whole.objective
    assert rebuild(market, heard[-1]).pairs == whole.pairs
