"""What the sessions of one person wait for, by the same rules as a session's own `next_action`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, and_, case, or_

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.pairs.models import Pair
from vuoro.sessions import states
from vuoro.sessions.models import Session
from vuoro.sessions.view import facts, listed, part, pulse

AT_MOST = 100
Kind = Literal[
    "confirm_session", "hold_session", "give_pulse", "write_agenda", "add_spark", "neutral_place", "review"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SessionDue:
    """One thing: whose it is, and `at`: its session's start, the last time to say so, or when it was held (a pulse)."""

    kind: Kind
    whose: Literal["me", "other", "both"]
    session_id: UUID
    pair_id: UUID
    number: int | None
    at: datetime


async def due(db: Db, me: Actor, pair_id: UUID | None = None) -> list[SessionDue]:
    """What waits at the sessions of the caller's own pairs, or of one of them, earliest first; in one statement.

    Nothing tells whether the other one has given a pulse, or has written anything.
    """
    now = clock.now()
    gave = case((Pair.mentor_id == me.person_id, Session.mentor_pulse), else_=Session.mentee_pulse)
    near = or_(Session.state == "proposed", Session.starts_at <= now + states.PREPARE)
    asked = and_(
        Session.state == "held",
        Session.number.in_(states.PULSE_AFTER),
        Session.held_at > now - states.PULSE_ASKED_FOR,
        gave.is_(False),
    )
    query = (
        listed(me)
        .add_columns(Pair.sessions_planned)
        .where(Session.organization_id == me.organization_id, or_(and_(Session.state.in_(states.OPEN), near), asked))
        .order_by(Session.starts_at, Session.id)
        .limit(AT_MOST)
    )
    if pair_id is not None:
        query = query.where(Session.pair_id == pair_id)
    return [one for row in await db.execute(query) for one in _waits(me, row)]


def _waits(me: Actor, row: Row[Any]) -> Iterator[SessionDue]:
    session: Session = row.Session
    known = facts(me, row)

    def wait(kind: Kind, whose: Literal["me", "other", "both"], at: datetime) -> SessionDue:
        return SessionDue(kind, whose, session.id, session.pair_id, session.number, at)

    meets, ahead = row.pair_state in states.PAIR_MEETS, session.starts_at > known.now
    match states.next_action(
        known,
        pulse=pulse(me, row),
        my_primer_done=row.mentor_primed if part(me, row) == "mentor" else row.mentee_primed,
        agenda=row.agenda is not None,
        spark=row.spark,
    ):
        case "confirm_session":
            yield wait("confirm_session", "me", known.latest_start)
        case "hold_session":
            yield wait("hold_session", "both", session.ends_at + states.LAPSES_AFTER)
        case "give_pulse":
            yield wait("give_pulse", "me", session.held_at or session.ends_at)
        case ("write_agenda" | "add_spark") as kind if meets and ahead:
            yield wait(kind, "me", session.starts_at)
    if session.state == "proposed" and known.moved_last and meets and known.latest_start > known.now:
        yield wait("confirm_session", "other", known.latest_start)
    if session.state not in states.OPEN or not meets or not ahead or session.starts_at > known.now + states.PREPARE:
        return
    if session.state == "scheduled" and not session.place and not session.meeting_url:
        yield wait("neutral_place", "both", session.starts_at)
    if session.number is not None and session.number >= row.sessions_planned:
        yield wait("review", "both", session.starts_at)
