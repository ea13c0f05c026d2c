"""What the end of a pair does, however it came: its dates, and both enrollments, which are free at once."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from vuoro.core import clock
from vuoro.core.db import Db
from vuoro.core.history import step
from vuoro.core.outbox import emit
from vuoro.pairs.models import Pair
from vuoro.pairs.states import PairState
from vuoro.programs.enrollments import mark
from vuoro.programs.looking import rest

#: Pairs that have begun and hold a place of both.
_RUNNING = ("active", "paused", "closing", "suspended_conflict")
_FACTS = {"expired": "pair.offer_over", "ended_early": "pair.ended", "completed": "pair.completed"}


def over(db: Db, pair: Pair, to: PairState, legal: list[str]) -> None:
    """Take one locked pair to `expired`, `ended_early` or `completed`; IllegalTransition names the legal steps."""
    step(db, "pair", pair, to, legal)
    pair.ended_at = clock.now()
    pair.due_at = pair.remind_at = pair.pause_until = None
    emit(db, _FACTS[to], {"pair_id": str(pair.id)})


async def free(db: Db, pairs: Sequence[Pair]) -> None:
    """Free the enrollments of pairs that are over, in four statements however many.

    One that has another pair stays as it is. Whoever was in a pair rests until they wish for another; after a
    completed one their part is done.
    """
    begun = [pair for pair in pairs if pair.activated_at is not None]
    if not begun:
        return
    await db.flush()
    ids = {id for pair in begun for id in (pair.mentor_enrollment_id, pair.mentee_enrollment_id)}
    people = {id for pair in begun for id in (pair.mentor_id, pair.mentee_id)}
    others = await db.execute(
        select(Pair.mentor_enrollment_id, Pair.mentee_enrollment_id).where(
            Pair.organization_id == db.organization_id,
            Pair.state.in_(_RUNNING),
            or_(Pair.mentor_id.in_(people), Pair.mentee_id.in_(people)),
        )
    )
    busy = {id for both in others for id in both}
    done = {
        id
        for pair in begun
        if pair.state == "completed"
        for id in (pair.mentor_enrollment_id, pair.mentee_enrollment_id)
    }
    await mark(db, sorted(ids - busy - done), "paired", "approved")
    await mark(db, sorted((ids & done) - busy), "paired", "alumni")
    await rest(db, sorted(ids))
