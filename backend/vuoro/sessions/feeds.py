"""A person's calendar feed: their own sessions, and the gatherings they come to."""

import asyncio
from datetime import timedelta

from sqlalchemy import and_, case, or_, select

from vuoro.core import calendars, clock
from vuoro.core.actor import Actor
from vuoro.core.calendars import Entry
from vuoro.core.db import Db
from vuoro.core.errors import NotFound
from vuoro.core.settings import settings
from vuoro.pairs import access
from vuoro.pairs.models import Pair
from vuoro.people.models import Person
from vuoro.people.readers import read_reader
from vuoro.programs.board import program_events
from vuoro.programs.board.words import filled
from vuoro.programs.models import ProgramEvent
from vuoro.sessions.calendar import entry, takes_place
from vuoro.sessions.models import Session
from vuoro.sessions.service import FARTHEST

BACK = timedelta(days=90)
EVERY = timedelta(hours=1)
AT_MOST = 500


async def read(db: Db, me: Actor) -> bytes:
    """The feed: what is ahead and was held in the last 90 days, in the reader's language, however they signed in."""
    reader = await read_reader(db, me.person_id) if me.person_id else None
    if reader is None:
        raise NotFound
    start, end = clock.now() - BACK, clock.now() + FARTHEST
    other = case((Pair.mentor_id == me.person_id, Pair.mentee_id), else_=Pair.mentor_id)
    sessions = await db.execute(
        select(Session, Person.display_name)
        .join(Pair, and_(Pair.organization_id == Session.organization_id, Pair.id == Session.pair_id))
        .join(Person, and_(Person.organization_id == Pair.organization_id, Person.id == other))
        .where(
            Session.organization_id == me.organization_id,
            access.mine(me),
            Session.starts_at.between(start, end),
            or_(Session.state == "held", takes_place()),
        )
        .order_by(Session.starts_at, Session.id)
        .limit(AT_MOST)
    )
    entries = [entry(session, partner, reader.locale) for session, partner in sessions]
    gatherings = await program_events.coming(db, me, start, end, AT_MOST)
    entries += [_gathering(event, reader.locale) for event in gatherings]
    # In a thread: many take a while to write, and the first loads the library.
    return await asyncio.to_thread(calendars.feed, f"Vuoro · {reader.organization}", entries, every=EVERY)


def _gathering(event: ProgramEvent, locale: str) -> Entry:
    return Entry(
        uid=f"{event.id}@vuoro",
        summary=filled(event.title).into(locale),
        about=[],
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        changed_at=event.updated_at,
        place=event.place,
        meeting_url=event.meeting_url,
        page=settings().public_url,
    )
