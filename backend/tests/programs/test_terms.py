"""Terms of use of a programme: versions, agreed to when somebody joins."""

import pytest
from programs.joining import apply, enrolled, opened
from support.contract import problem

OTHER = {"fi": "Ole kiltti", "sv": "Var snäll", "en": "Be kind"}


@pytest.fixture
async def path(api, world):
    return await opened(api, world)


async def publish(api, world, path, text=None):
    text = text or {"fi": "Ehdot", "sv": "Villkor", "en": "Terms"}
    answer = await api(world.manager).put(f"{path}/terms", json={"text": text})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_each_new_text_is_a_version_and_the_same_again_is_none(api, world, path):
    problem(await api(world.manager).get(f"{path}/terms"), 404, "not_found")
    assert (await publish(api, world, path))["number"] == 1
    assert (await publish(api, world, path))["number"] == 1
    assert (await publish(api, world, path, OTHER))["number"] == 2
    read = (await api(world["noa"]).get(f"{path}/terms")).json()
    assert (read["number"], read["text"]) == (2, OTHER)
    assert (await api(world["noa"]).get(path)).json()["terms_version"] == 2


async def test_a_text_that_one_language_lacks_is_422(api, world, path):
    for text in ({**OTHER, "sv": ""}, {"en": "Be kind"}, {**OTHER, "fi": "x" * 20_001}):
        answer = await api(world.manager).put(f"{path}/terms", json={"text": text})
        problem(answer, 422, "validation_failed")


async def test_whoever_applies_agrees_to_the_newest(api, world, path):
    await publish(api, world, path)
    problem(await apply(api, world, path, "noa"), 409, "terms_not_agreed")
    await publish(api, world, path, OTHER)
    old = problem(await apply(api, world, path, "noa", terms_version=1), 422, "validation_failed")["errors"][0]
    assert (old["pointer"], old["code"]) == ("/terms_version", "terms_changed")
    made = await apply(api, world, path, "noa", terms_version=2)
    assert (made.status_code, made.json()["terms_version"]) == (201, 2)


async def test_a_programme_without_terms_asks_for_none(api, world, path):
    assert (await apply(api, world, path, "noa")).status_code == 201
    problem(await apply(api, world, path, "emil", terms_version=1), 422, "validation_failed")


async def test_whoever_was_invited_reads_them_and_agrees_before_they_say_yes(api, world, path):
    await publish(api, world, path)
    people = [{"person_id": str(world["noa"].id), "role": "mentor"}]
    await api(world.manager).post(f"{path}/invitations", json={"people": people})
    noa = api(world["noa"])
    (part,) = (await noa.get(f"{path}/enrollments")).json()["items"]
    card = (await noa.get(f"/v1/enrollments/{part['id']}/invitation")).json()
    assert (card["terms"]["number"], card["terms"]["text"]["sv"]) == (1, "Villkor")
    mine = f"/v1/enrollments/{part['id']}"
    problem(await noa.post(f"{mine}/apply"), 409, "terms_not_agreed")
    assert (await noa.post(f"{mine}/terms", json={"number": 1})).json()["terms_version"] == 1
    assert (await noa.post(f"{mine}/apply")).json()["state"] == "applied"


async def test_whoever_comes_by_a_link_reads_them_there_and_agrees(api, world, path):
    await publish(api, world, path)
    link = (await api(world.manager).post(f"{path}/invitation-links", json={"role": "mentor"})).json()
    code = link["url"].rpartition("/")[2].rpartition("#")[2]
    noa, door = api(world["noa"]), f"/v1/invitation-links/{code}"
    assert (await noa.get(door)).json()["terms"]["number"] == 1
    problem(await noa.post(f"{door}/apply", json={}), 409, "terms_not_agreed")
    assert (await noa.post(f"{door}/apply", json={"terms_version": 1})).json()["terms_version"] == 1


async def test_nobody_agrees_for_somebody_else(api, world, path):
    await publish(api, world, path)
    part = await enrolled(api, world, path, "noa")
    assert part["terms_version"] is None
    for who in (world.manager, world.admin):
        answer = await api(who).post(f"/v1/enrollments/{part['id']}/terms", json={"number": 1})
        problem(answer, 403, "forbidden")
    answer = await api(world["noa"]).post(f"/v1/enrollments/{part['id']}/terms", json={"number": 1})
    assert answer.json()["terms_version"] == 1


async def test_whoever_was_enrolled_by_others_is_asked_on_the_first_page_and_before_a_yes_to_a_pair(api, world, offer):
    pair = f"/v1/pairs/{await offer()}"
    program = (await api(world["noa"]).get(pair)).json()["program_id"]
    await publish(api, world, f"/v1/programs/{program}")
    for who, state in (("noa", "asked_mentee"), ("maria", "active")):
        client = api(world[who])
        (part,) = (await client.get(f"/v1/programs/{program}/enrollments")).json()["items"]
        (asked,) = [one for one in (await client.get("/v1/me/today")).json()["actions"] if one["kind"] == "agree_terms"]
        assert asked["link"] == f"/invitations/{part['id']}"
        assert part["can"]["agree"] == {"allowed": True, "reason": None}
        refused = problem(await client.post(f"{pair}/accept"), 409, "terms_not_agreed")
        assert refused["params"] == {"number": 1, "enrollment_id": part["id"]}
        agreed = (await client.post(f"/v1/enrollments/{part['id']}/terms", json={"number": 1})).json()
        assert "agree" not in agreed["can"]
        actions = (await client.get("/v1/me/today")).json()["actions"]
        assert [one for one in actions if one["kind"] == "agree_terms"] == []
        assert (await client.post(f"{pair}/accept")).json()["state"] == state


async def test_whoever_agreed_when_they_joined_is_not_asked_again_by_a_next_text(api, world, path):
    await publish(api, world, path)
    made = (await apply(api, world, path, "noa", terms_version=1)).json()
    assert (await api(world.manager).post(f"/v1/enrollments/{made['id']}/approve")).status_code == 200
    await publish(api, world, path, OTHER)
    actions = (await api(world["noa"]).get("/v1/me/today")).json()["actions"]
    assert [one for one in actions if one["kind"] == "agree_terms"] == []


async def test_a_no_to_a_pair_needs_no_terms(api, world, offer):
    pair = f"/v1/pairs/{await offer()}"
    program = (await api(world["noa"]).get(pair)).json()["program_id"]
    await publish(api, world, f"/v1/programs/{program}")
    assert (await api(world["noa"]).post(f"{pair}/decline")).status_code == 200
