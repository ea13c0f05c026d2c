"""The conflict guard: no change of the organization chart leaves a pair inside a reporting line."""

from support.contract import etag_of, problem

from vuoro.core import clock
from vuoro.people import lines
from vuoro.people.models import Person


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


async def change(api, world, who, **body):
    admin, path = api(world.admin), f"/v1/people/{world[who].id}"
    return await admin.patch(path, json=body, headers=etag_of(await admin.get(path)))


async def state(api, world, pair_id, who="noa"):
    return (await api(world[who]).get(f"/v1/pairs/{pair_id}")).json()["state"]


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


async def test_a_dotted_line_is_a_line(api, world, offer):
    pair_id = await offer("noa", "maria")
    answer = await change(api, world, "olli", dotted_manager_ids=[str(world["erik"].id)])  # who reports to maria
    assert answer.status_code == 200, answer.text
    assert await state(api, world, pair_id) == "suspended_conflict"


async def test_a_manager_whose_own_line_is_unknown_suspends_the_pairs_below(api, world, offer):
    pair_id = await offer("noa", "maria")
    await new_manager(api, world, "jukka", "tuomas")
    assert await state(api, world, pair_id) == "suspended_conflict"


async def test_an_erased_manager_leaves_unknown_lines_behind(api, world, offer, databases):
    pair_id = await offer("noa", "maria")
    async with databases.app.transaction(world.system) as db:
        olli = await db.locked(Person, world["olli"].id)
        olli.deleted_at = clock.now()
        await lines.settle(db, {olli.id})
    assert await state(api, world, pair_id) == "suspended_conflict"


async def test_people_of_the_graph_alone_are_links_of_the_line(api, world, offer, databases):
    pair_id = await offer("noa", "maria")
    async with databases.app.transaction(world.system) as db:
        hidden = Person(
            organization_id=world.organization_id, id=clock.uuid7(), external_id="N7777", display_name="", languages={},
            manager_id=world["maria"].id, manager_external_id="N1003", graph_only=True,
        )  # fmt: skip
        db.add(hidden)
        await lines.settle(db, {hidden.id})
    answer = await change(api, world, "olli", manager_id=str(hidden.id))
    assert answer.status_code == 200, answer.text
    assert await state(api, world, pair_id) == "suspended_conflict"


async def test_a_leaver_who_comes_back_and_a_leaver_above_change_no_line(api, world, offer):
    pair_id = await offer("noa", "maria")
    assert (await change(api, world, "olli", status="left")).status_code == 200
    assert await state(api, world, pair_id) == "asked_mentor", "a leaver stays in the chain as a link"
    assert (await change(api, world, "olli", status="active")).status_code == 200
    assert await state(api, world, pair_id) == "asked_mentor"


async def test_the_pair_tells_at_every_move_whether_the_mentee_leads_everyone(api, world, offer):
    pair_id = await offer("noa", "maria")
    noa = api(world["noa"])
    hired = await api(world.admin).post("/v1/people", json={"external_id": "N8000", "display_name": "Siv Storm"})
    founder = hired.json()["id"]
    assert (await change(api, world, "olli", manager_id=str(world["maria"].id))).status_code == 200
    assert await state(api, world, pair_id) == "suspended_conflict"
    second = await offer("emil", "astrid")
    assert (await change(api, world, "sanna", job_level=5)).status_code == 200
    path = f"/v1/pairs/{second}"
    emil = api(world["emil"])
    assert (await emil.get(path)).json()["top_exempt"] is False, "the offer of this test was made without a look"
    assert (await change(api, world, "sanna", manager_id=str(world["jukka"].id))).status_code == 200
    assert ((await emil.get(path)).json()["top_exempt"], await state(api, world, second, "emil")) == (
        True,
        "asked_mentor",
    )
    assert (await change(api, world, "sanna", manager_id=founder)).status_code == 200  # under another head now
    seen = (await emil.get(path)).json()
    assert (seen["top_exempt"], seen["state"]) == (False, "asked_mentor")
    assert (await noa.get(f"/v1/pairs/{pair_id}")).json()["top_exempt"] is False


async def applied(api, world, run_jobs, rows):
    """An import of (employee id, manager's id), whose other columns are as they were."""
    hr = api(world.admin)
    people = [{"employee_id": key, "manager_id": manager, "name": name} for key, manager, name in rows]
    found = (await hr.post("/v1/imports", json={"people": people, "dry_run": False})).json()
    await run_jobs()
    done = (await hr.get(f"/v1/imports/{found['id']}")).json()
    assert done["state"] == "applied", done


async def test_an_import_is_looked_at_once_when_all_of_it_is_written(
    api, world, offer, run_jobs, monkeypatch, statements
):
    """Between two chunks Noa is under Maria; when the import is whole she is not, and nobody is told of anything."""
    pair_id = await offer("noa", "maria")
    monkeypatch.setattr("vuoro.core.bulk.CHUNK", 1)
    with statements() as sent:
        # olli goes under maria, and noa away from olli
        await applied(api, world, run_jobs, [("N1006", "N1003", "Olli Nieminen"), ("N1010", "N1007", "Noa Virtanen")])
    assert await state(api, world, pair_id) == "asked_mentor"
    steps = (await api(world["noa"]).get(f"/v1/pairs/{pair_id}/history")).json()["items"]
    assert [step["state"] for step in steps] == ["asked_mentor"]
    assert sum("FROM pairs" in one and "FOR UPDATE" in one for one in sent) == 1
    await applied(api, world, run_jobs, [("N1007", "N1003", "Sanna Koski")])
    assert await state(api, world, pair_id) == "suspended_conflict"


async def test_an_import_looks_at_every_open_pair(api, world, offer, run_jobs):
    inside = await offer("noa", "olli")
    await applied(api, world, run_jobs, [("N1018", "N1008", "Veera Salo")])
    assert await state(api, world, inside) == "suspended_conflict"
