"""Webhook endpoints: what an admin names, what arrives there, and how a receiver knows that it is ours."""

import base64
import hashlib
import hmac
import json

import pytest
from sqlalchemy import select
from support.contract import etag_of, problem
from webhooks.targets import give_secret, receiver_of_others, seen_by

from vuoro.core.history import AuditEntry

PATH = "/v1/webhook-endpoints"


def by_hand(secret: str, headers: dict[str, str], body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


async def read(api, world, endpoint):
    return (await api(world.admin).get(f"{PATH}/{endpoint['id']}")).json()


async def test_a_new_person_arrives_as_a_signed_thin_event(subscribe, hire, run_jobs, target, deliveries):
    endpoint = await subscribe(target.url, "person.created")
    person = await hire()
    await run_jobs()
    [(headers, body)] = target.got
    assert headers["webhook-signature"] == by_hand(endpoint["secret"], headers, body)
    event = json.loads(body)
    assert (event["type"], event["data"]) == ("person.created", {"person_id": person, "version": 1})
    assert set(event) == {"type", "timestamp", "data"}
    [delivery] = await deliveries(endpoint)
    assert (delivery["state"], delivery["event_id"]) == ("delivered", headers["webhook-id"])
    assert [attempt["status"] for attempt in delivery["attempts"]] == [200]


async def test_the_library_that_receivers_use_verifies_what_we_send(subscribe, hire, run_jobs, environment, allow):
    async with receiver_of_others() as url:
        allow(url)
        endpoint = await subscribe(url, "person.created", "person.left")
        await give_secret(url, endpoint["secret"])
        person = await hire()
        await run_jobs()
        seen, refused = await seen_by(url)
        assert [(event["type"], event["data"]["person_id"]) for event in seen] == [("person.created", person)]
        assert refused == 0
        other = await subscribe(url, "person.created")
        await give_secret(url, other["secret"])
        await hire("H2")
        await run_jobs()
        seen, refused = await seen_by(url)
        assert (len(seen), refused) == (2, 1)


async def test_a_secret_is_shown_once_and_two_are_live_while_it_changes(
    api, world, subscribe, hire, run_jobs, target, clock, superuser
):
    endpoint = await subscribe(target.url)
    assert (await read(api, world, endpoint))["secret"] is None
    stored = await superuser.fetchval("select secret from webhook_endpoints")
    assert endpoint["secret"].encode() not in stored
    clock.freeze(clock.now())
    admin, path = api(world.admin), f"{PATH}/{endpoint['id']}/rotate"
    changed = await admin.post(path, json={"keep_old_hours": 2})
    new = changed.json()["secret"]
    assert changed.headers["cache-control"] == "no-store"
    problem(await admin.post(path, json={}), 409, "two_secrets_live")
    await hire()
    await run_jobs()
    headers, body = target.got[-1]
    assert headers["webhook-signature"].split() == [by_hand(one, headers, body) for one in (new, endpoint["secret"])]
    clock.advance(hours=3)
    await hire("H2")
    await run_jobs()
    headers, body = target.got[-1]
    assert headers["webhook-signature"] == by_hand(new, headers, body)
    assert (await read(api, world, endpoint))["old_secret_until"] is None
    leaked = await api(world.admin).post(path, json={"keep_old_hours": 0})
    assert leaked.json()["secret"] != new


async def test_an_endpoint_gets_what_it_asks_for_and_of_its_programme_alone(
    api, world, subscribe, hire, run_jobs, target
):
    manager = api(world.manager)
    mine, other = [
        (await manager.post("/v1/programs", json={"name": name, "template": "sounding-board"})).json()
        for name in ("Mine", "Other")
    ]
    await run_jobs()
    await subscribe(target.url, "program.changed", "person.left", program_id=mine["id"])
    for program in (mine, other):
        path = f"/v1/programs/{program['id']}"
        await manager.patch(path, json={"name": "New"}, headers=etag_of(await manager.get(path)))
    person = await hire()
    await api(world.admin).delete(f"/v1/people/{person}", headers={"If-Match": '"1.x"'})
    await run_jobs()
    assert [(event["type"], event["data"]["program_id"]) for event in target.events] == [
        ("program.changed", mine["id"])
    ]


async def test_a_test_event_can_be_sent_and_any_event_again_under_its_own_id(
    api, world, subscribe, hire, run_jobs, target, deliveries
):
    endpoint = await subscribe(target.url)
    path = f"{PATH}/{endpoint['id']}"
    sent = await api(world.admin).post(f"{path}/test")
    assert (sent.status_code, sent.json()["state"]) == (202, "waiting")
    problem(await api(world.admin).post(f"{path}/deliveries/{sent.json()['id']}/replay"), 409, "not_to_replay")
    await run_jobs()
    assert target.events[0]["data"] == {"endpoint_id": endpoint["id"]}
    again = await api(world.admin).post(f"{path}/deliveries/{sent.json()['id']}/replay")
    assert again.status_code == 202
    await run_jobs()
    assert target.types == ["webhook.test"] * 2
    assert len(set(target.ids)) == 1
    [delivery] = await deliveries(endpoint)
    assert len(delivery["attempts"]) == 2


async def test_an_endpoint_that_is_off_gets_nothing_and_what_failed_can_be_sent_again(
    api, world, subscribe, hire, run_jobs, target, deliveries
):
    endpoint = await subscribe(target.url)
    path = f"{PATH}/{endpoint['id']}"
    target.status = 500
    await hire()
    await run_jobs()
    admin = api(world.admin)
    off = await admin.patch(path, json={"on": False}, headers=etag_of(await admin.get(path)))
    assert (off.json()["off_because"], off.json()["waiting"], off.json()["failed"]) == ("by_hand", 0, 1)
    problem(await admin.post(f"{path}/test"), 409, "webhook_endpoint_off")
    problem(await admin.post(f"{path}/replay", json={"since": "2026-01-01T00:00:00Z"}), 409, "webhook_endpoint_off")
    await hire("H2")
    await run_jobs(tick=True)
    assert len(target.got) == 1
    target.status = 204
    await admin.patch(path, json={"on": True}, headers=etag_of(off))
    replayed = await admin.post(f"{path}/replay", json={"since": "2026-01-01T00:00:00Z"})
    assert (replayed.status_code, replayed.json()["waiting"]) == (202, 1)
    await run_jobs()
    assert [one["state"] for one in await deliveries(endpoint)] == ["delivered"]
    assert len(set(target.ids)) == 1


async def test_only_this_organizations_admins_know_of_it_and_the_log_tells(api, world, subscribe, databases, target):
    endpoint = await subscribe(target.url, description="HR")
    path = f"{PATH}/{endpoint['id']}"
    for who in (world.manager, world["noa"]):
        problem(await api(who).get(path), 403, "forbidden")
    problem(await api(world.other_admin).get(path), 404, "not_found")
    admin = api(world.admin)
    tag = etag_of(await admin.get(path))
    await admin.patch(path, json={"description": "HRIS"}, headers=tag)
    problem(await admin.patch(path, json={"description": "x"}, headers=tag), 412, "precondition_failed")
    assert (await admin.delete(path)).status_code == 204
    problem(await admin.get(path), 404, "not_found")
    async with databases.app.transaction(world.system) as db:
        told = [entry.action for entry in await db.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert [action for action in told if action.startswith("webhook")] == [
        f"webhook_endpoint.{verb}" for verb in ("create", "change", "delete")
    ]


@pytest.mark.parametrize(
    ("field", "value", "at"),
    [
        ("url", "http://hooks.example.com/", "/url"),
        ("url", "https://192.168.1.1/hook", "/url"),
        ("url", "https://[::1]/hook", "/url"),
        ("url", "https://name:word@hooks.example.com/", "/url"),
        ("event_types", [], "/event_types"),
        ("event_types", ["concern.raised"], "/event_types/0"),
        ("program_id", "0197f3a0-0000-7000-8000-000000000000", "/program_id"),
    ],
)
async def test_what_cannot_be_used_is_refused_with_its_place(api, world, field, value, at):
    body = {"url": "https://hooks.example.com/", "event_types": ["person.left"], field: value}
    answer = problem(await api(world.admin).post(PATH, json=body), 422, "validation_failed")
    assert answer["errors"][0]["pointer"] == at


async def test_twenty_endpoints_are_enough(api, world, subscribe, environment):
    for _ in range(20):
        await subscribe("https://hooks.example.com/")
    body = {"url": "https://hooks.example.com/", "event_types": ["person.left"]}
    problem(await api(world.admin).post(PATH, json=body), 409, "too_many_webhook_endpoints")


async def test_the_same_request_makes_one_endpoint_and_never_shows_the_secret_twice(api, world, environment):
    body = {"url": "https://hooks.example.com/", "event_types": ["person.left"]}
    admin = api(world.admin, idempotency_key="once")
    first, second = [(await admin.post(PATH, json=body)).json() for _ in range(2)]
    assert first["id"] == second["id"]
    assert (first["secret"] is None, second["secret"]) == (False, None)
