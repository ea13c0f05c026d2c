"""Programs, cohorts and enrollments on the wire."""

from datetime import date
from uuid import UUID

from pydantic import Field

from vuoro.core.fields import LINE, TEXT, Day
from vuoro.core.wire import Can, In, Localized, Moment, Out
from vuoro.people.schemas import LanguageIn, LanguageLevel, PersonRef
from vuoro.programs.settings import ProgramSettings, ProgramSettingsPatch
from vuoro.programs.states import CohortState, EnrollmentState, ProgramState, Side


class CohortOut(Out):
    """A group of a program that starts together.

    `starts_on` and `closes_on` (the last day of its answers) are the program's own days where null. `follows_id` is
    the cohort after which it was proposed. A draft is seen by the program's managers alone.
    """

    id: UUID
    program_id: UUID
    name: str
    state: CohortState
    starts_on: date | None
    closes_on: date | None
    follows_id: UUID | None
    version: int
    created_at: Moment
    updated_at: Moment
    can: Can


class ProgramCounts(Out):
    """A program in numbers (behaviour only); who waits and the pairs are 0 for those who only take part (H3)."""

    enrolled_mentors: int
    enrolled_mentees: int
    waiting: int
    pairs_active: int
    pairs_proposed: int


class ProgramOut(Out):
    """One reverse mentoring programme. `next_circle_due_on` is for its managers, while it runs (S6)."""

    id: UUID
    name: str
    template: str
    purpose: Localized
    state: ProgramState
    starts_on: date | None
    ends_on: date | None
    cohorts: list[CohortOut]
    settings: ProgramSettings
    counts: ProgramCounts
    next_circle_due_on: date | None
    version: int
    created_at: Moment
    updated_at: Moment
    can: Can


class ProgramPage(Out):
    """One page of programs."""

    items: list[ProgramOut]
    next_cursor: str | None


class ProgramIn(In):
    """A new program from a template."""

    name: str = Field(min_length=1, max_length=200, pattern=LINE)
    template: str = Field(max_length=50)
    starts_on: Day | None = Field(
        None, description="left out: the first Monday four weeks from now or later; null: not known yet"
    )
    cohort: str | None = Field(None, min_length=1, max_length=100, pattern=LINE)


class PurposePatch(In):
    """What a program is for, in the languages that change."""

    fi: str = Field("", min_length=1, max_length=1000, pattern=TEXT)
    sv: str = Field("", min_length=1, max_length=1000, pattern=TEXT)
    en: str = Field("", min_length=1, max_length=1000, pattern=TEXT)


class ProgramPatch(In):
    """What of a program changes; `settings` too is a merge-patch, in which null goes back to the template's value.

    Once a program runs, its first day, the primer and the distance from the top are fixed; what the arc, offers and
    tenure are set to counts for pairs made from then on.
    """

    name: str = Field("", min_length=1, max_length=200, pattern=LINE)
    purpose: PurposePatch = Field(default=None)  # type: ignore[assignment]
    starts_on: Day | None = None
    ends_on: Day | None = None
    settings: ProgramSettingsPatch = Field(default=None)  # type: ignore[assignment]


class TransitionIn(In):
    """The state to go to."""

    to: ProgramState


class SkillLevel(Out):
    """A skill, how well (1–5), and for a mentee how important (1–3)."""

    slug: str = Field(min_length=1, max_length=80)
    level: int = Field(ge=1, le=5)
    weight: int | None = Field(ge=1, le=3)


class SkillIn(In):
    """A skill that is offered or sought."""

    slug: str = Field(pattern="^[a-z0-9][a-z0-9-]{0,79}$")
    level: int = Field(3, ge=1, le=5)
    weight: int | None = Field(None, ge=1, le=3)


class EnrollmentOut(Out):
    """A person's part in a program."""

    id: UUID
    program_id: UUID
    cohort_id: UUID
    person: PersonRef
    role: Side
    state: EnrollmentState
    capacity: int
    skills: list[SkillLevel]
    topics: list[str]
    languages: list[LanguageLevel]
    superpower: str | None
    primer_done_at: Moment | None
    version: int
    created_at: Moment
    can: Can


class EnrollmentPage(Out):
    """One page of enrollments."""

    items: list[EnrollmentOut]
    next_cursor: str | None


class EnrollmentIn(In):
    """A person to enroll; a participant may name themselves only."""

    person_id: UUID
    role: Side
    cohort_id: UUID | None = None
    capacity: int = Field(1, ge=1, le=5)
    skills: list[SkillIn] = Field(default_factory=list, max_length=50)
    topics: list[str] = Field(default_factory=list, max_length=30)
    languages: list[LanguageIn] | None = Field(None, max_length=20)
    superpower: str | None = Field(None, max_length=280)


class EnrollmentPatch(In):
    """What of an enrollment changes."""

    capacity: int = Field(1, ge=1, le=5)
    skills: list[SkillIn] = Field(default_factory=list, max_length=50)
    topics: list[str] = Field(default_factory=list, max_length=30)
    languages: list[LanguageIn] = Field(default_factory=list, max_length=20)
    superpower: str | None = Field(None, max_length=280)
