"""Table of mails: what was sent to whom and how it went. Subjects and ids, never content of pairs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.db import TenantModel


class Delivery(TenantModel):
    """One mail. `fact_id` is the outbox fact that asked for it, so that a repeated job sends it once."""

    __tablename__ = "deliveries"
    fact_id: Mapped[UUID]
    kind: Mapped[str]
    person_id: Mapped[UUID]
    address: Mapped[str]
    subject: Mapped[str]
    state: Mapped[str]
    detail: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        UniqueConstraint("organization_id", "fact_id", "person_id"),
        Index("deliveries_newest_idx", "organization_id", "created_at", "id"),
    )
