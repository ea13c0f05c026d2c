"""The first contact, which comes from the executive within some working days (S8)."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Forbidden
from vuoro.pairs.models import Pair
from vuoro.pairs.service import PairNotActive, locked
from vuoro.people.models import Person


def working_days_after(day: date, days: int) -> date:
    """The day that lies so many working days (Monday to Friday) after this one."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


async def begin(db: Db, pair: Pair, days: int) -> None:
    """Set the day by which the mentee of a new pair gets in touch, counted where the mentee lives."""
    mentee = await db.find(Person, pair.mentee_id)
    zone = ZoneInfo((mentee and mentee.time_zone) or "UTC")
    pair.first_contact_due_on = working_days_after(clock.now().astimezone(zone).date(), days)


def made(pair: Pair) -> None:
    """Note that the two are in touch; the version stays, so that nobody else can tell."""
    if pair.first_contact_at is None:
        pair.first_contact_at = clock.now()


async def mark_made(db: Db, me: Actor, pair_id: UUID) -> UUID:
    """The mentee has got in touch; a second time changes nothing."""
    pair, side = await locked(db, me, pair_id)
    if side != "mentee":
        raise Forbidden("The first contact comes from the mentee, who says so.")
    if pair.state != "active":
        raise PairNotActive
    made(pair)
    return pair_id
