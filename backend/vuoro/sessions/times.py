"""When the two of a pair can meet: their zones, countries, availability and other meetings, as the arc needs them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, DateTime, Uuid, and_, bindparam, select, text

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import NotFound
from vuoro.identity.models import Organization, Preferences
from vuoro.pairs.models import Pair
from vuoro.pairs.service import PairNotActive
from vuoro.people.models import Person
from vuoro.people.readers import ZONE
from vuoro.programs.models import Enrollment, Program
from vuoro.programs.settings import ProgramSettings, settings_of
from vuoro.sessions import arc, delegates
from vuoro.sessions.models import Session
from vuoro.sessions.schemas import FreeTime
from vuoro.sessions.states import OPEN, PAIR_MEETS
from vuoro.sessions.view import reach

_BUSY = text("select starts_at, ends_at from pair_busy_times(:pair, :start, :end, :besides)").bindparams(
    bindparam("start", type_=DateTime(timezone=True)),
    bindparam("end", type_=DateTime(timezone=True)),
    bindparam("besides", type_=ARRAY(Uuid())),
)


async def pair_in_reach(db: Db, me: Actor, pair_id: UUID, *, lock: bool = False) -> tuple[Pair, ProgramSettings]:
    """A pair that the caller belongs to or books for, and its program's settings; NotFound for others."""
    query = select(Pair).where(
        Pair.organization_id == me.organization_id,
        Pair.id == pair_id,
        reach(me, await delegates.served(db, me)),
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    pair = await db.scalar(query)
    program = await db.find(Program, pair.program_id) if pair else None
    if pair is None or program is None:
        raise NotFound
    return pair, settings_of(program.settings)


async def diaries(
    db: Db, pair: Pair, start: datetime, end: datetime, besides: Collection[UUID] = ()
) -> tuple[arc.Diary, arc.Diary]:
    """The mentor's and the mentee's diaries between two moments.

    Args:
        besides: sessions that are being moved, so that they do not stand in their own way.
    """
    people = await db.execute(
        select(Person.id, Person.country, ZONE.label("zone"))
        .join(Organization, Organization.id == Person.organization_id)
        .outerjoin(
            Preferences,
            and_(Preferences.organization_id == Person.organization_id, Preferences.person_id == Person.id),
        )
        .where(Person.organization_id == pair.organization_id, Person.id.in_((pair.mentor_id, pair.mentee_id)))
    )
    of_person = {row.id: row for row in people}
    parts = await db.scalars(
        select(Enrollment).where(
            Enrollment.organization_id == pair.organization_id,
            Enrollment.id.in_((pair.mentor_enrollment_id, pair.mentee_enrollment_id)),
        )
    )
    part_of = {part.id: part for part in parts}
    found = await db.execute(_BUSY, {"pair": pair.id, "start": start, "end": end, "besides": list(besides)})
    busy = tuple((row.starts_at, row.ends_at) for row in found)
    return (
        _diary(of_person[pair.mentor_id], part_of.get(pair.mentor_enrollment_id), busy),
        _diary(of_person[pair.mentee_id], part_of.get(pair.mentee_enrollment_id), busy),
    )


def _diary(person: Any, part: Enrollment | None, busy: tuple[arc.Busy, ...]) -> arc.Diary:
    hours = windows(getattr(part, "availability", None) or [])
    zone = (getattr(part, "availability_zone", None) if hours else None) or person.zone
    return arc.Diary(ZoneInfo(zone), person.country, hours, busy)


def windows(availability: list[dict[str, Any]]) -> tuple[arc.Window, ...]:
    """Weekly hours as an enrollment keeps them: [{"weekday": 0–6, "from": "09:00", "to": "11:30"}]."""
    return tuple(arc.Window(hours["weekday"], _minutes(hours["from"]), _minutes(hours["to"])) for hours in availability)


def _minutes(clock_time: str) -> int:
    hour, minute = clock_time.split(":")
    return int(hour) * 60 + int(minute)


async def free(
    db: Db, me: Actor, pair_id: UUID, *, session_id: UUID | None, days: int | None, limit: int
) -> list[FreeTime]:
    """Free times of a pair; for a session those that it may move to. Nothing but the times comes out.

    Raises:
        PairNotActive: the two are not meeting now.
    """
    pair, chosen = await pair_in_reach(db, me, pair_id)
    if pair.state not in PAIR_MEETS:
        raise PairNotActive
    now = clock.now()
    until, minutes = now, timedelta(minutes=chosen.session_minutes)
    if session_id is not None:
        session = await db.find(Session, session_id)
        if session is None or session.pair_id != pair_id or session.state not in OPEN:
            raise NotFound
        until, minutes = max(now, session.starts_at), session.ends_at - session.starts_at
        days = min(days or chosen.move_within_days, chosen.move_within_days)
    until += timedelta(days=days or chosen.move_within_days)
    mentor, mentee = await diaries(db, pair, now, until + minutes, [session_id] if session_id else [])
    found = arc.free(mentor, mentee, after=now, until=until, minutes=int(minutes.total_seconds()) // 60, limit=limit)
    return [
        FreeTime(starts_at=slot.starts_at, ends_at=slot.starts_at + minutes, outside_hours=slot.outside_hours)
        for slot in found
    ]
