"""Programs, cohorts and enrollments on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field

from vuoro.core.fields import LINE, TEXT, Day
from vuoro.core.wire import Can, In, Localized, Moment, Out
from vuoro.people.schemas import LanguageLevel, LanguagesIn, PersonRef
from vuoro.programs.settings import ProgramSettings, ProgramSettingsPatch
from vuoro.programs.states import CohortState, EnrollmentState, ProgramState, Side

SLUG = "^[a-z0-9][a-z0-9-]{0,79}$"
CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"


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
    """One reverse mentoring programme; `unit_id` null: of the whole organization.

    `terms_version` is the newest of its terms of use, null where it has none.
    `next_circle_due_on` is for its managers, while it runs (S6).
    """

    id: UUID
    name: str
    template: str
    purpose: Localized
    state: ProgramState
    starts_on: date | None
    ends_on: date | None
    cohorts: list[CohortOut]
    settings: ProgramSettings
    unit_id: UUID | None
    terms_version: int | None
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
    watermark: str | None
    gone: list[UUID]


class ProgramIn(In):
    """A new program from a template."""

    name: str = Field(min_length=1, max_length=200, pattern=LINE)
    template: str = Field(max_length=50)
    starts_on: Day | None = Field(
        None, description="left out: the first Monday four weeks from now or later; null: not known yet"
    )
    cohort: str | None = Field(None, min_length=1, max_length=100, pattern=LINE)
    unit_id: UUID | None = Field(None, description="the unit whose managers run it; theirs where they have one alone")


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
    unit_id: UUID | None = None


class TermsText(In):
    """Terms of use in the three languages."""

    fi: str = Field(min_length=1, max_length=20_000, pattern=TEXT)
    sv: str = Field(min_length=1, max_length=20_000, pattern=TEXT)
    en: str = Field(min_length=1, max_length=20_000, pattern=TEXT)


class ProgramTermsIn(In):
    """A next version of a program's terms of use."""

    text: TermsText


class ProgramTermsOut(Out):
    """A version of a program's terms of use."""

    program_id: UUID
    number: int
    text: Localized
    created_at: Moment


class TermsAgreedIn(In):
    """The version of the terms that the person has read."""

    number: int = Field(ge=1, le=100_000)


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

    slug: str = Field(pattern=SLUG)
    level: int = Field(3, ge=1, le=5)
    weight: int | None = Field(None, ge=1, le=3)


def _each_skill_once(skills: list[SkillIn]) -> list[SkillIn]:
    if len({skill.slug for skill in skills}) < len(skills):
        raise ValueError("each skill once")
    return skills


def _each_once(texts: list[str]) -> list[str]:
    if len(set(texts)) < len(texts):
        raise ValueError("each one once")
    return texts


SkillsIn = Annotated[list[SkillIn], AfterValidator(_each_skill_once), Field(max_length=50)]
TopicsIn = Annotated[list[Annotated[str, Field(pattern=SLUG)]], AfterValidator(_each_once), Field(max_length=30)]
Wonder = Annotated[str, Field(min_length=1, max_length=280)]


class AvailabilityWindow(In):
    """Hours of a weekday (0 Monday to 6 Sunday) that suit for meeting, in the enrollment's time zone."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)
    weekday: int = Field(ge=0, le=6)
    since: str = Field(alias="from", pattern=CLOCK, examples=["09:00"])
    until: str = Field(alias="to", pattern=CLOCK, examples=["11:30"])


class ProfileState(Out):
    """Whether the profile has what matching and booking need, and which fields are still empty."""

    complete: bool
    missing: list[str]


class EnrollmentOut(Out):
    """A person's part in a program. Availability and boundaries are the person's alone: null to everybody else."""

    id: UUID
    program_id: UUID
    cohort_id: UUID
    person: PersonRef
    role: Side
    state: EnrollmentState
    capacity: int
    capacity_consented_at: Moment | None
    skills: list[SkillLevel]
    topics: list[str]
    languages: list[LanguageLevel]
    superpower: str | None
    wants_to_understand: list[str]
    availability: list[AvailabilityWindow] | None
    availability_zone: str | None
    boundaries: str | None
    profile: ProfileState
    primer_done_at: Moment | None
    rests_until: Moment | None
    terms_version: int | None = Field(description="of the program's terms, what the person agreed to")
    obstacles: list[str] | None = Field(description="what keeps the person from a pair; null unless you manage this")
    version: int
    created_at: Moment
    can: Can


class EnrollmentPage(Out):
    """One page of enrollments."""

    items: list[EnrollmentOut]
    next_cursor: str | None
    watermark: str | None
    gone: list[UUID]


class ProfileIn(In):
    """What a person brings or seeks."""

    capacity: int = Field(1, ge=1, le=5, description="pairs at once; a mentor alone says 2 for themselves (H10)")
    skills: SkillsIn = Field(default_factory=list)
    topics: TopicsIn = Field(default_factory=list)
    superpower: str | None = Field(None, max_length=280)
    wants_to_understand: list[Wonder] = Field(default_factory=list, max_length=3, description="the mentee's")
    availability: list[AvailabilityWindow] = Field(default_factory=list, max_length=35)
    availability_zone: str | None = Field(None, max_length=64, description="IANA; empty: the directory's")
    boundaries: str | None = Field(
        None, max_length=500, description="what the mentor would rather not talk about; the two of the pair read it"
    )


class ApplyIn(ProfileIn):
    """What somebody who applies tells; all of it may wait."""

    languages: LanguagesIn | None = None
    terms_version: int | None = Field(
        None, ge=1, le=100_000, description="the version of the program's terms that the person agrees to"
    )


class EnrollmentIn(ApplyIn):
    """A person to enroll; a participant may name themselves only."""

    person_id: UUID
    role: Side
    cohort_id: UUID | None = None


class EnrollmentPatch(ProfileIn):
    """What of an enrollment changes."""

    languages: LanguagesIn = Field(default_factory=list)
