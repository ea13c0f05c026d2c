"""A pair with a session, straight into the tables: for tests of what row-level security lets through."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from support.world import Member, World
from vuoro.core import clock
from vuoro.core.db import Database
from vuoro.pairs.models import Pair
from vuoro.programs.models import Cohort, Enrollment, Program
from vuoro.sessions.models import Session


@dataclass(frozen=True, slots=True)
class Couple:
    """An active pair and its first session."""

    pair_id: UUID
    session_id: UUID
    program_id: UUID
    mentor: Member
    mentee: Member


async def make_couple(database: Database, world: World, mentor: Member, mentee: Member) -> Couple:
    """Program, cohort, enrollments, pair and session, as the two themselves may write them."""
    async with database.transaction(mentor.actor) as db:
        tenant = world.organization_id
        program = Program(
            organization_id=tenant, name="Sounding board", template="sounding-board", state="running",
            purpose={"fi": "a", "sv": "b", "en": "c"}, settings={},
        )  # fmt: skip
        db.add(program)
        await db.flush()
        cohort = Cohort(organization_id=tenant, program_id=program.id, name="First")
        db.add(cohort)
        await db.flush()
        parts = [
            Enrollment(
                organization_id=tenant,
                program_id=program.id,
                cohort_id=cohort.id,
                person_id=who.id,
                role=role,
                state="paired",
            )
            for who, role in ((mentor, "mentor"), (mentee, "mentee"))
        ]
        db.add_all(parts)
        await db.flush()
        pair = Pair(
            organization_id=tenant, program_id=program.id, cohort_id=cohort.id, mentor_id=mentor.id, state="active",
            mentee_id=mentee.id, mentor_enrollment_id=parts[0].id, mentee_enrollment_id=parts[1].id,
        )  # fmt: skip
        db.add(pair)
        await db.flush()
        session = Session(
            organization_id=tenant, pair_id=pair.id, number=1, kit="first", starts_at=clock.now(), time_zone="UTC",
            ends_at=clock.now() + timedelta(hours=1),
        )  # fmt: skip
        db.add(session)
        await db.flush()
        return Couple(pair.id, session.id, program.id, mentor, mentee)
