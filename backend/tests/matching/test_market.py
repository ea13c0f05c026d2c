from dataclasses import replace
from datetime import date
from typing import Any, cast

import numpy as np
import pytest

from vuoro.matching.engine.market import (
    PROGRAM_RULES,
    PROGRAM_WEIGHTS,
    RULE_CODES,
    Market,
    MarketError,
    Participant,
    Rules,
    Weights,
    dump,
    load,
    validate,
)
from vuoro.matching.engine.rules import Rulebook, broken_rule
from vuoro.people.tenure import tenure_months

DAY = date(2026, 12, 1)
JUNIOR = Participant(id="jun", role="mentor", job_level=1, languages={"fi": 4}, team="t1")
BOSS = Participant(id="boss", role="mentee", job_level=8, languages={"fi": 3}, team="t2")
EDGES = [("head", None), ("jun", "lead"), ("lead", "head"), ("boss", "head")]


def market(*people: Participant, **changes: Any) -> Market:
    return Market(people or (JUNIOR, BOSS), EDGES, DAY, **changes)


def rule(junior: dict[str, Any] | None = None, boss: dict[str, Any] | None = None, **changes: Any) -> str | None:
    people = replace(JUNIOR, **(junior or {})), replace(BOSS, **(boss or {}))
    return broken_rule(replace(market(*people), **changes), people[0].id, people[1].id)


def test_a_pair_that_breaks_no_rule_is_allowed() -> None:
    assert rule() is None


def test_nobody_is_paired_with_themself() -> None:
    assert rule({"id": "boss"}) == "same_person"


def test_a_person_with_an_unknown_line_is_not_paired() -> None:
    assert rule(edges=[*EDGES[:3], ("boss", "ghost")]) == "unknown_line"
    assert rule(unknown=frozenset({"lead"})) == "unknown_line"
    assert rule(edges=[("boss", None)]) == "unknown_line"


def test_nobody_is_paired_inside_the_reporting_line() -> None:
    assert rule(edges=[("boss", None), ("lead", "boss"), ("jun", "lead")]) == "reporting_line"
    assert rule(edges=[("jun", None), ("boss", "jun")]) == "reporting_line"
    assert rule(dotted=[("lead", "boss")]) == "reporting_line"


def test_the_head_of_everyone_may_be_paired_only_far_below() -> None:
    edges = [("boss", None), ("lead", "boss"), ("jun", "lead")]
    assert rule(edges=edges, rules=Rules(top_exempt_distance=3)) == "top_too_close"
    assert rule(edges=edges, rules=Rules(top_exempt_distance=2)) is None
    book = Rulebook(replace(market(), edges=edges, rules=Rules(top_exempt_distance=2)))
    assert book.exempt.toarray().tolist() == [[1]]


def test_without_the_reporting_line_rule_the_chart_is_not_asked() -> None:
    assert rule(edges=[("jun", "boss")], rules=Rules(reporting_line=False)) is None


def test_teammates_are_not_paired_but_two_empty_teams_differ() -> None:
    assert rule({"team": "t2"}) == "same_team"
    assert rule({"team": "t2"}, rules=Rules(different_team=False)) is None
    assert rule({"team": None}, {"team": None}) is None
    assert rule({"team": ""}, {"team": ""}) is None


def test_a_language_must_be_shared_well_enough_on_both_sides() -> None:
    assert rule({"languages": {"fi": 1, "sv": 4}}) == "no_shared_language"
    assert rule({"languages": {}}) == "no_shared_language"
    assert rule({"languages": {"fi": 2}}, {"languages": {"fi": 2}}) is None
    assert rule({"languages": {"fi": 2}}, rules=Rules(min_language_level=3)) == "no_shared_language"


def test_any_number_of_languages_is_understood() -> None:
    many = {f"l{i:03}": 4 for i in range(150)}
    assert rule({"languages": many | {"zz": 2}}, {"languages": {"zz": 4}}) is None
    assert rule({"languages": many}, {"languages": {"zz": 4}}) == "no_shared_language"


def test_the_mentee_is_senior_enough_and_an_empty_level_does_not_prove_it() -> None:
    assert rule({"job_level": 6}) == "seniority_gap"
    assert rule({"job_level": 5}) is None
    assert rule({"job_level": None}) == "seniority_gap"
    assert rule(boss={"job_level": None}) == "seniority_gap"
    assert rule({"job_level": 9}, rules=Rules(min_seniority_gap=-1)) is None


def test_a_mentor_has_been_there_long_enough_and_an_empty_day_passes() -> None:
    six = Rules(min_tenure_months=6)
    assert rule({"hire_on": date(2026, 6, 2)}, rules=six) == "tenure"
    assert rule({"hire_on": date(2026, 6, 1)}, rules=six) is None
    assert rule({"hire_on": None}, rules=six) is None
    assert rule({"hire_on": date(2027, 1, 1)}) == "tenure"


def test_tenure_is_counted_in_whole_months() -> None:
    assert tenure_months(date(2025, 12, 1), DAY) == 12
    assert tenure_months(date(2025, 12, 2), DAY) == 11
    assert tenure_months(None, DAY) is None


@pytest.mark.parametrize(("field", "code"), [("excluded", "excluded"), ("past", "past_partner")])
def test_excluded_and_past_partners_are_kept_apart_whoever_says_so(field: str, code: str) -> None:
    assert rule({field: frozenset({"boss"})}) == code
    assert rule(boss={field: frozenset({"jun", "stranger"})}) == code


def test_a_rejected_pair_is_kept_apart() -> None:
    assert rule(rejected=[("jun", "boss"), ("gone", "boss")]) == "rejected"


def test_of_several_broken_rules_the_first_in_order_is_told() -> None:
    assert rule({"team": "t2", "job_level": 8, "excluded": frozenset({"boss"})}) == "same_team"


def test_the_rules_in_force_are_listed_as_checks() -> None:
    assert Rulebook(market(rules=PROGRAM_RULES)).checks == RULE_CODES
    some = Rulebook(market(rules=Rules(reporting_line=False, different_team=False))).checks
    assert not {"unknown_line", "reporting_line", "top_too_close", "same_team"} & set(some)
    assert "top_too_close" not in Rulebook(market()).checks


def test_a_block_of_the_mask_is_cut_from_the_whole() -> None:
    people = [replace(JUNIOR, id=f"j{i}", job_level=i) for i in range(6)]
    people += [replace(BOSS, id=f"b{i}", job_level=i + 3, past=frozenset({"j2"})) for i in range(5)]
    big = Market(people, [(p.id, None) for p in people], DAY)
    book = Rulebook(big)
    whole = book.allowed(slice(0, 5))
    assert whole.shape == (5, 6)
    assert np.array_equal(whole[1:3, 2:5], book.allowed(slice(1, 3), slice(2, 5)))
    for row, mentee in enumerate(big.mentees):
        for col, mentor in enumerate(big.mentors):
            assert whole[row, col] == (broken_rule(big, mentor.id, mentee.id) is None)


def test_people_are_sorted_by_their_key_and_both_means_both() -> None:
    both = Participant(id="x", role="both", key="0")
    here = market(JUNIOR, BOSS, both)
    assert [p.id for p in here.mentors] == ["x", "jun"]
    assert [p.id for p in here.mentees] == ["x", "boss"]


def test_the_best_language_is_the_preferred_or_the_first_of_the_highest() -> None:
    assert replace(JUNIOR, preferred_language="en").best_language == "en"
    assert replace(JUNIOR, languages={"sv": 3, "fi": 3, "en": 1}).best_language == "sv"
    assert replace(JUNIOR, languages={}).best_language is None


FULL = Market(
    [
        replace(
            JUNIOR, key="k", capacity=2, department="d", division="v", site="s", time_zone="Europe/Helsinki",
            hire_on=date(2020, 1, 2), preferred_language="fi", skills_offered={"ai": 4},
            topics=frozenset({"a", "b"}), preferred=frozenset({"boss"}),
        ),
        replace(BOSS, skills_sought={"ai": (3, 2)}, excluded=frozenset({"q"}), past=frozenset({"r"})),
    ],
    [*EDGES, ("Åsa", "ghost")], DAY, [("jun", "boss")], frozenset({"lead"}), PROGRAM_RULES, PROGRAM_WEIGHTS,
    "coverage", [("jun", "boss")], [("x", "y")],
)  # fmt: skip


def test_a_market_survives_the_wire() -> None:
    back = load(dump(FULL))
    assert list(back.participants) == list(FULL.participants)
    for name in ("edges", "dotted", "pinned", "rejected"):
        assert list(getattr(back, name)) == list(getattr(FULL, name))
    for name in ("unknown", "rules", "weights", "goal", "starts_on"):
        assert getattr(back, name) == getattr(FULL, name)
    assert dump(back) == dump(FULL)


def test_what_the_wire_leaves_out_has_its_default() -> None:
    back = load(b'{"starts_on": "2026-12-01"}\n{"participant": {"id": "a", "role": "mentor"}}')
    assert back == Market((Participant("a", "mentor"),), (), DAY)


@pytest.mark.parametrize(
    ("wire", "place"),
    [
        (b"{", "line 1"),
        (b"[]", "line 1"),
        (b"", "line 1"),
        (b'{"starts_on": "soon"}', "line 1"),
        (b'{"starts_on": "2026-12-01", "color": "red"}', "line 1"),
        (b'{"starts_on": "2026-12-01", "rules": {"max": 1}}', "line 1"),
        (b'{"starts_on": "2026-12-01"}\n{"edges": [["a"]]}', "line 2"),
        (b'{"starts_on": "2026-12-01"}\n\n', "line 2"),
        (b'{"starts_on": "2026-12-01"}\n{"participant": {"id": "a"}}', "line 2"),
        (b'{"participant": {"id": "a", "role": "mentor", "hire_on": "x"}}', "line 1"),
    ],
)
def test_a_malformed_market_is_refused_with_its_place(wire: bytes, place: str) -> None:
    with pytest.raises(MarketError) as error:
        load(wire)
    assert (error.value.place, error.value.code) == (place, "malformed")


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"weights": Weights(skills=NAN)}, "weights.skills", "not_a_number"),
        ({"weights": Weights(topics=INF)}, "weights.topics", "not_a_number"),
        ({"weights": Weights(topics=True)}, "weights.topics", "not_a_number"),
        ({"weights": Weights(topics=cast(float, "1"))}, "weights.topics", "not_a_number"),
        ({"weights": Weights(topics=-0.1)}, "weights.topics", "out_of_range"),
        ({"weights": Weights(*[0.0] * 8)}, "weights", "all_zero"),
        ({"weights": Weights(*[1e308] * 8)}, "weights", "too_large"),
        ({"rules": Rules(min_score=NAN)}, "rules.min_score", "not_a_number"),
        ({"rules": Rules(min_score=1.1)}, "rules.min_score", "out_of_range"),
        ({"rules": Rules(min_language_level=5)}, "rules.min_language_level", "out_of_range"),
        ({"rules": Rules(min_tenure_months=-1)}, "rules.min_tenure_months", "out_of_range"),
        ({"rules": Rules(top_exempt_distance=-1)}, "rules.top_exempt_distance", "out_of_range"),
        ({"rules": Rules(min_seniority_gap=cast(int, 2.5))}, "rules.min_seniority_gap", "not_a_whole_number"),
        ({"rules": Rules(different_team=cast(bool, 1))}, "rules.different_team", "not_a_boolean"),
        ({"goal": "glory"}, "goal", "not_a_goal"),
        ({"participants": [JUNIOR, JUNIOR]}, "participants[1].id", "twice_on_one_side"),
        ({"participants": [JUNIOR, replace(JUNIOR, role="both")]}, "participants[1].id", "twice_on_one_side"),
        ({"pinned": [("jun", "who")]}, "pinned[0]", "not_a_participant"),
        ({"pinned": [("who", "boss")]}, "pinned[0]", "not_a_participant"),
        ({"pinned": [("jun", "boss")] * 2}, "pinned[1]", "pinned_twice"),
        ({"pinned": [("jun", "boss")], "rejected": [("jun", "boss")]}, "pinned[0]", "pinned_and_rejected"),
        (
            {
                "participants": [JUNIOR, replace(JUNIOR, id="j2"), BOSS],
                "pinned": [("jun", "boss"), ("j2", "boss")],
            },
            "pinned[1]",
            "pinned_over_capacity",
        ),
    ],
)
def test_a_market_that_cannot_be_matched_is_refused_with_its_place(
    changes: dict[str, Any], place: str, code: str
) -> None:
    with pytest.raises(MarketError) as error:
        validate(replace(market(), **changes))
    assert (error.value.place, error.value.code) == (place, code)


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"id": ""}, "id", "not_a_text"),
        ({"id": 7}, "id", "not_a_text"),
        ({"role": "guest"}, "role", "not_a_role"),
        ({"team": 3}, "team", "not_a_text"),
        ({"capacity": -1}, "capacity", "out_of_range"),
        ({"capacity": 1.0}, "capacity", "not_a_whole_number"),
        ({"job_level": True}, "job_level", "not_a_whole_number"),
        ({"languages": {"fi": 5}}, "languages.fi", "out_of_range"),
        ({"skills_offered": {"ai": 0}}, "skills_offered.ai", "out_of_range"),
        ({"skills_sought": {"ai": (6, 1)}}, "skills_sought.ai.level", "out_of_range"),
        ({"skills_sought": {"ai": (1, 4)}}, "skills_sought.ai.weight", "out_of_range"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "unknown_time_zone"),
        ({"time_zone": "../etc"}, "time_zone", "unknown_time_zone"),
    ],
)
def test_a_person_who_makes_no_sense_is_refused_with_the_field(changes: dict[str, Any], place: str, code: str) -> None:
    with pytest.raises(MarketError, match=code) as error:
        validate(market(BOSS, replace(JUNIOR, **changes)))
    assert error.value.place == f"participants[1].{place}"
    assert error.value.code == code


def test_a_capacity_of_zero_and_a_known_time_zone_are_fine() -> None:
    validate(market(replace(JUNIOR, capacity=0, time_zone="Europe/Stockholm")))
    validate(FULL)
