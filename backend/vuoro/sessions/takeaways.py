"""Takeaways: what one of the two takes along from a session, in one line, private or shared."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Row

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, NotFound
from vuoro.core.page import Paging, Rows, keyset
from vuoro.core.wire import can, changes
from vuoro.pairs.service import PairNotActive
from vuoro.sessions import content
from vuoro.sessions.content_schemas import TakeawayIn, TakeawayOut, TakeawayPatch
from vuoro.sessions.models import Takeaway

LIMIT = 20  # of one person in one session


class NotBegun(Conflict):
    """Nothing was talked about yet."""

    code: ClassVar[str] = "not_begun"
    text: ClassVar[str] = "A takeaway is written from the start of a session on, and of one that took place."


async def search(db: Db, me: Actor, session_id: UUID, page: Paging) -> tuple[list[TakeawayOut], str | None]:
    """One page of a session's takeaways that the caller may read, newest first."""
    await content.room(db, me, session_id)
    return await _page(db, me, content.readable(me, Takeaway).where(Takeaway.session_id == session_id), page)


async def mine(db: Db, me: Actor, page: Paging) -> tuple[list[TakeawayOut], str | None]:
    """One page of what the caller has learned, over all their pairs, newest first."""
    return await _page(db, me, content.readable(me, Takeaway).where(Takeaway.author_id == me.person_id), page)


async def get(db: Db, me: Actor, takeaway_id: UUID) -> TakeawayOut:
    """One takeaway; NotFound when the caller may not read it."""
    rows = (await db.execute(content.readable(me, Takeaway).where(Takeaway.id == takeaway_id))).all()
    found = await _shown(db, me, rows)
    if not found:
        raise NotFound
    return found[0]


async def _page(db: Db, me: Actor, query: Rows, page: Paging) -> tuple[list[TakeawayOut], str | None]:
    rows, following = await keyset(
        db, query, [Takeaway.id], page, lambda row: row, scope="takeaways", descending=True, parse=[UUID]
    )
    return await _shown(db, me, rows), following


async def _shown(db: Db, me: Actor, rows: Any) -> list[TakeawayOut]:
    texts = await content.texts(db, [row.Takeaway for row in rows])
    return [_out(me, row, texts[row.Takeaway.id]) for row in rows if row.Takeaway.id in texts]


def _out(me: Actor, row: Row[Any], text: str) -> TakeawayOut:
    takeaway: Takeaway = row.Takeaway
    actions = content.abilities(me, takeaway, row.pair_state, "edit", "delete")
    if actions and takeaway.visibility == "mine":
        actions["share"] = content.closed(row.pair_state) or True
    return TakeawayOut(
        id=takeaway.id,
        session_id=takeaway.session_id,
        pair_id=takeaway.pair_id,
        text=text,
        visibility=takeaway.visibility,
        mine=takeaway.author_id == me.person_id,
        edited_at=takeaway.edited_at,
        version=takeaway.version,
        created_at=takeaway.created_at,
        can=can(**actions),
    )


async def create(db: Db, me: Actor, session_id: UUID, data: TakeawayIn) -> UUID:
    """Write a takeaway of a session that has begun; a shared one needs a pair that still talks.

    Raises:
        NotBegun: the session is still to come, or did not take place.
    """
    room = await content.room(db, me, session_id, hold=True)
    if room.session_state not in content.SHARES or (room.session_state != "held" and room.starts_at > clock.now()):
        raise NotBegun
    if data.visibility == "ours":
        room.require_open()
    await content.require_space(db, LIMIT, Takeaway, Takeaway.session_id == session_id, Takeaway.author_id == me.id)
    takeaway = Takeaway(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        session_id=session_id,
        pair_id=room.pair_id,
        author_id=me.id,
        visibility=data.visibility,
    )
    await content.write(db, takeaway, data.text)
    return takeaway.id


async def change(db: Db, me: Actor, takeaway_id: UUID, version: int, patch: TakeawayPatch) -> None:
    """Rewrite an own takeaway, share it or take it back; each under the key of whom it then belongs to."""
    takeaway, pair = await content.own(db, me, Takeaway, takeaway_id, version)
    new = changes(patch)
    if not new:
        return
    text = patch.text if "text" in new else await content.text_of(db, takeaway)
    if new.get("visibility") == "ours" and content.closed(pair.state):
        raise PairNotActive
    takeaway.visibility = new.get("visibility", takeaway.visibility)
    takeaway.text = await content.seal(db, takeaway, text)
    touch(takeaway)
    if "text" in new:
        takeaway.edited_at = takeaway.updated_at


async def remove(db: Db, me: Actor, takeaway_id: UUID, version: int) -> None:
    """Delete an own takeaway for good."""
    takeaway, _ = await content.own(db, me, Takeaway, takeaway_id, version)
    await db.delete(takeaway)
