"""The sealed balance pulse: when it is asked, who reads it, and what keeps it sealed."""

import pytest
from sessions.meetings import body
from sqlalchemy import func, select, text
from support.contract import problem

from vuoro.core.outbox import OutboxFact
from vuoro.feedback.models import Pulse

SECRET = "Pulssin salaisuus 4821"
SCORES = {"said_what_i_thought": 5, "my_topics_too": 4, "listened_to": 3, "learned": 2, "would_do_again": 1}


def answer(*, opens: bool = False, **more):
    return {"scores": SCORES, "balance": 40, "open_if_both": opens, **more}


async def give(client, session, **more):
    return await client.post(f"/v1/sessions/{session['id']}/feedback", json=answer(**more))


async def read(client, session):
    return (await client.get(f"/v1/sessions/{session['id']}/feedback")).json()


async def test_before_the_session_was_held_no_pulse_is_due(pair):
    session = await pair.plan()
    status = await read(pair.mentor, session)
    assert status == {
        "state": "not_due", "mine": None, "theirs": None, "sealed": True, "due_at": None,
        "can": {"give_pulse": {"allowed": False, "reason": "not_due"}},
    }  # fmt: skip
    problem(await give(pair.mentor, session), 409, "not_due")


async def test_pulses_are_asked_after_the_first_third_and_sixth_session(pair, clock):
    asked = [(await pair.hold(clock))["my_pulse"] for _ in range(6)]
    assert asked == ["open", "none", "open", "none", "none", "open"]


async def test_an_answer_shows_the_own_scores_and_nothing_of_the_other(pair, clock):
    session = await pair.hold(clock)
    before = await read(pair.mentor, session)
    assert (before["state"], before["can"]["give_pulse"]["allowed"]) == ("open", True)
    given = await give(pair.mentor, session, opens=True, comment=SECRET)
    assert given.status_code == 201
    assert given.json()["state"] == "given"
    assert given.json()["mine"] == {"scores": SCORES, "balance": 40, "open_if_both": True, "comment": SECRET}
    assert (given.json()["theirs"], given.json()["sealed"]) == (None, True)
    other = await read(pair.mentee, session)
    assert (other["state"], other["mine"], other["theirs"]) == ("open", None, None)


async def test_the_other_cannot_tell_that_an_answer_was_given(pair, clock, run_jobs):
    session = await pair.hold(clock)
    paths = [f"/v1/sessions/{session['id']}", f"/v1/sessions/{session['id']}/feedback", "/v1/sessions"]
    before = [(await pair.mentee.get(path)).content for path in paths]
    etags = [(await pair.mentee.get(path)).headers["etag"] for path in paths]
    await give(pair.mentor, session, opens=True)
    await run_jobs()
    assert [(await pair.mentee.get(path)).content for path in paths] == before
    assert [(await pair.mentee.get(path)).headers["etag"] for path in paths] == etags


@pytest.mark.parametrize("mentor_opens", [True, False])
@pytest.mark.parametrize("mentee_opens", [True, False])
async def test_only_two_yeses_open_the_pulse(pair, clock, run_jobs, mentor_opens, mentee_opens):
    session = await pair.hold(clock)
    await give(pair.mentor, session, opens=mentor_opens, comment=SECRET)
    await run_jobs()
    await give(pair.mentee, session, opens=mentee_opens)
    await run_jobs()
    for client in (pair.mentor, pair.mentee):
        status = await read(client, session)
        if mentor_opens and mentee_opens:
            assert status["sealed"] is False
            assert status["theirs"] == {"scores": SCORES, "balance": 40, "open_if_both": True, "comment": None}
        else:
            assert (status["sealed"], status["theirs"]) == (True, None)
    assert SECRET not in (await pair.mentee.get(f"/v1/sessions/{session['id']}/feedback")).text


@pytest.mark.parametrize("mine", [True, False])
async def test_a_no_of_the_other_reads_as_if_they_had_not_answered(pair, clock, run_jobs, mine):
    session = await pair.hold(clock)
    await give(pair.mentor, session, opens=mine)
    await run_jobs()
    waiting = await pair.mentor.get(f"/v1/sessions/{session['id']}/feedback")
    await give(pair.mentee, session, opens=False)
    await run_jobs()
    refused = await pair.mentor.get(f"/v1/sessions/{session['id']}/feedback")
    assert waiting.content == refused.content
    assert waiting.headers["etag"] == refused.headers["etag"]


async def test_one_answer_a_person(pair, clock):
    session = await pair.hold(clock)
    await give(pair.mentor, session)
    problem(await give(pair.mentor, session, opens=True), 409, "already_given")
    assert (await read(pair.mentor, session))["mine"]["open_if_both"] is False
    shown = (await pair.mentor.get(f"/v1/sessions/{session['id']}")).json()
    assert (shown["my_pulse"], shown["can"]["give_pulse"]["reason"]) == ("given", "already_given")


async def test_the_same_key_answers_once(pair, clock):
    session = await pair.hold(clock)
    path = f"/v1/sessions/{session['id']}/feedback"
    first = await pair.mentor.post(path, json=answer(), headers={"Idempotency-Key": "p1"})
    again = await pair.mentor.post(path, json=answer(), headers={"Idempotency-Key": "p1"})
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())


@pytest.mark.parametrize("wrong", [
    {"balance": 101}, {"balance": -1}, {"scores": {**SCORES, "learned": 6}}, {"scores": {**SCORES, "learned": 0}},
    {"scores": {"learned": 3}}, {"scores": {**SCORES, "stars": 5}}, {"open_if_both": None}, {"rating": 5},
    {"comment": SECRET * 200},
])  # fmt: skip
async def test_a_wrong_answer_is_refused_without_its_content(pair, clock, wrong):
    session = await pair.hold(clock)
    refused = await pair.mentor.post(f"/v1/sessions/{session['id']}/feedback", json={**answer(), **wrong})
    problem(refused, 422, "validation_failed")
    assert SECRET not in refused.text


async def test_nobody_but_the_two_reaches_a_pulse(pair, clock, api, world):
    session = await pair.hold(clock)
    for stranger in (world.manager, world.admin, world["emil"], world.other_person):
        client = api(stranger)
        problem(await client.get(f"/v1/sessions/{session['id']}/feedback"), 404, "not_found")
        problem(await give(client, session), 404, "not_found")


async def test_manager_and_admin_see_no_pulse_by_raw_sql(pair, clock, run_jobs, databases, world):
    session = await pair.hold(clock)
    await give(pair.mentor, session, opens=True, comment=SECRET)
    await give(pair.mentee, session, opens=True)
    await run_jobs()
    for who in (world.manager, world.admin, world["emil"], world.other_admin):
        async with databases.app.transaction(who.actor) as db:
            assert await db.scalar(select(func.count()).select_from(Pulse)) == 0
    async with databases.app.transaction(world["maria"].actor) as db:
        assert await db.scalar(select(func.count()).select_from(Pulse)) == 2


async def test_the_comment_lies_encrypted_and_the_fact_carries_ids_alone(pair, clock, databases, world):
    session = await pair.hold(clock)
    await give(pair.mentor, session, comment=SECRET)
    async with databases.app.transaction(world["noa"].actor) as db:
        stored = await db.scalar(text("select comment from pulses"))
        assert stored
        assert SECRET.encode() not in stored
    async with databases.worker.transaction(world.system) as db:
        fact = (await db.scalars(select(OutboxFact).where(OutboxFact.kind == "pulse.given"))).one()
    assert fact.payload == {"session_id": session["id"], "pair_id": str(pair.pair_id)}


async def test_opening_twice_changes_nothing(pair, clock, run_jobs, databases, world):
    from vuoro.feedback.jobs import open_if_both

    session = await pair.hold(clock)
    for client in (pair.mentor, pair.mentee):
        await give(client, session, opens=True)
    await run_jobs()
    opened = clock.now()
    clock.advance(days=1)
    await open_if_both(databases.worker, world.system, {"session_id": session["id"]})
    async with databases.app.transaction(world["noa"].actor) as db:
        assert set(await db.scalars(select(Pulse.opened_at))) == {opened}


async def test_each_session_opens_for_itself(pair, clock, run_jobs):
    first = await pair.hold(clock)
    for _ in range(2):
        third = await pair.hold(clock)
    await give(pair.mentor, first, opens=True)
    await give(pair.mentee, third, opens=True)
    await run_jobs()
    assert (await read(pair.mentor, first))["sealed"]
    assert (await read(pair.mentee, third))["sealed"]


async def test_a_pulse_is_asked_within_a_week_of_the_meeting(pair, clock):
    session = await pair.hold(clock)
    assert (await read(pair.mentor, session))["due_at"] == "2026-12-08T09:45:00.000Z"
    await pair.mentor.post(f"/v1/pairs/{pair.pair_id}/sessions", json=body())
