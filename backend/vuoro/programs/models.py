"""Tables of programs, cohorts and enrollments."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TEXT, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.crypto import Encrypted, Sealed
from vuoro.core.db import TenantModel, Versioned, tenant_fk
from vuoro.programs.states import EnrollmentState, InvitationState, ProgramState, Side


class Program(Versioned, TenantModel):
    """One reverse mentoring programme; the states are in programs/states.py."""

    __tablename__ = "programs"
    name: Mapped[str]
    template: Mapped[str]
    purpose: Mapped[dict[str, Any]]
    state: Mapped[ProgramState] = mapped_column(TEXT, default="draft")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    settings: Mapped[dict[str, Any]]
    __table_args__ = (Index("programs_newest_idx", "organization_id", "created_at", "id"),)


class Cohort(TenantModel):
    """A group of a program that starts together; enrollments, match runs and pairs belong to one."""

    __tablename__ = "cohorts"
    program_id: Mapped[UUID]
    name: Mapped[str]
    closes_on: Mapped[date | None]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        Index("cohorts_program_idx", "organization_id", "program_id"),
    )


class Enrollment(Versioned, TenantModel):
    """A person's part in a program, as mentor or mentee.

    `skills` is {slug: {"level": 1–5, "weight": 1–3}}: offered by a mentor, sought by a mentee. `availability` is
    [{"weekday": 0–6, "from": "09:00", "to": "11:30"}] in `availability_zone`; it is for booking, not for managers.
    """

    __tablename__ = "enrollments"
    program_id: Mapped[UUID]
    cohort_id: Mapped[UUID]
    person_id: Mapped[UUID]
    role: Mapped[Side] = mapped_column(TEXT)
    state: Mapped[EnrollmentState] = mapped_column(TEXT, default="applied")
    capacity: Mapped[int] = mapped_column(default=1)
    skills: Mapped[dict[str, Any]] = mapped_column(default=dict)
    topics: Mapped[list[str]] = mapped_column(default=list)
    languages: Mapped[dict[str, Any]] = mapped_column(default=dict)
    superpower: Mapped[str | None]
    wants_to_understand: Mapped[list[str]] = mapped_column(default=list)
    availability: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    availability_zone: Mapped[str | None]
    capacity_consented_at: Mapped[datetime | None]
    primer_done_at: Mapped[datetime | None]
    rests_until: Mapped[datetime | None]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        tenant_fk("cohort_id", "cohorts"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "cohort_id", "person_id", "role"),
        Index("enrollments_program_idx", "organization_id", "program_id", "role", "state", "id"),
        Index("enrollments_person_idx", "organization_id", "person_id"),
    )


class Boundaries(TenantModel):
    """What a mentor would rather not talk about; sealed with the mentor's key, read by the two of an active pair."""

    __tablename__ = "boundaries"
    enrollment_id: Mapped[UUID]
    person_id: Mapped[UUID]
    text: Mapped[Sealed] = mapped_column(Encrypted)
    updated_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("enrollment_id", "enrollments", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "enrollment_id"),
    )


class Invitation(Versioned, TenantModel):
    """A person asked to take part, who has until `due_at`. `batch_id` is the request that it came with."""

    __tablename__ = "invitations"
    program_id: Mapped[UUID]
    enrollment_id: Mapped[UUID]
    batch_id: Mapped[UUID]
    state: Mapped[InvitationState] = mapped_column(TEXT, default="pending")
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        tenant_fk("enrollment_id", "enrollments", ondelete="CASCADE"),
        Index("invitations_program_idx", "organization_id", "program_id", "state", "id"),
        Index("invitations_enrollment_idx", "organization_id", "enrollment_id", "id"),
        Index(
            "invitations_pending_key",
            "organization_id",
            "enrollment_id",
            unique=True,
            postgresql_where="state = 'pending'",
        ),
        Index("invitations_due_idx", "due_at", postgresql_where="state = 'pending'"),
    )


class InvitationLink(Versioned, TenantModel):
    """A link that lets people of the organization apply; of its code only the hash is kept."""

    __tablename__ = "invitation_links"
    program_id: Mapped[UUID]
    cohort_id: Mapped[UUID]
    role: Mapped[Side] = mapped_column(TEXT)
    code_hash: Mapped[bytes]
    expires_at: Mapped[datetime | None]
    max_uses: Mapped[int | None]
    uses: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        tenant_fk("cohort_id", "cohorts", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "code_hash"),
        Index("invitation_links_program_idx", "organization_id", "program_id", "id"),
    )


class EnrollmentImport(TenantModel):
    """A file of enrollments that was taken in: how many rows, and what they did."""

    __tablename__ = "enrollment_imports"
    program_id: Mapped[UUID]
    rows: Mapped[int]
    created: Mapped[int]
    changed: Mapped[int]
    created_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        Index("enrollment_imports_program_idx", "organization_id", "program_id", "id"),
    )


class Wish(TenantModel):
    """Somebody of the other side whom a participant would like; 1 is the dearest. Its author alone reads it."""

    __tablename__ = "wishes"
    enrollment_id: Mapped[UUID]
    cohort_id: Mapped[UUID]
    person_id: Mapped[UUID]
    rank: Mapped[int]
    __table_args__ = (
        tenant_fk("enrollment_id", "enrollments", ondelete="CASCADE"),
        tenant_fk("cohort_id", "cohorts", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "enrollment_id", "person_id"),
        Index("wishes_cohort_idx", "organization_id", "cohort_id", "enrollment_id", "rank"),
    )
