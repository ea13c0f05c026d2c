"""people.csv: everybody of the organization, who takes part, and who is above whom."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain
from pathlib import Path
from sys import intern
from typing import Any, TypeVar

from vuoro.matching.engine.market import DEFAULT_SKILL_LEVEL, Participant, is_zone
from vuoro.matching.files.text import SHOWN, Faults, Unreadable, lines, records, shown
from vuoro.people.orgchart import OrgChart

MAX_PEOPLE = 1_000_000
_SEPARATORS = (",", ";", "\t")
_WHOLE = re.compile(r"[+-]?[0-9]{1,7}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CACHED = 65_536
T = TypeVar("T")


@dataclass
class People:
    """Those who take part; everybody's role by id ("" is none); the chart's edges; what is told but no fault."""

    path: Path
    participants: list[Participant] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    edges: list[tuple[str, str | None]] = field(default_factory=list)
    dotted: list[tuple[str, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_people(path: Path, faults: Faults) -> People:
    """Reads the file; what it returns is whole only when no fault was added. Sorted by id."""
    people = People(path)
    try:
        with closing(lines(path)) as source:
            _read(path, source, people, faults)
    except Unreadable as error:
        faults.add(error.at(path), error.what)
    if faults:
        return people
    people.participants.sort(key=lambda person: person.id)
    people.edges.sort(key=lambda edge: edge[0])
    people.dotted.sort()
    if circles := OrgChart(people.edges).cycles():
        told = _some([_circle(circle) for circle in circles], "; ")
        people.notices.append(f"{path}: managers in a circle, so nobody in it or below can be paired: {told}")
    return people


def _read(path: Path, source: Iterator[str], people: People, faults: Faults) -> None:
    head = next(source, None)
    if head is None:
        raise Unreadable("the file is empty")
    if not head.strip():
        raise Unreadable("an empty line; the first line names the columns", 1)
    rows = records(chain([head], source), _separator(head))
    _, header = next(rows, (1, [""]))
    columns = _columns(path, header, people, faults)
    own = next(at for _, field, at, _ in columns if field == "id")
    first: dict[str, int] = {}
    for line, cells in rows:
        place = f"{path}:{line}"
        if len(first) == MAX_PEOPLE:
            raise Unreadable(f"more than {MAX_PEOPLE:,} people", line)
        if len(cells) > len(header):
            if any(cells[len(header) :]):
                faults.add(place, f"{len(cells)} cells for {len(header)} columns; quote a cell with a separator inside")
                continue
        elif len(cells) < len(header):
            faults.add(place, f"{len(cells)} cells of {len(header)}; the row is cut off")
            continue
        values = _values(place, columns, cells, faults)
        id = values.pop("id", None)
        if id is None:
            if not cells[own]:
                faults.add(place, "external_id", "empty — everybody has an id")
        elif id in first:
            faults.add(place, "external_id", f"{shown(id)} — is on line {first[id]} already; ids are unique")
        else:
            first[id] = line
            _take(people, id, values)
    if faults:
        return
    if not first:
        raise Unreadable("there is nobody below the header")
    for side in ("mentor", "mentee"):
        if not any(person.role in (side, "both") for person in people.participants):
            faults.add(path, "role", f"nobody is a {side} — mentor, mentee or both; empty takes no part")


def _take(people: People, id: str, values: dict[str, Any]) -> None:
    people.edges.append((id, values.pop("manager", None)))
    people.dotted += [(id, boss) for boss in values.pop("dotted", ())]
    role = people.roles[id] = values.pop("role", "")
    if role:
        people.participants.append(Participant(id, role, **values))


#: Column, target of a Participant (or what _take knows), place in the row, how a cell that is not empty is read.
_Column = tuple[str, str, int, Callable[[str], Any]]


def _values(place: str, columns: Sequence[_Column], cells: list[str], faults: Faults) -> dict[str, Any]:
    values = {}
    for name, target, at, read in columns:
        if cell := cells[at]:
            try:
                values[target] = read(cell)
            except _Wrong as wrong:
                faults.add(place, name, wrong)
    return values


# --- the header


def _separator(head: str) -> str:
    """The one that gives most column names that we know."""
    names = {s: [cell.strip(' \t"\n').lower() for cell in head.split(s)] for s in _SEPARATORS}
    return max(_SEPARATORS, key=lambda s: (sum(name in _READ for name in names[s]), len(names[s])))


def _columns(path: Path, header: Sequence[str], people: People, faults: Faults) -> list[_Column]:
    place, at, strange = f"{path}:1", dict[str, int](), []
    for i, cell in enumerate(header):
        name = cell.lower()
        if name in at:
            faults.add(place, name, f"is column {at[name] + 1} and column {i + 1}; once is right")
        elif name in _READ:
            at[name] = i
        else:
            strange.append(shown(cell) if cell else f"column {i + 1} without a name")
    if "external_id" not in at:
        raise Unreadable("no column external_id; the columns are separated by comma, semicolon or tab", 1)
    if strange:
        people.notices.append(f"{place}: columns that are not read: {_some(strange)}")
    unread = ("display_name", "work_email")
    return [(name, _FIELDS.get(name, name), i, _READ[name]) for name, i in at.items() if name not in unread]


def _some(words: Sequence[str], separator: str = ", ") -> str:
    return separator.join(words[:SHOWN]) + (f" … and {len(words) - SHOWN:,} more" if len(words) > SHOWN else "")


def _circle(ids: Sequence[str]) -> str:
    return _some([shown(id) for id in ids], " → ") + (f" → {shown(ids[0])}" if len(ids) <= SHOWN else "")


# --- cells


class _Wrong(Exception):
    def __init__(self, value: str, right: str) -> None:
        super().__init__(f"{shown(value)} — {right}")


def _id(cell: str) -> str:
    if ";" in cell or not cell.isprintable():
        raise _Wrong(cell, "an id is one line of text without a semicolon, which separates ids in lists")
    return intern(cell)


def _ids(cell: str) -> list[str]:
    return list(dict.fromkeys(_items(cell)))


def _set(cell: str) -> frozenset[str]:
    return frozenset(_items(cell))


def _items(cell: str) -> list[str]:
    return [intern(item) for part in cell.split(";") if (item := part.strip())]


def _role(cell: str) -> str:
    if (role := cell.lower()) not in ("mentor", "mentee", "both"):
        raise _Wrong(cell, "a role is mentor, mentee, both, or empty for who does not take part")
    return role


@lru_cache(_CACHED)
def _number(text: str, low: int, high: int) -> int | None:
    """None when it is no whole number within the bounds."""
    if _WHOLE.fullmatch(text) and low <= (number := int(text)) <= high:
        return number
    return None


def _capacity(cell: str) -> int:
    if (number := _number(cell, 0, 1_000_000)) is None:
        raise _Wrong(cell, "a capacity is a whole number, 0 or more")
    return number


def _job_level(cell: str) -> int:
    if (number := _number(cell, -10_000, 10_000)) is None:
        raise _Wrong(cell, "a job level is a whole number")
    return number


@lru_cache(_CACHED)
def _day(cell: str) -> date:
    try:
        if _DAY.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise _Wrong(cell, "a day is written as 2026-12-31")


def _zone(cell: str) -> str:
    if not is_zone(cell):
        raise _Wrong(cell, "a time zone is an IANA name, such as Europe/Helsinki")
    return cell


def _named(one: Callable[[str], tuple[str, T] | None]) -> Callable[[str], dict[str, T]]:
    """Reads a list of names with something each; `one` reads an item, which returns often: it is remembered."""
    read = lru_cache(_CACHED)(one)

    def whole(cell: str) -> dict[str, T]:
        found = [named for item in cell.split(";") if (named := read(item))]
        values = dict(found)
        if len(values) < len(found):
            twice = next(name for i, (name, _) in enumerate(found) if name in dict(found[:i]))
            raise _Wrong(cell, f"{shown(twice)} is named twice")
        return values

    return whole


def _parts(item: str) -> list[str]:
    parts = [part.strip() for part in item.split(":")]
    if not parts[0] and len(parts) > 1:
        raise _Wrong(item.strip(), "a name stands before the colon")
    return parts


def _language(item: str) -> tuple[str, int] | None:
    code, *levels = _parts(item)
    if code and len(levels) != 1:
        raise _Wrong(item.strip(), "a language is written code:level, such as fi:4")
    return (intern(code), _level(item, levels[0], 0, 4, "a level is 0 to 4")) if code else None


def _offered(item: str) -> tuple[str, int] | None:
    slug, *levels = _parts(item)
    if len(levels) > 1:
        raise _Wrong(item.strip(), "a skill that is offered is written skill:level, such as ai-tools:4")
    level = _level(item, levels[0], 1, 5, "a level is 1 to 5") if levels else DEFAULT_SKILL_LEVEL
    return (intern(slug), level) if slug else None


def _sought(item: str) -> tuple[str, tuple[int, int]] | None:
    slug, *numbers = _parts(item)
    if len(numbers) > 2:
        raise _Wrong(item.strip(), "a skill that is sought is written skill:level:weight, such as ai-tools:3:2")
    level = _level(item, numbers[0], 1, 5, "a level is 1 to 5") if numbers else DEFAULT_SKILL_LEVEL
    weight = _level(item, numbers[1], 1, 3, "a weight is 1 to 3") if len(numbers) == 2 else 1
    return (intern(slug), (level, weight)) if slug else None


def _level(item: str, text: str, low: int, high: int, right: str) -> int:
    if (number := _number(text, low, high)) is None:
        raise _Wrong(item.strip(), right)
    return number


#: Every column, and how a cell of it that is not empty is read.
_READ: dict[str, Callable[[str], Any]] = {
    "external_id": _id,
    "display_name": intern,
    "work_email": intern,
    "manager_external_id": _id,
    "dotted_manager_external_ids": _ids,
    "team": intern,
    "department": intern,
    "division": intern,
    "site": intern,
    "time_zone": _zone,
    "job_level": _job_level,
    "hire_on": _day,
    "languages": _named(_language),
    "preferred_language": intern,
    "role": _role,
    "capacity": _capacity,
    "skills_offered": _named(_offered),
    "skills_sought": _named(_sought),
    "topics": _set,
    "preferred_partners": _set,
    "excluded_partners": _set,
    "past_partners": _set,
}
_FIELDS = {
    "external_id": "id",
    "manager_external_id": "manager",
    "dotted_manager_external_ids": "dotted",
    "preferred_partners": "preferred",
    "excluded_partners": "excluded",
    "past_partners": "past",
}
