"""Moving a session, which is easier than cancelling it: one side proposes times, the other chooses (S3)."""

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Invalid
from vuoro.people.service import refs
from vuoro.programs.settings import settings_of
from vuoro.sessions import rhythm, view
from vuoro.sessions.models import SessionMove
from vuoro.sessions.planning import put_at, refuse_overlaps
from vuoro.sessions.schemas import SessionMoveIn, SessionMoveOut, SessionScheduleIn
from vuoro.sessions.service import advance, in_future, locked


class SlotPassed(Conflict):
    """The chosen time has gone by."""

    code: ClassVar[str] = "slot_passed"
    text: ClassVar[str] = "That time has gone by. Choose a later one, or propose another."


async def move(db: Db, me: Actor, session_id: UUID, data: SessionMoveIn) -> UUID:
    """Propose other times, as often as the program allows; the other side chooses one.

    They lie at most `move_within_days` after the old time, or after now when that has gone by.
    """
    session, pair, row = await locked(db, me, session_id, "move")
    within = timedelta(days=settings_of(row.settings).move_within_days)
    farthest = max(clock.now(), session.starts_at) + within
    slots = sorted(data.slots or ([data.starts_at] if data.starts_at else []))
    for index, start in enumerate(data.slots or slots):
        pointer = f"/slots/{index}" if data.slots else "/starts_at"
        in_future(start, pointer)
        if start > farthest:
            raise Invalid.at(pointer, "too_far", f"A session moves by {within.days} days at most.")
    length = session.ends_at - session.starts_at if data.minutes is None else timedelta(minutes=data.minutes)
    await refuse_overlaps(db, pair.id, [(start, start + length) for start in slots], [session.id])
    session.time_zone = data.time_zone or session.time_zone
    put_at(db, me, session, slots, length)
    await rhythm.refresh(db, pair)
    return session_id


async def schedule(db: Db, me: Actor, session_id: UUID, data: SessionScheduleIn) -> UUID:
    """Choose one of the times that the other side proposed; without a choice, the first."""
    session, pair, row = await locked(db, me, session_id, "schedule")
    start = data.starts_at or session.starts_at
    if start != session.starts_at and start not in view.slots(row):
        raise Invalid.at("/starts_at", "not_offered", "This takes one of the proposed times.")
    if start <= clock.now():
        raise SlotPassed
    length = session.ends_at - session.starts_at
    await refuse_overlaps(db, pair.id, [(start, start + length)], [session.id])
    session.starts_at, session.ends_at = start, start + length
    await advance(db, session, pair, "scheduled", "session.scheduled")
    return session_id


async def moves(db: Db, me: Actor, session_id: UUID) -> list[SessionMoveOut]:
    """The moves of a session, first to last; for the pair alone."""
    session = (await view.seen(db, me, session_id)).Session
    rows = (
        await db.scalars(
            select(SessionMove)
            .where(SessionMove.organization_id == me.organization_id, SessionMove.session_id == session_id)
            .order_by(SessionMove.id)
        )
    ).all()
    people = await refs(db, me, [row.moved_by for row in rows])
    # What was chosen is where the next move began, or where the session stands now.
    went = [*(row.from_starts_at for row in rows[1:]), session.starts_at]
    return [
        SessionMoveOut(
            id=row.id,
            from_starts_at=row.from_starts_at,
            to_starts_at=to,
            slots=row.slots,
            moved_by=people[row.moved_by],
            created_at=row.created_at,
        )
        for row, to in zip(rows, went, strict=False)
    ]
