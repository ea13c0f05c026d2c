"""When an offer runs out the next best one follows by itself, never the same two, and not for ever."""

from pairs.programme import run_programme
from support.contract import etag_of, problem

START = "2026-12-01T08:00:00Z"


def both(pair):
    return pair["mentor"]["display_name"].split()[0], pair["mentee"]["display_name"].split()[0]


async def test_the_next_best_mentor_is_asked_when_an_offer_runs_out(api, world, run_jobs, clock):
    clock.freeze(START)
    program = await run_programme(api, world, run_jobs, ["noa", "amina", "emil"], ["maria"])
    assert await program.unplaced() == {"Amina", "Emil"}
    for _ in range(2):
        clock.advance(days=7)
        await run_jobs(tick=True)
    pairs = await program.pairs()
    assert [item["state"] for item in pairs] == ["expired", "expired", "asked_mentor"]
    assert len({both(item) for item in pairs}) == 3
    assert {item["mentee"]["id"] for item in pairs} == {str(world["maria"].id)}
    asked = api(world["emil"])
    offer = (await asked.get(f"/v1/pairs/{pairs[2]['id']}")).json()
    assert offer["can"]["accept"]["allowed"]
    assert sum(reason["points"] for reason in offer["reasons"]) > 0
    assert offer["checks"]
    problem(await api(world["maria"]).get(f"/v1/pairs/{pairs[2]['id']}"), 404, "not_found")
    clock.advance(days=7)
    await run_jobs(tick=True)
    assert len(await program.pairs()) == 3  # nobody is left who was not asked
    assert await program.unplaced() == {"Maria", "Noa", "Amina", "Emil"}


async def test_a_mentor_who_had_said_yes_is_asked_for_another_a_day_later(api, world, run_jobs, clock):
    clock.freeze(START)
    program = await run_programme(api, world, run_jobs, ["noa"], ["maria", "erik"])
    (first,) = await program.pairs()
    await api(world["noa"]).post(f"/v1/pairs/{first['id']}/accept")
    clock.advance(days=7)
    await run_jobs(tick=True)
    assert len(await program.pairs()) == 1
    clock.advance(days=1, minutes=1)
    await run_jobs(tick=True)
    pairs = await program.pairs()
    assert [item["state"] for item in pairs] == ["expired", "asked_mentor"]
    assert both(pairs[0])[0] == both(pairs[1])[0] == "Noa"
    assert both(pairs[0])[1] != both(pairs[1])[1]


async def test_nobody_gets_more_than_six_offers_by_itself_and_a_wish_begins_anew(api, world, run_jobs, clock):
    clock.freeze(START)
    mentors = ["noa", "amina", "emil", "linh", "omar", "veera", "ville", "saga"]
    program = await run_programme(api, world, run_jobs, mentors, ["astrid"])
    for _ in range(9):
        clock.advance(days=8)
        await run_jobs(tick=True)
    assert [item["state"] for item in await program.pairs()] == ["expired"] * 6
    assert "Astrid" in await program.unplaced()
    (first, *_) = await program.pairs()
    noa = api(world[next(one.key for one in world if str(one.id) == first["mentor"]["id"])])
    assert (await noa.post(f"/v1/pairs/{first['id']}/rematch")).status_code == 200
    await run_jobs()
    assert len(await program.pairs()) == 6  # the two were offered to each other once, and never are again


async def test_nobody_is_offered_inside_their_line_or_against_a_rejection(api, world, run_jobs, clock):
    clock.freeze(START)
    # Emil reports to Sanna, and Olli leads Noa: neither may ever be a pair.
    program = await run_programme(api, world, run_jobs, ["emil", "noa"], ["sanna", "olli"])
    for _ in range(4):
        clock.advance(days=8)
        await run_jobs(tick=True)
    seen = {both(item) for item in await program.pairs()}
    assert ("Emil", "Sanna") not in seen
    assert ("Noa", "Olli") not in seen


async def test_nobody_is_offered_while_the_program_does_not_run(api, world, run_jobs, clock):
    clock.freeze(START)
    program = await run_programme(api, world, run_jobs, ["noa", "amina"], ["maria"])
    await api(world.manager).post(f"/v1/programs/{program.id}/transitions", json={"to": "cancelled"})
    clock.advance(days=8)
    await run_jobs(tick=True)
    assert len(await program.pairs()) == 1


async def test_a_leavers_offer_runs_out_and_the_mentee_gets_another(api, world, run_jobs, clock):
    clock.freeze(START)
    program = await run_programme(api, world, run_jobs, ["noa", "amina"], ["maria"])
    admin, path = api(world.admin), f"/v1/people/{world['noa'].id}"
    assert (await admin.delete(path, headers=etag_of(await admin.get(path)))).status_code == 204
    await run_jobs()
    assert [(both(item)[0], item["state"]) for item in await program.pairs()] == [
        ("Noa", "expired"),
        ("Amina", "asked_mentor"),
    ]


async def test_after_an_end_each_looks_again_only_by_their_own_wish_and_after_a_rest(api, world, run_jobs, clock):
    clock.freeze(START)
    program = await run_programme(api, world, run_jobs, ["noa", "amina"], ["maria"])
    (pair,) = await program.pairs()
    path = f"/v1/pairs/{pair['id']}"
    for who in ("noa", "maria"):
        await api(world[who]).post(f"{path}/accept")
    maria, noa = api(world["maria"]), api(world["noa"])
    problem(await maria.post(f"{path}/rematch"), 409, "illegal_transition")
    await noa.post(f"{path}/end")
    await run_jobs()
    assert await program.unplaced() == {"Amina"}  # neither of the two looks by itself
    for client in (noa, maria):
        assert (await client.get(path)).json()["can"]["rematch"]["allowed"]
    wished = (await maria.post(f"{path}/rematch")).json()
    assert wished["can"]["rematch"] == {"allowed": False, "reason": "already_looking"}
    problem(await maria.post(f"{path}/rematch"), 409, "already_looking")
    assert (await noa.get(path)).json()["can"]["rematch"]["allowed"]  # the other learns nothing of it
    assert await program.unplaced() == {"Amina", "Maria"}
    await run_jobs()
    assert len(await program.pairs()) == 1
    clock.advance(days=13, hours=23)
    await run_jobs(tick=True)
    assert len(await program.pairs()) == 1
    clock.advance(hours=2)
    await run_jobs(tick=True)
    assert [both(item) for item in await program.pairs()] == [("Noa", "Maria"), ("Amina", "Maria")]


async def test_only_managers_read_who_has_no_pair(api, world, run_jobs, clock):
    program = await run_programme(api, world, run_jobs, ["noa", "amina"], ["maria"])
    path = f"/v1/programs/{program.id}/unplaced"
    for who in ("noa", "maria", "leo"):
        problem(await api(world[who]).get(path), 404, "not_found")
    items = (await api(world.manager).get(path, params={"role": "mentor"})).json()["items"]
    assert [set(item) for item in items] == [{"enrollment_id", "cohort_id", "person", "role"}]
    assert (await api(world.manager).get(path, params={"role": "mentee"})).json()["items"] == []
