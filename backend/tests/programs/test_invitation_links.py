"""Invitation links: what they show and count, and when they are over."""

import asyncio

import pytest
from programs.joining import apply, opened
from sqlalchemy import text
from support.contract import problem


@pytest.fixture
async def program(api, world):
    return await opened(api, world, open_to_all=False)


async def link(api, world, program, **more):
    answer = await api(world.manager).post(f"{program}/invitation-links", json={"role": "mentor", **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def use(api, who, code, **more):
    return await api(who).post(f"/v1/invitation-links/{code}/apply", json=more)


async def test_a_link_opens_a_closed_program_to_colleagues(api, world, program):
    problem(await apply(api, world, program, "noa"), 404, "not_found")
    made = await link(api, world, program)
    assert made["url"].endswith(f"/join/{made['code']}")
    card = (await api(world["noa"]).get(f"/v1/invitation-links/{made['code']}")).json()
    assert (card["program"], card["sessions"], card["can"]["apply"]["allowed"]) == ("Turn", 6, True)
    answer = await use(api, world["noa"], made["code"], topics=["strategy"], superpower="I ask")
    assert answer.status_code == 201
    assert (answer.json()["state"], answer.json()["superpower"]) == ("applied", "I ask")
    listed = (await api(world.manager).get(f"{program}/invitation-links")).json()["items"]
    assert [(one["uses"], one["code"], one["url"], one["state"]) for one in listed] == [(1, None, None, "open")]
    card = (await api(world["noa"]).get(f"/v1/invitation-links/{made['code']}")).json()
    assert card["can"]["apply"] == {"allowed": False, "reason": "already_enrolled"}


async def test_the_code_is_told_once_and_kept_as_a_hash(api, world, program, databases):
    manager = api(world.manager, idempotency_key="once")
    first = (await manager.post(f"{program}/invitation-links", json={"role": "mentor"})).json()
    again = (await manager.post(f"{program}/invitation-links", json={"role": "mentor"})).json()
    assert (again["id"], again["code"], again["url"]) == (first["id"], None, None)
    async with databases.app.transaction(world.manager.actor) as db:
        stored = (await db.execute(text("select to_jsonb(l)::text from invitation_links l"))).scalars().all()
    assert len(stored) == 1
    assert first["code"] not in stored[0]


async def test_a_link_counts_its_uses_even_when_two_come_at_once(api, world, program):
    code = (await link(api, world, program, max_uses=2))["code"]
    people = [world[key] for key in ("noa", "emil", "saga", "omar")]
    answers = await asyncio.gather(*[use(api, who, code) for who in people])
    assert sorted(answer.status_code for answer in answers) == [201, 201, 404, 404]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 404} == {"link_over"}


async def test_the_same_person_uses_a_link_once(api, world, program):
    code = (await link(api, world, program))["code"]
    answers = await asyncio.gather(*[use(api, world["noa"], code) for _ in range(4)])
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert (await api(world.manager).get(f"{program}/invitation-links")).json()["items"][0]["uses"] == 1


async def test_a_link_works_until_the_end_of_its_last_day(api, world, program, clock):
    clock.freeze("2026-11-25T08:00:00Z")
    made = await link(api, world, program, expires_on="2026-11-26")
    assert made["expires_at"] == "2026-11-26T22:00:00.000Z"  # midnight in Helsinki
    clock.freeze("2026-11-26T21:59:00Z")
    assert (await api(world["noa"]).get(f"/v1/invitation-links/{made['code']}")).status_code == 200
    clock.freeze("2026-11-26T22:00:00Z")
    problem(await api(world["noa"]).get(f"/v1/invitation-links/{made['code']}"), 404, "link_over")
    problem(await use(api, world["noa"], made["code"]), 404, "link_over")


@pytest.mark.parametrize(("day", "code"), [("2026-11-24", "in_the_past"), ("2028-01-01", "too_far")])
async def test_a_link_ends_on_a_day_within_a_year(api, world, program, clock, day, code):
    clock.freeze("2026-11-25T08:00:00Z")
    answer = await api(world.manager).post(f"{program}/invitation-links", json={"role": "mentor", "expires_on": day})
    fault = problem(answer, 422, "validation_failed")["errors"][0]
    assert (fault["pointer"], fault["code"]) == ("/expires_on", code)


async def test_a_revoked_link_is_over_and_stays_in_the_list(api, world, program):
    made = await link(api, world, program)
    path = f"{program}/invitation-links/{made['id']}"
    manager = api(world.manager)
    problem(await manager.delete(path), 428, "precondition_required")
    problem(await api(world["noa"]).delete(path, headers={"If-Match": '"1.x"'}), 404, "not_found")
    assert (await manager.delete(path, headers={"If-Match": '"1.x"'})).status_code == 204
    problem(await use(api, world["noa"], made["code"]), 404, "link_over")
    assert (await manager.get(f"{program}/invitation-links")).json()["items"][0]["state"] == "revoked"


async def test_another_organization_and_a_guess_find_nothing(api, world, program):
    code = (await link(api, world, program))["code"]
    for who, tried in ((world.other_person, code), (world["noa"], code[:-1] + ("A" if code[-1] != "A" else "B"))):
        problem(await api(who).get(f"/v1/invitation-links/{tried}"), 404, "not_found")
        problem(await use(api, who, tried), 404, "not_found")


async def test_tenure_holds_for_links_too(api, world, program, clock):
    clock.freeze("2026-11-25T08:00:00Z")
    code = (await link(api, world, program))["code"]
    card = (await api(world["leo"]).get(f"/v1/invitation-links/{code}")).json()
    assert card["can"]["apply"] == {"allowed": False, "reason": "tenure_too_short"}
    problem(await use(api, world["leo"], code), 409, "tenure_too_short")
    assert (await api(world.manager).get(f"{program}/invitation-links")).json()["items"][0]["uses"] == 0


async def test_participants_see_no_links(api, world, program):
    await use(api, world["noa"], (await link(api, world, program))["code"])
    problem(await api(world["noa"]).get(f"{program}/invitation-links"), 403, "forbidden")
    answer = await api(world["noa"]).post(f"{program}/invitation-links", json={"role": "mentor"})
    problem(answer, 403, "forbidden")
