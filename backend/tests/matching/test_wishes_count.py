"""Wishes count in a search, and the second place of a mentor only where the program allows it."""

from matching.conftest import pair_of
from programs.joining import configure

from vuoro.matching import intake


async def preference(suggestions, run, mentor, mentee):
    item = next(item for item in await suggestions(run) if pair_of(item) == (mentor.id, mentee.id))
    return next(part for part in item["components"] if part["name"] == "preference")


async def test_a_wish_raises_the_preference_of_its_pair(api, world, prepare, match, suggestions):
    noa, maria = world["noa"], world["maria"]
    program = await prepare([noa], [maria])
    path = f"/v1/programs/{program}"
    before = await preference(suggestions, await match(program), noa, maria)
    assert before["points"] == 0
    await configure(api, world, path, self_chosen=True)
    for who, other, wanted, evidence in ((noa, maria, 0.5, "mentor_named"), (maria, noa, 1, "both_named")):
        mine = (await api(who).get(f"{path}/enrollments")).json()["items"][0]
        answer = await api(who).put(f"/v1/enrollments/{mine['id']}/wishes", json={"person_ids": [str(other.id)]})
        assert answer.status_code == 200, answer.text
        part = await preference(suggestions, await match(program), noa, maria)
        assert part["points"] == part["max_points"] * wanted
        assert [found["code"] for found in part["evidence"]] == [evidence]


async def test_a_lowered_limit_takes_a_mentors_second_place(api, world, prepare, databases):
    noa, program = world["noa"], await prepare([world["noa"]], [world["maria"]])
    path = f"/v1/programs/{program}"
    await configure(api, world, path, mentor_capacity=2)
    mine = (await api(noa).get(f"{path}/enrollments")).json()["items"][0]
    tag = {"If-Match": f'"{mine["version"]}.x"'}
    answer = await api(noa).patch(f"/v1/enrollments/{mine['id']}", json={"capacity": 2}, headers=tag)
    assert answer.status_code == 200, answer.text

    async def places():
        async with databases.app.transaction(world.manager.actor) as db:
            given = await intake.read(db, mine["program_id"], mine["cohort_id"])
        return {person.role: person.capacity for person in given.market.participants}

    assert await places() == {"mentor": 2, "mentee": 1}
    await configure(api, world, path, mentor_capacity=1)
    assert await places() == {"mentor": 1, "mentee": 1}
