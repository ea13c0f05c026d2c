"""What a session is about: the mentor's agenda, the executive's one question or idea, and the kit (S5)."""

from uuid import UUID

from sqlalchemy import select

from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Invalid
from vuoro.core.wire import can
from vuoro.programs.kits import REPEATABLE, SHADOW, kits
from vuoro.sessions import agendas, states
from vuoro.sessions.models import Agenda, Spark
from vuoro.sessions.schemas import AgendaKit, AgendaOut
from vuoro.sessions.service import locked
from vuoro.sessions.view import obstacle, seen, side

ACTIONS: tuple[states.Action, ...] = ("edit_agenda", "edit_kit", "edit_spark")


async def read(db: Db, me: Actor, session_id: UUID) -> AgendaOut:
    """The agenda, the spark and the kit with the reader's own questions; for the pair alone."""
    row = await seen(db, me, session_id)
    session = row.Session
    sealed = await db.scalar(
        select(Spark.text).where(Spark.organization_id == me.organization_id, Spark.id == session_id)
    )
    texts, sparks = [
        await agendas.read(db, [(session_id, session.pair_id, text)] if text is not None else [], model)
        for text, model in ((row.agenda, Agenda), (sealed, Spark))
    ]
    kit = kits().get(session.kit) or kits()[REPEATABLE]  # one that was withdrawn since
    return AgendaOut(
        session_id=session_id,
        text=texts.get(session_id),
        spark=sparks.get(session_id),
        kit=AgendaKit(
            key=kit.key,
            title=kit.title,
            purpose=kit.purpose,
            questions=kit.mentor_questions if side(me, row) == "mentor" else kit.mentee_questions,
            exercise=kit.exercise,
            close=kit.close,
        ),
        can=can(**{action: obstacle(me, row, action) or True for action in ACTIONS}),
    )


async def write_agenda(db: Db, me: Actor, session_id: UUID, text: str) -> None:
    """Replace the agenda of an open session, which is the mentor's to write; an empty text clears it."""
    session, _, _ = await locked(db, me, session_id, "edit_agenda")
    await agendas.write(db, me, Agenda, session_id, session.pair_id, text)
    touch(session)


async def choose_kit(db: Db, me: Actor, session_id: UUID, key: str) -> None:
    """Give an open session another kit, as its mentor; its number stays, and what the two wrote.

    Raises:
        Invalid: there is no such kit, or it is the shadow, which is planned as a session of its own.
    """
    session, _, _ = await locked(db, me, session_id, "edit_kit")
    if key not in kits():
        raise Invalid.at("/kit", "unknown_kit", "There is no such kit.")
    if key == SHADOW:
        raise Invalid.at("/kit", "shadow_apart", "A shadow is planned as a session of its own.")
    session.kit = key
    touch(session)


async def write_spark(db: Db, me: Actor, session_id: UUID, text: str) -> None:
    """Replace the one question or idea that the executive brings; an empty text clears it."""
    session, _, _ = await locked(db, me, session_id, "edit_spark")
    await agendas.write(db, me, Spark, session_id, session.pair_id, text)
    touch(session)
