"""Facts on their way out: written in the business transaction, relayed to the job queue by the worker."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core import clock
from vuoro.core.db import Db, Model


class OutboxFact(Model):
    """One fact or errand; `relayed_at` is empty until the job queue has it."""

    __tablename__ = "outbox"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.uuid7)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    relayed_at: Mapped[datetime | None]
    __table_args__ = (Index("outbox_waiting_idx", "due_at", postgresql_where="relayed_at is null"),)


def emit(db: Db, kind: str, payload: dict[str, Any] | None = None, *, due_at: datetime | None = None) -> None:
    """Put a fact into the outbox; it leaves only when the transaction commits.

    Args:
        kind: `noun.verb`, a job's name in vuoro.core.jobs.
        payload: ids and numbers alone, never content.
        due_at: not before this moment.
    """
    db.add(
        OutboxFact(organization_id=db.organization_id, kind=kind, payload=payload or {}, due_at=due_at or clock.now())
    )
