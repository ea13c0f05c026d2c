"""What a programme manager plans with, on the wire: settings in versions, cohorts, the launch check, reach."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from vuoro.core.fields import LINE, Day
from vuoro.core.wire import In, Localized, Moment, Out
from vuoro.people.schemas import PersonRef
from vuoro.programs.schemas import CohortOut
from vuoro.programs.settings import ProgramSettings

# Generated Kotlin cannot write a union that has numbers with a fraction in it.
SettingValue = Annotated[
    bool | int | str | None, BeforeValidator(lambda value: str(value) if isinstance(value, float) else value)
]


class SettingChange(Out):
    """One setting that changed, by its name (rules.min_score); a fraction is text, as "0.25"."""

    name: str
    before: SettingValue
    after: SettingValue


class SettingsVersion(Out):
    """The settings of a program from a moment on, who changed them (null: the service itself) and what changed."""

    number: int
    at: Moment
    changed_by: PersonRef | None
    changes: list[SettingChange]
    settings: ProgramSettings


class SettingsVersionPage(Out):
    """One page of versions, newest first."""

    items: list[SettingsVersion]
    next_cursor: str | None


class ProgramCloneIn(In):
    """A new draft with the purpose and the settings of a program that was."""

    name: str = Field(min_length=1, max_length=200, pattern=LINE)
    starts_on: Day | None = Field(
        None, description="left out: the first Monday four weeks from now or later; null: not known yet"
    )
    cohort: str | None = Field(None, min_length=1, max_length=100, pattern=LINE)


class CohortIn(In):
    """A further cohort."""

    name: str = Field(min_length=1, max_length=100, pattern=LINE)
    starts_on: Day | None = None
    closes_on: Day | None = Field(None, description="the last day of its answers; null: the program's end")


class CohortPatch(In):
    """What of a cohort changes."""

    name: str = Field("", min_length=1, max_length=100, pattern=LINE)
    starts_on: Day | None = None
    closes_on: Day | None = None


class CohortPage(Out):
    """One page of cohorts, newest first."""

    items: list[CohortOut]
    next_cursor: str | None


LaunchKey = Literal[
    "dates", "cohort", "purpose", "mentors", "mentees", "balance", "waiting", "unknown_lines", "profiles", "tenure",
    "languages", "primer", "agreement", "safeguarding_contact", "manager", "kickoff", "circle", "topics_mix",
]  # fmt: skip


class LaunchParams(Out):
    """The numbers behind one line of the check, those that it has."""

    count: int | None
    of: int | None
    version: int | None


class LaunchItem(Out):
    """One thing to have before launch: a blocker stops the programme or its safety, advice makes it better."""

    key: LaunchKey
    ok: bool
    severity: Literal["blocker", "advice"]
    params: LaunchParams


class LaunchCheck(Out):
    """Everything that a programme should have before it is launched, blockers first."""

    ready: bool = Field(description="no blocker is left")
    items: list[LaunchItem]


class ReachCell(Out):
    """How many distinct juniors come from one unit or site; null where it would tell about fewer than 5."""

    name: str
    juniors: int | None
    hidden: Literal["too_few"] | None


class TopicCell(Out):
    """How many people chose a topic; null below 5."""

    slug: str
    name: Localized | None
    people: int | None
    hidden: Literal["too_few"] | None


class ProgramReach(Out):
    """Whom a programme reaches (S14), and what is talked about (S13); counts of behaviour, as they are now."""

    program_id: UUID
    juniors: int
    executives: int
    juniors_in_pairs: int
    units: list[ReachCell]
    sites: list[ReachCell]
    topics: list[TopicCell]
    technology_only: bool = Field(description="every topic chosen is about technology")
    as_of: date
