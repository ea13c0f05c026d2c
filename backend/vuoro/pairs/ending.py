"""What the end of a pair does, however it came: its dates, and both enrollments, which are free at once."""

from collections.abc import Sequence

from vuoro.core import clock
from vuoro.core.db import Db
from vuoro.core.history import step
from vuoro.core.outbox import emit
from vuoro.pairs.models import Pair
from vuoro.pairs.states import PairState
from vuoro.programs.enrollments import mark
from vuoro.programs.looking import rest

_FACTS = {"expired": "pair.offer_over", "ended_early": "pair.ended", "completed": "pair.completed"}


def over(db: Db, pair: Pair, to: PairState, legal: list[str]) -> None:
    """Take one locked pair to `expired`, `ended_early` or `completed`; IllegalTransition names the legal steps."""
    step(db, "pair", pair, to, legal)
    pair.ended_at = clock.now()
    pair.due_at = pair.remind_at = pair.pause_until = None
    emit(db, _FACTS[to], {"pair_id": str(pair.id)})


async def free(db: Db, pairs: Sequence[Pair]) -> None:
    """Free the enrollments of pairs that are over, in a few statements however many.

    One that has another pair stays paired. Whoever was in a pair rests, and looks for no other until they wish for
    one; after a completed one their part is done.
    """
    begun = [pair for pair in pairs if pair.activated_at is not None]
    if not begun:
        return
    await db.flush()
    ids = {id for pair in begun for id in (pair.mentor_enrollment_id, pair.mentee_enrollment_id)}
    done = {
        id
        for pair in begun
        if pair.state == "completed"
        for id in (pair.mentor_enrollment_id, pair.mentee_enrollment_id)
    }
    await mark(db, sorted(ids - done), "paired", "approved")
    await mark(db, sorted(done), "paired", "alumni")
    await rest(db, sorted(ids))
