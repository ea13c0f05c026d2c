"""The agenda of a session: shared by the pair, encrypted with the pair's key."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.crypto import DataKey, KeyMissing, Sealed
from vuoro.core.db import Db
from vuoro.sessions.models import Agenda

COLUMN = "agendas.text"


async def read(db: Db, sealed: Iterable[tuple[UUID, UUID, Sealed]]) -> dict[UUID, str]:
    """The agendas by session, of (session, pair, ciphertext); one whose key was destroyed is left out."""
    rows = list(sealed)
    if not rows:
        return {}
    wrapped = await db.execute(
        select(DataKey.owner_id, DataKey.master_key, DataKey.wrapped).where(
            DataKey.organization_id == db.organization_id,
            DataKey.owner_kind == "pair",
            DataKey.owner_id.in_({pair for _, pair, _ in rows}),
        )
    )
    keys = {row.owner_id: (row.master_key, row.wrapped) for row in wrapped}
    texts = {}
    for session, pair, text in rows:
        try:
            name, locked = keys[pair]
            key = crypto.unwrap(name, locked, crypto._place(db.organization_id, "pair", pair))
            texts[session] = crypto.decrypt(key, crypto._where(db, COLUMN, pair, session), text)
        except (KeyError, KeyMissing):
            continue
    return texts


async def write(db: Db, me: Actor, session_id: UUID, pair_id: UUID, text: str) -> None:
    """Replace the agenda of a locked session; an empty text removes it."""
    row = await db.find(Agenda, session_id)
    if not text:
        if row is not None:
            await db.delete(row)
        return
    if row is None:
        row = Agenda(organization_id=me.organization_id, id=session_id, pair_id=pair_id)
        db.add(row)
    with db.no_autoflush:
        row.text = await crypto.seal(db, COLUMN, "pair", pair_id, session_id, text)
    row.updated_at = clock.now()
