"""Tables of programs, cohorts and enrollments."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import TEXT, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.crypto import Encrypted, Sealed
from vuoro.core.db import TenantModel, Versioned, tenant_fk
from vuoro.programs.states import (
    AnnouncementState,
    ChallengeState,
    CohortState,
    EnrollmentState,
    InvitationState,
    ProgramEventState,
    ProgramState,
    Side,
)

Audience = Literal["all", "mentors", "mentees"]
ProgramEventKind = Literal["kickoff", "circle_of_mentors", "closing", "other"]


class Program(Versioned, TenantModel):
    """One reverse mentoring programme, of a unit or of the whole organization; the states are in programs/states.py."""

    __tablename__ = "programs"
    name: Mapped[str]
    template: Mapped[str]
    purpose: Mapped[dict[str, Any]]
    state: Mapped[ProgramState] = mapped_column(TEXT, default="draft")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    settings: Mapped[dict[str, Any]]
    unit_id: Mapped[UUID | None]
    terms_version: Mapped[int | None]
    __table_args__ = (
        tenant_fk("unit_id", "units"),
        Index("programs_newest_idx", "organization_id", "created_at", "id"),
        Index("programs_unit_idx", "organization_id", "unit_id"),
    )


class ProgramSettingsVersion(TenantModel):
    """The settings of a program as they were from `at` on; `changes` is [{"name", "before", "after"}]."""

    __tablename__ = "program_settings_versions"
    program_id: Mapped[UUID]
    number: Mapped[int]
    settings: Mapped[dict[str, Any]]
    changes: Mapped[list[dict[str, Any]]]
    changed_by: Mapped[UUID | None]
    at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        tenant_fk("changed_by", "people"),
        UniqueConstraint("organization_id", "program_id", "number"),
    )


class ProgramTerms(TenantModel):
    """One version of a program's terms of use, as {fi, sv, en}; the newest is what people agree to."""

    __tablename__ = "program_terms"
    program_id: Mapped[UUID]
    number: Mapped[int]
    text: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "program_id", "number"),
    )


class Cohort(Versioned, TenantModel):
    """A group of a program that starts together; enrollments, match runs and pairs belong to one.

    `closes_on` is the last day of its answers. `follows_id` is the cohort after which this one was proposed.
    """

    __tablename__ = "cohorts"
    program_id: Mapped[UUID]
    name: Mapped[str]
    state: Mapped[CohortState] = mapped_column(TEXT, default="open")
    starts_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    follows_id: Mapped[UUID | None]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        tenant_fk("follows_id", "cohorts"),
        UniqueConstraint("organization_id", "follows_id"),  # a next cohort is proposed once
        Index("cohorts_program_idx", "organization_id", "program_id", "id"),
        Index(
            "cohorts_name_key",
            "organization_id",
            "program_id",
            "name",
            unique=True,
            postgresql_where="state <> 'discarded'",
        ),
        Index("cohorts_closes_idx", "organization_id", "closes_on", postgresql_where="state = 'open'"),
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
    looks: Mapped[bool] = mapped_column(default=True)  # false from the end of a pair until its person wishes again
    looks_again_at: Mapped[datetime | None]
    terms_version: Mapped[int | None]
    terms_agreed_at: Mapped[datetime | None]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        tenant_fk("cohort_id", "cohorts"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "cohort_id", "person_id", "role"),
        Index("enrollments_program_idx", "organization_id", "program_id", "role", "state", "id"),
        Index("enrollments_person_idx", "organization_id", "person_id"),
        Index("enrollments_rest_idx", "organization_id", "rests_until", postgresql_where="rests_until is not null"),
        Index("enrollments_rested_idx", "organization_id", "program_id", postgresql_where="rests_until is not null"),
    )


class Announcement(Versioned, TenantModel):
    """A word from those who run a program to its participants; `listed_at` is its place in the feed."""

    __tablename__ = "announcements"
    program_id: Mapped[UUID]
    title: Mapped[dict[str, Any]]
    body: Mapped[dict[str, Any]]
    audience: Mapped[Audience] = mapped_column(TEXT)
    state: Mapped[AnnouncementState] = mapped_column(TEXT)
    publish_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    listed_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        Index("announcements_feed_idx", "organization_id", "program_id", "listed_at", "id"),
        Index("announcements_due_idx", "organization_id", "publish_at", postgresql_where="state = 'scheduled'"),
    )


class ProgramEvent(Versioned, TenantModel):
    """A gathering of a program: kick-off, circle of mentors, closing or another."""

    __tablename__ = "program_events"
    program_id: Mapped[UUID]
    kind: Mapped[ProgramEventKind] = mapped_column(TEXT)
    title: Mapped[dict[str, Any]]
    audience: Mapped[Audience] = mapped_column(TEXT)
    state: Mapped[ProgramEventState] = mapped_column(TEXT, default="planned")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str]
    place: Mapped[str | None]
    meeting_url: Mapped[str | None]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        Index("program_events_time_idx", "organization_id", "program_id", "starts_at", "id"),
    )


class ProgramEventReply(TenantModel):
    """Whether somebody comes; only they themselves read it, everybody else a count."""

    __tablename__ = "program_event_replies"
    event_id: Mapped[UUID]
    person_id: Mapped[UUID]
    attending: Mapped[bool]
    at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("event_id", "program_events", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "event_id", "person_id"),
        Index("program_event_replies_person_idx", "organization_id", "person_id"),
    )


class Challenge(Versioned, TenantModel):
    """What an executive wants to understand, for all of the program to read."""

    __tablename__ = "challenges"
    program_id: Mapped[UUID]
    author_id: Mapped[UUID]
    title: Mapped[str]
    text: Mapped[str]
    topics: Mapped[list[str]]
    skills: Mapped[list[str]]
    state: Mapped[ChallengeState] = mapped_column(TEXT, default="open")
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        tenant_fk("author_id", "people", ondelete="CASCADE"),
        Index("challenges_program_idx", "organization_id", "program_id", "state", "id"),
        Index("challenges_author_idx", "organization_id", "author_id"),
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
    place: Mapped[int]
    __table_args__ = (
        tenant_fk("enrollment_id", "enrollments", ondelete="CASCADE"),
        tenant_fk("cohort_id", "cohorts", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "enrollment_id", "person_id"),
        Index("wishes_cohort_idx", "organization_id", "cohort_id", "enrollment_id", "place"),
    )
