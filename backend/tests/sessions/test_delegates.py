"""An executive's assistant books, moves and confirms, sees times alone, and nobody above the mentor ever does."""

import pytest
from sessions.meetings import at, body, moment, set_pair, signed_pair
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import ProgrammingError
from support.contract import etag_of, problem

from vuoro.core import clock
from vuoro.core.history import AuditEntry
from vuoro.people.models import DottedLine, Person
from vuoro.sessions.models import Agenda, Delegation, Note, Session, SessionMove, Spark


@pytest.fixture
async def saga(pair, api, world):
    """Saga, who books for Maria."""
    answer = await pair.mentee.put("/v1/me/delegate", json={"person_id": str(world["saga"].id)})
    assert answer.status_code == 200, answer.text
    return api(world["saga"])


def one(session, action=""):
    return f"/v1/sessions/{session['id']}" + (f"/{action}" if action else "")


async def test_an_executive_names_one_delegate_and_takes_it_back(pair, world, databases):
    assert (await pair.mentee.get("/v1/me/delegate")).json() == {"delegate": None, "since": None}
    for key in ("saga", "omar", "omar"):
        answer = await pair.mentee.put("/v1/me/delegate", json={"person_id": str(world[key].id)})
        assert answer.json()["delegate"]["id"] == str(world[key].id)
    async with databases.worker.transaction(world.system) as db:
        assert await db.scalar(select(func.count()).select_from(Delegation)) == 1
        actions = list(await db.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("delegate"))))
    assert actions == ["delegate.set", "delegate.set"]
    for _ in range(2):
        assert (await pair.mentee.put("/v1/me/delegate", json={"person_id": None})).json()["delegate"] is None


async def test_only_who_takes_part_as_mentee_names_a_delegate(pair, api, world):
    sent = {"person_id": str(world["saga"].id)}
    problem(await pair.mentor.put("/v1/me/delegate", json=sent), 403, "forbidden")
    problem(await api(world.admin).put("/v1/me/delegate", json=sent), 403, "forbidden")
    problem(await pair.mentee.put("/v1/me/delegate", json={}), 422, "validation_failed")


async def test_an_executive_finds_a_colleague_by_name_and_nobody_else_does(pair, api, world):
    path, asked = "/v1/me/delegate/candidates", {"q": "saga"}
    (found,) = (await pair.mentee.get(path, params=asked)).json()["items"]
    assert found["id"] == str(world["saga"].id)
    assert set(found) == {"id", "display_name", "title", "site", "division"}
    assert (await pair.mentee.get(path, params={"q": "maria sandell"})).json()["items"] == []
    problem(await pair.mentee.get(path, params={"q": "s"}), 422, "validation_failed")
    problem(await pair.mentor.get(path, params=asked), 403, "forbidden")
    problem(await api(world["saga"]).get(path, params=asked), 403, "forbidden")


async def test_who_books_for_somebody_learns_it_with_who_they_are(pair, saga):
    assert (await saga.get("/v1/me")).json()["books_for_others"] is True
    await pair.mentee.put("/v1/me/delegate", json={"person_id": None})
    assert (await saga.get("/v1/me")).json()["books_for_others"] is False


@pytest.mark.parametrize("key", ["maria", "kaisa", "other_person", None])
async def test_a_delegate_is_a_colleague_who_works_here(pair, world, key):
    member = world.other_person if key == "other_person" else world[key] if key else None
    sent = {"person_id": str(member.id if member else pair.pair_id)}
    fault = problem(await pair.mentee.put("/v1/me/delegate", json=sent), 422, "validation_failed")
    assert fault["errors"][0]["code"] == "unknown_person"


async def test_a_delegate_reads_times_and_places_and_nothing_else(pair, saga, world):
    session = await pair.plan(place="Cafe", meeting_url="https://meet.example/1")
    await pair.mentor.put(one(session, "agenda"), json={"text": "Between us"})
    (listed,) = (await saga.get("/v1/sessions")).json()["items"]
    assert listed == (await saga.get(one(session))).json()
    assert (listed["starts_at"], listed["time_zone"], listed["state"]) == (
        session["starts_at"], "Europe/Helsinki", "scheduled",
    )  # fmt: skip
    assert (listed["mentor"]["display_name"], listed["mentee"]["display_name"]) == ("Noa Virtanen", "Maria Sandell")
    assert (listed["place"], listed["meeting_url"], listed["my_part"]) == ("Cafe", "https://meet.example/1", "delegate")
    hidden = ("number", "kit", "agenda", "my_cancellation", "next_action")
    assert {name: listed[name] for name in hidden} == dict.fromkeys(hidden)
    assert listed["my_pulse"] == "none"
    assert {name for name, answer in listed["can"].items() if answer["allowed"]} == {"move", "edit"}
    assert listed["can"]["cancel"] == {"allowed": False, "reason": "not_for_delegates"}


async def test_a_delegate_plans_moves_confirms_and_books_the_arc(pair, saga):
    planned = await saga.post(f"/v1/pairs/{pair.pair_id}/sessions", json=body())
    assert (planned.status_code, planned.json()["number"]) == (201, None)
    session = planned.json()
    moved = await saga.post(one(session, "move"), json={"slots": [at(days=8), at(days=9)]})
    assert moved.json()["can"]["schedule"] == {"allowed": False, "reason": "not_your_turn"}
    problem(await saga.post(one(session, "schedule")), 409, "not_your_turn")
    problem(await pair.mentee.post(one(session, "schedule")), 409, "not_your_turn")  # the same side
    assert (await pair.mentor.post(one(session, "schedule"), json={"starts_at": at(days=9)})).status_code == 200
    await pair.mentor.post(one(session, "move"), json={"starts_at": at(days=10)})
    assert (await saga.get(one(session))).json()["next_action"] == "confirm_session"
    assert (await saga.post(one(session, "schedule"))).json()["state"] == "scheduled"
    changed = await saga.patch(one(session), json={"place": "Park"}, headers=etag_of(await saga.get(one(session))))
    assert changed.json()["place"] == "Park"
    shown = (await saga.get(f"/v1/pairs/{pair.pair_id}/arc")).json()
    assert {(item["number"], item["kit"]) for item in shown["items"]} == {(None, None)}
    booked = (await saga.post(f"/v1/pairs/{pair.pair_id}/arc")).json()["items"]
    assert len(booked) == 6
    assert {item["number"] for item in booked} == {None}
    free = await saga.get(f"/v1/pairs/{pair.pair_id}/free-times", params={"session_id": session["id"]})
    assert free.status_code == 200
    numbers = [each["number"] for each in (await pair.mentor.get("/v1/sessions")).json()["items"]]
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]


async def test_a_delegate_does_nothing_else_with_a_session(pair, saga, clock):
    session = await pair.plan()
    clock.freeze(session["ends_at"])
    for action, sent in (("cancel", {"reason_class": "work"}), ("hold", None), ("miss", {"who": "me"})):
        problem(await saga.post(one(session, action), json=sent), 403, "not_for_delegates")
    for action in ("agenda", "spark"):
        problem(await saga.put(one(session, action), json={"text": "x"}), 403, "not_for_delegates")
    for action in ("agenda", "moves", "notes", "feedback"):
        problem(await saga.get(one(session, action)), 404, "not_found")
    for visibility in ("mine", "ours"):
        problem(await saga.post(one(session, "notes"), json={"visibility": visibility, "text": "x"}), 404, "not_found")
    scores = dict.fromkeys(("said_what_i_thought", "my_topics_too", "listened_to", "learned", "would_do_again"), 4)
    given = {"scores": scores, "balance": 50, "open_if_both": True}
    problem(await saga.post(one(session, "feedback"), json=given), 404, "not_found")
    for path in ("", "/sessions", "/promises", "/agreement", "/history"):
        problem(await saga.get(f"/v1/pairs/{pair.pair_id}{path}"), 404, "not_found")
    assert (await saga.get("/v1/pairs")).json()["items"] == []
    assert (await pair.mentor.get(one(session))).json()["version"] == session["version"]


async def test_the_database_itself_shows_a_delegate_sessions_and_moves_alone(pair, saga, databases, world):
    session = await pair.plan()
    await pair.mentor.put(one(session, "agenda"), json={"text": "Between us"})
    await pair.mentee.put(one(session, "spark"), json={"text": "Between us"})
    await pair.mentor.post(one(session, "notes"), json={"visibility": "ours", "text": "Between us"})
    await pair.mentor.post(one(session, "move"), json={"starts_at": at(days=9)})
    async with databases.app.transaction(world["saga"].actor) as db:
        found = {model.__name__: await db.scalar(select(func.count()).select_from(model))
                 for model in (Session, SessionMove, Agenda, Spark, Note)}  # fmt: skip
    assert found == {"Session": 1, "SessionMove": 1, "Agenda": 0, "Spark": 0, "Note": 0}
    await pair.mentee.put("/v1/me/delegate", json={"person_id": None})
    async with databases.app.transaction(world["saga"].actor) as db:
        assert await db.scalar(select(func.count()).select_from(Session)) == 0
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with databases.app.transaction(world["saga"].actor) as db:
            db.add(
                Session(
                    organization_id=world.organization_id, pair_id=pair.pair_id, number=9, kit="spar", time_zone="UTC",
                    starts_at=clock.now(), ends_at=clock.now(),
                )
            )  # fmt: skip


async def test_a_delegate_sees_whose_sessions_they_book(pair, saga, api, world, databases):
    (booked,) = (await saga.get("/v1/me/delegated-pairs")).json()["items"]
    assert (booked["pair_id"], booked["mentee"]["id"]) == (str(pair.pair_id), str(world["maria"].id))
    assert booked["can"]["plan_session"]["allowed"]
    assert (await pair.mentor.get("/v1/me/delegated-pairs")).json()["items"] == []
    await set_pair(databases.app, world["noa"], pair.pair_id, state="paused")
    (paused,) = (await saga.get("/v1/me/delegated-pairs")).json()["items"]
    assert paused["can"]["plan_session"] == {"allowed": False, "reason": "pair_not_active"}


@pytest.mark.parametrize("state", ["asked_mentor", "asked_mentee", "declined", "ended_early", "suspended_conflict"])
async def test_a_pair_that_is_not_talking_does_not_exist_for_a_delegate(pair, saga, databases, world, state):
    session = await pair.plan()
    await set_pair(databases.app, world["noa"], pair.pair_id, state=state)
    assert (await saga.get("/v1/sessions")).json()["items"] == []
    assert (await saga.get("/v1/me/delegated-pairs")).json()["items"] == []
    problem(await saga.get(one(session)), 404, "not_found")
    problem(await saga.post(f"/v1/pairs/{pair.pair_id}/sessions", json=body()), 404, "not_found")


async def test_who_is_no_longer_delegate_sees_nothing(pair, saga, world):
    session = await pair.plan()
    await pair.mentee.put("/v1/me/delegate", json={"person_id": str(world["omar"].id)})
    problem(await saga.get(one(session)), 404, "not_found")
    problem(await saga.post(one(session, "move"), json={"starts_at": at(days=9)}), 404, "not_found")
    assert (await saga.get("/v1/sessions")).json()["items"] == []


@pytest.mark.parametrize("key", ["olli", "jukka", "astrid"])
async def test_nobody_above_the_mentor_becomes_delegate(pair, world, key):
    answer = await pair.mentee.put("/v1/me/delegate", json={"person_id": str(world[key].id)})
    problem(answer, 409, "delegate_in_line")
    assert (await pair.mentee.get("/v1/me/delegate")).json()["delegate"] is None


async def test_a_dotted_line_counts_too_and_the_mentor_answers_for_one_side(pair, world, databases):
    async with databases.app.transaction(world.system) as db:
        db.add(
            DottedLine(
                organization_id=world.organization_id, person_id=world["noa"].id, manager_external_id="N1007",
                manager_id=world["sanna"].id,
            )
        )  # fmt: skip
    problem(
        await pair.mentee.put("/v1/me/delegate", json={"person_id": str(world["sanna"].id)}), 409, "delegate_in_line"
    )
    problem(await pair.mentee.put("/v1/me/delegate", json={"person_id": str(world["noa"].id)}), 409, "delegate_in_pair")


async def test_a_delegate_who_comes_to_lead_the_mentor_loses_sight_of_the_pair_at_once(pair, saga, world, databases):
    session = await pair.plan()
    async with databases.app.transaction(world.system) as db:
        await db.execute(update(Person).where(Person.id == world["olli"].id).values(manager_id=world["saga"].id))
    problem(await saga.get(one(session)), 404, "not_found")
    assert (await saga.get("/v1/sessions")).json()["items"] == []
    assert (await saga.get("/v1/me/delegated-pairs")).json()["items"] == []
    problem(await saga.post(f"/v1/pairs/{pair.pair_id}/arc"), 404, "not_found")
    async with databases.app.transaction(world["saga"].actor) as db:
        assert await db.scalar(select(func.count()).select_from(Session)) == 0


async def test_an_offer_that_the_executive_does_not_know_of_shows_in_no_answer(pair, world, databases):
    hidden = await signed_pair(databases.app, world, world["emil"], world["maria"])
    await set_pair(databases.app, world["emil"], hidden, state="asked_mentor", mentee_asked_at=None)
    answer = await pair.mentee.put("/v1/me/delegate", json={"person_id": str(world["sanna"].id)})
    assert answer.status_code == 200  # Sanna leads Emil, whom Maria has not heard of (H3)


async def test_a_circle_of_managers_ends(pair, databases, world):
    async with databases.app.transaction(world.system) as db:
        await db.execute(update(Person).where(Person.id == world["jukka"].id).values(manager_id=world["olli"].id))
        query = text("select person_is_above(:tenant, :boss, :junior)")
        for boss, found in (("olli", True), ("jukka", True), ("maria", False), ("noa", False)):
            people = {"tenant": world.organization_id, "boss": world[boss].id, "junior": world["noa"].id}
            assert await db.scalar(query, people) is found


async def test_a_delegates_list_takes_as_many_statements_however_many_sessions(pair, saga, statements):
    await pair.plan(days=1)
    await saga.get("/v1/sessions")
    with statements() as few:
        await saga.get("/v1/sessions")
    for day in range(2, 8):
        await pair.plan(days=day)
    with statements() as more:
        assert len((await saga.get("/v1/sessions")).json()["items"]) == 7
    assert len(more) == len(few)
    assert moment((await saga.get("/v1/sessions")).json()["items"][0]["starts_at"])
