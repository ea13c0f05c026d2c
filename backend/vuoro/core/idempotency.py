"""What Idempotency-Key stood for: apart from `http`, which uses it, so that shell commands load no web framework."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.db import Model


class IdempotencyKey(Model):
    """One key that a caller sent, what it stood for, and the object that came of it."""

    __tablename__ = "idempotency_keys"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    object_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
