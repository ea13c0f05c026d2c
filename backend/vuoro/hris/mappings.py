"""Mappings of columns that an organization keeps under a name, for files of the same kind."""

from typing import cast
from uuid import UUID

from sqlalchemy import select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Invalid, NotFound
from vuoro.core.history import audit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import can
from vuoro.hris import access, service
from vuoro.hris.check import Saved
from vuoro.hris.dates import DayOrder
from vuoro.hris.models import Import, ImportMapping
from vuoro.hris.schemas import DateOrder, ImportMappingIn, ImportMappingOut

MOST = 50


class MappingNameTaken(Conflict):
    """Another mapping has this name."""

    code, title = "mapping_name_taken", "There is a mapping of this name"
    text = "Another mapping has this name. Choose another, or delete that one first."


class TooManyMappings(Conflict):
    """The organization keeps as many as it can."""

    code, title = "too_many_mappings", "There are enough mappings"
    text = f"An organization keeps at most {MOST} mappings. Delete one that is no longer used."


async def search(db: Db, me: Actor, page: Paging) -> tuple[list[ImportMappingOut], str | None]:
    """One page of the mappings, by name."""
    access.require_importer(me)
    query = select(ImportMapping).where(ImportMapping.organization_id == me.organization_id)
    keys = [ImportMapping.name, ImportMapping.id]
    return await keyset(
        db, query, keys, page, lambda row: _show(row[0]), scope="import_mappings", parse=[str, UUID]
    )  # fmt: skip


async def get(db: Db, me: Actor, mapping_id: UUID) -> ImportMappingOut:
    """One mapping."""
    access.require_importer(me)
    row = await db.find(ImportMapping, mapping_id)
    if row is None:
        raise NotFound
    return _show(row)


async def create(db: Db, me: Actor, data: ImportMappingIn) -> UUID:
    """Keep what an import's columns fill now; of two for the same columns the newer is chosen.

    Raises:
        MappingNameTaken, TooManyMappings: it cannot be kept.
    """
    access.require_importer(me)
    found = await db.find(Import, data.import_id)
    if found is None:
        raise NotFound
    if not found.columns:
        raise Invalid.at("/import_id", "file_unreadable", "This import has no columns that could be kept.")
    names = list(
        await db.scalars(select(ImportMapping.name).where(ImportMapping.organization_id == me.organization_id))
    )
    if data.name in names:
        raise MappingNameTaken
    if len(names) >= MOST:
        raise TooManyMappings
    row = ImportMapping(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        name=data.name,
        headers=[column["header"] for column in found.columns],
        columns={column["header"]: column["field"] for column in found.columns if not column["category"]},
        date_order=found.date_order,
        scope_field=found.scope_field,
        scope_values=found.scope_values,
    )
    db.add(row)
    audit(db, "import_mapping.create", row.id)
    await db.flush()
    return row.id


async def remove(db: Db, me: Actor, mapping_id: UUID) -> None:
    """Forget a mapping; what it was chosen for stays as it is."""
    access.require_importer(me)
    await db.delete(await db.locked(ImportMapping, mapping_id))
    audit(db, "import_mapping.delete", mapping_id)


async def by_headers(db: Db) -> dict[frozenset[str], Saved]:
    """The newest mapping for each set of columns."""
    rows = await db.scalars(
        select(ImportMapping).where(ImportMapping.organization_id == db.organization_id).order_by(ImportMapping.id)
    )
    return {
        frozenset(row.headers): Saved(
            row.name, row.columns, cast(DayOrder | None, row.date_order), row.scope_field, row.scope_values
        )
        for row in rows
    }


def _show(row: ImportMapping) -> ImportMappingOut:
    return ImportMappingOut(
        id=row.id,
        name=row.name,
        columns=row.columns,
        date_order=cast(DateOrder | None, row.date_order),
        scope=service.scope_of(row),
        version=row.version,
        created_at=row.created_at,
        can=can(delete=True),
    )
