"""program.json: weights, rules, the goal and the pairs that are settled; with the people they make a market."""

import math
import re
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from vuoro.matching.engine.market import WHOLE_RULES, Market, Rules, Weights
from vuoro.matching.files.objects import (
    OBJECT,
    PAIRS,
    SWITCH,
    Check,
    Object,
    as_json,
    fitting,
    number,
    read_object,
    whole,
)
from vuoro.matching.files.people import People
from vuoro.matching.files.text import Faults, shown

STARTS_ON = date(2026, 12, 1)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Program = dict[str, Any]


def read_program(path: Path, faults: Faults) -> Program:
    """The fields of a Market, with defaults for what the file leaves out; whole only when no fault was added."""
    found = read_object(path, faults)
    if found is None:
        return {}
    program = fitting(path, "", found, _PROGRAM, faults)
    given = fitting(path, "weights.", program.get("weights", Object([])), _WEIGHTS, faults)
    weights = Weights(**{name: float(value) for name, value in given.items()})
    total = sum(asdict(weights).values())
    if not 0 < total < math.inf:
        faults.add(path, "weights", f"together {total:g} — at least one is above 0, and their sum is a number")
    rules = Rules(**fitting(path, "rules.", program.get("rules", Object([])), _RULES, faults))
    for name in ("pinned", "rejected", "current"):
        pairs = list(enumerate(program.get(name, ())))
        for i, pair in pairs:
            if not _is_pair(pair):
                faults.add(path, f"{name}[{i}]", f'{as_json(pair)} — a pair is ["mentor id", "mentee id"], both texts')
        program[name] = [(pair[0].strip(), pair[1].strip()) for _, pair in pairs if _is_pair(pair)]
    day = date.fromisoformat(program["starts_on"]) if "starts_on" in program else STARTS_ON
    return program | {"weights": weights, "rules": rules, "starts_on": day}


def make_market(path: Path, program: Program, people: People, faults: Faults) -> Market:
    """Both files together. Pins and rejections name people who take part; those of `current` may have left."""
    _check_pairs(path, program, people, faults)
    faults.stop()
    roles = people.roles
    fields = {name: value for name, value in program.items() if name != "current"}
    return Market(
        participants=people.participants,
        edges=people.edges,
        dotted=people.dotted,
        stay=[
            (mentor, mentee)
            for mentor, mentee in dict.fromkeys(program["current"])
            if roles.get(mentor) in ("mentor", "both") and roles.get(mentee) in ("mentee", "both")
        ],
        **fields,
    )


def _check_pairs(path: Path, program: Program, people: People, faults: Faults) -> None:
    left = {(p.id, side): p.capacity for p in people.participants for side in ("mentor", "mentee")}
    rejected, seen = set(program["rejected"]), set[tuple[str, str]]()
    for name in ("pinned", "rejected"):
        for i, pair in enumerate(program[name]):
            place = f"{name}[{i}]"
            sides = list(zip(pair, ("mentor", "mentee"), strict=True))
            strangers = [_stranger(id, side, people) for id, side in sides if not _takes_part(id, side, people)]
            for stranger in strangers:
                faults.add(path, place, stranger)
            if strangers or name == "rejected":
                continue
            if pair in seen:
                faults.add(path, place, "this pair is pinned already")
                continue
            seen.add(pair)
            if pair in rejected:
                faults.add(path, place, "this pair is rejected too")
            for id, side in sides:
                left[id, side] -= 1
                if left[id, side] == -1:
                    faults.add(path, place, f"{shown(id)} has no place left; their capacity as {side} is smaller")


def _takes_part(id: str, side: str, people: People) -> bool:
    return people.roles.get(id) in (side, "both")


def _stranger(id: str, side: str, people: People) -> str:
    if id not in people.roles:
        return f"{shown(id)} is not in {people.path}"
    return f"{shown(id)} is no {side}; {people.path} says {people.roles[id] or 'that they take no part'}"


# --- what is right


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(id, str) and id.strip() for id in value)


def _is_day(value: Any) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


_PROGRAM: dict[str, Check] = {
    "weights": OBJECT,
    "rules": OBJECT,
    "goal": (lambda v: v in ("total", "coverage"), "a goal is total or coverage"),
    "starts_on": (_is_day, "a day is written as 2026-12-31"),
    "pinned": PAIRS,
    "rejected": PAIRS,
    "current": PAIRS,
    "stay_bonus": number(0, 1, "a number, 0 to 1"),
    "fairness": number(0, 4, "a number, 0 to 4"),
    "floor": SWITCH,
}
_WEIGHTS = {field.name: number(0, math.inf, "a number, 0 or more") for field in fields(Weights)}
_RULES = {
    **{name: whole(low, high) for name, (low, high) in WHOLE_RULES.items()},
    "different_team": SWITCH,
    "reporting_line": SWITCH,
    "min_score": number(0, 1, "a number, 0 to 1"),
}
