"""The audit log, found through by who, what and when."""

from datetime import timedelta

from support.contract import problem


async def test_an_admin_finds_deeds_by_who_what_and_when(api, world, clock):
    moment = clock.freeze(clock.now())
    helena = api(world.admin)
    grant = {"person_id": str(world["saga"].id), "role": "sponsor"}
    given = (await helena.post("/v1/organization/grants", json=grant)).json()
    clock.advance(hours=1)
    await helena.delete(f"/v1/organization/grants/{given['id']}", headers={"If-Match": '"1.0"'})
    program = {"name": "Turns", "template": "sounding-board"}
    assert (await api(world.manager).post("/v1/programs", json=program)).status_code == 201

    async def found(**filters):
        items = (await helena.get("/v1/audit-log", params={"limit": 100, **filters})).json()["items"]
        return [(one["actor"]["display_name"], one["action"]) for one in items if one["actor_kind"] == "person"]

    assert await found(noun="grant") == [("Helena Rask", "grant.take.sponsor"), ("Helena Rask", "grant.give.sponsor")]
    assert {who for who, _ in await found(actor_id=str(world.manager.id))} == {"Petra Sund"}
    assert len(await found(subject_id=str(world["saga"].id))) == 2
    early = await found(noun="grant", until=(moment + timedelta(minutes=1)).isoformat())
    assert [action for _, action in early] == ["grant.give.sponsor"]
    late = await found(noun="grant", since=(moment + timedelta(minutes=1)).isoformat())
    assert [action for _, action in late] == ["grant.take.sponsor"]
    problem(await helena.get("/v1/audit-log?noun=Grant%25"), 422, "validation_failed")
