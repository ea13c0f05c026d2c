"""Planning a pair's sessions: one, or the whole arc in one action."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Fault, Invalid
from vuoro.core.history import record_change, step
from vuoro.core.wire import can
from vuoro.pairs.models import Pair
from vuoro.pairs.service import PairNotActive
from vuoro.programs.kits import SHADOW, arc_kit, kits
from vuoro.programs.settings import ProgramSettings
from vuoro.sessions import arc, rhythm, states
from vuoro.sessions.models import Session, SessionMove
from vuoro.sessions.schemas import ArcIn, ArcOut, ArcTime, MentoringSession, SessionIn
from vuoro.sessions.service import FARTHEST, AgreementMissing, NoMovesLeft, in_future, tell
from vuoro.sessions.times import diaries, pair_in_reach
from vuoro.sessions.view import MOVES, listed, shown

NOTICE = timedelta(days=3)  # an arc begins no sooner, so that nobody is surprised
Span = tuple[datetime, datetime]


class Overlaps(Conflict):
    """The pair meets at that time already."""

    code: ClassVar[str] = "overlaps"
    text: ClassVar[str] = "The two of you have another session at that time."


class AlreadyPlanned(Conflict):
    """The session of that number is booked or was held."""

    code: ClassVar[str] = "already_planned"
    text: ClassVar[str] = "This session is planned already."


class ArcBooked(Conflict):
    """Nothing of the arc is left to book."""

    code: ClassVar[str] = "arc_booked"
    text: ClassVar[str] = "All sessions are booked already. Say replace_open to move those ahead."


class NoTimeInCommon(Conflict):
    """Nothing suits the two within the rhythm."""

    code: ClassVar[str] = "no_common_time"
    text: ClassVar[str] = "No time suits both of you. Choose the times yourselves, or start on another day."


def _not_planning(pair: Pair) -> type[Fault] | None:
    """What H7 and the pair's state ask for before a session is planned."""
    if pair.state not in states.PAIR_PLANS:
        return PairNotActive
    return AgreementMissing if pair.mentor_signed_at is None or pair.mentee_signed_at is None else None


async def refuse_overlaps(
    db: Db, pair_id: UUID, spans: Sequence[Span], besides: Collection[UUID] = (), pointer: str | None = None
) -> None:
    """Overlaps when the pair has an open session at one of these times; `besides` are left out of account."""
    found = await db.execute(
        select(Session.starts_at, Session.ends_at).where(
            Session.organization_id == db.organization_id,
            Session.pair_id == pair_id,
            Session.state.in_(states.OPEN),
            Session.starts_at < max(end for _, end in spans),
            Session.ends_at > min(start for start, _ in spans),
            Session.id.not_in(besides),
        )
    )
    taken = found.all()
    for index, (start, end) in enumerate(spans):
        if any(start < other_end and other_start < end for other_start, other_end in taken):
            raise Overlaps(params={"pointer": (pointer or "/starts_at").format(index)})


async def plan(db: Db, me: Actor, pair_id: UUID, data: SessionIn) -> UUID:
    """Plan one session.

    Its number is the first that no open or held session of the pair has, so a cancelled one is planned again.

    Raises:
        PairNotActive, AgreementMissing, Overlaps, AlreadyPlanned: what stands in its way.
    """
    pair, _ = await pair_in_reach(db, me, pair_id, lock=True)
    if fault := _not_planning(pair):
        raise fault
    in_future(data.starts_at)
    if data.kit is not None and data.kit not in kits():
        raise Invalid.at("/kit", "unknown_kit", "There is no such kit.")
    ends_at = data.starts_at + timedelta(minutes=data.minutes)
    number = None
    if data.kit != SHADOW:
        used = {session.number for session in await _of_arc(db, pair_id)}
        if data.number in used:
            raise AlreadyPlanned
        number = data.number or next(number for number in count(1) if number not in used)
    await refuse_overlaps(db, pair_id, [(data.starts_at, ends_at)])
    session = _new(pair, number, data.kit, (data.starts_at, ends_at), data.time_zone, data.place, data.meeting_url)
    _add(db, session)
    await rhythm.refresh(db, pair)
    return session.id


async def _of_arc(db: Db, pair_id: UUID) -> list[Session]:
    """The pair's open and held sessions that have a number."""
    return list(
        await db.scalars(
            select(Session)
            .where(
                Session.organization_id == db.organization_id,
                Session.pair_id == pair_id,
                Session.number.is_not(None),
                Session.state.in_((*states.OPEN, "held")),
            )
            .order_by(Session.starts_at)
            .execution_options(populate_existing=True)
        )
    )


def _new(
    pair: Pair, number: int | None, kit: str | None, span: Span, zone: str, place: str | None, url: str | None
) -> Session:
    return Session(
        organization_id=pair.organization_id,
        id=clock.uuid7(),
        pair_id=pair.id,
        number=number,
        kit=kit or (SHADOW if number is None else arc_kit(number)),
        state="scheduled",
        starts_at=span[0],
        ends_at=span[1],
        time_zone=zone,
        place=place or None,
        meeting_url=url,
    )


def _add(db: Db, session: Session) -> None:
    db.add(session)
    record_change(db, "session", session.id, None, session.state)
    tell(db, "session.planned", session)


@dataclass(frozen=True, slots=True)
class _Rest:
    """What of the arc is still to be booked: its numbers, and which of them stand ahead and would move."""

    numbers: list[int]
    ahead: dict[int, Session]
    after: datetime | None  # when the session before the first of them is


async def _rest(db: Db, pair: Pair, *, replace_open: bool) -> _Rest:
    now = clock.now()
    rows = await _of_arc(db, pair.id)
    ahead = {
        row.number: row for row in rows if replace_open and row.state in states.OPEN and row.starts_at > now
        if row.number is not None and row.number <= pair.sessions_planned
    }  # fmt: skip
    taken = {row.number for row in rows} - ahead.keys()
    numbers = [number for number in range(1, pair.sessions_planned + 1) if number not in taken]
    before = [row.starts_at for row in rows if row.number not in ahead and numbers and (row.number or 0) < numbers[0]]
    return _Rest(numbers, ahead, max(before, default=None))


async def _diaries(db: Db, pair: Pair, rest: _Rest) -> tuple[arc.Diary, arc.Diary]:
    now = clock.now()
    return await diaries(db, pair, now, now + FARTHEST, [session.id for session in rest.ahead.values()])


def _proposal(
    mentor: arc.Diary, mentee: arc.Diary, chosen: ProgramSettings, rest: _Rest, data: ArcIn
) -> list[arc.Slot]:
    """Times for what is left of the arc, as the caller wants them."""
    if not rest.numbers:
        return []
    now = clock.now()
    until = now + FARTHEST
    today = now.astimezone(mentor.zone).date()
    first = _first_day(data.starts_on, today, rest.after, mentor.zone, chosen.weeks_between)
    try:
        slots = arc.propose(
            mentor,
            mentee,
            starts_on=first,
            after=now,
            minutes=chosen.session_minutes,
            count=len(rest.numbers),
            weeks=chosen.weeks_between,
            weekday=data.weekday,
            at=time.fromisoformat(data.time) if data.time else None,
        )
    except arc.NoCommonTime:
        raise NoTimeInCommon from None
    if slots[-1].starts_at > until:
        raise Invalid.at("/starts_on", "too_far", "The arc would reach further than two years ahead.")
    return slots


def _first_day(wanted: date | None, today: date, before: datetime | None, zone: ZoneInfo, weeks: int) -> date:
    if wanted is not None:
        if not today <= wanted <= today + FARTHEST:
            raise Invalid.at("/starts_on", "not_in_future", "An arc starts today or later, at most two years ahead.")
        return wanted
    soon = today + NOTICE
    return soon if before is None else max(soon, before.astimezone(zone).date() + timedelta(weeks=weeks))


async def preview(db: Db, me: Actor, pair_id: UUID, data: ArcIn) -> ArcOut:
    """How the arc would stand; books nothing."""
    pair, chosen = await pair_in_reach(db, me, pair_id)
    if pair.state not in states.PAIR_TALKS:
        raise PairNotActive
    rest = await _rest(db, pair, replace_open=data.replace_open)
    mentor, mentee = await _diaries(db, pair, rest)
    slots = _proposal(mentor, mentee, chosen, rest, data)
    zone = mentor.zone
    begins = (slots[0].wanted_at or slots[0].starts_at).astimezone(zone) if slots else None
    inside = me.person_id in (pair.mentor_id, pair.mentee_id)
    fault = _not_planning(pair) or (None if slots else ArcBooked)
    length = timedelta(minutes=chosen.session_minutes)
    return ArcOut(
        pair_id=pair_id,
        time_zone=zone.key,
        weekday=begins.weekday() if begins else None,
        time=begins.strftime("%H:%M") if begins else None,
        minutes=chosen.session_minutes,
        weeks_between=chosen.weeks_between,
        items=[
            ArcTime(
                number=number if inside else None,
                kit=arc_kit(number) if inside else None,
                starts_at=slot.starts_at,
                ends_at=slot.starts_at + length,
                outside_hours=slot.outside_hours,
                wanted_at=slot.wanted_at,
                why=slot.why,
            )
            for number, slot in zip(rest.numbers, slots, strict=False)
        ],
        can=can(book=fault.code if fault else True),
    )


async def book(db: Db, me: Actor, pair_id: UUID, data: ArcIn) -> UUID:
    """Book what is left of the arc, all or nothing (S2): the proposal, or the times that are given.

    Sessions ahead that `replace_open` moves keep their agenda; each counts as a move and waits for the other's yes.

    Raises:
        PairNotActive, AgreementMissing, ArcBooked, NoTimeInCommon, Overlaps, NoMovesLeft: what stands in its way.
    """
    pair, chosen = await pair_in_reach(db, me, pair_id, lock=True)
    if fault := _not_planning(pair):
        raise fault
    rest = await _rest(db, pair, replace_open=data.replace_open)
    if not rest.numbers:
        raise ArcBooked
    mentor, mentee = await _diaries(db, pair, rest)
    length = timedelta(minutes=chosen.session_minutes)
    starts = data.starts_at or [slot.starts_at for slot in _proposal(mentor, mentee, chosen, rest, data)]
    if data.starts_at:
        _check(data.starts_at, len(rest.numbers), length)
    spans = [(start, start + length) for start in starts]
    besides = [session.id for session in rest.ahead.values()]
    await refuse_overlaps(db, pair_id, spans, besides, "/starts_at/{}" if data.starts_at else "/starts_on")
    moves = await _moves(db, besides)
    for number, span in zip(rest.numbers, spans, strict=False):
        if (session := rest.ahead.get(number)) is None:
            _add(db, _new(pair, number, None, span, mentor.zone.key, data.place, data.meeting_url))
        elif (session.starts_at, session.ends_at) != span:
            if moves[session.id] >= chosen.moves_per_session:
                raise NoMovesLeft
            put_at(db, me, session, [span[0]], span[1] - span[0])
            session.time_zone = mentor.zone.key
    await rhythm.refresh(db, pair)
    return pair_id


def _check(starts: list[datetime], left: int, length: timedelta) -> None:
    """What makes times that the caller chose unfit, before the pair's other sessions are looked at."""
    if len(starts) > left:
        raise Invalid.at("/starts_at", "too_many", f"{left} sessions are left to book.")
    for index, start in enumerate(starts):
        in_future(start, f"/starts_at/{index}")
        if index and start < starts[index - 1] + length:
            raise Overlaps(params={"pointer": f"/starts_at/{index}"})


async def _moves(db: Db, ids: list[UUID]) -> dict[UUID, int]:
    rows = await db.execute(
        select(Session.id, MOVES).where(Session.organization_id == db.organization_id, Session.id.in_(ids))
    )
    return {id: moves for id, moves in rows}  # noqa: C416 - rows are no pairs to the type checker


def put_at(db: Db, me: Actor, session: Session, slots: list[datetime], length: timedelta) -> None:
    """Propose other times for a locked session, the first of which it stands at until the other side chooses."""
    db.add(
        SessionMove(
            organization_id=me.organization_id,
            id=clock.uuid7(),
            session_id=session.id,
            from_starts_at=session.starts_at,
            to_starts_at=slots[0],
            slots=slots,
            moved_by=me.id,
            created_at=clock.now(),
        )
    )
    session.starts_at, session.ends_at = slots[0], slots[0] + length
    step(db, "session", session, "proposed", states.steps(session.state, {"member"}))
    tell(db, "session.moved", session)


async def booked(db: Db, me: Actor, pair_id: UUID) -> list[MentoringSession]:
    """The pair's sessions ahead, earliest first, as the one who booked them reads them."""
    pair, _ = await pair_in_reach(db, me, pair_id)
    query = (
        listed(me, [pair.mentee_id])
        .where(Session.pair_id == pair_id, Session.state.in_(states.OPEN), Session.starts_at > clock.now())
        .order_by(Session.starts_at, Session.id)
        .limit(100)
    )
    return await shown(db, me, list((await db.execute(query)).all()))
