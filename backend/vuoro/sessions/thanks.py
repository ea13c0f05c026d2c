"""Thanks: a short thank-you to the other one of the pair. Nobody counts or ranks them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Forbidden, Invalid, NotFound
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import can
from vuoro.pairs.service import PairNotActive
from vuoro.sessions import content
from vuoro.sessions.content_schemas import ThanksIn, ThanksOut
from vuoro.sessions.models import Session, Thanks

LIMIT = 100  # of one person in one pair


async def search(db: Db, me: Actor, pair_id: UUID, page: Paging) -> tuple[list[ThanksOut], str | None]:
    """One page of a pair's thank-yous, newest first."""
    await content.member(db, me, pair_id)
    query = content.readable(me, Thanks).where(Thanks.pair_id == pair_id)
    rows, following = await keyset(
        db, query, [Thanks.id], page, lambda row: row, scope="thanks", descending=True, parse=[UUID]
    )
    return await _shown(db, me, rows), following


async def get(db: Db, me: Actor, thanks_id: UUID) -> ThanksOut:
    """One thank-you; NotFound for everybody but the two."""
    found = await _shown(db, me, (await db.execute(content.readable(me, Thanks).where(Thanks.id == thanks_id))).all())
    if not found:
        raise NotFound
    return found[0]


async def _shown(db: Db, me: Actor, rows: Any) -> list[ThanksOut]:
    texts = await content.texts(db, [row.Thanks for row in rows])
    return [_out(me, row, texts[row.Thanks.id]) for row in rows if row.Thanks.id in texts]


def _out(me: Actor, row: Row[Any], text: str) -> ThanksOut:
    thanks: Thanks = row.Thanks
    mine = thanks.author_id == me.person_id
    return ThanksOut(
        id=thanks.id,
        session_id=thanks.session_id,
        text=text,
        mine=mine,
        version=thanks.version,
        created_at=thanks.created_at,
        can=can(delete=mine and (content.closed(row.pair_state) or True)),
    )


async def give(db: Db, me: Actor, pair_id: UUID, data: ThanksIn) -> UUID:
    """Thank the other one, while the pair talks."""
    pair = await content.member(db, me, pair_id, hold=True)
    if content.closed(pair.state):
        raise PairNotActive
    if data.session_id is not None and not await db.scalar(
        select(Session.id).where(
            Session.organization_id == me.organization_id, Session.id == data.session_id, Session.pair_id == pair_id
        )
    ):
        raise Invalid.at("/session_id", "unknown_session", "This pair has no such session.")
    await content.require_space(db, LIMIT, Thanks, Thanks.pair_id == pair_id, Thanks.author_id == me.id)
    thanks = Thanks(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        pair_id=pair_id,
        session_id=data.session_id,
        author_id=me.id,
    )
    await content.write(db, thanks, data.text)
    emit(db, "thanks.given", {"thanks_id": str(thanks.id), "pair_id": str(pair_id)})
    return thanks.id


async def remove(db: Db, me: Actor, thanks_id: UUID, version: int) -> None:
    """Take an own thank-you back, while the pair talks."""
    thanks, pair = await content.held(db, me, Thanks, thanks_id, version)
    if thanks.author_id != me.person_id:
        raise Forbidden
    if content.closed(pair.state):
        raise PairNotActive
    await db.delete(thanks)
