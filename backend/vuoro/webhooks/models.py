"""Tables of webhooks: where events go, and how each went. Ids, never content."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.crypto import Encrypted, Sealed
from vuoro.core.db import TenantModel, Versioned, tenant_fk
from vuoro.webhooks.events import EventType

OffBecause = Literal["by_hand", "gone", "failing"]
DeliveryState = Literal["waiting", "delivered", "failed", "withheld"]


class WebhookEndpoint(Versioned, TenantModel):
    """An address that gets events. `failing_since` is the first failure after the last that arrived."""

    __tablename__ = "webhook_endpoints"
    url: Mapped[str]
    description: Mapped[str]
    event_types: Mapped[list[EventType]] = mapped_column(ARRAY(TEXT))
    program_id: Mapped[UUID | None]
    secret: Mapped[Sealed] = mapped_column(Encrypted)
    old_secret: Mapped[Sealed | None] = mapped_column(Encrypted)
    old_secret_until: Mapped[datetime | None]
    off_because: Mapped[OffBecause | None] = mapped_column(TEXT)
    failing_since: Mapped[datetime | None]
    __table_args__ = (tenant_fk("program_id", "programs", ondelete="CASCADE"),)


class WebhookDelivery(TenantModel):
    """One event for one endpoint. `tries` counts since it was last asked for, `attempts` are the newest of all."""

    __tablename__ = "webhook_deliveries"
    endpoint_id: Mapped[UUID]
    event_id: Mapped[UUID]
    event_type: Mapped[EventType] = mapped_column(TEXT)
    data: Mapped[dict[str, Any]]
    happened_at: Mapped[datetime]
    state: Mapped[DeliveryState] = mapped_column(TEXT)
    tries: Mapped[int]
    attempts: Mapped[list[dict[str, Any]]]
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("endpoint_id", "webhook_endpoints", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "endpoint_id", "event_id"),
        Index("webhook_deliveries_newest_idx", "organization_id", "endpoint_id", "id"),
        Index(
            "webhook_deliveries_waiting_idx",
            "organization_id",
            "endpoint_id",
            "due_at",
            postgresql_where="state = 'waiting'",
        ),
    )
