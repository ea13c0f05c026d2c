"""Moving by offering several times, missing, the first cancellation's private word, primers."""

import asyncio
from datetime import timedelta

import pytest
from sessions.meetings import at, get_pair, moment, set_pair, signed_pair
from sqlalchemy import update
from support.contract import problem

from vuoro.programs.models import Enrollment, Program
from vuoro.sessions.models import Session


def path(session, action=""):
    return f"/v1/sessions/{session['id']}" + (f"/{action}" if action else "")


async def over(pair, clock, **more):
    """A session whose time has gone by."""
    session = await pair.plan(**more)
    clock.freeze(session["ends_at"])
    return session


async def test_the_other_side_picks_one_of_the_offered_times(pair):
    session = await pair.plan()
    offered = [at(days=12), at(days=9), at(days=10)]
    moved = (await pair.mentee.post(path(session, "move"), json={"slots": offered})).json()
    assert [moment(slot) for slot in moved["slots"]] == sorted(moment(slot) for slot in offered)
    assert (moved["state"], moved["starts_at"], moved["moves"]) == ("proposed", moved["slots"][0], 1)
    mine = (await pair.mentor.get(path(session))).json()
    assert (mine["next_action"], mine["can"]["schedule"]["allowed"]) == ("confirm_session", True)
    wrong = await pair.mentor.post(path(session, "schedule"), json={"starts_at": at(days=11)})
    assert problem(wrong, 422, "validation_failed")["errors"][0]["code"] == "not_offered"
    picked = (await pair.mentor.post(path(session, "schedule"), json={"starts_at": offered[0]})).json()
    assert (picked["state"], picked["slots"], moment(picked["starts_at"])) == ("scheduled", [], moment(offered[0]))
    assert moment(picked["ends_at"]) - moment(picked["starts_at"]) == timedelta(minutes=45)
    (told,) = (await pair.mentee.get(path(session, "moves"))).json()["items"]
    assert (told["to_starts_at"], len(told["slots"]), told["from_starts_at"]) == (
        picked["starts_at"], 3, session["starts_at"],
    )  # fmt: skip


async def test_a_time_that_went_by_is_not_picked_and_a_later_one_is(pair, clock):
    session = await pair.plan()
    await pair.mentee.post(path(session, "move"), json={"slots": [at(days=2), at(days=9)]})
    clock.advance(days=3)
    problem(await pair.mentor.post(path(session, "schedule")), 409, "slot_passed")
    assert (await pair.mentor.post(path(session, "schedule"), json={"starts_at": at(days=6)})).status_code == 200
    moved = (await pair.mentee.post(path(session, "move"), json={"slots": [at(days=7), at(days=8)]})).json()
    clock.freeze(moved["slots"][-1])
    problem(await pair.mentor.post(path(session, "schedule")), 409, "already_over")


@pytest.mark.parametrize(
    ("sent", "code", "pointer"),
    [
        ({}, "one_of", ""),
        ({"slots": [9]}, "too_short", "/slots"),
        ({"slots": [1, 2, 3, 4, 5, 6]}, "too_long", "/slots"),
        ({"slots": [9, 9]}, "each_once", ""),
        ({"slots": [9, -1]}, "not_in_future", "/slots/1"),
        ({"slots": [9, 22]}, "too_far", "/slots/1"),
        ({"starts_at": 22}, "too_far", "/starts_at"),
        ({"starts_at": 9, "slots": [9, 10]}, "one_of", ""),
    ],
)
async def test_a_move_that_cannot_be_is_named_with_its_place(pair, sent, code, pointer):
    session = await pair.plan()
    sent = {
        name: at(days=days) if name == "starts_at" else [at(days=day) for day in days] for name, days in sent.items()
    }
    fault = problem(await pair.mentee.post(path(session, "move"), json=sent), 422, "validation_failed")["errors"][0]
    assert (fault["code"], fault["pointer"]) == (code, pointer)
    assert (await pair.mentee.get(path(session))).json()["version"] == session["version"]


async def test_how_often_and_how_far_a_session_moves_is_the_programs_choice(pair, databases, world):
    async with databases.app.transaction(world["noa"].actor) as db:
        await db.execute(update(Program).values(settings={"moves_per_session": 1, "move_within_days": 3}))
    session = await pair.plan()
    problem(await pair.mentor.post(path(session, "move"), json={"starts_at": at(days=11)}), 422, "validation_failed")
    assert (await pair.mentor.post(path(session, "move"), json={"starts_at": at(days=9)})).status_code == 200
    problem(await pair.mentee.post(path(session, "move"), json={"starts_at": at(days=10)}), 409, "no_moves_left")


async def test_both_move_at_once_and_one_move_and_hold_at_once_have_one_effect_each(pair, clock):
    session = await pair.plan()
    await asyncio.gather(*(who.post(path(session, "move"), json={"starts_at": at(days=9)})
                           for who in (pair.mentor, pair.mentee, pair.mentor)))  # fmt: skip
    assert (await pair.mentor.get(path(session))).json()["moves"] == 2
    other = await pair.plan(days=3, number=2)
    clock.freeze(other["starts_at"])
    answers = await asyncio.gather(
        pair.mentor.post(path(other, "hold")), pair.mentee.post(path(other, "move"), json={"starts_at": at(days=5)})
    )
    after = (await pair.mentor.get(path(other))).json()
    assert answers[0].status_code == 200 or answers[1].status_code == 200
    if after["state"] == "held":
        assert answers[1].status_code == 409 or after["moves"] == 1
    else:
        assert (after["state"], answers[0].status_code) == ("proposed", 409)


async def test_a_session_of_a_paused_pair_does_not_move(pair, databases, world):
    session = await pair.plan()
    await set_pair(databases.app, world["noa"], pair.pair_id, state="paused")
    fault = await pair.mentee.post(path(session, "move"), json={"slots": [at(days=9), at(days=10)]})
    problem(fault, 409, "pair_not_active")


async def test_what_is_over_is_neither_moved_nor_cancelled(pair, clock):
    session = await over(pair, clock)
    problem(await pair.mentor.post(path(session, "move"), json={"starts_at": at(days=2)}), 409, "already_over")
    problem(await pair.mentor.post(path(session, "cancel"), json={"reason_class": "work"}), 409, "already_over")


async def test_a_missed_session_says_nothing_of_who_to_the_other(pair, clock, databases, world):
    session = await pair.plan()
    problem(await pair.mentor.post(path(session, "miss"), json={"who": "me"}), 409, "not_over")
    clock.freeze(session["ends_at"])
    missed = (await pair.mentee.post(path(session, "miss"), json={"who": "them"})).json()
    assert (missed["state"], missed["version"]) == ("missed", session["version"] + 1)
    problem(await pair.mentee.post(path(session, "miss"), json={"who": "me"}), 409, "already_said")
    seen = (await pair.mentor.get(path(session))).json()
    assert "them" not in str(seen)
    assert (seen["state"], seen["can"]["miss"]["allowed"], seen["next_action"]) == ("missed", True, None)
    admitted = (await pair.mentor.post(path(session, "miss"), json={"who": "me"})).json()
    assert admitted["version"] == seen["version"]
    assert (await pair.mentee.get(path(session))).json() == missed
    row = await get_pair(databases.app, world["noa"], pair.pair_id)
    assert (row.sessions_held, row.next_starts_at) == (0, None)


async def test_that_a_session_took_place_outweighs_a_word_that_it_was_missed(pair, clock, databases, world):
    session = await over(pair, clock)
    await pair.mentee.post(path(session, "miss"), json={"who": "them"})
    held = (await pair.mentor.post(path(session, "hold"))).json()
    assert (held["state"], held["can"]["miss"]["reason"]) == ("held", "wrong_state")
    async with databases.app.transaction(world["noa"].actor) as db:
        row = await db.locked(Session, session["id"])
        assert (row.mentor_miss, row.mentee_miss) == (None, None)
    assert (await pair.mentor.get(f"/v1/pairs/{pair.pair_id}")).json()["rhythm"]["held"] == 1


async def test_a_missed_session_is_held_within_two_weeks_unless_it_was_planned_again(pair, clock):
    session = await over(pair, clock)
    await pair.mentor.post(path(session, "miss"), json={"who": "both"})
    again = await pair.plan(days=3)
    assert again["number"] == session["number"]
    problem(await pair.mentee.post(path(session, "hold")), 409, "planned_again")
    await pair.mentor.post(path(again, "cancel"), json={"reason_class": "work"})
    clock.freeze(moment(session["ends_at"]) + timedelta(days=14, seconds=1))
    problem(await pair.mentee.post(path(session, "hold")), 409, "too_late")
    clock.advance(seconds=-1)
    assert (await pair.mentee.post(path(session, "hold"))).json()["state"] == "held"


async def test_a_wrong_word_on_who_missed_is_refused(pair, clock):
    session = await over(pair, clock)
    problem(await pair.mentor.post(path(session, "miss"), json={"who": "boss"}), 422, "validation_failed")
    problem(await pair.mentor.post(path(session, "miss"), json={}), 422, "validation_failed")


async def test_an_executives_first_cancellation_is_private_and_the_next_is_counted(pair, api, world, databases):
    other = await signed_pair(databases.app, world, world["emil"], world["maria"])
    async with databases.app.transaction(world["maria"].actor) as db:
        program = (await get_pair(databases.app, world["maria"], pair.pair_id)).program_id
        await db.execute(update(Program).values(settings={}))
    await set_pair(databases.app, world["maria"], other, program_id=program)
    first, second = await pair.plan(days=3), await pair.plan(days=5)
    assert first["my_cancellation"] == "private"
    gone = (await pair.mentee.post(path(first, "cancel"), json={"reason_class": "work"})).json()
    assert (gone["state"], gone["my_cancellation"]) == ("cancelled", "private")
    assert (await pair.mentee.get(path(second))).json()["my_cancellation"] == "counted"
    assert (await pair.mentor.get(path(second))).json()["my_cancellation"] == "private"
    gone = (await pair.mentee.post(path(second, "cancel"), json={"reason_class": "work"})).json()
    assert gone["my_cancellation"] == "counted"
    assert (await pair.mentor.get(path(second))).json()["my_cancellation"] is None


async def test_a_mentors_cancellations_are_never_counted(pair):
    for day in (3, 5, 7):
        session = await pair.plan(days=day)
        gone = (await pair.mentor.post(path(session, "cancel"), json={"reason_class": "illness"})).json()
        assert gone["my_cancellation"] == "private"


async def test_the_first_session_counts_when_both_have_finished_their_primer(pair, clock, databases, world):
    async def primer(who, at):
        async with databases.app.transaction(world[who].actor) as db:
            change = update(Enrollment).where(Enrollment.person_id == world[who].id).values(primer_done_at=at)
            await db.execute(change)

    await primer("maria", None)
    session = await over(pair, clock)
    problem(await pair.mentor.post(path(session, "hold")), 409, "primer_missing")
    seen = {who: (await client.get(path(session))).json() for who, client in
            (("mentor", pair.mentor), ("mentee", pair.mentee))}  # fmt: skip
    assert {one["can"]["hold"]["reason"] for one in seen.values()} == {"primer_missing"}
    assert (seen["mentor"]["next_action"], seen["mentee"]["next_action"]) == (None, "finish_primer")
    second = await pair.plan(days=1)
    clock.freeze(second["ends_at"])
    assert (await pair.mentor.post(path(second, "hold"))).json()["state"] == "held"  # H8 is about the first alone
    await primer("maria", clock.now())
    assert (await pair.mentor.post(path(session, "hold"))).json()["state"] == "held"


async def test_a_program_may_do_without_primers(pair, clock, databases, world):
    async with databases.app.transaction(world["noa"].actor) as db:
        await db.execute(update(Enrollment).values(primer_done_at=None))
        await db.execute(update(Program).values(settings={"primer_required": False}))
    session = await over(pair, clock)
    assert (await pair.mentor.post(path(session, "hold"))).status_code == 200
