"""A mentor's boundaries: open to the two while the pair is, and to nobody else."""

from programs.joining import write
from support.contract import problem

from vuoro.pairs import service as pairs
from vuoro.programs import profiles

SECRET = "my divorce and the lay-offs of spring"


async def test_only_the_two_of_an_active_pair_can_reach_a_row_of_boundaries(api, world, databases, offer):
    pair_id = await offer()
    noa, maria = world["noa"], world["maria"]
    path = f"/v1/pairs/{pair_id}/boundaries"
    async with databases.app.transaction(noa.actor) as db:
        enrollment = (await pairs.get_row(db, noa.actor, pair_id)).mentor_enrollment_id
    await write(api, noa, {"id": enrollment}, boundaries=SECRET)

    async def reach(who):
        async with databases.app.transaction(who.actor) as db:
            return await profiles.boundaries_of(db, [enrollment])

    assert (await api(noa).get(path)).json() == {"text": SECRET}
    problem(await api(maria).get(path), 404, "not_found")
    await api(noa).post(f"/v1/pairs/{pair_id}/accept")
    problem(await api(maria).get(path), 409, "pair_not_active")
    assert await reach(maria) == {}
    await api(maria).post(f"/v1/pairs/{pair_id}/accept")
    assert (await api(maria).get(path)).json() == {"text": SECRET}
    for who in (world.manager, world.admin, world["olli"], world["emil"]):
        assert await reach(who) == {}
        problem(await api(who).get(path), 404, "not_found")
    await api(noa).post(f"/v1/pairs/{pair_id}/end")
    problem(await api(maria).get(path), 409, "pair_not_active")
    assert await reach(maria) == {}
    assert (await api(noa).get(path)).json() == {"text": SECRET}
