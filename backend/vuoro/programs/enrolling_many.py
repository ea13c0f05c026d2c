"""Enrolling many people at once, in a few statements."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Invalid
from vuoro.core.history import audit, record_change
from vuoro.people import access as people_access
from vuoro.people.models import Person
from vuoro.programs import eligibility, profiles, service
from vuoro.programs.enrollments import AlreadyEnrolled, cohort_of, new_row
from vuoro.programs.schemas import EnrollmentIn


async def enroll_many(db: Db, me: Actor, program_id: UUID, people: list[EnrollmentIn]) -> list[UUID]:
    """Enroll many at once, approved, in a few statements; AlreadyEnrolled or Invalid undoes all of them."""
    program = await service.managed(db, me, program_id)
    eligibility.require_open(program, draft=True)
    newest = await cohort_of(db, program_id, None)
    found = await db.scalars(
        select(Person).where(
            Person.organization_id == me.organization_id,
            Person.id.in_([one.person_id for one in people]),
            Person.status != "left",
            people_access.visible_to(me),
        )
    )
    known = {person.id: person for person in found}
    rows = []
    for index, one in enumerate(people):
        if one.person_id not in known:
            raise Invalid.at(f"/{index}/person_id", "unknown_person", "There is no such person in the directory.")
        eligibility.require_tenure(known[one.person_id], one.role, program)
        row = new_row(db, program_id, one.cohort_id or newest, known[one.person_id], one.role, "approved")
        row.capacity, row.superpower, row.topics = one.capacity, one.superpower, one.topics
        row.skills = profiles.skills(one.skills, one.role)
        if one.languages is not None:
            row.languages = {language.code: language.level for language in one.languages}
        rows.append(row)
    db.add_all(rows)
    for row in rows:
        record_change(db, "enrollment", row.id, None, "approved")
    try:
        await db.flush()
    except IntegrityError:
        raise AlreadyEnrolled("One of these people takes part in this cohort already.") from None
    audit(db, "enrollment.create_many", program_id, program_id=program_id)
    return [row.id for row in rows]
