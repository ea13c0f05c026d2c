"""The key of a person's calendar feed: one a person, shown once, known by its hash. Of vuoro_auth's connections."""

import secrets
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, LargeBinary, Uuid, and_, bindparam, column, delete, select, text
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.crypto import hash_token
from vuoro.core.db import Db
from vuoro.core.errors import NotFound
from vuoro.identity.models import Token

_OPEN = (
    text("select organization_id, person_id from auth.open_feed(:hash, :now)")
    .bindparams(bindparam("hash", type_=LargeBinary), bindparam("now", type_=DateTime(timezone=True)))
    .columns(column("organization_id", Uuid), column("person_id", Uuid))
)


def _of(organization_id: UUID, person_id: UUID) -> ColumnElement[bool]:
    return and_(Token.organization_id == organization_id, Token.person_id == person_id, Token.kind == "feed")


async def find(auth: Db, organization_id: UUID, person_id: UUID) -> Token | None:
    """The person's feed, when they have one."""
    return (await auth.scalars(select(Token).where(_of(organization_id, person_id)))).one_or_none()


async def make(auth: Db, organization_id: UUID, person_id: UUID) -> tuple[UUID, str]:
    """A new key, and its id; the one before opens nothing any more."""
    id, key = clock.uuid7(), secrets.token_urlsafe(32)
    values = {"hash": hash_token(key), "id": id, "created_at": clock.now(), "used_at": None}
    await auth.execute(
        insert(Token)
        .values(kind="feed", organization_id=organization_id, person_id=person_id, **values)
        .on_conflict_do_update(
            index_elements=["organization_id", "person_id"], index_where=text("kind = 'feed'"), set_=values
        )
    )
    return id, key


async def end(auth: Db, organization_id: UUID, person_id: UUID) -> None:
    """End the feed with its next request; nothing happens when there is none."""
    await auth.execute(delete(Token).where(_of(organization_id, person_id)))


async def enter(db: Db, key: str) -> Actor:
    """Bind a transaction of vuoro_app to whom the feed is of; NotFound for every key that opens none."""
    row = (await db.execute(_OPEN, {"hash": hash_token(key), "now": clock.now()})).one_or_none()
    if row is None:
        raise NotFound
    db.me = Actor(row.organization_id, row.person_id)
    return db.me
