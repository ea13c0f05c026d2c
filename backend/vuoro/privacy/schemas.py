"""A person's rights on the wire: what is kept of them, who looked, erasure, retention."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from vuoro.core.history import Looked
from vuoro.core.wire import Can, In, Moment, Out
from vuoro.pairs.schemas import MentoringPair
from vuoro.people.schemas import PersonOut, PersonRef
from vuoro.privacy.classes import DataClass
from vuoro.privacy.models import ErasureState
from vuoro.programs.schemas import EnrollmentOut


class KeptKind(Out):
    """One kind of data that is kept of people: what for and how long, in words of the caller's language.

    `days` after what `rule` names; null: as long as the rule says.
    """

    kind: str
    name: str
    purpose: str
    rule: str
    kept: str
    days: int | None
    classes: list[DataClass]


class ErasureOut(Out):
    """That a person's data is to be erased at `due_at`, or was at `done_at`."""

    id: UUID
    person: PersonRef
    state: ErasureState
    mine: bool
    due_at: Moment
    created_at: Moment
    done_at: Moment | None
    can: Can


class KeptPage(Out):
    """What is kept of people, and the caller's own erasure that waits."""

    items: list[KeptKind]
    next_cursor: str | None
    erasure: ErasureOut | None


class AccessOut(Out):
    """One page of data that somebody else read, with the caller's in it."""

    id: UUID
    at: Moment
    reader: PersonRef | None
    machine: str | None
    what: Looked
    program_id: UUID | None


class AccessPage(Out):
    """One page of the access log, newest first."""

    items: list[AccessOut]
    next_cursor: str | None


class SeenProgram(Out):
    """What the managers of one programme get about the caller."""

    program_id: UUID
    program_name: str
    enrollments: list[EnrollmentOut]
    pairs: list[MentoringPair]


class SeenByManager(Out):
    """What HR gets about the caller, in the very shapes of its own pages. `directory` null: not listed."""

    directory: PersonOut | None
    programs: list[SeenProgram]


class ErasurePage(Out):
    """One page of erasures, newest first."""

    items: list[ErasureOut]
    next_cursor: str | None


class ErasureIn(In):
    """That it is meant."""

    confirm: Literal["erase"]


class Limit(Out):
    """The least and the most days that an organization may choose."""

    least: int
    most: int


class RetentionOut(Out):
    """How many days the organization keeps what it may choose; `limits` by field."""

    words_days: int
    participation_days: int
    leavers_days: int
    access_log_days: int
    deliveries_days: int
    concerns_days: int
    limits: dict[str, Limit]
    version: int
    can: Can


class RetentionPatch(In):
    """What of it changes."""

    words_days: int = Field(90, ge=0, le=10_000)
    participation_days: int = Field(365, ge=0, le=10_000)
    leavers_days: int = Field(30, ge=0, le=10_000)
    access_log_days: int = Field(365, ge=0, le=10_000)
    deliveries_days: int = Field(90, ge=0, le=10_000)
    concerns_days: int = Field(365, ge=0, le=10_000)
