"""Whoever leaves a program leaves what stands on their enrollment."""

from programs.joining import step
from support.contract import problem


async def test_leaving_a_program_lets_an_offer_lapse(api, world, offer):
    pair = f"/v1/pairs/{await offer()}"
    program_id = (await api(world["noa"]).get(pair)).json()["program_id"]
    mine = (await api(world["noa"]).get(f"/v1/programs/{program_id}/enrollments")).json()["items"][0]
    assert (await step(api, world["noa"], mine, "withdraw")).json()["state"] == "withdrawn"
    assert (await api(world["noa"]).get(pair)).json()["state"] == "expired"
    problem(await api(world["maria"]).get(pair), 404, "not_found")


async def test_leaving_a_program_ends_the_pair_and_only_the_person_can(api, world, offer):
    pair = f"/v1/pairs/{await offer()}"
    for who in ("noa", "maria"):
        await api(world[who]).post(f"{pair}/accept")
    program_id = (await api(world["noa"]).get(pair)).json()["program_id"]
    mine = (await api(world["noa"]).get(f"/v1/programs/{program_id}/enrollments")).json()["items"][0]
    assert mine["state"] == "paired"
    problem(await step(api, world.manager, mine, "withdraw"), 409, "illegal_transition")
    await step(api, world["noa"], mine, "pause")
    problem(await step(api, world.manager, mine, "withdraw"), 409, "pair_is_open")
    assert (await step(api, world["noa"], mine, "resume")).json()["state"] == "paired"
    assert (await step(api, world["noa"], mine, "withdraw")).json()["state"] == "withdrawn"
    assert (await api(world["maria"]).get(pair)).json()["state"] == "ended_early"
    other = (await api(world["maria"]).get(f"/v1/programs/{program_id}/enrollments")).json()["items"][0]
    assert other["state"] == "approved"
