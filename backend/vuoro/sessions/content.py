"""What the two of a pair write in and around their sessions: who may read and change it, and when.

Shared things are written while the pair talks and stay readable afterwards; private ones are always their author's.
Writes of one pair come one after another, as each holds the pair's row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from vuoro.core import crypto
from vuoro.core.actor import Actor
from vuoro.core.crypto import Sealed
from vuoro.core.db import Db, TenantModel
from vuoro.core.errors import Conflict, Forbidden, NotFound
from vuoro.core.page import Rows
from vuoro.pairs import access
from vuoro.pairs.models import Pair
from vuoro.pairs.service import PairNotActive
from vuoro.sessions import states
from vuoro.sessions.models import Authored, PairContent, Session
from vuoro.sessions.service import NotOpen

P = TypeVar("P", bound=PairContent)
A = TypeVar("A", bound=Authored)
SHARES = (*states.OPEN, "held")
FAULTS: dict[str, type[Conflict]] = {fault.code: fault for fault in (PairNotActive, NotOpen)}


class TooMany(Conflict):
    """As many as fit are there already."""

    code: ClassVar[str] = "too_many"

    def __init__(self, limit: int) -> None:
        super().__init__(f"At most {limit} fit here. Remove one first.", params={"limit": limit})


@dataclass(frozen=True, slots=True)
class Room:
    """A session and its pair, as far as writing in it depends on them; `side` is the caller's."""

    session_id: UUID
    session_state: str
    starts_at: datetime
    pair_id: UUID
    pair_state: str
    side: access.Side

    def closed(self) -> str | None:
        """Why nothing new is shared here now (a stable code), or None."""
        return "wrong_state" if self.session_state not in SHARES else closed(self.pair_state)

    def require_open(self) -> None:
        """PairNotActive or NotOpen when nothing new is shared here now."""
        if reason := self.closed():
            raise FAULTS[reason]


def closed(pair_state: str) -> str | None:
    """Why what a pair shares cannot be changed now (a stable code), or None."""
    return None if pair_state in states.PAIR_TALKS else PairNotActive.code


async def room(db: Db, me: Actor, session_id: UUID, *, hold: bool = False) -> Room:
    """The room of a session, its pair held when something is to be written; NotFound for everybody but the two."""
    query = (
        select(Session.id, Session.state, Session.starts_at, Pair.id, Pair.state, Pair.mentor_id == me.person_id)
        .join(Pair, and_(Pair.organization_id == Session.organization_id, Pair.id == Session.pair_id))
        .where(Session.organization_id == me.organization_id, Session.id == session_id, access.mine(me))
    )
    row = (await db.execute(query.with_for_update(of=Pair, key_share=True) if hold else query)).one_or_none()
    if row is None:
        raise NotFound
    return Room(*row[:5], side="mentor" if row[5] else "mentee")


async def member(db: Db, me: Actor, pair_id: UUID, *, hold: bool = False) -> Pair:
    """A pair of the caller's, held when something is to be written; NotFound for everybody but the two."""
    query = select(Pair).where(Pair.organization_id == me.organization_id, Pair.id == pair_id, access.mine(me))
    if hold:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    pair = await db.scalar(query)
    if pair is None:
        raise NotFound
    return pair


def readable(me: Actor, model: type[PairContent]) -> Rows:
    """What the caller may read of one kind: the row, its pair's state, and whether the caller is the mentor."""
    return (
        select(model, Pair.state.label("pair_state"), (Pair.mentor_id == me.person_id).label("is_mentor"))
        .join(Pair, and_(Pair.organization_id == model.organization_id, Pair.id == model.pair_id))
        .where(model.organization_id == me.organization_id, access.mine(me), model.readable_by(me.person_id))
    )


async def held(db: Db, me: Actor, model: type[P], id: UUID, version: int | None = None) -> tuple[P, Pair]:
    """One thing that the caller may read, locked for change, and its pair.

    Raises:
        NotFound: it is not there for the caller.
        PreconditionFailed: `version` is not its own.
    """
    pair = await db.scalar(
        select(Pair)
        .join(model, and_(model.organization_id == Pair.organization_id, model.pair_id == Pair.id))
        .where(
            model.organization_id == me.organization_id,
            model.id == id,
            access.mine(me),
            model.readable_by(me.person_id),
        )
        .with_for_update(of=Pair, key_share=True)
        .execution_options(populate_existing=True)
    )
    if pair is None:
        raise NotFound
    return await db.locked(model, id, version), pair


async def own(db: Db, me: Actor, model: type[A], id: UUID, version: int | None = None) -> tuple[A, Pair]:
    """One text of the caller's own that can be changed now, locked, and its pair.

    Raises:
        Forbidden: the other one wrote it.
        PairNotActive: it is shared, and the pair no longer talks.
    """
    row, pair = await held(db, me, model, id, version)
    if row.author_id != me.person_id:
        raise Forbidden
    if row.visibility == "ours" and closed(pair.state):
        raise PairNotActive
    return row, pair


def abilities(me: Actor, row: Authored, pair_state: str, *actions: str) -> dict[str, str | bool]:
    """What an author may do with a text now, for `can`; the other one may do none of it."""
    if row.author_id != me.person_id:
        return {}
    reason = closed(pair_state) if row.visibility == "ours" else None
    return dict.fromkeys(actions, reason or True)


async def require_space(db: Db, limit: int, model: type[TenantModel], *where: ColumnElement[bool]) -> None:
    """TooMany when there are `limit` rows of this kind already."""
    count = select(func.count()).select_from(model).where(model.organization_id == db.organization_id, *where)
    if (await db.scalar(count) or 0) >= limit:
        raise TooMany(limit)


async def seal(db: Db, row: PairContent, text: str) -> Sealed:
    """A row's text under the key of whom it belongs to now."""
    return await crypto.seal(db, f"{row.__tablename__}.text", *row.sealed_by, row.id, text)


async def write(db: Db, row: PairContent, text: str) -> None:
    """Add a new row with its text."""
    row.text = await seal(db, row, text)
    db.add(row)


async def texts(db: Db, rows: Sequence[Any]) -> dict[UUID, str]:
    """The texts of rows of one kind, by row id; those whose key was destroyed are left out."""
    found: dict[UUID, str] = {}
    for kind in ("pair", "person"):
        sealed = [(row.id, row.sealed_by[1], row.text) for row in rows if row.sealed_by[0] == kind]
        if sealed:
            found |= await crypto.unseal_each(db, f"{rows[0].__tablename__}.text", kind, sealed)
    return found


async def text_of(db: Db, row: PairContent) -> str:
    """One row's text; NotFound when its key was destroyed."""
    text = (await texts(db, [row])).get(row.id)
    if text is None:
        raise NotFound
    return text
