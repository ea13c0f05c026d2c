"""Many answers at once: a manager says yes, later or no to a list of people, to all of them or to none."""

from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Fault, Invalid, ProblemError
from vuoro.core.wire import In
from vuoro.people.models import Person
from vuoro.programs import service
from vuoro.programs.enrollments import take
from vuoro.programs.models import Enrollment

_STATES = {"approve": "approved", "waitlist": "waitlisted", "decline": "declined"}


class EnrollmentsBulkIn(In):
    """What becomes of whom."""

    action: Literal["approve", "waitlist", "decline"]
    ids: list[UUID] = Field(min_length=1, max_length=500)


class NotAllPossible(Conflict):
    """Some of the list stand in the way, each named with its place; nothing was changed."""

    code = "not_all_possible"
    text = "Some of these do not go, so nothing was changed."


async def decide(db: Db, me: Actor, program_id: UUID, data: EnrollmentsBulkIn) -> UUID:
    """Take one step with many enrollments; NotAllPossible names those that stand in the way."""
    program = await service.managed(db, me, program_id)
    if len(set(data.ids)) < len(data.ids):
        raise Invalid.at("/ids", "twice", "Name each enrollment once.")
    found = await db.execute(
        select(Enrollment, Person)
        .join(Person, (Person.organization_id == Enrollment.organization_id) & (Person.id == Enrollment.person_id))
        .where(
            Enrollment.organization_id == me.organization_id,
            Enrollment.program_id == program_id,
            Enrollment.id.in_(data.ids),
        )
        .order_by(Enrollment.id)
        .with_for_update(of=Enrollment)
    )
    rows = {row.id: (row, person) for row, person in found}
    errors = []
    for index, id in enumerate(data.ids):
        try:
            if id not in rows:
                raise Invalid.at("", "unknown_enrollment", "This programme has no such enrollment.")
            row, person = rows[id]
            await take(db, me, row, person, program, _STATES[data.action])
        except Fault as fault:
            code = fault.errors[0].code if fault.errors else fault.code
            errors.append(ProblemError(pointer=f"/ids/{index}", code=code, detail=fault.detail))
    if errors:
        raise NotAllPossible(errors=errors)
    return program_id
