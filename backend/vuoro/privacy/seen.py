"""What others see and saw: HR's own view of the caller, by HR's own code, and the log of who read their data."""

from uuid import UUID

from sqlalchemy import and_, any_, literal, or_, select

from vuoro.core.actor import Actor, Held
from vuoro.core.db import Db
from vuoro.core.errors import NotFound
from vuoro.core.history import AccessEntry
from vuoro.core.page import Paging, keyset
from vuoro.identity.service import names_of_clients
from vuoro.pairs import access, view
from vuoro.pairs.models import Pair
from vuoro.people import service as people
from vuoro.people.schemas import PersonRef
from vuoro.privacy.schemas import AccessOut, SeenByManager, SeenProgram
from vuoro.programs import enrollments
from vuoro.programs.models import Enrollment, Program

#: A manager who is nobody: neither of any pair, nor the caller.
NOBODY = UUID(int=0)


async def by_manager(db: Db, me: Actor, person_id: UUID) -> SeenByManager:
    """The caller as a manager of their programmes gets them, read as one: row-level security included."""
    rows = await db.execute(
        select(Enrollment.id, Program.id, Program.name)
        .join(Program, and_(Program.organization_id == Enrollment.organization_id, Program.id == Enrollment.program_id))
        .where(Enrollment.organization_id == me.organization_id, Enrollment.person_id == person_id)
        .order_by(Program.id.desc())
    )
    found = rows.all()
    names = {program: name for _, program, name in found}
    manager = Actor(
        me.organization_id, NOBODY, grants=tuple(Held("programme_manager", program) for program in names)
    )  # fmt: skip
    await db.become(manager)
    try:
        parts = await enrollments.many(db, manager, [id for id, *_ in found])
        pairs = await db.scalars(
            select(Pair)
            .where(
                Pair.organization_id == me.organization_id,
                or_(Pair.mentor_id == person_id, Pair.mentee_id == person_id),
                access.mine(Actor(me.organization_id, person_id)),
                access.visible_to(manager),
            )
            .order_by(Pair.id.desc())
        )
        shown = await view.show(db, manager, pairs)
        try:
            directory = await people.get(db, manager, person_id) if names else None
        except NotFound:
            directory = None
    finally:
        await db.become(me)
    return SeenByManager(
        directory=directory,
        programs=[
            SeenProgram(
                program_id=id,
                program_name=name,
                enrollments=[part for part in parts if part.program_id == id],
                pairs=[pair for pair in shown if pair.program_id == id],
            )
            for id, name in names.items()
        ],
    )


async def readers(db: Db, me: Actor, person_id: UUID, page: Paging) -> tuple[list[AccessOut], str | None]:
    """One page of who read the caller's data, newest first."""
    query = select(AccessEntry).where(
        AccessEntry.organization_id == me.organization_id, literal(person_id) == any_(AccessEntry.people)
    )
    rows, following = await keyset(
        db, query, [AccessEntry.id], page, lambda row: row[0], scope="access_log", descending=True, parse=[UUID]
    )
    names = await people.refs(db, me, {row.reader_id for row in rows if row.reader_kind == "person"})
    machines = await names_of_clients(db, {row.reader_id for row in rows if row.reader_kind == "client"})
    return [_entry(row, names, machines) for row in rows], following


def _entry(row: AccessEntry, names: dict[UUID, PersonRef], machines: dict[UUID, str]) -> AccessOut:
    return AccessOut(
        id=row.id,
        at=row.at,
        reader=names.get(row.reader_id),
        machine=machines.get(row.reader_id),
        what=row.what,
        program_id=row.program_id,
    )
