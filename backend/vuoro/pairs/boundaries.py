"""A mentor's boundaries, as the two of a pair read them once it is active."""

from uuid import UUID

from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.wire import Out
from vuoro.pairs import access, service
from vuoro.programs.profiles import boundaries_of

OPEN_TO_THE_MENTEE = ("active", "paused", "closing", "stay_in_touch")


class BoundariesOut(Out):
    """What the mentor would rather not talk about; null: nothing was said."""

    text: str | None


async def read(db: Db, me: Actor, pair_id: UUID) -> BoundariesOut:
    """The mentor's boundaries: NotFound outside the pair, PairNotActive for the mentee before it and after it."""
    pair = await service.require_member(db, me, pair_id, active=False)
    if access.side_of(me, pair) == "mentee" and pair.state not in OPEN_TO_THE_MENTEE:
        raise service.PairNotActive
    texts = await boundaries_of(db, [pair.mentor_enrollment_id])
    return BoundariesOut(text=texts.get(pair.mentor_enrollment_id))
