"""Imports on the wire."""

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from vuoro.core.fields import LINE
from vuoro.core.wire import Can, In, Moment, Out, Params
from vuoro.hris.scope import MOST_CHOICES, ScopeField

ImportState = Literal["parsing", "checked", "applying", "applied", "failed", "discarded", "undoing", "undone"]
RowKind = Literal["error", "warning", "created", "updated", "left"]
RowGroup = Literal[RowKind, "outside"]
DateOrder = Literal["day_first", "month_first"]
ImportField = Literal[
    "external_id", "given_name", "family_name", "display_name", "work_email", "manager_external_id", "manager_email",
    "dotted_manager_external_ids", "title", "job_level", "division", "department", "team", "cost_center", "site",
    "country", "time_zone", "languages", "preferred_language", "status", "hire_on", "end_on",
]  # fmt: skip


ScopeValue = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE, strip_whitespace=True)]

# A row as it came: texts, numbers, lists of texts, null.
Cells = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "additionalProperties": {}})]


class ImportScope(In):
    """Who takes part: people with one of these values; of all others number and manager stand in the chart alone."""

    field: ScopeField
    values: list[ScopeValue] = Field(min_length=1, max_length=MOST_CHOICES)


class ImportScopeOut(Out):
    """Who takes part."""

    field: ScopeField
    values: list[str]


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


class ImportOptions(In):
    """What an upload may say beside its people. Without `dry_run=false` nothing changes until it is applied."""

    dry_run: bool = True
    deactivate_missing: bool = Field(False, description="people who are not in the file have left")
    allow_mass_deactivation: bool = Field(False, description="even when more than 10 % would leave")
    date_order: DateOrder | None = Field(None, description="how to read 3/4/2026, where the file leaves it open")
    scope: Annotated[ImportScope | None, BeforeValidator(_parsed)] = Field(
        None, description="who takes part (in a form as JSON); without it the kept mapping tells, or everybody does"
    )


class ImportIn(ImportOptions):
    """People sent as JSON: objects whose fields are named like the columns of a file."""

    people: list[Cells] = Field(min_length=1, max_length=100_000)


class ImportPatch(In):
    """Which column fills which field (null: none), and what else is to be checked anew. `scope` null: everybody."""

    columns: dict[str, ImportField | None] = Field(default_factory=dict, max_length=200)
    date_order: DateOrder | None = None
    deactivate_missing: bool = False
    scope: ImportScope | None = None


class ImportApply(In):
    """How to apply an import."""

    allow_mass_deactivation: bool = False


class ImportProgress(Out):
    """How many rows are through; the total is null until the file was opened."""

    done: int
    total: int | None


class ImportDetected(Out):
    """How the file is written. `delimiter` is null and `header_row` 0 for JSON."""

    encoding: str
    delimiter: str | None
    date_format: str | None
    header_row: int


class ImportColumn(Out):
    """A column, the field it fills and why; `category` tells what is private in one that is refused."""

    header: str
    field: ImportField | None
    reason: str
    category: str | None
    samples: list[str]


class ImportSummary(Out):
    """Counts of rows by what becomes of them.

    `outside` counts changes of people who will be in the chart alone, whom no other count has; `going_out` those of
    them who took part until now.
    """

    rows: int
    created: int
    updated: int
    unchanged: int
    left: int
    errors: int
    warnings: int
    manager_unresolved: int
    outside: int
    going_out: int


class ImportProblem(Out):
    """Why the whole file cannot be used as it is."""

    code: str
    detail: str
    params: Params


class ImportKept(Out):
    """Somebody whom an undo left as they are: changed since (`changed_since`), or with a part elsewhere (`in_use`)."""

    external_id: str
    display_name: str | None
    reason: Literal["changed_since", "in_use"]


class ImportUndone(Out):
    """What an undo did: how many are as before, or gone again; and who was kept, the first fifty by name."""

    restored: int
    removed: int
    kept: int
    people: list[ImportKept]


class ImportOut(Out):
    """One file of people on its way into the directory."""

    id: UUID
    filename: str
    state: ImportState
    size: int
    dry_run: bool
    deactivate_missing: bool
    date_order: DateOrder | None
    scope: ImportScopeOut | None
    progress: ImportProgress
    detected: ImportDetected | None
    columns: list[ImportColumn]
    summary: ImportSummary | None
    problem: ImportProblem | None
    mapping_name: str | None
    undo_until: Moment | None
    undone: ImportUndone | None
    version: int
    created_at: Moment
    applied_at: Moment | None
    can: Can


class ImportPage(Out):
    """One page of imports."""

    items: list[ImportOut]
    next_cursor: str | None


class ImportChange(Out):
    """One field of a person before and after."""

    field: str
    before: str | int | None
    after: str | int | None


class ImportFinding(Out):
    """What is wrong with a row, or worth a look."""

    severity: Literal["error", "warning"]
    column: str | None
    code: str
    detail: str
    value: str | None
    params: Params


class ImportRowOut(Out):
    """What becomes of one row; `row` is null for the file as a whole and for people who are not in it.

    `graph_only`: the person will be in the chart alone; who is `left` too took part until now, or left.
    """

    row: int | None
    external_id: str | None
    display_name: str | None
    kind: RowKind
    graph_only: bool
    changes: list[ImportChange]
    problems: list[ImportFinding]


class ImportRowPage(Out):
    """One page of an import's rows."""

    items: list[ImportRowOut]
    next_cursor: str | None


class ImportChoiceValue(Out):
    """A value, and how many rows have it."""

    value: str
    count: int


class ImportChoice(Out):
    """A column by which one may say who takes part, and its values, the commonest first; five hundred at most."""

    field: ScopeField
    header: str
    values: list[ImportChoiceValue]


class ImportChoices(Out):
    """By what one may say who takes part; nothing once the file is applied."""

    choices: list[ImportChoice]


class ImportMappingIn(In):
    """A name for the columns of an import as they are mapped now, and for who takes part."""

    name: str = Field(min_length=1, max_length=100, pattern=LINE)
    import_id: UUID


class ImportMappingOut(Out):
    """Which column fills which field; chosen by itself for a file with the same columns."""

    id: UUID
    name: str
    columns: dict[str, ImportField | None]
    date_order: DateOrder | None
    scope: ImportScopeOut | None
    version: int
    created_at: Moment
    can: Can


class ImportMappingPage(Out):
    """One page of kept mappings."""

    items: list[ImportMappingOut]
    next_cursor: str | None
