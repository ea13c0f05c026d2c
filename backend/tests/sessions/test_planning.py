"""Planning a pair's meetings, and reading them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sessions.meetings import at, body, get_pair, moment, set_pair, signed_pair
from sqlalchemy import select
from support.contract import problem

from vuoro.core.history import AuditEntry, StateChange
from vuoro.core.outbox import OutboxFact


async def test_either_of_the_two_plans_the_next_session(pair):
    first = await pair.plan(place="Cafe", meeting_url="https://meet.example/1")
    assert (first["number"], first["kit"], first["state"], first["moves"]) == (1, "ground-rules", "scheduled", 0)
    assert (first["place"], first["meeting_url"], first["agenda"]) == ("Cafe", "https://meet.example/1", None)
    assert moment(first["ends_at"]) - moment(first["starts_at"]) == timedelta(minutes=45)
    second = await pair.mentee.post(f"/v1/pairs/{pair.pair_id}/sessions", json=body(days=14))
    assert (second.json()["number"], second.json()["kit"]) == (2, "my-world")


async def test_each_number_has_its_kit_and_later_ones_a_repeatable_one(pair):
    planned = [await pair.plan(days=day) for day in range(1, 9)]
    assert [one["kit"] for one in planned] == [
        "ground-rules", "my-world", "challenge", "spar", "courage", "what-changes", "spar", "spar",
    ]  # fmt: skip


async def test_a_kit_can_be_chosen_and_an_unknown_one_is_refused(pair):
    assert (await pair.plan(kit="shadow"))["kit"] == "shadow"
    answer = await pair.mentor.post(f"/v1/pairs/{pair.pair_id}/sessions", json=body(kit="karaoke"))
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/kit"


async def test_the_number_of_a_cancelled_session_is_planned_again(pair):
    first = await pair.plan()
    await pair.plan(days=14)
    await pair.mentor.post(f"/v1/sessions/{first['id']}/cancel", json={"reason_class": "illness"})
    assert (await pair.plan(days=9))["number"] == 1


async def test_without_both_signatures_nothing_is_planned(pair, databases, world):
    await set_pair(databases.app, world["noa"], pair.pair_id, mentee_signed_at=None)
    answer = await pair.mentor.post(f"/v1/pairs/{pair.pair_id}/sessions", json=body())
    problem(answer, 409, "agreement_missing")


@pytest.mark.parametrize("state", ["asked_mentee", "paused", "closing", "ended_early", "suspended_conflict"])
async def test_only_an_active_pair_plans(pair, databases, world, state):
    await set_pair(databases.app, world["noa"], pair.pair_id, state=state)
    problem(await pair.mentor.post(f"/v1/pairs/{pair.pair_id}/sessions", json=body()), 409, "pair_not_active")


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"starts_at": "2026-11-24T08:00:00Z"}, "/starts_at", "not_in_future"),
        ({"starts_at": "2031-01-01T08:00:00Z"}, "/starts_at", "not_in_future"),
        ({"starts_at": "9999-12-31T23:59:59-12:00"}, "/starts_at", "out_of_range"),
        ({"starts_at": "2026-12-24T08:00:00"}, "/starts_at", "timezone_aware"),
        ({"minutes": 14}, "/minutes", "greater_than_equal"),
        ({"minutes": 121}, "/minutes", "less_than_equal"),
        ({"time_zone": "Europe/Atlantis"}, "/time_zone", "unknown_time_zone"),
        ({"time_zone": "../../etc/passwd"}, "/time_zone", "unknown_time_zone"),
        ({"meeting_url": "http://meet.example/1"}, "/meeting_url", "https_only"),
        ({"meeting_url": "javascript:alert(1)"}, "/meeting_url", "https_only"),
        ({"meeting_url": "https://teams.example@evil.example/"}, "/meeting_url", "https_only"),
        ({"meeting_url": "https:///nowhere"}, "/meeting_url", "https_only"),
        ({"meeting_url": "https://[bad/"}, "/meeting_url", "https_only"),
        ({"place": "a\x00b"}, "/place", "string_pattern_mismatch"),
        ({"colour": "red"}, "/colour", "extra_forbidden"),
    ],
)
async def test_wrong_input_is_named_with_its_place(pair, wrong, pointer, code):
    answer = await pair.mentor.post(f"/v1/pairs/{pair.pair_id}/sessions", json={**body(), **wrong})
    fault = problem(answer, 422, "validation_failed")["errors"][0]
    assert (fault["pointer"], fault["code"]) == (pointer, code)


async def test_a_session_keeps_its_zone_over_daylight_saving(pair, clock):
    clock.freeze("2027-03-01T09:00:00Z")
    helsinki = ZoneInfo("Europe/Helsinki")
    before = datetime(2027, 3, 22, 10, 0, tzinfo=helsinki)
    after = datetime(2027, 3, 29, 10, 0, tzinfo=helsinki)
    assert before.utcoffset() != after.utcoffset()
    for local in (before, after):
        answer = await pair.mentor.post(
            f"/v1/pairs/{pair.pair_id}/sessions", json={**body(), "starts_at": local.isoformat()}
        )
        session = answer.json()
        assert session["time_zone"] == "Europe/Helsinki"
        assert session["starts_at"].endswith("Z")
        assert moment(session["starts_at"]) == local
        assert moment(session["starts_at"]).astimezone(helsinki).hour == 10


async def test_the_same_key_plans_once(pair):
    path, sent = f"/v1/pairs/{pair.pair_id}/sessions", body()
    answers = [await pair.mentor.post(path, json=sent, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await pair.mentor.get(path)).json()["items"]) == 1


async def test_the_pairs_row_follows_its_sessions(pair, databases, world, clock):
    await pair.plan(days=14)
    session = await pair.plan(days=7)
    row = await get_pair(databases.app, world["noa"], pair.pair_id)
    assert (row.sessions_held, row.last_held_at, row.next_starts_at) == (0, None, moment(session["starts_at"]))
    clock.freeze(session["starts_at"])
    await pair.mentor.post(f"/v1/sessions/{session['id']}/hold")
    row = await get_pair(databases.app, world["noa"], pair.pair_id)
    assert (row.sessions_held, row.last_held_at) == (1, moment(session["starts_at"]))
    assert row.next_starts_at == moment("2026-12-08T09:00:00Z")


async def test_lists_go_by_time_and_page_by_page(pair, api, world, databases):
    other = await signed_pair(databases.app, world, world["emil"], world["maria"])
    for day in (3, 1, 2):
        await pair.plan(days=day)
    await api(world["emil"]).post(f"/v1/pairs/{other}/sessions", json=body(days=4))
    of_pair = (await pair.mentee.get(f"/v1/pairs/{pair.pair_id}/sessions")).json()["items"]
    assert [one["number"] for one in of_pair] == [2, 3, 1]
    seen, params = [], {"limit": 2}
    while "cursor" not in params or params["cursor"]:
        answer = (await pair.mentee.get("/v1/sessions", params=params)).json()
        seen += [(one["pair_id"], one["number"]) for one in answer["items"]]
        params["cursor"] = answer["next_cursor"]
    assert seen == [(str(pair.pair_id), 2), (str(pair.pair_id), 3), (str(pair.pair_id), 1), (str(other), 1)]
    assert len((await pair.mentor.get("/v1/sessions")).json()["items"]) == 3


async def test_my_sessions_are_cut_by_from_and_to(pair):
    for day in (1, 2, 3):
        await pair.plan(days=day)
    answer = await pair.mentor.get("/v1/sessions", params={"from": at(days=2), "to": at(days=3)})
    assert [one["number"] for one in answer.json()["items"]] == [2]
    problem(await pair.mentor.get("/v1/sessions", params={"from": "0001-01-01T00:00:00Z"}), 422, "validation_failed")
    problem(await pair.mentor.get("/v1/sessions", params={"from": "yesterday"}), 422, "validation_failed")


async def test_a_list_takes_as_many_statements_however_many_pairs(pair, api, world, databases, statements):
    async def sent() -> int:
        with statements() as found:
            assert (await pair.mentee.get("/v1/sessions")).status_code == 200
        return len(found)

    first = await pair.plan()
    await pair.mentor.put(f"/v1/sessions/{first['id']}/agenda", json={"text": "How I find a job"})
    await pair.mentee.get("/v1/sessions")
    few = await sent()
    for key in ("emil", "leo", "amina"):
        other = await signed_pair(databases.app, world, world[key], world["maria"])
        for day in (1, 2):
            planned = await api(world[key]).post(f"/v1/pairs/{other}/sessions", json=body(days=day))
            await api(world[key]).put(f"/v1/sessions/{planned.json()['id']}/agenda", json={"text": f"Of {key}"})
    assert await sent() == few
    texts = [one["agenda"] for one in (await pair.mentee.get("/v1/sessions")).json()["items"]]
    assert sorted(texts) == ["How I find a job", *sorted(["Of amina", "Of emil", "Of leo"] * 2)]


async def test_nobody_but_the_two_finds_a_session(pair, api, world, databases):
    session = await pair.plan()
    client = await _client(databases, world)
    strangers = [api(world.manager), api(world.admin), api(world["emil"]), api(world.other_person)]
    strangers.append(api(await api.key(world.organization_id, client)))
    one, own = f"/v1/sessions/{session['id']}", f"/v1/pairs/{pair.pair_id}/sessions"
    for stranger in strangers:
        for method, path, sent in (
            ("GET", own, None),
            ("POST", own, body()),
            ("GET", one, None),
            ("PATCH", one, {"place": "x"}),
            ("PUT", f"{one}/agenda", {"text": "x"}),
            ("GET", f"{one}/moves", None),
            ("POST", f"{one}/move", {"starts_at": at(days=9)}),
            ("POST", f"{one}/schedule", None),
            ("POST", f"{one}/hold", None),
            ("POST", f"{one}/cancel", {"reason_class": "work"}),
            ("GET", f"{one}/notes", None),
            ("POST", f"{one}/notes", {"visibility": "ours", "text": "x"}),
        ):
            answer = await stranger.request(method, path, json=sent, headers={"If-Match": '"1.x"'})
            problem(answer, 404, "not_found")
    assert (await strangers[0].get("/v1/sessions")).json()["items"] == []
    problem(await strangers[-1].get("/v1/sessions"), 403, "forbidden")
    assert (await pair.mentor.get(one)).json()["version"] == session["version"]


async def test_nothing_works_without_a_sign_in(pair, api):
    session = await pair.plan()
    for path in (f"/v1/sessions/{session['id']}", "/v1/sessions", "/v1/kits", f"/v1/pairs/{pair.pair_id}/sessions"):
        problem(await api(None).get(path), 401, "unauthenticated")


async def test_facts_carry_ids_alone_and_the_audit_log_says_nothing(pair, databases, world, clock):
    session = await pair.plan(place="Secret garden")
    clock.advance(seconds=1)
    await pair.mentor.post(f"/v1/sessions/{session['id']}/move", json={"starts_at": at(days=8)})
    clock.advance(seconds=1)
    await pair.mentee.post(f"/v1/sessions/{session['id']}/schedule")
    clock.advance(days=8)
    await pair.mentor.post(f"/v1/sessions/{session['id']}/hold")
    clock.advance(seconds=1)
    later = await pair.plan()
    clock.advance(seconds=1)
    await pair.mentee.post(f"/v1/sessions/{later['id']}/cancel", json={"reason_class": "travel"})
    async with databases.worker.transaction(world.system) as db:
        facts = (await db.scalars(select(OutboxFact).order_by(OutboxFact.id))).all()
        history = (await db.scalars(select(StateChange).order_by(StateChange.id))).all()
        audited = (await db.scalars(select(AuditEntry.action))).all()
    ours = [fact for fact in facts if fact.kind.startswith("session.")]
    assert [fact.kind for fact in ours] == [
        "session.planned", "session.moved", "session.scheduled", "session.held", "session.planned", "session.cancelled",
    ]  # fmt: skip
    assert {frozenset(fact.payload) for fact in ours} == {frozenset({"session_id", "pair_id"})}
    assert [change.to_state for change in history if change.subject == "session"] == [
        "scheduled", "proposed", "scheduled", "held", "scheduled", "cancelled",
    ]  # fmt: skip
    assert not [action for action in audited if action.startswith(("session", "note", "agenda", "pulse"))]


async def test_a_session_is_read_again_only_when_it_changed(pair):
    session = await pair.plan()
    first = await pair.mentor.get(f"/v1/sessions/{session['id']}")
    again = await pair.mentor.get(f"/v1/sessions/{session['id']}", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert moment(session["created_at"]) == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


async def _client(databases, world):
    from vuoro.identity.models import ApiClient

    async with databases.app.transaction(world.system) as db:
        row = ApiClient(organization_id=world.organization_id, name="BI", scopes=["pairs:read", "people:read"])
        db.add(row)
        await db.flush()
        return row.id


async def test_the_manager_reads_progress_and_not_when_the_two_moved(pair, api, world):
    manager = api(world.manager)
    path = f"/v1/pairs/{pair.pair_id}"
    session = await pair.plan(days=14)
    before = (await manager.get(path)).json()
    assert before["rhythm"] == {
        "held": 0, "planned": 6, "next_booked": True, "quiet": False, "goals_total": 0, "goals_done": 0,
    }  # fmt: skip
    assert before["next_session"] is None
    await pair.plan(days=7)
    await pair.mentor.post(f"/v1/sessions/{session['id']}/move", json={"starts_at": at(days=15)})
    assert (await manager.get(path)).json() == before
