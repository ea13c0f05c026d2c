"""Who I am, my home page, and the manager's dashboard."""

from support.contract import problem


async def test_me_tells_language_roles_and_programmes(api, world):
    me = (await api(world.manager).get("/v1/me")).json()
    assert me["person"]["id"] == str(world.manager.id)
    assert me["grants"] == [{"role": "programme_manager", "program_id": None, "unit_id": None}]
    assert me["locale"] in ("fi", "sv", "en")
    assert me["demo"] is False


async def test_a_chosen_language_is_kept(api, world):
    noa = api(world["noa"])
    tag = {"If-Match": (await noa.get("/v1/me/preferences")).headers["etag"]}
    assert (await noa.patch("/v1/me/preferences", json={"locale": "sv"}, headers=tag)).json()["locale"] == "sv"
    assert (await noa.get("/v1/me")).json()["locale"] == "sv"
    problem(await noa.patch("/v1/me/preferences", json={"locale": "fi"}, headers=tag), 412, "precondition_failed")
    fresh = {"If-Match": (await noa.get("/v1/me/preferences")).headers["etag"]}
    answer = await noa.patch("/v1/me/preferences", json={"time_zone": "Mars/Base"}, headers=fresh)
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/time_zone"


async def test_an_offer_is_the_mentors_first_thing_today_and_not_the_executives(api, world, offer):
    pair_id = await offer()
    mine = (await api(world["noa"]).get("/v1/me/today")).json()
    assert (mine["deep"]["kind"], mine["deep"]["pair"]["id"]) == ("offer", str(pair_id))
    assert mine["actions"][0]["kind"] == "answer_offer"
    assert mine["actions"][0]["link"] == f"/pairs/{pair_id}"
    hers = (await api(world["maria"]).get("/v1/me/today")).json()
    assert hers["deep"]["kind"] == "none"
    assert hers["pairs"] == []


async def test_the_manager_sees_quiet_pairs_as_a_count(api, world, offer, clock):
    clock.freeze("2026-12-01T08:00:00Z")
    pair_id = await offer()
    for who in ("noa", "maria"):
        await api(world[who]).post(f"/v1/pairs/{pair_id}/accept")

    async def counts():
        actions = (await api(world.manager).get("/v1/me/today")).json()["actions"]
        return {a["kind"]: a["params"]["count"] for a in actions if a["link"].endswith("/pairs")}

    assert await counts() == {"not_booked": 1, "arc_not_booked": 1}
    clock.advance(days=22)
    assert await counts() == {"quiet_pairs": 1, "not_booked": 1, "arc_not_booked": 1}
    seen = (await api(world.manager).get(f"/v1/pairs/{pair_id}")).json()
    assert seen["rhythm"] == {
        "held": 0, "planned": 6, "next_booked": False, "quiet": True, "goals_total": 0, "goals_done": 0,
    }  # fmt: skip
    board = (await api(world.manager).get(f"/v1/programs/{seen['program_id']}/dashboard")).json()
    assert (board["pairs"]["active"], board["pairs"]["quiet"], board["pulse"]["state"]) == (1, 1, "too_few")


async def test_the_dashboard_is_the_managers(api, world, offer):
    pair = (await api(world["noa"]).get(f"/v1/pairs/{await offer()}")).json()
    path = f"/v1/programs/{pair['program_id']}/dashboard"
    problem(await api(world["noa"]).get(path), 403, "forbidden")
    problem(await api(world.other_admin).get(path), 404, "not_found")


async def test_hr_hears_of_unknown_reporting_lines(api, world):
    actions = (await api(world.admin).get("/v1/me/today")).json()["actions"]
    assert ("unknown_lines", "/people?line=unknown") in [(a["kind"], a["link"]) for a in actions]


async def test_the_audit_log_shows_each_their_own(api, world):
    await api(world.manager).post("/v1/programs", json={"name": "Turn", "template": "taster"})
    assert "program.create" in [e["action"] for e in (await api(world.admin).get("/v1/audit-log")).json()["items"]]
    assert (await api(world["noa"]).get("/v1/audit-log")).json()["items"] == []
