"""Whether a pair may leave the product (H6): the mentor alone says so, and may take it back at any time."""

from uuid import UUID

from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Forbidden
from vuoro.core.outbox import emit
from vuoro.pairs.service import PairNotActive, locked


async def allow(db: Db, me: Actor, pair_id: UUID, *, allowed: bool) -> UUID:
    """Let machines with pairs:read see who the two are and their state, or hide the pair from them at once.

    The version stays: managers read it, and it would tell them of the choice.
    """
    pair, side = await locked(db, me, pair_id)
    if side != "mentor":
        raise Forbidden("Whether a pair leaves Vuoro is the mentor's choice alone.")
    if allowed and pair.activated_at is None:
        raise PairNotActive
    if pair.shared != allowed:
        pair.shared = allowed
        emit(db, "pair.shared" if allowed else "pair.unshared", {"pair_id": str(pair_id)})
    return pair_id
