"""The texts of a session's agenda and spark: shared by the pair, encrypted with the pair's key."""

from collections.abc import Iterable
from uuid import UUID

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.crypto import Sealed
from vuoro.core.db import Db
from vuoro.sessions.models import Agenda, Spark


async def read(
    db: Db, sealed: Iterable[tuple[UUID, UUID, Sealed]], model: type[Agenda] | type[Spark] = Agenda
) -> dict[UUID, str]:
    """The texts by session, of (session, pair, ciphertext); one whose key was destroyed is left out."""
    return await crypto.unseal_each(db, f"{model.__tablename__}.text", "pair", sealed)


async def write(
    db: Db, me: Actor, model: type[Agenda] | type[Spark], session_id: UUID, pair_id: UUID, text: str
) -> None:
    """Replace the text of a locked session; an empty one removes it."""
    row = await db.find(model, session_id)
    if not text:
        if row is not None:
            await db.delete(row)
        return
    if row is None:
        row = model(organization_id=me.organization_id, id=session_id, pair_id=pair_id)
        db.add(row)
    with db.no_autoflush:
        row.text = await crypto.seal(db, f"{model.__tablename__}.text", "pair", pair_id, session_id, text)
    row.updated_at = clock.now()
