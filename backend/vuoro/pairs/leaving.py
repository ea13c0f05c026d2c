"""Who leaves a program leaves its pairs: an offer lapses, a pair ends, in words without an actor."""

from sqlalchemy import or_, select

from vuoro.core import clock
from vuoro.core.db import Db
from vuoro.core.errors import Conflict
from vuoro.core.events import reacts_to
from vuoro.core.history import step
from vuoro.core.outbox import emit
from vuoro.pairs import access, service
from vuoro.pairs.models import Pair
from vuoro.pairs.states import OPEN, STEPS
from vuoro.programs.events import EnrollmentLeaving

_OFFERS = ("asked_mentor", "asked_mentee")


class PairIsOpen(Conflict):
    """Only the two themselves end a pair (H4)."""

    code = "pair_is_open"
    text = "This person has a pair. Only the two themselves end it."


@reacts_to(EnrollmentLeaving)
async def end_pairs(db: Db, event: EnrollmentLeaving) -> None:
    """End what stands on the enrollment; PairIsOpen when somebody else than the two would end a pair."""
    pairs = await db.scalars(
        select(Pair)
        .where(
            Pair.organization_id == db.organization_id,
            or_(Pair.mentor_enrollment_id == event.enrollment_id, Pair.mentee_enrollment_id == event.enrollment_id),
            Pair.state.in_(OPEN),
        )
        .order_by(Pair.id)
        .with_for_update()
    )
    for pair in pairs.all():
        if pair.state in _OFFERS:
            step(db, "pair", pair, "expired", list(STEPS[pair.state]))
            pair.due_at, pair.ended_at = None, clock.now()
            emit(db, "pair.offer_over", {"pair_id": str(pair.id)})
        elif access.side_of(db.me, pair) is None:
            raise PairIsOpen
        elif pair.state != "stay_in_touch":
            await service.end(db, db.me, pair.id)
