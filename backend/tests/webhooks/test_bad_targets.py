"""Receivers that hang, lie, break or are gone: what is retried, what is given up, and that nobody else waits."""

import json

import pytest
from webhooks.targets import listening

from vuoro.webhooks import sending

PATH = "/v1/webhook-endpoints"


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(sending, "SECONDS", 0.3)


async def read(api, world, endpoint):
    return (await api(world.admin).get(f"{PATH}/{endpoint['id']}")).json()


async def test_what_fails_is_tried_again_over_a_day_under_the_same_id(
    subscribe, hire, run_jobs, target, clock, deliveries
):
    clock.freeze(clock.now())
    endpoint = await subscribe(target.url)
    target.status = 503
    await hire()
    await run_jobs()
    clock.advance(seconds=50)
    await run_jobs(tick=True)
    assert len(target.got) == 1
    for tries, delay in enumerate(sending.DELAYS, 2):
        clock.advance(delay)
        await run_jobs(tick=True)
        assert len(target.got) == tries
    assert len(set(target.ids)) == 1
    assert len({body for _, body in target.got}) == 1
    [delivery] = await deliveries(endpoint, state="failed")
    assert [attempt["error"] for attempt in delivery["attempts"]] == ["status"] * 8


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"status": 500}, "status"),
        ({"raw": b"HTTP/1.1 302 X\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n"}, "redirect"),
        ({"raw": b"HTTP/1.1 200 X\r\ncontent-length: 9000000\r\n\r\n" + b"x" * 200_000}, "no_answer"),
        ({"raw": b"no http at all\r\n\r\n"}, "no_answer"),
        ({"hangs": True}, "no_answer"),
    ],
)
async def test_what_is_no_yes_is_written_down_and_tried_again(
    subscribe, hire, run_jobs, target, deliveries, impatient, told, error
):
    for name, value in told.items():
        setattr(target, name, value)
    endpoint = await subscribe(target.url)
    await hire()
    await run_jobs()
    [delivery] = await deliveries(endpoint)
    assert (delivery["state"], delivery["attempts"][0]["error"]) == ("waiting", error)
    assert delivery["next_attempt_at"] > delivery["attempts"][0]["at"]
    assert len(target.got) == 1


async def test_a_name_that_leads_inside_is_never_called(subscribe, hire, run_jobs, target, deliveries):
    endpoint = await subscribe(f"https://localhost:{target.port}/")
    await hire()
    await run_jobs()
    [delivery] = await deliveries(endpoint)
    assert [attempt["error"] for attempt in delivery["attempts"]] == ["refused"]
    assert target.got == []


async def test_410_turns_the_endpoint_off_and_its_admins_get_a_mail(
    api, world, subscribe, hire, run_jobs, target, superuser
):
    body = {"name": "Sales", "divisions": ["Sales"]}
    unit = (await api(world.admin).post("/v1/organization/units", json=body)).json()
    body = {"person_id": str(world["erik"].id), "role": "organization_admin", "unit_id": unit["id"]}
    assert (await api(world.admin).post("/v1/organization/grants", json=body)).status_code == 201
    endpoint = await subscribe(target.url)
    target.status = 410
    await hire()
    await hire("H2")
    await run_jobs()
    found = await read(api, world, endpoint)
    assert (found["off_because"], found["waiting"], found["failed"]) == ("gone", 0, 2)
    mails = await superuser.fetch("select person_id from deliveries where kind = 'webhook.turned_off'")
    assert [row["person_id"] for row in mails] == [world.admin.id]


async def test_where_nothing_arrives_for_three_days_sending_ends_and_admins_hear_of_it(
    api, world, subscribe, hire, run_jobs, target, clock, superuser
):
    clock.freeze(clock.now())
    endpoint = await subscribe(target.url)
    target.status = 500
    for day in range(4):
        assert (await read(api, world, endpoint))["off_because"] is None
        await hire(f"H{day}")
        await run_jobs(tick=True)
        clock.advance(hours=24.5)
    assert (await read(api, world, endpoint))["off_because"] == "failing"
    assert await superuser.fetchval("select count(*) from deliveries where kind = 'webhook.turned_off'") == 1


async def test_a_success_in_between_begins_the_count_anew(api, world, subscribe, hire, run_jobs, target, clock):
    clock.freeze(clock.now())
    endpoint = await subscribe(target.url)
    for day, status in enumerate((500, 500, 200, 500, 500)):
        target.status = status
        await hire(f"H{day}")
        await run_jobs(tick=True)
        clock.advance(hours=24.5)
    assert (await read(api, world, endpoint))["off_because"] is None


async def test_one_that_hangs_keeps_no_other_waiting(
    world, subscribe, hire, run_jobs, target, allow, databases, impatient
):
    async with listening() as slow:
        slow.hangs = True
        allow(slow.url)
        await subscribe(slow.url)
        await subscribe(target.url)
        for number in range(12):
            await hire(f"H{number}")
        await run_jobs()
        assert len(target.got) == len(slow.got) == 12


async def test_a_fact_that_comes_twice_is_one_event(world, subscribe, hire, target, databases, superuser, run_jobs):
    from vuoro.worker import run_fact

    await subscribe(target.url)
    await hire()
    row = await superuser.fetchrow("select id, kind, payload::text from outbox where kind = 'person.created'")
    payload = json.loads(row["payload"])
    for _ in range(2):
        await run_fact(databases.worker, world.organization_id, row["id"], row["kind"], payload)
    await run_jobs()
    assert target.ids == [str(row["id"])]


async def test_a_handler_that_fails_keeps_no_other_from_its_work(
    world, subscribe, target, databases, run_jobs, hire, monkeypatch
):
    from vuoro.core import jobs
    from vuoro.worker import run_fact

    async def broken(*_: object) -> None:
        raise RuntimeError

    await subscribe(target.url)
    person = await hire()
    await run_jobs()
    monkeypatch.setitem(jobs.handlers, "person.created", [broken, *jobs.handlers["person.created"]])
    with pytest.raises(RuntimeError):
        await run_fact(
            databases.worker, world.organization_id, world["noa"].id, "person.created", {"person_id": person}
        )
    await run_jobs()
    assert len(target.got) == 2
