"""Pairs: the only door to reading them. What is done to them stands in a module for each verb."""

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, NotFound
from vuoro.core.history import StateChange
from vuoro.core.page import Paging, keyset
from vuoro.pairs import access
from vuoro.pairs.models import Pair, PairAnswer
from vuoro.pairs.propose import NewOffer, offer
from vuoro.pairs.schemas import MentoringPair, PairHistory, PairStep
from vuoro.pairs.states import MEETS, OVER, PairState
from vuoro.pairs.view import show
from vuoro.programs.models import Program
from vuoro.programs.settings import DEFAULTS

__all__ = [
    "NewOffer", "PairNotActive", "get", "get_row", "history", "locked", "offer", "quiet_since", "require_member",
    "search", "show", "unbooked",
]  # fmt: skip
_QUIET_DAYS = func.coalesce(Program.settings["quiet_days"].as_integer(), DEFAULTS["quiet_days"])


class PairNotActive(Conflict):
    """The pair has not begun, is paused or has ended."""

    code = "pair_not_active"
    text = "This works while the pair is active."


def quiet_since(moment: datetime) -> ColumnElement[bool]:
    """Condition on pairs joined with their program: active, and no meeting held or booked for its quiet days (S9)."""
    last = literal(moment) - func.make_interval(0, 0, 0, 0, _QUIET_DAYS * 24)  # hours: no calendar for each row
    return and_(
        Pair.state == "active",
        unbooked(moment),
        Pair.activated_at < last,
        or_(Pair.last_held_at.is_(None), Pair.last_held_at < last),
    )


def unbooked(moment: datetime) -> ColumnElement[bool]:
    """Condition: no meeting ahead."""
    return or_(Pair.next_starts_at.is_(None), Pair.next_starts_at <= moment)


def _looks(me: Actor, state: str) -> ColumnElement[bool]:
    """Condition: to the caller the pair is in this state; their own no makes it another than for everybody else."""
    said = exists().where(
        PairAnswer.organization_id == Pair.organization_id,
        PairAnswer.pair_id == Pair.id,
        PairAnswer.person_id == me.person_id,
    )
    if me.person_id is None:
        return Pair.state == state
    if state == "declined":
        return said.where(PairAnswer.answer == "no")
    late = said.where(PairAnswer.answer == "late")
    return or_(and_(Pair.state == state, ~said), late) if state == "expired" else and_(Pair.state == state, ~said)


async def search(
    db: Db,
    me: Actor,
    page: Paging,
    *,
    program_id: UUID | None = None,
    state: str | None = None,
    mine: bool = False,
    needs_care: bool = False,
) -> tuple[list[MentoringPair], str | None]:
    """One page of pairs, newest first."""
    query = select(Pair).where(
        Pair.organization_id == me.organization_id, access.mine(me) if mine else access.visible_to(me)
    )
    if program_id is not None:
        query = query.where(Pair.program_id == program_id)
    if state is not None:
        query = query.where(_looks(me, state))
    if needs_care:
        care = or_(Pair.state == "suspended_conflict", and_(Pair.state == "active", unbooked(clock.now())))
        query = query.where(care if me.client_id is None else false())  # a machine is not told what is booked
    rows, following = await keyset(
        db, query, [Pair.id], page, lambda row: row[0], scope="pairs", descending=True, parse=[UUID]
    )
    return await show(db, me, rows), following


async def get_row(db: Db, me: Actor, pair_id: UUID) -> Pair:
    """One pair's row; NotFound when the caller may not see it."""
    row = await db.scalar(
        select(Pair).where(Pair.organization_id == me.organization_id, Pair.id == pair_id, access.visible_to(me))
    )
    if row is None:
        raise NotFound
    return row


async def require_member(db: Db, me: Actor, pair_id: UUID, *, active: bool = True) -> Pair:
    """A pair that the caller belongs to: NotFound for others, PairNotActive when it must meet now and does not."""
    row = await get_row(db, me, pair_id)
    if access.side_of(me, row) is None:
        raise NotFound
    if active and row.state not in MEETS:
        raise PairNotActive
    return row


async def locked(db: Db, me: Actor, pair_id: UUID) -> tuple[Pair, access.Side]:
    """A pair locked for change, and which of the two the caller is; NotFound for everybody else."""
    await require_member(db, me, pair_id, active=False)
    pair = await db.locked(Pair, pair_id)
    side = access.side_of(me, pair)
    assert side is not None
    return pair, side


async def get(db: Db, me: Actor, pair_id: UUID) -> MentoringPair:
    """One pair; NotFound when the caller may not see it."""
    return (await show(db, me, [await get_row(db, me, pair_id)]))[0]


async def history(db: Db, me: Actor, pair_id: UUID) -> PairHistory:
    """The pair's steps, without an actor.

    Of an offer that nobody took up, a manager does not learn how far it came: that would tell whose no it was (H3).
    The history of whoever said no ends with it.
    """
    pair = await get_row(db, me, pair_id)
    if me.client_id is not None:
        raise NotFound
    hidden = pair.activated_at is None and pair.state in OVER and access.side_of(me, pair) is None
    rows = await db.execute(
        select(StateChange.at, StateChange.to_state)
        .where(
            StateChange.organization_id == me.organization_id,
            StateChange.subject == "pair",
            StateChange.subject_id == pair_id,
        )
        .order_by(StateChange.id)
    )
    steps = [
        PairStep(at=at, state=cast(PairState, state)) for at, state in rows if not (hidden and state == "asked_mentee")
    ]
    own = await db.scalar(
        select(PairAnswer).where(
            PairAnswer.organization_id == me.organization_id,
            PairAnswer.pair_id == pair_id,
            PairAnswer.person_id == me.person_id,
        )
    )
    if own is not None:
        last = PairStep(at=own.created_at, state="declined" if own.answer == "no" else "expired")
        steps = [*(one for one in steps if one.at <= own.created_at), last]
    return PairHistory(items=steps, next_cursor=None)
