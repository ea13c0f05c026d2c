"""Skills and topics: words that people choose from."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.page import Paging, keyset
from vuoro.core.words import Localized
from vuoro.people.models import Skill, Topic
from vuoro.people.schemas import Tag


async def skills(db: Db, me: Actor, page: Paging) -> tuple[list[Tag], str | None]:
    """One page of the organization's skills, by slug."""
    return await _tags(db, me, page, Skill)


async def topics(db: Db, me: Actor, page: Paging) -> tuple[list[Tag], str | None]:
    """One page of the organization's topics, by slug."""
    return await _tags(db, me, page, Topic)


async def _tags(db: Db, me: Actor, page: Paging, table: Any) -> tuple[list[Tag], str | None]:
    query = select(table.id, table.slug, table.name).where(table.organization_id == me.organization_id)
    return await keyset(
        db, query, [table.slug, table.id], page,
        lambda row: Tag(id=row.id, slug=row.slug, name=Localized(**row.name)),
        scope=table.__tablename__, parse=[str, UUID],
    )  # fmt: skip
