"""A row becomes a draft: its values understood, its errors named by row and column."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from vuoro.hris.columns import MappedRow
from vuoro.hris.dates import OPEN_END_YEAR, DateColumn, DayOrder, decided, read_date, recognize_dates
from vuoro.hris.places import country_at, time_zone_at
from vuoro.hris.problems import Problem, ValueRefused, shown
from vuoro.hris.record import PersonRecord
from vuoro.hris.values import (
    read_country,
    read_id,
    read_ids,
    read_language,
    read_languages,
    read_level,
    read_mail,
    read_status,
    read_text,
    read_time_zone,
)

IDENTITY_FIELDS = ("external_id", "work_email")
NAME_FIELDS = ("given_name", "family_name", "display_name")
DATE_FIELDS = ("hire_on", "end_on")

# What many rows have in common is read once, and kept once.
_kept = lru_cache(maxsize=16_384)
KEPT = _word, _number, _day = _kept(read_text), _kept(read_level), _kept(read_date)


_READERS: dict[str, Callable[[str], Any]] = {
    "external_id": read_id,
    "given_name": _word,
    "family_name": read_text,
    "display_name": read_text,
    "work_email": read_mail,
    "manager_external_id": read_id,
    "manager_email": read_id,
    "dotted_manager_external_ids": read_ids,
    "title": _word,
    "job_level": _number,
    "division": _word,
    "department": _word,
    "team": _word,
    "cost_center": _word,
    "site": _word,
    "country": read_country,
    "time_zone": read_time_zone,
    "languages": read_languages,
    "preferred_language": read_language,
    "status": read_status,
}


def understood(field: str, cell: str) -> str | None:
    """What a cell says in a field of text; None where it cannot be understood."""
    try:
        value: str | None = _READERS[field](cell)
    except ValueRefused:
        return None
    return value


def forget() -> None:
    """Nothing of a file that was read stays in the process."""
    for reader in KEPT:
        reader.cache_clear()


@dataclass(slots=True)
class Draft:
    """A row on its way: `values` holds what was told and understood, `errors` refuse it."""

    row: int
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    misfit: bool = False
    outside: bool = False
    key: str | None = None
    record: PersonRecord | None = None

    @property
    def name(self) -> str | None:
        """Return a name for messages and lists."""
        names = (self.values.get("given_name"), self.values.get("family_name"))
        return self.values.get("display_name") or " ".join(filter(None, names)) or None


def decide_dates(
    told: Mapping[str, Counter[str]], fields: Mapping[str, str], day_order: DayOrder | None
) -> tuple[dict[str, DateColumn], list[Problem]]:
    """Decide each date column's order: by the caller, its own values, the other date column, or ask."""
    columns = {
        name: recognize_dates(" ".join(value.split()) for value in told[name].elements())
        for name in DATE_FIELDS
        if name in fields
    }
    known = {column.order for column in columns.values() if column.order}
    problems: list[Problem] = []
    for name, column in columns.items():
        if day_order:
            columns[name] = decided(column, day_order)
        elif column.unclear == "ambiguous" and len(known) == 1:
            columns[name] = decided(column, next(iter(known)))
        elif column.unclear:
            problems.append(_ask(column, fields[name]))
    return columns, problems


def _ask(column: DateColumn, header: str) -> Problem:
    if column.readings:
        first, second = (reading.isoformat() for reading in column.readings)
        detail = (
            f'Column "{header}": is {column.example} the day {first} (day first) or {second} (month first)? '
            "The values leave it open."
        )
        params = {"example": column.example, "day_first": first, "month_first": second}
        return Problem("date_ambiguous", detail, None, header, column.example, params)
    detail = (
        f'Column "{header}" mixes day first ({column.day_first_example}) '
        f"and month first ({column.month_first_example})."
    )
    mixed = {"day_first": column.day_first_example, "month_first": column.month_first_example}
    return Problem("date_mixed", detail, None, header, None, mixed)


def draft_of(row: MappedRow, fields: Mapping[str, str], dates: Mapping[str, DateColumn]) -> Draft:
    """Understand one row; what cannot be understood becomes an error that names row and column."""
    draft = Draft(row.number, misfit=row.problem is not None)
    if row.problem is not None:
        draft.errors.append(row.problem)
    for name, header in fields.items():
        # From a row that does not fit only its person is guessed, so that nobody counts as missing for it.
        if name not in row.values or (draft.misfit and name not in IDENTITY_FIELDS):
            continue
        value = row.values[name]
        try:
            draft.values[name] = _date(name, value, dates[name]) if name in dates else _READERS[name](value)
        except ValueRefused as refused:
            if not draft.misfit:
                draft.errors.append(_error(refused, row.number, header, value))
    return draft


def _date(name: str, value: str, column: DateColumn) -> date | None:
    text = read_text(value)
    if text is None:
        return None
    day = _day(text, column.order)
    if day.year != OPEN_END_YEAR:
        return day
    if name == "hire_on":
        raise ValueRefused("date_out_of_range", "cannot be a hire date")
    return None


def _error(refused: ValueRefused, row: int, header: str, value: str) -> Problem:
    said = "the value" if refused.secret else f'"{shown(value, 40)}"'
    detail = f'Row {row}, column "{header}": {said} {refused.detail}.'
    return Problem(refused.code, detail, row, header, None if refused.secret else shown(value), refused.params)


def check_name(draft: Draft, base: PersonRecord | None) -> None:
    """Refuse a newcomer without a name, and a row that would take a name away."""
    told = [draft.values[name] for name in NAME_FIELDS if name in draft.values]
    named = base is not None and not base.graph_only
    if any(told) or (named and not told) or draft.outside:
        return
    draft.errors.append(Problem("name_missing", f"Row {draft.row}: there is no name.", draft.row))


def check_days(draft: Draft, person: PersonRecord, fields: Mapping[str, str], today: date) -> None:
    """Warn about days that contradict each other or the status."""
    end, hire, column = person.end_on, person.hire_on, fields.get("end_on")
    if column is None or end is None:
        return
    params = {"end_on": end.isoformat()}
    if hire and end < hire:
        detail = f"Row {draft.row}: the last day {end} is before the first, {hire}."
        _warn(draft, "end_before_hire", detail, column, {**params, "hire_on": hire.isoformat()})
    if end < today and person.status != "left":
        detail = f"Row {draft.row}: the last day {end} is past, but the status is {person.status}."
        _warn(draft, "status_contradicts_end", detail, column, {**params, "status": person.status})


def _warn(draft: Draft, code: str, detail: str, column: str, params: Mapping[str, object]) -> None:
    draft.warnings.append(Problem(code, detail, draft.row, column, None, params, "warning"))


def person_of(draft: Draft, base: PersonRecord | None, external_id: str, today: date) -> PersonRecord:
    """Lay a draft over what is known of the person; managers are sought, and the team that follows from them, later.

    A field not told keeps its value. Display name, country and time zone follow their sources unless set.
    """
    told = draft.values
    before = base or _NOBODY
    now = {name: told[name] for name in _DIRECT if name in told}
    known = (before.given_name, before.family_name)
    called = "" if before.graph_only else before.display_name
    given, family = (told.get(name, old) or "" for name, old in zip(NAME_FIELDS[:2], known, strict=True))
    if told.get("display_name") and not (told.get("given_name") or told.get("family_name")):
        # Only one name in the file: the two parts come from it, unless they were given better before.
        given, family = split_name(told["display_name"]) if known in (("", ""), split_name(called)) else known
    name = told.get("display_name") or follow(called, full_name(*known), full_name(given, family))
    site = now.get("site", before.site)
    country = told.get("country") or follow(before.country, country_at(before.site), country_at(site))
    zone = told.get("time_zone") or follow(
        before.time_zone, time_zone_at(before.site, before.country), time_zone_at(site, country)
    )
    status = told.get("status")
    if status is None:
        end = told.get("end_on")
        # In a file without a status column, to be in it again is to be back.
        back = "status" not in told and before.status == "left"
        status = "left" if end is not None and end < today else "active" if back else before.status
    now |= {
        "external_id": external_id,
        "given_name": given,
        "family_name": family,
        "display_name": name or external_id,
        "country": country,
        "time_zone": zone,
        "status": status,
        "graph_only": False,
    }
    if base is None:
        return PersonRecord(**now, manager_external_id=told.get("manager_external_id"))
    after = replace(base, **now)
    return base if after == base else after  # kept once: most people of most files stay as they are


_NOBODY = PersonRecord(external_id="")
_DIRECT = (
    "work_email",
    "title",
    "job_level",
    "division",
    "department",
    "team",
    "cost_center",
    "site",
    "languages",
    "preferred_language",
    "hire_on",
    "end_on",
)


def follow(value: str | None, source_before: str | None, source_now: str | None) -> str | None:
    """Return what follows from a source, unless the value was set otherwise than by it."""
    return source_now if not value or value == source_before else value


def full_name(given: str, family: str) -> str:
    """Return given and family name in one."""
    return f"{given} {family}".strip()


def split_name(name: str) -> tuple[str, str]:
    """Return (given, family) of "Månsson, Aina" or "Aina Månsson"; the first word is the given name."""
    family, comma, given = name.partition(",")
    if comma:
        return given.strip(), family.strip()
    given, _, family = name.partition(" ")
    return given, family
