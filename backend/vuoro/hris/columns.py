"""Which column is which field: suggested from the header, corrected by the admin, refused when private.

A file must tell `external_id` or `work_email`, and a name. Supervisory_Organization, Unit or Yksikkö is the
department; next to a Department column it is the team. Without any team column each manager's direct reports
are a team.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from vuoro.hris.header_words import (
    CANONICAL_FIELDS,
    KNOWN_HEADERS,
    UNIT_HEADERS,
    fold_header,
    refused_category,
)
from vuoro.hris.parse import Table
from vuoro.hris.problems import Problem, shown

SAMPLES = 3
SAMPLE_ROWS = 50

Reason = Literal[
    "known_header",
    "unit_below_department",
    "chosen",
    "ignored",
    "field_taken",
    "repeated",
    "refused",
    "unknown",
]


@dataclass(frozen=True, slots=True)
class Column:
    """A header, the field it fills (None: not read) and why; a refused one has a category and no samples."""

    header: str
    field: str | None
    reason: Reason
    category: str | None
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """All columns of a table; with an error among the problems (`ready` is False) the rows cannot be read."""

    columns: tuple[Column, ...]
    problems: tuple[Problem, ...]

    @property
    def ready(self) -> bool:
        """Tell whether the rows can be read."""
        return all(problem.severity == "warning" for problem in self.problems)

    @property
    def fields(self) -> dict[str, str]:
        """Return field → header."""
        return {column.field: column.header for column in self.columns if column.field}

    @property
    def refused(self) -> frozenset[str]:
        """Return the headers whose cells are never read."""
        return frozenset(column.header for column in self.columns if column.reason == "refused")


@dataclass(frozen=True, slots=True)
class MappedRow:
    """A row by canonical field; a field that is missing was not told, an empty text was told to be empty."""

    number: int
    values: Mapping[str, str]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class MappedRows:
    """The rows of a table under its columns; may be read more than once."""

    table: Table
    columns: ColumnMap

    @property
    def fields(self) -> dict[str, str]:
        """Return field → header."""
        return self.columns.fields

    def told(self, names: Iterable[str]) -> dict[str, Counter[str]]:
        """What the cells of each of these fields hold and how often, what comes first standing first."""
        places = {name: self.table.headers.index(header) for name, header in self.fields.items() if name in names}
        found: dict[str, Counter[str]] = {name: Counter() for name in places}
        for row in self.table.rows() if places else ():
            for name, at in places.items():
                if cell := row.cells[at]:
                    found[name][cell] += 1
        return found

    def __iter__(self) -> Iterator[MappedRow]:
        """Read only the columns that fill a field."""
        fields = self.fields
        places = [(field, self.table.headers.index(header)) for field, header in fields.items()]
        unread = set(self.table.headers) - set(fields.values())
        for row in self.table.rows(without=unread):
            values = {field: cell for field, at in places if (cell := row.cells[at]) is not None}
            yield MappedRow(row.number, values, row.problem)


def map_columns(table: Table, chosen: Mapping[str, str | None] | None = None) -> ColumnMap:
    """Suggest a field for each column; `chosen` (header → field or None) goes before the suggestion."""
    chosen = chosen or {}
    problems: list[Problem] = []
    decided: dict[str, tuple[str | None, Reason]] = {}
    categories = {header: category for header in table.headers if (category := refused_category(header))}
    for header in categories:
        decided[header] = (None, "refused")
    _take_chosen(table, chosen, decided, problems)
    _suggest(table, decided)
    for header, category in categories.items():
        detail = f'Column "{header}" is refused: its values are not read and never stored.'
        problems.append(Problem("column_refused", detail, None, header, None, {"category": category}, "warning"))
    problems.extend(_missing({field for field, _ in decided.values() if field}))
    for header in table.repeated_headers:
        detail = f'Column "{header}" bears the name of an earlier one; only the first is read.'
        if decided[header] == (None, "repeated"):
            problems.append(Problem("header_repeated", detail, None, header, None, {}, "warning"))
    samples = _samples(table, frozenset(categories))
    columns = tuple(
        Column(header, *decided[header], categories.get(header), samples[header]) for header in table.headers
    )
    return ColumnMap(columns, tuple(problems))


def _take_chosen(
    table: Table,
    chosen: Mapping[str, str | None],
    decided: dict[str, tuple[str | None, Reason]],
    problems: list[Problem],
) -> None:
    taken: dict[str, str] = {}
    for header, field in chosen.items():
        name = shown(header)
        if header not in table.headers:
            detail = f'The file has no column "{name}".'
            problems.append(Problem("column_unknown", detail, None, name))
        elif field is None:
            decided.setdefault(header, (None, "ignored"))
        elif field not in CANONICAL_FIELDS:
            detail = f'Column "{name}": there is no field "{shown(field)}".'
            problems.append(Problem("field_unknown", detail, None, name, shown(field)))
        elif header in decided:
            detail = f'Column "{name}" holds data that Vuoro must not store; it cannot be mapped.'
            problems.append(Problem("column_forbidden", detail, None, name, None, {"field": field}))
        elif field in taken:
            detail = f'Columns "{taken[field]}" and "{name}" are both mapped to {field}.'
            params = {"field": field, "columns": [taken[field], name]}
            problems.append(Problem("field_mapped_twice", detail, None, name, None, params))
        else:
            taken[field] = header
            decided[header] = (field, "chosen")


def _suggest(table: Table, decided: dict[str, tuple[str | None, Reason]]) -> None:
    taken = {field for field, _ in decided.values() if field}
    wishes: list[tuple[int, int, str, str]] = []
    for at, header in enumerate(table.headers):
        known = KNOWN_HEADERS.get(fold_header(header).replace(" ", ""))
        if header in decided:
            continue
        if header in table.repeated_headers:
            decided[header] = (None, "repeated")
        elif known is None:
            decided[header] = (None, "unknown")
        else:
            wishes.append((known[1], at, header, known[0]))
    left_over: list[str] = []
    for _, _, header, field in sorted(wishes):
        if field in taken:
            left_over.append(header)
        else:
            taken.add(field)
            decided[header] = (field, "known_header")
    for header in left_over:
        if "team" not in taken and fold_header(header).replace(" ", "") in UNIT_HEADERS:
            taken.add("team")
            decided[header] = ("team", "unit_below_department")
        else:
            decided[header] = (None, "field_taken")


def _missing(fields: set[str]) -> Iterator[Problem]:
    if not fields & {"external_id", "work_email"}:
        detail = "No column tells who a row is about: map the employee id or the work mail address."
        yield Problem("identity_column_missing", detail, params={"fields": ["external_id", "work_email"]})
    if not fields & {"given_name", "family_name", "display_name"}:
        detail = "No column holds names: map the given and family name, or the display name."
        yield Problem("name_column_missing", detail, params={"fields": ["given_name", "family_name", "display_name"]})
    if not fields & {"manager_external_id", "manager_email"}:
        detail = "No column tells the managers: newcomers get an unknown reporting line and cannot be matched."
        yield Problem("manager_column_missing", detail, severity="warning")
    elif "team" not in fields:
        detail = "No column holds teams: the direct reports of each manager are a team."
        yield Problem("team_from_manager", detail, severity="warning")


def _samples(table: Table, refused: frozenset[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {header: {} for header in table.headers}
    for row in islice(table.rows(without=refused), SAMPLE_ROWS):
        # A row that does not fit its headers may show a refused value under another name.
        for header, cell in zip(table.headers, row.cells if row.problem is None else (), strict=False):
            if cell and len(found[header]) < SAMPLES:
                found[header][shown(cell)] = None
    return {header: tuple(values) for header, values in found.items()}
