"""Enrollments through the API: applying, approving, and what each may see."""

import pytest
from support.contract import etag_of, problem


@pytest.fixture
async def program(api, world):
    answer = await api(world.manager).post("/v1/programs", json={"name": "Turn", "template": "sounding-board"})
    path = f"/v1/programs/{answer.json()['id']}"
    await api(world.manager).post(f"{path}/transitions", json={"to": "enrolling"})
    return path


async def apply(api, world, program, who, role="mentor", **more):
    body = {"person_id": str(world[who].id), "role": role, **more}
    return await api(world[who]).post(f"{program}/enrollments", json=body)


async def test_people_apply_themselves_and_the_manager_approves(api, world, program):
    mine = (await apply(api, world, program, "noa", topics=["strategy"], skills=[{"slug": "ai-tools"}])).json()
    assert (mine["state"], mine["skills"]) == ("applied", [{"slug": "ai-tools", "level": 3, "weight": None}])
    assert mine["languages"]  # taken over from the directory
    approved = await api(world.manager).post(f"/v1/enrollments/{mine['id']}/approve")
    assert approved.json()["state"] == "approved"
    again = await api(world.manager).post(f"/v1/enrollments/{mine['id']}/approve")
    assert "withdrawn" in problem(again, 409, "illegal_transition")["params"]["legal"]


async def test_nobody_applies_for_somebody_else(api, world, program):
    body = {"person_id": str(world["leo"].id), "role": "mentor"}
    problem(await api(world["noa"]).post(f"{program}/enrollments", json=body), 403, "forbidden")


async def test_nobody_approves_themselves(api, world, program):
    mine = (await apply(api, world, program, "noa")).json()
    problem(await api(world["noa"]).post(f"/v1/enrollments/{mine['id']}/approve"), 409, "illegal_transition")


async def test_the_same_part_twice_is_refused(api, world, program):
    await apply(api, world, program, "noa")
    problem(await apply(api, world, program, "noa"), 409, "already_enrolled")
    assert (await apply(api, world, program, "noa", role="mentee")).status_code == 201


async def test_participants_see_their_own_enrollment_alone(api, world, program):
    mine = (await apply(api, world, program, "noa")).json()
    await apply(api, world, program, "emil")
    seen = (await api(world["emil"]).get(f"{program}/enrollments")).json()["items"]
    assert [item["person"]["id"] for item in seen] == [str(world["emil"].id)]
    problem(await api(world["emil"]).get(f"/v1/enrollments/{mine['id']}"), 404, "not_found")
    assert len((await api(world.manager).get(f"{program}/enrollments")).json()["items"]) == 2


async def test_a_leaver_and_an_unknown_person_cannot_be_enrolled(api, world, program):
    for person in (str(world["kaisa"].id), "0197f3a0-0000-7000-8000-000000000000", str(world.other_person.id)):
        answer = await api(world.manager).post(f"{program}/enrollments", json={"person_id": person, "role": "mentor"})
        assert problem(answer, 422, "validation_failed")["errors"][0]["code"] == "unknown_person"


async def test_a_mentor_changes_what_they_bring(api, world, program):
    mine = (await apply(api, world, program, "noa")).json()
    path, noa = f"/v1/enrollments/{mine['id']}", api(world["noa"])
    tag = etag_of(await noa.get(path))
    changed = await noa.patch(path, json={"superpower": "I ask", "topics": ["customers"]}, headers=tag)
    assert (changed.json()["superpower"], changed.json()["topics"]) == ("I ask", ["customers"])


async def test_the_primer_is_finished_by_the_person_alone(api, world, program):
    mine = (await apply(api, world, program, "noa")).json()
    await api(world.manager).post(f"/v1/enrollments/{mine['id']}/approve")
    path = f"/v1/enrollments/{mine['id']}/complete-primer"
    problem(await api(world.manager).post(path), 403, "forbidden")
    done = (await api(world["noa"]).post(path)).json()
    assert done["primer_done_at"]
    assert "complete_primer" not in done["can"]


async def test_a_list_is_filtered_by_role_state_and_name(api, world, program):
    await apply(api, world, program, "noa")
    await apply(api, world, program, "maria", role="mentee")
    manager = api(world.manager)
    for query, count in (("role=mentor", 1), ("state=approved", 0), ("q=maria", 1), ("q=%25", 2)):
        assert len((await manager.get(f"{program}/enrollments?{query}")).json()["items"]) == count, query
