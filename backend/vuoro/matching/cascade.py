"""The next best offer (H3): when an offer has run out, or somebody looks for a pair again, in a running program.

It knows what everybody may know of an offer: that it ran out. Whether a no lay behind it is not asked, so the next
offer comes the same way either way.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Database, Db
from vuoro.core.jobs import on
from vuoro.core.outbox import emit
from vuoro.matching import intake
from vuoro.matching.cards import card
from vuoro.matching.engine.market import Market
from vuoro.matching.engine.score import Component, components
from vuoro.matching.publish import free_places
from vuoro.pairs import propose
from vuoro.pairs.models import Pair
from vuoro.pairs.standing import stand
from vuoro.pairs.states import ASKED
from vuoro.people import lines
from vuoro.programs.models import Enrollment, Program
from vuoro.programs.settings import settings_of

#: Offers after the first that one enrollment gets by itself; then its person, or a manager, has the word.
MOST = 5
#: Between the end of one offer and the next that asks the same mentor.
PAUSE = timedelta(days=1)
TRIES = 3


@dataclass(frozen=True, slots=True)
class Found:
    """The best partner there is: both persons, with the card of the two."""

    mentor: str
    mentee: str
    score: int
    parts: tuple[Component, ...]
    checks: tuple[str, ...]


@on("pair.offer_over")
async def offer_next(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Ask the next best mentor for the mentee of an offer that ran out; a mentor who had said yes gets another too."""
    async with database.transaction(actor) as db:
        pair = await db.find(Pair, UUID(payload["pair_id"]))
        if pair is None or pair.state in ASKED:
            return
        if pair.mentee_asked_at is not None:
            _later(db, pair.mentor_enrollment_id, (pair.ended_at or clock.now()) + PAUSE)
    await place(database, actor, pair.mentee_enrollment_id)


@on("enrollment.looks")
async def look(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Look for a pair for one enrollment."""
    await place(database, actor, UUID(payload["enrollment_id"]))


def _later(db: Db, enrollment_id: UUID, moment: datetime) -> None:
    emit(db, "enrollment.looks", {"enrollment_id": str(enrollment_id)}, due_at=moment)


async def place(database: Database, actor: Actor, enrollment_id: UUID) -> None:
    """Offer the best partner that this enrollment can have now. A second run finds its place taken.

    Where there is none, it looks again as soon as somebody's rest is over: offers of one publication run out together.
    """
    passed: set[tuple[str, str]] = set()
    for _ in range(TRIES):
        async with database.transaction(actor) as db:
            given = await _market(db, enrollment_id)
        if given is None:
            return
        market, program_id, cohort_id, enrollments, again = given
        market = replace(market, rejected=[*market.rejected, *passed])
        # the graph is of the whole organization: worked out beside the event loop
        found = await asyncio.to_thread(best, market)
        async with database.transaction(actor) as db:
            if found is None:
                if again is not None:
                    _later(db, enrollment_id, again)
                return
            if await _ask(db, program_id, cohort_id, found, enrollments):
                return
        passed.add((found.mentor, found.mentee))


def best(market: Market) -> Found | None:
    """The pair of the highest score that breaks no rule; on a tie the first in the order of keys. Pure."""
    import numpy as np  # noqa: PLC0415 - which no start waits for, nor for scipy

    from vuoro.matching.engine.grid import eligible  # noqa: PLC0415
    from vuoro.matching.engine.rules import Rulebook  # noqa: PLC0415

    book = Rulebook(market)
    scores = eligible(market, book)
    if not scores.size or scores.max() < 0:
        return None
    row, col = np.unravel_index(int(scores.argmax()), scores.shape)
    mentor, mentee = market.mentors[int(col)], market.mentees[int(row)]
    return Found(mentor.id, mentee.id, int(scores[row, col]), components(market, mentor, mentee), book.checks)


async def _market(
    db: Db, enrollment_id: UUID
) -> tuple[Market, UUID, UUID, dict[tuple[str, str], UUID], datetime | None] | None:
    """This enrollment and everybody on the other side who may be asked now, and when the next of them may be.

    None when nothing is to be offered.
    """
    mine = await db.find(Enrollment, enrollment_id)
    program = mine and await db.find(Program, mine.program_id)
    if mine is None or program is None or program.state != "running":
        return None
    waits = await _waits(db, program.id)
    moments = waits.get(enrollment_id), (await intake.resting(db)).get(mine.person_id)
    if any(moments):
        _later(db, enrollment_id, max(filter(None, moments)))
        return None
    given = await intake.read(db, program.id, mine.cohort_id)
    if given.enrollments.get((str(mine.person_id), mine.role)) != enrollment_id or await _offers(db, mine) > MOST:
        return None
    people, waiting = [], []
    for person in given.market.participants:
        enrollment = given.enrollments[person.id, person.role]
        if enrollment == enrollment_id or (person.role != mine.role and enrollment not in waits):
            people.append(person)
        elif person.role != mine.role:
            waiting.append(waits[enrollment])
    market = replace(given.market, participants=people, pinned=())
    return market, program.id, mine.cohort_id, given.enrollments, min(waiting, default=None)


async def _waits(db: Db, program_id: UUID) -> dict[UUID, datetime]:
    """Mentors' enrollments whose last offer ran out less than a day ago, with the moment from which they are asked."""
    rows = await db.execute(
        select(Pair.mentor_enrollment_id, func.max(Pair.ended_at))
        .where(
            Pair.organization_id == db.organization_id,
            Pair.program_id == program_id,
            Pair.state == "expired",
            Pair.ended_at > clock.now() - PAUSE,
        )
        .group_by(Pair.mentor_enrollment_id)
    )
    return {mentor: ended + PAUSE for mentor, ended in rows if ended is not None}


async def _offers(db: Db, mine: Enrollment) -> int:
    """How many offers of this enrollment ran out since its person looks for a pair."""
    side = Pair.mentor_enrollment_id if mine.role == "mentor" else Pair.mentee_enrollment_id
    person = Pair.mentor_id if mine.role == "mentor" else Pair.mentee_id
    query = select(func.count()).where(
        Pair.organization_id == db.organization_id,
        person == mine.person_id,
        side == mine.id,
        Pair.state == "expired",
    )
    if mine.looks_again_at is not None:
        query = query.where(Pair.created_at >= mine.looks_again_at)
    return await db.scalar(query) or 0


async def _ask(
    db: Db, program_id: UUID, cohort_id: UUID, found: Found, enrollments: dict[tuple[str, str], UUID]
) -> bool:
    """Make the offer, after one more look at the chart and the places under lock; False when it cannot be made."""
    mentor, mentee = UUID(found.mentor), UUID(found.mentee)
    sides = enrollments[found.mentor, "mentor"], enrollments[found.mentee, "mentee"]
    program = await db.locked(Program, program_id)
    await lines.one_at_a_time(db)
    if program.state != "running":
        return False
    settings = settings_of(program.settings)
    free = await free_places(db, cohort_id)
    chart = await lines.chart(db, (mentor, mentee))
    (standing,) = stand(chart, [(mentor, mentee)], settings.rules.top_exempt_distance)
    if not standing.allowed(None) or any(free[side] <= 0 for side in sides):
        return False
    if not (await intake.resting(db)).keys().isdisjoint((mentor, mentee)) or await _met(db, mentor, mentee, sides):
        return False
    await propose.offer(
        db,
        db.me,
        None,
        [
            propose.NewOffer(
                program_id=program_id,
                cohort_id=cohort_id,
                mentor_id=mentor,
                mentee_id=mentee,
                mentor_enrollment_id=sides[0],
                mentee_enrollment_id=sides[1],
                reasons=card(found.parts, found.score),
                checks=list(found.checks),
                top_exempt=standing.verdict == "exempt",
                offer_days=settings.offer_days,
                sessions_planned=settings.sessions_planned,
            )
        ],
    )
    return True


async def _met(db: Db, mentor: UUID, mentee: UUID, sides: Sequence[UUID]) -> bool:
    """Whether these two were offered to each other in this cohort before: never the same two again."""
    return bool(
        await db.scalar(
            select(func.count()).where(
                Pair.organization_id == db.organization_id,
                Pair.mentor_id == mentor,
                Pair.mentee_id == mentee,
                or_(Pair.mentor_enrollment_id == sides[0], Pair.activated_at.is_not(None)),
                Pair.state != "proposed",
            )
        )
    )
