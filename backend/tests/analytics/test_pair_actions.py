"""What is next in a pair, for each of the two, for its manager, and for nobody else."""

from uuid import UUID

import pytest
from feedback.rounds import begin
from sessions.meetings import NOW, Meetings, at, moment, set_pair, signed_pair
from sqlalchemy import update
from support.contract import problem

from vuoro.analytics.action_schemas import PairNextAction
from vuoro.feedback.words import GROWTH_ITEMS
from vuoro.programs.models import Enrollment

FIT = {"wish": "go_on", "scores": dict.fromkeys(("at_ease", "shared_purpose", "setup_works", "worth_the_time"), 4)}


@pytest.fixture
async def pair(api, world, databases, clock) -> Meetings:
    """Noa mentors Maria; both have signed and are warmed up."""
    clock.freeze(NOW)
    pair_id = await signed_pair(databases.app, world, world["noa"], world["maria"])
    return Meetings(pair_id, api(world["noa"]), api(world["maria"]))


async def actions(client, pair_id) -> dict[str, dict]:
    """What is next, by kind; a kind comes once in these tests."""
    answer = await client.get(f"/v1/pairs/{pair_id}/next-actions")
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert len({(one["kind"], one["link"]) for one in items}) == len(items)
    return {one["kind"]: one for one in items}


async def whose(client, pair_id) -> dict[str, str]:
    return {kind: one["whose"] for kind, one in (await actions(client, pair_id)).items()}


@pytest.fixture
def both(pair):
    """What each of the two reads: (the mentor's, the mentee's)."""

    async def read() -> tuple[dict[str, str], dict[str, str]]:
        return await whose(pair.mentor, pair.pair_id), await whose(pair.mentee, pair.pair_id)

    return read


async def test_an_offer_is_the_mentors_to_answer_and_then_the_executives(api, world, offer):
    pair_id = await offer()
    noa, maria = api(world["noa"]), api(world["maria"])
    asked = (await actions(noa, pair_id))["answer_offer"]
    assert (asked["whose"], asked["due_at"] is not None) == ("me", True)
    problem(await maria.get(f"/v1/pairs/{pair_id}/next-actions"), 404, "not_found")
    await noa.post(f"/v1/pairs/{pair_id}/accept")
    assert (await whose(noa, pair_id), await whose(maria, pair_id)) == (
        {"answer_offer": "other"},
        {"answer_offer": "me"},
    )
    await maria.post(f"/v1/pairs/{pair_id}/decline")
    assert await whose(noa, pair_id) == {"answer_offer": "other"}  # her no is not seen
    assert await whose(maria, pair_id) == {}


async def test_what_comes_before_the_first_session(api, world, offer, clock):
    clock.freeze("2026-12-03T08:00:00Z")
    pair_id = await offer()
    noa, maria = api(world["noa"]), api(world["maria"])
    for who in (noa, maria):
        await who.post(f"/v1/pairs/{pair_id}/accept")
    mine, hers = await actions(noa, pair_id), await actions(maria, pair_id)
    assert [mine[kind]["rule"] for kind in ("sign_agreement", "finish_primer", "first_contact")] == ["H7", "H8", "S8"]
    assert (mine["first_contact"]["whose"], hers["first_contact"]["whose"]) == ("other", "me")
    assert hers["first_contact"]["due_on"] == "2026-12-10"
    assert mine["finish_primer"]["link"].startswith("/primer/")
    assert "book_arc" not in mine  # H7: not before both have signed
    await noa.post(f"/v1/pairs/{pair_id}/agreement/sign")
    assert (await whose(noa, pair_id))["sign_agreement"] == "other"
    await maria.post(f"/v1/pairs/{pair_id}/agreement/sign", json={"protects_time": True})
    await maria.post(f"/v1/pairs/{pair_id}/first-contact")
    after = await whose(noa, pair_id)
    assert {"sign_agreement", "first_contact"}.isdisjoint(after)
    assert after["book_arc"] == "both"


async def test_a_primer_is_asked_of_its_own_side_alone(pair, databases, world, both):
    async with databases.app.transaction(world["noa"].actor) as db:
        await db.execute(update(Enrollment).where(Enrollment.person_id == world["noa"].id).values(primer_done_at=None))
    mine, hers = await both()
    assert mine["finish_primer"] == "me"
    assert "finish_primer" not in hers


async def test_the_arc_is_eithers_to_book_and_after_three_quiet_weeks_the_executives(pair, clock, both):
    assert [one["book_arc"] for one in await both()] == ["both", "both"]
    clock.advance(days=22)
    assert [one["book_arc"] for one in await both()] == ["other", "me"]
    await pair.plan(days=20)
    assert all("book_arc" not in one for one in await both())


async def test_the_next_session_is_the_executives_to_book_never_the_juniors_to_chase(api, world, pair, clock, both):
    await pair.hold(clock, days=3)
    mine, hers = await both()
    assert (mine["book_next"], hers["book_next"]) == ("other", "me")
    told = (await actions(pair.mentee, pair.pair_id))["book_next"]
    assert told["rule"] == "S9"
    assert told["params"] == {"held": 1, "planned": 6, "quiet": False}
    for who, nudged in (("noa", False), ("maria", True)):
        today = (await api(world[who]).get("/v1/me/today")).json()["actions"]
        assert ("plan_session" in [one["kind"] for one in today]) is nudged


async def test_quiet_days_are_the_programmes_own(pair, clock, databases, world):
    await pair.hold(clock, days=3)
    until = moment((await actions(pair.mentee, pair.pair_id))["book_next"]["due_at"])
    clock.freeze(until)
    assert not (await actions(pair.mentee, pair.pair_id))["book_next"]["params"]["quiet"]
    clock.advance(minutes=1)
    assert (await actions(pair.mentee, pair.pair_id))["book_next"]["params"]["quiet"]


async def test_each_prepares_their_own_part_of_a_near_session(pair, clock, both):
    session = await pair.plan(days=9)
    mine, hers = await both()
    assert {"write_agenda", "neutral_place"}.isdisjoint(mine)
    clock.advance(days=3)
    mine, hers = await both()
    assert (mine["write_agenda"], mine["neutral_place"]) == ("me", "both")
    assert (hers["add_spark"], hers["neutral_place"]) == ("me", "both")
    assert "add_spark" not in mine
    assert "write_agenda" not in hers
    assert (await actions(pair.mentor, pair.pair_id))["neutral_place"]["rule"] == "S4"
    path = f"/v1/sessions/{session['id']}"
    assert (await pair.mentor.put(f"{path}/agenda", json={"text": "What I see"})).status_code == 200
    assert (await pair.mentee.put(f"{path}/spark", json={"text": "One question"})).status_code == 200
    tag = (await pair.mentor.get(path)).headers["etag"]
    await pair.mentor.patch(path, json={"place": "The café"}, headers={"If-Match": tag})
    for one in await both():
        assert {"write_agenda", "add_spark", "neutral_place"}.isdisjoint(one)


async def test_a_moved_time_waits_for_the_other_and_a_meeting_for_a_word(pair, clock, both):
    session = await pair.plan(days=3)
    await pair.mentee.post(f"/v1/sessions/{session['id']}/move", json={"starts_at": at(days=4)})
    mine, hers = await both()
    assert (mine["confirm_session"], hers["confirm_session"]) == ("me", "other")
    clock.freeze(moment(at(days=4.1)))
    mine, hers = await both()
    assert mine["hold_session"] == hers["hold_session"] == "both"
    assert "confirm_session" not in {**mine, **hers}
    assert "book_next" not in mine  # it is not known yet whether they have met
    await pair.mentor.post(f"/v1/sessions/{session['id']}/hold")
    assert [one["give_pulse"] for one in await both()] == ["me", "me"]
    clock.advance(days=31)
    assert all("give_pulse" not in one for one in await both())


async def test_nobody_learns_whether_the_other_gave_pulse_or_fit_check(pair, clock):
    session = await pair.hold(clock)
    before = await actions(pair.mentor, pair.pair_id)
    assert (before["give_pulse"]["whose"], before["fit_check"]["params"]["moment"]) == ("me", "first")
    pulse = {
        "scores": dict.fromkeys(
            ("said_what_i_thought", "my_topics_too", "listened_to", "learned", "would_do_again"), 4
        ),
        "balance": 50,
        "open_if_both": False,
    }
    assert (await pair.mentee.post(f"/v1/sessions/{session['id']}/feedback", json=pulse)).status_code == 201
    answer = await pair.mentee.post(f"/v1/pairs/{pair.pair_id}/fit-checks", json={"moment": "first", **FIT})
    assert answer.status_code == 201, answer.text
    assert await actions(pair.mentor, pair.pair_id) == before
    hers = await actions(pair.mentee, pair.pair_id)
    assert {"give_pulse", "fit_check"}.isdisjoint(hers)


async def test_growth_is_rated_at_start_middle_and_end(api, databases, world, clock):
    clock.freeze(NOW)
    made = await begin(databases.app, world, api)
    noa, astrid, pair_id = made.clients["noa"], made.clients["astrid"], made.pairs["noa"]
    start = (await actions(noa, pair_id))["rate_growth"]["params"]
    assert start == {"moment": "start", "enrollment_id": str(made.enrollments["noa"])}
    rated = {**start, "scores": dict.fromkeys(GROWTH_ITEMS["mentor"], 3)}
    assert (await noa.put("/v1/me/skill-growth", json=rated)).status_code == 200
    assert "rate_growth" not in await actions(noa, pair_id)
    assert "rate_growth" in await actions(astrid, pair_id)
    await set_pair(databases.app, world["noa"], pair_id, sessions_held=3)
    mine = await actions(noa, pair_id)
    assert (mine["rate_growth"]["params"]["moment"], mine["fit_check"]["params"]["moment"]) == ("middle", "midpoint")
    await set_pair(databases.app, world["noa"], pair_id, sessions_held=6)
    assert (await actions(noa, pair_id))["rate_growth"]["params"]["moment"] == "end"


async def test_a_promise_is_its_owners_and_a_candid_message_the_executives(pair):
    session = await pair.plan(days=3)
    item = {"text": "Read it", "owner": "mentee", "due_on": at(days=2)[:10]}
    await pair.mentor.post(f"/v1/sessions/{session['id']}/action-items", json=item)
    said = {"pair_id": str(pair.pair_id), "tone": "plain", "text": "Slower, please", "state": "given"}
    assert (await pair.mentor.post("/v1/candid-messages", json=said)).status_code == 201
    hers, mine = await actions(pair.mentee, pair.pair_id), await actions(pair.mentor, pair.pair_id)
    assert (hers["action_item_due"]["params"]["count"], hers["answer_candid"]["params"]["count"]) == (1, 1)
    assert {"action_item_due", "answer_candid"}.isdisjoint(mine)


async def test_the_last_session_reviews_and_the_executive_states_one_commitment(pair, databases, world, clock, both):
    await set_pair(databases.app, world["noa"], pair.pair_id, sessions_planned=1)
    await pair.plan(days=5)
    assert [one["review"] for one in await both()] == ["both", "both"]
    await set_pair(databases.app, world["noa"], pair.pair_id, state="closing", due_at=moment(at(days=14)))
    reviews = [
        [one for one in (await client.get(f"/v1/pairs/{pair.pair_id}/next-actions")).json()["items"]
         if one["kind"] == "review" and one["link"].startswith("/pairs")]
        for client in (pair.mentor, pair.mentee)
    ]  # fmt: skip
    assert [[one["whose"] for one in side] for side in reviews] == [["other"], ["me"]]
    assert reviews[1][0]["due_at"] == "2026-12-08T09:00:00.000Z"
    await pair.mentor.post(f"/v1/pairs/{pair.pair_id}/close")
    mine, hers = await both()
    assert (hers["review"], "review" in mine) == ("me", False)  # to ask for it would be chasing
    assert mine["stay_in_touch"] == hers["stay_in_touch"] == "me"
    await pair.mentee.post(f"/v1/pairs/{pair.pair_id}/close", json={"commitment": "I ask before I answer"})
    before = await actions(pair.mentor, pair.pair_id)
    await pair.mentee.post(f"/v1/pairs/{pair.pair_id}/stay-in-touch", json={"yes": False})
    assert await actions(pair.mentor, pair.pair_id) == before  # her choice is not seen
    assert {"review", "stay_in_touch"}.isdisjoint(await actions(pair.mentee, pair.pair_id))
    clock.advance(days=61)
    assert "stay_in_touch" not in await actions(pair.mentor, pair.pair_id)


async def test_after_an_exit_both_read_the_same_and_rest(pair, databases, world, api):
    async with databases.app.transaction(world.manager.actor) as db:
        await db.execute(update(Enrollment).values(state="paired"))
    await pair.mentee.post(f"/v1/pairs/{pair.pair_id}/end")
    mine, hers = [
        (await client.get(f"/v1/pairs/{pair.pair_id}/next-actions")).json() for client in (pair.mentor, pair.mentee)
    ]
    assert mine == hers  # H4: nothing tells whose exit it was
    assert mine["rests_until"] == "2026-12-08T09:00:00.000Z"
    assert [(one["kind"], one["rule"], one["whose"]) for one in mine["items"]] == [("rematch", "S11", "me")]
    await pair.mentor.post(f"/v1/pairs/{pair.pair_id}/rematch")
    assert await actions(pair.mentor, pair.pair_id) == {}
    again = (await pair.mentee.get(f"/v1/pairs/{pair.pair_id}/next-actions")).json()
    assert again == hers
    today = (await api(world["maria"]).get("/v1/me/today")).json()
    assert ("rematch", today["pairs"]) == (today["actions"][0]["kind"], [])


async def test_a_pause_asks_nothing_of_either_until_its_day(pair, clock, both):
    await pair.mentor.post(f"/v1/pairs/{pair.pair_id}/pause", json={"until": "2026-12-01"})
    mine, hers = await both()
    assert mine == hers == {}
    clock.advance(days=7)
    assert await both() == ({"resume": "both"}, {"resume": "both"})


async def test_a_manager_learns_what_managers_may_know(pair, api, world, clock, databases):
    manager = api(world.manager)
    assert await whose(manager, pair.pair_id) == {"arc_not_booked": "both"}
    clock.advance(days=22)
    assert await whose(manager, pair.pair_id) == {"quiet_pair": "both"}
    await pair.hold(clock, days=2)
    assert await whose(manager, pair.pair_id) == {"not_booked": "both"}
    await pair.plan(days=3)
    assert await whose(manager, pair.pair_id) == {}
    for state, kinds in (
        ("closing", {"pair_closing": "both"}),
        ("suspended_conflict", {"suspended_pair": "me"}),
        ("paused", {}),
        ("ended_early", {}),
    ):
        await set_pair(databases.app, world["noa"], pair.pair_id, state=state)
        assert await whose(manager, pair.pair_id) == kinds
    body = (await manager.get(f"/v1/pairs/{pair.pair_id}/next-actions")).json()
    assert body["rests_until"] is None
    for stranger in (world["amina"], world.admin, world.other_admin):
        problem(await api(stranger).get(f"/v1/pairs/{pair.pair_id}/next-actions"), 404, "not_found")


async def test_the_own_things_come_first_and_every_answer_knows_its_rules(pair):
    items = (await pair.mentor.get(f"/v1/pairs/{pair.pair_id}/next-actions")).json()["items"]
    await pair.plan(days=3)
    items += (await pair.mentee.get(f"/v1/pairs/{pair.pair_id}/next-actions")).json()["items"]
    assert len(items) > 2
    for one in items:
        assert set(one) == set(PairNextAction.model_fields)


async def test_today_asks_as_much_of_the_database_for_many_pairs_as_for_one(
    api, world, databases, clock, pair, statements
):
    maria = api(world["maria"])
    await maria.get("/v1/me/today")
    with statements() as few:
        first = (await maria.get("/v1/me/today")).json()
    for mentor in ("emil", "linh"):
        await signed_pair(databases.app, world, world[mentor], world["maria"])
    with statements() as many:
        today = (await maria.get("/v1/me/today")).json()
    assert len(today["pairs"]) == 3
    assert [one["kind"] for one in today["actions"]].count("plan_session") == 3
    assert len(few) == len(many)
    assert len({(one["kind"], one["link"]) for one in today["actions"]}) == len(today["actions"])
    assert first["actions"][0]["kind"] == "plan_session"


async def test_a_mentor_of_two_rates_growth_once_today(api, world, databases, clock):
    clock.freeze(NOW)
    made = await begin(databases.app, world, api)
    await set_pair(
        databases.app, world["amina"], made.pairs["amina"], mentor_id=world["noa"].id,
        mentor_enrollment_id=UUID(str(made.enrollments["noa"])),
    )  # fmt: skip
    today = (await made.clients["noa"].get("/v1/me/today")).json()
    assert len(today["pairs"]) == 2
    assert [one["kind"] for one in today["actions"]].count("rate_growth") == 1
    assert [one["kind"] for one in today["actions"]].count("finish_primer") == 1
