"""Reporting lines kept with each person: known, unknown, or top."""

from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select, text, update

from vuoro.core.db import Db
from vuoro.people.models import DottedLine, Person
from vuoro.people.orgchart import OrgChart

MISSING = UUID(int=0)
_LOCK = text("select pg_advisory_xact_lock(hashtextextended('people.chart ' || cast(:organization as text), 0))")


async def one_at_a_time(db: Db) -> None:
    """Let only one transaction of the organization move its chart: two moves that are fine alone can make a circle."""
    await db.execute(_LOCK, {"organization": str(db.organization_id)})


async def edges(db: Db) -> tuple[list[tuple[UUID, UUID | None]], list[tuple[UUID, UUID]]]:
    """(person, manager) of the whole tenant, and the dotted ones; MISSING stands for a manager who is not here.

    Leavers stay in it as links.
    """
    people = await db.execute(
        select(Person.id, Person.manager_id, Person.manager_external_id).where(
            Person.organization_id == db.organization_id, Person.deleted_at.is_(None)
        )
    )
    dotted = await db.execute(
        select(DottedLine.person_id, DottedLine.manager_id).where(DottedLine.organization_id == db.organization_id)
    )
    return (
        [(id, manager or (MISSING if said else None)) for id, manager, said in people],
        [(id, manager or MISSING) for id, manager in dotted],
    )


async def chart(db: Db) -> OrgChart[UUID]:
    """The whole organization graph of this tenant, dotted lines included."""
    return OrgChart(*await edges(db))


async def refresh(db: Db) -> OrgChart[UUID]:
    """Write each person's line anew where it changed, in one statement a kind, and return the graph."""
    graph = await chart(db)
    now = await db.execute(select(Person.id, Person.line).where(Person.organization_id == db.organization_id))
    changed: dict[str, list[UUID]] = {}
    for id, line in now:
        if id in graph and graph.line(id) != line:
            changed.setdefault(graph.line(id), []).append(id)
    for line, ids in changed.items():
        await db.execute(
            update(Person)
            .where(Person.organization_id == db.organization_id, Person.id == any_(bindparam(None, ids, ARRAY(Uuid()))))
            .values(line=line)
            .execution_options(synchronize_session=False)
        )
    return graph
