"""Tables of pairs: who, in which program, and how far they are; overrides. Nothing of what they talk about."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TEXT, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.crypto import Encrypted, Sealed
from vuoro.core.db import TenantModel, Versioned, tenant_fk
from vuoro.pairs.states import PairState


class Pair(Versioned, TenantModel):
    """A mentor (junior) and a mentee (executive); the states are in pairs/states.py.

    `due_at` is when an unanswered offer expires. `reasons` and `checks` are the suggestion's card.
    """

    __tablename__ = "pairs"
    program_id: Mapped[UUID]
    cohort_id: Mapped[UUID]
    mentor_id: Mapped[UUID]
    mentee_id: Mapped[UUID]
    mentor_enrollment_id: Mapped[UUID]
    mentee_enrollment_id: Mapped[UUID]
    match_run_id: Mapped[UUID | None]
    state: Mapped[PairState] = mapped_column(TEXT, default="proposed")
    state_before: Mapped[PairState | None] = mapped_column(TEXT)
    due_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    checks: Mapped[list[str]] = mapped_column(default=list)
    top_exempt: Mapped[bool] = mapped_column(default=False)
    agreement_version: Mapped[int] = mapped_column(default=1)
    mentor_signed_at: Mapped[datetime | None]
    mentee_signed_at: Mapped[datetime | None]
    mentee_asked_at: Mapped[datetime | None]
    activated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    sessions_held: Mapped[int] = mapped_column(default=0)
    sessions_planned: Mapped[int] = mapped_column(default=6)
    last_held_at: Mapped[datetime | None]
    next_starts_at: Mapped[datetime | None]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        tenant_fk("cohort_id", "cohorts"),
        tenant_fk("mentor_id", "people"),
        tenant_fk("mentee_id", "people"),
        tenant_fk("mentor_enrollment_id", "enrollments"),
        tenant_fk("mentee_enrollment_id", "enrollments"),
        Index("pairs_program_idx", "organization_id", "program_id", "state", "id"),
        Index("pairs_mentor_idx", "organization_id", "mentor_id", "id"),
        Index("pairs_mentee_idx", "organization_id", "mentee_id", "id"),
        Index(
            "pairs_open_key",
            "organization_id",
            "cohort_id",
            "mentor_id",
            "mentee_id",
            unique=True,
            postgresql_where="state not in ('declined', 'expired', 'ended_early', 'completed')",
        ),
        Index("pairs_due_idx", "due_at", postgresql_where="due_at is not null"),
        Index("pairs_ended_idx", "organization_id", "ended_at", postgresql_where="activated_at is not null"),
        Index("pairs_top_exempt_idx", "organization_id", "id", postgresql_where="top_exempt"),
    )


class PairOverride(TenantModel):
    """Two managers' word that a pair inside a reporting line may be, or one manager's that its conflict is gone.

    The steps are how far one of the two stood above the other then: it covers that relation and any looser one.
    Without steps there was none, and `confirmed_by` stays empty. `declined_at` is the mentor's no to an offer, which
    nobody else is shown: the offer waits on until its time is over, as an unanswered one does.
    """

    __tablename__ = "pair_overrides"
    pair_id: Mapped[UUID]
    requested_by: Mapped[UUID]
    confirmed_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    mentee_steps_above: Mapped[int | None]
    mentor_steps_above: Mapped[int | None]
    __table_args__ = (
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        tenant_fk("requested_by", "people"),
        tenant_fk("confirmed_by", "people"),
        UniqueConstraint("organization_id", "pair_id"),
    )


class OverrideReason(TenantModel):
    """Why, in the managers' words to the mentor; sealed with the pair's key. Its id is the override's."""

    __tablename__ = "override_reasons"
    pair_id: Mapped[UUID]
    text: Mapped[Sealed] = mapped_column(Encrypted)
    __table_args__ = (
        tenant_fk("id", "pair_overrides", ondelete="CASCADE"),
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
    )
