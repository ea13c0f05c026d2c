"""Many rows in few statements: each carries a thousand as one JSON document, which PostgreSQL reads by their types."""

import json
from collections.abc import Callable, Collection, Iterable
from datetime import date
from itertools import islice
from typing import Any, cast
from uuid import UUID

from sqlalchemy import TEXT, Table, bindparam, column, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.dml import Insert, Update

from vuoro.core.db import Db, Model

CHUNK = 1000

Report = Callable[[int], None]


async def insert_all(db: Db, model: type[Model], rows: Iterable[dict[str, Any]], report: Report | None = None) -> None:
    """Add rows to this organization, all with the same columns; the database gives an id where none stands in them.

    `report` hears how many were written each time.
    """
    table = cast(Table, model.__table__)

    def statement(names: list[str], source: Any) -> Insert:
        rest = {"organization_id": literal(db.organization_id), "id": func.uuidv7()}
        rest = {name: value for name, value in rest.items() if name not in names}
        told = select(*rest.values(), *source.c)
        return insert(table).from_select([*rest, *names], told, include_defaults=False)

    await _each(db, table, rows, statement, report)


async def update_all(
    db: Db,
    model: type[Model],
    rows: Iterable[dict[str, Any]],
    report: Report | None = None,
    *,
    merged: Collection[str] = (),
) -> None:
    """Give rows of this organization, found by their `id`, the other columns that stand beside it.

    Those in `merged` hold JSON, and keep what the new one does not name.
    """
    table = cast(Table, model.__table__)

    def statement(names: list[str], source: Any) -> Update:
        mine = (table.c.organization_id == db.organization_id, table.c.id == source.c.id)
        told = {name: table.c[name].concat(source.c[name]) if name in merged else source.c[name] for name in names}
        return update(table).where(*mine).values({name: value for name, value in told.items() if name != "id"})

    await _each(db, table, rows, statement, report)


async def _each(
    db: Db,
    table: Table,
    rows: Iterable[dict[str, Any]],
    statement: Callable[[list[str], Any], Insert | Update],
    report: Report | None,
) -> None:
    rows, written = iter(rows), None
    while some := list(islice(rows, CHUNK)):
        if written is None:
            names = list(some[0])
            columns = [column(name, table.c[name].type) for name in names]
            source = func.jsonb_to_recordset(bindparam("rows", type_=TEXT).cast(JSONB)).table_valued(*columns)
            written = statement(names, source.render_derived(name="told", with_types=True))
        await db.execute(written, {"rows": json.dumps(some, default=_text)})
        if report is not None:
            report(len(some))


def _text(value: Any) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
