"""An offer to Noa (mentor) with Maria (mentee), who is in another branch of the company."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from vuoro.core.actor import Actor, Held
from vuoro.pairs import service
from vuoro.pairs.service import NewOffer
from vuoro.programs import enrollments
from vuoro.programs import service as programs
from vuoro.programs.schemas import EnrollmentIn, ProgramIn


@pytest.fixture
def offer(databases, world) -> Callable[..., Awaitable[UUID]]:
    async def make(mentor: str = "noa", mentee: str = "maria") -> UUID:
        me = Actor(world.organization_id, world.manager.id, grants=(Held("programme_manager", None),))
        async with databases.app.transaction(me) as db:
            program_id = await programs.create(db, me, ProgramIn(name="Turn", template="sounding-board"))
            await programs.transition(db, me, program_id, "enrolling")
            program = await programs.get(db, me, program_id)
            parts = [
                await enrollments.enroll(db, me, program_id, EnrollmentIn(person_id=world[who].id, role=role))
                for who, role in ((mentor, "mentor"), (mentee, "mentee"))
            ]
            new = NewOffer(
                program_id=program_id, cohort_id=program.cohorts[0].id, mentor_id=world[mentor].id,
                mentee_id=world[mentee].id, mentor_enrollment_id=parts[0], mentee_enrollment_id=parts[1],
                reasons=[], checks=["reporting_line"], top_exempt=False, offer_days=7, sessions_planned=6,
            )  # fmt: skip
            return (await service.offer(db, me, None, [new]))[0]

    return make
