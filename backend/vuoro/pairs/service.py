"""Pairs: reading them, answering an offer, signing, pausing and leaving."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, text

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, NotFound
from vuoro.core.history import StateChange, audit, record_change, step
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import Can, can
from vuoro.pairs import access, override_view, overrides
from vuoro.pairs.models import Pair
from vuoro.pairs.schemas import (
    AgreementOut,
    AgreementState,
    MatchReason,
    MentoringPair,
    NextSession,
    OverrideOut,
    PairHistory,
    PairStep,
    Rhythm,
)
from vuoro.pairs.states import OVER, PairState, legal_steps
from vuoro.people.schemas import PersonRef
from vuoro.people.service import refs
from vuoro.programs import agreements
from vuoro.programs.enrollments import mark

QUIET = timedelta(days=21)
_ASKED = ("asked_mentor", "asked_mentee")
# Sessions stand above pairs: plain SQL instead of an import. Row-level security shows them to the two alone.
_NEXT = text(
    "select distinct on (pair_id) pair_id, id, starts_at, ends_at, time_zone from sessions"
    " where organization_id = :organization and pair_id = any(:ids) and state in ('scheduled', 'proposed')"
    " and ends_at > :now order by pair_id, starts_at"
)


class PairNotActive(Conflict):
    """The pair has not begun, is paused or has ended."""

    code = "pair_not_active"
    text = "This works while the pair is active."


@dataclass(frozen=True, slots=True)
class NewOffer:
    """A pair to make, with its reason card; the mentor is asked first."""

    program_id: UUID
    cohort_id: UUID
    mentor_id: UUID
    mentee_id: UUID
    mentor_enrollment_id: UUID
    mentee_enrollment_id: UUID
    reasons: list[dict[str, Any]]
    checks: list[str]
    top_exempt: bool
    offer_days: int
    sessions_planned: int
    state: Literal["proposed", "asked_mentor", "asked_mentee"] = "asked_mentor"


def shown(state: str) -> PairState:
    """The state that people see: a no looks like an offer that ran out."""
    return cast(PairState, "expired" if state == "declined" else state)


def quiet_since(moment: datetime) -> ColumnElement[bool]:
    """Condition: an active pair without a meeting for 21 days and none booked."""
    last = moment - QUIET
    return and_(
        Pair.state == "active",
        Pair.activated_at < last,
        or_(Pair.last_held_at.is_(None), Pair.last_held_at < last),
        unbooked(moment),
    )


def unbooked(moment: datetime) -> ColumnElement[bool]:
    """Condition: no meeting ahead."""
    return or_(Pair.next_starts_at.is_(None), Pair.next_starts_at <= moment)


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
        query = query.where(Pair.state.in_(("declined", "expired")) if state == "expired" else Pair.state == state)
    if needs_care:
        query = query.where(
            or_(Pair.state == "suspended_conflict", and_(Pair.state == "active", unbooked(clock.now())))
        )
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
    """A pair that the caller belongs to: NotFound for others, PairNotActive when it must be active and is not."""
    row = await get_row(db, me, pair_id)
    if access.side_of(me, row) is None:
        raise NotFound
    if active and row.state != "active":
        raise PairNotActive
    return row


async def get(db: Db, me: Actor, pair_id: UUID) -> MentoringPair:
    """One pair; NotFound when the caller may not see it."""
    return (await show(db, me, [await get_row(db, me, pair_id)]))[0]


async def show(db: Db, me: Actor, rows: Iterable[Pair]) -> list[MentoringPair]:
    """Pairs as the caller may see them, in four statements however many."""
    rows = list(rows)
    people = await refs(db, me, {id for row in rows for id in (row.mentor_id, row.mentee_id)})
    member_of = [row.id for row in rows if access.side_of(me, row)]
    following: dict[UUID, NextSession] = {}
    if member_of:
        found = await db.execute(_NEXT, {"organization": me.organization_id, "ids": member_of, "now": clock.now()})
        following = {
            one.pair_id: NextSession(id=one.id, starts_at=one.starts_at, ends_at=one.ends_at, time_zone=one.time_zone)
            for one in found
        }
    words = await override_view.read(db, me, rows)
    return [_show(me, row, people, following.get(row.id), *words.get(row.id, (None, {}))) for row in rows]


def _show(
    me: Actor,
    row: Pair,
    people: dict[UUID, PersonRef],
    following: NextSession | None,
    override: OverrideOut | None,
    may: Can,
) -> MentoringPair:
    side = access.side_of(me, row)
    now = clock.now()
    booked = row.next_starts_at is not None and row.next_starts_at > now
    since = max(filter(None, (row.last_held_at, row.activated_at)), default=None)
    asked = row.state in _ASKED
    return MentoringPair(
        id=row.id,
        program_id=row.program_id,
        cohort_id=row.cohort_id,
        mentor=people[row.mentor_id],
        mentee=people[row.mentee_id],
        state=shown(row.state),
        my_side=side,
        offer_expires_at=row.due_at if asked else None,
        reasons=[MatchReason(**reason) for reason in row.reasons] if side else None,
        checks=row.checks if side else None,
        top_exempt=row.top_exempt,
        override=override,
        rhythm=Rhythm(
            held=row.sessions_held,
            planned=row.sessions_planned,
            next_booked=booked,
            quiet=row.state == "active" and not booked and since is not None and since < now - QUIET,
        ),
        next_session=following,
        agreement=_agreement(row, side),
        version=row.version,
        created_at=row.created_at,
        activated_at=row.activated_at,
        can=_can(row, side) | may,
    )


def _agreement(row: Pair, side: access.Side | None) -> AgreementState:
    signed = {"mentor": row.mentor_signed_at, "mentee": row.mentee_signed_at}
    return AgreementState(
        version=row.agreement_version,
        mentor_signed_at=row.mentor_signed_at if side else None,
        mentee_signed_at=row.mentee_signed_at if side else None,
        mine_signed=side is not None and signed[side] is not None,
    )


def _can(row: Pair, side: access.Side | None) -> Can:
    if side is None:
        return {}
    turn = row.state == f"asked_{side}" or ("not_your_turn" if row.state in _ASKED else None)
    active = row.state == "active"
    mine_signed = row.mentor_signed_at if side == "mentor" else row.mentee_signed_at
    signed = row.mentor_signed_at is not None and row.mentee_signed_at is not None
    legal = legal_steps(row.state, {side})
    return can(
        accept=turn,
        decline=True if "declined" in legal else turn,
        sign_agreement=active and mine_signed is None,
        plan_session=(signed or "agreement_missing") if active else "wrong_state",
        pause="paused" in legal,
        resume=row.state == "paused",
        end="ended_early" in legal,
    )


async def offer(db: Db, me: Actor, run_id: UUID | None, offers: Iterable[NewOffer]) -> list[UUID]:
    """Make pairs and ask their mentors (H3); returns the new ids in the given order.

    `asked_mentee`: the mentor's wish is their yes. `proposed`: nobody is asked before the override is confirmed.
    """
    ids = []
    for new in offers:
        asked = new.state != "proposed"
        pair = Pair(
            organization_id=me.organization_id,
            id=clock.uuid7(),
            program_id=new.program_id,
            cohort_id=new.cohort_id,
            mentor_id=new.mentor_id,
            mentee_id=new.mentee_id,
            mentor_enrollment_id=new.mentor_enrollment_id,
            mentee_enrollment_id=new.mentee_enrollment_id,
            match_run_id=run_id,
            state=new.state,
            due_at=clock.now() + timedelta(days=new.offer_days) if asked else None,
            mentee_asked_at=clock.now() if new.state == "asked_mentee" else None,
            reasons=new.reasons,
            checks=new.checks,
            top_exempt=new.top_exempt,
            agreement_version=agreements.CURRENT,
            sessions_planned=new.sessions_planned,
        )
        db.add(pair)
        record_change(db, "pair", pair.id, None, new.state)
        if asked:
            emit(db, f"pair.{new.state}", {"pair_id": str(pair.id)})
        ids.append(pair.id)
    await db.flush()
    return ids


async def _member_locked(db: Db, me: Actor, pair_id: UUID) -> Pair:
    await require_member(db, me, pair_id, active=False)
    return await db.locked(Pair, pair_id)


async def accept(db: Db, me: Actor, pair_id: UUID) -> UUID:
    """A yes: the mentor's asks the mentee, the mentee's begins the pair."""
    if await overrides.answered(db, me, pair_id, yes=True):
        return pair_id
    pair = await _member_locked(db, me, pair_id)
    legal = [to for to in legal_steps(pair.state, access.actors(me, pair)) if to in ("asked_mentee", "active")]
    if pair.state == "asked_mentor":
        step(db, "pair", pair, "asked_mentee", legal)
        pair.mentee_asked_at = clock.now()
        pair.due_at = clock.now() + timedelta(days=7)
        pair.reminded_at = None
        emit(db, "pair.asked_mentee", {"pair_id": str(pair_id)})
    else:
        step(db, "pair", pair, "active", legal if pair.state == "asked_mentee" else [])
        pair.activated_at, pair.due_at = clock.now(), None
        await mark(db, [pair.mentor_enrollment_id, pair.mentee_enrollment_id], "approved", "paired")
        emit(db, "pair.activated", {"pair_id": str(pair_id)})
    audit(db, "pair.accept", pair_id, program_id=pair.program_id)
    return pair_id


async def decline(db: Db, me: Actor, pair_id: UUID) -> UUID:
    """A no: needs no reason, and nobody is told whose it was."""
    if await overrides.answered(db, me, pair_id, yes=False):
        return pair_id
    pair = await _member_locked(db, me, pair_id)
    step(
        db,
        "pair",
        pair,
        "declined",
        [to for to in legal_steps(pair.state, access.actors(me, pair)) if to == "declined"],
    )
    pair.due_at, pair.ended_at = None, clock.now()
    emit(db, "pair.offer_over", {"pair_id": str(pair_id)})
    return pair_id


async def pause(db: Db, me: Actor, pair_id: UUID) -> UUID:
    """Take a break, without a reason (H4)."""
    pair = await _member_locked(db, me, pair_id)
    step(db, "pair", pair, "paused", legal_steps(pair.state, access.actors(me, pair)))
    emit(db, "pair.paused", {"pair_id": str(pair_id)})
    return pair_id


async def resume(db: Db, me: Actor, pair_id: UUID) -> UUID:
    """Go on after a break."""
    pair = await _member_locked(db, me, pair_id)
    legal = legal_steps(pair.state, access.actors(me, pair)) if pair.state == "paused" else []
    step(db, "pair", pair, "active", legal)
    emit(db, "pair.resumed", {"pair_id": str(pair_id)})
    return pair_id


async def end(db: Db, me: Actor, pair_id: UUID) -> UUID:
    """Leave, at any time and without a reason (H4)."""
    pair = await _member_locked(db, me, pair_id)
    step(db, "pair", pair, "ended_early", legal_steps(pair.state, access.actors(me, pair)))
    pair.ended_at, pair.due_at = clock.now(), None
    await mark(db, [pair.mentor_enrollment_id, pair.mentee_enrollment_id], "paired", "approved")
    emit(db, "pair.ended", {"pair_id": str(pair_id)})
    return pair_id


async def read_agreement(db: Db, me: Actor, pair_id: UUID) -> AgreementOut:
    """The text that the two sign."""
    pair = await require_member(db, me, pair_id, active=False)
    state = _agreement(pair, access.side_of(me, pair))
    return AgreementOut(
        version=state.version,
        text=agreements.agreement(state.version),
        mentor_signed_at=state.mentor_signed_at,
        mentee_signed_at=state.mentee_signed_at,
        mine_signed=state.mine_signed,
    )


async def sign(db: Db, me: Actor, pair_id: UUID) -> UUID:
    """Sign the agreement (H7); a second time changes nothing."""
    pair = await _member_locked(db, me, pair_id)
    if pair.state not in ("active", "paused"):
        raise PairNotActive
    column = f"{access.side_of(me, pair)}_signed_at"
    if getattr(pair, column) is None:
        setattr(pair, column, clock.now())
        touch(pair)
        audit(db, "pair.sign_agreement", pair_id, program_id=pair.program_id)
        emit(db, "pair.agreement_signed", {"pair_id": str(pair_id)})
    return pair_id


async def history(db: Db, me: Actor, pair_id: UUID) -> PairHistory:
    """The pair's steps, without an actor.

    Of an offer that nobody took up, a manager does not learn how far it came: that would tell whose no it was (H3).
    """
    pair = await get_row(db, me, pair_id)
    hidden = pair.activated_at is None and pair.state in OVER and access.side_of(me, pair) is None
    rows = await db.execute(
        select(StateChange.at, StateChange.to_state)
        .where(StateChange.organization_id == me.organization_id, StateChange.subject_id == pair_id)
        .order_by(StateChange.id)
    )
    return PairHistory(
        items=[PairStep(at=at, state=shown(state)) for at, state in rows if not (hidden and state == "asked_mentee")],
        next_cursor=None,
    )
