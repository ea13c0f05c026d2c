"""Units: parts of the organization in the directory's own words, in which roles are held and programs run."""

from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Uuid, column, func, select, table, true
from sqlalchemy.exc import IntegrityError

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Invalid, NotFound
from vuoro.core.history import audit
from vuoro.core.page import Paging, Rows, keyset
from vuoro.core.wire import can, changes
from vuoro.identity.access import require_admin
from vuoro.identity.models import Grant
from vuoro.people import access
from vuoro.people.models import Person, Unit
from vuoro.people.schemas import UnitIn, UnitOut, UnitPatch

KINDS = ("divisions", "departments", "sites")
# A table of the domain above, of which only what belongs to a unit is counted here.
_PROGRAMS = table("programs", column("organization_id", Uuid), column("id", Uuid), column("unit_id", Uuid))


class UnitNameTaken(Conflict):
    """Another unit has this name."""

    code = "unit_exists"


class UnitInUse(Conflict):
    """Somebody has a role in it, or a programme is its own."""

    code = "unit_in_use"
    text = "Take the roles in this unit away and give its programmes to others first."


def visible_to(me: Actor) -> Any:
    """An admin of the whole organization sees every unit, everybody else those in which they hold a role."""
    if me.is_admin or me.is_system:
        return true()
    return Unit.id.in_({held.unit_id for held in me.grants if held.unit_id is not None})


def _listed(me: Actor) -> Rows:
    people = (
        select(func.count())
        .select_from(Person)
        .where(
            Person.organization_id == Unit.organization_id,
            Person.deleted_at.is_(None),
            Person.graph_only.is_(False),
            Person.status != "left",
            access.of_unit(),
        )
        .scalar_subquery()
    )
    used = [
        select(func.count())
        .select_from(rows)
        .where(rows.c.organization_id == Unit.organization_id, rows.c.unit_id == Unit.id)
        .scalar_subquery()
        for rows in (_PROGRAMS, Grant.__table__)
    ]
    names = ("people", "programs", "roles")
    counts = [query.cast(Integer).label(name) for name, query in zip(names, (people, *used), strict=True)]
    return select(Unit, *counts).where(Unit.organization_id == me.organization_id, visible_to(me))


async def search(db: Db, me: Actor, page: Paging) -> tuple[list[UnitOut], str | None]:
    """One page of the units that the caller may see, by name."""
    return await keyset(
        db, _listed(me), [Unit.name, Unit.id], page, lambda row: _show(me, row), scope="units", parse=[str, UUID]
    )


async def get(db: Db, me: Actor, unit_id: UUID) -> UnitOut:
    """One unit; NotFound when the caller may not see it."""
    row = (await db.execute(_listed(me).where(Unit.id == unit_id))).one_or_none()
    if row is None:
        raise NotFound
    return _show(me, row)


def _show(me: Actor, row: Any) -> UnitOut:
    unit = row[0]
    edit = me.is_admin or "not_allowed"
    return UnitOut(
        id=unit.id,
        name=unit.name,
        divisions=unit.divisions,
        departments=unit.departments,
        sites=unit.sites,
        people_count=row.people,
        programs_count=row.programs,
        version=unit.version,
        created_at=unit.created_at,
        updated_at=unit.updated_at,
        can=can(edit=edit, remove="in_use" if edit is True and (row.programs or row.roles) else edit),
    )


async def create(db: Db, me: Actor, data: UnitIn) -> UUID:
    """A new unit; UnitNameTaken when there is one of this name."""
    require_admin(me)
    row = Unit(organization_id=me.organization_id, id=clock.uuid7(), **data.model_dump())
    _check(row)
    db.add(row)
    await _flush(db)
    audit(db, "unit.create", row.id)
    return row.id


async def change(db: Db, me: Actor, unit_id: UUID, version: int, patch: UnitPatch) -> None:
    """Change a unit's name and what belongs to it; who holds a role in it sees that at the next request."""
    require_admin(me)
    row = await db.locked(Unit, unit_id, version)
    for name, value in changes(patch).items():
        setattr(row, name, value)
    _check(row)
    touch(row)
    await _flush(db)
    audit(db, "unit.change", unit_id)


async def remove(db: Db, me: Actor, unit_id: UUID, version: int) -> None:
    """Remove a unit; UnitInUse while somebody has a role in it or a programme is its own."""
    require_admin(me)
    row = await db.locked(Unit, unit_id, version)
    await db.delete(row)
    try:
        await db.flush()
    except IntegrityError:
        raise UnitInUse from None
    audit(db, "unit.remove", unit_id)


def _check(row: Unit) -> None:
    if not any(getattr(row, kind) for kind in KINDS):
        raise Invalid.at("/departments", "missing", "Name a division, a department or a site that belongs to it.")


async def _flush(db: Db) -> None:
    try:
        await db.flush()
    except IntegrityError:
        raise UnitNameTaken("Another unit has this name.") from None
