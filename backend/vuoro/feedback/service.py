"""The sealed balance pulse: giving it, and reading it as far as it is open."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.crypto import KeyMissing
from vuoro.core.db import Db
from vuoro.core.outbox import emit
from vuoro.feedback.models import ITEMS, Pulse
from vuoro.feedback.schemas import PulseAnswer, PulseIn, PulseScores, PulseStatus
from vuoro.sessions import service as sessions
from vuoro.sessions.models import Session

COLUMN = "pulses.comment"
ANSWER_WITHIN = timedelta(days=7)


async def get(db: Db, me: Actor, session_id: UUID) -> PulseStatus:
    """Where the pulse of a session stands for the caller; NotFound for everybody but the pair.

    It says the same while the other has not answered, has said no, or would say yes to a no of the caller's.
    """
    session = await sessions.get(db, me, session_id)
    rows = await db.scalars(
        select(Pulse).where(Pulse.organization_id == me.organization_id, Pulse.session_id == session_id)
    )
    answers = {row.person_id == me.person_id: row for row in rows}
    mine, theirs = answers.get(True), answers.get(False)
    opened = mine is not None and theirs is not None and mine.opened_at is not None and theirs.opened_at is not None
    held_at = await db.scalar(
        select(Session.held_at).where(Session.organization_id == me.organization_id, Session.id == session_id)
    )
    states: dict[str, Literal["not_due", "open", "given"]] = {"none": "not_due", "open": "open", "given": "given"}
    return PulseStatus(
        state=states[session.my_pulse],
        mine=_answer(mine, await _comment(db, mine)) if mine else None,
        theirs=_answer(theirs, None) if theirs and opened else None,
        sealed=not opened,
        due_at=held_at + ANSWER_WITHIN if held_at and session.my_pulse != "none" else None,
        can={"give_pulse": session.can["give_pulse"]},
    )


def _answer(row: Pulse, comment: str | None) -> PulseAnswer:
    return PulseAnswer(
        scores=PulseScores(**{item: getattr(row, item) for item in ITEMS}),
        balance=row.balance,
        open_if_both=row.open_if_both,
        comment=comment,
    )


async def _comment(db: Db, row: Pulse) -> str | None:
    if row.comment is None:
        return None
    try:
        return (await crypto.unseal(db, COLUMN, "person", row.person_id, {row.id: row.comment}))[row.id]
    except KeyMissing:
        return None


async def give(db: Db, me: Actor, session_id: UUID, data: PulseIn) -> UUID:
    """Answer after a held session, once; the worker opens both answers when both chose to. Returns the session's id."""
    pair_id, side = await sessions.take_pulse(db, me, session_id)
    pulse_id = clock.uuid7()
    db.add(
        Pulse(
            organization_id=me.organization_id,
            id=pulse_id,
            session_id=session_id,
            pair_id=pair_id,
            person_id=me.id,
            side=side,
            **data.scores.model_dump(),
            balance=data.balance,
            open_if_both=data.open_if_both,
            comment=await crypto.seal(db, COLUMN, "person", me.id, pulse_id, data.comment) if data.comment else None,
            opened_at=None,
            created_at=clock.now(),
        )
    )
    emit(db, "pulse.given", {"session_id": str(session_id), "pair_id": str(pair_id)})
    return session_id
