"""How well a pair fits: eight components in 0..1, their weighted mean, an integer in millionths.

All but preference are bilinear in sparse features of the mentee and dense ones of the mentor, so a block of
scores is one sparse product. `components` says the same for one pair, with its evidence, for the reason card.
"""

from collections.abc import Callable, Hashable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from vuoro.matching.engine.market import SCALE, Market, Participant

COMPONENTS = (
    "skills", "topics", "language", "time_zone", "seniority", "department", "other_site", "preference",
)  # fmt: skip
Scores = NDArray[np.int32]
# A hair over one half: an exact half rounds up in whatever order the floats were added.
_HALF = 0.5 + 1e-8


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact behind a component: a stable code with its values."""

    code: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Component:
    """`weight` is the share of all weights; `points` of `max_points` add up to the pair's score of 100."""

    name: str
    value: float
    weight: float
    points: float
    max_points: float
    evidence: tuple[Evidence, ...]


def to_integer(mean: float) -> int:
    """A weighted mean (0..1) in whole millionths, halves upward."""
    return int(SCALE * mean + _HALF)


def components(market: Market, mentor: Participant, mentee: Participant) -> tuple[Component, ...]:
    """The pair's eight components with what they rest on."""
    weights = asdict(market.weights)
    total = sum(weights.values())
    found = []
    for name in COMPONENTS:
        value, evidence = _EXPLAIN[name](mentor, mentee, market.starts_on)
        share = weights[name] / total
        found.append(Component(name, value, share, 100 * share * value, 100 * share, tuple(evidence)))
    return tuple(found)


def score(market: Market, mentor: Participant, mentee: Participant) -> int:
    """The integer score of one pair, in millionths."""
    weights = asdict(market.weights)
    total = sum(weights[name] * _EXPLAIN[name](mentor, mentee, market.starts_on)[0] for name in COMPONENTS)
    return to_integer(total / sum(weights.values()))


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
    hours = abs(utc_offset(mentor.time_zone, on) - utc_offset(mentee.time_zone, on))
    return max(0.0, 1 - hours / 8), [Evidence("hours_apart", {"hours": hours})]


def _seniority(mentor: Participant, mentee: Participant, _: date) -> Explained:
    if mentor.job_level is None or mentee.job_level is None:
        return 0.0, []
    gap = mentee.job_level - mentor.job_level
    return _seniority_value(gap), [Evidence("levels_apart", {"levels": gap})]


def _seniority_value(gap: int) -> float:
    return 1 - min(1.0, abs(gap - 5) / 6)


def _department(mentor: Participant, mentee: Participant, _: date) -> Explained:
    ours, theirs = (mentor.division, mentor.department), (mentee.division, mentee.department)
    value = _department_value(theirs, ours)
    if not value:
        return value, []
    if value == 1:
        return value, [Evidence("other_division", {"mentor": mentor.division, "mentee": mentee.division})]
    code = "other_department" if value == 0.6 else "same_department"
    return value, [Evidence(code, {"mentor": mentor.department, "mentee": mentee.department})]


def _department_value(a: tuple[str | None, str | None], b: tuple[str | None, str | None]) -> float:
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


class Scorer:
    """Integer scores of a market by blocks of mentees."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._total = sum(asdict(market.weights).values())
        self._columns: dict[Hashable, int] = {}
        self._cells: list[tuple[int, int, float]] = []
        self._dense: list[NDArray[np.float64]] = []
        for block in (self._skills, self._topics, self._language):
            block()
        on, weights = market.starts_on, market.weights
        self._table(
            "time_zone", weights.time_zone,
            lambda p: utc_offset(p.time_zone, on) if p.time_zone else None,
            lambda a, b: max(0.0, 1 - abs(a - b) / 8),
        )  # fmt: skip
        self._table("seniority", weights.seniority, lambda p: p.job_level, lambda a, b: _seniority_value(a - b))
        self._table(
            "department", weights.department,
            lambda p: (p.division, p.department) if p.division else None, _department_value,
        )  # fmt: skip
        self._table("other_site", weights.other_site, lambda p: p.site or None, lambda a, b: float(a != b))
        self.shape = (len(market.mentees), len(market.mentors))
        rows, cols, values = np.array(self._cells, np.float64).reshape(-1, 3).T
        self._sparse: csr_array[Any, Any] = csr_array(
            (values, (rows.astype(np.int64), cols.astype(np.int64))), shape=(self.shape[0], len(self._dense))
        )
        self._mentors = np.array(self._dense, np.float64).reshape(len(self._dense), self.shape[1])
        self._dense = []
        self.wishes = self._preferences()

    def tile(self, rows: slice, cols: slice = slice(None)) -> Scores:
        """[mentee, mentor] for that block of pairs, millionths."""
        mean: NDArray[np.float64] = np.asarray(self._sparse[rows] @ self._mentors[:, cols])
        wishes = self.wishes[rows, cols].tocoo()
        mean[wishes.coords] += self._market.weights.preference * wishes.data
        mean /= self._total
        mean *= SCALE
        mean += _HALF
        return mean.astype(np.int32)

    def _feature(self, name: Hashable, of_mentors: Callable[[], list[float]]) -> int:
        """The column of a feature; mentors' values are made at its first use."""
        column = self._columns.setdefault(name, len(self._dense))
        if column == len(self._dense):
            self._dense.append(np.array(of_mentors(), np.float64))
        return column

    def _skills(self) -> None:
        if not (weight := self._market.weights.skills):
            return
        mentors = self._market.mentors
        for row, mentee in enumerate(self._market.mentees):
            wanted = sum(share for _, share in mentee.skills_sought.values())
            for slug, (level, share) in mentee.skills_sought.items():
                column = self._feature(
                    ("skill", slug, level),
                    lambda s=slug, k=level: [min(1.0, m.skills_offered.get(s, 0) / k) for m in mentors],  # type: ignore[misc]
                )
                self._cells.append((row, column, weight * share / wanted))

    def _topics(self) -> None:
        if not (weight := self._market.weights.topics):
            return
        for row, mentee in enumerate(self._market.mentees):
            for slug in sorted(mentee.topics):
                column = self._feature(
                    ("topic", slug),
                    lambda s=slug: [float(s in m.topics) for m in self._market.mentors],  # type: ignore[misc]
                )
                self._cells.append((row, column, weight / len(mentee.topics)))

    def _language(self) -> None:
        if not (weight := self._market.weights.language):
            return
        for row, mentee in enumerate(self._market.mentees):
            if code := mentee.best_language:
                column = self._feature(
                    ("language", code),
                    lambda c=code: [m.languages.get(c, 0) / 4 for m in self._market.mentors],  # type: ignore[misc]
                )
                self._cells.append((row, column, weight))

    def _table(
        self, name: str, weight: float, of: Callable[[Participant], Any], value: Callable[[Any, Any], float]
    ) -> None:
        """A component that depends on one value a person: a column for each value among the mentees."""
        if not weight:
            return
        theirs = [of(m) for m in self._market.mentors]
        distinct = set(theirs) - {None}
        for row, mentee in enumerate(self._market.mentees):
            if (mine := of(mentee)) is None:
                continue

            def against(mine: Any = mine) -> list[float]:
                known = {other: value(mine, other) for other in distinct}
                return [known.get(other, 0.0) for other in theirs]

            self._cells.append((row, self._feature((name, mine), against), weight))

    def _preferences(self) -> csr_array[Any, Any]:
        """[mentee, mentor]: half for each of the two who named the other."""
        market = self._market
        mentor, mentee = market.mentor_index, market.mentee_index
        named = [(mentee[x], col) for col, p in enumerate(market.mentors) for x in p.preferred if x in mentee]
        named += [(row, mentor[x]) for row, p in enumerate(market.mentees) for x in p.preferred if x in mentor]
        rows, cols = np.array(sorted(named), np.int64).reshape(-1, 2).T
        wishes: csr_array[Any, Any] = csr_array((np.full(len(rows), 0.5), (rows, cols)), shape=self.shape)
        wishes.sum_duplicates()
        return wishes
