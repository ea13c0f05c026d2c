"""Fields that clients send, with their limits: days, moments, zones, addresses, lines and texts."""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints
from pydantic_core import PydanticCustomError

_URL = re.compile(r'https://[^\s<>"\\\x00-\x1f\x7f]+')
_FIRST, _LAST = date(2000, 1, 1), date(2200, 1, 1)


def _day(value: date) -> date:
    if not _FIRST <= value <= _LAST:
        raise PydanticCustomError("out_of_range", "takes a day between the years 2000 and 2200")
    return value


def _in_reach(value: datetime) -> datetime:
    if not _FIRST < value.date() < _LAST:
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


Day = Annotated[date, AfterValidator(_day)]
Instant = Annotated[AwareDatetime, AfterValidator(_in_reach)]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_iana)]
MeetingUrl = Annotated[
    str,
    StringConstraints(max_length=2000),
    AfterValidator(_https),
    Field(json_schema_extra={"format": "uri", "pattern": "^https://"}),
]
# One line: no control characters. A text keeps its line breaks and tabs.
LINE = r"^[^\x00-\x1f\x7f]*$"
TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Slug = Annotated[str, StringConstraints(pattern="^[a-z0-9][a-z0-9-]{0,79}$")]
