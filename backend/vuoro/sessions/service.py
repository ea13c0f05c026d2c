"""Sessions: reading a pair's meetings, holding, missing and cancelling them.

Nothing here writes to the audit log: managers and HR read it, and who moved or met when is the pair's alone.
The history of states carries no actor.
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Row

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Fault, Forbidden, IllegalTransition, Invalid
from vuoro.core.history import step
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, Rows, keyset
from vuoro.core.wire import changes
from vuoro.pairs import access
from vuoro.pairs.models import Pair
from vuoro.pairs.service import PairNotActive, require_member
from vuoro.sessions import delegates, rhythm, states
from vuoro.sessions.models import Session
from vuoro.sessions.schemas import MentoringSession, SessionCancelIn, SessionMissIn, SessionPatch
from vuoro.sessions.view import facts, listed, obstacle, pulse, seen, shown, side

FARTHEST = timedelta(days=730)


class AgreementMissing(Conflict):
    """Not both have signed the agreement yet (H7)."""

    code: ClassVar[str] = "agreement_missing"
    text: ClassVar[str] = "Both sign the agreement before the first session is planned."


class PrimerMissing(Conflict):
    """Not both have finished their primer yet (H8)."""

    code: ClassVar[str] = "primer_missing"
    text: ClassVar[str] = "Both finish their primer before the first session counts as held."


class NotForDelegates(Forbidden):
    """A delegate books and moves, no more."""

    code: ClassVar[str] = "not_for_delegates"
    text: ClassVar[str] = "You book and move sessions for somebody; this is for the two alone."


class NotYourPart(Forbidden):
    """The agenda is the mentor's, the spark the executive's (S5)."""

    code: ClassVar[str] = "not_your_part"
    text: ClassVar[str] = "The agenda is the mentor's; the executive brings one question or idea."


class IsShadow(Conflict):
    """A shadow has a plan of its own."""

    code: ClassVar[str] = "is_shadow"
    text: ClassVar[str] = "A shadow keeps its own plan."


class NotOver(Conflict):
    """The session has not ended."""

    code: ClassVar[str] = "not_over"
    text: ClassVar[str] = "Whether a session was missed can be said once its time is over."


class AlreadyOver(Conflict):
    """The session's time is over."""

    code: ClassVar[str] = "already_over"
    text: ClassVar[str] = "Its time is over. Say whether you met."


class AlreadySaid(Conflict):
    """One word a side."""

    code: ClassVar[str] = "already_said"
    text: ClassVar[str] = "You have said so already."


class PlannedAgain(Conflict):
    """A missed session whose number was booked anew."""

    code: ClassVar[str] = "planned_again"
    text: ClassVar[str] = "This session was planned again, so it stays as it is."


class TooLate(Conflict):
    """Two weeks have gone by."""

    code: ClassVar[str] = "too_late"
    text: ClassVar[str] = "This can be said within two weeks after the session."


class TooEarly(Conflict):
    """The session has not begun."""

    code: ClassVar[str] = "too_early"
    text: ClassVar[str] = "A session can be marked as held from 15 minutes before its start."


class NoMovesLeft(Conflict):
    """The session was moved as often as the program allows."""

    code: ClassVar[str] = "no_moves_left"
    text: ClassVar[str] = "It cannot be moved again. Keep this time, or cancel and plan another."


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
    fault.code: fault
    for fault in (
        AgreementMissing, AlreadyOver, AlreadySaid, IsShadow, NoMovesLeft, NotForDelegates, NotOver, NotYourPart,
        NotYourTurn, PairNotActive, PlannedAgain, PrimerMissing, TooEarly, TooLate,
    )
}  # fmt: skip


async def get(db: Db, me: Actor, session_id: UUID) -> MentoringSession:
    """One session; NotFound for everybody but the pair."""
    return (await shown(db, me, [await seen(db, me, session_id)]))[0]


async def read(db: Db, me: Actor, session_id: UUID) -> MentoringSession:
    """One session, for its pair and for who books for the executive; NotFound for everybody else."""
    return (await shown(db, me, [await seen(db, me, session_id, delegated=True)]))[0]


async def mine(
    db: Db, me: Actor, page: Paging, start: datetime | None, end: datetime | None
) -> tuple[list[MentoringSession], str | None]:
    """One page of the caller's sessions that begin from `start` on and before `end`, earliest first.

    Those of the executives whom the caller books for are among them.
    """
    query = listed(me, await delegates.served(db, me))
    if start is not None:
        query = query.where(Session.starts_at >= start)
    if end is not None:
        query = query.where(Session.starts_at < end)
    return await _page(db, me, query, page, "sessions.mine")


async def of_pair(db: Db, me: Actor, pair_id: UUID, page: Paging) -> tuple[list[MentoringSession], str | None]:
    """One page of a pair's sessions, earliest first; NotFound for everybody but the pair."""
    await require_member(db, me, pair_id, active=False)
    return await _page(db, me, listed(me).where(Session.pair_id == pair_id), page, "sessions.pair")


async def _page(db: Db, me: Actor, query: Rows, page: Paging, scope: str) -> tuple[list[MentoringSession], str | None]:
    rows, following = await keyset(
        db, query, [Session.starts_at, Session.id], page, lambda row: row, scope=scope,
        parse=[datetime.fromisoformat, UUID],
    )  # fmt: skip
    return await shown(db, me, rows), following


def in_future(starts_at: datetime, pointer: str = "/starts_at") -> None:
    """Invalid for a time that has gone by or lies more than two years ahead."""
    if not clock.now() < starts_at <= clock.now() + FARTHEST:
        raise Invalid.at(pointer, "not_in_future", "A session starts in the future, at most two years ahead.")


def tell(db: Db, kind: str, session: Session) -> None:
    """Put a fact about a session into the outbox, ids alone."""
    emit(db, kind, {"session_id": str(session.id), "pair_id": str(session.pair_id)})


async def locked(
    db: Db, me: Actor, session_id: UUID, action: states.Action, version: int | None = None
) -> tuple[Session, Pair, Row[Any]]:
    """The session, its pair and its row, locked for an action that the caller may take now."""
    await seen(db, me, session_id, delegated=True)
    pair = await rhythm.locked_pair_of(db, session_id)
    session = await db.locked(Session, session_id, version)
    row = await seen(db, me, session_id, delegated=True)
    reason = obstacle(me, row, action)
    if reason is None and pair is not None:
        return session, pair, row
    if reason in _FAULTS:
        raise _FAULTS[reason]
    known = facts(me, row)
    raise IllegalTransition(
        session.state, states.steps(session.state, states.actors(known.part, moved_last=known.moved_last))
    )


async def change(db: Db, me: Actor, session_id: UUID, version: int, patch: SessionPatch) -> None:
    """Change where an open session is."""
    session, _, _ = await locked(db, me, session_id, "edit", version)
    for name, value in changes(patch).items():
        setattr(session, name, value or None)
    touch(session)
    tell(db, "session.changed", session)


async def hold(db: Db, me: Actor, session_id: UUID) -> UUID:
    """Mark as held; either of the two says so, for both, and it outweighs a word that it was missed."""
    session, pair, _ = await locked(db, me, session_id, "hold")
    session.held_at = clock.now()
    session.mentor_miss = session.mentee_miss = None
    await advance(db, session, pair, "held", "session.held")
    return session_id


async def miss(db: Db, me: Actor, session_id: UUID, data: SessionMissIn) -> UUID:
    """Say who could not come; the other one learns only that the session did not take place.

    Each side has one word. A second word leaves no trace in the session, not even in its version.
    """
    session, pair, row = await locked(db, me, session_id, "miss")
    if side(me, row) == "mentor":
        session.mentor_miss = data.who
    else:
        session.mentee_miss = data.who
    if session.state != "missed":
        await advance(db, session, pair, "missed", "session.missed")
    return session_id


async def cancel(db: Db, me: Actor, session_id: UUID, data: SessionCancelIn) -> UUID:
    """Cancel; by whom and why stays private. An executive's second one in a program is counted (S3)."""
    session, pair, row = await locked(db, me, session_id, "cancel")
    session.reason_class, session.cancelled_by = data.reason_class, me.person_id
    session.cancellation_counts = side(me, row) == "mentee" and row.cancelled_before
    await advance(db, session, pair, "cancelled", "session.cancelled")
    return session_id


async def advance(db: Db, session: Session, pair: Pair, to: str, fact: str) -> None:
    """Take a locked session one step on, and tell."""
    step(db, "session", session, to, states.steps(session.state, {"member", "other"}))
    await rhythm.refresh(db, pair)
    tell(db, fact, session)


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
