"""Tables of sessions (a meeting of a pair), their moves, agendas, sparks and notes; and who books for whom."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.crypto import Encrypted, Sealed
from vuoro.core.db import TenantModel, Versioned, tenant_fk


class Session(Versioned, TenantModel):
    """One meeting of a pair; the states are in sessions/states.py. Times are UTC, with the zone it was planned in.

    A shadow has no `number`: it stands outside the arc. `reason_class`, `cancelled_by`, `mentor_miss` and
    `mentee_miss` (each side's own word on who missed it: me, them, both) are read by nobody but the promise ledger.
    `cancellation_counts`: an executive's, and not the first. `mentor_pulse` and `mentee_pulse` tell whether that side
    has given its pulse.
    """

    __tablename__ = "sessions"
    pair_id: Mapped[UUID]
    number: Mapped[int | None]
    kit: Mapped[str]
    state: Mapped[str] = mapped_column(default="scheduled")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str]
    place: Mapped[str | None]
    meeting_url: Mapped[str | None]
    reason_class: Mapped[str | None]
    cancelled_by: Mapped[UUID | None]
    held_at: Mapped[datetime | None]
    mentor_miss: Mapped[str | None]
    mentee_miss: Mapped[str | None]
    cancellation_counts: Mapped[bool] = mapped_column(default=False)
    mentor_pulse: Mapped[bool] = mapped_column(default=False)
    mentee_pulse: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        Index("sessions_pair_idx", "organization_id", "pair_id", "starts_at", "id"),
        Index("sessions_time_idx", "organization_id", "starts_at", "id"),
        Index(
            "sessions_number_key",
            "organization_id",
            "pair_id",
            "number",
            unique=True,
            postgresql_where="state in ('proposed', 'scheduled', 'held')",
        ),
    )


class SessionMove(TenantModel):
    """One change of a session's time: `slots` are what was proposed, `to_starts_at` the first of them."""

    __tablename__ = "session_moves"
    session_id: Mapped[UUID]
    from_starts_at: Mapped[datetime]
    to_starts_at: Mapped[datetime]
    slots: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)), default=list)
    moved_by: Mapped[UUID]
    created_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("session_id", "sessions", ondelete="CASCADE"),
        Index("session_moves_session_idx", "organization_id", "session_id"),
    )


class Agenda(TenantModel):
    """What a pair wants to talk about; its id is the session's. Encrypted with the pair's key."""

    __tablename__ = "agendas"
    pair_id: Mapped[UUID]
    text: Mapped[Sealed] = mapped_column(Encrypted)
    updated_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("id", "sessions", ondelete="CASCADE"),
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
    )


class Spark(TenantModel):
    """The one question or idea that the executive brings; its id is the session's. Encrypted with the pair's key."""

    __tablename__ = "sparks"
    pair_id: Mapped[UUID]
    text: Mapped[Sealed] = mapped_column(Encrypted)
    updated_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("id", "sessions", ondelete="CASCADE"),
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
    )


class Delegation(TenantModel):
    """Whose sessions an assistant books and moves; one delegate an executive."""

    __tablename__ = "delegations"
    executive_id: Mapped[UUID]
    delegate_id: Mapped[UUID]
    created_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("executive_id", "people", ondelete="CASCADE"),
        tenant_fk("delegate_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "executive_id"),
        Index("delegations_delegate_idx", "organization_id", "delegate_id"),
    )


class Note(TenantModel):
    """A note of a session: mine (its author alone, the person's key) or ours (the pair, the pair's key)."""

    __tablename__ = "notes"
    session_id: Mapped[UUID]
    pair_id: Mapped[UUID]
    author_id: Mapped[UUID]
    visibility: Mapped[str]
    text: Mapped[Sealed] = mapped_column(Encrypted)
    created_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("session_id", "sessions", ondelete="CASCADE"),
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        tenant_fk("author_id", "people", ondelete="CASCADE"),
        Index("notes_session_idx", "organization_id", "session_id", "id"),
    )
