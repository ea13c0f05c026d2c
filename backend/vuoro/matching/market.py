"""What a match run is given: people, rules and weights; and which pairs the hard rules allow.

Matrices are [mentee, mentor] throughout, both sides sorted by (key, id), so that the same people give the
same answer in whatever order they came. On the wire a market is JSON lines: a head, the chart, the people.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from vuoro.people.orgchart import OrgChart
from vuoro.people.tenure import tenure_months

Goal = Literal["total", "coverage"]
Role = Literal["mentor", "mentee", "both"]
Side = Literal["mentor", "mentee"]
Bools = NDArray[np.bool_]

#: Hard rules in the order in which they are told; `score_too_low` comes last, where scores are known.
RULE_CODES = (
    "same_person", "unknown_line", "reporting_line", "top_too_close", "same_team", "excluded", "past_partner",
    "rejected", "no_shared_language", "seniority_gap", "tenure", "score_too_low",
)  # fmt: skip
DEFAULT_SKILL_LEVEL = 3
SCALE = 1_000_000
_CHUNK = 500


class MarketError(ValueError):
    """The market cannot be matched as given; `place` says where, `code` what."""

    def __init__(self, place: str, code: str, **params: Any) -> None:
        super().__init__(f"{place}: {code}" + (f" {params}" if params else ""))
        self.place, self.code, self.params = place, code, params


@dataclass(frozen=True, slots=True)
class Participant:
    """One person on one side (or both, with the capacity on each). Levels: skills 1..5, languages 0..4."""

    id: str
    role: Role
    key: str = ""  # the external id: sorts people and breaks ties; empty means the id itself
    capacity: int = 1
    team: str | None = None
    department: str | None = None
    division: str | None = None
    site: str | None = None
    time_zone: str | None = None
    job_level: int | None = None
    hire_on: date | None = None
    languages: Mapping[str, int] = field(default_factory=dict)
    preferred_language: str | None = None
    skills_offered: Mapping[str, int] = field(default_factory=dict)
    skills_sought: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # slug: (level, weight 1..3)
    topics: frozenset[str] = frozenset()
    preferred: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()

    @property
    def best_language(self) -> str | None:
        """The preferred one, or else the one spoken best, the first on a tie."""
        return self.preferred_language or max(self.languages, key=self.languages.__getitem__, default=None)


@dataclass(frozen=True, slots=True)
class Rules:
    """The hard rules; a pair is eligible when all hold."""

    min_seniority_gap: int = 3
    min_language_level: int = 2
    different_team: bool = True
    reporting_line: bool = True
    min_tenure_months: int = 0
    top_exempt_distance: int = 0
    min_score: float = 0.25


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each component of the score counts."""

    skills: float = 0.40
    topics: float = 0.20
    language: float = 0.08
    time_zone: float = 0.10
    seniority: float = 0.05
    department: float = 0.07
    other_site: float = 0.0
    preference: float = 0.10


#: What program templates start from: views weigh more than expertise.
PROGRAM_RULES = Rules(min_tenure_months=6, top_exempt_distance=3)
PROGRAM_WEIGHTS = Weights(
    skills=0.20,
    topics=0.35,
    language=0.07,
    time_zone=0.08,
    seniority=0.03,
    department=0.15,
    other_site=0.05,
    preference=0.07,
)


@dataclass(frozen=True)
class Market:
    """`edges` name everyone of the directory once (person, manager or None), as OrgChart reads them."""

    participants: Sequence[Participant]
    edges: Sequence[tuple[str, str | None]]
    starts_on: date
    dotted: Sequence[tuple[str, str]] = ()
    unknown: frozenset[str] = frozenset()
    rules: Rules = Rules()
    weights: Weights = Weights()
    goal: Goal = "total"
    pinned: Sequence[tuple[str, str]] = ()  # (mentor id, mentee id)
    rejected: Sequence[tuple[str, str]] = ()

    def _side(self, side: Side) -> list[Participant]:
        chosen = (p for p in self.participants if p.role in (side, "both"))
        return sorted(chosen, key=lambda p: (p.key or p.id, p.id))

    @cached_property
    def mentors(self) -> list[Participant]:
        """Who mentors, in the order of their keys."""
        return self._side("mentor")

    @cached_property
    def mentees(self) -> list[Participant]:
        """Who is mentored, in the order of their keys."""
        return self._side("mentee")

    @cached_property
    def mentor_index(self) -> dict[str, int]:
        """A mentor's place in `mentors` by id."""
        return {p.id: i for i, p in enumerate(self.mentors)}

    @cached_property
    def mentee_index(self) -> dict[str, int]:
        """A mentee's place in `mentees` by id."""
        return {p.id: i for i, p in enumerate(self.mentees)}


# --- validation


def validate(market: Market) -> None:
    """Raises MarketError at the first place that is wrong. A pin against a rule is the solver's to refuse."""
    _check_weights(market.weights)
    _check_rules(market.rules)
    if market.goal not in ("total", "coverage"):
        raise MarketError("goal", "not_a_goal", value=market.goal)
    sides: set[tuple[str, str]] = set()
    for i, person in enumerate(market.participants):
        place = f"participants[{i}]"
        _check_person(person, place)
        for side in ("mentor", "mentee") if person.role == "both" else (person.role,):
            if (person.id, side) in sides:
                raise MarketError(f"{place}.id", "twice_on_one_side", id=person.id, side=side)
            sides.add((person.id, side))
    _check_pins(market)


def _check_weights(weights: Weights) -> None:
    total = 0.0
    for name, value in asdict(weights).items():
        _number(value, 0, math.inf, f"weights.{name}")
        total += value
    if total == 0:
        raise MarketError("weights", "all_zero")
    if not math.isfinite(total):
        raise MarketError("weights", "too_large")


def _check_rules(rules: Rules) -> None:
    _whole(rules.min_seniority_gap, -10_000, 10_000, "rules.min_seniority_gap")
    _whole(rules.min_language_level, 0, 4, "rules.min_language_level")
    _whole(rules.min_tenure_months, 0, 1_200, "rules.min_tenure_months")
    _whole(rules.top_exempt_distance, 0, 10_000, "rules.top_exempt_distance")
    _number(rules.min_score, 0, 1, "rules.min_score")
    for name in ("different_team", "reporting_line"):
        if type(getattr(rules, name)) is not bool:
            raise MarketError(f"rules.{name}", "not_a_boolean")


def _check_person(person: Participant, place: str) -> None:
    if not isinstance(person.id, str) or not person.id:
        raise MarketError(f"{place}.id", "not_a_text")
    if person.role not in ("mentor", "mentee", "both"):
        raise MarketError(f"{place}.role", "not_a_role", value=person.role)
    for name in ("key", "team", "department", "division", "site", "time_zone", "preferred_language"):
        if not isinstance(getattr(person, name), str | None):
            raise MarketError(f"{place}.{name}", "not_a_text")
    _whole(person.capacity, 0, 1_000_000, f"{place}.capacity")
    if person.job_level is not None:
        _whole(person.job_level, -10_000, 10_000, f"{place}.job_level")
    for code, level in person.languages.items():
        _whole(level, 0, 4, f"{place}.languages.{code}")
    for slug, level in person.skills_offered.items():
        _whole(level, 1, 5, f"{place}.skills_offered.{slug}")
    for slug, (level, weight) in person.skills_sought.items():
        _whole(level, 1, 5, f"{place}.skills_sought.{slug}.level")
        _whole(weight, 1, 3, f"{place}.skills_sought.{slug}.weight")
    if person.time_zone:
        try:
            ZoneInfo(person.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise MarketError(f"{place}.time_zone", "unknown_time_zone", value=person.time_zone) from None


def _check_pins(market: Market) -> None:
    left_mentor = {p.id: p.capacity for p in market.mentors}
    left_mentee = {p.id: p.capacity for p in market.mentees}
    seen: set[tuple[str, str]] = set()
    refused = {(mentor, mentee) for mentor, mentee in market.rejected}
    for i, (mentor, mentee) in enumerate(market.pinned):
        place = f"pinned[{i}]"
        if mentor not in left_mentor or mentee not in left_mentee:
            raise MarketError(place, "not_a_participant", mentor=mentor, mentee=mentee)
        if (mentor, mentee) in seen:
            raise MarketError(place, "pinned_twice", mentor=mentor, mentee=mentee)
        if (mentor, mentee) in refused:
            raise MarketError(place, "pinned_and_rejected", mentor=mentor, mentee=mentee)
        seen.add((mentor, mentee))
        left_mentor[mentor] -= 1
        left_mentee[mentee] -= 1
        for person, left in ((mentor, left_mentor), (mentee, left_mentee)):
            if left[person] < 0:
                raise MarketError(place, "pinned_over_capacity", person=person)


def _whole(value: object, low: int, high: int, place: str) -> None:
    if type(value) is not int:
        raise MarketError(place, "not_a_whole_number", value=repr(value))
    if not low <= value <= high:
        raise MarketError(place, "out_of_range", value=value, low=low, high=high)


def _number(value: object, low: float, high: float, place: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise MarketError(place, "not_a_number", value=repr(value))
    if not low <= value <= high:
        raise MarketError(place, "out_of_range", value=value)


# --- the wire


def dump(market: Market) -> bytes:
    """JSON lines. Loops in Python, so a thread that runs it lets others run too."""
    return b"\n".join(json.dumps(line, ensure_ascii=False).encode() for line in _lines(market))


def _lines(market: Market) -> Iterator[dict[str, Any]]:
    yield {
        "goal": market.goal,
        "starts_on": market.starts_on.isoformat(),
        "rules": asdict(market.rules),
        "weights": asdict(market.weights),
    }
    for name in ("edges", "dotted", "pinned", "rejected"):
        rows = getattr(market, name)
        yield from ({name: list(rows[i : i + _CHUNK])} for i in range(0, len(rows), _CHUNK))
    lost = sorted(market.unknown)
    yield from ({"unknown": lost[i : i + _CHUNK]} for i in range(0, len(lost), _CHUNK))
    for person in market.participants:
        yield {"participant": {f.name: _plain(getattr(person, f.name)) for f in fields(person)}}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value


def load(data: bytes) -> Market:
    """Reads and validates what `dump` wrote; whatever is wrong is a MarketError."""
    rows: dict[str, list[Any]] = {
        name: [] for name in ("edges", "dotted", "pinned", "rejected", "unknown", "participant")
    }
    head: dict[str, Any] = {}
    place = "line 1"
    try:
        for number, line in enumerate(data.splitlines(), 1):
            place = f"line {number}"
            for name, value in json.loads(line).items():
                if name == "participant":
                    rows[name].append(_person(value))
                elif name == "unknown":
                    rows[name].extend(value)
                elif name in rows:
                    rows[name].extend((a, b) for a, b in value)
                else:
                    head[name] = value
        place = "line 1"
        market = Market(
            participants=tuple(rows["participant"]),
            edges=tuple(rows["edges"]),
            dotted=tuple(rows["dotted"]),
            unknown=frozenset(rows["unknown"]),
            pinned=tuple(rows["pinned"]),
            rejected=tuple(rows["rejected"]),
            starts_on=date.fromisoformat(head.pop("starts_on")),
            rules=Rules(**head.pop("rules", {})),
            weights=Weights(**head.pop("weights", {})),
            **head,
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise MarketError(place, "malformed", detail=str(error)) from error
    validate(market)
    return market


def _person(raw: Mapping[str, Any]) -> Participant:
    values = dict(raw)
    if values.get("hire_on") is not None:
        values["hire_on"] = date.fromisoformat(values["hire_on"])
    for name in ("topics", "preferred", "excluded", "past"):
        values[name] = frozenset(values.get(name, ()))
    for name in ("languages", "skills_offered"):
        values[name] = dict(values.get(name, {}))
    sought = values.get("skills_sought", {})
    values["skills_sought"] = {slug: (level, weight) for slug, (level, weight) in sought.items()}
    return Participant(**values)


# --- hard rules


class Rulebook:
    """The hard rules of a market that need no score, ready to be asked for any block of pairs."""

    def __init__(self, market: Market) -> None:
        rules, mentors, mentees = market.rules, market.mentors, market.mentees
        self.shape = (len(mentees), len(mentors))
        self._pairs: dict[str, csr_array[Any, Any]] = {}
        self._mark("same_person", ((p.id, p.id) for p in mentors), market)
        self._lost_mentee = self._lost_mentor = None
        #: Pairs with the head of everyone that are allowed because they are far enough apart.
        self.exempt: csr_array[Any, Any] = csr_array(self.shape, dtype=np.int32)
        if rules.reporting_line:
            chart = OrgChart(market.edges, market.dotted, market.unknown)
            mentor_ids, mentee_ids = [p.id for p in mentors], [p.id for p in mentees]
            self._lost_mentee, self._lost_mentor = chart.unknown(mentee_ids), chart.unknown(mentor_ids)
            line, close, exempt = chart.verdicts(mentor_ids, mentee_ids, rules.top_exempt_distance)
            self._pairs["reporting_line"] = csr_array(line.T)
            self._pairs["top_too_close"] = csr_array(close.T)
            self.exempt = csr_array(exempt.T)
        for code, name in (("excluded", "excluded"), ("past_partner", "past")):
            named = [(p.id, other) for p in mentors for other in getattr(p, name)]
            named += [(other, p.id) for p in mentees for other in getattr(p, name)]
            self._mark(code, named, market)
        self._mark("rejected", market.rejected, market)
        self._team = None
        if rules.different_team:
            self._team = _codes([p.team for p in mentees], [p.team for p in mentors])
        self._speaks = _speakers(mentees, mentors, rules.min_language_level)
        self._levels = _levels(mentees), _levels(mentors)
        self._gap = rules.min_seniority_gap
        months = (tenure_months(p.hire_on, market.starts_on) for p in mentors)
        self._new = np.array([m is not None and m < rules.min_tenure_months for m in months], np.bool_)
        off = set() if rules.reporting_line else {"unknown_line", "reporting_line", "top_too_close"}
        off |= {"same_team"} if not rules.different_team else set()
        off |= {"top_too_close"} if not rules.top_exempt_distance else set()
        #: The rules in force, in telling order: what a suggested pair has passed.
        self.checks = tuple(code for code in RULE_CODES if code not in off)

    def _mark(self, code: str, pairs: Iterable[tuple[str, str]], market: Market) -> None:
        """`pairs` are (mentor, mentee); those with somebody outside the market say nothing."""
        mentor, mentee = market.mentor_index, market.mentee_index
        keys = sorted({(mentee[b], mentor[a]) for a, b in pairs if a in mentor and b in mentee})
        rows, cols = np.array(keys, np.int64).reshape(-1, 2).T
        self._pairs[code] = csr_array((np.ones(len(keys), np.int32), (rows, cols)), shape=self.shape)

    def failing(self, rows: slice, cols: slice) -> dict[str, Bools]:
        """For a block of pairs, each rule that can fail, and where it does."""
        failing: dict[str, Bools] = {
            code: marks[rows, cols].toarray() > 0 for code, marks in self._pairs.items() if marks.nnz
        }
        if self._lost_mentee is not None and self._lost_mentor is not None:
            failing["unknown_line"] = self._lost_mentee[rows, None] | self._lost_mentor[None, cols]
        if self._team is not None:
            mentee, mentor = self._team
            failing["same_team"] = (mentee[rows, None] == mentor[None, cols]) & (mentee[rows, None] >= 0)
        shared = [hears[rows, None] & speaks[None, cols] for hears, speaks in zip(*self._speaks, strict=True)]
        failing["no_shared_language"] = silent = np.bitwise_or.reduce(shared) == 0
        mentee_level, mentor_level = self._levels
        failing["seniority_gap"] = ~(mentee_level[rows, None] - mentor_level[None, cols] >= self._gap)
        failing["tenure"] = np.broadcast_to(self._new[None, cols], silent.shape)
        return {code: failing[code] for code in RULE_CODES if code in failing}

    def allowed(self, rows: slice, cols: slice = slice(None)) -> Bools:
        """[mentee, mentor]: True where no rule forbids the pair."""
        broken = list(self.failing(rows, cols).values())
        bad = broken[0].copy()
        for rule in broken[1:]:
            bad |= rule
        return ~bad


def broken_rule(market: Market, mentor: str, mentee: str) -> str | None:
    """The first hard rule (scores aside) that forbids the pair. To ask many, keep a Rulebook."""
    return first_broken(Rulebook(market), market.mentee_index[mentee], market.mentor_index[mentor])


def first_broken(rulebook: Rulebook, row: int, col: int) -> str | None:
    """The code of the first rule that forbids one pair."""
    failing = rulebook.failing(slice(row, row + 1), slice(col, col + 1))
    return next((code for code, fails in failing.items() if fails[0, 0]), None)


def _codes(mentees: Sequence[str | None], mentors: Sequence[str | None]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One number a value, the same on both sides; -1 for empty."""
    known = {value: i for i, value in enumerate(dict.fromkeys(v for v in [*mentees, *mentors] if v))}
    sides = [np.array([known[v] if v else -1 for v in side], np.int64) for side in (mentees, mentors)]
    return sides[0], sides[1]


def _levels(people: Sequence[Participant]) -> NDArray[np.float64]:
    """NaN where empty, so that no comparison holds."""
    return np.array([np.nan if p.job_level is None else p.job_level for p in people], np.float64)


def _speakers(
    mentees: Sequence[Participant], mentors: Sequence[Participant], level: int
) -> tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]]:
    """Bit sets of the languages that each person speaks well enough, 62 a word."""
    spoken = sorted({code for p in [*mentees, *mentors] for code in p.languages})
    bit = {code: i for i, code in enumerate(spoken)}
    sides = []
    for people in (mentees, mentors):
        words = [[0] * len(people) for _ in range(len(bit) // 62 + 1)]
        for i, person in enumerate(people):
            for code, have in person.languages.items():
                if have >= level:
                    words[bit[code] // 62][i] |= 1 << bit[code] % 62
        sides.append([np.array(word, np.int64) for word in words])
    return sides[0], sides[1]
