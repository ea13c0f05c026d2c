"""Two at once: one effect, a clear problem for the other, nothing half done."""

import asyncio

import pytest


def codes(answers):
    return sorted(answer.status_code for answer in answers)


async def steps(api, world, path):
    return [step["state"] for step in (await api(world["noa"]).get(f"{path}/history")).json()["items"]]


async def test_a_double_tap_on_yes_has_one_effect(api, world, offer):
    path = f"/v1/pairs/{await offer()}"
    for who, state in (("noa", "asked_mentee"), ("maria", "active")):
        client = api(world[who])
        await client.get("/v1/me")
        assert codes(await asyncio.gather(*(client.post(f"{path}/accept") for _ in range(6)))) == [200] + [409] * 5
        assert (await steps(api, world, path)).count(state) == 1


async def test_a_repeated_yes_with_one_key_replays(api, world, offer):
    path = f"/v1/pairs/{await offer()}"
    client = api(world["noa"], idempotency_key="yes")
    await client.get("/v1/me")
    answers = await asyncio.gather(*(client.post(f"{path}/accept") for _ in range(4)))
    assert codes(answers) == [200] * 4
    assert {answer.json()["state"] for answer in answers} == {"asked_mentee"}


async def test_both_answer_at_once_and_the_executive_hears_only_of_a_yes(api, world, offer):
    path = f"/v1/pairs/{await offer()}"
    noa, maria = api(world["noa"]), api(world["maria"])
    for client in (noa, maria):
        await client.get("/v1/me")
    yes, early = await asyncio.gather(noa.post(f"{path}/accept"), maria.post(f"{path}/accept"))
    assert yes.status_code == 200
    assert early.status_code in (200, 404)  # 404: not asked yet
    assert (await noa.get(path)).json()["state"] == ("active" if early.status_code == 200 else "asked_mentee")


@pytest.mark.parametrize("turn", range(3))
async def test_a_yes_and_the_others_no_at_once_are_never_both(api, world, offer, turn):
    path = f"/v1/pairs/{await offer()}"
    noa, maria = api(world["noa"]), api(world["maria"])
    await noa.post(f"{path}/accept")
    await maria.get("/v1/me")
    calls = [noa.post(f"{path}/decline"), maria.post(f"{path}/accept")]
    no, yes = await asyncio.gather(*calls) if turn % 2 else reversed(await asyncio.gather(*reversed(calls)))
    assert codes([no, yes]) == [200, 409]
    state = (await api(world.manager).get(path)).json()["state"]
    assert state == ("active" if yes.status_code == 200 else "asked_mentee")


async def test_a_yes_at_the_last_moment_and_the_sweep_agree(api, world, offer, clock, run_jobs):
    clock.freeze("2026-12-01T08:00:00Z")
    path = f"/v1/pairs/{await offer()}"
    clock.advance(days=7)
    noa = api(world["noa"])
    await noa.get("/v1/me")
    yes, _ = await asyncio.gather(noa.post(f"{path}/accept"), run_jobs(tick=True))
    assert yes.status_code == 409
    assert (await noa.get(path)).json()["state"] == "expired"


async def test_both_leave_at_once_and_it_is_one_step(api, world, offer):
    path = f"/v1/pairs/{await offer()}"
    clients = [api(world[who]) for who in ("noa", "maria")]
    for client in clients:
        await client.post(f"{path}/accept")
    assert codes(await asyncio.gather(*(client.post(f"{path}/end") for client in clients))) == [200, 409]
    assert (await steps(api, world, path)).count("ended_early") == 1
