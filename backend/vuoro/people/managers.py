"""Who a person reports to: setting managers by hand, solid and dotted, and whom others had been waiting for."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, update

from vuoro.core import clock
from vuoro.core.db import Db
from vuoro.core.errors import Invalid
from vuoro.people import lines
from vuoro.people.models import DottedLine, Person


async def find(db: Db, manager_id: UUID | None) -> Person | None:
    """The manager that an input names; Invalid when there is no such person."""
    if manager_id is None:
        return None
    manager = await db.find(Person, manager_id)
    if manager is None or manager.deleted_at is not None:
        raise Invalid.at("/manager_id", "unknown_person", "There is no such person in the directory.")
    return manager


async def no_circle(db: Db, manager_id: UUID, people: set[UUID]) -> None:
    """Invalid when one of these people, who are to report to the manager, stands above them already."""
    if people & await lines.bosses(db, manager_id):
        raise Invalid.at(
            "/manager_id", "manager_cycle", "This manager reports to the person, directly or further down."
        )


async def set_dotted(db: Db, person_id: UUID, manager_ids: Sequence[UUID]) -> None:
    """Give a person these dotted managers and no others; Invalid for the person themselves and for strangers."""
    rows = await db.execute(
        select(Person.id, Person.external_id).where(
            Person.organization_id == db.organization_id, Person.id.in_(manager_ids), Person.deleted_at.is_(None)
        )
    )
    known = {row.id: row.external_id for row in rows}
    for place, manager_id in enumerate(manager_ids):
        at = f"/dotted_manager_ids/{place}"
        if manager_id == person_id:
            raise Invalid.at(at, "own_manager", "Nobody is their own manager.")
        if manager_id not in known:
            raise Invalid.at(at, "unknown_person", "There is no such person in the directory.")
    await db.execute(
        delete(DottedLine)
        .where(DottedLine.organization_id == db.organization_id, DottedLine.person_id == person_id)
        .execution_options(synchronize_session=False)
    )
    db.add_all(
        DottedLine(
            organization_id=db.organization_id,
            id=clock.uuid7(),
            person_id=person_id,
            manager_id=manager_id,
            manager_external_id=known[manager_id],
        )
        for manager_id in manager_ids
    )


async def found(db: Db, manager: Person) -> set[UUID]:
    """Link everybody whose manager the directory did not know until this person came; answers who they are."""
    names = [name for name in (manager.external_id, manager.work_email) if name]
    waiting = (
        Person.organization_id == db.organization_id,
        Person.manager_id.is_(None),
        Person.manager_external_id.is_not(None),
        Person.manager_external_id.in_(names),
        Person.id != manager.id,
    )
    reports = set(await db.scalars(select(Person.id).where(*waiting)))
    if reports and manager.manager_id:
        await no_circle(db, manager.manager_id, reports)
    if reports:
        await db.execute(
            update(Person)
            .where(*waiting)
            .values(manager_id=manager.id, version=Person.version + 1, updated_at=clock.now())
            .execution_options(synchronize_session=False)
        )
    dotted = await db.scalars(
        update(DottedLine)
        .where(
            DottedLine.organization_id == db.organization_id,
            DottedLine.manager_id.is_(None),
            DottedLine.manager_external_id.in_(names),
        )
        .values(manager_id=manager.id)
        .returning(DottedLine.person_id)
        .execution_options(synchronize_session=False)
    )
    return reports | set(dotted)
