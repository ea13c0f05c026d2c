"""The tiles say of every pair what `score` and `rules` say of it alone, however people and tiles are cut."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.test_solver import company
from support.tries import tries

from vuoro.matching.engine import grid, solve
from vuoro.matching.engine.grid import Grid, eligible, without_rules
from vuoro.matching.engine.market import Market, Participant, Rules, Weights
from vuoro.matching.engine.rules import Rulebook
from vuoro.matching.engine.score import score, to_integer

DAY = date(2026, 12, 1)
names = st.sampled_from([None, "", "a", "b", "c"])
slugs = st.sampled_from(["x", "y", "z"])


others = st.frozensets(st.sampled_from([f"p{n}" for n in range(10)]), max_size=2)


def person(role: Any, number: int) -> st.SearchStrategy[Participant]:
    return st.builds(
        Participant,
        id=st.just(f"p{number}"), role=st.just(role), team=names, department=names, division=names, site=names,
        time_zone=st.sampled_from([None, "", "Europe/Helsinki", "Asia/Kolkata", "America/New_York"]),
        job_level=st.none() | st.integers(0, 12), hire_on=st.none() | st.just(DAY - timedelta(days=100)),
        languages=st.dictionaries(st.sampled_from(["fi", "sv", "en"]), st.integers(0, 4)),
        preferred_language=st.sampled_from([None, "fi", "de"]),
        skills_offered=st.dictionaries(slugs, st.integers(1, 5)),
        skills_sought=st.dictionaries(slugs, st.tuples(st.integers(1, 5), st.integers(1, 3))),
        topics=st.frozensets(slugs), preferred=others, excluded=others, past=others,
    )  # fmt: skip


def people(role: Any, first: int) -> st.SearchStrategy[list[Participant]]:
    """None to five of them. Strategies made once: to make them takes longer than to draw."""
    each = [person(role, first + i) for i in range(5)]
    crowds = [st.tuples(*each[:n]).map(list) for n in range(6)]
    return st.integers(0, 5).flatmap(crowds.__getitem__)


markets = st.builds(
    lambda mentors, mentees, managers, weights, rules: Market(
        [*mentors, *mentees],
        [(f"p{i}", manager) for i, manager in enumerate(managers)],
        DAY,
        weights=Weights(*weights),
        rules=rules,
    ),
    people("mentor", 0),
    people("mentee", 5),
    st.lists(st.sampled_from([None, "p0", "p3", "p6", "gone"]), min_size=10, max_size=10),
    st.lists(st.sampled_from([0.0, 0.05, 0.3, 2.0]), min_size=8, max_size=8).filter(any),
    st.builds(
        Rules,
        min_seniority_gap=st.integers(-12, 4), min_language_level=st.integers(0, 3), different_team=st.booleans(),
        reporting_line=st.booleans(), min_tenure_months=st.sampled_from([0, 6]),
        top_exempt_distance=st.sampled_from([0, 2]), min_score=st.sampled_from([0.0, 0.2]),
    ),
)  # fmt: skip


def one_by_one(market: Market) -> Any:
    """The same as `eligible`, pair by pair."""
    least, allowed = to_integer(market.rules.min_score), Rulebook(market).allowed(slice(0, len(market.mentees)))
    worth = np.array([[score(market, mentor, mentee) for mentor in market.mentors] for mentee in market.mentees])
    worth = worth.reshape(allowed.shape)
    return np.where(allowed & (worth >= least), worth, -1)


@pytest.mark.parametrize(
    ("lines", "joined", "rows", "cols"), [(4, 96, 64, 1024), (10**9, 96, 2, 3), (0, 1, 3, 2), (1, 2, 1, 1)]
)
@settings(max_examples=tries(60), deadline=None)
@given(market=markets)
def test_tiles_agree_with_the_pairs_one_by_one(lines: int, joined: int, rows: int, cols: int, market: Market) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("_CELLS_A_LINE", lines), ("_JOINED", joined), ("ROWS", rows), ("COLS", cols)):
            patch.setattr(grid, name, value)
        found = eligible(market)
    assert np.array_equal(found, one_by_one(market))


def test_a_department_without_a_division_tells_nothing_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "_JOINED", 1)
    market = company(6, 6, 3)
    market = replace(market, participants=[replace(p, division="", department=p.id[-1]) for p in market.participants])
    assert np.array_equal(eligible(market), one_by_one(market))
    assert (eligible(market) >= 0).any()


def whole(market: Market) -> Grid:
    n, m = len(market.mentees), len(market.mentors)
    return Grid(market, Rulebook(market), np.ones(n, np.int64), np.ones(m, np.int64))


def test_rows_columns_and_single_pairs_are_cut_from_the_same_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "ROWS", 7)
    monkeypatch.setattr(grid, "COLS", 9)
    market = company(30, 25, 5)
    cut = whole(market)
    raw = np.zeros(cut.shape)
    for low, left, tile in cut.tiles():
        raw[low : low + tile.shape[0], left : left + tile.shape[1]] = tile
    some = np.array([3, 4, 20])
    assert np.allclose(cut.of_rows(some), raw[some])
    assert np.allclose(cut.of_columns(some), raw[:, some])
    row, col = (np.array(Random(1).choices(range(25), k=40)) for _ in range(2))
    assert np.array_equal(cut.at(row, col), np.floor(raw[row, col]))
    minus = np.arange(cut.shape[1]) * 1000.0
    for low, left, tile in cut.tiles(minus):
        at = slice(left, left + tile.shape[1])
        assert np.allclose(tile, raw[low : low + tile.shape[0], at] - minus[at])


def test_rough_tiles_are_off_by_a_few_millionths_and_keep_every_rule() -> None:
    cut = whole(company(90, 80, 11))
    minus = np.linspace(-1_000_000, 1_000_000, cut.shape[1])
    exact, rough = (
        np.concatenate([tile.ravel() for _, _, tile in cut.tiles(minus, rough=rough)]) for rough in (False, True)
    )
    assert (rough.dtype, exact.dtype) == (np.float32, np.float64)
    allowed = exact > grid.OUT / 2
    assert np.array_equal(rough > grid.OUT / 2, allowed)
    assert 0 < np.abs(rough - exact)[allowed].max() < grid.ROUGH
    assert not allowed.all()


def test_a_sweep_finds_the_same_whatever_the_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    def good(cut: Grid) -> list[int]:
        def keys(found: grid.Tile) -> Any:
            low, left, tile = found
            row, col = np.nonzero(tile >= cut.least)
            return (left + col) * cut.shape[0] + low + row

        return sorted(np.concatenate(cut.sweep(keys)).tolist())

    market = company(30, 25, 5)
    at_once = good(whole(market))
    monkeypatch.setattr(grid, "ROWS", 7)
    monkeypatch.setattr(grid, "COLS", 9)
    assert at_once == good(whole(market))
    row, col = np.nonzero(eligible(market) >= 0)
    assert at_once == sorted((col * 25 + row).tolist())


@pytest.mark.parametrize("rank", [1, 2, 5])
def test_what_so_many_reach_is_the_score_of_that_rank(monkeypatch: pytest.MonkeyPatch, rank: int) -> None:
    monkeypatch.setattr(grid, "ROWS", 7)
    monkeypatch.setattr(grid, "COLS", 9)
    market = replace(company(30, 25, 5), rules=Rules(different_team=False, reporting_line=False))
    cut = whole(
        replace(market, participants=[replace(p, preferred=frozenset(), past=frozenset()) for p in market.participants])
    )
    raw = np.vstack([np.hstack([tile for low, _, tile in cut.tiles() if low == row]) for row in range(0, 25, 7)])
    some = np.array([0, 3, 8, 9, 17, 24])
    by_row, by_col = (np.sort(raw[:, some], axis=1)[:, -rank], np.sort(raw[some], axis=0)[-rank])
    here = by_row > grid.OUT / 2
    assert np.allclose(cut.reached_by_row(some, rank, 0.0)[here], by_row[here], atol=grid.ROUGH)
    here = by_col > grid.OUT / 2
    assert np.allclose(cut.reached_by_column(some, rank, 0.0)[here], by_col[here], atol=grid.ROUGH)


def test_equal_scores_are_told_apart_for_each_person_in_another_order() -> None:
    people = [
        Participant(f"{role}{i}", role, job_level=5, languages={"fi": 4}) for role in ("mentor", "mentee")
        for i in range(12)
    ]  # fmt: skip
    alike = whole(Market(people, [], DAY, rules=Rules(min_seniority_gap=0, reporting_line=False)))
    ((_, _, plain),) = alike.tiles()
    ((_, _, spread),) = alike.tiles(spread=0.2)
    assert len(np.unique(plain)) == 1
    assert np.abs(spread - plain).max() <= 0.2
    assert all(len(np.unique(line)) == 12 for line in [*spread, *spread.T])
    assert len({tuple(np.argsort(line)) for line in spread}) == 12


def test_a_score_is_known_whatever_rule_forbids_the_pair() -> None:
    market = company(20, 20, 2)
    cut = whole(market)
    row, col = (side.ravel() for side in np.indices(cut.shape))
    real = [
        score(market, market.mentors[cut.mentors[b]], market.mentees[cut.mentees[a]])
        for a, b in zip(row, col, strict=True)
    ]
    assert (cut.at(row, col) < 0).any()
    assert np.abs(without_rules(cut.at(row, col).astype(float)) - real).max() <= 1


def binding(failing: dict[str, Any], side: str, at: int) -> str:
    """The rule that alone keeps most others from this person, or else the one that keeps most."""
    rules = {code: where[at] if side == "mentee" else where[:, at] for code, where in failing.items()}
    pairs = list(zip(*rules.values(), strict=True))
    if not pairs:
        return "nobody_there"
    if not all(any(pair) for pair in pairs):
        return "all_taken"
    alone = [sum(pair[k] and sum(pair) == 1 for pair in pairs) for k in range(len(rules))]
    kept = [sum(pair[k] for pair in pairs) for k in range(len(rules))]
    best = max(range(len(rules)), key=lambda k: (alone[k], kept[k], -k))
    return list(rules)[best]


def failing(market: Market) -> dict[str, Any]:
    """Each rule that can fail, and for which pairs it does; the score, last, where both are in somebody's reach."""
    book = Rulebook(market)
    rules: dict[str, Any] = book.failing(slice(None), slice(None))
    worth = [[score(market, mentor, mentee) for mentor in market.mentors] for mentee in market.mentees]
    low = np.array(worth).reshape(book.shape) < to_integer(market.rules.min_score)
    rules["score_too_low"] = low & ~book.out_mentee[:, None] & ~book.out_mentor[None]
    return rules


@pytest.mark.parametrize("many", [0, 5_000])
@settings(max_examples=tries(150), deadline=None)
@given(market=markets)
def test_whoever_stays_alone_hears_the_rule_that_binds_pair_by_pair(many: int, market: Market) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solve, "_MANY", many)
        alone = solve.solve(market).unmatched
    rules = failing(market)
    for left in alone:
        at = (market.mentor_index if left.role == "mentor" else market.mentee_index)[left.person]
        assert left.rule == binding(rules, left.role, at)


def test_people_without_a_place_or_against_a_rule_alone_are_left_out() -> None:
    market = replace(company(10, 10, 1), rules=Rules(min_tenure_months=6))
    first, *rest = market.participants
    new = [replace(p, hire_on=DAY) if p.id == "p00019" else p for p in rest]
    market = replace(market, participants=[replace(first, capacity=0), *new])
    places = [np.array([p.capacity for p in side]) for side in (market.mentees, market.mentors)]
    cut = Grid(market, Rulebook(market), *places)
    assert cut.shape == (9, 9)
    assert market.mentee_index["p00000"] not in cut.mentees
    assert market.mentor_index["p00019"] not in cut.mentors
