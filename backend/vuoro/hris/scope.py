"""Who of a file takes part: people with one of some values in a field. All others are a place in the chart alone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from vuoro.hris.drafts import understood
from vuoro.hris.record import PersonRecord

ScopeField = Literal["country", "site", "division", "department", "team", "cost_center", "title"]
SCOPE_FIELDS: tuple[ScopeField, ...] = get_args(ScopeField)
MOST_CHOICES = 500


class Scope:
    """People with one of these values, in whatever case and spelling; admins are never shut out."""

    __slots__ = ("_values", "admins", "field")

    def __init__(self, field: str, values: Iterable[str], admins: frozenset[str]) -> None:
        """Take the field, its values as somebody wrote them, and the admins by external id."""
        self.field, self.admins = field, admins
        self._values = frozenset((understood(field, value) or value).lower() for value in values)

    def has(self, person: PersonRecord) -> bool:
        """Tell whether the person has one of the values."""
        return (getattr(person, self.field) or "").lower() in self._values


def choices(told: Mapping[str, Counter[str]]) -> dict[str, list[tuple[str, int]]]:
    """For each field the values of its column by which one may choose, and how many rows have each; commonest first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for name in SCOPE_FIELDS:
        counts, spelled = Counter[str](), dict[str, str]()
        for cell, count in told.get(name, Counter()).most_common():
            if value := understood(name, cell):
                counts[spelled.setdefault(value.lower(), value)] += count
        if counts:
            found[name] = counts.most_common(MOST_CHOICES)
    return found


def in_the_chart_alone(person: PersonRecord, before: PersonRecord | None) -> PersonRecord:
    """What is kept of somebody who does not take part: number, managers, and whether they are here."""
    known = before is not None and before.graph_only
    after = PersonRecord(
        external_id=person.external_id,
        display_name=before.display_name if before and known else person.external_id,
        manager_external_id=person.manager_external_id,
        manager_raw=person.manager_raw,
        dotted_manager_external_ids=person.dotted_manager_external_ids,
        dotted_raw=person.dotted_raw,
        status=person.status,
        graph_only=True,
    )
    return before if before is not None and after == before else after
