"""Which sessions the two of a pair have in their calendars, and what is to be told about them by mail.

Facts say that something about a pair or its sessions changed; what follows from it is worked out anew each time, so
that a fact that comes twice, or late, tells nobody anything twice. What is to be told is a fact of its own,
`invite.due` (vuoro/notifications/invitations.py sends it), with the number by which calendars know the newest news.
"""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Database, Db
from vuoro.core.jobs import on
from vuoro.core.outbox import emit
from vuoro.pairs.models import Pair
from vuoro.people.models import Person
from vuoro.people.service import gone
from vuoro.sessions.calendar import takes_place
from vuoro.sessions.models import CalendarInvite, Session
from vuoro.sessions.states import OPEN

FACTS = (
    "session.planned", "session.moved", "session.scheduled", "session.changed", "session.cancelled",
    "pair.left", "pair.ended", "pair.completed", "pair.suspended", "pair.returned", "pair.resumed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to tell one of the two: how the session stands, or, where it is `withdrawn`, that it does not."""

    person_id: UUID
    partner: str
    session: Session
    sequence: int
    withdrawn: bool


async def settle(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Note what is new about the sessions ahead of one pair, for each of the two who is here."""
    async with database.transaction(actor) as db:
        # One at a time for a pair: two would number the same news twice.
        pair = await db.scalar(
            select(Pair)
            .where(Pair.organization_id == db.organization_id, Pair.id == UUID(payload["pair_id"]))
            .with_for_update()
        )
        if pair is not None:
            await _settle(db, pair)


for _fact in FACTS:
    on(_fact)(settle)


async def _settle(db: Db, pair: Pair) -> None:
    both = (pair.mentor_id, pair.mentee_id)
    away = await gone(db, both)
    sessions = (
        await db.execute(
            select(Session, takes_place().label("takes_place"))
            .join(Pair, and_(Pair.organization_id == Session.organization_id, Pair.id == Session.pair_id))
            .where(
                Session.organization_id == db.organization_id,
                Session.pair_id == pair.id,
                Session.ends_at > clock.now(),
                Session.state.in_((*OPEN, "cancelled", "lapsed")),
            )
            .order_by(Session.starts_at, Session.id)
        )
    ).all()
    ids = [row.Session.id for row in sessions]
    rows = await db.scalars(
        select(CalendarInvite).where(
            CalendarInvite.organization_id == db.organization_id, CalendarInvite.session_id.in_(ids)
        )
    )
    known = {(row.session_id, row.person_id): row for row in rows}
    for session, is_on in sessions:
        now = _digest(session) if is_on else None
        for person_id in (id for id in both if id not in away):
            _note(db, session, person_id, known.get((session.id, person_id)), now)


def _note(db: Db, session: Session, person_id: UUID, row: CalendarInvite | None, now: bytes | None) -> None:
    if (row.told if row else None) == now:
        return
    if row is None:
        row = CalendarInvite(
            organization_id=db.organization_id,
            id=clock.uuid7(),
            session_id=session.id,
            person_id=person_id,
            sequence=-1,
        )
        db.add(row)
    row.told, row.sequence, row.updated_at = now, row.sequence + 1, clock.now()
    emit(db, "invite.due", {"invite_id": str(row.id), "sequence": row.sequence})


def _digest(session: Session) -> bytes:
    """What of a session a calendar shows: other changes are no news to it."""
    shown = (session.state, session.starts_at, session.ends_at, session.place, session.meeting_url)
    return hashlib.sha256(repr(shown).encode()).digest()


async def due(db: Db, invite_id: UUID, sequence: int) -> Told | None:
    """What is to be told under this number; None when something newer is, or the session is no more."""
    other = or_(
        and_(Pair.mentor_id == CalendarInvite.person_id, Person.id == Pair.mentee_id),
        and_(Pair.mentee_id == CalendarInvite.person_id, Person.id == Pair.mentor_id),
    )
    row = (
        await db.execute(
            select(CalendarInvite, Session, Person.display_name)
            .join(
                Session,
                and_(
                    Session.organization_id == CalendarInvite.organization_id, Session.id == CalendarInvite.session_id
                ),
            )
            .join(Pair, and_(Pair.organization_id == Session.organization_id, Pair.id == Session.pair_id))
            .join(Person, and_(Person.organization_id == Pair.organization_id, other))
            .where(
                CalendarInvite.organization_id == db.organization_id,
                CalendarInvite.id == invite_id,
                CalendarInvite.sequence == sequence,
                Session.ends_at > clock.now(),
            )
        )
    ).one_or_none()
    if row is None:
        return None
    invite, session, partner = row
    return Told(invite.person_id, partner, session, sequence, withdrawn=invite.told is None)
