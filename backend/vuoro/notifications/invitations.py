"""Invitations to sessions, by iTIP mail: one session a mail, as calendars read no more of it."""

from typing import Any
from uuid import UUID

from vuoro.core import calendars
from vuoro.core.actor import Actor
from vuoro.core.db import Database
from vuoro.core.jobs import on
from vuoro.notifications.jobs import Calendar, send, sender
from vuoro.people.readers import Reader, read_reader
from vuoro.sessions import invites
from vuoro.sessions.calendar import entry, page_of
from vuoro.sessions.models import Session


@on("invite.due")
async def send_invite(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Tell one of a pair how a session stands, unless there is newer news of it."""
    async with database.transaction(actor) as db:
        told = await invites.due(db, UUID(payload["invite_id"]), payload["sequence"])
        reader = await read_reader(db, told.person_id) if told else None
    if told is None or reader is None or not reader.address:
        return
    kind = "withdrawn" if told.withdrawn else "proposed" if told.session.state == "proposed" else "booked"
    method: calendars.Method = "CANCEL" if told.withdrawn else "REQUEST"
    shown = entry(told.session, told.partner, reader.locale, sequence=told.sequence, withdrawn=told.withdrawn)
    content = calendars.invitation(
        method, shown, organizer=sender(reader.organization), attendee=reader.address, zone=reader.zone
    )
    words = {"partner": calendars.inert(told.partner), "when": _when(told.session, reader)}
    await send(
        database, actor, UUID(payload["fact_id"]), f"session.{kind}", told.person_id, link=page_of(told.session),
        calendar=Calendar(method, content, _day(told.session, reader, "medium"), words),
    )  # fmt: skip


def _when(session: Session, reader: Reader) -> str:
    """Day, time and where, each on a line of its own, in the reader's zone."""
    from babel.dates import format_time  # noqa: PLC0415 - the API, which imports this for its facts, writes no mail

    times = "–".join(
        format_time(moment, "short", tzinfo=reader.zone, locale=reader.locale)
        for moment in (session.starts_at, session.ends_at)
    )
    time = f"{times} ({reader.zone.key})"
    return "\n".join(filter(None, (_day(session, reader, "full"), time, session.place, session.meeting_url)))


def _day(session: Session, reader: Reader, length: str) -> str:
    from babel.dates import format_date  # noqa: PLC0415

    return format_date(session.starts_at.astimezone(reader.zone), length, locale=reader.locale)
