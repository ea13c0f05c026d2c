"""What time does to sessions: meetings that nobody confirmed lapse, and the next booked one moves on."""

from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select, update

from vuoro.core.db import Db
from vuoro.core.history import record_change
from vuoro.core.jobs import on_tick
from vuoro.pairs.models import Pair
from vuoro.pairs.states import OVER
from vuoro.sessions.models import Session
from vuoro.sessions.states import LAPSES_AFTER, OPEN


@on_tick
async def lapse(db: Db, now: datetime) -> None:
    """Open sessions lapse two weeks after their end, or when their pair is over."""
    over = exists().where(
        Pair.organization_id == Session.organization_id, Pair.id == Session.pair_id, Pair.state.in_(OVER)
    )
    due = await db.scalars(
        select(Session)
        .where(
            Session.organization_id == db.organization_id,
            Session.state.in_(OPEN),
            or_(Session.ends_at < now - LAPSES_AFTER, over),
        )
        .order_by(Session.id)
        .limit(500)
        .with_for_update(of=Session, skip_locked=True)
    )
    for session in due:
        record_change(db, "session", session.id, session.state, "lapsed")
        session.state = "lapsed"
        session.version += 1
        session.updated_at = now


@on_tick
async def roll_on(db: Db, now: datetime) -> None:
    """A next session that has begun is no longer ahead: the pair's row names the following one, or none."""
    following = (
        select(func.min(Session.starts_at))
        .where(
            Session.organization_id == Pair.organization_id,
            Session.pair_id == Pair.id,
            Session.state == "scheduled",
            Session.starts_at > now,
        )
        .correlate(Pair)
        .scalar_subquery()
    )
    past = or_(Pair.next_starts_at <= now, and_(Pair.next_starts_at.is_not(None), Pair.state.in_(OVER)))
    await db.execute(
        update(Pair)
        .where(Pair.organization_id == db.organization_id, past)
        .values(next_starts_at=following)
        .execution_options(synchronize_session=False)
    )
