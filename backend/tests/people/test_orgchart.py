from collections.abc import Iterable
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tries import tries

from vuoro.people.orgchart import OrgChart

#         ceo
#       /     \
#     cfo     cto
#      |      /  \
#     acc   dev   ops
#            |
#          junior
TREE = [
    ("ceo", None), ("cfo", "ceo"), ("cto", "ceo"), ("acc", "cfo"), ("dev", "cto"), ("ops", "cto"),
    ("junior", "dev"),
]  # fmt: skip


def test_a_manager_is_related_to_everyone_below_through_any_chain() -> None:
    chart = OrgChart(TREE)
    assert chart.related("ceo", "junior")
    assert chart.related("junior", "cto")
    assert not chart.related("cfo", "junior")
    assert not chart.related("dev", "ops")


def test_a_person_is_not_above_themself() -> None:
    assert not OrgChart(TREE).related("cto", "cto")


def test_somebody_outside_the_directory_is_related_to_nobody_and_has_an_unknown_line() -> None:
    chart = OrgChart(TREE)
    assert not chart.related("ghost", "junior")
    assert not chart.related("ceo", "ghost")
    assert chart.steps_above("ghost", "junior") is None
    assert chart.line("ghost") == "unknown"
    assert "ghost" not in chart
    assert "junior" in chart


def test_steps_are_counted_along_the_shortest_chain() -> None:
    chart = OrgChart(TREE, [("junior", "ceo")])
    assert OrgChart(TREE).steps_above("ceo", "junior") == 3
    assert chart.steps_above("ceo", "junior") == 1
    assert chart.steps_above("cto", "junior") == 2
    assert chart.steps_above("junior", "cto") is None
    assert chart.steps_above("cto", "cto") is None


def test_a_dotted_manager_and_everyone_above_them_is_above() -> None:
    chart = OrgChart(TREE, [("dev", "acc")])
    assert chart.related("junior", "acc")
    assert chart.related("junior", "cfo")
    assert not chart.related("ops", "cfo")


def test_dotted_lines_chain_from_one_to_the_next() -> None:
    chart = OrgChart([*TREE, ("board", None), ("chair", "board")], [("dev", "acc"), ("cfo", "chair")])
    assert chart.related("junior", "board")
    assert chart.steps_above("board", "junior") == 5
    assert chart.line("cfo") == "known"


def test_a_second_manager_of_a_person_counts_too() -> None:
    chart = OrgChart([*TREE, ("junior", "acc"), ("junior", "dev")])
    assert chart.related("junior", "cfo")
    assert chart.related("junior", "dev")


def test_a_manager_who_is_not_in_the_directory_makes_the_line_unknown_for_everyone_below() -> None:
    chart = OrgChart([("a", "ghost"), ("b", "a"), ("c", "b"), ("x", None)], [("y", "a")])
    assert [chart.line(p) for p in "abcx"] == ["unknown", "unknown", "unknown", "top"]
    assert chart.unknown(["a", "x", "ghost"]).tolist() == [True, False, True]


def test_an_unknown_dotted_manager_makes_the_line_unknown_too() -> None:
    chart = OrgChart([*TREE, ("pal", "cfo")], [("cto", "ghost"), ("pal", "ops")])
    assert chart.line("junior") == "unknown"
    assert chart.line("pal") == "unknown"
    assert chart.line("acc") == "known"


def test_people_named_as_unknown_are_unknown_even_at_the_top() -> None:
    assert OrgChart(TREE, unknown={"ceo", "ghost"}).line("ceo") == "unknown"


def test_somebody_without_any_manager_is_a_top() -> None:
    chart = OrgChart([*TREE, ("chair", None), ("founder", None)], [("founder", "chair")])
    assert chart.line("ceo") == "top"
    assert chart.line("cto") == "known"
    assert chart.line("founder") == "known"


def test_circles_of_managers_are_named_and_unknown_and_still_related() -> None:
    chart = OrgChart([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("self", "self"), ("x", None)])
    assert sorted(map(sorted, chart.cycles())) == [["a", "b", "c"], ["self"]]
    circle = next(c for c in chart.cycles() if len(c) == 3)
    managers = {"a": "b", "b": "c", "c": "a"}
    assert all(managers[low] == high for low, high in pairwise(circle))
    assert [chart.line(p) for p in ("a", "d", "self", "x")] == ["unknown", "unknown", "unknown", "top"]
    assert chart.related("a", "c")
    assert chart.related("c", "d")
    assert not chart.related("a", "a")
    assert not chart.related("self", "x")


def test_a_dotted_line_to_oneself_or_from_a_stranger_is_nothing() -> None:
    chart = OrgChart(TREE, [("cto", "cto"), ("stranger", "cto")])
    assert chart.line("cto") == "known"
    assert not chart.related("stranger", "cto")


def test_an_empty_directory_is_a_chart() -> None:
    chart = OrgChart[str]([])
    assert chart.cycles() == []
    assert chart.conflicts([("a", "b")]) == []
    assert chart.blocked_matrix(["a"], ["b"]).tolist() == [[False]]


def test_the_top_may_meet_those_far_enough_below() -> None:
    chart = OrgChart(TREE)
    mentors, mentees = ["junior", "dev", "acc"], ["ceo", "cto"]
    assert chart.blocked_matrix(mentors, mentees).tolist() == [[True, True], [True, True], [True, False]]
    assert chart.blocked_matrix(mentors, mentees, 3).tolist() == [[False, True], [True, True], [True, False]]
    line, close, exempt = chart.verdicts(mentors, mentees, 3)
    assert line.toarray().tolist() == [[0, 1], [0, 1], [0, 0]]
    assert close.toarray().tolist() == [[0, 0], [1, 0], [1, 0]]
    assert exempt.toarray().tolist() == [[1, 0], [0, 0], [0, 0]]


def test_the_top_as_mentor_is_treated_alike() -> None:
    assert OrgChart(TREE).blocked_matrix(["ceo"], ["junior", "dev"], 3).tolist() == [[False, True]]


def test_conflicts_are_the_pairs_that_a_move_put_into_one_line() -> None:
    pairs = [("junior", "cfo"), ("acc", "cto"), ("ops", "ceo"), ("ghost", "ceo")]
    assert OrgChart(TREE).conflicts(pairs, 2) == []
    moved = [(p, "acc" if p == "dev" else m) for p, m in TREE]
    assert OrgChart(moved).conflicts(pairs, 2) == [("junior", "cfo")]
    assert OrgChart(moved).conflicts(pairs, 3) == [("junior", "cfo"), ("ops", "ceo")]
    assert OrgChart(moved).conflicts(pairs) == [("junior", "cfo"), ("ops", "ceo")]


def _chains(edges: Iterable[tuple[int, int | None]], dotted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Shortest chains by brute force: (boss, junior) -> steps."""
    edges = list(edges)
    people = {p for p, _ in edges}
    ups: dict[int, set[int]] = {p: set() for p in people}
    for low, high in [*edges, *dotted]:
        if high is not None and high in people and low in people:
            ups[low].add(high)
    steps = {}
    for person in people:
        seen, front, count = {person}, {person}, 0
        while front:
            count += 1
            front = {h for p in front for h in ups[p]} - seen
            seen |= front
            steps.update({(boss, person): count for boss in front})
    return steps


@settings(max_examples=tries(300), deadline=None)
@given(st.data())
def test_any_chart_with_dotted_lines_and_circles_agrees_with_walking_it(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 12))
    someone = st.integers(0, n - 1)
    forward = data.draw(st.booleans())
    edges: list[tuple[int, int | None]] = []
    for p in range(n):
        boss = data.draw(st.none() | (st.integers(0, max(0, p - 1)) if forward and p else someone))
        edges.append((p, boss))
    dotted = data.draw(st.lists(st.tuples(someone, someone), max_size=6))
    distance = data.draw(st.integers(0, 4))
    chart = OrgChart(edges, dotted)
    steps = _chains(edges, dotted)
    everyone = list(range(n))
    blocked = chart.blocked_matrix(everyone, everyone, distance)
    bad = set(chart.conflicts(product(everyone, everyone), distance))
    for a, b in product(everyone, everyone):
        above = [(boss, low) for boss, low in ((a, b), (b, a)) if (boss, low) in steps]
        assert chart.related(a, b) == bool(above)
        assert chart.steps_above(a, b) == steps.get((a, b))
        forbidden = any(chart.line(x) != "top" or distance == 0 or steps[x, y] < distance for x, y in above)
        assert blocked[a, b] == forbidden
        assert ((a, b) in bad) == forbidden


@pytest.mark.parametrize("shape", ["wide", "deep"])
def test_a_large_company_is_labelled_rightly(shape: str) -> None:
    n = 3000
    edges = [(i, None if i == 0 else (i // 8 if shape == "wide" else i - 1)) for i in range(n)]
    chart = OrgChart(edges)
    rng = np.random.default_rng(7)
    for a, b in rng.integers(0, n, (300, 2)).tolist():
        chain, walk = set(), max(a, b)
        while walk:
            walk = walk // 8 if shape == "wide" else walk - 1
            chain.add(walk)
        assert chart.related(a, b) == (a != b and min(a, b) in chain)
