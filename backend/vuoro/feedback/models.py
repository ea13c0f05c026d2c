"""Tables of feedback: pulses, fit checks, growth, surveys, concerns, and the waves whose figures are published.

Scores are plain small integers, so that the worker can sum them up; texts are encrypted. A score always is of a
session, of the relation, or of oneself: no table has one of another person.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, TEXT, CheckConstraint, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.crypto import Encrypted, Sealed
from vuoro.core.db import TenantModel, Versioned, tenant_fk
from vuoro.feedback.words import FIT_ITEMS

ITEMS = ("said_what_i_thought", "my_topics_too", "listened_to", "learned", "would_do_again")


class Pulse(TenantModel):
    """One person's answer after one session: scores in numbers, the comment encrypted with the person's key."""

    __tablename__ = "pulses"
    session_id: Mapped[UUID]
    pair_id: Mapped[UUID]
    person_id: Mapped[UUID]
    side: Mapped[str]
    said_what_i_thought: Mapped[int] = mapped_column(SmallInteger)
    my_topics_too: Mapped[int] = mapped_column(SmallInteger)
    listened_to: Mapped[int] = mapped_column(SmallInteger)
    learned: Mapped[int] = mapped_column(SmallInteger)
    would_do_again: Mapped[int] = mapped_column(SmallInteger)
    balance: Mapped[int] = mapped_column(SmallInteger)
    open_if_both: Mapped[bool]
    comment: Mapped[Sealed | None] = mapped_column(Encrypted)
    opened_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("session_id", "sessions", ondelete="CASCADE"),
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "session_id", "person_id"),
        Index("pulses_pair_idx", "organization_id", "pair_id"),
        *(CheckConstraint(f"{item} between 1 and 5", name=item) for item in ITEMS),
        CheckConstraint("balance between 0 and 100", name="balance"),
    )


class FitCheck(TenantModel):
    """One person's answer about the relation and its set-up; sealed for good (S7). The wish is its author's alone."""

    __tablename__ = "fit_checks"
    pair_id: Mapped[UUID]
    person_id: Mapped[UUID]
    side: Mapped[str]
    moment: Mapped[str]
    at_ease: Mapped[int] = mapped_column(SmallInteger)
    shared_purpose: Mapped[int] = mapped_column(SmallInteger)
    setup_works: Mapped[int] = mapped_column(SmallInteger)
    worth_the_time: Mapped[int] = mapped_column(SmallInteger)
    wish: Mapped[str]
    comment: Mapped[Sealed | None] = mapped_column(Encrypted)
    created_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "pair_id", "person_id", "moment"),
        *(CheckConstraint(f"{item} between 1 and 5", name=item) for item in FIT_ITEMS),
    )


class GrowthCheck(TenantModel):
    """How a person rates themselves on the rubric of their side, in its order; for their own eyes."""

    __tablename__ = "growth_checks"
    enrollment_id: Mapped[UUID]
    person_id: Mapped[UUID]
    side: Mapped[str]
    moment: Mapped[str]
    scores: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("enrollment_id", "enrollments", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "enrollment_id", "moment"),
        CheckConstraint("cardinality(scores) = 7 and 1 <= all (scores) and 5 >= all (scores)", name="scores"),
    )


class Survey(Versioned, TenantModel):
    """Questions to the people of a program. `edition` counts what was published; each answer keeps its own."""

    __tablename__ = "surveys"
    program_id: Mapped[UUID]
    title: Mapped[dict[str, Any]]
    audience: Mapped[str]
    published: Mapped[bool] = mapped_column(default=False)
    edition: Mapped[int] = mapped_column(default=1)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        Index("surveys_program_idx", "organization_id", "program_id", "id"),
        Index("surveys_closing_idx", "organization_id", "closes_at", postgresql_where="published"),
    )


class SurveyEdition(TenantModel):
    """The questions of one edition of a survey."""

    __tablename__ = "survey_editions"
    survey_id: Mapped[UUID]
    number: Mapped[int]
    questions: Mapped[list[dict[str, Any]]]
    created_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("survey_id", "surveys", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "survey_id", "number"),
    )


class SurveyResponse(TenantModel):
    """One person's answers to the questions that are not text: {question: number, choice, choices or yes/no}."""

    __tablename__ = "survey_responses"
    survey_id: Mapped[UUID]
    edition: Mapped[int]
    person_id: Mapped[UUID]
    cohort_id: Mapped[UUID]
    side: Mapped[str]
    answers: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("survey_id", "surveys", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        tenant_fk("cohort_id", "cohorts", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "survey_id", "person_id"),
    )


class SurveyText(TenantModel):
    """One answer in words, encrypted with the organization's key.

    Others read it, without its author, once the worker set `shown_at`: the survey closed and eight or more wrote.
    """

    __tablename__ = "survey_texts"
    survey_id: Mapped[UUID]
    edition: Mapped[int]
    question: Mapped[str]
    person_id: Mapped[UUID]
    text: Mapped[Sealed] = mapped_column(Encrypted)
    shown_at: Mapped[datetime | None]
    __table_args__ = (
        tenant_fk("survey_id", "surveys", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "survey_id", "person_id", "question"),
    )


class Concern(TenantModel):
    """A concern to one safeguarding contact: read by its author and that contact, in no log of anybody else."""

    __tablename__ = "concerns"
    author_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    program_id: Mapped[UUID | None]
    about: Mapped[str]
    wants_contact: Mapped[bool]
    state: Mapped[str] = mapped_column(default="open")
    text: Mapped[Sealed] = mapped_column(Encrypted)
    answer: Mapped[Sealed | None] = mapped_column(Encrypted)
    created_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        tenant_fk("author_id", "people", ondelete="CASCADE"),
        tenant_fk("contact_id", "people"),
        tenant_fk("program_id", "programs"),
        Index("concerns_author_idx", "organization_id", "author_id", "id"),
        Index("concerns_contact_idx", "organization_id", "contact_id", "id"),
    )


class Wave(TenantModel):
    """A closed round of answers of one cohort: `number` is a session's (pulse, fit, growth) or a survey's edition."""

    __tablename__ = "waves"
    program_id: Mapped[UUID]
    cohort_id: Mapped[UUID]
    kind: Mapped[str]
    number: Mapped[int]
    survey_id: Mapped[UUID | None]
    published_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        tenant_fk("cohort_id", "cohorts", ondelete="CASCADE"),
        tenant_fk("survey_id", "surveys", ondelete="CASCADE"),
        UniqueConstraint(
            "organization_id", "cohort_id", "kind", "number", "survey_id", postgresql_nulls_not_distinct=True
        ),
        Index("waves_program_idx", "organization_id", "program_id", "kind"),
    )


class WaveMember(TenantModel):
    """Whose answers a wave counts, and in which groups: for the audit of later waves; read by the worker alone.

    `person_id` stays as a bare id after an erasure: without it, the next wave would tell of who left.
    """

    __tablename__ = "wave_members"
    wave_id: Mapped[UUID]
    person_id: Mapped[UUID]
    role: Mapped[str]
    site: Mapped[str | None]
    division: Mapped[str | None]
    __table_args__ = (
        tenant_fk("wave_id", "waves", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "wave_id", "person_id"),
    )


class PublishedCell(TenantModel):
    """One figure of a wave, of everybody or of the group that `by` and `groups` name; `hidden` tells why it has none.

    `people` is how many answered, rounded down to five. This table is the only source of figures about answers.
    """

    __tablename__ = "published_cells"
    wave_id: Mapped[UUID]
    name: Mapped[str]
    by: Mapped[list[str]]
    groups: Mapped[list[str]]
    value: Mapped[float | None]
    people: Mapped[int | None]
    hidden: Mapped[str | None] = mapped_column(TEXT)
    __table_args__ = (
        tenant_fk("wave_id", "waves", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "wave_id", "by", "groups", "name"),
        CheckConstraint("(value is null) = (hidden is not null)", name="hidden"),
    )
