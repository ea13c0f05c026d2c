"""Takeaways and thanks: one line after a session, for oneself or for both."""

import pytest
from sessions.meetings import set_pair, signed_pair
from sqlalchemy import select
from support.contract import etag_of, problem

from vuoro.core.outbox import OutboxFact
from vuoro.sessions import takeaways, thanks


async def take(client, session, text="Ask first", visibility="ours"):
    return await client.post(f"/v1/sessions/{session['id']}/takeaways", json={"text": text, "visibility": visibility})


async def of(client, path):
    return [item["text"] for item in (await client.get(path)).json()["items"]]


def allowed(thing):
    return {name for name, answer in thing["can"].items() if answer["allowed"]}


async def test_a_takeaway_is_written_from_the_start_of_a_session_on(pair, clock):
    session = await pair.plan()
    problem(await take(pair.mentee, session, visibility="mine"), 409, "not_begun")
    clock.freeze(session["starts_at"])
    assert (await take(pair.mentee, session)).status_code == 201
    await pair.mentor.post(f"/v1/sessions/{session['id']}/hold")
    assert (await take(pair.mentor, session)).status_code == 201


async def test_of_a_session_that_did_not_take_place_nothing_is_taken_along(pair, clock):
    session = await pair.plan()
    await pair.mentor.post(f"/v1/sessions/{session['id']}/cancel", json={"reason_class": "other"})
    clock.freeze(session["ends_at"])
    problem(await take(pair.mentee, session, visibility="mine"), 409, "not_begun")


async def test_a_private_takeaway_is_shared_later_and_taken_back(pair, clock):
    session = await pair.hold(clock)
    written = await take(pair.mentee, session, "I talk too much", "mine")
    one, listed = f"/v1/takeaways/{written.json()['id']}", f"/v1/sessions/{session['id']}/takeaways"
    assert allowed(written.json()) == {"edit", "delete", "share"}
    problem(await pair.mentor.get(one), 404, "not_found")
    shared = await pair.mentee.patch(one, json={"visibility": "ours"}, headers=etag_of(written))
    assert (shared.json()["visibility"], shared.json()["edited_at"]) == ("ours", None)
    seen = (await pair.mentor.get(one)).json()
    assert (seen["text"], seen["mine"], seen["can"]) == ("I talk too much", False, {})
    problem(await pair.mentor.patch(one, json={"text": "x"}, headers=etag_of(shared)), 403, "forbidden")
    problem(await pair.mentor.delete(one, headers=etag_of(shared)), 403, "forbidden")
    back = await pair.mentee.patch(one, json={"visibility": "mine", "text": "I talk"}, headers=etag_of(shared))
    assert back.json()["edited_at"] is not None
    assert (await of(pair.mentor, listed), await of(pair.mentee, listed)) == ([], ["I talk"])
    assert (await pair.mentee.delete(one, headers=etag_of(back))).status_code == 204
    assert await of(pair.mentee, listed) == []


async def test_what_i_have_learned_is_listed_over_all_my_pairs(pair, clock, databases, world, api):
    session = await pair.hold(clock)
    await take(pair.mentee, session, "One", "mine")
    await take(pair.mentor, session, "Not hers", "ours")
    other = await signed_pair(databases.app, world, world["emil"], world["maria"])
    planned = await api(world["emil"]).post(
        f"/v1/pairs/{other}/sessions",
        json={"starts_at": "2026-12-09T09:00:00Z", "minutes": 45, "time_zone": "UTC"},
    )
    clock.freeze("2026-12-09T09:30:00Z")
    await take(pair.mentee, planned.json(), "Two", "ours")
    await set_pair(databases.app, world["noa"], pair.pair_id, state="ended_early")
    items = (await pair.mentee.get("/v1/me/takeaways")).json()["items"]
    assert [(item["text"], item["pair_id"]) for item in items] == [("Two", str(other)), ("One", str(pair.pair_id))]
    assert await of(pair.mentor, "/v1/me/takeaways") == ["Not hers"]
    assert await of(api(world.manager), "/v1/me/takeaways") == []


async def test_after_the_end_a_private_takeaway_is_still_its_authors_and_a_shared_one_stays(
    pair, clock, databases, world
):
    session = await pair.hold(clock)
    private, shared = await take(pair.mentee, session, "Mine", "mine"), await take(pair.mentee, session, "Ours")
    await set_pair(databases.app, world["noa"], pair.pair_id, state="ended_early")
    path = f"/v1/takeaways/{private.json()['id']}"
    problem(await take(pair.mentor, session), 409, "pair_not_active")
    assert (await take(pair.mentor, session, "Later thought", "mine")).status_code == 201
    answer = await pair.mentee.patch(path, json={"visibility": "ours"}, headers=etag_of(private))
    problem(answer, 409, "pair_not_active")
    assert (await pair.mentee.get(path)).json()["can"]["share"] == {"allowed": False, "reason": "pair_not_active"}
    answer = await pair.mentee.patch(
        f"/v1/takeaways/{shared.json()['id']}", json={"visibility": "mine"}, headers=etag_of(shared)
    )
    problem(answer, 409, "pair_not_active")
    assert (await pair.mentee.delete(path, headers=etag_of(private))).status_code == 204
    assert await of(pair.mentor, f"/v1/sessions/{session['id']}/takeaways") == ["Later thought", "Ours"]


async def test_a_session_takes_so_many_takeaways_of_one_person(pair, clock, monkeypatch):
    monkeypatch.setattr(takeaways, "LIMIT", 1)
    session = await pair.hold(clock)
    await take(pair.mentor, session)
    problem(await take(pair.mentor, session), 409, "too_many")
    assert (await take(pair.mentee, session)).status_code == 201


@pytest.mark.parametrize("wrong", [{"text": "x" * 281}, {"text": " "}, {"visibility": "all"}, {"stars": 5}])
async def test_a_wrong_takeaway_is_refused(pair, clock, wrong):
    session = await pair.hold(clock)
    answer = await pair.mentor.post(
        f"/v1/sessions/{session['id']}/takeaways", json={"text": "A", "visibility": "mine", **wrong}
    )
    problem(answer, 422, "validation_failed")


async def test_thanks_are_read_by_both_and_the_fact_carries_ids_alone(pair, databases, world, clock):
    session = await pair.plan()
    path = f"/v1/pairs/{pair.pair_id}/thanks"
    given = await pair.mentee.post(path, json={"text": "You made me think", "session_id": session["id"]})
    assert (given.status_code, given.json()["mine"], allowed(given.json())) == (201, True, {"delete"})
    clock.advance(seconds=1)
    await pair.mentor.post(path, json={"text": "Likewise"})
    assert await of(pair.mentor, path) == await of(pair.mentee, path) == ["Likewise", "You made me think"]
    seen = (await pair.mentor.get(f"/v1/thanks/{given.json()['id']}")).json()
    assert (seen["mine"], seen["session_id"], seen["can"]) == (False, session["id"], {})
    async with databases.worker.transaction(world.system) as db:
        facts = (await db.scalars(select(OutboxFact.payload).where(OutboxFact.kind == "thanks.given"))).all()
    assert {frozenset(fact) for fact in facts} == {frozenset({"thanks_id", "pair_id"})}
    assert given.json()["id"] in {fact["thanks_id"] for fact in facts}


async def test_thanks_are_taken_back_by_who_said_them_while_the_pair_talks(pair, databases, world):
    path = f"/v1/pairs/{pair.pair_id}/thanks"
    first, second = [await pair.mentor.post(path, json={"text": text}) for text in ("One", "Two")]
    one = f"/v1/thanks/{first.json()['id']}"
    problem(await pair.mentee.delete(one, headers=etag_of(first)), 403, "forbidden")
    assert (await pair.mentor.delete(one, headers=etag_of(first))).status_code == 204
    await set_pair(databases.app, world["noa"], pair.pair_id, state="completed")
    answer = await pair.mentor.delete(f"/v1/thanks/{second.json()['id']}", headers=etag_of(second))
    problem(answer, 409, "pair_not_active")
    problem(await pair.mentee.post(path, json={"text": "Late"}), 409, "pair_not_active")
    assert await of(pair.mentee, path) == ["Two"]


async def test_thanks_name_a_session_of_the_pair_and_have_an_end(pair, databases, world, api, monkeypatch):
    other = await signed_pair(databases.app, world, world["emil"], world["maria"])
    planned = await api(world["emil"]).post(
        f"/v1/pairs/{other}/sessions",
        json={"starts_at": "2026-12-09T09:00:00Z", "minutes": 45, "time_zone": "UTC"},
    )
    path = f"/v1/pairs/{pair.pair_id}/thanks"
    for session_id in (planned.json()["id"], str(world["noa"].id)):
        answer = await pair.mentee.post(path, json={"text": "A", "session_id": session_id})
        assert problem(answer, 422, "validation_failed")["errors"][0]["code"] == "unknown_session"
    monkeypatch.setattr(thanks, "LIMIT", 1)
    assert (await pair.mentee.post(path, json={"text": "A"})).status_code == 201
    problem(await pair.mentee.post(path, json={"text": "B"}), 409, "too_many")
