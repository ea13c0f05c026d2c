"""One person as a file or the directory knows them, and what changes between the two."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from sys import intern
from typing import Any, Literal

from vuoro.hris.value_words import Status
from vuoro.hris.values import Languages

Line = Literal["known", "unknown", "top"]
Shown = str | int | None

NOT_TOLD = "?"
"""`manager_raw` of a person whose file had no manager column: an unknown line, never a top."""


# Never changed, yet not frozen: a large file makes so many that a frozen one's four times slower start would tell.
@dataclass(slots=True, kw_only=True)
class PersonRecord:
    """A person in canonical fields; managers by external id where found, else raw as the file wrote them."""

    external_id: str
    given_name: str = ""
    family_name: str = ""
    display_name: str = ""
    work_email: str | None = None
    manager_external_id: str | None = None
    manager_raw: str | None = None
    dotted_manager_external_ids: tuple[str, ...] = ()
    dotted_raw: tuple[str, ...] = ()
    title: str | None = None
    job_level: int | None = None
    division: str | None = None
    department: str | None = None
    team: str | None = None
    cost_center: str | None = None
    site: str | None = None
    country: str | None = None
    time_zone: str | None = None
    languages: Languages = ()
    preferred_language: str | None = None
    status: Status = "active"
    hire_on: date | None = None
    end_on: date | None = None
    graph_only: bool = False

    @property
    def takes_part(self) -> bool:
        """Return whether the person is at work and more than a place in the chart."""
        return self.status != "left" and not self.graph_only

    @property
    def line(self) -> Line:
        """Return whether the person's own links upward are known; a chain may still break further up."""
        if self.manager_raw is not None or self.dotted_raw:
            return "unknown"
        return "top" if self.manager_external_id is None else "known"

    @property
    def provisional(self) -> bool:
        """Tell whether the mail address stands in for an employee id, which a file may bring later."""
        if self.graph_only:  # of whom no address is kept but this one
            return "@" in self.external_id
        return self.work_email is not None and self.external_id == self.work_email.lower()


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, as JSON can hold it (languages "fi:4;en:3", days "2026-01-31")."""

    field: str
    before: Shown
    after: Shown


def _languages(value: Languages) -> Shown:
    return ";".join(f"{code}:{level}" for code, level in sorted(value)) or None


def _ids(value: tuple[str, ...]) -> Shown:
    return ";".join(sorted(value)) or None


def _day(value: date | None) -> Shown:
    return value.isoformat() if value else None


_FORMS: dict[str, Callable[..., Shown]] = {
    "languages": _languages,
    "dotted_manager_external_ids": _ids,
    "dotted_raw": _ids,
    "hire_on": _day,
    "end_on": _day,
}
#: Texts that many people share; kept once each, a large directory takes half the room.
SHARED = frozenset(
    {"title", "division", "department", "team", "cost_center", "site", "country", "time_zone", "preferred_language"}
)


def kept_once(name: str, value: Any) -> Any:
    """The value of a field, the same object for all who share it."""
    return intern(value) if name in SHARED and type(value) is str else value


FIELDS = tuple(field.name for field in fields(PersonRecord))
_values = attrgetter(*FIELDS)


def changes_between(before: PersonRecord, after: PersonRecord) -> tuple[Change, ...]:
    """List the fields that differ; the order of languages and of dotted managers is no difference."""
    if before is after:
        return ()
    found: list[Change] = []
    for name, old, new in zip(FIELDS, _values(before), _values(after), strict=True):
        if old == new:
            continue
        form = _FORMS.get(name)
        change = Change(name, form(old), form(new)) if form else Change(name, old, new)
        if change.before != change.after:
            found.append(change)
    return tuple(found)
