"""Tables of match runs, their suggestions and their certificates."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.db import TenantModel, Versioned, tenant_fk

PLAIN = {"goal": "total", "fairness": 0, "floor": False, "trial": None}


class MatchRun(Versioned, TenantModel):
    """One search for the best pairs of a cohort; works in the worker, in a process of its own."""

    __tablename__ = "match_runs"
    program_id: Mapped[UUID]
    cohort_id: Mapped[UUID]
    trial: Mapped[bool] = mapped_column(default=False)
    options: Mapped[dict[str, Any]] = mapped_column(default=lambda: dict(PLAIN))
    state: Mapped[str] = mapped_column(default="queued")
    progress: Mapped[dict[str, Any]]
    mentors: Mapped[int] = mapped_column(default=0)
    mentees: Mapped[int] = mapped_column(default=0)
    places: Mapped[int] = mapped_column(default=0)
    pairs: Mapped[int] = mapped_column(default=0)
    objective: Mapped[int | None] = mapped_column(BigInteger)  # a sum of scores, in millionths
    proven: Mapped[bool] = mapped_column(default=False)
    kept: Mapped[int | None]
    unmatched: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    problem: Mapped[dict[str, Any] | None]
    created_by: Mapped[UUID | None]
    stop_requested_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        tenant_fk("cohort_id", "cohorts"),
        Index("match_runs_program_idx", "organization_id", "program_id", "id"),
        Index(
            "match_runs_busy_key",
            "organization_id",
            "program_id",
            unique=True,
            postgresql_where="state in ('queued', 'running')",
        ),
    )


class Suggestion(Versioned, TenantModel):
    """One pair that a run suggests; `score` in millionths, `components` its reason card."""

    __tablename__ = "suggestions"
    match_run_id: Mapped[UUID]
    mentor_enrollment_id: Mapped[UUID]
    mentee_enrollment_id: Mapped[UUID]
    mentor_id: Mapped[UUID]
    mentee_id: Mapped[UUID]
    score: Mapped[int]
    components: Mapped[list[dict[str, Any]]]
    checks: Mapped[list[str]]
    top_exempt: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="suggested")
    __table_args__ = (
        tenant_fk("match_run_id", "match_runs", ondelete="CASCADE"),
        tenant_fk("mentor_enrollment_id", "enrollments", ondelete="CASCADE"),
        tenant_fk("mentee_enrollment_id", "enrollments", ondelete="CASCADE"),
        Index("suggestions_score_idx", "organization_id", "match_run_id", "score", "id"),
    )


class MatchCertificate(TenantModel):
    """The proof of one run, by itself so that lists of runs never read it.

    `body` is a certificate as it is sent; `market` what the run was given beside its people.
    """

    __tablename__ = "match_certificates"
    match_run_id: Mapped[UUID]
    body: Mapped[dict[str, Any]]
    market: Mapped[dict[str, Any]]
    __table_args__ = (
        tenant_fk("match_run_id", "match_runs", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "match_run_id"),
    )
