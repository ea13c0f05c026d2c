from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from support.tries import tries

from vuoro.matching.engine import candidates, flow, grid
from vuoro.matching.engine.explain import failing_rule
from vuoro.matching.engine.grid import eligible
from vuoro.matching.engine.market import (
    SCALE,
    Goal,
    Market,
    MarketError,
    Participant,
    Rules,
    Weights,
)
from vuoro.matching.engine.rules import Rulebook
from vuoro.matching.engine.score import score
from vuoro.matching.engine.solution import MatchedPair, Progress, Solution
from vuoro.matching.engine.solve import solve

DAY = date(2026, 12, 1)
OPEN = Rules(min_seniority_gap=0, reporting_line=False, min_score=0.0)


def company(mentors: int, mentees: int, seed: int, capacity: int = 1, **changes: Any) -> Market:
    """Random people below a tree of managers; about half of the pairs are eligible."""
    r = Random(seed)
    n = mentors + mentees
    edges = [(f"p{i:05}", f"p{(i - 1) // 4:05}" if i else None) for i in range(n)]
    people = [
        Participant(
            id=f"p{i:05}",
            role="mentee" if i < mentees else "mentor",
            capacity=r.randint(0, capacity) if capacity > 1 else 1,
            team=f"t{r.randrange(n)}",
            division=r.choice("abc"),
            department=r.choice("xyz"),
            site=r.choice("ABCD"),
            time_zone=r.choice(["Europe/Helsinki", "Asia/Singapore"]),
            job_level=r.randint(5, 9) if i < mentees else r.randint(1, 4),
            languages={code: r.randint(1, 4) for code in r.sample(["fi", "sv", "en"], 2)},
            skills_offered={s: r.randint(1, 5) for s in r.sample("abcdefgh", 3)},
            skills_sought={s: (r.randint(1, 5), r.randint(1, 3)) for s in r.sample("abcdefgh", 3)},
            topics=frozenset(r.sample("abcdefgh", 3)),
            preferred=frozenset({f"p{r.randrange(n):05}"}),
            past=frozenset({f"p{r.randrange(n):05}"}),
        )
        for i in range(n)
    ]
    return Market(people, edges, DAY, **changes)


def check(market: Market, solution: Solution) -> None:
    """No rule broken, nobody over capacity, no pair twice, and the books balance."""
    pairs = [(p.mentor, p.mentee) for p in solution.pairs]
    assert len(set(pairs)) == len(pairs)
    assert set(market.pinned) <= set(pairs)
    assert {(p.mentor, p.mentee) for p in solution.pairs if p.pinned} == set(market.pinned)
    book = Rulebook(market)
    for pair in solution.pairs:
        mentor = market.mentors[market.mentor_index[pair.mentor]]
        mentee = market.mentees[market.mentee_index[pair.mentee]]
        assert pair.pinned or failing_rule(market, pair.mentor, pair.mentee, book) is None
        assert score(market, mentor, mentee) == pair.score
    for side, people in (("mentor", market.mentors), ("mentee", market.mentees)):
        load = [getattr(p, side) for p in solution.pairs]
        assert all(load.count(p.id) <= p.capacity for p in people)
        alone = {u.person for u in solution.unmatched if u.role == side}
        assert alone == {p.id for p in people if p.capacity and p.id not in load}
    assert solution.objective == sum(p.score for p in solution.pairs)
    assert solution.proven
    assert solution.bound == solution.objective


def brute(market: Market) -> tuple[int, int]:
    """The best of all matchings: (pairs counted for the goal, sum of scores), pins included."""
    book = Rulebook(market)
    scores = np.array([[score(market, mentor, mentee) for mentor in market.mentors] for mentee in market.mentees])
    good = [
        (row, col)
        for row, mentee in enumerate(market.mentees)
        for col, mentor in enumerate(market.mentors)
        if failing_rule(market, mentor.id, mentee.id, book) is None
    ]
    pins = {(market.mentee_index[b], market.mentor_index[a]) for a, b in market.pinned}
    free = [cell for cell in good if cell not in pins]

    def fits(chosen: tuple[tuple[int, ...], ...]) -> bool:
        rows, cols = [r for r, _ in chosen], [c for _, c in chosen]
        return all(rows.count(i) <= p.capacity for i, p in enumerate(market.mentees)) and all(
            cols.count(i) <= p.capacity for i, p in enumerate(market.mentors)
        )

    def every() -> Iterator[tuple[int, int]]:
        fixed = tuple(pins)
        for size in range(len(free) + 1):
            fitting = [c for c in combinations(free, size) if fits(fixed + c)]
            if not fitting and size:
                return
            for chosen in fitting:
                everyone = fixed + chosen
                yield (
                    len(everyone) if market.goal == "coverage" else 0,
                    sum(int(scores[cell]) for cell in everyone),
                )

    return max(every())


@st.composite
def tiny(draw: st.DrawFn) -> Market:
    mentors, mentees = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    levels = st.integers(1, 9)
    people = []
    for i in range(mentors + mentees):
        people.append(
            Participant(
                id=f"p{i}",
                role="mentor" if i < mentors else "mentee",
                capacity=draw(st.integers(0, 3)),
                job_level=draw(levels),
                languages={"fi": 3},
                topics=draw(st.frozensets(st.sampled_from("abc"))),
                site=draw(st.sampled_from("AB")),
                excluded=draw(st.sampled_from([frozenset(), frozenset({"p0"}), frozenset({"p3"})])),
            )
        )
    goal: Goal = draw(st.sampled_from(["total", "coverage"]))
    gap, least = draw(st.sampled_from([-9, 0])), draw(st.sampled_from([0, 0.2]))
    rules = replace(OPEN, min_seniority_gap=gap, min_score=least)
    market = Market(people, [], DAY, rules=rules, goal=goal)
    pairs = [(a.id, b.id) for a in market.mentors for b in market.mentees]
    if not pairs:
        return market
    book = Rulebook(market)
    left = {p.id: p.capacity for p in people}
    pinned = []
    for a, b in draw(st.lists(st.sampled_from(pairs), max_size=2, unique=True)):
        allowed = book.allowed(slice(0, mentees))[market.mentee_index[b], market.mentor_index[a]]
        if allowed and left[a] and left[b]:
            left[a] -= 1
            left[b] -= 1
            pinned.append((a, b))
    rejected = draw(st.lists(st.sampled_from(pairs), max_size=2, unique=True))
    return replace(market, pinned=pinned, rejected=[p for p in rejected if p not in pinned])


@settings(max_examples=tries(400), deadline=None)
@given(tiny())
def test_no_matching_of_a_tiny_market_is_better(market: Market) -> None:
    solution = solve(market)
    check(market, solution)
    counted = len(solution.pairs) if market.goal == "coverage" else 0
    assert (counted, solution.objective) == brute(market)


@pytest.mark.parametrize("goal", ["total", "coverage"])
@pytest.mark.parametrize("seed", range(3))
def test_candidates_lose_nothing_however_few_they_are(monkeypatch: pytest.MonkeyPatch, goal: Goal, seed: int) -> None:
    market = company(60, 50, seed, capacity=3, goal=goal)
    full = solve(market)
    monkeypatch.setattr(candidates, "BEST", 1)
    monkeypatch.setattr(grid, "ROWS", 7)
    monkeypatch.setattr(grid, "COLS", 9)
    monkeypatch.setattr(grid, "_CELLS_A_LINE", 1)
    monkeypatch.setattr(grid, "_JOINED", 3)
    heard: list[Progress] = []
    few = solve(market, heard.append)
    check(market, few)
    assert few.rounds > 1
    assert few.objective == full.objective
    assert goal == "total" or len(few.pairs) == len(full.pairs)
    proofs = [p for p in heard if p.phase == "proving"]
    assert all(p.bound is not None and p.gap is not None for p in proofs)
    assert proofs[-1].gap == 0
    if goal == "total":
        assert all(p.bound is not None and p.bound >= full.objective for p in proofs)


def test_scipy_finds_the_same_sum_where_everybody_has_one_place() -> None:
    market = company(200, 200, 5)
    scores = np.maximum(eligible(market), 0)
    rows, cols = linear_sum_assignment(scores, maximize=True)
    solution = solve(market)
    check(market, solution)
    assert solution.objective == scores[rows, cols].sum()


@pytest.mark.parametrize("goal", ["total", "coverage"])
def test_a_market_of_hundreds_is_sound(goal: Goal) -> None:
    market = company(500, 300, 11, capacity=2, goal=goal)
    solution = solve(market)
    check(market, solution)
    assert solution.mentors == 500
    assert solution.mentees == 300
    assert len(solution.pairs) > 100
    assert len(solution.pairs) <= solution.places


def test_prices_prove_the_matching() -> None:
    market = company(80, 70, 3, capacity=3)
    solution = solve(market)
    scores = eligible(market).astype(np.int64)
    mentor = np.array([solution.mentor_prices[p.id] for p in market.mentors])
    mentee = np.array([solution.mentee_prices[p.id] for p in market.mentees])
    over = scores - mentor[None, :] - mentee[:, None]
    over[scores < 0] = 0
    over[[p.capacity == 0 for p in market.mentees], :] = 0
    over[:, [p.capacity == 0 for p in market.mentors]] = 0
    assert min(mentor.min(), mentee.min()) >= 0
    places = sum(p.capacity * int(v) for p, v in zip(market.mentors, mentor, strict=True))
    places += sum(p.capacity * int(v) for p, v in zip(market.mentees, mentee, strict=True))
    assert places + over[over > 0].sum() == solution.objective


def test_the_same_people_in_another_order_give_the_same_answer() -> None:
    market = company(40, 30, 2, capacity=2)
    people = list(market.participants)
    Random(4).shuffle(people)
    assert solve(replace(market, participants=people)) == solve(market)


def test_coverage_makes_one_pair_more_even_for_a_lower_sum() -> None:
    def person(name: str, role: Any, **more: Any) -> Participant:
        return Participant(name, role, job_level=1, languages={"fi": 4}, **more)

    # m suits e perfectly, f can only meet m, and n suits e badly: 2 pairs are worth less than 1.
    everything = frozenset("a")
    people = [
        person("m", "mentor", topics=everything),
        person("n", "mentor", excluded=frozenset({"f"})),
        person("e", "mentee", topics=everything),
        person("f", "mentee", topics=frozenset("z")),
    ]
    none = dict.fromkeys(("skills", "time_zone", "seniority", "department", "preference"), 0.0)
    weights = Weights(topics=0.9, language=0.1, **none)
    market = Market(people, [], DAY, rules=OPEN, weights=weights)
    total, coverage = solve(market), solve(replace(market, goal="coverage"))
    assert [(p.mentor, p.mentee, p.score) for p in total.pairs] == [("m", "e", SCALE)]
    assert [(p.mentor, p.mentee) for p in coverage.pairs] == [("m", "f"), ("n", "e")]
    assert coverage.objective == SCALE // 5


def test_pins_are_left_out_of_every_block(monkeypatch: pytest.MonkeyPatch) -> None:
    market = company(12, 10, 9, capacity=3)
    found = solve(market).pairs
    pinned = [(p.mentor, p.mentee) for p in found[:1] + found[-1:]]
    monkeypatch.setattr(grid, "ROWS", 1)
    monkeypatch.setattr(grid, "COLS", 1)
    again = solve(replace(market, pinned=pinned))
    check(replace(market, pinned=pinned), again)
    assert again.objective == sum(p.score for p in found)


def one(mentor: dict[str, Any] | None = None, mentee: dict[str, Any] | None = None, **changes: Any) -> Market:
    a = Participant("m", "mentor", job_level=1, languages={"fi": 4}, topics=frozenset("a"))
    b = Participant("e", "mentee", job_level=6, languages={"fi": 4}, topics=frozenset("a"))
    people = [replace(a, **(mentor or {})), replace(b, **(mentee or {}))]
    return replace(Market(people, [("m", None), ("e", None)], DAY), **changes)


def test_a_pair_is_returned_with_its_reasons() -> None:
    solution = solve(one())
    (pair,) = solution.pairs
    assert isinstance(pair, MatchedPair)
    assert pair.score == round(SCALE * (0.20 + 0.08 + 0.05))
    assert (pair.pinned, pair.top_exempt) == (False, False)
    assert sum(c.points for c in pair.components) == pytest.approx(33)
    assert solution.unmatched == ()
    assert "reporting_line" in solution.checks


def test_a_pair_with_the_head_of_everyone_is_marked() -> None:
    edges = [("e", None), ("x", "e"), ("y", "x"), ("m", "y")]
    (pair,) = solve(one(edges=edges, rules=Rules(top_exempt_distance=3))).pairs
    assert pair.top_exempt


@pytest.mark.parametrize(
    ("market", "rule"),
    [
        (one(rules=Rules(min_score=0.5)), "score_too_low"),
        (one(edges=[("m", None), ("e", "ghost")]), "unknown_line"),
        (one({"job_level": 5}), "seniority_gap"),
        (one({"job_level": 5, "languages": {}}), "no_shared_language"),
        (one(rejected=[("m", "e")]), "rejected"),
    ],
)
def test_whoever_stays_without_a_pair_hears_the_rule_that_binds(market: Market, rule: str) -> None:
    solution = solve(market)
    assert solution.pairs == ()
    told = [(u.person, u.role, u.rule) for u in solution.unmatched]
    assert told == [("m", "mentor", rule), ("e", "mentee", rule)]
    assert solution.objective == 0


def test_whoever_fits_but_comes_second_hears_that_all_are_taken() -> None:
    market = one()
    second = replace(market.participants[0], id="n", topics=frozenset())
    market = replace(market, participants=[*market.participants, second], rules=replace(OPEN, min_score=0.0))
    (left,) = solve(market).unmatched
    assert (left.person, left.rule) == ("n", "all_taken")


def test_a_side_without_anybody_leaves_the_other_alone() -> None:
    market = one()
    lonely = solve(replace(market, participants=market.participants[:1]))
    assert [(u.person, u.rule) for u in lonely.unmatched] == [("m", "nobody_there")]
    assert solve(replace(market, participants=market.participants[1:])).unmatched[0].rule == "nobody_there"
    assert solve(replace(market, participants=[])).pairs == ()


def test_the_first_broken_rule_is_told_and_then_the_score() -> None:
    assert failing_rule(one(), "m", "e") is None
    assert failing_rule(one({"job_level": 5}), "m", "e") == "seniority_gap"
    low = one(rules=Rules(min_score=0.5))
    assert failing_rule(low, "m", "e", Rulebook(low)) == "score_too_low"
    assert (eligible(low) < 0).all()


def test_a_pin_stands_even_with_a_low_score_but_never_against_a_rule() -> None:
    (pair,) = solve(one(rules=Rules(min_score=0.5), pinned=[("m", "e")])).pairs
    assert pair.pinned
    with pytest.raises(MarketError) as error:
        solve(one({"job_level": 5}, pinned=[("m", "e")]))
    assert (error.value.place, error.value.code) == ("pinned[0]", "pinned_against_rule")
    assert error.value.params["rule"] == "seniority_gap"


def test_progress_only_grows_and_ends_with_a_proof() -> None:
    heard: list[Progress] = []
    solve(company(60, 50, 1), heard.append)
    fractions = [p.fraction for p in heard]
    assert fractions == sorted(fractions)
    assert heard[0].phase == "reading"
    assert (heard[-1].phase, heard[-1].fraction, heard[-1].gap) == ("done", 1.0, 0.0)


def test_a_matching_that_is_not_optimal_has_no_prices() -> None:
    zeros = np.zeros(2, np.int64)
    arcs = flow.Arcs(zeros, np.arange(2), np.array([5, 9]))
    one_place = np.ones(1, np.int64)
    with pytest.raises(RuntimeError, match="below zero"):
        flow.prices(arcs, np.array([True, False]), one_place, np.ones(2, np.int64))
    with pytest.raises(RuntimeError, match="has a price"):
        flow.prices(arcs, np.array([False, False]), one_place, np.ones(2, np.int64))


def test_a_flow_without_an_answer_is_an_error() -> None:
    arcs = flow.Arcs(np.zeros(1, np.int64), np.zeros(1, np.int64), np.array([1 << 62]))
    with pytest.raises(RuntimeError, match="flow ended"):
        flow.flow(arcs, np.ones(1, np.int64), np.ones(1, np.int64))
