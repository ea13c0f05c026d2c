"""Who leaves a program leaves its pairs: an offer lapses, a pair ends, in words without an actor."""

from sqlalchemy import or_, select

from vuoro.core import clock
from vuoro.core.db import Db
from vuoro.core.events import reacts_to
from vuoro.core.history import step
from vuoro.core.outbox import emit
from vuoro.pairs import service
from vuoro.pairs.models import Pair
from vuoro.pairs.states import STEPS
from vuoro.programs.events import EnrollmentLeaving

_OFFERS = ("asked_mentor", "asked_mentee")


@reacts_to(EnrollmentLeaving)
async def end_with_enrollment(db: Db, event: EnrollmentLeaving) -> None:
    """Whoever leaves a program leaves its pair with the same neutral step, and offers to them run out."""
    pairs = await db.scalars(
        select(Pair)
        .where(
            Pair.organization_id == db.organization_id,
            or_(Pair.mentor_enrollment_id == event.enrollment_id, Pair.mentee_enrollment_id == event.enrollment_id),
            Pair.state.in_((*_OFFERS, "active", "paused", "closing", "suspended_conflict")),
        )
        .order_by(Pair.id)
        .with_for_update()
    )
    for pair in pairs.all():
        if pair.state in _OFFERS:
            step(db, "pair", pair, "expired", list(STEPS[pair.state]))
            pair.due_at, pair.ended_at = None, clock.now()
            emit(db, "pair.offer_over", {"pair_id": str(pair.id)})
        else:
            await service.end(db, db.me, pair.id)
