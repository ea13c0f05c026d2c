"""The whole arc booked in one action (S2), shadows, overlaps, and times that suit both."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sessions.meetings import at, body, moment, set_pair, signed_pair
from support.contract import problem

from vuoro.core import clock as time
from vuoro.programs.models import Program
from vuoro.sessions import times
from vuoro.sessions.arc import Window

HELSINKI = ZoneInfo("Europe/Helsinki")


def arc_of(pair):
    return f"/v1/pairs/{pair.pair_id}/arc"


async def sessions_of(pair):
    return (await pair.mentor.get(f"/v1/pairs/{pair.pair_id}/sessions", params={"limit": 100})).json()["items"]


async def set_program(databases, world, pair, **settings):
    async with databases.app.transaction(world["noa"].actor) as db:
        from vuoro.pairs.models import Pair

        program = await db.locked(Program, (await db.locked(Pair, pair.pair_id)).program_id)
        program.settings = {**program.settings, **settings}


async def test_the_arc_is_shown_then_booked_as_shown_in_one_action(pair):
    shown = (await pair.mentee.get(arc_of(pair))).json()
    assert (shown["time_zone"], shown["time"], shown["minutes"], shown["weeks_between"]) == (
        "Europe/Helsinki", "10:00", 45, 4,
    )  # fmt: skip
    assert [one["number"] for one in shown["items"]] == [1, 2, 3, 4, 5, 6]
    assert shown["can"]["book"]["allowed"]
    assert await sessions_of(pair) == []
    booked = await pair.mentee.post(arc_of(pair))
    assert booked.status_code == 201, booked.text
    items = booked.json()["items"]
    assert [(one["number"], one["kit"], one["starts_at"], one["ends_at"]) for one in items] == [
        (one["number"], one["kit"], one["starts_at"], one["ends_at"]) for one in shown["items"]
    ]
    assert {one["state"] for one in items} == {"scheduled"}
    assert {moment(one["starts_at"]).astimezone(HELSINKI).hour for one in items} == {10}
    assert len({moment(one["starts_at"]).hour for one in items}) == 2  # daylight saving began in between
    after = (await pair.mentor.get(arc_of(pair))).json()
    assert (after["items"], after["can"]["book"]) == ([], {"allowed": False, "reason": "arc_booked"})
    problem(await pair.mentor.post(arc_of(pair)), 409, "arc_booked")


async def test_another_day_and_time_are_taken_and_what_was_moved_says_why(pair):
    wanted = {"starts_on": "2026-12-25", "weekday": 4, "time": "13:30"}
    shown = (await pair.mentor.get(arc_of(pair), params=wanted)).json()
    assert (shown["weekday"], shown["time"]) == (4, "13:30")
    first = shown["items"][0]
    assert (first["why"], first["wanted_at"]) == ("holiday", "2026-12-25T11:30:00.000Z")
    booked = await pair.mentor.post(arc_of(pair), json=wanted)
    assert [one["starts_at"] for one in booked.json()["items"]] == [one["starts_at"] for one in shown["items"]]


async def test_times_by_name_are_booked_as_they_are_in_the_order_of_the_arc(pair):
    starts = [at(days=day) for day in (5, 12, 40)]
    items = (await pair.mentor.post(arc_of(pair), json={"starts_at": starts})).json()["items"]
    assert [(one["number"], moment(one["starts_at"])) for one in items] == [
        (number, moment(start)) for number, start in enumerate(starts, 1)
    ]
    rest = (await pair.mentee.post(arc_of(pair))).json()["items"]
    assert [one["number"] for one in rest] == [1, 2, 3, 4, 5, 6]
    days = [moment(one["starts_at"]).date() for one in rest]
    assert (days[3] - days[2]).days >= 28


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"starts_at": ["2026-11-24T08:00:00Z"]}, "not_in_future"),
        ({"starts_at": ["2026-12-02T08:00:00Z", "2029-12-02T08:00:00Z"]}, "not_in_future"),
        ({"starts_at": ["2026-12-02T08:00:00Z", "2026-12-01T08:00:00Z"]}, "in_order"),
        ({"starts_at": [f"2026-12-{day:02}T08:00:00Z" for day in range(1, 8)]}, "too_many"),
        ({"starts_at": []}, "too_short"),
        ({"starts_at": ["2026-12-02T08:00:00Z"], "weekday": 1}, "one_of"),
        ({"starts_on": "2026-11-23"}, "not_in_future"),
        ({"starts_on": "2029-01-01"}, "not_in_future"),
        ({"starts_on": "2028-10-20"}, "too_far"),
        ({"starts_on": "0001-01-01"}, "not_in_future"),
        ({"starts_on": "9999-12-31"}, "not_in_future"),
        ({"weekday": 7}, "less_than_equal"),
        ({"time": "24:00"}, "string_pattern_mismatch"),
        ({"colour": "red"}, "extra_forbidden"),
    ],
)
async def test_a_wrong_arc_is_refused_and_books_nothing(pair, wrong, code):
    fault = problem(await pair.mentor.post(arc_of(pair), json=wrong), 422, "validation_failed")
    assert fault["errors"][0]["code"] == code
    assert await sessions_of(pair) == []


async def test_an_arc_that_clashes_midway_books_nothing_at_all(pair):
    await pair.plan(days=20, number=4)
    starts = [at(days=day) for day in (3, 10, 20.01)]
    fault = problem(await pair.mentor.post(arc_of(pair), json={"starts_at": starts}), 409, "overlaps")
    assert fault["params"] == {"pointer": "/starts_at/2"}
    close = [at(days=3), at(days=3.01)]
    problem(await pair.mentor.post(arc_of(pair), json={"starts_at": close}), 409, "overlaps")
    assert len(await sessions_of(pair)) == 1


async def test_an_arc_is_booked_once_however_often_and_by_whomever_it_is_sent(pair):
    answers = await asyncio.gather(*(who.post(arc_of(pair)) for who in (pair.mentor, pair.mentee, pair.mentor)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert [one["number"] for one in await sessions_of(pair)] == [1, 2, 3, 4, 5, 6]


async def test_the_same_key_books_one_arc_and_answers_alike(pair):
    headers = {"Idempotency-Key": "arc-1"}
    first, second = [await pair.mentor.post(arc_of(pair), json={}, headers=headers) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


async def test_what_is_booked_ahead_moves_only_when_asked_and_each_counts_as_a_move(pair):
    first = (await pair.mentor.post(arc_of(pair))).json()["items"]
    await pair.mentor.put(f"/v1/sessions/{first[0]['id']}/agenda", json={"text": "Keep me"})
    again = await pair.mentee.post(arc_of(pair), json={"replace_open": True, "weekday": 2, "time": "14:00"})
    items = again.json()["items"]
    assert [one["id"] for one in items] == [one["id"] for one in first]
    assert {(one["state"], one["moves"]) for one in items} == {("proposed", 1)}
    assert {moment(one["starts_at"]).astimezone(HELSINKI).hour for one in items} == {14}
    assert items[0]["agenda"] == "Keep me"
    assert not items[0]["can"]["schedule"]["allowed"]
    assert (await pair.mentor.post(f"/v1/sessions/{items[0]['id']}/schedule")).status_code == 200
    await pair.mentor.post(arc_of(pair), json={"replace_open": True, "weekday": 3, "time": "14:00"})
    answer = await pair.mentor.post(arc_of(pair), json={"replace_open": True, "weekday": 1, "time": "11:00"})
    problem(answer, 409, "no_moves_left")
    assert {moment(one["starts_at"]).astimezone(HELSINKI).weekday() for one in await sessions_of(pair)} == {3}


async def test_a_program_sets_the_arcs_length_rhythm_and_minutes(pair, databases, world):
    await set_program(databases, world, pair, weeks_between=2, session_minutes=60)
    await set_pair(databases.app, world["noa"], pair.pair_id, sessions_planned=3)
    items = (await pair.mentor.post(arc_of(pair))).json()["items"]
    assert len(items) == 3
    for one in items:
        assert moment(one["ends_at"]) - moment(one["starts_at"]) == timedelta(minutes=60)
    for first, second in pairwise(items):
        assert 7 <= (moment(second["starts_at"]) - moment(first["starts_at"])).days <= 28


@pytest.mark.parametrize("state", ["paused", "closing", "ended_early", "suspended_conflict"])
async def test_only_an_active_pair_that_signed_books_its_arc(pair, databases, world, state):
    await set_pair(databases.app, world["noa"], pair.pair_id, mentor_signed_at=None)
    problem(await pair.mentor.post(arc_of(pair)), 409, "agreement_missing")
    shown = (await pair.mentor.get(arc_of(pair))).json()
    assert shown["can"]["book"] == {"allowed": False, "reason": "agreement_missing"}
    await set_pair(databases.app, world["noa"], pair.pair_id, state=state, mentor_signed_at=time.now())
    problem(await pair.mentor.post(arc_of(pair)), 409, "pair_not_active")


async def test_a_time_taken_in_another_pair_is_left_free_and_not_told(pair, api, world, databases):
    other = await signed_pair(databases.app, world, world["emil"], world["maria"])
    shown = (await pair.mentor.get(arc_of(pair))).json()["items"]
    taken = {**body(), "starts_at": shown[0]["starts_at"]}
    hidden = (await api(world["emil"]).post(f"/v1/pairs/{other}/sessions", json=taken)).json()
    after = await pair.mentor.get(arc_of(pair))
    assert after.json()["items"][0]["starts_at"] != shown[0]["starts_at"]
    free = await pair.mentor.get(f"/v1/pairs/{pair.pair_id}/free-times", params={"days": 60, "limit": 100})
    assert hidden["starts_at"] not in {one["starts_at"] for one in free.json()["items"]}
    for text in (after.text, free.text):
        assert hidden["id"] not in text
        assert str(other) not in text


async def test_no_one_outside_a_pair_reads_its_busy_times_even_by_raw_sql(pair, databases, world):
    from sqlalchemy import text

    await pair.plan()
    query = text("select count(*) from pair_busy_times(:pair, :start, :end, '{}')")
    limits = {"pair": pair.pair_id, "start": time.now(), "end": time.now() + timedelta(days=60)}
    for who, found in (("noa", 1), ("maria", 1), ("petra", 0), ("olli", 0), ("helena", 0)):
        async with databases.app.transaction(world[who].actor) as db:
            assert await db.scalar(query, limits) == found


async def test_free_times_suit_both_and_stay_within_a_moves_limit(pair):
    session = await pair.plan(days=7)
    path = f"/v1/pairs/{pair.pair_id}/free-times"
    ahead = (await pair.mentee.get(path, params={"session_id": session["id"], "limit": 100})).json()["items"]
    last = moment(session["starts_at"]) + timedelta(days=14)
    assert all(moment(one["starts_at"]) <= last for one in ahead)
    assert not any(one["outside_hours"] for one in ahead)
    assert len({one["starts_at"][:10] for one in ahead}) > 10
    moved = await pair.mentee.post(f"/v1/sessions/{session['id']}/move", json={"starts_at": ahead[-1]["starts_at"]})
    assert moved.status_code == 200
    assert len((await pair.mentor.get(path, params={"days": 3, "limit": 2})).json()["items"]) == 2
    problem(await pair.mentor.get(path, params={"days": 61}), 422, "validation_failed")
    problem(await pair.mentor.get(path, params={"session_id": str(pair.pair_id)}), 404, "not_found")


async def test_free_times_of_a_paused_pair_are_not_told(pair, databases, world):
    await set_pair(databases.app, world["noa"], pair.pair_id, state="paused")
    problem(await pair.mentee.get(f"/v1/pairs/{pair.pair_id}/free-times"), 409, "pair_not_active")


async def test_one_number_is_planned_once_when_both_mean_it(pair):
    path = f"/v1/pairs/{pair.pair_id}/sessions"
    sent = [body(days=day, number=1) for day in (7, 8)]
    answers = await asyncio.gather(pair.mentor.post(path, json=sent[0]), pair.mentee.post(path, json=sent[1]))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    problem(next(answer for answer in answers if answer.status_code == 409), 409, "already_planned")
    assert len(await sessions_of(pair)) == 1


async def test_two_sessions_of_a_pair_never_overlap(pair):
    first = await pair.plan(days=7)
    path = f"/v1/pairs/{pair.pair_id}/sessions"
    problem(await pair.mentee.post(path, json=body(days=7.02)), 409, "overlaps")
    right_after = await pair.mentee.post(path, json={**body(), "starts_at": first["ends_at"]})
    assert right_after.status_code == 201
    answer = await pair.mentor.post(f"/v1/sessions/{right_after.json()['id']}/move", json={"starts_at": at(days=7)})
    problem(answer, 409, "overlaps")


async def test_a_shadow_stands_outside_the_arc(pair, clock, databases, world):
    shadow = await pair.plan(days=2, kit="shadow")
    assert (shadow["number"], shadow["kit"]) == (None, "shadow")
    assert (await pair.plan(days=3, kit="shadow"))["number"] is None
    assert (await pair.plan(days=4))["number"] == 1
    clock.freeze(shadow["ends_at"])
    held = (await pair.mentor.post(f"/v1/sessions/{shadow['id']}/hold")).json()
    assert (held["state"], held["my_pulse"]) == ("held", "none")
    rhythm = (await pair.mentor.get(f"/v1/pairs/{pair.pair_id}")).json()["rhythm"]
    assert (rhythm["held"], rhythm["planned"]) == (0, 6)
    kit = (await pair.mentor.get(f"/v1/sessions/{shadow['id']}/agenda")).json()["kit"]
    assert kit["key"] == "shadow"


async def test_a_pair_that_stays_in_touch_plans_and_moves_at_will(pair, databases, world):
    await set_pair(databases.app, world["noa"], pair.pair_id, state="stay_in_touch", sessions_planned=1)
    planned = [await pair.plan(days=day) for day in (2, 4, 6)]
    assert [one["number"] for one in planned] == [1, 2, 3]
    assert planned[2]["can"]["move"]["allowed"]


def test_availability_is_read_as_enrollments_keep_it():
    assert times.windows([{"weekday": 1, "from": "09:00", "to": "11:30"}]) == (Window(1, 540, 690),)
    assert times.windows([]) == ()


async def test_todays_next_talk_brings_its_kit_in_the_same_answer(pair):
    session = await pair.plan(days=3)
    deep = (await pair.mentor.get("/v1/me/today")).json()["deep"]
    assert (deep["session"]["id"], deep["session"]["kit"]) == (session["id"], session["kit"])
    assert deep["kit"] == (await pair.mentor.get(f"/v1/kits/{session['kit']}")).json()
