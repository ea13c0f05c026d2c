"""How a session looks to one of its pair: its row, what the caller may do now, and why not."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import NotFound
from vuoro.core.wire import Can, can
from vuoro.pairs import access
from vuoro.pairs.models import Pair
from vuoro.sessions import agendas, states
from vuoro.sessions.models import Agenda, Session, SessionMove
from vuoro.sessions.schemas import MentoringSession

MOVES = (
    select(func.count())
    .where(SessionMove.organization_id == Session.organization_id, SessionMove.session_id == Session.id)
    .correlate(Session)
    .scalar_subquery()
)
MOVER = (
    select(SessionMove.moved_by)
    .where(SessionMove.organization_id == Session.organization_id, SessionMove.session_id == Session.id)
    .order_by(SessionMove.id.desc())
    .limit(1)
    .correlate(Session)
    .scalar_subquery()
)


def listed(me: Actor) -> Select[Any]:
    """The sessions of the caller's own pairs, whatever roles they hold, with what their rules need."""
    return (
        select(
            Session,
            Agenda.text.label("agenda"),
            MOVES.label("moves"),
            MOVER.label("mover"),
            Pair.state.label("pair_state"),
            Pair.mentor_id,
        )
        .join(Pair, and_(Pair.organization_id == Session.organization_id, Pair.id == Session.pair_id))
        .outerjoin(Agenda, and_(Agenda.organization_id == Session.organization_id, Agenda.id == Session.id))
        .where(Session.organization_id == me.organization_id, access.mine(me))
    )


async def shown(db: Db, me: Actor, rows: list[Row[Any]]) -> list[MentoringSession]:
    """Sessions on the wire, in one statement more however many."""
    sealed = ((row.Session.id, row.Session.pair_id, row.agenda) for row in rows if row.agenda is not None)
    texts = await agendas.read(db, sealed)
    return [_out(me, row, texts.get(row.Session.id)) for row in rows]


def _out(me: Actor, row: Row[Any], agenda: str | None) -> MentoringSession:
    session: Session = row.Session
    return MentoringSession(
        id=session.id,
        pair_id=session.pair_id,
        number=session.number,
        kit=session.kit,
        state=session.state,  # type: ignore[arg-type]
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        time_zone=session.time_zone,
        place=session.place,
        meeting_url=session.meeting_url,
        moves=row.moves,
        agenda=agenda,
        my_pulse=pulse(me, row),
        version=session.version,
        can=_can(me, row),
        created_at=session.created_at,
    )


def side(me: Actor, row: Row[Any]) -> access.Side:
    """Which of the two the caller is."""
    return "mentor" if me.person_id == row.mentor_id else "mentee"


def pulse(me: Actor, row: Row[Any]) -> states.PulseState:
    """Where the caller's pulse of this session stands."""
    session: Session = row.Session
    given = session.mentor_pulse if side(me, row) == "mentor" else session.mentee_pulse
    return states.pulse(session.state, session.number, given)


def obstacle(me: Actor, row: Row[Any], action: states.Action) -> str | None:
    """Why the caller cannot do this now (a stable code), or None."""
    return states.obstacle(
        action,
        state=row.Session.state,
        pair_state=row.pair_state,
        starts_at=row.Session.starts_at,
        moves=row.moves,
        moved_last=row.mover == me.person_id,
        now=clock.now(),
    )


def _can(me: Actor, row: Row[Any]) -> Can:
    answers: dict[states.PulseState, str | bool] = {"open": True, "given": "already_given", "none": "not_due"}
    return can(
        **{action: obstacle(me, row, action) or True for action in states.ACTIONS}, give_pulse=answers[pulse(me, row)]
    )


async def seen(db: Db, me: Actor, session_id: UUID) -> Row[Any]:
    """One session's row; NotFound for everybody but the pair."""
    row: Row[Any] | None = (await db.execute(listed(me).where(Session.id == session_id))).one_or_none()
    if row is None:
        raise NotFound
    return row
