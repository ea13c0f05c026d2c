"""Answering an offer: a yes moves it on, a no stays with whoever said it.

A no changes nothing that anybody else can read: the offer waits on until its time is over, as an unanswered one
does, and only then is the next one asked (docs/decisions/11-a-no-leaves-no-trace.md).
"""

from uuid import UUID

from sqlalchemy import text

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import IllegalTransition
from vuoro.core.history import step
from vuoro.core.outbox import emit
from vuoro.pairs import overrides
from vuoro.pairs.first_contact import begin
from vuoro.pairs.propose import ask, program_settings
from vuoro.pairs.said import answers, keep
from vuoro.pairs.service import locked
from vuoro.pairs.states import legal_steps, seen
from vuoro.programs import terms
from vuoro.programs.enrollments import mark

_REFUSED = text("select pair_refused(:pair)")


async def accept(db: Db, me: Actor, pair_id: UUID) -> UUID:
    """A yes: the mentor's asks the mentee, the mentee's begins the pair.

    A mentee's yes that comes after the mentor's no is kept as too late: `came_late` tells, and to the mentee the
    offer has run out. TermsNotAgreed for whoever was enrolled by others and has not been asked about the terms yet.
    """
    if await overrides.answered(db, me, pair_id, yes=True):
        return pair_id
    pair, side = await locked(db, me, pair_id)
    state = seen(pair.state, pair.due_at, (await answers(db, me, [pair_id])).get(pair_id), clock.now())
    legal = legal_steps(state, {side})
    if state != f"asked_{side}":
        raise IllegalTransition(state, legal)
    await terms.require_asked(db, pair.program_id, pair.enrollment_of(side))
    settings = (await program_settings(db, [pair.program_id]))[pair.program_id]
    if state == "asked_mentor":
        step(db, "pair", pair, "asked_mentee", legal)
        pair.mentee_asked_at = clock.now()
        ask(pair, settings.offer_days, settings.remind_after_days)
        emit(db, "pair.asked_mentee", {"pair_id": str(pair_id)})
    elif await db.scalar(_REFUSED, {"pair": pair_id}):
        await keep(db, me, pair_id, "late")
    else:
        step(db, "pair", pair, "active", legal)
        pair.activated_at, pair.due_at, pair.remind_at = clock.now(), None, None
        await begin(db, pair, settings.first_contact_days)
        await mark(db, [pair.mentor_enrollment_id, pair.mentee_enrollment_id], "approved", "paired")
        emit(db, "pair.activated", {"pair_id": str(pair_id)})
    return pair_id


async def came_late(db: Db, me: Actor, pair_id: UUID) -> bool:
    """Whether the caller's yes came after the other one's no."""
    return (await answers(db, me, [pair_id])).get(pair_id) == "late"


async def decline(db: Db, me: Actor, pair_id: UUID) -> UUID:
    """A no: needs no reason, and nobody is told that there was one."""
    if await overrides.answered(db, me, pair_id, yes=False):
        return pair_id
    pair, side = await locked(db, me, pair_id)
    state = seen(pair.state, pair.due_at, (await answers(db, me, [pair_id])).get(pair_id), clock.now())
    legal = legal_steps(state, {side})
    if "declined" not in legal:
        raise IllegalTransition(state, legal)
    await keep(db, me, pair_id, "no")
    return pair_id
