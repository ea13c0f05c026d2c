from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tries import tries

from vuoro.matching.engine.market import PROGRAM_WEIGHTS, Market, Participant, Weights
from vuoro.matching.engine.score import COMPONENTS, Component, components, score, to_integer, utc_offset

DAY = date(2026, 12, 1)


def part(name: str, mentor: dict[str, Any], mentee: dict[str, Any], on: date = DAY) -> Component:
    a, b = Participant("a", "mentor", **mentor), Participant("b", "mentee", **mentee)
    return {c.name: c for c in components(Market([a, b], [], on), a, b)}[name]


def evidence(found: Component) -> list[tuple[str, dict[str, Any]]]:
    return [(e.code, e.params) for e in found.evidence]


def test_skills_count_what_is_sought_by_weight_and_never_more_than_enough() -> None:
    sought = {"ai": (4, 3), "video": (2, 1), "sql": (5, 1)}
    found = part("skills", {"skills_offered": {"ai": 2, "video": 5}}, {"skills_sought": sought})
    assert found.value == pytest.approx((3 * 0.5 + 1) / 5)
    assert evidence(found) == [
        ("skill", {"slug": "ai", "offered": 2, "sought": 4}),
        ("skill", {"slug": "video", "offered": 5, "sought": 2}),
    ]


def test_topics_are_the_share_of_the_mentees_topics() -> None:
    found = part("topics", {"topics": frozenset("abz")}, {"topics": frozenset("abcd")})
    assert found.value == 0.5
    assert evidence(found) == [("topic", {"slug": "a"}), ("topic", {"slug": "b"})]


def test_language_is_the_mentors_level_in_the_mentees_language() -> None:
    assert part("language", {"languages": {"fi": 3}}, {"preferred_language": "fi"}).value == 0.75
    found = part("language", {"languages": {"sv": 2, "en": 4}}, {"languages": {"en": 1, "sv": 3, "fi": 3}})
    assert found.value == 0.5
    assert evidence(found) == [("language", {"code": "sv", "level": 2})]
    assert part("language", {"languages": {"sv": 2}}, {"preferred_language": "fi"}).evidence == ()


def test_time_zones_are_compared_on_the_day_of_the_start() -> None:
    one, other = {"time_zone": "Europe/Helsinki"}, {"time_zone": "America/New_York"}
    assert part("time_zone", one, other).value == pytest.approx(1 / 8)
    assert part("time_zone", one, other, date(2027, 3, 20)).value == pytest.approx(2 / 8)
    assert part("time_zone", one, {"time_zone": "Asia/Tokyo"}).value == pytest.approx(1 / 8)
    assert part("time_zone", one, {"time_zone": "America/Los_Angeles"}).value == 0
    india = part("time_zone", one, {"time_zone": "Asia/Kolkata"})
    assert evidence(india) == [("hours_apart", {"minutes": 210})]
    assert utc_offset("Asia/Kathmandu", DAY) == 5.75


@pytest.mark.parametrize(("level", "value"), [(6, 1), (3, 0.5), (9, 0.5), (12, 0), (40, 0)])
def test_seniority_is_best_five_levels_apart(level: int, value: float) -> None:
    found = part("seniority", {"job_level": 1}, {"job_level": level})
    assert found.value == pytest.approx(value)
    assert evidence(found) == [("levels_apart", {"levels": level - 1})]


@pytest.mark.parametrize(
    ("mentor", "mentee", "value", "code"),
    [
        (("v1", "d1"), ("v2", "d1"), 1, "other_division"),
        (("v1", None), ("v2", None), 1, "other_division"),
        (("v1", "d1"), ("v1", "d2"), 0.6, "other_department"),
        (("v1", "d1"), ("v1", "d1"), 0.2, "same_department"),
        (("v1", None), ("v1", "d1"), 0, None),
        ((None, "d1"), ("v1", "d2"), 0, None),
    ],
)
def test_the_view_across_the_organization_is_wanted(
    mentor: tuple[str, str], mentee: tuple[str, str], value: float, code: str | None
) -> None:
    a, b = (dict(zip(("division", "department"), side, strict=True)) for side in (mentor, mentee))
    found = part("department", a, b)
    assert found.value == value
    assert [e.code for e in found.evidence] == ([code] if code else [])


def test_another_site_counts_when_both_are_known() -> None:
    assert evidence(part("other_site", {"site": "A"}, {"site": "B"})) == [
        ("other_site", {"mentor": "A", "mentee": "B"})
    ]
    assert part("other_site", {"site": "A"}, {"site": "B"}).value == 1
    same = part("other_site", {"site": "A"}, {"site": "A"})
    assert (same.value, same.evidence[0].code) == (0, "same_site")


def test_wishes_count_half_from_each() -> None:
    me, you = {"preferred": frozenset({"b"})}, {"preferred": frozenset({"a"})}
    assert part("preference", me, you).value == 1
    assert evidence(part("preference", me, you)) == [("both_named", {})]
    assert evidence(part("preference", me, {})) == [("mentor_named", {})]
    assert evidence(part("preference", {}, you)) == [("mentee_named", {})]
    assert part("preference", {}, you).value == 0.5


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_without_data_is_zero_and_has_no_evidence(name: str) -> None:
    empty = part(name, {}, {})
    assert (empty.value, empty.points, empty.evidence) == (0, 0, ())


def test_the_integer_score_rounds_half_up() -> None:
    assert [to_integer(x) for x in (0, 0.25, 1, 1.4e-6, 1.5e-6)] == [0, 250000, 1000000, 1, 2]


languages = st.dictionaries(st.sampled_from(["fi", "sv", "en"]), st.integers(0, 4))
slugs = st.sampled_from("abcd")
texts = st.sampled_from([None, "x", "y", ""])


def people(role: str, other: str) -> st.SearchStrategy[list[Participant]]:
    def person(i: int) -> st.SearchStrategy[Participant]:
        return st.builds(
            Participant,
            id=st.just(f"{role}{i}"), role=st.just(role), department=texts, division=texts, site=texts,
            time_zone=st.sampled_from([None, "Europe/Helsinki", "Asia/Kolkata", "America/New_York"]),
            job_level=st.none() | st.integers(0, 12), languages=languages,
            preferred_language=st.sampled_from([None, "fi", "de"]),
            skills_offered=st.dictionaries(slugs, st.integers(1, 5)),
            skills_sought=st.dictionaries(slugs, st.tuples(st.integers(1, 5), st.integers(1, 3))),
            topics=st.frozensets(slugs),
            preferred=st.frozensets(st.sampled_from([f"{other}0", f"{other}1", "gone"])),
        )  # fmt: skip

    return st.integers(0, 4).flatmap(lambda n: st.tuples(*map(person, range(n)))).map(list)


@settings(max_examples=tries(150), deadline=None)
@given(
    people("mentor", "mentee"),
    people("mentee", "mentor"),
    st.lists(st.sampled_from([0.0, 0.05, 0.3, 2.0]), min_size=8, max_size=8).filter(any),
)
def test_components_sum_up_to_the_score(
    mentors: list[Participant], mentees: list[Participant], weights: list[float]
) -> None:
    market = Market([*mentors, *mentees], [], DAY, weights=Weights(*weights))
    for mentee in market.mentees:
        for mentor in market.mentors:
            parts = components(market, mentor, mentee)
            assert sum(p.points for p in parts) == pytest.approx(score(market, mentor, mentee) / 10_000, abs=1e-4)
            assert sum(p.max_points for p in parts) == pytest.approx(100)
            assert all(0 <= p.value <= 1 and p.points <= p.max_points for p in parts)


def test_templates_weigh_views_over_expertise() -> None:
    assert sum(asdict(PROGRAM_WEIGHTS).values()) == pytest.approx(1)
    assert sum(asdict(Weights()).values()) == pytest.approx(1)
    assert PROGRAM_WEIGHTS.topics > PROGRAM_WEIGHTS.skills
