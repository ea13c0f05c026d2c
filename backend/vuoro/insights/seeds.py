"""Idea seeds: what a person might bring along one day. For their eyes alone, until they bring one."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Invalid, NotFound
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import can, changes
from vuoro.insights import access
from vuoro.insights.models import IdeaSeed
from vuoro.insights.prompts import prompts
from vuoro.insights.schemas import IdeaSeedBringIn, IdeaSeedIn, IdeaSeedOut, IdeaSeedPatch
from vuoro.sessions import content, thoughts
from vuoro.sessions.content_schemas import ThoughtIn

COLUMN = "idea_seeds.text"
LIMIT = 500
CARD = 280  # what fits on a card of the thought board


class AlreadyBrought(Conflict):
    """It lies on this session's board."""

    code: ClassVar[str] = "already_brought"
    text: ClassVar[str] = "This seed is on the session's board already."


async def search(db: Db, me: Actor, page: Paging, brought: bool | None) -> tuple[list[IdeaSeedOut], str | None]:
    """One page of the caller's seeds, newest first."""
    query = select(IdeaSeed).where(IdeaSeed.organization_id == me.organization_id, access.own_seeds(me))
    if brought is not None:
        query = query.where(_BROUGHT if brought else ~_BROUGHT)
    rows, following = await keyset(
        db, query, [IdeaSeed.id], page, lambda row: row[0], scope="idea_seeds", descending=True, parse=[UUID]
    )
    return await _shown(db, rows), following


_BROUGHT: ColumnElement[bool] = IdeaSeed.brought_at.is_not(None)


async def seeds_count(db: Db, me: Actor) -> int:
    """How many things the caller has to bring: seeds that were not brought yet."""
    query = select(func.count()).where(IdeaSeed.organization_id == me.organization_id, access.own_seeds(me), ~_BROUGHT)
    return await db.scalar(query) or 0


async def get(db: Db, me: Actor, seed_id: UUID) -> IdeaSeedOut:
    """One seed; NotFound for everybody but its author."""
    rows = await db.scalars(
        select(IdeaSeed).where(
            IdeaSeed.organization_id == me.organization_id, IdeaSeed.id == seed_id, access.own_seeds(me)
        )
    )
    found = await _shown(db, list(rows))
    if not found:
        raise NotFound
    return found[0]


async def _texts(db: Db, rows: list[IdeaSeed]) -> dict[UUID, str]:
    return await crypto.unseal_each(db, COLUMN, "person", ((row.id, row.author_id, row.text) for row in rows))


async def _shown(db: Db, rows: list[IdeaSeed]) -> list[IdeaSeedOut]:
    texts = await _texts(db, rows)
    return [
        IdeaSeedOut(
            id=row.id,
            prompt_key=row.prompt_key,
            text=texts[row.id],
            brought_to_session_id=row.brought_to_session_id,
            brought_at=row.brought_at,
            version=row.version,
            created_at=row.created_at,
            can=can(edit=True, delete=True, bring=True),
        )
        for row in rows
        if row.id in texts
    ]


async def create(db: Db, me: Actor, data: IdeaSeedIn) -> UUID:
    """Keep a seed."""
    if data.prompt_key is not None and data.prompt_key not in prompts():
        raise Invalid.at("/prompt_key", "unknown_prompt", "There is no such question.")
    await content.require_space(db, LIMIT, IdeaSeed, access.own_seeds(me))
    seed_id = clock.uuid7()
    db.add(
        IdeaSeed(
            organization_id=me.organization_id,
            id=seed_id,
            author_id=me.id,
            prompt_key=data.prompt_key,
            text=await crypto.seal(db, COLUMN, "person", me.id, seed_id, data.text),
        )
    )
    return seed_id


async def _own(db: Db, me: Actor, seed_id: UUID, version: int | None = None) -> IdeaSeed:
    await get(db, me, seed_id)
    return await db.locked(IdeaSeed, seed_id, version)


async def change(db: Db, me: Actor, seed_id: UUID, version: int, patch: IdeaSeedPatch) -> None:
    """Rewrite a seed."""
    seed = await _own(db, me, seed_id, version)
    if "text" in changes(patch):
        seed.text = await crypto.seal(db, COLUMN, "person", me.id, seed_id, patch.text)
        touch(seed)


async def remove(db: Db, me: Actor, seed_id: UUID, version: int) -> None:
    """Throw a seed away for good; a card that came of it stays."""
    await db.delete(await _own(db, me, seed_id, version))


async def bring(db: Db, me: Actor, seed_id: UUID, data: IdeaSeedBringIn) -> UUID:
    """Put a card with the seed's words, or others, on the thought board of an own session; the seed stays private.

    Raises:
        AlreadyBrought: it lies there.
        Invalid: its words are too long for a card, so others are needed.
    """
    seed = await _own(db, me, seed_id)
    text = data.text or (await _texts(db, [seed]))[seed_id]
    if len(text) > CARD:
        raise Invalid.at("/text", "string_too_long", f"A card takes {CARD} characters; say it in fewer words.")
    if seed.brought_to_session_id == data.session_id:
        raise AlreadyBrought
    await thoughts.create(db, me, data.session_id, ThoughtIn(lane=data.lane, text=text, visibility="ours"))
    seed.brought_to_session_id, seed.brought_at = data.session_id, clock.now()
    touch(seed)
    return seed_id
