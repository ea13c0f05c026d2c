"""Who looks for a pair: everybody from their approval on, and after a pair only whoever wishes for another."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import update

from vuoro.core import clock
from vuoro.core.db import Db
from vuoro.programs.models import Enrollment


async def rest(db: Db, ids: Collection[UUID]) -> None:
    """Their pair has ended: these enrollments look for no other until their persons say so."""
    await db.execute(
        update(Enrollment)
        .where(Enrollment.organization_id == db.organization_id, Enrollment.id.in_(ids))
        .values(looks=False)
    )


async def look_again(db: Db, enrollment_id: UUID) -> None:
    """The person of this enrollment wishes for another pair."""
    await db.execute(
        update(Enrollment)
        .where(Enrollment.organization_id == db.organization_id, Enrollment.id == enrollment_id)
        .values(looks=True, looks_again_at=clock.now())
    )
