"""Notes of a session: mine, which their author alone can read, and ours, shared by the pair."""

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.crypto import KeyMissing
from vuoro.core.db import Db
from vuoro.core.errors import NotFound
from vuoro.core.page import Paging, keyset
from vuoro.pairs.service import PairNotActive
from vuoro.sessions.models import Note
from vuoro.sessions.schemas import NoteIn, NoteOut
from vuoro.sessions.service import NotOpen
from vuoro.sessions.view import obstacle, seen

COLUMN = "notes.text"


def _readable(me: Actor) -> ColumnElement[bool]:
    return or_(Note.author_id == me.person_id, Note.visibility == "ours")


async def search(db: Db, me: Actor, session_id: UUID, page: Paging) -> tuple[list[NoteOut], str | None]:
    """One page of a session's notes that the caller may read, newest first."""
    pair_id = (await seen(db, me, session_id)).Session.pair_id
    query = select(Note).where(Note.organization_id == me.organization_id, Note.session_id == session_id, _readable(me))
    rows, following = await keyset(
        db, query, [Note.id], page, lambda row: row[0], scope="notes", descending=True, parse=[UUID]
    )
    return await _shown(db, me, pair_id, rows), following


async def get(db: Db, me: Actor, session_id: UUID, note_id: UUID) -> NoteOut:
    """One note; NotFound when the caller may not read it."""
    pair_id = (await seen(db, me, session_id)).Session.pair_id
    query = select(Note).where(
        Note.organization_id == me.organization_id, Note.session_id == session_id, Note.id == note_id, _readable(me)
    )
    found = await _shown(db, me, pair_id, list(await db.scalars(query)))
    if not found:
        raise NotFound
    return found[0]


async def _shown(db: Db, me: Actor, pair_id: UUID, rows: list[Note]) -> list[NoteOut]:
    texts = await _open(db, "pair", pair_id, [row for row in rows if row.visibility == "ours"])
    texts |= await _open(db, "person", me.id, [row for row in rows if row.visibility == "mine"])
    return [
        NoteOut(
            id=row.id,
            visibility=row.visibility,  # type: ignore[arg-type]
            text=texts[row.id],
            mine=row.author_id == me.person_id,
            created_at=row.created_at,
        )
        for row in rows
        if row.id in texts
    ]


async def _open(db: Db, kind: str, owner: UUID, rows: list[Note]) -> dict[UUID, str]:
    try:
        return await crypto.unseal(db, COLUMN, kind, owner, {row.id: row.text for row in rows})
    except KeyMissing:  # erased: the rows wait for retention, unreadable
        return {}


async def create(db: Db, me: Actor, session_id: UUID, data: NoteIn) -> UUID:
    """Write a note; a shared one needs a pair that still talks, a private one nothing."""
    row = await seen(db, me, session_id)
    if data.visibility == "ours" and (reason := obstacle(me, row, "share_note")):
        raise PairNotActive if reason == PairNotActive.code else NotOpen
    note_id = clock.uuid7()
    kind, owner = ("pair", row.Session.pair_id) if data.visibility == "ours" else ("person", me.id)
    db.add(
        Note(
            organization_id=me.organization_id,
            id=note_id,
            session_id=session_id,
            pair_id=row.Session.pair_id,
            author_id=me.id,
            visibility=data.visibility,
            text=await crypto.seal(db, COLUMN, kind, owner, note_id, data.text),
            created_at=clock.now(),
        )
    )
    return note_id
