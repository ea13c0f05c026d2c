"""Tables of privacy: erasures that were asked for, and how long an organization keeps what it may choose."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import TEXT, Index
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.db import Model, TenantModel, Versioned, tenant_fk

ErasureState = Literal["waiting", "cancelled", "done"]


class Erasure(TenantModel):
    """That a person's data is to be erased, or was; until `due_at` it can be undone."""

    __tablename__ = "erasures"
    person_id: Mapped[UUID]
    requested_by: Mapped[UUID]
    state: Mapped[ErasureState] = mapped_column(TEXT, default="waiting")
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    __table_args__ = (
        tenant_fk("person_id", "people"),
        Index("erasures_due_idx", "organization_id", "due_at", postgresql_where="state = 'waiting'"),
        Index(
            "erasures_waiting_key", "organization_id", "person_id", unique=True, postgresql_where="state = 'waiting'"
        ),
    )


class RetentionSettings(Versioned, Model):
    """Days after which data goes, where the organization has a choice; their limits are in retention.py.

    `due_at` is when the worker looks next.
    """

    __tablename__ = "retention_settings"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    words_days: Mapped[int]
    participation_days: Mapped[int]
    leavers_days: Mapped[int]
    access_log_days: Mapped[int]
    deliveries_days: Mapped[int]
    concerns_days: Mapped[int]
    due_at: Mapped[datetime | None]
