"""Times that suit two people: the arc of a pair's sessions, and free times for a move. Knows no database.

Working hours, weekends and public holidays (the `holidays` package) are each person's own; the rhythm stands in the
mentor's zone, so that ten o'clock stays ten o'clock when clocks change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import product
from typing import Literal
from zoneinfo import ZoneInfo

Why = Literal["weekend", "holiday", "busy", "outside_hours", "rhythm"]
FIRM = ("weekend", "holiday", "busy")  # nothing is ever placed there
DAY_BEGINS, DAY_ENDS = 9 * 60, 16 * 60
STEP = 30
USUAL = 10 * 60
EARLIER, LATER = 7, 14  # days that one session may stand off the rhythm
A_DAY, APART = 3, timedelta(hours=2)
MENTORS_MINUTE, MENTEES_MINUTE = 11, 10  # of two equal stretches, the one that asks less of the junior
UNWANTED_DAY = 8 * 60  # a weekday without a window weighs as much as a working day away from one
WEEKEND = frozenset({5, 6})
Busy = tuple[datetime, datetime]


class NoCommonTime(Exception):
    """Nothing suits the two within the rhythm."""


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of one weekday (0 is Monday), in minutes of the person's day."""

    weekday: int
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Diary:
    """What is known of a person's time. Without windows they work from nine to four on working days."""

    zone: ZoneInfo
    country: str | None = None
    windows: tuple[Window, ...] = ()
    busy: tuple[Busy, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that suits. `wanted_at` and `why` tell of one that was moved off the rhythm. Times are UTC."""

    starts_at: datetime
    outside_hours: bool = False
    wanted_at: datetime | None = None
    why: Why | None = None


@lru_cache(maxsize=1000)
def _days_off(country: str, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - a start needs not wait for it

    try:
        known = holidays.country_holidays(country).supported_categories
        kinds = [kind for kind in ("public", "de_facto") if kind in known]  # Sweden's eves are holidays in fact
        return frozenset(holidays.country_holidays(country, years=year, categories=kinds))
    except (NotImplementedError, KeyError, ValueError):  # a country the package does not know
        return frozenset()


@lru_cache(maxsize=300)
def _weekend(country: str) -> frozenset[int]:
    import holidays  # noqa: PLC0415

    try:
        return frozenset(holidays.country_holidays(country).weekend)
    except (NotImplementedError, KeyError, ValueError):
        return WEEKEND


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _beyond(diary: Diary, begin: datetime, end: datetime) -> int:
    """How many minutes of stretch a local time asks for; 0 inside the person's hours."""
    first = _minute(begin)
    last = first + int((end - begin).total_seconds()) // 60

    def stretch(begins: int, ends: int) -> int:
        return max(0, begins - first) + max(0, last - ends)

    if not diary.windows:
        return stretch(DAY_BEGINS, DAY_ENDS)
    that_day = [stretch(w.begins, w.ends) for w in diary.windows if w.weekday == begin.weekday()]
    return min(that_day) if that_day else UNWANTED_DAY + stretch(DAY_BEGINS, DAY_ENDS)


def _clash(diary: Diary, start: datetime, end: datetime) -> tuple[Why | None, int]:
    """What speaks against a time for one person, and the stretch beyond their hours in minutes."""
    begin, finish = start.astimezone(diary.zone), end.astimezone(diary.zone)
    for day in {begin.date(), finish.date()}:
        if day.weekday() in (_weekend(diary.country) if diary.country else WEEKEND):
            return "weekend", 0
        if diary.country and day in _days_off(diary.country, day.year):
            return "holiday", 0
    if any(start < busy_end and busy_start < end for busy_start, busy_end in diary.busy):
        return "busy", 0
    beyond = _beyond(diary, begin, finish)
    return ("outside_hours" if beyond else None), beyond


@dataclass(frozen=True, slots=True)
class _Two:
    """Both diaries and the length of a session."""

    mentor: Diary
    mentee: Diary
    length: timedelta

    def at(self, day: date, minute: int) -> datetime | None:
        """A time of the mentor's day in UTC; None for one that the clocks skip."""
        local = datetime.combine(day, time(minute // 60, minute % 60), self.mentor.zone)
        moment = local.astimezone(UTC)
        return moment if _minute(moment.astimezone(self.mentor.zone)) == minute else None

    def clash(self, start: datetime) -> tuple[Why | None, int]:
        """What speaks against a time for either, and how far it stretches the two beyond their hours."""
        mentors, beyond = _clash(self.mentor, start, start + self.length)
        if mentors in FIRM:
            return mentors, 0
        mentees, stretch = _clash(self.mentee, start, start + self.length)
        if mentees in FIRM:
            return mentees, 0
        return mentors or mentees, beyond * MENTORS_MINUTE + stretch * MENTEES_MINUTE

    def day_of(self, moment: datetime) -> date:
        """The mentor's day of a moment."""
        return moment.astimezone(self.mentor.zone).date()


def propose(
    mentor: Diary,
    mentee: Diary,
    *,
    starts_on: date,
    after: datetime,
    minutes: int,
    count: int,
    weeks: int,
    weekday: int | None = None,
    at: time | None = None,
) -> list[Slot]:
    """Times for `count` sessions, `weeks` apart, on the same weekday and time of the mentor's zone where they suit.

    Args:
        starts_on: the first day, in the mentor's zone; nothing begins before `after`.
        weekday, at: where the caller wants the rhythm; a time outside hours is then taken as it is.

    Raises:
        NoCommonTime: within a week before and two after the rhythm, nothing is free.
    """
    two = _Two(mentor, mentee, timedelta(minutes=minutes))
    minute = None if at is None else _minute(datetime.combine(starts_on, at))
    chosen, anchored, stretches = _rhythm(two, starts_on, after, count, weeks, weekday, minute)
    slots: list[Slot] = []
    for index in range(count):
        day = chosen + timedelta(weeks=weeks * index)
        slots.append(_place(two, day, anchored, slots, after, starts_on, weeks, stretches or minute is not None))
    return slots


def _rhythm(
    two: _Two, starts_on: date, after: datetime, count: int, weeks: int, weekday: int | None, minute: int | None
) -> tuple[date, int, bool]:
    """The first day and minute of the best rhythm, and whether even that one lies outside somebody's hours."""
    best: tuple[tuple[int, int, int, int], date, int, bool] | None = None
    minutes = sorted(range(0, 24 * 60, STEP), key=lambda each: abs(each - USUAL)) if minute is None else [minute]
    for offset, of_day in product(range(7), minutes):
        first = starts_on + timedelta(days=offset)
        if weekday is not None and first.weekday() != weekday:
            continue
        moment = two.at(first, of_day)
        if moment is not None and moment <= after:
            first += timedelta(weeks=1)
        collisions = beyond = suits = 0
        for index in range(count):
            start = two.at(first + timedelta(weeks=weeks * index), of_day)
            why, stretch = two.clash(start) if start is not None else ("busy", 0)
            collisions += 2 if why in FIRM else 1 if why else 0
            beyond += stretch
            suits += why is None
            if best is not None and (collisions, beyond) > best[0][:2]:
                break
        score = (collisions, beyond, abs(of_day - USUAL), offset)
        if best is None or score < best[0]:
            best = (score, first, of_day, not suits and beyond > 0)
    assert best is not None
    return best[1:]


def _place(
    two: _Two,
    day: date,
    minute: int,
    before: Sequence[Slot],
    after: datetime,
    starts_on: date,
    weeks: int,
    stretch: bool,
) -> Slot:
    """The rhythm's own time, or the nearest free one; `stretch` takes the rhythm's own also outside hours."""
    last = two.day_of(before[-1].starts_at) if before else None
    earliest = last + timedelta(days=max(1, 7 * weeks - EARLIER)) if last else starts_on
    latest = last + timedelta(days=7 * weeks + LATER) if last else day + timedelta(days=LATER)
    free_from = max(after, before[-1].starts_at + two.length) if before else after
    wanted = two.at(day, minute)
    why: Why = "rhythm"
    if wanted is not None and earliest <= day <= latest and wanted > free_from:
        reason, _ = two.clash(wanted)
        if reason is None or (reason == "outside_hours" and stretch):
            return Slot(wanted, outside_hours=reason is not None)
        why = reason
    spare: tuple[tuple[int, int, int], Slot] | None = None
    for other in _days_around(day, earliest, latest):
        for of_day in sorted(range(0, 24 * 60, STEP), key=lambda each: (abs(each - minute), each)):
            start = two.at(other, of_day)
            if start is None or start <= free_from:
                continue
            reason, beyond = two.clash(start)
            if reason is None:
                return Slot(start, wanted_at=wanted, why=why)
            score = (beyond, abs((other - day).days), abs(of_day - minute))
            if reason == "outside_hours" and (spare is None or score < spare[0]):
                spare = (score, Slot(start, outside_hours=True, wanted_at=wanted, why=why))
        if stretch and spare is not None:  # no hour is shared anyway: the nearest day is best
            break
    if spare is None:
        raise NoCommonTime
    return spare[1]


def _days_around(day: date, earliest: date, latest: date) -> Iterator[date]:
    """Days of a span by their distance from one of them, the later of two first."""
    span = [earliest + timedelta(days=number) for number in range((latest - earliest).days + 1)]
    return iter(sorted(span, key=lambda each: (abs((each - day).days), each < day)))


def free(mentor: Diary, mentee: Diary, *, after: datetime, until: datetime, minutes: int, limit: int) -> list[Slot]:
    """Free times between two moments, at most three a day and two hours apart, earliest first.

    Where the two share no hours, each day's shortest stretch beyond them.
    """
    two = _Two(mentor, mentee, timedelta(minutes=minutes))
    found: list[Slot] = []
    spare: dict[date, tuple[int, Slot]] = {}
    day, final = two.day_of(after), two.day_of(until)
    while day <= final and len(found) < limit:
        today: list[Slot] = []
        for minute in range(0, 24 * 60, STEP):
            start = two.at(day, minute)
            if start is None or not after < start <= until or len(today) == A_DAY:
                continue
            why, beyond = two.clash(start)
            if why is None and (not today or start - today[-1].starts_at >= APART):
                today.append(Slot(start))
            elif why == "outside_hours" and (day not in spare or beyond < spare[day][0]):
                spare[day] = (beyond, Slot(start, outside_hours=True))
        found += today
        day += timedelta(days=1)
    if not found and spare:
        least = min(beyond for beyond, _ in spare.values())
        found = [slot for beyond, slot in spare.values() if beyond <= 2 * least]
    return found[:limit]
