"""How far a pair is: what its row tells managers about sessions, who see no session themselves."""

from uuid import UUID

from sqlalchemy import func, select

from vuoro.core import clock
from vuoro.core.db import Db
from vuoro.pairs import closing, first_contact
from vuoro.pairs.models import Pair
from vuoro.sessions.models import Session


async def refresh(db: Db, pair: Pair) -> None:
    """Count a locked pair's sessions anew: how many were held, when the last was, when the next one is booked."""
    await db.flush()
    held, last, following = (
        await db.execute(
            select(
                func.count().filter(Session.state == "held", Session.number.is_not(None)),  # a shadow is beside the arc
                func.max(Session.starts_at).filter(Session.state == "held"),
                func.min(Session.starts_at).filter(Session.state == "scheduled", Session.starts_at > clock.now()),
            ).where(Session.organization_id == pair.organization_id, Session.pair_id == pair.id)
        )
    ).one()
    # The pair's version stays: managers read it, and it would tell them when the two plan and move.
    pair.sessions_held, pair.last_held_at, pair.next_starts_at = held, last, following
    if following is not None:
        first_contact.made(pair)
    await closing.maybe_close(db, pair)


async def locked_pair_of(db: Db, session_id: UUID) -> Pair | None:
    """The pair of a session, locked before the session itself, as every change of a pair does."""
    return await db.scalar(
        select(Pair)
        .join(Session, (Session.organization_id == Pair.organization_id) & (Session.pair_id == Pair.id))
        .where(Session.organization_id == db.organization_id, Session.id == session_id)
        .with_for_update(of=Pair)
        .execution_options(populate_existing=True)
    )
