"""Breaks and exits (H4): either side, at any time, without a reason; everybody else sees one neutral step."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import any_, or_, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, uuids
from vuoro.core.errors import Conflict, IllegalTransition, Invalid
from vuoro.core.events import reacts_to
from vuoro.core.history import step
from vuoro.core.outbox import emit
from vuoro.pairs.ending import free, over
from vuoro.pairs.models import Pair
from vuoro.pairs.service import locked
from vuoro.pairs.states import ASKED, legal_steps
from vuoro.pairs.view import rematch_obstacle
from vuoro.people.events import PeopleLeft
from vuoro.people.service import gone
from vuoro.programs.events import EnrollmentLeaving
from vuoro.programs.looking import look_again
from vuoro.programs.models import Enrollment

LONGEST_BREAK = timedelta(days=365)


class OtherHasLeft(Conflict):
    """The other one of the pair is no longer in the organization."""

    code = "person_left"
    text = "The other one of your pair has left. If you like, ask for a new pair."


class AlreadyLooking(Conflict):
    """The caller has wished for another pair since this one was over."""

    code = "already_looking"
    text = "You have asked for a new pair already. We tell you as soon as there is one."


class NotEnrolled(Conflict):
    """The caller does not take part in the program any more."""

    code = "not_enrolled"
    text = "You do not take part in this programme now. Apply again, and then we look for a pair."


async def pause(db: Db, me: Actor, pair_id: UUID, until: date | None) -> UUID:
    """Take a break, without a reason; `until` is a day after today on which both are reminded."""
    today = clock.now().date()
    if until is not None and not today < until <= today + LONGEST_BREAK:
        raise Invalid.at("/until", "not_in_future", "A break lasts until a day after today, a year at most.")
    pair, side = await locked(db, me, pair_id)
    step(db, "pair", pair, "paused", legal_steps(pair.state, {side}))
    pair.pause_until = until
    emit(db, "pair.paused", {"pair_id": str(pair_id)})
    return pair_id


async def resume(db: Db, me: Actor, pair_id: UUID) -> UUID:
    """Go on after a break."""
    pair, side = await locked(db, me, pair_id)
    legal = legal_steps(pair.state, {side})
    if pair.state != "paused":
        raise IllegalTransition(pair.state, legal)
    if await gone(db, (pair.mentor_id, pair.mentee_id)):
        raise OtherHasLeft
    step(db, "pair", pair, "active", legal)
    pair.pause_until = None
    emit(db, "pair.resumed", {"pair_id": str(pair_id)})
    return pair_id


async def end(db: Db, me: Actor, pair_id: UUID) -> UUID:
    """Leave, at any time and without a reason; a pair that stays in touch is completed again."""
    pair, side = await locked(db, me, pair_id)
    again = pair.state == "stay_in_touch"
    over(db, pair, "completed" if again else "ended_early", legal_steps(pair.state, {side}))
    if not again:
        await free(db, [pair])
    return pair_id


async def rematch(db: Db, me: Actor, pair_id: UUID) -> UUID:
    """Wish for another pair after an end, a suspension or an offer that ran out.

    What is left of the pair ends with it. The rest between two pairs (S11) is kept by whoever looks for the next one.

    Raises:
        AlreadyLooking, NotEnrolled: there is nothing to wish for.
    """
    pair, side = await locked(db, me, pair_id)
    own = await db.find(Enrollment, pair.enrollment_of(side), lock=True)
    reason = rematch_obstacle(pair, side, own, await gone(db, (pair.mentor_id, pair.mentee_id)))
    legal = legal_steps(pair.state, {side})
    if own is None or reason == "not_enrolled":
        raise NotEnrolled
    if reason == "already_looking":
        raise AlreadyLooking
    if reason is not None:
        raise IllegalTransition(pair.state, legal)
    if pair.state in ("suspended_conflict", "paused"):
        over(db, pair, "ended_early", legal)
        await free(db, [pair])
    await look_again(db, own.id)
    emit(db, "enrollment.looks", {"enrollment_id": str(own.id)})
    return pair_id


@reacts_to(PeopleLeft)
async def pause_leavers(db: Db, event: PeopleLeft) -> None:
    """Leavers' running pairs pause, their offers lapse, a closing one closes; the programme manager hears of it.

    The one who stays may wish for another pair.
    """
    gone = any_(uuids(event.person_ids))
    rows = await db.scalars(
        select(Pair)
        .where(
            Pair.organization_id == db.organization_id,
            or_(Pair.mentor_id == gone, Pair.mentee_id == gone),
            Pair.state.in_(("asked_mentor", "asked_mentee", "active", "paused", "closing", "stay_in_touch")),
        )
        .order_by(Pair.id)
        .with_for_update()
    )
    for pair in rows:
        legal = legal_steps(pair.state, {"system"})
        if pair.state == "active":
            step(db, "pair", pair, "paused", legal)
        elif pair.state == "stay_in_touch":
            over(db, pair, "completed", legal)
        elif pair.state in ASKED:
            over(db, pair, "expired", legal)
        emit(db, "pair.left", {"pair_id": str(pair.id)})


@reacts_to(EnrollmentLeaving)
async def end_with_enrollment(db: Db, event: EnrollmentLeaving) -> None:
    """Whoever leaves a program leaves its pair with the same neutral step, and offers to them run out."""
    mine = await db.get_one(Enrollment, (db.organization_id, event.enrollment_id))
    rows = await db.scalars(
        select(Pair)
        .where(
            Pair.organization_id == db.organization_id,
            or_(Pair.mentor_id == mine.person_id, Pair.mentee_id == mine.person_id),
            or_(Pair.mentor_enrollment_id == mine.id, Pair.mentee_enrollment_id == mine.id),
            Pair.state.in_(("asked_mentor", "asked_mentee", "active", "paused", "closing", "suspended_conflict")),
        )
        .order_by(Pair.id)
        .with_for_update()
    )
    ended = []
    for pair in rows:
        over(db, pair, "expired" if pair.state in ASKED else "ended_early", legal_steps(pair.state, {"system"}))
        ended.append(pair)
    await free(db, ended)
