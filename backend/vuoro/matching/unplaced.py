"""Who looks for a pair and has none: the manager's list, which says nobody's reason and no answer of anybody."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select

from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.page import Paging, keyset
from vuoro.matching import service
from vuoro.matching.intake import TAKING
from vuoro.matching.schemas import UnplacedEnrollment
from vuoro.pairs.models import Pair
from vuoro.people.models import Person
from vuoro.people.service import refs
from vuoro.programs.models import Enrollment
from vuoro.programs.states import Side

_LOOKS = (Enrollment.state == "approved", Enrollment.looks, Person.status == "active")


async def counts(db: Db, program_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """(mentors, mentees) without a pair or an offer in each of these programs that has any; in one statement."""
    if not program_ids:
        return {}
    # Not correlated: hashed once, where a look-up for each of ten thousand people would take a tenth of a second.
    taken = (Pair.organization_id == db.organization_id, Pair.program_id.in_(program_ids), Pair.state.in_(TAKING))
    rows = await db.execute(
        select(
            Enrollment.program_id,
            func.count().filter(Enrollment.role == "mentor"),
            func.count().filter(Enrollment.role == "mentee"),
        )
        .join(Person, and_(Person.organization_id == Enrollment.organization_id, Person.id == Enrollment.person_id))
        .where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.program_id.in_(program_ids),
            *_LOOKS,
            Enrollment.id.not_in(select(Pair.mentor_enrollment_id).where(*taken)),
            Enrollment.id.not_in(select(Pair.mentee_enrollment_id).where(*taken)),
        )
        .group_by(Enrollment.program_id)
    )  # fmt: skip
    return {program_id: (mentors, mentees) for program_id, mentors, mentees in rows}


async def search(
    db: Db, me: Actor, program_id: UUID, page: Paging, role: Side | None
) -> tuple[list[UnplacedEnrollment], str | None]:
    """One page of a program's people without a pair or an offer, in the order in which they enrolled."""
    await service.check_manager(db, me, program_id)
    # by person and then by enrollment: the indexes of pairs are by person
    placed = exists().where(
        Pair.organization_id == Enrollment.organization_id,
        or_(
            and_(Pair.mentor_id == Enrollment.person_id, Pair.mentor_enrollment_id == Enrollment.id),
            and_(Pair.mentee_id == Enrollment.person_id, Pair.mentee_enrollment_id == Enrollment.id),
        ),
        Pair.state.in_(TAKING),
    )
    query = (
        select(Enrollment)
        .join(Person, and_(Person.organization_id == Enrollment.organization_id, Person.id == Enrollment.person_id))
        .where(
            Enrollment.organization_id == me.organization_id,
            Enrollment.program_id == program_id,
            *_LOOKS,
            ~placed,
        )
    )
    if role is not None:
        query = query.where(Enrollment.role == role)
    rows, following = await keyset(db, query, [Enrollment.id], page, lambda row: row[0], scope="unplaced", parse=[UUID])
    people = await refs(db, me, {row.person_id for row in rows})
    found = [
        UnplacedEnrollment(
            enrollment_id=row.id, cohort_id=row.cohort_id, person=people[row.person_id], role=row.role
        )
        for row in rows
    ]  # fmt: skip
    return found, following
