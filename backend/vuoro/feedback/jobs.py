"""Opening pulses: only the worker sees both choices, so the API cannot tell whose kept them sealed."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Database
from vuoro.core.jobs import on
from vuoro.feedback.models import Pulse


@on("pulse.given")
async def open_if_both(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Open both answers of a session when both are there and both said yes; a second run changes nothing."""
    session_id = UUID(payload["session_id"])
    each = aliased(Pulse)
    willing = (
        select(func.count(each.id))
        .where(
            each.organization_id == actor.organization_id, each.session_id == session_id, each.open_if_both.is_(True)
        )
        .scalar_subquery()
    )
    async with database.transaction(actor) as db:
        await db.execute(
            update(Pulse)
            .where(
                Pulse.organization_id == actor.organization_id,
                Pulse.session_id == session_id,
                Pulse.opened_at.is_(None),
                willing == 2,
            )
            .values(opened_at=clock.now())
            .execution_options(synchronize_session=False)
        )
