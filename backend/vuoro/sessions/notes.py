"""Notes of a session: mine, which their author alone can read, and ours, shared by the pair."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import NotFound
from vuoro.core.page import Paging, Rows, keyset
from vuoro.core.wire import can, changes
from vuoro.sessions import content
from vuoro.sessions.content_schemas import NoteIn, NoteOut, NotePatch
from vuoro.sessions.models import Note
from vuoro.sessions.states import Visibility

LIMIT = 200  # of one person in one session


async def search(db: Db, me: Actor, session_id: UUID, page: Paging) -> tuple[list[NoteOut], str | None]:
    """One page of a session's notes that the caller may read, newest first."""
    await content.room(db, me, session_id)
    return await _page(db, me, content.readable(me, Note).where(Note.session_id == session_id), page)


async def of_pair(
    db: Db, me: Actor, pair_id: UUID, page: Paging, visibility: Visibility | None
) -> tuple[list[NoteOut], str | None]:
    """One page of a pair's notes over all its sessions, newest first."""
    await content.member(db, me, pair_id)
    query = content.readable(me, Note).where(Note.pair_id == pair_id)
    return await _page(db, me, query if visibility is None else query.where(Note.visibility == visibility), page)


async def get(db: Db, me: Actor, note_id: UUID) -> NoteOut:
    """One note; NotFound when the caller may not read it."""
    found = await _shown(db, me, (await db.execute(content.readable(me, Note).where(Note.id == note_id))).all())
    if not found:
        raise NotFound
    return found[0]


async def _page(db: Db, me: Actor, query: Rows, page: Paging) -> tuple[list[NoteOut], str | None]:
    rows, following = await keyset(
        db, query, [Note.id], page, lambda row: row, scope="notes", descending=True, parse=[UUID]
    )
    return await _shown(db, me, rows), following


async def _shown(db: Db, me: Actor, rows: Any) -> list[NoteOut]:
    texts = await content.texts(db, [row.Note for row in rows])
    return [_out(me, row, texts[row.Note.id]) for row in rows if row.Note.id in texts]


def _out(me: Actor, row: Row[Any], text: str) -> NoteOut:
    note: Note = row.Note
    return NoteOut(
        id=note.id,
        session_id=note.session_id,
        visibility=note.visibility,
        text=text,
        mine=note.author_id == me.person_id,
        edited_at=note.edited_at,
        version=note.version,
        created_at=note.created_at,
        can=can(**content.abilities(me, note, row.pair_state, "edit", "delete")),
    )


async def create(db: Db, me: Actor, session_id: UUID, data: NoteIn) -> UUID:
    """Write a note; a shared one needs a pair that still talks, a private one nothing."""
    room = await content.room(db, me, session_id, hold=True)
    if data.visibility == "ours":
        room.require_open()
    await content.require_space(db, LIMIT, Note, Note.session_id == session_id, Note.author_id == me.id)
    note = Note(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        session_id=session_id,
        pair_id=room.pair_id,
        author_id=me.id,
        visibility=data.visibility,
    )
    await content.write(db, note, data.text)
    return note.id


async def change(db: Db, me: Actor, note_id: UUID, version: int, patch: NotePatch) -> None:
    """Rewrite an own note; the other one sees that a shared one was edited."""
    note, _ = await content.own(db, me, Note, note_id, version)
    if "text" in changes(patch):
        note.text = await content.seal(db, note, patch.text)
        touch(note)
        note.edited_at = note.updated_at


async def remove(db: Db, me: Actor, note_id: UUID, version: int) -> None:
    """Delete an own note for good."""
    note, _ = await content.own(db, me, Note, note_id, version)
    await db.delete(note)
