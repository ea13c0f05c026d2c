"""How well a pair fits: eight components in 0..1, their weighted mean, an integer in millionths.

Here pair by pair, with the evidence that the reason card shows; `grid` scores all pairs of a market.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from vuoro.matching.engine.market import SCALE, Market, Participant, Weights

COMPONENTS = (
    "skills", "topics", "language", "time_zone", "seniority", "department", "other_site", "preference",
)  # fmt: skip
#: A hair over one half: an exact half rounds up in whatever order the floats were added.
HALF = 0.5 + 1e-8


class Evidence(NamedTuple):
    """One fact behind a component: a stable code with its values."""

    code: str
    params: dict[str, Any]


class Component(NamedTuple):
    """`weight` is the share of all weights; `points` of `max_points` add up to the pair's score of 100."""

    name: str
    value: float
    weight: float
    evidence: tuple[Evidence, ...]

    @property
    def points(self) -> float:
        """What the pair has of `max_points`."""
        return 100 * self.weight * self.value

    @property
    def max_points(self) -> float:
        """What a pair can have at most."""
        return 100 * self.weight


def to_integer(mean: float) -> int:
    """A weighted mean (0..1) in whole millionths, halves upward."""
    return int(SCALE * mean + HALF)


def components(market: Market, mentor: Participant, mentee: Participant) -> tuple[Component, ...]:
    """The pair's eight components with what they rest on."""
    found = []
    for name, weight in _shares(market.weights):
        value, evidence = _EXPLAIN[name](mentor, mentee, market.starts_on)
        found.append(Component(name, value, weight, tuple(evidence)))
    return tuple(found)


def total(parts: tuple[Component, ...]) -> int:
    """The integer score that a pair's components sum up to, in millionths."""
    return to_integer(sum(part.weight * part.value for part in parts))


def score(market: Market, mentor: Participant, mentee: Participant) -> int:
    """The integer score of one pair, in millionths."""
    return total(components(market, mentor, mentee))


@lru_cache(maxsize=64)
def _shares(weights: Weights) -> tuple[tuple[str, float], ...]:
    """Of all weights, in the order of the components."""
    each = [getattr(weights, name) for name in COMPONENTS]
    whole = sum(each)
    return tuple((name, weight / whole) for name, weight in zip(COMPONENTS, each, strict=True))


Explained = tuple[float, list[Evidence]]


def _skills(mentor: Participant, mentee: Participant, _: date) -> Explained:
    value, evidence = 0.0, []
    for slug, (level, weight) in mentee.skills_sought.items():
        offered = mentor.skills_offered.get(slug, 0)
        if offered:
            value += weight * min(1.0, offered / level)
            evidence.append(Evidence("skill", {"slug": slug, "offered": offered, "sought": level}))
    wanted = sum(weight for _, weight in mentee.skills_sought.values())
    return (value / wanted if wanted else 0.0), evidence


def _topics(mentor: Participant, mentee: Participant, _: date) -> Explained:
    shared = sorted(mentee.topics & mentor.topics)
    value = len(shared) / len(mentee.topics) if mentee.topics else 0.0
    return value, [Evidence("topic", {"slug": slug}) for slug in shared]


def _language(mentor: Participant, mentee: Participant, _: date) -> Explained:
    code = mentee.best_language
    level = mentor.languages.get(code, 0) if code else 0
    return level / 4, [Evidence("language", {"code": code, "level": level})] if level else []


def _time_zone(mentor: Participant, mentee: Participant, on: date) -> Explained:
    if not mentor.time_zone or not mentee.time_zone:
        return 0.0, []
    mine, theirs = utc_offset(mentor.time_zone, on), utc_offset(mentee.time_zone, on)
    return zone_value(mine, theirs), [Evidence("hours_apart", {"minutes": round(60 * abs(mine - theirs))})]


def zone_value(a: float | None, b: float | None) -> float:
    """Of two offsets from UTC in hours; 0 where one is not known."""
    return 0.0 if a is None or b is None else max(0.0, 1 - abs(a - b) / 8)


def _seniority(mentor: Participant, mentee: Participant, _: date) -> Explained:
    if mentor.job_level is None or mentee.job_level is None:
        return 0.0, []
    gap = mentee.job_level - mentor.job_level
    return seniority_value(gap), [Evidence("levels_apart", {"levels": gap})]


def seniority_value(gap: int) -> float:
    """Of a mentee so many levels above the mentor; best at five."""
    return 1 - min(1.0, abs(gap - 5) / 6)


def _department(mentor: Participant, mentee: Participant, _: date) -> Explained:
    ours, theirs = (mentor.division, mentor.department), (mentee.division, mentee.department)
    value = department_value(theirs, ours)
    if not value:
        return value, []
    if value == 1:
        return value, [Evidence("other_division", {"mentor": mentor.division, "mentee": mentee.division})]
    code = "other_department" if value == 0.6 else "same_department"
    return value, [Evidence(code, {"mentor": mentor.department, "mentee": mentee.department})]


def department_value(a: tuple[str | None, str | None], b: tuple[str | None, str | None]) -> float:
    """Of two (division, department): the further apart, the more."""
    (division, department), (other_division, other_department) = a, b
    if not division or not other_division:
        return 0.0
    if division != other_division:
        return 1.0
    if not department or not other_department:
        return 0.0
    return 0.2 if department == other_department else 0.6


def _other_site(mentor: Participant, mentee: Participant, _: date) -> Explained:
    if not mentor.site or not mentee.site:
        return 0.0, []
    other = mentor.site != mentee.site
    code = "other_site" if other else "same_site"
    return float(other), [Evidence(code, {"mentor": mentor.site, "mentee": mentee.site})]


def _preference(mentor: Participant, mentee: Participant, _: date) -> Explained:
    by_mentor, by_mentee = mentee.id in mentor.preferred, mentor.id in mentee.preferred
    if by_mentor and by_mentee:
        return 1.0, [Evidence("both_named", {})]
    if by_mentor or by_mentee:
        return 0.5, [Evidence("mentor_named" if by_mentor else "mentee_named", {})]
    return 0.0, []


_EXPLAIN: dict[str, Callable[[Participant, Participant, date], Explained]] = {
    "skills": _skills,
    "topics": _topics,
    "language": _language,
    "time_zone": _time_zone,
    "seniority": _seniority,
    "department": _department,
    "other_site": _other_site,
    "preference": _preference,
}


@lru_cache(maxsize=4096)
def utc_offset(zone: str, on: date) -> float:
    """Hours east of UTC at noon of that day."""
    offset = datetime.combine(on, time(12), ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset.total_seconds() / 3600
