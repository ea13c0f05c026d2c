"""An offer's life: the mentor first, nobody's no has a name, either may leave."""

from support.contract import problem


async def state(client, pair_id):
    return (await client.get(f"/v1/pairs/{pair_id}")).json()["state"]


async def test_the_executive_hears_only_of_a_yes(api, world, offer, run_jobs):
    pair_id = await offer()
    path = f"/v1/pairs/{pair_id}"
    problem(await api(world["maria"]).get(path), 404, "not_found")
    problem(await api(world["maria"]).post(f"{path}/accept"), 404, "not_found")
    assert (await api(world["maria"]).get("/v1/pairs?mine=true")).json()["items"] == []
    seen = (await api(world["noa"]).get(path)).json()
    assert seen["can"]["accept"]["allowed"]
    assert seen["checks"] == ["reporting_line"]
    assert seen["offer_expires_at"]
    yes = (await api(world["noa"]).post(f"{path}/accept")).json()
    assert yes["state"] == "asked_mentee"
    assert yes["can"]["accept"] == {"allowed": False, "reason": "not_your_turn"}
    hers = (await api(world["maria"]).post(f"{path}/accept")).json()
    assert hers["state"] == "active"
    assert hers["can"]["sign_agreement"]["allowed"]


async def test_nobody_else_may_answer_or_see(api, world, offer):
    pair_id = await offer()
    for who in (world["leo"], world.other_admin, world.admin):
        problem(await api(who).get(f"/v1/pairs/{pair_id}"), 404, "not_found")
    problem(await api(world.manager).post(f"/v1/pairs/{pair_id}/accept"), 404, "not_found")


async def test_an_unanswered_offer_expires_and_can_no_longer_be_accepted(api, world, offer, clock, run_jobs):
    clock.freeze("2026-12-01T08:00:00Z")
    pair_id = await offer()
    clock.advance(days=6, hours=23)
    await run_jobs(tick=True)
    assert await state(api(world["noa"]), pair_id) == "asked_mentor"
    clock.advance(hours=2)
    await run_jobs(tick=True)
    answer = await api(world["noa"]).post(f"/v1/pairs/{pair_id}/accept")
    assert problem(answer, 409, "illegal_transition")["params"] == {"state": "expired", "legal": []}


async def test_a_second_yes_is_refused_and_a_repeated_one_replays(api, world, offer):
    pair_id = await offer()
    noa, path = api(world["noa"]), f"/v1/pairs/{pair_id}/accept"
    key = {"Idempotency-Key": "yes-1"}
    first = await noa.post(path, headers=key)
    again = await noa.post(path, headers=key)
    assert first.json()["state"] == again.json()["state"] == "asked_mentee"
    problem(await noa.post(path), 409, "illegal_transition")


async def active(api, world, offer):
    pair_id = await offer()
    for who in ("noa", "maria"):
        await api(world[who]).post(f"/v1/pairs/{pair_id}/accept")
    return f"/v1/pairs/{pair_id}"


async def test_both_sign_before_a_session_can_be_planned(api, world, offer):
    path = await active(api, world, offer)
    assert (await api(world["noa"]).get(path)).json()["can"]["plan_session"]["reason"] == "agreement_missing"
    text = (await api(world["noa"]).get(f"{path}/agreement")).json()
    assert "working time" in text["text"]["en"]
    assert not text["mine_signed"]
    for who in ("maria", "noa"):
        signed = (await api(world[who]).post(f"{path}/agreement/sign")).json()
        assert signed["agreement"]["mine_signed"]
    assert signed["can"]["plan_session"]["allowed"]
    seen = (await api(world.manager).get(path)).json()
    assert seen["agreement"]["mentor_signed_at"] is None
    assert seen["next_session"] is None


async def test_either_may_pause_resume_and_leave_and_no_step_has_a_name(api, world, offer):
    path = await active(api, world, offer)
    assert (await api(world["noa"]).post(f"{path}/pause")).json()["state"] == "paused"
    assert (await api(world["maria"]).post(f"{path}/resume")).json()["state"] == "active"
    assert (await api(world["noa"]).post(f"{path}/end")).json()["state"] == "ended_early"
    for who in (world["maria"], world.manager):
        steps = (await api(who).get(f"{path}/history")).json()["items"]
        assert all(set(step) == {"at", "state"} for step in steps)
    problem(await api(world["maria"]).post(f"{path}/resume"), 409, "illegal_transition")


async def test_an_ended_pair_frees_both_for_another(api, world, offer, databases):
    path = await active(api, world, offer)
    program = (await api(world["noa"]).get(path)).json()["program_id"]
    listed = f"/v1/programs/{program}/enrollments"
    assert {item["state"] for item in (await api(world.manager).get(listed)).json()["items"]} == {"paired"}
    await api(world["maria"]).post(f"{path}/end")
    assert {item["state"] for item in (await api(world.manager).get(listed)).json()["items"]} == {"approved"}
