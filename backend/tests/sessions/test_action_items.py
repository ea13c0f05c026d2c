"""Promises of the two: who writes and ticks them, when they are late, and whom it is told."""

import asyncio
from datetime import date

import pytest
from sessions.meetings import set_pair, signed_pair
from support.contract import etag_of, problem

from vuoro.sessions import action_items


async def promise(client, session, text="Read the report", owner="mentee", **more):
    path = f"/v1/sessions/{session['id']}/action-items"
    return await client.post(path, json={"text": text, "owner": owner, **more})


async def of_pair(client, pair, **params):
    items = (await client.get(f"/v1/pairs/{pair.pair_id}/action-items", params=params)).json()["items"]
    return [item["text"] for item in items]


async def due(client):
    actions = (await client.get("/v1/me/today")).json()["actions"]
    return [(action["params"], action["link"]) for action in actions if action["kind"] == "action_item_due"]


def allowed(thing):
    return {name for name, answer in thing["can"].items() if answer["allowed"]}


async def test_either_writes_changes_ticks_and_deletes_a_promise(pair):
    session = await pair.plan()
    made = await promise(pair.mentor, session, due_on="2026-12-01")
    item = made.json()
    assert (item["owner"], item["mine"], item["due_on"], item["state"]) == ("mentee", False, "2026-12-01", "open")
    assert allowed(item) == {"edit", "delete", "finish"}
    path = f"/v1/action-items/{item['id']}"
    assert (await pair.mentee.get(path)).json()["mine"] is True
    changed = await pair.mentee.patch(path, json={"text": "Read it all", "due_on": None}, headers=etag_of(made))
    assert (changed.json()["text"], changed.json()["due_on"], changed.json()["version"]) == ("Read it all", None, 2)
    assert changed.json()["edited_at"] is not None
    done = (await pair.mentor.post(f"{path}/finish")).json()
    assert (done["state"], done["done_at"], allowed(done)) == (
        "done", "2026-11-24T09:00:00.000Z", {"edit", "delete", "reopen"},
    )  # fmt: skip
    problem(await pair.mentee.post(f"{path}/finish"), 409, "already_done")
    opened = await pair.mentee.post(f"{path}/reopen")
    assert (opened.json()["state"], opened.json()["done_at"]) == ("open", None)
    problem(await pair.mentee.post(f"{path}/reopen"), 409, "not_done")
    problem(await pair.mentor.delete(path, headers=etag_of(made)), 412, "precondition_failed")
    assert (await pair.mentor.delete(path, headers=etag_of(opened))).status_code == 204
    problem(await pair.mentee.get(path), 404, "not_found")


async def test_both_tick_at_once_and_it_is_done_once(pair):
    item = (await promise(pair.mentor, await pair.plan())).json()
    await pair.mentee.get("/v1/sessions")
    answers = await asyncio.gather(
        *[client.post(f"/v1/action-items/{item['id']}/finish") for client in (pair.mentor, pair.mentee)]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert (await pair.mentor.get(f"/v1/action-items/{item['id']}")).json()["version"] == 2


async def test_the_same_key_ticks_once_and_answers_twice(pair):
    item = (await promise(pair.mentor, await pair.plan())).json()
    answers = [
        await pair.mentor.post(f"/v1/action-items/{item['id']}/finish", headers={"Idempotency-Key": "t1"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


async def test_promises_go_by_their_day_over_all_sessions_and_late_ones_are_told_apart(pair, clock):
    first, second = await pair.plan(), await pair.plan(days=14)
    await promise(pair.mentor, first, "Some day")
    await promise(pair.mentor, second, "Later", due_on="2027-01-15")
    await promise(pair.mentee, first, "Soon", "mentor", due_on="2026-11-26")
    done = (await promise(pair.mentee, first, "Done", due_on="2026-11-25")).json()
    await pair.mentee.post(f"/v1/action-items/{done['id']}/finish")
    clock.freeze("2026-11-27T09:00:00Z")
    assert await of_pair(pair.mentor, pair) == ["Done", "Soon", "Later", "Some day"]
    assert await of_pair(pair.mentee, pair, state="open") == ["Soon", "Later", "Some day"]
    assert await of_pair(pair.mentee, pair, state="overdue") == ["Soon"]
    assert await of_pair(pair.mentee, pair, state="done") == ["Done"]
    page = (await pair.mentor.get(f"/v1/pairs/{pair.pair_id}/action-items", params={"limit": 3})).json()
    assert [item["state"] for item in page["items"]] == ["done", "overdue", "open"]
    assert await of_pair(pair.mentor, pair, cursor=page["next_cursor"]) == ["Some day"]
    path = f"/v1/sessions/{second['id']}/action-items"
    assert [item["text"] for item in (await pair.mentor.get(path)).json()["items"]] == ["Later"]
    problem(await pair.mentor.get(f"/v1/pairs/{pair.pair_id}/action-items", params={"state": "late"}), 422,
            "validation_failed")  # fmt: skip


async def test_a_due_promise_is_told_to_its_owner_alone(pair, clock, databases, world, api):
    session = await pair.plan()
    await promise(pair.mentor, session, "Hers", "mentee", due_on="2026-11-30")
    await promise(pair.mentor, session, "His", "mentor", due_on="2026-12-20")
    assert (await due(pair.mentee), await due(pair.mentor)) == ([], [])
    clock.freeze("2026-11-27T09:00:00Z")
    link = f"/pairs/{pair.pair_id}"
    assert await due(pair.mentee) == [({"count": 1, "overdue": 0, "name": "Noa Virtanen"}, link)]
    clock.freeze("2026-12-01T09:00:00Z")
    late = {"count": 1, "overdue": 1, "name": "Noa Virtanen"}
    assert (await due(pair.mentee), await due(pair.mentor)) == ([(late, link)], [])
    await set_pair(databases.app, world["noa"], pair.pair_id, state="completed")
    assert await due(pair.mentee) == []


async def test_due_promises_of_many_pairs_are_one_statement(pair, clock, databases, world, api, statements):
    await promise(pair.mentor, await pair.plan(), due_on="2026-11-25")
    other = await signed_pair(databases.app, world, world["emil"], world["maria"])
    session = await api(world["emil"]).post(
        f"/v1/pairs/{other}/sessions",
        json={"starts_at": "2026-12-01T09:00:00Z", "minutes": 45, "time_zone": "UTC"},
    )
    await promise(api(world["emil"]), session.json(), due_on="2026-11-24")
    async with databases.app.transaction(world["maria"].actor) as db:
        with statements() as sent:
            found = await action_items.open_action_items(db, db.me)
    assert [(one.pair_id, one.count, one.overdue, one.next_due_on) for one in found] == [
        (other, 1, 0, date(2026, 11, 24)), (pair.pair_id, 1, 0, date(2026, 11, 25)),
    ]  # fmt: skip
    assert len(sent) == 1


async def test_after_the_end_promises_are_read_and_not_changed(pair, databases, world):
    session = await pair.plan()
    made = await promise(pair.mentor, session)
    await set_pair(databases.app, world["noa"], pair.pair_id, state="ended_early")
    path = f"/v1/action-items/{made.json()['id']}"
    seen = (await pair.mentee.get(path)).json()
    assert allowed(seen) == set()
    problem(await promise(pair.mentor, session), 409, "pair_not_active")
    problem(await pair.mentee.post(f"{path}/finish"), 409, "pair_not_active")
    problem(await pair.mentee.patch(path, json={"text": "x"}, headers=etag_of(made)), 409, "pair_not_active")
    problem(await pair.mentee.delete(path, headers=etag_of(made)), 409, "pair_not_active")


async def test_a_session_takes_so_many_promises(pair, monkeypatch):
    monkeypatch.setattr(action_items, "LIMIT", 1)
    session = await pair.plan()
    await promise(pair.mentor, session)
    problem(await promise(pair.mentee, session), 409, "too_many")


async def test_a_day_that_has_gone_stays_where_it_was_and_is_not_chosen_anew(pair, clock):
    made = await promise(pair.mentor, await pair.plan(), due_on="2026-11-25")
    clock.advance(days=5)
    path = f"/v1/action-items/{made.json()['id']}"
    kept = await pair.mentor.patch(path, json={"text": "Late", "due_on": "2026-11-25"}, headers=etag_of(made))
    assert (kept.status_code, kept.json()["state"]) == (200, "overdue")
    answer = await pair.mentor.patch(path, json={"due_on": "2026-11-26"}, headers=etag_of(kept))
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/due_on"
    same = await pair.mentor.patch(path, json={}, headers=etag_of(kept))
    assert same.json()["version"] == kept.json()["version"]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [({"due_on": "2026-11-22"}, "/due_on"), ({"due_on": "2029-01-01"}, "/due_on"), ({"due_on": "soon"}, "/due_on"),
     ({"owner": "both"}, "/owner"), ({"text": ""}, "/text"), ({"text": "x" * 281}, "/text"), ({"done": True}, "/done")],
)  # fmt: skip
async def test_a_wrong_promise_is_refused_with_its_place(pair, wrong, pointer):
    answer = await promise(pair.mentor, await pair.plan(), **{"text": "A", **wrong})
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == pointer
