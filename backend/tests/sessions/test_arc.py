"""Times that suit two people, without a database: rhythm, holidays, hours, clocks that change."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from vuoro.sessions.arc import Diary, NoCommonTime, Window, free, propose

HELSINKI, STOCKHOLM = ZoneInfo("Europe/Helsinki"), ZoneInfo("Europe/Stockholm")
FINN, SWEDE = Diary(HELSINKI, "FI"), Diary(STOCKHOLM, "SE")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
KICKOFF = {"starts_on": date(2026, 12, 1), "after": NOW, "minutes": 45, "count": 6, "weeks": 4}


def local(slot, zone):
    return slot.starts_at.astimezone(zone)


def test_six_sessions_stand_four_weeks_apart_at_the_same_local_time():
    slots = propose(FINN, SWEDE, **KICKOFF)
    assert [slot.starts_at.date() for slot in slots] == [date(2026, 12, 1) + timedelta(weeks=4 * n) for n in range(6)]
    assert {local(slot, HELSINKI).time() for slot in slots} == {time(10)}
    assert {local(slot, STOCKHOLM).time() for slot in slots} == {time(9)}
    assert {slot.starts_at.hour for slot in slots} == {7, 8}  # summer time began in between
    assert not any(slot.why or slot.outside_hours for slot in slots)


def test_where_clocks_change_on_different_days_the_mentors_time_stays():
    york = Diary(ZoneInfo("America/New_York"), "US", windows=tuple(Window(day, 7 * 60, 17 * 60) for day in range(5)))
    slots = propose(FINN, york, starts_on=date(2027, 3, 9), after=NOW, minutes=45, count=4, weeks=1, at=time(15))
    assert {local(slot, HELSINKI).time() for slot in slots} == {time(15)}
    # New York changes on 14 March, Helsinki on 28 March: in between the two are six hours apart, not seven.
    assert [local(slot, york.zone).hour for slot in slots] == [8, 9, 9, 8]


def test_a_holiday_of_either_country_moves_a_session_to_the_nearest_free_day():
    on_fridays = {**KICKOFF, "starts_on": date(2027, 6, 4), "count": 2, "weeks": 3, "weekday": 4, "at": time(10)}
    slots = propose(FINN, SWEDE, **on_fridays)
    assert local(slots[1], HELSINKI).replace(tzinfo=None) == datetime(2027, 6, 24, 10)  # Midsummer Eve is the 25th
    assert (slots[1].why, slots[1].wanted_at) == ("holiday", datetime(2027, 6, 25, 7, tzinfo=UTC))
    sunday_first = {**KICKOFF, "starts_on": date(2026, 12, 6), "count": 1, "weekday": 6}
    assert propose(FINN, SWEDE, **sunday_first)[0].why == "weekend"
    independence = {**KICKOFF, "starts_on": date(2027, 12, 6), "count": 1, "weekday": 0, "at": time(10)}
    assert propose(SWEDE, SWEDE, **independence)[0].why is None
    assert propose(SWEDE, FINN, **independence)[0].why == "holiday"
    christmas_eve = {**KICKOFF, "starts_on": date(2026, 12, 24), "count": 1, "weekday": 3}
    assert propose(SWEDE, SWEDE, **christmas_eve)[0].why == "holiday"


def test_a_time_taken_by_another_meeting_moves_within_its_day():
    taken = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    busy = Diary(STOCKHOLM, "SE", busy=((taken, taken + timedelta(hours=1)),))
    slots = propose(FINN, busy, **{**KICKOFF, "weekday": 1, "at": time(10)})
    assert (slots[0].why, local(slots[0], HELSINKI)) == ("busy", datetime(2026, 12, 1, 11, 0, tzinfo=HELSINKI))
    assert all(slot.why is None for slot in slots[1:])


def test_availability_of_both_decides_over_the_usual_hours():
    early = Diary(HELSINKI, "FI", windows=(Window(3, 8 * 60, 9 * 60), Window(1, 13 * 60, 16 * 60)))
    late = Diary(STOCKHOLM, "SE", windows=(Window(1, 13 * 60, 14 * 60),))
    slots = propose(early, late, **KICKOFF)
    assert {(local(slot, HELSINKI).weekday(), local(slot, HELSINKI).time()) for slot in slots} == {(1, time(14))}


def test_two_who_share_no_hours_get_the_shortest_stretch_and_are_told():
    sydney = Diary(ZoneInfo("Australia/Sydney"), "AU")
    slots = propose(FINN, sydney, **KICKOFF)
    assert all(slot.outside_hours for slot in slots)
    assert {local(slot, HELSINKI).time() for slot in slots} == {time(9)}  # the junior's day begins, the other's is over
    assert len({slot.starts_at.astimezone(HELSINKI).weekday() for slot in slots if slot.why is None}) == 1
    assert all(
        slot.outside_hours for slot in free(FINN, sydney, after=NOW, until=NOW + timedelta(14), minutes=45, limit=9)
    )


def test_a_zone_off_the_hour_keeps_its_own_full_hours():
    slots = propose(Diary(ZoneInfo("Asia/Kathmandu"), "NP"), FINN, **KICKOFF)
    assert {slot.starts_at.minute for slot in slots} == {15}
    assert not any(slot.outside_hours for slot in slots)


def test_a_country_without_data_and_a_year_without_holidays_still_have_weekends():
    nowhere = Diary(HELSINKI, "XX")
    assert len(propose(nowhere, Diary(HELSINKI), **KICKOFF)) == 6
    far = {**KICKOFF, "starts_on": date(2150, 1, 5), "after": datetime(2150, 1, 1, tzinfo=UTC)}
    assert all(local(slot, HELSINKI).weekday() < 5 for slot in propose(FINN, SWEDE, **far))


def test_a_weekend_is_the_countrys_own():
    israel = Diary(ZoneInfo("Asia/Jerusalem"), "IL")
    slots = propose(israel, israel, **{**KICKOFF, "weekday": 6})
    assert next(local(slot, israel.zone).weekday() for slot in slots) == 6
    assert all(local(slot, israel.zone).weekday() not in (4, 5) for slot in slots)


def test_a_time_that_the_clocks_skip_is_never_proposed():
    night = Diary(HELSINKI, "FI", windows=(Window(6, 0, 24 * 60 - 1),))
    slots = propose(night, night, **{**KICKOFF, "starts_on": date(2027, 3, 28), "count": 1, "at": time(3, 30)})
    assert local(slots[0], HELSINKI).weekday() < 5


def test_nothing_is_proposed_where_nothing_is_free():
    always = Diary(HELSINKI, "FI", busy=((NOW, NOW + timedelta(days=400)),))
    with pytest.raises(NoCommonTime):
        propose(always, SWEDE, **KICKOFF)
    assert free(always, SWEDE, after=NOW, until=NOW + timedelta(days=14), minutes=45, limit=5) == []


def test_free_times_are_few_a_day_apart_and_ahead():
    found = free(FINN, SWEDE, after=NOW, until=NOW + timedelta(days=14), minutes=45, limit=100)
    by_day = {slot.starts_at.date(): 0 for slot in found}
    for slot in found:
        by_day[slot.starts_at.date()] += 1
    assert max(by_day.values()) == 3
    assert date(2026, 12, 6) not in by_day  # Sunday, and Finland's independence day
    assert all(NOW < slot.starts_at <= NOW + timedelta(days=14) for slot in found)
    assert all(later.starts_at - slot.starts_at >= timedelta(hours=2) for slot, later in itertools.pairwise(found))


ZONES = ("Europe/Helsinki", "Europe/Stockholm", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu",
         "Australia/Sydney", "Pacific/Chatham", "America/St_Johns", "UTC", "Pacific/Kiritimati")  # fmt: skip
COUNTRIES = ("FI", "SE", "US", "IN", "NP", "AU", "NZ", "IL", "XX", None)


@some.composite
def diaries(draw):
    windows = draw(
        some.lists(
            some.builds(
                lambda weekday, begins, length: Window(weekday, begins * 30, min(begins * 30 + length * 30, 1439)),
                some.integers(0, 6), some.integers(0, 40), some.integers(2, 16),
            ),
            max_size=4,
        )
    )  # fmt: skip
    starts = draw(some.lists(some.integers(0, 200 * 48), max_size=20))
    busy = tuple((NOW + timedelta(minutes=30 * at), NOW + timedelta(minutes=30 * at + 60)) for at in starts)
    return Diary(ZoneInfo(draw(some.sampled_from(ZONES))), draw(some.sampled_from(COUNTRIES)), tuple(windows), busy)


def free_of(diary, start, minutes):
    """Whether a meeting avoids the person's weekend, holidays and other meetings."""
    begin, end = start.astimezone(diary.zone), (start + timedelta(minutes=minutes)).astimezone(diary.zone)
    known = diary.country in holidays.list_supported_countries()
    calendar = holidays.country_holidays(diary.country) if known else {}
    weekend = calendar.weekend if known else {5, 6}
    return (
        begin.weekday() not in weekend and end.weekday() not in weekend
        and begin.date() not in calendar and end.date() not in calendar
        and not any(start < last and first < start + timedelta(minutes=minutes) for first, last in diary.busy)
    )  # fmt: skip


def inside(diary, start, minutes):
    """Whether a meeting lies inside the person's own hours."""
    begin = start.astimezone(diary.zone)
    first = begin.hour * 60 + begin.minute
    windows = diary.windows or [Window(day, 9 * 60, 16 * 60) for day in range(7)]
    return any(w.weekday == begin.weekday() and w.begins <= first and first + minutes <= w.ends for w in windows)


@settings(max_examples=60, deadline=None)
@given(diaries(), diaries(), some.integers(1, 6), some.sampled_from((15, 45, 60, 120)), some.integers(1, 8),
       some.integers(0, 60))  # fmt: skip
def test_whatever_the_two_diaries_say_the_rules_of_the_arc_hold(mentor, mentee, weeks, minutes, count, later):
    start = date(2026, 11, 25) + timedelta(days=later)
    try:
        slots = propose(mentor, mentee, starts_on=start, after=NOW, minutes=minutes, count=count, weeks=weeks)
    except NoCommonTime:
        return
    assert len(slots) == count
    for slot in slots:
        assert slot.starts_at > NOW
        for diary in (mentor, mentee):
            assert free_of(diary, slot.starts_at, minutes)
        kept = all(inside(diary, slot.starts_at, minutes) for diary in (mentor, mentee))
        assert slot.outside_hours is not kept
    days = [local(slot, mentor.zone).date() for slot in slots]
    for first, second in itertools.pairwise(slots):
        assert first.starts_at + timedelta(minutes=minutes) <= second.starts_at
    for first, second in itertools.pairwise(days):
        assert max(1, 7 * (weeks - 1)) <= (second - first).days <= 7 * (weeks + 2)


def test_a_weekly_talk_that_gave_way_by_a_week_does_not_meet_the_next_one():
    wednesdays = (Window(2, 0, 60),)
    slots = propose(
        Diary(ZoneInfo("Asia/Kolkata"), "FI"), Diary(ZoneInfo("America/New_York"), "FI", wednesdays),
        starts_on=date(2026, 12, 17), after=NOW, minutes=15, count=4, weeks=1,
    )  # fmt: skip
    assert any(slot.why == "holiday" for slot in slots)  # Epiphany is a Wednesday in 2027
    days = [local(slot, ZoneInfo("Asia/Kolkata")).date() for slot in slots]
    assert days == sorted(set(days))


@settings(max_examples=40, deadline=None)
@given(diaries(), diaries(), some.integers(1, 30))
def test_free_times_are_free_and_inside_hours_when_any_are(mentor, mentee, days):
    until = NOW + timedelta(days=days)
    for slot in free(mentor, mentee, after=NOW, until=until, minutes=45, limit=50):
        assert NOW < slot.starts_at <= until
        for diary in (mentor, mentee):
            assert free_of(diary, slot.starts_at, 45)
            assert slot.outside_hours or inside(diary, slot.starts_at, 45)
