"""How programs stand: their cohorts, how many take part, how many pairs, and the caller's own parts; set by set."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select, text

from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.programs.models import Cohort, Enrollment

#: Enrollments that count as taking part now.
ENROLLED = ("approved", "paired", "paused")
# pairs stand above programs: their numbers come by plain SQL, not by an import
_PAIRS = text(
    "select program_id, count(*) filter (where state in ('active', 'paused', 'closing')) as open,"
    " count(*) filter (where state = 'active') as active,"
    " count(*) filter (where state in ('asked_mentor', 'asked_mentee')) as asked"
    " from pairs where organization_id = :organization and program_id = any(:ids) group by program_id"
)


@dataclass(slots=True)
class Standing:
    """One program's; `pairs_open` are active, paused or closing. `parts` are (side, state) of the caller."""

    cohorts: list[Cohort] = field(default_factory=list)
    mentors: int = 0
    mentees: int = 0
    waiting: int = 0
    pairs_open: int = 0
    pairs_active: int = 0
    pairs_asked: int = 0
    parts: list[tuple[str, str]] = field(default_factory=list)


async def read(db: Db, me: Actor, ids: Collection[UUID]) -> dict[UUID, Standing]:
    """The standing of each program, in four statements whatever their number."""
    found = {id: Standing() for id in ids}
    if not found:
        return found
    await db.flush()  # plain SQL below does not do it
    for cohort in await db.scalars(
        select(Cohort)
        .where(Cohort.organization_id == db.organization_id, Cohort.program_id.in_(ids), Cohort.state != "discarded")
        .order_by(Cohort.id)
    ):
        found[cohort.program_id].cohorts.append(cohort)
    enrolled = await db.execute(
        select(
            Enrollment.program_id,
            func.count().filter(Enrollment.role == "mentor", Enrollment.state.in_(ENROLLED)),
            func.count().filter(Enrollment.role == "mentee", Enrollment.state.in_(ENROLLED)),
            func.count().filter(Enrollment.state.in_(("applied", "waitlisted"))),
        )
        .where(Enrollment.organization_id == db.organization_id, Enrollment.program_id.in_(ids))
        .group_by(Enrollment.program_id)
    )
    for id, mentors, mentees, waiting in enrolled:
        one = found[id]
        one.mentors, one.mentees, one.waiting = mentors, mentees, waiting
    for row in await db.execute(_PAIRS, {"organization": db.organization_id, "ids": list(ids)}):
        one = found[row.program_id]
        one.pairs_open, one.pairs_active, one.pairs_asked = row.open, row.active, row.asked
    if me.person_id is not None:
        own = await db.execute(
            select(Enrollment.program_id, Enrollment.role, Enrollment.state).where(
                Enrollment.organization_id == db.organization_id,
                Enrollment.person_id == me.person_id,
                Enrollment.program_id.in_(ids),
            )
        )
        for id, role, state in own:
            found[id].parts.append((role, state))
    return found
