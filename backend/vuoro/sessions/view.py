"""How a session looks to its pair and to the executive's assistant: its row, what they may do now, and why not."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import NotFound
from vuoro.core.page import Rows
from vuoro.core.wire import Can, can
from vuoro.pairs import access
from vuoro.pairs.models import Pair
from vuoro.people.schemas import PersonRef
from vuoro.people.service import refs
from vuoro.programs.models import Enrollment, Program
from vuoro.programs.settings import settings_of
from vuoro.sessions import agendas, delegates, states
from vuoro.sessions.models import Agenda, Session, SessionMove, Spark
from vuoro.sessions.schemas import MentoringSession

MOVES = (
    select(func.count())
    .where(SessionMove.organization_id == Session.organization_id, SessionMove.session_id == Session.id)
    .correlate(Session)
    .scalar_subquery()
)


def _of_last_move(column: InstrumentedAttribute[Any]) -> Any:
    return (
        select(column)
        .where(SessionMove.organization_id == Session.organization_id, SessionMove.session_id == Session.id)
        .order_by(SessionMove.id.desc())
        .limit(1)
        .correlate(Session)
        .scalar_subquery()
    )


MOVER = _of_last_move(SessionMove.moved_by)
_Again, _Gone, _Ours = aliased(Session), aliased(Session), aliased(Pair)
_PLANNED_AGAIN = exists().where(
    _Again.organization_id == Session.organization_id,
    _Again.pair_id == Session.pair_id,
    _Again.number == Session.number,
    _Again.id != Session.id,
    _Again.state.in_((*states.OPEN, "held")),
)


def primed(enrollment: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether the primer of an enrollment is done (H8)."""
    return exists().where(
        Enrollment.organization_id == Pair.organization_id,
        Enrollment.id == enrollment,
        Enrollment.primer_done_at.is_not(None),
    )


def _cancelled_before(me: Actor) -> ColumnElement[bool]:
    return exists().where(
        _Ours.organization_id == Pair.organization_id,
        _Ours.program_id == Pair.program_id,
        _Ours.mentee_id == me.person_id,
        _Gone.organization_id == _Ours.organization_id,
        _Gone.pair_id == _Ours.id,
        _Gone.cancelled_by == me.person_id,
    )


def reach(me: Actor, served: Collection[UUID]) -> ColumnElement[bool]:
    """The caller's own pairs, and those of the executives they book for; never of a mentor below them."""
    if not served:
        return access.mine(me)
    booked = and_(
        Pair.mentee_id.in_(served),
        Pair.state.in_(states.PAIR_TALKS),
        func.person_is_above(Pair.organization_id, me.person_id, Pair.mentor_id).is_(False),
    )
    return or_(access.mine(me), booked)


def listed(me: Actor, served: Collection[UUID] = ()) -> Rows:
    """The sessions in the caller's reach, whatever roles they hold, with what their rules need."""
    return (
        select(
            Session,
            Agenda.text.label("agenda"),
            Spark.id.is_not(None).label("spark"),
            MOVES.label("moves"),
            MOVER.label("mover"),
            _of_last_move(SessionMove.slots).label("slots"),
            Pair.state.label("pair_state"),
            Pair.mentor_id,
            Pair.mentee_id,
            Program.settings.label("settings"),
            primed(Pair.mentor_enrollment_id).label("mentor_primed"),
            primed(Pair.mentee_enrollment_id).label("mentee_primed"),
            _PLANNED_AGAIN.label("planned_again"),
            _cancelled_before(me).label("cancelled_before"),
        )
        .join(Pair, and_(Pair.organization_id == Session.organization_id, Pair.id == Session.pair_id))
        .join(Program, and_(Program.organization_id == Pair.organization_id, Program.id == Pair.program_id))
        .outerjoin(Agenda, and_(Agenda.organization_id == Session.organization_id, Agenda.id == Session.id))
        .outerjoin(Spark, and_(Spark.organization_id == Session.organization_id, Spark.id == Session.id))
        .where(Session.organization_id == me.organization_id, reach(me, served))
    )


async def shown(db: Db, me: Actor, rows: list[Row[Any]]) -> list[MentoringSession]:
    """Sessions on the wire, in two statements more however many."""
    sealed = ((row.Session.id, row.Session.pair_id, row.agenda) for row in rows if row.agenda is not None)
    texts = await agendas.read(db, sealed)
    people = await refs(db, me, {id for row in rows for id in (row.mentor_id, row.mentee_id)}) if rows else {}
    return [_out(me, row, texts.get(row.Session.id), people) for row in rows]


def _out(me: Actor, row: Row[Any], agenda: str | None, people: dict[UUID, PersonRef]) -> MentoringSession:
    session: Session = row.Session
    mine = part(me, row)
    inside = mine != "delegate"
    known = facts(me, row)
    return MentoringSession(
        id=session.id,
        pair_id=session.pair_id,
        my_part=mine,
        mentor=people[row.mentor_id],
        mentee=people[row.mentee_id],
        number=session.number if inside else None,
        kit=session.kit if inside else None,
        state=session.state,  # type: ignore[arg-type]
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        time_zone=session.time_zone,
        place=session.place,
        meeting_url=session.meeting_url,
        slots=slots(row),
        moves=row.moves,
        agenda=agenda,
        my_pulse=pulse(me, row),
        my_cancellation=_cancellation(me, row, mine),
        next_action=states.next_action(
            known,
            pulse=pulse(me, row),
            my_primer_done=row.mentor_primed if mine == "mentor" else row.mentee_primed,
            agenda=row.agenda is not None,
            spark=row.spark,
        ),
        version=session.version,
        can=_can(me, row, known),
        created_at=session.created_at,
    )


def part(me: Actor, row: Row[Any]) -> states.Part:
    """What the caller is to the session: one of the two, or who books for the executive."""
    return "mentor" if me.person_id == row.mentor_id else "mentee" if me.person_id == row.mentee_id else "delegate"


def side(me: Actor, row: Row[Any]) -> access.Side:
    """Which of the two the caller is."""
    return "mentor" if me.person_id == row.mentor_id else "mentee"


def slots(row: Row[Any]) -> list[datetime]:
    """The times among which the other side chooses; empty when there is nothing to choose."""
    return list(row.slots) if row.Session.state == "proposed" and row.slots else []


def facts(me: Actor, row: Row[Any]) -> states.Facts:
    """What decides what the caller may do with the session now."""
    session: Session = row.Session
    mine = part(me, row)
    chosen = settings_of(row.settings)
    return states.Facts(
        part=mine,
        state=session.state,
        pair_state=row.pair_state,
        number=session.number,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        latest_start=max(slots(row), default=session.starts_at),
        moves=row.moves,
        moves_allowed=chosen.moves_per_session,
        moved_last=row.mover is not None and (row.mover == row.mentor_id) == (mine == "mentor"),
        said_missed=(session.mentor_miss if mine == "mentor" else session.mentee_miss) is not None,
        planned_again=row.planned_again,
        primers_done=(row.mentor_primed and row.mentee_primed) or not chosen.primer_required,
        now=clock.now(),
    )


def pulse(me: Actor, row: Row[Any]) -> states.PulseState:
    """Where the caller's pulse of this session stands; a delegate has none."""
    session: Session = row.Session
    mine = part(me, row)
    if mine == "delegate":
        return "none"
    given = session.mentor_pulse if mine == "mentor" else session.mentee_pulse
    return states.pulse(session.state, session.number, given)


def _cancellation(me: Actor, row: Row[Any], mine: states.Part) -> Literal["private", "counted"] | None:
    session: Session = row.Session
    if session.state == "cancelled" and session.cancelled_by == me.person_id:
        return "counted" if session.cancellation_counts else "private"
    if mine == "delegate" or session.state not in states.OPEN:
        return None
    return "counted" if mine == "mentee" and row.cancelled_before else "private"


def obstacle(me: Actor, row: Row[Any], action: states.Action) -> str | None:
    """Why the caller cannot do this now (a stable code), or None."""
    return states.obstacle(action, facts(me, row))


def _can(me: Actor, row: Row[Any], known: states.Facts) -> Can:
    answers: dict[states.PulseState, str | bool] = {"open": True, "given": "already_given", "none": "not_due"}
    given = "not_for_delegates" if known.part == "delegate" else answers[pulse(me, row)]
    return can(**{action: states.obstacle(action, known) or True for action in states.ACTIONS}, give_pulse=given)


async def seen(db: Db, me: Actor, session_id: UUID, *, delegated: bool = False) -> Row[Any]:
    """One session's row; NotFound for everybody but the pair and, where `delegated`, the executive's assistant."""
    served = await delegates.served(db, me) if delegated else []
    row: Row[Any] | None = (await db.execute(listed(me, served).where(Session.id == session_id))).one_or_none()
    if row is None:
        raise NotFound
    return row
