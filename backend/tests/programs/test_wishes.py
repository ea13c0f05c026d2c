"""Wishes: whom one may look at, what a card shows, and who reads what."""

from uuid import uuid4

import pytest
from programs.joining import EASY, configure, enrolled, opened, step, write
from support.contract import problem


@pytest.fixture
async def program(api, world):
    return await opened(api, world, self_chosen=True)


@pytest.fixture
async def parts(api, world, program):
    """Noa and Emil mentor, Maria, Astrid and Olli (who leads Noa) are mentees."""
    found = {key: await enrolled(api, world, program, key, topics=["strategy"]) for key in ("noa", "emil")}
    for key in ("maria", "astrid", "olli"):
        found[key] = await enrolled(api, world, program, key, "mentee")
    return found


async def wish(api, world, part, who, *wished):
    body = {"person_ids": [str(world[key].id) if isinstance(key, str) else str(key) for key in wished]}
    return await api(world[who]).put(f"/v1/enrollments/{part['id']}/wishes", json=body)


def names(answer):
    return [item["person"]["display_name"].split()[0] for item in answer.json()["items"]]


async def candidates(api, who, program, side, **query):
    return await api(who).get(f"{program}/candidates", params={"side": side, **query})


async def test_each_side_sees_the_other_as_they_chose_to_be_seen(api, world, program, parts):
    await write(api, world["noa"], parts["noa"], superpower="I ask", availability=[EASY], boundaries="nothing of home")
    await write(api, world["maria"], parts["maria"], wants_to_understand=["Why people leave"])
    answer = await candidates(api, world["maria"], program, "mentor")
    assert names(answer) == ["Emil", "Noa"]
    noa = answer.json()["items"][1]
    assert (noa["superpower"], noa["topics"], noa["department"], noa["wished"]) == (
        "I ask", ["strategy"], "Platform", False,
    )  # fmt: skip
    assert not {"availability", "boundaries", "state", "obstacles"} & set(noa)
    assert "nothing of home" not in answer.text
    answer = await candidates(api, world["noa"], program, "mentee")
    assert names(answer) == ["Astrid", "Maria", "Olli"]
    assert answer.json()["items"][1]["wants_to_understand"] == ["Why people leave"]
    assert names(await candidates(api, world["maria"], program, "mentor", q="noa")) == ["Noa"]
    assert names(await candidates(api, world["maria"], program, "mentor", topic="customers")) == []
    first = (await candidates(api, world["maria"], program, "mentor", limit=1)).json()
    assert names(await candidates(api, world["maria"], program, "mentor", cursor=first["next_cursor"])) == ["Noa"]


async def test_cards_are_for_approved_people_of_the_other_side(api, world, program, parts):
    problem(await candidates(api, world["noa"], program, "mentor"), 403, "forbidden")
    problem(await candidates(api, world.manager, program, "mentor"), 403, "forbidden")
    problem(await candidates(api, world["saga"], program, "mentee"), 403, "forbidden")
    problem(await candidates(api, world.other_admin, program, "mentee"), 404, "not_found")
    await step(api, world["noa"], parts["noa"], "pause")
    problem(await candidates(api, world["noa"], program, "mentee"), 403, "forbidden")
    assert names(await candidates(api, world["maria"], program, "mentor")) == ["Emil"]


async def test_a_program_decides_whether_people_choose(api, world, program, parts):
    await configure(api, world, program, self_chosen=False)
    problem(await candidates(api, world["noa"], program, "mentee"), 409, "not_self_chosen")
    problem(await wish(api, world, parts["noa"], "noa", "maria"), 409, "not_self_chosen")


async def test_wishes_keep_their_order_and_are_replaced_whole(api, world, parts):
    assert names(await wish(api, world, parts["noa"], "noa", "maria", "astrid")) == ["Maria", "Astrid"]
    assert names(await wish(api, world, parts["noa"], "noa", "astrid", "maria")) == ["Astrid", "Maria"]
    path = f"/v1/enrollments/{parts['noa']['id']}/wishes"
    assert names(await api(world["noa"]).get(path)) == ["Astrid", "Maria"]
    assert names(await wish(api, world, parts["noa"], "noa")) == []


async def test_a_wish_is_read_by_its_author_alone(api, world, program, parts):
    before = {who: (await candidates(api, world[who], program, "mentor")).text for who in ("maria", "astrid")}
    seen = (await api(world.manager).get(f"/v1/enrollments/{parts['noa']['id']}")).text
    await wish(api, world, parts["noa"], "noa", "maria")
    path = f"/v1/enrollments/{parts['noa']['id']}/wishes"
    problem(await api(world.manager).get(path), 403, "forbidden")
    problem(await api(world["maria"]).get(path), 404, "not_found")
    problem(await wish(api, world, parts["noa"], "maria", "astrid"), 404, "not_found")
    # not even by what changes elsewhere
    for who, text in before.items():
        assert (await candidates(api, world[who], program, "mentor")).text == text
    assert (await api(world.manager).get(f"/v1/enrollments/{parts['noa']['id']}")).text == seen
    assert names(await candidates(api, world["noa"], program, "mentee")) == ["Astrid", "Maria", "Olli"]


async def test_whom_one_cannot_wish_for_is_named(api, world, parts):
    answer = await wish(api, world, parts["noa"], "noa", "maria", "emil", "olli", "saga", uuid4())
    faults = problem(answer, 422, "validation_failed")["errors"]
    assert [(fault["pointer"], fault["code"]) for fault in faults] == [
        ("/person_ids/1", "unknown_person"),
        ("/person_ids/2", "reporting_line"),
        ("/person_ids/3", "unknown_person"),
        ("/person_ids/4", "unknown_person"),
    ]
    answer = await wish(api, world, parts["noa"], "noa", "maria", "maria")
    assert problem(answer, 422, "validation_failed")["errors"][0]["code"] == "twice"
    answer = await wish(api, world, parts["noa"], "noa", *[uuid4() for _ in range(6)])
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/person_ids"
    assert names(await api(world["noa"]).get(f"/v1/enrollments/{parts['noa']['id']}/wishes")) == []


async def test_whoever_pauses_is_left_out_and_comes_back_with_their_place(api, world, parts):
    await wish(api, world, parts["noa"], "noa", "maria", "astrid")
    path = f"/v1/enrollments/{parts['noa']['id']}/wishes"
    await step(api, world["maria"], parts["maria"], "pause")
    assert names(await api(world["noa"]).get(path)) == ["Astrid"]
    await step(api, world["maria"], parts["maria"], "resume")
    assert names(await api(world["noa"]).get(path)) == ["Maria", "Astrid"]


async def test_one_wishes_once_one_is_approved(api, world, program):
    maria = await enrolled(api, world, program, "maria", "mentee")
    body = {"person_id": str(world["noa"].id), "role": "mentor"}
    mine = (await api(world["noa"]).post(f"{program}/enrollments", json=body)).json()
    problem(await wish(api, world, mine, "noa", "maria"), 409, "illegal_transition")
    await step(api, world.manager, mine, "approve")
    assert names(await wish(api, world, mine, "noa", "maria")) == ["Maria"]
    assert maria["state"] == "approved"
