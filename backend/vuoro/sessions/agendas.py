"""The agenda of a session: shared by the pair, encrypted with the pair's key."""

from collections.abc import Iterable
from uuid import UUID

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.crypto import Sealed
from vuoro.core.db import Db
from vuoro.sessions.models import Agenda

COLUMN = "agendas.text"


async def read(db: Db, sealed: Iterable[tuple[UUID, UUID, Sealed]]) -> dict[UUID, str]:
    """The agendas by session, of (session, pair, ciphertext); one whose key was destroyed is left out."""
    return await crypto.unseal_each(db, COLUMN, "pair", sealed)


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
