"""What a match run is given: people, rules and weights; and which pairs the hard rules allow.

Matrices are [mentee, mentor] throughout, both sides sorted by (key, id), so that the same people give the
same answer in whatever order they came. On the wire a market is JSON lines: a head, the chart, the people.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Goal = Literal["total", "coverage"]
Role = Literal["mentor", "mentee", "both"]
Side = Literal["mentor", "mentee"]

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


#: The rules that are whole numbers, with the lowest and the highest of each.
WHOLE_RULES = {
    "min_seniority_gap": (-10_000, 10_000),
    "min_language_level": (0, 4),
    "min_tenure_months": (0, 1_200),
    "top_exempt_distance": (0, 10_000),
}


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
    pinned: Sequence[tuple[str, str]] = ()  # (mentor id, mentee id), as in the two that follow
    rejected: Sequence[tuple[str, str]] = ()
    #: Pairs of an earlier matching: each is worth `stay_bonus` more, so that few change for little.
    stay: Sequence[tuple[str, str]] = ()
    stay_bonus: float = 0.02
    #: 0 maximizes the sum; above, a low score weighs more: the score s counts as its alpha-fair worth.
    fairness: float = 0.0
    #: Raise the lowest score of any pair as far as everybody who can have a pair still has one.
    floor: bool = False

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
    _number(market.stay_bonus, 0, 1, "stay_bonus")
    _number(market.fairness, 0, 4, "fairness")
    if type(market.floor) is not bool:
        raise MarketError("floor", "not_a_boolean")
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
    for name, (low, high) in WHOLE_RULES.items():
        _whole(getattr(rules, name), low, high, f"rules.{name}")
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
    if person.time_zone and not is_zone(person.time_zone):
        raise MarketError(f"{place}.time_zone", "unknown_time_zone", value=person.time_zone)


@lru_cache(maxsize=1024)
def is_zone(name: str | None) -> bool:
    """Whether it is an IANA time zone that this machine knows."""
    try:
        return bool(name and ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


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


def digest(market: Market) -> str:
    """SHA-256 of what `dump` writes, as hexadecimal digits: the same input has the same."""
    return hashlib.sha256(dump(market)).hexdigest()


def _lines(market: Market) -> Iterator[dict[str, Any]]:
    yield {
        "goal": market.goal,
        "starts_on": market.starts_on.isoformat(),
        "rules": asdict(market.rules),
        "weights": asdict(market.weights),
        "stay_bonus": market.stay_bonus,
        "fairness": market.fairness,
        "floor": market.floor,
    }
    for name in ("edges", "dotted", "pinned", "rejected", "stay"):
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
        name: [] for name in ("edges", "dotted", "pinned", "rejected", "stay", "unknown", "participant")
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
            stay=tuple(rows["stay"]),
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
