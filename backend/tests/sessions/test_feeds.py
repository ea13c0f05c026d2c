"""A person's calendar feed: an address that nobody guesses, made once, renewed, stopped; times and nothing else."""

import json
from datetime import timedelta

from icalendar import Calendar
from sessions.meetings import at, set_pair
from sqlalchemy import select
from support.contract import etag_of, problem
from support.logs import lines

from vuoro.core.http import hash_token
from vuoro.identity.models import Token

__all__ = ["lines"]
MINE = "/v1/me/calendar-feed"


async def subscribe(client):
    answer = await client.post(MINE)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()["url"].removeprefix("http://127.0.0.1:8000")


async def events(api, path):
    answer = await api().get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content).events


async def test_an_address_is_shown_once_renewed_and_stopped(pair, api, world, databases):
    none = (await pair.mentor.get(MINE)).json()
    assert (none["url"], none["since"], none["can"].keys()) == (None, None, {"make"})
    first = await subscribe(pair.mentor)
    key = first.removeprefix("/calendar/").removesuffix(".ics")
    assert len(key) == 43  # 256 bits
    kept = (await pair.mentor.get(MINE)).json()
    assert (kept["url"], kept["last_read_on"], kept["can"]["stop"]["allowed"]) == (None, None, True)
    async with databases.auth.transaction() as auth:
        (row,) = await auth.scalars(select(Token).where(Token.kind == "feed"))
    assert row.hash == hash_token(key)
    assert (await api().get(first)).status_code == 200
    assert (await pair.mentor.get(MINE)).json()["last_read_on"] == "2026-11-24"

    second = await subscribe(pair.mentor)
    gone, unknown = await api().get(first), await api().get(f"/calendar/{'x' * 43}.ics")
    assert second != first
    assert (await api().get(second)).status_code == 200
    assert (await pair.mentor.delete(MINE)).status_code == (await pair.mentor.delete(MINE)).status_code == 204
    stopped = await api().get(second)
    other_ways = [await api().get(path) for path in ("/calendar/a%00b.ics", "/calendar/%20.ics", f"{second}?x=1")]
    bodies = []
    for answer in (gone, unknown, stopped, *other_ways):
        problem(answer, 404, "not_found")
        bodies.append({**answer.json(), "instance": None})
    assert all(body == bodies[0] for body in bodies)


async def test_the_same_key_twice_makes_one_address_and_says_it_once(pair, api):
    key = {"Idempotency-Key": "subscribe-1"}
    first, again = [(await pair.mentor.post(MINE, headers=key)).json() for _ in range(2)]
    assert (again["url"], again["since"]) == (None, first["since"])
    assert (await api().get(first["url"])).status_code == 200


async def test_the_feed_holds_the_talks_ahead_and_those_held(pair, api, clock):
    held = await pair.hold(clock)
    cancelled, moved = await pair.plan(days=10), await pair.plan(days=20, place="Kirjasto")
    await pair.mentor.post(f"/v1/sessions/{cancelled['id']}/cancel", json={"reason_class": "illness"})
    await pair.mentee.post(f"/v1/sessions/{moved['id']}/move", json={"starts_at": at(days=22)})
    for client, partner in ((pair.mentor, "Maria Sandell"), (pair.mentee, "Noa Virtanen")):
        found = await events(api, await subscribe(client))
        assert [(event["UID"], event["STATUS"]) for event in found] == [
            (f"{held['id']}@vuoro", "CONFIRMED"), (f"{moved['id']}@vuoro", "TENTATIVE"),
        ]  # fmt: skip
        assert all(partner in event["SUMMARY"] and event["CLASS"] == "PRIVATE" for event in found)
        assert found[1].start.utcoffset() == timedelta(0)
        assert "ATTENDEE" not in found[0]  # nobody is asked anything


async def test_a_calendar_that_has_it_already_gets_nothing_new(pair, api):
    await pair.plan()
    path = await subscribe(pair.mentor)
    first = await api().get(path)
    assert first.headers["cache-control"] == "private, no-cache"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in first.content
    known = {"If-None-Match": first.headers["etag"]}
    again = await api().get(path, headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    await pair.plan(days=30)
    assert (await api().get(path, headers=known)).status_code == 200


async def test_a_pair_that_is_over_or_on_hold_leaves_the_feed(pair, api, world, databases):
    await pair.plan()
    path = await subscribe(pair.mentor)
    for state, shown in (("active", 1), ("paused", 1), ("closing", 1), ("suspended_conflict", 0), ("ended_early", 0)):
        await set_pair(databases.app, world["noa"], pair.pair_id, state=state)
        assert len(await events(api, path)) == shown, state


async def test_a_leavers_feed_dies_and_the_others_forgets_what_was_booked(pair, api, world):
    await pair.plan()
    leaver, stays = await subscribe(pair.mentor), await subscribe(pair.mentee)
    path = f"/v1/people/{world['noa'].id}"
    await api(world.admin).delete(path, headers=etag_of(await api(world.admin).get(path)))
    problem(await api().get(leaver), 404, "not_found")
    assert await events(api, stays) == []


async def test_an_admin_who_ends_all_sign_ins_ends_the_feed(pair, api, world):
    path = await subscribe(pair.mentor)
    answer = await api(world.admin).post(f"/v1/people/{world['noa'].id}/sign-ins/end", json={})
    assert answer.status_code == 200, answer.text
    problem(await api().get(path), 404, "not_found")


async def test_the_key_of_a_feed_opens_nothing_else(pair, api, world):
    key = (await subscribe(pair.mentor)).removeprefix("/calendar/").removesuffix(".ics")
    for path in ("/v1/me", "/v1/sessions", MINE):
        problem(await api(key).get(path), 401, "unauthenticated")
    login = await api.sign_in(world["noa"])
    problem(await api().get(f"/calendar/{login}.ics"), 404, "not_found")


async def test_an_old_sign_in_makes_none_and_may_still_stop(pair, api, world, clock):
    noa = api(await api.sign_in(world["noa"]))
    await subscribe(noa)
    clock.advance(minutes=11)
    problem(await noa.post(MINE), 403, "fresh_sign_in_needed")
    assert (await noa.delete(MINE)).status_code == 204


async def test_who_renews_again_and_again_has_one_address(pair, databases):
    for _ in range(8):  # from the sixth on the database plans a statement for every value at once
        await subscribe(pair.mentor)
    async with databases.auth.transaction() as auth:
        assert len((await auth.scalars(select(Token).where(Token.kind == "feed"))).all()) == 1


async def test_what_is_somebody_elses_is_not_in_it(pair, api, world):
    session = await pair.plan(kit="spar")
    await pair.mentor.put(f"/v1/sessions/{session['id']}/agenda", json={"text": "Salainen-1"})
    await pair.mentee.put("/v1/me/delegate", json={"person_id": str(world["saga"].id)})
    for key in ("saga", "olli", "petra", "helena"):
        assert await events(api, await subscribe(api(world[key]))) == [], key
    assert await events(api, await subscribe(api(world.other_admin))) == []
    answer = await api().get(await subscribe(pair.mentor))
    assert b"Salainen" not in answer.content
    assert b"spar" not in answer.content.lower()


async def test_no_log_ever_holds_the_address(pair, api, lines):
    path = await subscribe(pair.mentor)
    key = path.removeprefix("/calendar/").removesuffix(".ics")
    for way in (path, f"{path}/", f"/calendar/{key}", f"/calendar/{key}/x.ics", f"{path}?token={key}", f"/v1{path}"):
        await api().get(way)
        await api().post(way)
    written = lines()
    assert [line["path"] for line in written if line["method"] == "GET"][-6] == "/calendar/{code}.ics"
    assert len(written) > 12
    assert key not in json.dumps(written)


async def test_a_feed_takes_few_statements_however_many_talks(pair, api, statements):
    await pair.plan()
    path = await subscribe(pair.mentor)
    await api().get(path)
    with statements() as one:
        await api().get(path)
    for days in (30, 60, 90):
        await pair.plan(days=days)
    with statements() as four:
        assert len(await events(api, path)) == 4
    assert len(one) == len(four) <= 4
