"""The last stretch: closing by itself, completing, a commitment, and staying in touch by two yeses."""

import asyncio
from uuid import UUID

import pytest
from support.contract import etag_of, problem

from vuoro.core.events import announce
from vuoro.pairs.models import Pair
from vuoro.programs.events import ProgramMoved

START = "2026-12-01T08:00:00Z"


@pytest.fixture
async def pair(api, world, offer, clock):
    """The path of Noa and Maria's active pair; both have signed."""
    clock.freeze(START)
    path = f"/v1/pairs/{await offer()}"
    for who in ("noa", "maria"):
        await api(world[who]).post(f"{path}/accept")
    for who in ("noa", "maria"):
        assert (await api(world[who]).post(f"{path}/agreement/sign")).status_code == 200
    return path


@pytest.fixture
def program_goes(databases, world):
    """`await program_goes(pair, "closing")`: what the program's own step tells."""

    async def go(pair, to):
        async with databases.app.transaction(world.manager.actor) as db:
            row = await db.find(Pair, UUID(pair.rpartition("/")[2]))
            await announce(db, ProgramMoved(row.program_id, "running", to))

    return go


async def state(api, world, pair, who="noa"):
    return (await api(world[who]).get(pair)).json()["state"]


async def test_a_pair_closes_with_its_last_planned_session(api, world, pair, clock, databases):
    async with databases.app.transaction(world.manager.actor) as db:
        row = await db.find(Pair, UUID(pair.rpartition("/")[2]))
        row.sessions_planned = 2
    noa = api(world["noa"])
    program = (await noa.get(pair)).json()["program_id"]
    for who in ("noa", "maria"):
        own = (await api(world[who]).get(f"/v1/programs/{program}/enrollments")).json()["items"][0]["id"]
        assert (await api(world[who]).post(f"/v1/enrollments/{own}/complete-primer")).status_code == 200
    for expected in ("active", "closing"):
        body = {"starts_at": clock.now().isoformat().replace("+00:00", "Z"), "minutes": 45, "time_zone": "UTC"}
        body["starts_at"] = (clock.advance(minutes=1)).isoformat().replace("+00:00", "Z")
        clock.advance(seconds=-30)
        session = (await noa.post(f"{pair}/sessions", json=body)).json()
        clock.advance(hours=1)
        assert (await noa.post(f"/v1/sessions/{session['id']}/hold")).status_code == 200
        assert await state(api, world, pair) == expected
    seen = (await noa.get(pair)).json()
    assert seen["completes_at"].startswith("2026-12-15")
    assert seen["can"]["close"]["allowed"]
    assert (await api(world.manager).get(pair)).json()["completes_at"] is None


async def test_a_closing_pair_is_completed_by_itself_after_two_weeks(api, world, pair, clock, run_jobs, program_goes):
    await program_goes(pair, "closing")
    assert await state(api, world, pair) == "closing"
    clock.advance(days=13)
    await run_jobs(tick=True)
    assert await state(api, world, pair) == "closing"
    clock.advance(days=1, minutes=1)
    await run_jobs(tick=True)
    assert await state(api, world, pair) == "completed"
    program = (await api(world["noa"]).get(pair)).json()["program_id"]
    listed = await api(world.manager).get(f"/v1/programs/{program}/enrollments")
    assert {item["state"] for item in listed.json()["items"]} == {"alumni"}


async def test_the_commitment_is_the_mentees_and_for_the_two_alone(api, world, pair, program_goes, databases):
    noa, maria = api(world["noa"]), api(world["maria"])
    problem(await maria.post(f"{pair}/close", json={"commitment": "Ask"}), 409, "illegal_transition")
    await program_goes(pair, "closing")
    problem(await noa.post(f"{pair}/close", json={"commitment": "Ask"}), 403, "forbidden")
    for bad in ("", "  ", "x" * 1001, "a\x00b"):
        problem(await maria.post(f"{pair}/close", json={"commitment": bad}), 422, "validation_failed")
    assert (await noa.post(f"{pair}/close")).json()["state"] == "completed"
    assert (await maria.get(pair)).json()["can"]["close"]["allowed"]  # her word may still follow
    words = "I ask before I answer"
    assert (await maria.post(f"{pair}/close", json={"commitment": words})).json()["commitment"] == words
    assert (await noa.get(pair)).json()["commitment"] == words
    problem(await maria.post(f"{pair}/close", json={"commitment": "Another"}), 409, "commitment_made")
    for who in (world.manager, world.admin):
        assert words not in (await api(who).get("/v1/pairs")).text
    from sqlalchemy import select

    from vuoro.pairs.models import Commitment

    async with databases.app.transaction(world.manager.actor) as db:
        assert (await db.scalars(select(Commitment.id))).all() == []


@pytest.mark.parametrize(("to", "active", "asked"), [
    ("closing", "closing", "expired"), ("closed", "closing", "expired"), ("cancelled", "ended_early", "expired"),
])  # fmt: skip
async def test_pairs_follow_their_program(api, world, pair, offer, program_goes, to, active, asked):
    waiting = f"/v1/pairs/{await offer('amina', 'erik')}"
    for one, expected in ((pair, active), (waiting, asked)):
        await program_goes(one, to)
        assert (await api(world.manager).get(one)).json()["state"] == expected


async def test_two_yeses_stay_in_touch_and_either_may_leave(api, world, pair, clock, run_jobs, program_goes):
    noa, maria = api(world["noa"]), api(world["maria"])
    problem(await noa.post(f"{pair}/stay-in-touch", json={"yes": True}), 409, "illegal_transition")
    await program_goes(pair, "closing")
    await noa.post(f"{pair}/close")
    assert (await noa.post(f"{pair}/stay-in-touch", json={"yes": True})).json()["stays_in_touch"] is True
    await run_jobs()
    assert await state(api, world, pair) == "completed"
    assert (await maria.get(pair)).json()["stays_in_touch"] is None  # the other's choice is not told
    await maria.post(f"{pair}/stay-in-touch", json={"yes": True})
    await run_jobs()
    assert await state(api, world, pair) == "stay_in_touch"
    clock.advance(days=30)
    left = await maria.post(f"{pair}/stay-in-touch", json={"yes": False})
    assert left.json()["state"] == "completed"
    clock.advance(minutes=1)
    await maria.post(f"{pair}/stay-in-touch", json={"yes": True})
    await run_jobs()
    assert await state(api, world, pair) == "completed"  # both are asked anew
    await noa.post(f"{pair}/stay-in-touch", json={"yes": True})
    await run_jobs()
    assert await state(api, world, pair) == "stay_in_touch"
    clock.advance(minutes=1)
    assert (await noa.post(f"{pair}/end")).json()["state"] == "completed"


async def test_a_no_to_staying_in_touch_looks_like_no_answer(api, world, pair, run_jobs, program_goes, databases):
    noa, maria = api(world["noa"]), api(world["maria"])
    await program_goes(pair, "closing")
    await noa.post(f"{pair}/close")
    await run_jobs()
    before = [(await api(who).get(path)).text for who in (world["maria"], world.manager, world.admin)
              for path in (pair, f"{pair}/history", "/v1/audit-log", "/v1/me/today")]  # fmt: skip
    await noa.post(f"{pair}/stay-in-touch", json={"yes": False})
    await run_jobs()
    after = [(await api(who).get(path)).text for who in (world["maria"], world.manager, world.admin)
             for path in (pair, f"{pair}/history", "/v1/audit-log", "/v1/me/today")]  # fmt: skip

    def plain(texts):
        import re

        return [re.sub(r'"instance":"[^"]*"', "", text) for text in texts]

    assert plain(after) == plain(before)
    await maria.post(f"{pair}/stay-in-touch", json={"yes": True})
    await run_jobs()
    assert await state(api, world, pair) == "completed"
    from sqlalchemy import select

    from vuoro.pairs.models import StayChoice

    async with databases.app.transaction(world["maria"].actor) as db:
        assert (await db.scalars(select(StayChoice.person_id))).all() == [world["maria"].id]


async def test_two_in_one_reporting_line_do_not_stay_in_touch(api, world, pair, run_jobs, program_goes):
    await program_goes(pair, "closing")
    await api(world["noa"]).post(f"{pair}/close")
    admin, path = api(world.admin), f"/v1/people/{world['olli'].id}"
    body = {"manager_id": str(world["maria"].id)}
    await admin.patch(path, json=body, headers=etag_of(await admin.get(path)))
    for who in ("noa", "maria"):
        await api(world[who]).post(f"{pair}/stay-in-touch", json={"yes": True})
    await run_jobs()
    assert await state(api, world, pair) == "completed"


async def test_both_close_at_once_and_one_completes(api, world, pair, program_goes):
    await program_goes(pair, "closing")
    answers = await asyncio.gather(*(api(world[who]).post(f"{pair}/close") for who in ("noa", "maria")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    steps = (await api(world["noa"]).get(f"{pair}/history")).json()["items"]
    assert [step["state"] for step in steps].count("completed") == 1
