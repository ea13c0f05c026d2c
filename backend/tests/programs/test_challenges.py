"""Challenges: posted by executives, read by the program, edited by their author."""

import pytest
from support.contract import etag_of, problem

POST = {"title": "Hiring", "text": "Why do young people leave us?", "topics": ["career-paths"], "skills": []}


async def test_an_executive_posts_and_all_of_the_program_read(running, world):
    made = await running()
    one = await made.post("challenges", who=world["maria"], **POST)
    assert one["author"]["id"] == str(world["maria"].id)
    assert (one["can"]["edit"]["allowed"], one["topics"]) == (True, ["career-paths"])
    for who in ("noa", "sanna", "petra", "helena"):
        (seen,) = await made.list("challenges", world[who])
        assert seen["text"] == POST["text"]
    problem(await made.api(world["amina"]).get(f"/v1/challenges/{one['id']}"), 404, "not_found")


async def test_mentors_managers_and_applicants_post_none(running, draft, world):
    made = await running()
    for who in ("noa", "petra", "helena"):
        assert (await made.post("challenges", 403, who=world[who], **POST))["code"] == "forbidden"
    opened = await draft()
    await opened.go("enrolling")
    await opened.post("enrollments", who=world["jukka"], person_id=str(world["jukka"].id), role="mentee")
    await opened.post("challenges", 403, who=world["jukka"], **POST)
    assert (await opened.read(world["jukka"]))["can"]["post_challenge"]["allowed"] is False


async def test_only_the_author_edits_and_a_manager_may_close(running, world):
    made = await running()
    path = f"/v1/challenges/{(await made.post('challenges', who=world['maria'], **POST))['id']}"
    maria = made.api(world["maria"])
    tag = etag_of(await maria.get(path))
    for who in ("noa", "sanna", "petra"):
        problem(await made.api(world[who]).patch(path, json={"text": "Mine"}, headers=tag), 403, "forbidden")
    edited = await maria.patch(path, json={"text": "What would make you stay?"}, headers=tag)
    assert edited.json()["text"] == "What would make you stay?"
    problem(await maria.patch(path, json={"text": "Late"}, headers=tag), 412, "precondition_failed")
    closed = await made.manager.patch(path, json={"state": "closed"}, headers=etag_of(edited))
    assert closed.json()["state"] == "closed"
    again = await maria.patch(path, json={"state": "open"}, headers=etag_of(closed))
    assert (again.json()["state"], again.json()["can"]["close"]["allowed"]) == ("open", True)


async def test_they_are_listed_by_state(running, world):
    made = await running()
    first = await made.post("challenges", who=world["maria"], **POST)
    await made.post("challenges", who=world["sanna"], **{**POST, "title": "Tools"})
    path = f"/v1/challenges/{first['id']}"
    maria = made.api(world["maria"])
    await maria.patch(path, json={"state": "closed"}, headers=etag_of(await maria.get(path)))
    assert [one["title"] for one in await made.list("challenges?state=open", world["noa"])] == ["Tools"]
    assert [one["title"] for one in await made.list("challenges", world["noa"])] == ["Tools", "Hiring"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"text": "x" * 1001}, "/text"),
        ({"text": "  "}, "/text"),
        ({"text": "a\x00b"}, "/text"),
        ({"title": "x" * 121}, "/title"),
        ({"topics": ["Not a slug"]}, "/topics/0"),
        ({"topics": ["a"] * 11}, "/topics"),
        ({"author_id": "me"}, "/author_id"),
    ],
)
async def test_bad_input_names_its_place(running, world, change, pointer):
    made = await running()
    body = await made.post("challenges", 422, who=world["maria"], **{**POST, **change})
    assert body["errors"][0]["pointer"] == pointer


async def test_a_program_that_closes_takes_no_new_challenge(running, world):
    made = await running()
    one = await made.post("challenges", who=world["maria"], **POST)
    await made.go("closing")
    assert (await made.post("challenges", 409, who=world["maria"], **POST))["code"] == "wrong_state"
    await made.go("cancelled")
    maria = made.api(world["maria"])
    tag = etag_of(await maria.get(f"/v1/challenges/{one['id']}"))
    problem(await maria.patch(f"/v1/challenges/{one['id']}", json={"text": "Late"}, headers=tag), 409, "wrong_state")


async def test_twenty_open_ones_a_person_are_enough(running, world):
    made = await running()
    maria = made.api(world["maria"])
    for _ in range(20):
        assert (await maria.post(f"{made.path}/challenges", json=POST)).status_code == 201
    problem(await maria.post(f"{made.path}/challenges", json=POST), 409, "too_many_challenges")
    assert len(await made.list("challenges?limit=100")) == 20
