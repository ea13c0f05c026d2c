"""Sessions: planning a pair's meetings, moving, holding and cancelling them.

Nothing here writes to the audit log: managers and HR read it, and who moved or met when is the pair's alone.
The history of states carries no actor.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, ClassVar, Literal
from uuid import UUID

from sqlalchemy import Row, Select, and_, case, or_, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Fault, IllegalTransition, Invalid, NotFound
from vuoro.core.history import record_change, step
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import changes
from vuoro.pairs import access
from vuoro.pairs.models import Pair
from vuoro.pairs.service import PairNotActive, require_member
from vuoro.people.service import refs
from vuoro.programs.kits import arc_kit, kits
from vuoro.sessions import agendas, rhythm, states
from vuoro.sessions.models import Session, SessionMove
from vuoro.sessions.schemas import (
    MentoringSession,
    SessionCancelIn,
    SessionIn,
    SessionMoveIn,
    SessionMoveOut,
    SessionPatch,
)
from vuoro.sessions.view import MOVER, listed, obstacle, pulse, seen, shown, side

FARTHEST = timedelta(days=730)


class AgreementMissing(Conflict):
    """Not both have signed the agreement yet (H7)."""

    code: ClassVar[str] = "agreement_missing"
    text: ClassVar[str] = "Both sign the agreement before the first session is planned."


class TooEarly(Conflict):
    """The session has not begun."""

    code: ClassVar[str] = "too_early"
    text: ClassVar[str] = "A session can be marked as held from 15 minutes before its start."


class NoMovesLeft(Conflict):
    """The session was moved twice already."""

    code: ClassVar[str] = "no_moves_left"
    text: ClassVar[str] = "A session can be moved twice. Keep this time, or cancel and plan another."


class NotYourTurn(Conflict):
    """The other one of the pair answers a proposed time."""

    code: ClassVar[str] = "not_your_turn"
    text: ClassVar[str] = "You proposed this time; the other one of your pair confirms it."


class NotOpen(Conflict):
    """The session was cancelled or has lapsed."""

    code: ClassVar[str] = "wrong_state"
    text: ClassVar[str] = "This session was cancelled, so nothing more is shared about it."


class PulseNotDue(Conflict):
    """No pulse belongs to this session, or it was not held."""

    code: ClassVar[str] = "not_due"
    text: ClassVar[str] = "A pulse is given after the sessions 1, 3 and 6, once they were held."


class PulseAlreadyGiven(Conflict):
    """One answer a person."""

    code: ClassVar[str] = "already_given"
    text: ClassVar[str] = "You have answered already."


_FAULTS: dict[str, type[Fault]] = {
    fault.code: fault for fault in (AgreementMissing, PairNotActive, TooEarly, NoMovesLeft, NotYourTurn)
}


async def get(db: Db, me: Actor, session_id: UUID) -> MentoringSession:
    """One session; NotFound for everybody but the pair."""
    return (await shown(db, me, [await seen(db, me, session_id)]))[0]


async def mine(
    db: Db, me: Actor, page: Paging, start: datetime | None, end: datetime | None
) -> tuple[list[MentoringSession], str | None]:
    """One page of the caller's sessions that begin from `start` on and before `end`, earliest first."""
    query = listed(me)
    if start is not None:
        query = query.where(Session.starts_at >= start)
    if end is not None:
        query = query.where(Session.starts_at < end)
    return await _page(db, me, query, page, "sessions.mine")


async def of_pair(db: Db, me: Actor, pair_id: UUID, page: Paging) -> tuple[list[MentoringSession], str | None]:
    """One page of a pair's sessions, earliest first; NotFound for everybody but the pair."""
    await require_member(db, me, pair_id, active=False)
    return await _page(db, me, listed(me).where(Session.pair_id == pair_id), page, "sessions.pair")


async def _page(
    db: Db, me: Actor, query: Select[Any], page: Paging, scope: str
) -> tuple[list[MentoringSession], str | None]:
    rows, following = await keyset(
        db, query, [Session.starts_at, Session.id], page, lambda row: row, scope=scope,
        parse=[datetime.fromisoformat, UUID],
    )  # fmt: skip
    return await shown(db, me, rows), following


async def moves(db: Db, me: Actor, session_id: UUID) -> list[SessionMoveOut]:
    """The moves of a session, first to last."""
    await seen(db, me, session_id)
    rows = (
        await db.scalars(
            select(SessionMove)
            .where(SessionMove.organization_id == me.organization_id, SessionMove.session_id == session_id)
            .order_by(SessionMove.id)
        )
    ).all()
    people = await refs(db, me, [row.moved_by for row in rows])
    return [
        SessionMoveOut(
            id=row.id,
            from_starts_at=row.from_starts_at,
            to_starts_at=row.to_starts_at,
            moved_by=people[row.moved_by],
            created_at=row.created_at,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that a session waits for from one person."""

    kind: Literal["hold_session", "confirm_session", "give_pulse"]
    session_id: UUID
    pair_id: UUID
    number: int


async def waiting(db: Db, me: Actor) -> list[Waiting]:
    """What the caller's sessions wait for: say that it was held, confirm a moved time, give the pulse."""
    now = clock.now()
    gave = case((Pair.mentor_id == me.person_id, Session.mentor_pulse), else_=Session.mentee_pulse)
    hold = and_(Session.state.in_(states.OPEN), Session.ends_at <= now, Pair.state.in_(states.PAIR_TALKS))
    ahead = and_(Session.state == "proposed", Session.starts_at > now, Pair.state == "active")
    confirm = and_(ahead, MOVER.is_distinct_from(me.person_id))
    answer = and_(
        Session.state == "held",
        Session.number.in_(states.PULSE_AFTER),
        Session.held_at > now - states.PULSE_ASKED_FOR,
        gave.is_(False),
    )
    rows = await db.execute(
        select(
            case((hold, "hold_session"), (confirm, "confirm_session"), else_="give_pulse"),
            Session.id,
            Session.pair_id,
            Session.number,
        )
        .join(Pair, and_(Pair.organization_id == Session.organization_id, Pair.id == Session.pair_id))
        .where(Session.organization_id == me.organization_id, access.mine(me), or_(hold, confirm, answer))
        .order_by(Session.starts_at, Session.id)
        .limit(20)
    )
    return [Waiting(*row) for row in rows]


async def plan(db: Db, me: Actor, pair_id: UUID, data: SessionIn) -> UUID:
    """Plan the pair's next session.

    Its number is the first that no open or held session of the pair has, so a cancelled one is planned again.

    Raises:
        PairNotActive, AgreementMissing: what H7 and the pair's state ask for.
    """
    pair = await db.scalar(
        select(Pair)
        .where(Pair.organization_id == me.organization_id, Pair.id == pair_id, access.mine(me))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if pair is None:
        raise NotFound
    if pair.state != "active":
        raise PairNotActive
    if pair.mentor_signed_at is None or pair.mentee_signed_at is None:
        raise AgreementMissing
    _in_future(data.starts_at)
    if data.kit is not None and data.kit not in kits():
        raise Invalid.at("/kit", "unknown_kit", "There is no such kit.")
    taken = await db.scalars(
        select(Session.number).where(
            Session.organization_id == me.organization_id,
            Session.pair_id == pair_id,
            Session.state.in_((*states.OPEN, "held")),
        )
    )
    used = set(taken)
    number = next(number for number in count(1) if number not in used)
    session = Session(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        pair_id=pair_id,
        number=number,
        kit=data.kit or arc_kit(number),
        state="scheduled",
        starts_at=data.starts_at,
        ends_at=data.starts_at + timedelta(minutes=data.minutes),
        time_zone=data.time_zone,
        place=data.place or None,
        meeting_url=data.meeting_url,
    )
    db.add(session)
    record_change(db, "session", session.id, None, session.state)
    await rhythm.refresh(db, pair)
    _tell(db, "session.planned", session)
    return session.id


def _in_future(starts_at: datetime) -> None:
    if not clock.now() < starts_at <= clock.now() + FARTHEST:
        raise Invalid.at("/starts_at", "not_in_future", "A session starts in the future, at most two years ahead.")


def _tell(db: Db, kind: str, session: Session) -> None:
    emit(db, kind, {"session_id": str(session.id), "pair_id": str(session.pair_id)})


async def _locked(
    db: Db, me: Actor, session_id: UUID, action: states.Action, version: int | None = None
) -> tuple[Session, Pair]:
    """The session and its pair, locked for an action that the caller may take now."""
    await seen(db, me, session_id)
    pair = await rhythm.locked_pair_of(db, session_id)
    session = await db.locked(Session, session_id, version)
    row = await seen(db, me, session_id)
    reason = obstacle(me, row, action)
    if reason is None and pair is not None:
        return session, pair
    if reason in _FAULTS:
        raise _FAULTS[reason]
    raise IllegalTransition(session.state, _legal(me, row))


def _legal(me: Actor, row: Row[Any]) -> list[str]:
    return states.steps(row.Session.state, {"member"} if row.mover == me.person_id else {"member", "other"})


async def change(db: Db, me: Actor, session_id: UUID, version: int, patch: SessionPatch) -> None:
    """Change where an open session is."""
    session, _ = await _locked(db, me, session_id, "edit", version)
    for name, value in changes(patch).items():
        setattr(session, name, value or None)
    touch(session)


async def write_agenda(db: Db, me: Actor, session_id: UUID, text: str) -> None:
    """Replace the agenda of an open session; an empty text clears it."""
    session, _ = await _locked(db, me, session_id, "edit_agenda")
    await agendas.write(db, me, session_id, session.pair_id, text)
    touch(session)


async def move(db: Db, me: Actor, session_id: UUID, data: SessionMoveIn) -> UUID:
    """Propose another time, twice a session at most; the other one of the pair confirms it."""
    session, pair = await _locked(db, me, session_id, "move")
    _in_future(data.starts_at)
    length = session.ends_at - session.starts_at if data.minutes is None else timedelta(minutes=data.minutes)
    db.add(
        SessionMove(
            organization_id=me.organization_id,
            id=clock.uuid7(),
            session_id=session_id,
            from_starts_at=session.starts_at,
            to_starts_at=data.starts_at,
            moved_by=me.id,
            created_at=clock.now(),
        )
    )
    session.starts_at, session.ends_at = data.starts_at, data.starts_at + length
    session.time_zone = data.time_zone or session.time_zone
    await _step(db, session, pair, "proposed", "session.moved")
    return session_id


async def schedule(db: Db, me: Actor, session_id: UUID) -> UUID:
    """Confirm the time that the other one of the pair proposed."""
    session, pair = await _locked(db, me, session_id, "schedule")
    await _step(db, session, pair, "scheduled", "session.scheduled")
    return session_id


async def hold(db: Db, me: Actor, session_id: UUID) -> UUID:
    """Mark as held; either of the two says so, for both."""
    session, pair = await _locked(db, me, session_id, "hold")
    session.held_at = clock.now()
    await _step(db, session, pair, "held", "session.held")
    return session_id


async def cancel(db: Db, me: Actor, session_id: UUID, data: SessionCancelIn) -> UUID:
    """Cancel; by whom and why stays private."""
    session, pair = await _locked(db, me, session_id, "cancel")
    session.reason_class, session.cancelled_by = data.reason_class, me.person_id
    await _step(db, session, pair, "cancelled", "session.cancelled")
    return session_id


async def _step(db: Db, session: Session, pair: Pair, to: str, fact: str) -> None:
    step(db, "session", session, to, states.steps(session.state, {"member", "other"}))
    await rhythm.refresh(db, pair)
    _tell(db, fact, session)


async def take_pulse(db: Db, me: Actor, session_id: UUID) -> tuple[UUID, access.Side]:
    """Note that the caller answers the pulse of a session now: (its pair, the caller's side).

    The version stays, so that nobody can tell from it that the other one has answered.

    Raises:
        PulseNotDue, PulseAlreadyGiven: no answer is asked for.
    """
    await seen(db, me, session_id)
    session = await db.locked(Session, session_id)
    row = await seen(db, me, session_id)
    due = pulse(me, row)
    if due != "open":
        raise PulseAlreadyGiven if due == "given" else PulseNotDue
    mine = side(me, row)
    if mine == "mentor":
        session.mentor_pulse = True
    else:
        session.mentee_pulse = True
    return session.pair_id, mine
