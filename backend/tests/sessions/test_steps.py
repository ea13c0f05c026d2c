"""Holding, moving, confirming and cancelling a session; what is legal when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sessions.meetings import at, get_pair, moment, set_pair
from support.contract import etag_of, problem

from vuoro.pairs.states import OPEN as OPEN_PAIRS
from vuoro.pairs.states import OVER as OVER_PAIRS
from vuoro.sessions import states
from vuoro.sessions.models import Session

ACTIONS = {
    "hold": None,
    "move": {"starts_at": "2026-12-10T09:00:00Z"},
    "schedule": None,
    "cancel": {"reason_class": "work"},
}


async def act(client, session, action, **sent):
    return await client.post(f"/v1/sessions/{session['id']}/{action}", json=sent or ACTIONS[action])


async def put_into(databases, world, session, state):
    async with databases.app.transaction(world["noa"].actor) as db:
        row = await db.locked(Session, session["id"])
        row.state = state


def allowed(session):
    return {name for name, answer in session["can"].items() if answer["allowed"]}


async def test_a_new_session_can_be_moved_and_cancelled_and_not_yet_held(pair):
    session = await pair.plan()
    assert allowed(session) == {"move", "cancel", "edit", "edit_agenda", "edit_kit", "share_note"}
    assert session["can"]["hold"] == {"allowed": False, "reason": "too_early"}
    assert session["can"]["schedule"] == {"allowed": False, "reason": "wrong_state"}
    assert session["can"]["give_pulse"] == {"allowed": False, "reason": "not_due"}


async def test_a_session_is_held_from_fifteen_minutes_before_its_start(pair, clock):
    session = await pair.plan()
    clock.freeze(moment(session["starts_at"]) - timedelta(minutes=15, seconds=1))
    problem(await act(pair.mentor, session, "hold"), 409, "too_early")
    clock.advance(seconds=1)
    assert (await pair.mentor.get(f"/v1/sessions/{session['id']}")).json()["can"]["hold"]["allowed"]
    held = await act(pair.mentee, session, "hold")
    assert (held.json()["state"], held.json()["version"]) == ("held", session["version"] + 1)
    assert allowed(held.json()) == {"share_note", "give_pulse"}


async def test_a_move_proposes_a_time_that_the_other_confirms(pair, databases, world):
    session = await pair.plan()
    moved = await act(pair.mentee, session, "move", starts_at=at(days=9), minutes=60)
    assert (moved.json()["state"], moved.json()["moves"]) == ("proposed", 1)
    assert moment(moved.json()["ends_at"]) - moment(moved.json()["starts_at"]) == timedelta(minutes=60)
    assert moved.json()["can"]["schedule"] == {"allowed": False, "reason": "not_your_turn"}
    assert (await get_pair(databases.app, world["noa"], pair.pair_id)).next_starts_at is None
    problem(await act(pair.mentee, session, "schedule"), 409, "not_your_turn")
    confirmed = await act(pair.mentor, session, "schedule")
    assert confirmed.json()["state"] == "scheduled"
    assert (await get_pair(databases.app, world["noa"], pair.pair_id)).next_starts_at == moment(
        confirmed.json()["starts_at"]
    )


async def test_a_move_keeps_length_and_zone_that_it_does_not_name(pair):
    session = await pair.plan(time_zone="Europe/Stockholm")
    moved = (await act(pair.mentor, session, "move", starts_at=at(days=9))).json()
    assert moved["time_zone"] == "Europe/Stockholm"
    assert moment(moved["ends_at"]) - moment(moved["starts_at"]) == timedelta(minutes=45)
    moved = (await act(pair.mentor, session, "move", starts_at=at(days=10), time_zone="UTC")).json()
    assert moved["time_zone"] == "UTC"


async def test_a_session_moves_twice_at_most_and_both_read_the_moves(pair, clock, world):
    session = await pair.plan()
    await act(pair.mentor, session, "move", starts_at=at(days=8))
    clock.advance(seconds=1)
    second = await act(pair.mentee, session, "move", starts_at=at(days=9))
    assert second.json()["can"]["move"] == {"allowed": False, "reason": "no_moves_left"}
    problem(await act(pair.mentor, session, "move", starts_at=at(days=10)), 409, "no_moves_left")
    for client in (pair.mentor, pair.mentee):
        moves = (await client.get(f"/v1/sessions/{session['id']}/moves")).json()["items"]
        assert [move["moved_by"]["id"] for move in moves] == [str(world["noa"].id), str(world["maria"].id)]
        assert [moves[0]["from_starts_at"], moves[1]["from_starts_at"]] == [
            session["starts_at"], moves[0]["to_starts_at"],
        ]  # fmt: skip


async def test_a_session_moves_into_the_future_alone(pair):
    session = await pair.plan()
    answer = await act(pair.mentor, session, "move", starts_at=at(days=-1))
    assert problem(answer, 422, "validation_failed")["errors"][0]["code"] == "not_in_future"


async def test_a_proposed_session_that_took_place_is_held(pair, clock):
    session = await pair.plan()
    await act(pair.mentor, session, "move", starts_at=at(days=9))
    clock.advance(days=9)
    assert (await act(pair.mentee, session, "hold")).json()["state"] == "held"


async def test_a_cancellation_tells_neither_who_nor_why(pair, databases, world):
    session = await pair.plan()
    cancelled = await act(pair.mentee, session, "cancel", reason_class="illness")
    assert cancelled.json()["state"] == "cancelled"
    assert allowed(cancelled.json()) == set()
    seen = (await pair.mentor.get(f"/v1/sessions/{session['id']}")).text
    assert "illness" not in seen
    told = (await pair.mentor.get(f"/v1/sessions/{session['id']}")).json()
    assert (told["my_cancellation"], cancelled.json()["my_cancellation"]) == (None, "private")
    row = await get_pair(databases.app, world["noa"], pair.pair_id)
    assert (row.next_starts_at, row.sessions_held) == (None, 0)
    async with databases.app.transaction(world["maria"].actor) as db:
        stored = await db.locked(Session, session["id"])
        assert (stored.reason_class, stored.cancelled_by) == ("illness", world["maria"].id)


async def test_a_reason_is_one_of_four(pair):
    session = await pair.plan()
    problem(await act(pair.mentor, session, "cancel", reason_class="boring"), 422, "validation_failed")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", ["held", "cancelled", "lapsed"])
async def test_a_session_that_is_over_takes_no_step(pair, databases, world, clock, state, action):
    session = await pair.plan()
    await put_into(databases, world, session, state)
    clock.advance(days=7)
    fault = problem(await act(pair.mentor, session, action), 409, "illegal_transition")
    assert fault["params"] == {"state": state, "legal": []}


async def test_an_illegal_step_names_the_legal_ones(pair):
    session = await pair.plan()
    fault = problem(await act(pair.mentee, session, "schedule"), 409, "illegal_transition")
    assert fault["params"] == {"state": "scheduled", "legal": ["proposed", "held", "cancelled", "missed"]}


@pytest.mark.parametrize(("state", "possible"), [
    ("paused", {"hold", "cancel", "edit", "edit_agenda", "edit_kit", "share_note"}),
    ("suspended_conflict", {"cancel"}),
    ("ended_early", {"cancel"}),
])  # fmt: skip
async def test_what_is_possible_follows_the_pairs_state(pair, databases, world, clock, state, possible):
    session = await pair.plan()
    await set_pair(databases.app, world["noa"], pair.pair_id, state=state)
    clock.advance(days=7)
    assert allowed((await pair.mentor.get(f"/v1/sessions/{session['id']}")).json()) == possible
    problem(await act(pair.mentor, session, "move", starts_at=at(days=9)), 409, "pair_not_active")
    if "hold" not in possible:
        problem(await act(pair.mentor, session, "hold"), 409, "pair_not_active")


async def test_place_and_address_change_with_if_match(pair):
    session = await pair.plan(place="Cafe", meeting_url="https://meet.example/1")
    path = f"/v1/sessions/{session['id']}"
    problem(await pair.mentor.patch(path, json={"place": "Park"}), 428, "precondition_required")
    read = await pair.mentor.get(path)
    changed = await pair.mentor.patch(path, json={"place": "Park", "meeting_url": None}, headers=etag_of(read))
    assert (changed.json()["place"], changed.json()["meeting_url"]) == ("Park", None)
    problem(await pair.mentee.patch(path, json={"place": "Sea"}, headers=etag_of(read)), 412, "precondition_failed")
    merged = await pair.mentee.patch(
        path, content=b'{"place": null}', headers={**etag_of(changed), "Content-Type": "application/merge-patch+json"}
    )
    assert merged.json()["place"] is None
    bad = await pair.mentee.patch(path, json={"meeting_url": "ftp://x"}, headers=etag_of(merged))
    problem(bad, 422, "validation_failed")


async def test_sessions_that_nobody_confirmed_lapse_after_two_weeks(pair, clock, run_jobs, databases, world):
    session = await pair.plan(days=1)
    clock.freeze(moment(session["ends_at"]) + states.LAPSES_AFTER)
    await run_jobs(tick=True)
    path = f"/v1/sessions/{session['id']}"
    assert (await pair.mentor.get(path)).json()["state"] == "scheduled"
    clock.advance(seconds=1)
    await run_jobs(tick=True)
    assert (await pair.mentor.get(path)).json()["state"] == "lapsed"


async def test_the_sessions_of_a_pair_that_is_over_lapse(pair, run_jobs, databases, world):
    session = await pair.plan()
    await set_pair(databases.app, world["noa"], pair.pair_id, state="ended_early")
    await run_jobs(tick=True)
    assert (await pair.mentor.get(f"/v1/sessions/{session['id']}")).json()["state"] == "lapsed"
    assert (await get_pair(databases.app, world["noa"], pair.pair_id)).next_starts_at is None


async def test_the_next_session_rolls_on_as_time_passes(pair, clock, run_jobs, databases, world):
    await pair.plan(days=1)
    later = await pair.plan(days=5)
    clock.advance(days=2)
    await run_jobs(tick=True)
    assert (await get_pair(databases.app, world["noa"], pair.pair_id)).next_starts_at == moment(later["starts_at"])
    clock.advance(days=5)
    await run_jobs(tick=True)
    assert (await get_pair(databases.app, world["noa"], pair.pair_id)).next_starts_at is None


def test_every_step_of_the_table_leads_to_a_known_state():
    assert set(states.STEPS) == {"proposed", "scheduled", "held", "cancelled", "missed", "lapsed"}
    for following in states.STEPS.values():
        assert set(following) <= set(states.STEPS)
        assert {actor for actors in following.values() for actor in actors} <= {"member", "other", "delegate", "system"}


TARGETS = {"schedule": "scheduled", "hold": "held", "move": "proposed", "cancel": "cancelled", "miss": "missed"}


@given(
    some.builds(
        states.Facts,
        part=some.sampled_from(("mentor", "mentee", "delegate")),
        state=some.sampled_from(sorted(states.STEPS)),
        pair_state=some.sampled_from((*OPEN_PAIRS, *OVER_PAIRS)),
        number=some.sampled_from((None, 1, 2)),
        starts_at=some.just(moment("2026-12-01T08:00:00Z")),
        ends_at=some.just(moment("2026-12-01T08:45:00Z")),
        latest_start=some.sampled_from((moment("2026-12-01T08:00:00Z"), moment("2026-12-03T08:00:00Z"))),
        moves=some.integers(0, 3),
        moves_allowed=some.integers(0, 3),
        now=some.datetimes(datetime(2026, 11, 25), datetime(2026, 12, 20), timezones=some.just(UTC)),
    )
)
def test_what_is_possible_is_always_a_step_of_the_table(facts):
    legal = states.steps(facts.state, states.actors(facts.part, moved_last=facts.moved_last))
    for action, to in TARGETS.items():
        if states.obstacle(action, facts) is None:
            assert to in legal or (action, facts.state) == ("miss", "missed")
            assert facts.state not in ("held", "cancelled", "lapsed")
            assert facts.pair_state in states.PAIR_TALKS or action == "cancel"
            assert facts.part != "delegate" or action in ("schedule", "move")
    if facts.part == "delegate":
        assert [action for action in states.ACTIONS if states.obstacle(action, facts) is None] == [
            action for action in ("schedule", "move", "edit") if states.obstacle(action, facts) is None
        ]
