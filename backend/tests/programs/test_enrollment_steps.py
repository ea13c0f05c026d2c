"""Coming, going and coming back: steps of enrollments, many at once, and what leaving ends."""

import asyncio

import pytest
from programs.joining import apply, configure, enrolled, opened, read, step
from support.contract import problem

from vuoro.programs import enrollments
from vuoro.programs.states import ENROLLMENT, enrollment_steps


@pytest.fixture
async def program(api, world):
    return await opened(api, world)


async def decide(api, who, program, action, ids, **headers):
    body = {"action": action, "ids": [str(id) for id in ids]}
    return await api(who, **headers).post(f"{program}/enrollments/bulk", json=body)


async def applied(api, world, program, *who):
    return [(await apply(api, world, program, key)).json() for key in who]


async def states(api, world, program):
    rows = (await api(world.manager).get(f"{program}/enrollments")).json()["items"]
    return {row["person"]["display_name"].split()[0]: row["state"] for row in rows}


def test_nobody_but_the_person_leads_out_of_a_no():
    for state in ("declined", "withdrawn"):
        assert enrollment_steps(state, {"self"}) == ["applied"]
        assert enrollment_steps(state, {"manager"}) == ["invited"]
    assert ENROLLMENT["alumni"] == {}


@pytest.mark.parametrize(("who", "verb", "state"), [("noa", "withdraw", "withdrawn"), ("petra", "decline", "declined")])
async def test_a_no_is_not_for_ever(api, world, program, who, verb, state):
    (mine,) = await applied(api, world, program, "noa")
    assert (await step(api, world[who], mine, verb)).json()["state"] == state
    seen = (await read(api, world["noa"], mine)).json()
    assert seen["can"]["apply"] == {"allowed": True, "reason": None}
    again = await apply(api, world, program, "noa", topics=["strategy"])
    assert (again.json()["id"], again.json()["state"]) == (mine["id"], "applied")
    assert again.json()["topics"] == ["strategy"]


async def test_coming_back_keeps_the_profile(api, world, program):
    (mine,) = await applied(api, world, program, "noa")
    path = f"/v1/enrollments/{mine['id']}"
    tag = {"If-Match": (await api(world["noa"]).get(path)).headers["etag"]}
    await api(world["noa"]).patch(path, json={"superpower": "I ask"}, headers=tag)
    await step(api, world["noa"], mine, "withdraw")
    back = (await step(api, world["noa"], mine, "apply")).json()
    assert (back["state"], back["superpower"]) == ("applied", "I ask")


async def test_a_manager_cannot_enroll_whoever_left(api, world, program):
    (mine,) = await applied(api, world, program, "noa")
    await step(api, world["noa"], mine, "withdraw")
    body = {"person_id": str(world["noa"].id), "role": "mentor"}
    problem(await api(world.manager).post(f"{program}/enrollments", json=body), 409, "ask_instead")
    problem(await step(api, world.manager, mine, "approve"), 409, "illegal_transition")
    problem(await step(api, world.manager, mine, "apply"), 409, "illegal_transition")


async def test_nobody_comes_back_once_the_program_no_longer_takes_people_in(api, world, program):
    (mine,) = await applied(api, world, program, "noa")
    await step(api, world["noa"], mine, "withdraw")
    await configure(api, world, program, open_to_all=False)
    assert (await read(api, world["noa"], mine)).json()["can"]["apply"]["reason"] == "invitation_needed"
    problem(await step(api, world["noa"], mine, "apply"), 409, "invitation_needed")
    await api(world.manager).post(f"{program}/transitions", json={"to": "cancelled"})
    assert (await read(api, world["noa"], mine)).json()["can"]["apply"]["reason"] == "program_not_open"
    problem(await step(api, world["noa"], mine, "apply"), 409, "program_not_open")


async def test_a_yes_comes_too_late_in_a_cancelled_program(api, world, program):
    (mine,) = await applied(api, world, program, "noa")
    await api(world.manager).post(f"{program}/transitions", json={"to": "cancelled"})
    problem(await step(api, world.manager, mine, "approve"), 409, "program_not_open")
    assert (await step(api, world["noa"], mine, "withdraw")).json()["state"] == "withdrawn"


async def test_whoever_is_not_invited_does_not_see_a_closed_program(api, world):
    program = await opened(api, world, open_to_all=False)
    problem(await api(world["noa"]).get(program), 404, "not_found")
    assert (await api(world.manager).get(program)).status_code == 200


async def test_a_pause_is_ended_by_resuming(api, world, program):
    mine = await enrolled(api, world, program, "noa")
    paused = (await step(api, world["noa"], mine, "pause")).json()
    assert (paused["state"], paused["can"]["resume"]["allowed"]) == ("paused", True)
    assert (await step(api, world["noa"], mine, "resume")).json()["state"] == "approved"
    problem(await step(api, world["noa"], mine, "resume"), 409, "illegal_transition")


async def test_many_are_approved_at_once_and_a_repetition_does_nothing(api, world, program):
    ids = [one["id"] for one in await applied(api, world, program, "noa", "emil", "saga")]
    answer = await decide(api, world.manager, program, "approve", ids, idempotency_key="once")
    assert {one["state"] for one in answer.json()["items"]} == {"approved"}
    again = await decide(api, world.manager, program, "approve", ids, idempotency_key="once")
    assert again.json() == answer.json()
    late = problem(await decide(api, world.manager, program, "approve", ids), 409, "not_all_possible")
    assert [fault["code"] for fault in late["errors"]] == ["illegal_transition"] * 3


async def test_one_that_stands_in_the_way_holds_all_and_is_named(api, world, program, clock):
    clock.freeze("2026-12-02T06:00:00Z")
    ids = [one["id"] for one in await applied(api, world, program, "noa", "leo", "emil")]
    await step(api, world["emil"], {"id": ids[2]}, "withdraw")
    clock.freeze("2026-11-25T06:00:00Z")
    elsewhere = (await apply(api, world, await opened(api, world), "saga")).json()["id"]
    answer = await decide(api, world.manager, program, "approve", [*ids, elsewhere])
    named = [(fault["pointer"], fault["code"]) for fault in problem(answer, 409, "not_all_possible")["errors"]]
    assert named == [
        ("/ids/1", "tenure_too_short"),
        ("/ids/2", "illegal_transition"),
        ("/ids/3", "unknown_enrollment"),
    ]
    assert await states(api, world, program) == {"Noa": "applied", "Leo": "applied", "Emil": "withdrawn"}


@pytest.mark.parametrize(("ids", "pointer"), [([], "/ids"), (["twice", "twice"], "/ids"), (["many"] * 501, "/ids")])
async def test_a_list_of_answers_has_each_person_once(api, world, program, ids, pointer):
    (mine,) = await applied(api, world, program, "noa")
    answer = await decide(api, world.manager, program, "decline", [mine["id"] for _ in ids])
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == pointer


async def test_two_managers_who_answer_at_once_have_one_effect(api, world, program):
    ids = [one["id"] for one in await applied(api, world, program, "noa", "emil")]
    answers = await asyncio.gather(
        decide(api, world.manager, program, "approve", ids),
        decide(api, world.admin, program, "decline", ids[::-1]),
        step(api, world.manager, {"id": ids[0]}, "approve"),
    )
    assert sorted(answer.status_code for answer in answers) in ([200, 409, 409], [200, 200, 409])
    assert set((await states(api, world, program)).values()) in ({"approved"}, {"declined"})


async def test_applying_twice_at_once_makes_one_enrollment(api, world, program):
    answers = await asyncio.gather(*[apply(api, world, program, "noa") for _ in range(5)])
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    (mine,) = [answer.json() for answer in answers if answer.status_code == 201]
    await step(api, world["noa"], mine, "withdraw")
    answers = await asyncio.gather(*[apply(api, world, program, "noa") for _ in range(5)])
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


async def test_many_answers_are_for_managers(api, world, program):
    (mine,) = await applied(api, world, program, "noa")
    problem(await decide(api, world["noa"], program, "approve", [mine["id"]]), 403, "forbidden")
    problem(await decide(api, world.other_admin, program, "approve", [mine["id"]]), 404, "not_found")


async def test_after_a_pair_people_rest_for_two_weeks(api, world, program, databases, clock):
    clock.freeze("2026-11-25T06:00:00Z")
    mine = await enrolled(api, world, program, "noa")
    async with databases.app.transaction(world.system) as db:
        await enrollments.mark(db, [mine["id"]], "approved", "paired")
    async with databases.app.transaction(world.system) as db:
        await enrollments.mark(db, [mine["id"]], "paired", "approved")
    seen = (await read(api, world.manager, mine)).json()
    assert (seen["state"], seen["rests_until"], seen["obstacles"]) == (
        "approved", "2026-12-09T06:00:00.000Z", ["resting"],
    )  # fmt: skip
    clock.advance(days=14)
    assert (await read(api, world.manager, mine)).json()["obstacles"] == []
