"""What a file is and would do: the pure modules in a row, from bytes to a plan and what is shown of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from vuoro.hris.columns import MappedRow, MappedRows, map_columns
from vuoro.hris.dates import DayOrder
from vuoro.hris.outcomes import BRAKE_PERCENT, Outcome, Plan
from vuoro.hris.parse import read_table
from vuoro.hris.plan import Kept, plan
from vuoro.hris.problems import FileError, Problem
from vuoro.hris.record import PersonRecord
from vuoro.hris.scope import Scope, ScopeField
from vuoro.hris.workbook import MAX_UNPACKED, csv_of, is_workbook

REPORT_EVERY = 500

Report = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Saved:
    """A mapping that was kept under a name, for files with the same columns."""

    name: str
    columns: Mapping[str, str | None]
    day_order: DayOrder | None
    scope_field: ScopeField | None
    scope_values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Options:
    """What was chosen for a file."""

    columns: Mapping[str, str | None]
    day_order: DayOrder | None
    deactivate_missing: bool
    allow_mass_deactivation: bool
    max_bytes: int
    today: date
    admins: frozenset[str]
    owned: Mapping[str, Kept] = field(default_factory=dict)
    saved: Mapping[frozenset[str], Saved] = field(default_factory=dict)
    scope_field: ScopeField | None = None
    scope_values: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What came out, as JSON can hold it; `problem` keeps the file from being applied, `brake` asks first."""

    detected: dict[str, Any] | None
    columns: list[dict[str, Any]]
    plan: Plan | None
    problem: dict[str, Any] | None
    brake: bool
    saved: Saved | None = None

    @property
    def failed(self) -> bool:
        """Whether the file needs another mapping, an answer or a mend before it can be applied."""
        return self.plan is None or self.plan.blocked

    @property
    def clean(self) -> bool:
        """Whether it may be applied without asking."""
        return self.plan is not None and self.problem is None and not self.plan.summary.errors


@dataclass(frozen=True, slots=True)
class _Counted(MappedRows):
    report: Report

    def __iter__(self) -> Iterator[MappedRow]:
        for done, row in enumerate(MappedRows.__iter__(self)):
            if done % REPORT_EVERY == 0:
                self.report(done, self.table.row_count)
            yield row
        self.report(self.table.row_count, self.table.row_count)


def examine(content: bytes, options: Options, people: Mapping[str, PersonRecord], report: Report) -> Found:
    """Read a file and compare it with the people known now. Takes up to some seconds: call it in a thread."""
    detected, columns = None, []
    try:
        book = is_workbook(content)
        table = read_table(csv_of(content) if book else content, max_bytes=MAX_UNPACKED if book else options.max_bytes)
        saved = None if options.columns else options.saved.get(frozenset(table.headers))
        scope = saved if saved and options.scope_field is None else options
        mapped = map_columns(table, saved.columns if saved else options.columns)
        detected = {
            "encoding": "xlsx" if book else table.encoding,
            "delimiter": None if book else table.delimiter,
            "date_format": None,
            "header_row": table.header_row,
        }
        columns = [{**asdict(column), "samples": list(column.samples)} for column in mapped.columns]
        done = plan(
            _Counted(table, mapped, report),
            people,
            today=options.today,
            deactivate_missing=options.deactivate_missing,
            allow_mass_deactivation=options.allow_mass_deactivation,
            day_order=options.day_order or (saved.day_order if saved else None),
            owned=options.owned,
            scope=Scope(scope.scope_field, scope.scope_values, options.admins) if scope.scope_field else None,
        )
    except FileError as error:
        problem = {"code": error.code, "detail": error.detail, "params": error.params}
        return Found(detected, columns, None, problem, brake=False)
    done = _with_admins(done, options.admins)
    detected["date_format"] = ", ".join(dict.fromkeys(done.date_formats.values())) or None
    return Found(detected, columns, done, _blocking(done), done.brake, saved)


def _with_admins(done: Plan, admins: frozenset[str]) -> Plan:
    """Admins who are merely missing from a file stay: it would lock everybody out."""
    kept = [one for one in done.outcomes if one.row is None and one.kind == "left" and one.key in admins]
    if not kept:
        return done
    names = [one.display_name for one in kept]
    detail = f"Not in the file, and kept as admins of the organization: {', '.join(map(str, names))}."
    warning = Problem("admins_kept", detail, params={"names": names, "count": len(names)}, severity="warning")
    outcomes = tuple(one for one in done.outcomes if one not in kept)
    return replace(done, outcomes=outcomes, problems=(*done.problems, warning))


def _blocking(done: Plan) -> dict[str, Any] | None:
    first = next((problem for problem in done.problems if problem.severity == "error"), None)
    if first is not None:
        place = {"column": first.column, "value": first.value}
        params = {**{name: said for name, said in place.items() if said is not None}, **first.params}
        return {"code": first.code, "detail": first.detail, "params": params}
    if not done.brake:
        return None
    leaving, people = done.leaving
    detail = f"{leaving} of {people} people would leave, more than {BRAKE_PERCENT} %. Is the file whole?"
    params = {"leaving": leaving, "people": people, "percent": BRAKE_PERCENT}
    return {"code": "mass_deactivation", "detail": detail, "params": params}


def rows_of(done: Plan) -> Iterator[dict[str, Any]]:
    """The rows to keep: findings of the whole file, errors, changes and warnings; nothing of who stays as they are."""
    for problem in done.problems:
        yield _row(0, problem.severity, None, (problem,))
    for outcome in done.outcomes:
        if outcome.kind != "unchanged" or outcome.problems:
            kind = "warning" if outcome.kind == "unchanged" else outcome.kind
            yield _row(outcome.row or 0, kind, outcome, outcome.problems)


# What there is to say of somebody who is in the chart alone; what they had before is gone.
_IN_THE_CHART = frozenset({"external_id", "manager_external_id", "dotted_manager_external_ids", "status"})


def _row(row: int, kind: str, outcome: Outcome | None, problems: tuple[Problem, ...]) -> dict[str, Any]:
    return {
        "row": row,
        "kind": kind,
        "external_id": outcome and outcome.external_id,
        "display_name": outcome and outcome.display_name,
        "graph_only": outcome is not None and outcome.outside,
        "changes": [
            {"field": change.field, "before": change.before, "after": change.after}
            for change in (outcome.changes if outcome else ())
            if change.field != "graph_only" and not (outcome and outcome.outside and change.field not in _IN_THE_CHART)
        ],
        "problems": [
            {
                "severity": problem.severity,
                "column": problem.column,
                "code": problem.code,
                "detail": problem.detail,
                "value": problem.value,
                "params": dict(problem.params),
            }
            for problem in problems
        ],
    }
