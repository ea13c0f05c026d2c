"""Reporting lines kept with each person: known, unknown, or top.

A change of few people looks only at who is above them, so it costs the same in a company of any size: whoever is
above a person is in the part of the chart that `chart(db, people)` reads, and that part answers as the whole would.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import any_, select, text, update

from vuoro.core.db import Db, uuids
from vuoro.core.events import announce
from vuoro.people.events import OrganizationChartChanged
from vuoro.people.models import DottedLine, Person

if TYPE_CHECKING:
    from vuoro.people.orgchart import OrgChart

MISSING = UUID(int=0)
Edges = tuple[list[tuple[UUID, UUID | None]], list[tuple[UUID, UUID]]]

_LOCK = text("select pg_advisory_xact_lock(hashtextextended('people.chart ' || cast(:organization as text), 0))")
# Everybody at or above the given people through any chain, each with their line and own managers.
_UPWARD = text(
    "with recursive up (id) as ("
    " select unnest(cast(:ids as uuid[])) union"
    " select e.manager_id from up cross join lateral ("
    "  select p.manager_id from people p where p.organization_id = :organization and p.id = up.id union all"
    "  select d.manager_id from dotted_lines d where d.organization_id = :organization and d.person_id = up.id) e"
    " where e.manager_id is not null)"
    " select found.* from up cross join lateral ("
    "  select p.id, p.line, p.manager_id, p.manager_external_id, p.deleted_at, array("
    "   select coalesce(d.manager_id, '00000000-0000-0000-0000-000000000000') from dotted_lines d"
    "   where d.organization_id = :organization and d.person_id = p.id) as dotted"
    # the offset keeps the planner from reading everybody to find a few
    "  from people p where p.organization_id = :organization and p.id = up.id offset 0) found"
)
_DOWNWARD = text(
    "with recursive down (id) as ("
    " select unnest(cast(:ids as uuid[])) union"
    " select e.id from down cross join lateral ("
    "  select p.id from people p where p.organization_id = :organization and p.manager_id = down.id union all"
    "  select d.person_id from dotted_lines d where d.organization_id = :organization and d.manager_id = down.id) e)"
    " select id from down"
)
_SOLID = text(
    "with recursive up (id) as ("
    " select cast(:id as uuid) union"
    " select p.manager_id from up join people p on p.organization_id = :organization and p.id = up.id"
    " where p.manager_id is not null) select id from up"
)


async def one_at_a_time(db: Db) -> None:
    """Let only one transaction of the organization move its chart: two moves that are fine alone can make a circle."""
    await db.execute(_LOCK, {"organization": str(db.organization_id)})


async def edges(db: Db, about: Collection[UUID] | None = None) -> Edges:
    """(person, manager) of the whole tenant, and the dotted ones; MISSING stands for a manager who is not here.

    Leavers stay in it as links. With `about`, only these people and everybody above them.
    """
    if about is not None:
        return _edges(await _upward(db, about))
    await db.flush()
    p, d = Person.__table__.c, DottedLine.__table__.c
    people = db.each(
        select(p.id, p.manager_id, p.manager_external_id).where(
            p.organization_id == db.organization_id, p.deleted_at.is_(None)
        )
    )
    dotted = db.each(select(d.person_id, d.manager_id).where(d.organization_id == db.organization_id))
    return (
        [(id, manager or (MISSING if said else None)) async for id, manager, said in people],
        [(id, manager or MISSING) async for id, manager in dotted],
    )


async def chart(db: Db, about: Collection[UUID] | None = None) -> OrgChart[UUID]:
    """The organization graph of this tenant, dotted lines included; or the part that decides about these people."""
    return _drawn(await edges(db, about))


def _drawn(edges: Edges) -> OrgChart[UUID]:
    from vuoro.people.orgchart import OrgChart  # noqa: PLC0415 - with it numpy, which a start needs not wait for

    return OrgChart(*edges)


async def _upward(db: Db, ids: Collection[UUID]) -> list[Any]:
    found = await db.execute(_UPWARD, {"organization": db.organization_id, "ids": list(ids)})
    return list(found.all())


def _edges(rows: list[Any]) -> Edges:
    here = [row for row in rows if row.deleted_at is None]
    return (
        [(row.id, row.manager_id or (MISSING if row.manager_external_id else None)) for row in here],
        [(row.id, manager) for row in here for manager in row.dotted],
    )


async def above(db: Db, ids: Collection[UUID]) -> set[UUID]:
    """These people and everybody above them through any chain, dotted lines included."""
    return {row.id for row in await _upward(db, ids)}


async def managers_above(db: Db, ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    """The own manager of these people and of everybody above them, without dotted lines."""
    return {row.id: row.manager_id for row in await _upward(db, ids)}


async def bosses(db: Db, person_id: UUID) -> set[UUID]:
    """The person, their manager, their manager's manager and so on, without dotted lines."""
    return set(await db.scalars(_SOLID, {"organization": db.organization_id, "id": person_id}))


async def settle(db: Db, ids: Collection[UUID]) -> None:
    """Draw the consequences of new managers of these people: lines are written anew, and the guards hear of it.

    Below them lines change only where one of them comes to be known or unknown, so only then is anybody there read.
    """
    await db.flush()
    rows = await _upward(db, ids)
    graph = _drawn(_edges(rows))
    turned = [row.id for row in rows if row.id in ids and (graph.line(row.id) == "unknown") != (row.line == "unknown")]
    about = set(ids)
    if turned:
        about |= set(await db.scalars(_DOWNWARD, {"organization": db.organization_id, "ids": turned}))
        rows = await _upward(db, about)
        graph = _drawn(_edges(rows))
    before = [(row.id, row.line) for row in rows if row.id in about]
    await _write(db, graph, before)
    lost = frozenset(id for id, line in before if line != "unknown" and graph.line(id) == "unknown")
    await announce(db, OrganizationChartChanged(frozenset(ids), lost))


async def refresh(db: Db) -> OrgChart[UUID]:
    """Write each person's line anew where it changed, in one statement a kind, and return the graph."""
    graph = await chart(db)
    people = Person.__table__.c
    now = db.each(select(people.id, people.line).where(people.organization_id == db.organization_id))
    await _write(db, graph, [(id, line) async for id, line in now])
    return graph


async def _write(db: Db, graph: OrgChart[UUID], before: list[tuple[UUID, str]]) -> None:
    changed: dict[str, list[UUID]] = {}
    for id, line in before:
        now = graph.line(id)
        if now != line:
            changed.setdefault(now, []).append(id)
    for line, ids in changed.items():
        await db.execute(
            update(Person)
            .where(Person.organization_id == db.organization_id, Person.id == any_(uuids(ids)))
            .values(line=line)
            .execution_options(synchronize_session=False)
        )
