"""What the two set down for themselves: the agreement, goals, the first contact, and whether machines may know."""

import json

import pytest
from support.contract import etag_of, problem

from vuoro.identity import machines
from vuoro.identity.schemas import ApiClientIn
from vuoro.programs import agreements

START = "2026-12-03T08:00:00Z"  # a Thursday


@pytest.fixture
async def pair(api, world, offer, clock):
    """The path of Noa and Maria's active pair."""
    clock.freeze(START)
    path = f"/v1/pairs/{await offer()}"
    for who in ("noa", "maria"):
        await api(world[who]).post(f"{path}/accept")
    return path


@pytest.fixture
async def machine(api, databases, world):
    async with databases.app.transaction(world.system) as db:
        client = await machines.add_client(db, db.me, ApiClientIn(name="BI", scopes=["pairs:read"]))
    return api(await api.key(world.organization_id, client))


async def test_the_agreement_protects_the_mentors_working_time(api, world, pair):
    maria = api(world["maria"])
    assert (await maria.get(f"{pair}/agreement")).json()["protected_minutes_per_month"] == 90
    problem(await maria.post(f"{pair}/agreement/sign", json={"protects_time": False}), 422, "validation_failed")
    signed = (await maria.post(f"{pair}/agreement/sign", json={"protects_time": True})).json()
    assert signed["agreement"]["mine_signed"]
    assert signed["can"]["sign_agreement"] == {"allowed": False, "reason": "already_signed"}
    audit = json.dumps((await api(world.admin).get("/v1/audit-log?limit=100")).json())
    assert pair.rpartition("/")[2] not in audit  # who signed is for the two


async def test_a_new_version_asks_both_to_sign_anew(api, world, pair, run_jobs, monkeypatch, tmp_path):
    for who in ("noa", "maria"):
        await api(world[who]).post(f"{pair}/agreement/sign")
    assert (await api(world["noa"]).get(pair)).json()["can"]["plan_session"]["allowed"]
    text = {"fi": "Uusi", "sv": "Ny", "en": "New"}
    (tmp_path / "2.json").write_text(json.dumps({"version": 2, "protected_minutes_per_month": 120, "text": text}))
    monkeypatch.setattr(agreements, "FOLDER", tmp_path)
    monkeypatch.setattr(agreements, "CURRENT", 2)
    await run_jobs(tick=True)
    seen = (await api(world["noa"]).get(pair)).json()
    assert seen["agreement"] == {"version": 2, "mentor_signed_at": None, "mentee_signed_at": None, "mine_signed": False}
    assert seen["can"]["plan_session"]["reason"] == "agreement_missing"
    assert (await api(world["noa"]).get(f"{pair}/agreement")).json()["text"] == text
    later = {"starts_at": "2026-12-10T08:00:00Z", "minutes": 45, "time_zone": "UTC"}
    problem(await api(world["noa"]).post(f"{pair}/sessions", json=later), 409, "agreement_missing")


async def test_each_writes_their_own_goals_and_both_read_all(api, world, pair):
    noa, maria, manager = api(world["noa"]), api(world["maria"]), api(world.manager)
    version = (await manager.get(pair)).json()["version"]
    mine = await noa.post(f"{pair}/goals", json={"text": "I argue for a view"}, headers={"Idempotency-Key": "goal"})
    again = await noa.post(f"{pair}/goals", json={"text": "I argue for a view"}, headers={"Idempotency-Key": "goal"})
    assert mine.status_code == again.status_code == 201
    assert mine.json()["id"] == again.json()["id"]
    await maria.post(f"{pair}/goals", json={"text": "I hear what I did not want to hear"})
    path = f"{pair}/goals/{mine.json()['id']}"
    for client in (noa, maria):
        items = (await client.get(f"{pair}/goals")).json()["items"]
        assert [item["side"] for item in items] == ["mentor", "mentee"]
    assert (await maria.get(path)).json()["can"]["edit"] == {"allowed": False, "reason": "not_yours"}
    problem(await maria.patch(path, json={"done": True}, headers=etag_of(mine)), 403, "forbidden")
    problem(await noa.patch(path, json={"done": True}), 428, "precondition_required")
    done = await noa.patch(path, json={"done": True}, headers=etag_of(mine))
    assert done.json()["done_at"]
    problem(await noa.patch(path, json={"done": False}, headers=etag_of(mine)), 412, "precondition_failed")
    for bad in ({"text": ""}, {"text": "x" * 1001}, {"text": "a\x00b"}, {"what": 1}, {"text": None}):
        problem(await noa.patch(path, json=bad, headers=etag_of(done)), 422, "validation_failed")
    seen = (await manager.get(pair)).json()
    assert (seen["rhythm"]["goals_done"], seen["rhythm"]["goals_total"], seen["version"]) == (1, 2, version)
    problem(await manager.get(f"{pair}/goals"), 404, "not_found")
    problem(await manager.get(path), 404, "not_found")
    assert (await noa.delete(path, headers=etag_of(done))).status_code == 204
    problem(await noa.get(path), 404, "not_found")
    assert (await manager.get(pair)).json()["rhythm"]["goals_total"] == 1


async def test_goals_have_a_limit_and_rest_when_the_pair_is_over(api, world, pair):
    noa = api(world["noa"])
    for number in range(20):
        assert (await noa.post(f"{pair}/goals", json={"text": f"Goal {number}"})).status_code == 201
    problem(await noa.post(f"{pair}/goals", json={"text": "One more"}), 409, "too_many_goals")
    await noa.post(f"{pair}/end")
    problem(await noa.post(f"{pair}/goals", json={"text": "Too late"}), 409, "pair_not_active")
    page = (await noa.get(f"{pair}/goals?limit=15")).json()
    rest = (await noa.get(f"{pair}/goals", params={"limit": 15, "cursor": page["next_cursor"]})).json()
    assert len({item["id"] for item in page["items"] + rest["items"]}) == 20
    assert page["items"][0]["can"]["edit"] == {"allowed": False, "reason": "pair_not_active"}


async def test_the_first_contact_comes_from_the_mentee_within_working_days(api, world, pair):
    noa, maria = api(world["noa"]), api(world["maria"])
    assert (await noa.get(pair)).json()["first_contact"] == {"due_on": "2026-12-10", "done_at": None}
    assert (await api(world.manager).get(pair)).json()["first_contact"] is None
    problem(await noa.post(f"{pair}/first-contact"), 403, "forbidden")
    assert "first_contact" not in (await noa.get(pair)).json()["can"]
    version = (await maria.get(pair)).json()["version"]
    done = (await maria.post(f"{pair}/first-contact")).json()
    assert done["first_contact"]["done_at"].startswith("2026-12-03")
    assert done["version"] == version
    assert done["can"]["first_contact"] == {"allowed": False, "reason": "already_done"}


async def test_planning_a_session_is_a_first_contact_too(api, world, pair):
    for who in ("noa", "maria"):
        await api(world[who]).post(f"{pair}/agreement/sign")
    later = {"starts_at": "2026-12-10T08:00:00Z", "minutes": 45, "time_zone": "UTC"}
    assert (await api(world["noa"]).post(f"{pair}/sessions", json=later)).status_code == 201
    assert (await api(world["maria"]).get(pair)).json()["first_contact"]["done_at"]


async def test_a_machine_sees_a_pair_only_while_the_mentor_allows_it(api, world, pair, machine):
    noa, maria = api(world["noa"]), api(world["maria"])
    problem(await machine.get(pair), 404, "not_found")
    assert (await machine.get("/v1/pairs")).json()["items"] == []
    problem(await maria.put(f"{pair}/sharing", json={"allowed": True}), 403, "forbidden")
    problem(await api(world.manager).put(f"{pair}/sharing", json={"allowed": True}), 404, "not_found")
    before = (await api(world.manager).get(pair)).content
    assert (await noa.put(f"{pair}/sharing", json={"allowed": True})).json()["shared"] is True
    assert (await api(world.manager).get(pair)).content == before
    assert (await maria.get(pair)).json()["shared"] is True
    seen = (await machine.get(pair)).json()
    assert (seen["mentor"]["display_name"], seen["state"]) == ("Noa Virtanen", "active")
    for private in ("reasons", "checks", "first_contact", "offer_expires_at", "shared", "pause_until", "next_session"):
        assert seen[private] is None, private
    assert seen["can"] == {}
    assert seen["rhythm"] == {
        "held": 0, "planned": 6, "next_booked": False, "quiet": False, "goals_total": None, "goals_done": None,
    }  # fmt: skip
    assert len((await machine.get("/v1/pairs")).json()["items"]) == 1
    assert (await machine.get("/v1/pairs?needs_care=true")).json()["items"] == []
    for more in ("history", "agreement", "goals", "sessions"):
        problem(await machine.get(f"{pair}/{more}"), 404, "not_found")
    await noa.put(f"{pair}/sharing", json={"allowed": False})
    problem(await machine.get(pair), 404, "not_found")
    assert (await machine.get("/v1/pairs")).json()["items"] == []


async def test_an_offer_cannot_be_shared(api, world, offer):
    path = f"/v1/pairs/{await offer()}"
    problem(await api(world["noa"]).put(f"{path}/sharing", json={"allowed": True}), 409, "pair_not_active")


async def test_what_quiet_means_is_the_programs_to_say(api, world, pair, clock):
    manager = api(world.manager)
    clock.advance(days=10)
    seen = (await manager.get(pair)).json()
    path = f"/v1/programs/{seen['program_id']}"
    assert not seen["rhythm"]["quiet"]
    assert (await manager.get(f"{path}/dashboard")).json()["pairs"]["quiet"] == 0
    program = await manager.get(path)
    changed = {"settings": {**program.json()["settings"], "quiet_days": 7}}
    assert (await manager.patch(path, json=changed, headers=etag_of(program))).status_code == 200
    assert (await manager.get(pair)).json()["rhythm"]["quiet"]
    assert (await manager.get(f"{path}/dashboard")).json()["pairs"]["quiet"] == 1


async def test_an_offer_lasts_as_long_as_the_program_says_for_the_mentee_too(api, world, offer, clock):
    clock.freeze(START)
    pair = f"/v1/pairs/{await offer()}"
    manager = api(world.manager)
    path = f"/v1/programs/{(await manager.get(pair)).json()['program_id']}"
    program = await manager.get(path)
    changed = {"settings": {**program.json()["settings"], "offer_days": 12}}
    await manager.patch(path, json=changed, headers=etag_of(program))
    await api(world["noa"]).post(f"{pair}/accept")
    assert (await api(world["maria"]).get(pair)).json()["offer_expires_at"].startswith("2026-12-15T08:00")
