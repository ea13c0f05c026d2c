"""The promise ledger: what the two kept, moved, cancelled and missed. Each reads the own side; a program, counts.

Nobody is put down as missing by the executive's word alone: a mentor misses only what they say themselves. A mentor's
word about the executive counts after two weeks, unless the executive says otherwise.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, or_, select, text

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Forbidden
from vuoro.pairs import access
from vuoro.pairs.models import Pair
from vuoro.pairs.service import require_member
from vuoro.programs import access as program_access
from vuoro.programs import service as programs
from vuoro.sessions.models import Session, SessionMove
from vuoro.sessions.schemas import MyPromises, PairPromises, ProgramPromises, PromiseCounts
from vuoro.sessions.states import LAPSES_AFTER
from vuoro.sessions.view import MOVES

K = 5
_CANCELLED_AGAIN = text("select program_id, cancelled from programs_cancelled_again(cast(:programs as uuid[]))")
_PROGRAM = text("select held, moved, cancelled, missed from program_promises(:program)")


def _mine_missed(me: Actor) -> ColumnElement[bool]:
    settled = Session.ends_at < clock.now() - LAPSES_AFTER
    by_mentor = Session.mentor_miss.in_(("me", "both"))
    uncontested = and_(Session.mentee_miss.is_(None), Session.mentor_miss.in_(("them", "both")), settled)
    by_mentee = or_(Session.mentee_miss.in_(("me", "both")), uncontested)
    return and_(Session.state == "missed", case((Pair.mentor_id == me.person_id, by_mentor), else_=by_mentee))


def _counted(me: Actor) -> Select[Any]:
    """The caller's sessions by the caller's part, counted in one row a part."""
    of_session = and_(SessionMove.organization_id == Session.organization_id, SessionMove.session_id == Session.id)
    by_mentor = Pair.mentor_id == me.person_id
    own = case((by_mentor, SessionMove.moved_by == Pair.mentor_id), else_=SessionMove.moved_by != Pair.mentor_id)
    moves = select(func.count()).where(of_session, own).correlate(Session, Pair).scalar_subquery()
    held = Session.state == "held"
    return (
        select(
            by_mentor.label("as_mentor"),
            func.count().filter(held).label("held"),
            func.count().filter(held, MOVES == 0).label("as_first_booked"),
            func.coalesce(func.sum(moves), 0).label("moved"),
            func.count().filter(Session.state == "cancelled", Session.cancelled_by == me.person_id).label("cancelled"),
            func.count().filter(_mine_missed(me)).label("missed"),
            func.count().filter(Session.state.in_(("held", "cancelled", "missed"))).label("due"),
        )
        .join(Pair, and_(Pair.organization_id == Session.organization_id, Pair.id == Session.pair_id))
        .where(Session.organization_id == me.organization_id, access.mine(me))
        .group_by(by_mentor)
    )


def _counts(row: Row[Any] | None) -> PromiseCounts:
    if row is None:
        return PromiseCounts(held=0, as_first_booked=0, moved=0, cancelled=0, missed=0, kept_rate=None)
    due = row.held + row.cancelled + row.missed
    return PromiseCounts(
        held=row.held,
        as_first_booked=row.as_first_booked,
        moved=int(row.moved),
        cancelled=row.cancelled,
        missed=row.missed,
        kept_rate=round(row.held / due, 3) if due else None,
    )


async def of_pair(db: Db, me: Actor, pair_id: UUID) -> PairPromises:
    """The caller's own promises in a pair, and how many of its sessions took place; for the two alone."""
    await require_member(db, me, pair_id, active=False)
    row = (await db.execute(_counted(me).where(Session.pair_id == pair_id))).one_or_none()
    return PairPromises(mine=_counts(row), kept=row.held if row else 0, due=row.due if row else 0)


async def mine(db: Db, me: Actor) -> MyPromises:
    """The caller's own promises over all pairs, by part."""
    rows = {row.as_mentor: row for row in await db.execute(_counted(me))}
    had = await db.execute(
        select(
            exists().where(Pair.organization_id == me.organization_id, Pair.mentor_id == me.person_id, access.mine(me)),
            exists().where(Pair.organization_id == me.organization_id, Pair.mentee_id == me.person_id, access.mine(me)),
        )
    )
    mentor, mentee = had.one()
    return MyPromises(
        as_mentor=_counts(rows.get(True)) if mentor else None,
        as_mentee=_counts(rows.get(False)) if mentee else None,
    )


async def of_program(db: Db, me: Actor, program_id: UUID) -> ProgramPromises:
    """A program's counts, for its managers, sponsors and HR; never of a pair or a side."""
    await programs.get_row(db, me, program_id)
    if not program_access.may_read_numbers(me, program_id) and not me.has_scope("pairs:read"):
        raise Forbidden("This is for the programme's managers and sponsors.")
    row = (await db.execute(_PROGRAM, {"program": program_id})).one()
    return ProgramPromises(k=K, held=row.held, moved=row.moved, cancelled_again=row.cancelled, missed=row.missed)


async def cancelled_again(db: Db, program_ids: Collection[UUID]) -> dict[UUID, int]:
    """Cancellations that count (S3), of programs where five executives or more have some; in one statement."""
    rows = await db.execute(_CANCELLED_AGAIN, {"programs": list(program_ids)})
    return {program_id: cancelled for program_id, cancelled in rows}  # noqa: C416 - a Result is no mapping
