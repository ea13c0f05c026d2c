"""The thought board of a session: short cards in four lanes, for both at once, or a draft for its author alone."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Row, func, select, update

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Invalid, NotFound
from vuoro.core.wire import can, changes
from vuoro.pairs.service import PairNotActive
from vuoro.sessions import content
from vuoro.sessions.content_schemas import ThoughtIn, ThoughtMoveIn, ThoughtOut, ThoughtPatch
from vuoro.sessions.models import Thought
from vuoro.sessions.states import Lane

LANES: tuple[Lane, ...] = ("see", "think", "wonder", "do")
SHARED, PRIVATE = 100, 50  # cards a session; counted apart, so that a limit tells nothing of the other's drafts


class AlreadyShared(Conflict):
    """Both see the card already."""

    code: ClassVar[str] = "already_shared"
    text: ClassVar[str] = "Both of you see this card already."


async def board(db: Db, me: Actor, session_id: UUID) -> list[ThoughtOut]:
    """Every card of a session that the caller may read, lane by lane, in order."""
    await content.room(db, me, session_id)
    query = content.readable(me, Thought).where(Thought.session_id == session_id)
    rows = (await db.execute(query.order_by(Thought.position, Thought.id))).all()
    shown = await _shown(db, me, rows)
    return sorted(shown, key=lambda thought: LANES.index(thought.lane))


async def get(db: Db, me: Actor, thought_id: UUID) -> ThoughtOut:
    """One card; NotFound when the caller may not read it."""
    rows = (await db.execute(content.readable(me, Thought).where(Thought.id == thought_id))).all()
    found = await _shown(db, me, rows)
    if not found:
        raise NotFound
    return found[0]


async def _shown(db: Db, me: Actor, rows: Any) -> list[ThoughtOut]:
    texts = await content.texts(db, [row.Thought for row in rows])
    return [_out(me, row, texts[row.Thought.id]) for row in rows if row.Thought.id in texts]


def _out(me: Actor, row: Row[Any], text: str) -> ThoughtOut:
    thought: Thought = row.Thought
    mine = thought.author_id == me.person_id
    shut = content.closed(row.pair_state)
    actions = content.abilities(me, thought, row.pair_state, "edit", "delete")
    actions["move"] = (shut if thought.visibility == "ours" else None) or True
    if thought.visibility == "mine":
        actions["share"] = shut or True
    return ThoughtOut(
        id=thought.id,
        session_id=thought.session_id,
        lane=thought.lane,
        text=text,
        visibility=thought.visibility,
        side="mentor" if row.is_mentor == mine else "mentee",
        mine=mine,
        edited_at=thought.edited_at,
        version=thought.version,
        created_at=thought.created_at,
        can=can(**actions),
    )


async def create(db: Db, me: Actor, session_id: UUID, data: ThoughtIn) -> UUID:
    """Put a card at the end of its lane; a shared one needs a pair that still talks, a draft nothing."""
    room = await content.room(db, me, session_id, hold=True)
    if data.visibility == "ours":
        room.require_open()
    thought = Thought(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        session_id=session_id,
        pair_id=room.pair_id,
        author_id=me.id,
        visibility=data.visibility,
        lane=data.lane,
    )
    await _require_space(db, me, thought)
    thought.position = await _end(db, me, thought)
    await content.write(db, thought, data.text)
    return thought.id


async def _require_space(db: Db, me: Actor, thought: Thought) -> None:
    here = [Thought.session_id == thought.session_id, Thought.visibility == thought.visibility]
    if thought.visibility == "ours":
        await content.require_space(db, SHARED, Thought, *here)
    else:
        await content.require_space(db, PRIVATE, Thought, *here, Thought.author_id == me.id)


async def _end(db: Db, me: Actor, thought: Thought) -> int:
    last = await db.scalar(
        select(func.max(Thought.position)).where(
            Thought.organization_id == me.organization_id,
            Thought.session_id == thought.session_id,
            Thought.lane == thought.lane,
            Thought.readable_by(me.person_id),
        )
    )
    return (last or 0) + 1


async def change(db: Db, me: Actor, thought_id: UUID, version: int, patch: ThoughtPatch) -> None:
    """Rewrite an own card."""
    thought, _ = await content.own(db, me, Thought, thought_id, version)
    if "text" in changes(patch):
        thought.text = await content.seal(db, thought, patch.text)
        touch(thought)
        thought.edited_at = thought.updated_at


async def remove(db: Db, me: Actor, thought_id: UUID, version: int) -> None:
    """Take an own card off the board for good."""
    thought, _ = await content.own(db, me, Thought, thought_id, version)
    await db.delete(thought)


async def share(db: Db, me: Actor, thought_id: UUID) -> UUID:
    """Turn an own draft into a card for both, at the end of its lane; it looks as if written now."""
    thought, _ = await content.own(db, me, Thought, thought_id)
    if thought.visibility == "ours":
        raise AlreadyShared
    (await content.room(db, me, thought.session_id)).require_open()
    text = await content.text_of(db, thought)
    with db.no_autoflush:
        thought.visibility = "ours"
        await _require_space(db, me, thought)
        thought.position = await _end(db, me, thought)
        thought.text = await content.seal(db, thought, text)
    touch(thought)
    thought.edited_at, thought.created_at = None, thought.updated_at
    return thought.id


async def move(db: Db, me: Actor, thought_id: UUID, data: ThoughtMoveIn) -> UUID:
    """Put any card elsewhere; returns the session's id.

    The version stays: a card that the other one moves while I rewrite it is no conflict.
    """
    thought, pair = await content.held(db, me, Thought, thought_id)
    if thought.visibility == "ours" and content.closed(pair.state):
        raise PairNotActive
    lane = data.lane or thought.lane
    others = (
        await db.scalars(
            select(Thought.id)
            .where(
                Thought.organization_id == me.organization_id,
                Thought.session_id == thought.session_id,
                Thought.lane == lane,
                Thought.id != thought_id,
                Thought.readable_by(me.person_id),
            )
            .order_by(Thought.position, Thought.id)
        )
    ).all()
    if data.after_id is not None and data.after_id not in others:
        raise Invalid.at("/after_id", "unknown_thought", "There is no other card with this id in the lane.")
    at = 0 if data.after_id is None else others.index(data.after_id) + 1
    order = [*others[:at], thought_id, *others[at:]]
    thought.lane = lane
    await db.flush()
    await db.execute(
        update(Thought),
        [
            {"organization_id": me.organization_id, "id": id, "position": position}
            for position, id in enumerate(order, 1)
        ],
    )
    return thought.session_id
