"""The last stretch: a pair closes when its sessions are held or its program closes, and is completed."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Forbidden, IllegalTransition
from vuoro.core.events import reacts_to
from vuoro.core.history import step
from vuoro.core.outbox import emit
from vuoro.pairs.ending import free, over
from vuoro.pairs.models import Commitment, Pair
from vuoro.pairs.service import locked
from vuoro.pairs.states import PairState, legal_steps
from vuoro.pairs.view import COMMITMENT
from vuoro.programs.events import ProgramMoved

COMPLETED_AFTER = timedelta(days=14)
#: What a step of a program does to its pairs: program's new state → pair's state → its next.
FOLLOWS: dict[str, dict[PairState, PairState]] = {
    "closing": {"asked_mentor": "expired", "asked_mentee": "expired", "active": "closing", "paused": "closing"},
    "closed": {
        "asked_mentor": "expired",
        "asked_mentee": "expired",
        "active": "closing",
        "paused": "closing",
        "closing": "completed",
        "suspended_conflict": "ended_early",
    },
    "cancelled": {
        "asked_mentor": "expired",
        "asked_mentee": "expired",
        "active": "ended_early",
        "paused": "ended_early",
        "closing": "ended_early",
        "suspended_conflict": "ended_early",
        "stay_in_touch": "completed",
    },
}


class CommitmentMade(Conflict):
    """The mentee has said what will change."""

    code = "commitment_made"
    text = "You have stated your commitment already."


async def maybe_close(db: Db, pair: Pair) -> None:
    """Begin the closing of a locked pair that has held all its planned sessions."""
    if pair.state == "active" and pair.sessions_held >= pair.sessions_planned:
        _begin(db, pair)


def _begin(db: Db, pair: Pair) -> None:
    step(db, "pair", pair, "closing", legal_steps(pair.state, {"system"}))
    pair.due_at, pair.pause_until = clock.now() + COMPLETED_AFTER, None
    emit(db, "pair.closing", {"pair_id": str(pair.id)})


async def close(db: Db, me: Actor, pair_id: UUID, commitment: str | None) -> UUID:
    """Complete a closing pair; the mentee may state one commitment, then or later, which both read (S10).

    Raises:
        CommitmentMade: there is one already.
    """
    pair, side = await locked(db, me, pair_id)
    if commitment is not None and side != "mentee":
        raise Forbidden("The commitment is the mentee's.")
    if pair.state == "closing":
        over(db, pair, "completed", legal_steps(pair.state, {side}))
        await free(db, [pair])
    elif commitment is None or pair.state not in ("completed", "stay_in_touch"):
        raise IllegalTransition(pair.state, legal_steps(pair.state, {side}))
    if commitment is not None:
        await _commit(db, pair_id, commitment)
    return pair_id


async def _commit(db: Db, pair_id: UUID, commitment: str) -> None:
    made = await db.scalar(
        select(Commitment.id).where(Commitment.organization_id == db.organization_id, Commitment.pair_id == pair_id)
    )
    if made is not None:
        raise CommitmentMade
    id = clock.uuid7()
    sealed = await crypto.seal(db, COMMITMENT, "pair", pair_id, id, commitment)
    db.add(
        Commitment(
            organization_id=db.organization_id, id=id, pair_id=pair_id, text=sealed, created_at=clock.now()
        )
    )  # fmt: skip


@reacts_to(ProgramMoved)
async def follow_program(db: Db, event: ProgramMoved) -> None:
    """Pairs follow their program: they close with it, are completed with it, or end neutrally when it is cancelled."""
    follows = FOLLOWS.get(event.to_state)
    if follows is None:
        return
    rows = await db.scalars(
        select(Pair)
        .where(
            Pair.organization_id == db.organization_id,
            Pair.program_id == event.program_id,
            Pair.state.in_(list(follows)),
        )
        .order_by(Pair.id)
        .with_for_update()
    )
    ended = []
    for pair in rows:
        to = follows[pair.state]
        if to == "closing":
            _begin(db, pair)
        else:
            over(db, pair, to, legal_steps(pair.state, {"system"}))
            ended.append(pair)
    await free(db, ended)
