"""Tables of programs, cohorts and enrollments."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TEXT, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.db import TenantModel, Versioned, tenant_fk
from vuoro.programs.states import EnrollmentState, ProgramState, Side


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

    `skills` is {slug: {"level": 1–5, "weight": 1–3}}: offered by a mentor, sought by a mentee.
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
    primer_done_at: Mapped[datetime | None]
    looks: Mapped[bool] = mapped_column(default=True)  # false from the end of a pair until its person wishes again
    looks_again_at: Mapped[datetime | None]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        tenant_fk("cohort_id", "cohorts"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "cohort_id", "person_id", "role"),
        Index("enrollments_program_idx", "organization_id", "program_id", "role", "state", "id"),
        Index("enrollments_person_idx", "organization_id", "person_id"),
    )
