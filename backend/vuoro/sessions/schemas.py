"""Sessions, their moves and agendas on the wire."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints
from pydantic_core import PydanticCustomError

from vuoro.core.wire import Can, In, Moment, Out
from vuoro.people.schemas import PersonRef
from vuoro.sessions.states import SessionState

ReasonClass = Literal["illness", "work", "travel", "other"]
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
Place = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
MeetingUrl = Annotated[
    str,
    StringConstraints(max_length=2000),
    AfterValidator(_https),
    Field(json_schema_extra={"format": "uri", "pattern": "^https://"}),
]


class MentoringSession(Out):
    """A meeting of a pair. `my_pulse` is open when the caller's answer after it is due."""

    id: UUID
    pair_id: UUID
    number: int
    kit: str
    state: SessionState
    starts_at: Moment | None
    ends_at: Moment | None
    time_zone: str
    place: str | None
    meeting_url: str | None
    moves: int
    agenda: str | None
    my_pulse: Literal["none", "open", "given"]
    version: int
    can: Can
    created_at: Moment


class MentoringSessionPage(Out):
    """One page of sessions."""

    items: list[MentoringSession]
    next_cursor: str | None


class SessionIn(In):
    """A session to plan. Without `kit` it gets the arc's kit of its number."""

    starts_at: Instant
    minutes: Minutes
    time_zone: Zone
    place: Place | None = None
    meeting_url: MeetingUrl | None = None
    kit: str | None = Field(None, max_length=50)


class SessionPatch(In):
    """Where a session is; null clears."""

    place: Place | None = None
    meeting_url: MeetingUrl | None = None


class SessionMoveIn(In):
    """A new time; length and zone stay when they are left out."""

    starts_at: Instant
    minutes: Minutes | None = None
    time_zone: Zone | None = None


class SessionCancelIn(In):
    """Why, in one word; nobody else reads it."""

    reason_class: ReasonClass


class SessionMoveOut(Out):
    """One move of a session."""

    id: UUID
    from_starts_at: Moment
    to_starts_at: Moment
    moved_by: PersonRef
    created_at: Moment


class SessionMovePage(Out):
    """The moves of a session, first to last."""

    items: list[SessionMoveOut]
    next_cursor: str | None


class AgendaIn(In):
    """What to talk about; an empty text clears it."""

    text: str = Field(max_length=4000)
