"""Uploads: kept in the database, so that a backup and a tenant's walls hold for them too."""

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped

from vuoro.core import clock
from vuoro.core.db import Db, TenantModel
from vuoro.core.errors import NotFound, PayloadTooLarge
from vuoro.core.settings import settings


class File(TenantModel):
    """One uploaded file."""

    __tablename__ = "files"
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes]
    content: Mapped[bytes]
    created_at: Mapped[datetime]


async def keep(db: Db, name: str, media_type: str, content: bytes) -> UUID:
    """Store a file and return its id; PayloadTooLarge over the limit."""
    limit = settings().upload_max_bytes
    if len(content) > limit:
        raise PayloadTooLarge(limit)
    row = File(
        organization_id=db.organization_id,
        id=clock.uuid7(),
        name=name[:200],
        media_type=media_type[:100],
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        content=content,
        created_at=clock.now(),
    )
    db.add(row)
    await db.flush()
    return row.id


async def read(db: Db, file_id: UUID) -> bytes:
    """A file's bytes; NotFound when it was deleted."""
    content = await db.scalar(
        select(File.content).where(File.organization_id == db.organization_id, File.id == file_id)
    )
    if content is None:
        raise NotFound
    return content


async def drop(db: Db, file_id: UUID) -> None:
    """Delete a file that is no longer needed."""
    await db.execute(delete(File).where(File.organization_id == db.organization_id, File.id == file_id))
