"""What leaves for calendars (RFC 5545), the one way to write them: no text is a formula or adds a line of its own.

The library is loaded with the first calendar: it would be a tenth of every start.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from vuoro.core.exports import cell

if TYPE_CHECKING:
    import icalendar

Method = Literal["REQUEST", "CANCEL"]
Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]
PRODUCT = "-//Vuoro//Vuoro//EN"
# How far around a meeting its time zone's rules reach: near it there is one, which every calendar understands.
AROUND = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting, at a place, by a link, or both; `page` is where more is told of it.

    `about` is its description, line by line; `changed_at` tells calendars which news is newer.
    """

    uid: str
    summary: str
    about: Sequence[str]
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    status: Status = "CONFIRMED"
    place: str | None = None
    meeting_url: str | None = None
    page: str | None = None
    sequence: int = 0


def inert(text: str) -> str:
    """A text on one line, without control characters, that no spreadsheet takes for a formula."""
    return cell(" ".join(text.split()))


def invitation(method: Method, entry: Entry, *, organizer: tuple[str, str], attendee: str, zone: ZoneInfo) -> bytes:
    """One meeting as iTIP (RFC 5546) asks one person to keep it, or to drop it; nobody awaits an answer.

    Args:
        organizer: name and address of whom the mail comes from.
        zone: of the reader, in which Outlook names the time; its rules around that day come along.
    """
    import icalendar  # noqa: PLC0415

    event = _event(entry, zone)
    name, address = organizer
    event.add("organizer", _address(address, CN=name))
    event.add("attendee", _address(attendee, ROLE="REQ-PARTICIPANT", PARTSTAT="ACCEPTED", RSVP="FALSE"))
    event.add("x-microsoft-disallow-counter", icalendar.vBoolean(True))
    calendar = _calendar(event)
    calendar.add("method", method)
    calendar.add_missing_timezones((entry.starts_at - AROUND).date(), (entry.ends_at + AROUND).date())
    written: bytes = calendar.to_ical()
    return written


def feed(name: str, entries: Iterable[Entry], *, every: timedelta) -> bytes:
    """All meetings of one person in UTC, which a calendar asks for again and again and shows in its own zone."""
    import icalendar  # noqa: PLC0415

    calendar = _calendar(*(_event(entry, UTC) for entry in entries))
    calendar.add("x-wr-calname", inert(name))
    wait = icalendar.vDuration(every)
    calendar.add("refresh-interval", wait, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", wait)  # Outlook's word for it
    written: bytes = calendar.to_ical()
    return written


def _calendar(*events: "icalendar.Event") -> "icalendar.Calendar":
    import icalendar  # noqa: PLC0415

    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    for event in events:
        calendar.add_component(event)
    return calendar


def _event(entry: Entry, zone: tzinfo) -> "icalendar.Event":
    import icalendar  # noqa: PLC0415

    event = icalendar.Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", inert(entry.summary))
    # Where there is no place, the link is the place.
    about = [entry.meeting_url, *entry.about] if entry.place and entry.meeting_url else entry.about
    event.add("description", "\n".join(inert(line) for line in about))
    if place := entry.place or entry.meeting_url:
        event.add("location", inert(place))
    if url := entry.meeting_url or entry.page:
        event.add("url", "".join(url.split()))
    event.add("status", entry.status)
    # Whoever sees a colleague's calendar sees that they are busy, not with whom.
    event.add("class", "PRIVATE")
    return event


def _address(address: str, **params: str) -> "icalendar.vCalAddress":
    import icalendar  # noqa: PLC0415

    # Outlook does not read a quotation mark inside a name.
    plain = {name: inert(value).replace('"', "'") for name, value in params.items() if value}
    return icalendar.vCalAddress("mailto:" + "".join(address.split()), params=plain)
