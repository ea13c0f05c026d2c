"""A running programme of several pairs in one cohort, for the tests of waves, surveys and growth."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import update
from support.world import Member, World

from vuoro.core import clock
from vuoro.core.db import Database
from vuoro.feedback.models import ITEMS
from vuoro.pairs.models import Pair
from vuoro.programs.models import Cohort, Enrollment, Program
from vuoro.sessions.models import Session

COUPLES = (
    ("noa", "astrid"), ("amina", "jukka"), ("leo", "maria"), ("emil", "olli"), ("saga", "sanna"), ("omar", "erik"),
    ("freja", "paivi"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme of seven pairs, as its people talk to the API."""

    program_id: UUID
    cohort_id: UUID
    pairs: dict[str, UUID]
    enrollments: dict[str, UUID]
    clients: dict[str, httpx.AsyncClient]
    app: Database
    world: World

    @property
    def everybody(self) -> list[str]:
        """The keys of all fourteen, the mentors first."""
        return [*(mentor for mentor, _ in COUPLES), *(mentee for _, mentee in COUPLES)]

    def pair_of(self, who: str) -> UUID:
        """The pair of one of them."""
        return next(self.pairs[mentor] for mentor, mentee in COUPLES if who in (mentor, mentee))

    async def hold(self, number: int, mentors: Iterable[str] | None = None) -> dict[str, UUID]:
        """The pairs of these mentors, or all, hold a session now; its id by person."""
        sessions = {}
        for mentor, mentee in COUPLES:
            if mentors is not None and mentor not in mentors:
                continue
            begin = clock.now()
            async with self.app.transaction(self.world[mentor].actor) as db:
                session = Session(
                    organization_id=self.world.organization_id, id=clock.uuid7(), pair_id=self.pairs[mentor],
                    number=number, kit="spar", state="held", starts_at=begin, ends_at=begin + timedelta(minutes=45),
                    time_zone="UTC", held_at=begin,
                )  # fmt: skip
                db.add(session)
                await db.execute(update(Pair).where(Pair.id == self.pairs[mentor]).values(sessions_held=number))
            sessions |= {mentor: session.id, mentee: session.id}
        return sessions

    async def pulse(self, sessions: dict[str, UUID], scores: dict[str, int]) -> None:
        """These people answer the pulse of their sessions, each with one score for everything."""
        for who, score in scores.items():
            body = {"scores": dict.fromkeys(ITEMS, score), "balance": 50, "open_if_both": False}
            answer = await self.clients[who].post(f"/v1/sessions/{sessions[who]}/feedback", json=body)
            assert answer.status_code == 201, answer.text

    async def close_on(self, day: date) -> None:
        """The cohort's date."""
        async with self.app.transaction(self.world.manager.actor) as db:
            await db.execute(update(Cohort).where(Cohort.id == self.cohort_id).values(closes_on=day))


async def begin(app: Database, world: World, api: Any) -> Programme:
    """The programme, its people enrolled and paired."""
    tenant = {"organization_id": world.organization_id}
    async with app.transaction(world.manager.actor) as db:
        program, cohort = clock.uuid7(), clock.uuid7()
        db.add(
            Program(
                id=program, name="Turns", template="sounding-board", state="running", settings={},
                purpose={"fi": "a", "sv": "b", "en": "c"}, **tenant,
            )
        )  # fmt: skip
        await db.flush()
        db.add(Cohort(id=cohort, program_id=program, name="First", **tenant))
        await db.flush()
        parts: dict[str, UUID] = {}
        for side, number in (("mentor", 0), ("mentee", 1)):
            for couple in COUPLES:
                parts[couple[number]] = clock.uuid7()
                db.add(
                    Enrollment(
                        id=parts[couple[number]], program_id=program, cohort_id=cohort, role=side, state="paired",
                        person_id=world[couple[number]].id, **tenant,
                    )
                )  # fmt: skip
        await db.flush()
        pairs = {}
        for mentor, mentee in COUPLES:
            moments = dict.fromkeys(
                ("mentor_signed_at", "mentee_signed_at", "mentee_asked_at", "activated_at"), clock.now()
            )
            pairs[mentor] = clock.uuid7()
            db.add(
                Pair(
                    id=pairs[mentor], program_id=program, cohort_id=cohort, state="active", mentor_id=world[mentor].id,
                    mentee_id=world[mentee].id, mentor_enrollment_id=parts[mentor], mentee_enrollment_id=parts[mentee],
                    **moments, **tenant,
                )
            )  # fmt: skip
    people: list[Member] = [world[key] for couple in COUPLES for key in couple]
    return Programme(program, cohort, pairs, parts, {who.key: api(who) for who in people}, app, world)
