"""What everybody of a program reads, on the wire: announcements, gatherings, challenges."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from vuoro.core.fields import LINE, TEXT, Instant, MeetingUrl, Slug, Zone
from vuoro.core.wire import Can, In, Localized, Moment, Out
from vuoro.core.words import Locale
from vuoro.people.schemas import PersonRef
from vuoro.programs.models import Audience, ProgramEventKind
from vuoro.programs.states import AnnouncementState, ChallengeState, ProgramEventState

_Title = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE)]
_Body = Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=TEXT)]


class TitleIn(In):
    """A heading in at least one language; the others fall back on it. null takes a language away."""

    fi: _Title | None = None
    sv: _Title | None = None
    en: _Title | None = None


class BodyIn(In):
    """A text in at least one language; the others fall back on it. null takes a language away."""

    fi: _Body | None = None
    sv: _Body | None = None
    en: _Body | None = None


class AnnouncementIn(In):
    """A draft, or with `publish_at` a text that is published by itself then."""

    title: TitleIn
    body: BodyIn
    audience: Audience = "all"
    publish_at: Instant | None = None


class AnnouncementPatch(In):
    """What of an announcement changes before it is published; `publish_at` null makes it a draft."""

    title: TitleIn = Field(default=None)  # type: ignore[assignment]
    body: BodyIn = Field(default=None)  # type: ignore[assignment]
    audience: Audience = "all"
    publish_at: Instant | None = None


class AnnouncementOut(Out):
    """A word to the participants; `languages` are those it was written in, the others fall back on one of them."""

    id: UUID
    program_id: UUID
    title: Localized
    body: Localized
    languages: list[Locale]
    audience: Audience
    state: AnnouncementState
    publish_at: Moment | None
    published_at: Moment | None
    version: int
    created_at: Moment
    updated_at: Moment
    can: Can


class AnnouncementPage(Out):
    """One page of announcements, newest first."""

    items: list[AnnouncementOut]
    next_cursor: str | None
    watermark: str | None
    gone: list[UUID]


_Place = Annotated[str, StringConstraints(max_length=200, pattern=LINE)]


class ProgramEventIn(In):
    """A gathering to plan. A circle of mentors is for mentors alone, whatever `audience` is left out."""

    kind: ProgramEventKind
    title: TitleIn
    audience: Audience | None = Field(None, description="left out: all, or mentors for a circle of mentors")
    starts_at: Instant
    ends_at: Instant
    time_zone: Zone
    place: _Place | None = None
    meeting_url: MeetingUrl | None = None


class ProgramEventPatch(In):
    """What of a gathering changes before it is over."""

    title: TitleIn = Field(default=None)  # type: ignore[assignment]
    audience: Audience = "all"
    starts_at: Instant = Field(default=None)  # type: ignore[assignment]
    ends_at: Instant = Field(default=None)  # type: ignore[assignment]
    time_zone: Zone = ""
    place: _Place | None = None
    meeting_url: MeetingUrl | None = None


class AttendanceCounts(Out):
    """How many said that they come, and that they do not; never who."""

    coming: int
    not_coming: int


class ProgramEventOut(Out):
    """A gathering of a program. `my_attendance` is the caller's own answer; `attendance` is for its managers."""

    id: UUID
    program_id: UUID
    kind: ProgramEventKind
    title: Localized
    languages: list[Locale]
    audience: Audience
    state: ProgramEventState
    starts_at: Moment
    ends_at: Moment
    time_zone: str
    place: str | None
    meeting_url: str | None
    my_attendance: Literal["yes", "no"] | None
    attendance: AttendanceCounts | None
    version: int
    created_at: Moment
    updated_at: Moment
    can: Can


class ProgramEventPage(Out):
    """One page of gatherings, earliest first."""

    items: list[ProgramEventOut]
    next_cursor: str | None


class AttendanceIn(In):
    """Whether the caller comes."""

    attending: bool


_Slugs = Annotated[list[Slug], Field(max_length=10)]


class ChallengeIn(In):
    """What an executive wants to understand, written for all of the program."""

    title: str = Field(min_length=1, max_length=120, pattern=LINE)
    text: str = Field(min_length=1, max_length=1000, pattern=TEXT)
    topics: _Slugs = Field(default_factory=list)
    skills: _Slugs = Field(default_factory=list)


class ChallengePatch(In):
    """What of a challenge changes; `state` closes it or opens it again."""

    title: str = Field("", min_length=1, max_length=120, pattern=LINE)
    text: str = Field("", min_length=1, max_length=1000, pattern=TEXT)
    topics: _Slugs = Field(default_factory=list)
    skills: _Slugs = Field(default_factory=list)
    state: ChallengeState = "open"


class ChallengeOut(Out):
    """A challenge that an executive posted."""

    id: UUID
    program_id: UUID
    author: PersonRef
    title: str
    text: str
    topics: list[str]
    skills: list[str]
    state: ChallengeState
    version: int
    created_at: Moment
    updated_at: Moment
    can: Can


class ChallengePage(Out):
    """One page of challenges, newest first."""

    items: list[ChallengeOut]
    next_cursor: str | None
