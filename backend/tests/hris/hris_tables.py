"""Short ways to make tables and plans in the tests of imports."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import vuoro.simulator
from vuoro.hris.columns import MappedRows, map_columns
from vuoro.hris.outcomes import Outcome, Plan
from vuoro.hris.parse import Table, read_table
from vuoro.hris.plan import plan
from vuoro.hris.problems import FileError, Problem
from vuoro.hris.record import PersonRecord

TODAY = date(2026, 11, 24)
DATA = Path(vuoro.simulator.__path__[0]) / "data"
WORKDAY = DATA / "nordlys-workday.csv"
FINNISH = DATA / "nordlys-finnish.csv"

People = dict[str, PersonRecord]


def csv_table(text: str, encoding: str = "utf-8") -> Table:
    return read_table(text.encode(encoding))


def refusal(source: Path | str | bytes, **limits: int) -> FileError:
    with pytest.raises(FileError) as caught:
        read_table(source, **limits)
    return caught.value


def plan_of(source: Path | str | bytes, people: Mapping[str, PersonRecord] | None = None, **options: Any) -> Plan:
    table = read_table(source.encode() if isinstance(source, str) else source)
    return plan(MappedRows(table, map_columns(table)), people or {}, **{"today": TODAY, **options})


def applied(people: Mapping[str, PersonRecord], done: Plan) -> People:
    """Return the people once the plan is applied, the way the service writes them."""
    after = {key: person for key, person in people.items() if key not in {outcome.key for outcome in done.writes}}
    after |= {outcome.person.external_id: outcome.person for outcome in done.writes if outcome.person}
    return after


def imported(source: Path | str | bytes, people: Mapping[str, PersonRecord] | None = None, **options: Any) -> People:
    return applied(people or {}, plan_of(source, people, **options))


def outcome_of(done: Plan, row: int | None) -> Outcome:
    return next(outcome for outcome in done.outcomes if outcome.row == row)


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]


def row_codes(done: Plan) -> dict[int | None, list[str]]:
    return {outcome.row: codes(outcome.problems) for outcome in done.outcomes if outcome.problems}


def changed(outcome: Outcome) -> dict[str, tuple[object, object]]:
    return {change.field: (change.before, change.after) for change in outcome.changes}
