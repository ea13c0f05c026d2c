"""Sessions, their moves and agendas, delegates and kept promises on the wire."""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from vuoro.core.wire import Can, In, Localized, Moment, Out
from vuoro.people.schemas import PersonRef
from vuoro.sessions.arc import Why
from vuoro.sessions.states import NextAction, Part, SessionState

ReasonClass = Literal["illness", "work", "travel", "other"]
MissedBy = Literal["me", "them", "both"]
Cancellation = Literal["private", "counted"]
_URL = re.compile(r'https://[^\s<>"\\\x00-\x1f\x7f]+')
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _in_reach(value: datetime) -> datetime:
    if not _FIRST <= value <= _LAST:
        raise PydanticCustomError("out_of_range", "takes a time between the years 2000 and 2200")
    return value.astimezone(UTC)


@lru_cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _iana(value: str) -> str:
    if value not in _zones():
        raise PydanticCustomError("unknown_time_zone", "takes an IANA time zone, such as Europe/Helsinki")
    return value


def _https(value: str) -> str:
    try:
        parts = urlsplit(value)
        good = bool(_URL.fullmatch(value) and parts.hostname) and "@" not in parts.netloc
    except ValueError:
        good = False
    if not good:
        raise PydanticCustomError("https_only", "takes an https:// address")
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_in_reach)]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_iana)]
Minutes = Annotated[int, Field(ge=15, le=120)]
Number = Annotated[int, Field(ge=1, le=99)]
Place = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
MeetingUrl = Annotated[
    str,
    StringConstraints(max_length=2000),
    AfterValidator(_https),
    Field(json_schema_extra={"format": "uri", "pattern": "^https://"}),
]


class MentoringSession(Out):
    """A meeting of a pair.

    A delegate reads times and places alone: `number` and `kit` are null. A shadow stands outside the arc and has no
    number either. `slots` are the times among which the other side chooses. `my_pulse` is open when the caller's
    answer after it is due. `my_cancellation` tells what a cancellation of the caller's means or meant: private, or
    counted for the sponsor, without a name; a first one is private.
    """

    id: UUID
    pair_id: UUID
    my_part: Part
    mentor: PersonRef
    mentee: PersonRef
    number: int | None
    kit: str | None
    state: SessionState
    starts_at: Moment | None
    ends_at: Moment | None
    time_zone: str
    place: str | None
    meeting_url: str | None
    slots: list[Moment]
    moves: int
    agenda: str | None
    my_pulse: Literal["none", "open", "given"]
    my_cancellation: Cancellation | None
    next_action: NextAction | None
    version: int
    can: Can
    created_at: Moment


class MentoringSessionPage(Out):
    """One page of sessions."""

    items: list[MentoringSession]
    next_cursor: str | None
    watermark: str | None
    gone: list[UUID]


class SessionIn(In):
    """A session to plan. Without `kit` it gets the arc's kit of its number; the kit `shadow` takes no number.

    `number` names the one that is meant, so that two who plan at once plan it once.
    """

    starts_at: Instant
    minutes: Minutes
    time_zone: Zone
    place: Place | None = None
    meeting_url: MeetingUrl | None = None
    kit: str | None = Field(None, max_length=50)
    number: Number | None = None


class SessionPatch(In):
    """Where a session is; null clears."""

    place: Place | None = None
    meeting_url: MeetingUrl | None = None


class SessionMoveIn(In):
    """New times: one in `starts_at`, or two to five in `slots` to choose from. Length and zone stay when left out."""

    starts_at: Instant | None = None
    slots: list[Instant] | None = Field(None, min_length=2, max_length=5)
    minutes: Minutes | None = None
    time_zone: Zone | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.starts_at is None) == (self.slots is None):
            raise PydanticCustomError("one_of", "takes either starts_at or slots")
        if self.slots is not None and len(set(self.slots)) < len(self.slots):
            raise PydanticCustomError("each_once", "takes each time once")
        return self


class SessionScheduleIn(In):
    """Which of the proposed times suits; without it the first one."""

    starts_at: Instant | None = None


class SessionMissIn(In):
    """Who could not come. Nobody else reads it; the other one reads that the session did not take place."""

    who: MissedBy


class SessionCancelIn(In):
    """Why, in one word; nobody else reads it."""

    reason_class: ReasonClass


class SessionMoveOut(Out):
    """One move of a session: the times that were proposed, and where it went."""

    id: UUID
    from_starts_at: Moment
    to_starts_at: Moment
    slots: list[Moment]
    moved_by: PersonRef
    created_at: Moment


class SessionMovePage(Out):
    """The moves of a session, first to last."""

    items: list[SessionMoveOut]
    next_cursor: str | None


class AgendaIn(In):
    """What to talk about; an empty text clears it."""

    text: str = Field(max_length=4000)


class AgendaKit(Out):
    """A session's conversation plan as its reader needs it: `questions` are the reader's own."""

    key: str
    title: Localized
    purpose: Localized
    questions: list[Localized]
    exercise: Localized
    close: Localized


class AgendaOut(Out):
    """What a session is about: the mentor's agenda, the executive's one question or idea (`spark`), and the kit."""

    session_id: UUID
    text: str | None
    spark: str | None
    kit: AgendaKit
    can: Can


class KitChoiceIn(In):
    """The key of the kit that a session shall have."""

    kit: str = Field(max_length=50)


class SparkIn(In):
    """One question or idea that the executive brings to spar; an empty text clears it."""

    text: str = Field(max_length=1000)


class FreeTime(Out):
    """A time that suits both; `outside_hours` where they share no hours."""

    starts_at: Moment
    ends_at: Moment
    outside_hours: bool


class FreeTimePage(Out):
    """Free times of a pair, earliest first."""

    items: list[FreeTime]
    next_cursor: str | None


class ArcTime(Out):
    """One session of a proposed arc. `wanted_at` and `why` tell of one that could not stand on the rhythm."""

    number: int | None
    kit: str | None
    starts_at: Moment
    ends_at: Moment
    outside_hours: bool
    wanted_at: Moment | None
    why: Why | None


class ArcOut(Out):
    """The sessions that are still to be booked, as they would stand; `time` is local to `time_zone`, the mentor's."""

    pair_id: UUID
    time_zone: str
    weekday: int | None
    time: str | None
    minutes: int
    weeks_between: int
    items: list[ArcTime]
    can: Can


ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Weekday = Annotated[int, Field(ge=0, le=6, description="0 is Monday")]


class ArcIn(In):
    """How to book the whole arc: nothing for the proposal, a day and time for another rhythm, or every time by name.

    `replace_open` moves what is booked ahead already; each such move counts.
    """

    starts_on: date | None = None
    weekday: Weekday | None = None
    time: ClockTime | None = None
    starts_at: list[Instant] | None = Field(None, min_length=1, max_length=24)
    replace_open: bool = False
    place: Place | None = None
    meeting_url: MeetingUrl | None = None

    @model_validator(mode="after")
    def _times_or_a_rhythm(self) -> Self:
        if self.starts_at is None:
            return self
        if (self.starts_on, self.weekday, self.time) != (None, None, None):
            raise PydanticCustomError("one_of", "takes either starts_at or a day and time")
        if any(later <= earlier for earlier, later in pairwise(self.starts_at)):
            raise PydanticCustomError("in_order", "takes the times in their order, each once")
        return self


class DelegateIn(In):
    """Who books for me; null: nobody."""

    person_id: UUID | None


class DelegateOut(Out):
    """Who books for me, and since when."""

    delegate: PersonRef | None
    since: Moment | None


class DelegateCandidates(Out):
    """The first colleagues by name who could book for me."""

    items: list[PersonRef]
    next_cursor: str | None


class CalendarFeedOut(Out):
    """My calendar's address to subscribe to: `url` in the answer that made it alone, and null ever after.

    `since` is null where there is none; `last_read_on` is the day on which a calendar last asked.
    """

    url: str | None
    since: Moment | None
    last_read_on: date | None
    can: Can


class DelegatedPair(Out):
    """Two people whose sessions the caller books for the executive."""

    pair_id: UUID
    mentor: PersonRef
    mentee: PersonRef
    can: Can


class DelegatedPairPage(Out):
    """Whose sessions the caller books."""

    items: list[DelegatedPair]
    next_cursor: str | None


class PromiseCounts(Out):
    """One's own promises: sessions held, of them at the time first booked; moves, cancellations, misses of one's own.

    A move breaks no promise: `kept_rate` is held out of held, cancelled and missed, null before the first.
    """

    held: int
    as_first_booked: int
    moved: int
    cancelled: int
    missed: int
    kept_rate: float | None


class PairPromises(Out):
    """The caller's own promises, and of the pair: `kept` of `due` sessions took place."""

    mine: PromiseCounts
    kept: int
    due: int


class MyPromises(Out):
    """The caller's promises over all pairs, by part; null where they never had it."""

    as_mentor: PromiseCounts | None
    as_mentee: PromiseCounts | None


class ProgramPromises(Out):
    """A program's counts; null where fewer than `k` executives stand behind one. First cancellations are left out."""

    k: int
    held: int | None
    moved: int | None
    cancelled_again: int | None
    missed: int | None
