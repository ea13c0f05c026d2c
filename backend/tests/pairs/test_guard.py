"""The conflict guard: no change of the organization chart leaves a pair inside a reporting line."""

from support.contract import etag_of, problem


async def new_manager(api, world, who, manager):
    admin, path = api(world.admin), f"/v1/people/{world[who].id}"
    body = {"manager_id": str(world[manager].id) if manager else None}
    answer = await admin.patch(path, json=body, headers=etag_of(await admin.get(path)))
    assert answer.status_code == 200, answer.text


async def test_a_mentor_who_comes_under_their_mentee_is_protected_at_once(api, world, offer):
    pair_id = await offer("noa", "maria")
    await new_manager(api, world, "olli", "maria")  # noa's manager now reports to maria
    seen = (await api(world["noa"]).get(f"/v1/pairs/{pair_id}")).json()
    assert seen["state"] == "suspended_conflict"
    problem(await api(world["noa"]).post(f"/v1/pairs/{pair_id}/accept"), 409, "illegal_transition")


async def test_a_change_elsewhere_leaves_the_pair_alone(api, world, offer):
    pair_id = await offer("noa", "maria")
    await new_manager(api, world, "saga", "paivi")
    assert (await api(world["noa"]).get(f"/v1/pairs/{pair_id}")).json()["state"] == "asked_mentor"


async def test_both_members_are_told_and_an_unasked_executive_is_not(api, world, offer, databases, run_jobs):
    await offer("noa", "maria")
    await new_manager(api, world, "olli", "maria")
    await run_jobs()
    from sqlalchemy import select

    from vuoro.notifications.models import Delivery

    async with databases.worker.transaction(world.system) as db:
        rows = (await db.execute(select(Delivery.kind, Delivery.person_id, Delivery.state))).all()
    told = {(kind, person) for kind, person, _ in rows}
    assert ("pair.suspended", world["noa"].id) in told
    assert not [person for _, person in told if person == world["maria"].id]
    assert {state for *_, state in rows} == {"not_sent"}  # no mail server is set


async def test_a_leavers_offer_lapses_and_the_next_request_is_refused(api, world, offer):
    pair_id = await offer("noa", "maria")
    noa = api(world["noa"])
    assert (await noa.get("/v1/me")).status_code == 200
    admin, path = api(world.admin), f"/v1/people/{world['noa'].id}"
    assert (await admin.delete(path, headers=etag_of(await admin.get(path)))).status_code == 204
    problem(await noa.get("/v1/me"), 401, "unauthenticated")
    assert (await api(world.manager).get(f"/v1/pairs/{pair_id}")).json()["state"] == "expired"


async def test_a_circle_of_managers_is_refused(api, world):
    admin, path = api(world.admin), f"/v1/people/{world['jukka'].id}"
    body = {"manager_id": str(world["noa"].id)}
    answer = await admin.patch(path, json=body, headers=etag_of(await admin.get(path)))
    assert problem(answer, 422, "validation_failed")["errors"][0] == {
        "pointer": "/manager_id",
        "code": "manager_cycle",
        "detail": "This manager reports to the person, directly or further down.",
    }
