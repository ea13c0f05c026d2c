"""Programs through the API: from a template to closed, changed and refused."""

from support.contract import etag_of, problem

from vuoro.core import clock
from vuoro.identity.models import Grant


async def made(api, world, **more):
    answer = await api(world.manager).post("/v1/programs", json={"name": "Turn", "template": "sounding-board", **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_program_from_a_template_has_a_cohort_settings_and_topics(api, world):
    program = await made(api, world, starts_on="2026-12-01")
    assert (program["state"], program["ends_on"], len(program["cohorts"])) == ("draft", "2027-06-01", 1)
    assert round(sum(program["settings"]["weights"].values()), 9) == 1
    assert program["settings"]["rules"]["top_exempt_distance"] == 3
    topics = (await api(world.manager).get("/v1/topics")).json()["items"]
    assert "strategy" in {topic["slug"] for topic in topics}


async def test_templates_speak_three_languages(api, world):
    items = (await api(world["noa"]).get("/v1/program-templates")).json()["items"]
    assert len(items) == 6
    assert all(text for item in items for text in (*item["name"].values(), *item["purpose"].values()))


async def test_an_unknown_template_is_named(api, world):
    answer = await api(world.manager).post("/v1/programs", json={"name": "Turn", "template": "nope"})
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/template"


async def test_a_participant_starts_no_program(api, world):
    answer = await api(world["noa"]).post("/v1/programs", json={"name": "Turn", "template": "taster"})
    problem(answer, 403, "forbidden")


async def test_whoever_hears_of_concerns_makes_no_program_to_manage(api, world, databases):
    first = await made(api, world)
    given = {"person_id": str(world["emil"].id), "role": "programme_manager", "program_id": first["id"]}
    assert (await api(world.admin).post("/v1/organization/grants", json=given)).status_code == 201
    emil, body = api(world["emil"]), {"name": "Turn", "template": "taster"}
    assert (await emil.post("/v1/programs", json=body)).status_code == 201
    async with databases.app.transaction(world.admin.actor) as db:
        db.add(Grant(organization_id=db.organization_id, id=clock.uuid7(), person_id=world["emil"].id,
                     role="safeguarding_contact", program_id=None, unit_id=None))  # fmt: skip
    problem(await emil.post("/v1/programs", json=body), 409, "roles_clash")
    clone = await emil.post(f"/v1/programs/{first['id']}/clone", json={"name": "Again"})
    problem(clone, 409, "roles_clash")


async def test_a_draft_is_invisible_to_others_and_an_open_program_is_not(api, world):
    program = await made(api, world)
    path = f"/v1/programs/{program['id']}"
    problem(await api(world["noa"]).get(path), 404, "not_found")
    problem(await api(world.other_admin).get(path), 404, "not_found")
    await api(world.manager).post(f"{path}/transitions", json={"to": "enrolling"})
    seen = (await api(world["noa"]).get(path)).json()
    assert seen["can"]["enroll"] == {"allowed": True, "reason": None}
    assert seen["can"]["edit"] == {"allowed": False, "reason": "not_allowed"}
    problem(await api(world.other_admin).get(path), 404, "not_found")


async def test_an_illegal_step_names_the_legal_ones(api, world):
    program = await made(api, world)
    answer = await api(world.manager).post(f"/v1/programs/{program['id']}/transitions", json={"to": "running"})
    assert problem(answer, 409, "illegal_transition")["params"] == {
        "state": "draft",
        "legal": ["enrolling", "cancelled"],
    }


async def test_matching_waits_until_both_sides_have_somebody(api, world):
    program = await made(api, world)
    path = f"/v1/programs/{program['id']}"
    manager = api(world.manager)
    await manager.post(f"{path}/transitions", json={"to": "enrolling"})
    answer = await manager.post(f"{path}/transitions", json={"to": "matching"})
    assert problem(answer, 409, "not_ready")["params"] == {"missing": ["mentors", "mentees"]}
    for who, role in (("noa", "mentor"), ("maria", "mentee")):
        added = await manager.post(f"{path}/enrollments", json={"person_id": str(world[who].id), "role": role})
        assert added.status_code == 201, added.text
    assert (await manager.post(f"{path}/transitions", json={"to": "matching"})).json()["state"] == "matching"


async def test_settings_change_whole_and_weights_are_not_all_zero(api, world):
    program = await made(api, world)
    path, manager = f"/v1/programs/{program['id']}", api(world.manager)
    tag = etag_of(await manager.get(path))
    nothing = {**program["settings"], "weights": dict.fromkeys(program["settings"]["weights"], 0)}
    answer = await manager.patch(path, json={"settings": nothing}, headers=tag)
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/settings/weights"
    settings = {**program["settings"], "offer_days": 10}
    changed = await manager.patch(path, json={"settings": settings, "name": "Vuorot"}, headers=tag)
    assert (changed.json()["settings"]["offer_days"], changed.json()["name"]) == (10, "Vuorot")
    problem(await manager.patch(path, json={"name": "Late"}, headers=tag), 412, "precondition_failed")
    problem(await manager.patch(path, json={"name": "Blind"}), 428, "precondition_required")


async def test_the_reporting_line_rule_cannot_be_switched_off(api, world):
    program = await made(api, world)
    rules = {**program["settings"]["rules"], "reporting_line": False}
    path, manager = f"/v1/programs/{program['id']}", api(world.manager)
    settings = {**program["settings"], "rules": rules}
    answer = await manager.patch(path, json={"settings": settings}, headers=etag_of(await manager.get(path)))
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/settings/rules/reporting_line"


async def test_a_program_ends_after_it_starts(api, world):
    program = await made(api, world)
    path, manager = f"/v1/programs/{program['id']}", api(world.manager)
    tag = etag_of(await manager.get(path))
    answer = await manager.patch(path, json={"starts_on": "2027-01-01", "ends_on": "2026-01-01"}, headers=tag)
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/ends_on"
