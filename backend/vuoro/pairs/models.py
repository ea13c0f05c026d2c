"""Tables of pairs: who, in which program, how far they are, what managers allow; what the two set down, and keep."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TEXT, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.crypto import Encrypted, Sealed
from vuoro.core.db import TenantModel, Versioned, tenant_fk
from vuoro.pairs.states import PairState
from vuoro.programs.states import Side


class Pair(Versioned, TenantModel):
    """A mentor (junior) and a mentee (executive); the states are in pairs/states.py.

    `due_at` is when an unanswered offer expires, or a closing pair is completed; `remind_at` when an unanswered offer
    is reminded of. `reasons` and `checks` are the suggestion's card. `shared`: the mentor lets machines see the pair.
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
    remind_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    checks: Mapped[list[str]] = mapped_column(default=list)
    top_exempt: Mapped[bool] = mapped_column(default=False)
    agreement_version: Mapped[int] = mapped_column(default=1)
    mentor_signed_at: Mapped[datetime | None]
    mentee_signed_at: Mapped[datetime | None]
    mentee_asked_at: Mapped[datetime | None]
    activated_at: Mapped[datetime | None]
    first_contact_due_on: Mapped[date | None]
    first_contact_at: Mapped[datetime | None]
    pause_until: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    shared: Mapped[bool] = mapped_column(default=False)
    sessions_held: Mapped[int] = mapped_column(default=0)
    sessions_planned: Mapped[int] = mapped_column(default=6)
    last_held_at: Mapped[datetime | None]
    next_starts_at: Mapped[datetime | None]
    goals_total: Mapped[int] = mapped_column(default=0)
    goals_done: Mapped[int] = mapped_column(default=0)
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
            postgresql_where="state not in ('proposed', 'declined', 'expired', 'ended_early', 'completed')",
        ),
        Index("pairs_ended_idx", "organization_id", "ended_at", postgresql_where="ended_at is not null"),
        Index("pairs_due_idx", "due_at", postgresql_where="due_at is not null"),
        Index("pairs_remind_idx", "remind_at", postgresql_where="remind_at is not null"),
        Index("pairs_pause_idx", "pause_until", postgresql_where="pause_until is not null"),
        Index("pairs_shared_idx", "organization_id", "id", postgresql_where="shared"),
        Index("pairs_top_exempt_idx", "organization_id", "id", postgresql_where="top_exempt"),
    )

    def enrollment_of(self, side: Side | None) -> UUID:
        """The enrollment with which one of the two takes part in this pair; without a side, the mentee's."""
        return self.mentor_enrollment_id if side == "mentor" else self.mentee_enrollment_id


class PairAnswer(TenantModel):
    """What one of the two said to an offer that only they may know: "no", or "late" for a yes after the other's no."""

    __tablename__ = "pair_answers"
    pair_id: Mapped[UUID]
    person_id: Mapped[UUID]
    answer: Mapped[str]
    created_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "pair_id", "person_id"),
    )


class StayChoice(TenantModel):
    """Whether one of the two would stay in touch; the other never reads it, and learns of two yeses alone."""

    __tablename__ = "stay_choices"
    pair_id: Mapped[UUID]
    person_id: Mapped[UUID]
    yes: Mapped[bool]
    chosen_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "pair_id", "person_id"),
    )


class Goal(Versioned, TenantModel):
    """What one side of a pair wants to reach; both read it. Encrypted with the pair's key."""

    __tablename__ = "goals"
    pair_id: Mapped[UUID]
    side: Mapped[str]
    text: Mapped[Sealed] = mapped_column(Encrypted)
    done_at: Mapped[datetime | None]
    __table_args__ = (
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        Index("goals_pair_idx", "organization_id", "pair_id", "id"),
    )


class Commitment(TenantModel):
    """What the mentee will do differently, said at the end (S10). Encrypted with the pair's key."""

    __tablename__ = "commitments"
    pair_id: Mapped[UUID]
    text: Mapped[Sealed] = mapped_column(Encrypted)
    created_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "pair_id"),
    )


class PairOverride(TenantModel):
    """Two managers' word that a pair inside a reporting line may be, or one manager's that its conflict is gone.

    The steps are how far one of the two stood above the other then: it covers that relation and any looser one.
    Without steps there was none, and `confirmed_by` stays empty.
    """

    __tablename__ = "pair_overrides"
    pair_id: Mapped[UUID]
    requested_by: Mapped[UUID]
    confirmed_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
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
