"""What time does to pairs: offers are reminded of and run out, breaks end, closing pairs are completed."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, select

from vuoro.core.db import Db
from vuoro.core.jobs import on_tick
from vuoro.core.outbox import emit
from vuoro.pairs.ending import free, over
from vuoro.pairs.models import Pair
from vuoro.pairs.states import ASKED, legal_steps

AT_ONCE = 500


def _due(db: Db, *conditions: ColumnElement[bool]) -> Select[Pair]:
    return (
        select(Pair)
        .where(Pair.organization_id == db.organization_id, *conditions)
        .order_by(Pair.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )


@on_tick
async def remind_of_offers(db: Db, now: datetime) -> None:
    """Whoever has not answered half-way is reminded once. To everybody else a no looks the same, so it is not asked."""
    asked = Pair.state.in_((*ASKED, "suspended_conflict"))  # a suspended pair has a time while its mentor is asked
    for pair in await db.scalars(_due(db, Pair.remind_at <= now, asked, Pair.due_at > now)):
        pair.remind_at, pair.reminded_at = None, now
        emit(db, "pair.reminder", {"pair_id": str(pair.id)})


@on_tick
async def lapse_offers(db: Db, now: datetime) -> None:
    """Offers that nobody took up in time run out, whether a no lies behind it or not."""
    for pair in await db.scalars(_due(db, Pair.due_at <= now, Pair.state.in_(ASKED))):
        over(db, pair, "expired", legal_steps(pair.state, {"system"}))


@on_tick
async def complete_closed(db: Db, now: datetime) -> None:
    """Closing pairs are completed by themselves."""
    rows = (await db.scalars(_due(db, Pair.due_at <= now, Pair.state == "closing"))).all()
    for pair in rows:
        over(db, pair, "completed", legal_steps(pair.state, {"system"}))
    await free(db, rows)


@on_tick
async def end_breaks(db: Db, now: datetime) -> None:
    """On the day until which a break was meant to last, both are reminded once; nobody goes on unasked."""
    for pair in await db.scalars(_due(db, Pair.pause_until <= now.date(), Pair.state == "paused")):
        pair.pause_until = None
        emit(db, "pair.break_over", {"pair_id": str(pair.id)})
