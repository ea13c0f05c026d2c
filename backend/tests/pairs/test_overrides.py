"""Overrides: two managers, a reason that the mentor reads first, and no word of it to anybody else."""

import asyncio

import pytest
from sqlalchemy import select, update
from support.contract import etag_of, problem

from vuoro.notifications.models import Delivery
from vuoro.pairs.models import OverrideReason
from vuoro.programs.models import Program

REASON = "They planned this before Noa's team moved, and Noa asked us to let it be."


async def new_manager(api, world, who, manager):
    admin, path = api(world.admin), f"/v1/people/{world[who].id}"
    body = {"manager_id": str(world[manager].id)}
    answer = await admin.patch(path, json=body, headers=etag_of(await admin.get(path)))
    assert answer.status_code == 200, answer.text


@pytest.fixture
async def managers(api, world):
    """Petra and Ville manage every program, and so does Olli, who is Noa's line manager."""
    for key in ("ville", "olli"):
        body = {"person_id": str(world[key].id), "role": "programme_manager"}
        assert (await api(world.admin).post("/v1/organization/grants", json=body)).status_code == 201
    return world.manager, world["ville"]


@pytest.fixture
async def suspended(api, world, offer, managers):
    """`await suspended()`: the path of Noa's and Maria's pair, active until Olli came under Maria."""

    async def make(*answers: str) -> str:
        path = f"/v1/pairs/{await offer('noa', 'maria')}"
        for who in answers:
            assert (await api(world[who]).post(f"{path}/accept")).status_code == 200
        await new_manager(api, world, "olli", "maria")
        assert (await api(world["noa"]).get(path)).json()["state"] == "suspended_conflict"
        return path

    return make


async def allow(api, managers, path):
    first, second = managers
    answer = await api(first).post(f"{path}/override", json={"reason": REASON})
    assert answer.status_code == 201, answer.text
    answer = await api(second).post(f"{path}/override/confirm")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_two_managers_allow_it_and_the_mentor_reads_why_before_answering(api, world, suspended, managers):
    path = await suspended("noa", "maria")
    petra, ville = (api(one) for one in managers)
    assert (await petra.get(path)).json()["can"]["override"]["allowed"]
    asked = (await petra.post(f"{path}/override", json={"reason": REASON})).json()
    assert (asked["override"]["reason"], asked["override"]["confirmed_at"]) == (REASON, None)
    assert asked["can"]["confirm_override"] == {"allowed": False, "reason": "needs_another_manager"}
    assert (await api(world["noa"]).get(path)).json()["override"] is None
    problem(await api(world["noa"]).post(f"{path}/accept"), 409, "illegal_transition")
    assert (await ville.get(path)).json()["can"]["confirm_override"]["allowed"]
    await ville.post(f"{path}/override/confirm")
    seen = (await api(world["noa"]).get(path)).json()
    assert seen["state"] == "suspended_conflict"
    assert (seen["override"]["kind"], seen["override"]["reason"]) == ("override", REASON)
    assert seen["override"]["requested_by"]["id"] == str(world.manager.id)
    assert seen["override"]["confirmed_by"]["id"] == str(world["ville"].id)
    assert seen["can"]["accept"]["allowed"]
    assert seen["can"]["decline"]["allowed"]
    back = (await api(world["noa"]).post(f"{path}/accept")).json()
    assert (back["state"], back["override"]["reason"]) == ("active", REASON)


async def test_the_executive_learns_nothing_before_the_mentors_yes_and_never_the_reason(
    api, world, suspended, managers, run_jobs, databases
):
    path = await suspended("noa", "maria")
    maria = api(world["maria"])
    before, steps = (await maria.get(path)).json(), (await maria.get(f"{path}/history")).text
    await run_jobs()
    await allow(api, managers, path)
    assert (await maria.get(path)).json() == before
    assert (await maria.get(f"{path}/history")).text == steps
    await run_jobs()
    async with databases.worker.transaction(world.system) as db:
        again = select(Delivery.person_id).where(Delivery.kind == "pair.asked_again")
        assert list(await db.scalars(again)) == [world["noa"].id]
    await api(world["noa"]).post(f"{path}/accept")
    assert "pair.returned" in await run_jobs()
    assert (await maria.get(path)).json()["override"] is None
    for who in ("maria", "helena", "jukka", "amina"):
        async with databases.app.transaction(world[who].actor) as db:
            assert list(await db.scalars(select(OverrideReason.id))) == []
    audit = (await api(world.admin).get("/v1/audit-log")).text
    assert "pair.confirm_override" in audit
    assert REASON not in audit


async def test_the_mentors_no_ends_it_like_any_other_end(api, world, suspended, managers, databases):
    path = await suspended("noa", "maria")
    await allow(api, managers, path)
    assert (await api(world["noa"]).post(f"{path}/decline")).json()["state"] == "ended_early"
    for who in (world["maria"], world.manager):
        seen = (await api(who).get(path)).json()
        assert (seen["state"], seen["override"]) == ("ended_early", None)
        steps = (await api(who).get(f"{path}/history")).json()["items"]
        assert [step["state"] for step in steps][-2:] == ["suspended_conflict", "ended_early"]
    entries = (await api(world.admin).get("/v1/audit-log")).json()["items"]
    assert "decline" not in str([entry["action"] for entry in entries])
    async with databases.app.transaction(world.manager.actor) as db:
        assert list(await db.scalars(select(OverrideReason.id))) == []


async def test_the_mentors_no_and_the_executives_leaving_look_alike(api, world, suspended, managers):
    seen = []
    for who, verb in (("noa", "decline"), ("maria", "end")):
        path = await suspended("noa", "maria")
        await allow(api, managers, path)
        assert (await api(world[who]).post(f"{path}/{verb}")).status_code == 200
        await new_manager(api, world, "olli", "jukka")
        pair = (await api(world.manager).get(path)).json()
        steps = (await api(world.manager).get(f"{path}/history")).json()["items"]
        times = ("id", "program_id", "cohort_id", "created_at", "activated_at")
        seen.append(({name: pair[name] for name in pair if name not in times}, [step["state"] for step in steps]))
    assert seen[0] == seen[1]


async def test_an_offer_that_was_not_answered_is_made_anew_with_the_reason(api, world, suspended, managers):
    path = await suspended()
    assert (await allow(api, managers, path))["state"] == "asked_mentor"
    seen = (await api(world["noa"]).get(path)).json()
    assert (seen["override"]["reason"], seen["can"]["accept"]["allowed"]) == (REASON, True)
    problem(await api(world["maria"]).get(path), 404, "not_found")
    assert (await api(world["noa"]).post(f"{path}/accept")).json()["state"] == "asked_mentee"
    assert (await api(world["maria"]).post(f"{path}/accept")).json()["state"] == "active"


async def test_a_no_to_an_offer_shows_nobody_anything_until_it_lapses_as_silence_does(
    api, world, suspended, managers, clock, run_jobs
):
    clock.freeze("2026-12-01T08:00:00Z")
    path = await suspended("noa")
    assert (await allow(api, managers, path))["state"] == "suspended_conflict"
    others = [api(who) for who in (world["maria"], *managers)]
    before = [(await one.get(path)).json() for one in others]
    noa = api(world["noa"])
    answer = (await noa.post(f"{path}/decline")).json()
    assert (answer["state"], answer["override"], answer["can"]["accept"]["allowed"]) == ("declined", None, False)
    assert [(await one.get(path)).json() for one in others] == before
    problem(await noa.post(f"{path}/accept"), 409, "illegal_transition")
    clock.advance(days=7, minutes=1)
    await run_jobs(tick=True)
    assert [(await one.get(path)).json()["state"] for one in (noa, *others)] == ["declined", *["expired"] * 3]


async def test_it_takes_two_and_neither_is_of_the_pair_nor_between_them(api, world, suspended, managers):
    path = await suspended("noa", "maria")
    olli = api(world["olli"])
    assert (await olli.get(path)).json()["can"]["override"] == {"allowed": False, "reason": "in_their_line"}
    problem(await olli.post(f"{path}/override", json={"reason": REASON}), 403, "in_their_line")
    for who in ("noa", "maria"):
        problem(await api(world[who]).post(f"{path}/override", json={"reason": REASON}), 403, "forbidden")
    problem(await api(world.admin).post(f"{path}/override", json={"reason": REASON}), 404, "not_found")
    petra = api(world.manager)
    assert (await petra.post(f"{path}/override", json={"reason": REASON})).status_code == 201
    problem(await petra.post(f"{path}/override", json={"reason": REASON}), 409, "override_pending")
    problem(await petra.post(f"{path}/override/confirm"), 403, "needs_another_manager")
    problem(await olli.post(f"{path}/override/confirm"), 403, "in_their_line")


async def test_a_manager_who_is_of_the_pair_decides_nothing_about_it(api, world, offer, managers):
    path = f"/v1/pairs/{await offer('saga', 'olli')}"
    await api(world["saga"]).post(f"{path}/accept")
    await new_manager(api, world, "erik", "olli")
    assert "override" not in (await api(world["olli"]).get(path)).json()["can"]
    problem(await api(world["olli"]).post(f"{path}/override", json={"reason": REASON}), 403, "own_pair")
    problem(await api(world["olli"]).post(f"{path}/lift"), 403, "own_pair")


async def test_only_a_suspended_pair_inside_a_known_line_takes_an_override(api, world, offer, managers):
    path = f"/v1/pairs/{await offer('noa', 'maria')}"
    petra = api(world.manager)
    problem(await petra.post(f"{path}/override", json={"reason": REASON}), 409, "no_conflict")
    problem(await petra.post(f"{path}/override/confirm"), 409, "no_conflict")
    await new_manager(api, world, "olli", "tuomas")  # whose own manager nobody knows
    assert (await petra.get(path)).json()["can"]["override"] == {"allowed": False, "reason": "unknown_line"}
    problem(await petra.post(f"{path}/override", json={"reason": REASON}), 409, "unknown_line")
    problem(await petra.post(f"{path}/lift"), 409, "unknown_line")
    for reason in ("", " ", "x" * 1001, "a\x00b"):
        problem(await petra.post(f"{path}/override", json={"reason": reason}), 422, "validation_failed")


async def test_a_request_can_be_taken_back_until_the_mentor_answers(api, world, suspended, managers):
    path = await suspended("noa", "maria")
    petra, ville = (api(one) for one in managers)
    problem(await petra.delete(f"{path}/override"), 409, "no_override")
    await petra.post(f"{path}/override", json={"reason": REASON})
    assert (await ville.delete(f"{path}/override")).status_code == 204
    await allow(api, managers, path)
    assert (await petra.delete(f"{path}/override")).status_code == 204
    assert (await api(world["noa"]).get(path)).json()["override"] is None
    problem(await api(world["noa"]).post(f"{path}/accept"), 409, "illegal_transition")
    await allow(api, managers, path)
    await api(world["noa"]).post(f"{path}/accept")
    problem(await petra.delete(f"{path}/override"), 409, "no_conflict")


async def test_an_override_outlives_other_changes_and_covers_no_closer_relation(api, world, suspended, managers):
    path = await suspended("noa", "maria")
    await allow(api, managers, path)
    await api(world["noa"]).post(f"{path}/accept")
    noa = api(world["noa"])
    await new_manager(api, world, "saga", "paivi")
    await new_manager(api, world, "olli", "erik")  # further from maria than before
    assert (await noa.get(path)).json()["state"] == "active"
    await new_manager(api, world, "noa", "maria")  # maria's own team now
    seen = (await noa.get(path)).json()
    assert (seen["state"], seen["override"]) == ("suspended_conflict", None)
    problem(await noa.post(f"{path}/accept"), 409, "illegal_transition")
    assert (await api(world.manager).get(path)).json()["can"]["override"]["allowed"]


async def test_a_closer_relation_meanwhile_makes_the_second_word_too_late(api, world, suspended, managers):
    path = await suspended("noa", "maria")
    petra, ville = (api(one) for one in managers)
    await petra.post(f"{path}/override", json={"reason": REASON})
    await new_manager(api, world, "noa", "maria")
    problem(await ville.post(f"{path}/override/confirm"), 409, "line_changed")


async def test_a_conflict_that_is_gone_is_lifted_by_one_manager_and_the_mentor_is_asked(
    api, world, suspended, managers
):
    path = await suspended("noa", "maria")
    petra, noa = api(world.manager), api(world["noa"])
    problem(await petra.post(f"{path}/lift"), 409, "still_in_line")
    await new_manager(api, world, "olli", "jukka")  # it was a mistake
    assert (await noa.get(path)).json()["state"] == "suspended_conflict", "nobody goes on without being asked"
    seen = (await petra.get(path)).json()
    assert seen["can"]["override"] == {"allowed": False, "reason": "conflict_gone"}
    assert seen["can"]["lift"]["allowed"]
    problem(await petra.post(f"{path}/override", json={"reason": REASON}), 409, "conflict_gone")
    assert (await petra.post(f"{path}/lift")).json()["state"] == "suspended_conflict"
    problem(await petra.post(f"{path}/lift"), 409, "override_pending")
    word = (await noa.get(path)).json()["override"]
    assert (word["kind"], word["reason"], word["confirmed_by"]) == ("conflict_gone", None, None)
    back = (await noa.post(f"{path}/accept")).json()
    assert (back["state"], back["override"]) == ("active", None)


async def test_a_conflict_that_came_again_is_not_accepted(api, world, suspended, managers):
    path = await suspended("noa", "maria")
    await new_manager(api, world, "olli", "jukka")
    await api(world.manager).post(f"{path}/lift")
    await new_manager(api, world, "olli", "erik")
    problem(await api(world["noa"]).post(f"{path}/accept"), 409, "illegal_transition")


@pytest.mark.parametrize(("answers", "left"), [(("noa",), "expired"), (("noa", "maria"), "suspended_conflict")])
async def test_a_question_without_an_answer_lapses(api, world, suspended, managers, clock, run_jobs, answers, left):
    clock.freeze("2026-12-01T08:00:00Z")
    path = await suspended(*answers)
    await allow(api, managers, path)
    clock.advance(days=6, hours=23)
    await run_jobs(tick=True)
    assert (await api(world["noa"]).get(path)).json()["can"]["accept"]["allowed"]
    clock.advance(hours=2)
    await run_jobs(tick=True)
    seen = (await api(world["noa"]).get(path)).json()
    assert (seen["state"], seen["override"]) == (left, None)
    problem(await api(world["noa"]).post(f"{path}/accept"), 409, "illegal_transition")


async def test_two_words_at_once_have_one_effect(api, world, suspended, managers):
    path = await suspended("noa", "maria")
    asked = await asyncio.gather(*[api(one).post(f"{path}/override", json={"reason": REASON}) for one in managers])
    assert sorted(answer.status_code for answer in asked) == [201, 409]
    both = await asyncio.gather(*[api(one).post(f"{path}/override/confirm") for one in managers])
    assert sorted(answer.status_code for answer in both) in ([200, 403], [200, 409])
    answers = await asyncio.gather(*[api(world["noa"]).post(f"{path}/{verb}") for verb in ("accept", "decline")])
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def mails_again(databases, world):
    async with databases.worker.transaction(world.system) as db:
        found = select(Delivery.person_id, Delivery.state).where(Delivery.kind == "pair.asked_again")
        return [tuple(row) for row in await db.execute(found)]


async def test_a_mentor_who_said_no_before_is_not_asked_again_and_nobody_learns_it(
    api, world, suspended, managers, clock, run_jobs, databases, mailbox, offer
):
    clock.freeze("2026-12-01T08:00:00Z")
    path = f"/v1/pairs/{await offer('noa', 'maria')}"
    noa = api(world["noa"])
    for verb in ("accept", "decline"):
        assert (await noa.post(f"{path}/{verb}")).status_code == 200
    await new_manager(api, world, "olli", "maria")
    await allow(api, managers, path)
    await run_jobs()
    seen = (await noa.get(path)).json()
    assert (seen["state"], seen["override"], seen["can"]["accept"]["allowed"]) == ("declined", None, False)
    for verb in ("accept", "decline"):
        problem(await noa.post(f"{path}/{verb}"), 409, "illegal_transition")
    assert await mails_again(databases, world) == [(world["noa"].id, "private")]
    assert "Would you like to go on as a pair?" not in [mail["Subject"] for mail in mailbox]
    assert (await api(world["maria"]).get(path)).json()["state"] == "suspended_conflict"
    clock.advance(days=7, minutes=1)
    await run_jobs(tick=True)
    assert (await api(world["maria"]).get(path)).json()["state"] == "expired"


async def test_an_executive_who_said_no_hears_nothing_when_the_offer_goes_on(
    api, world, suspended, managers, run_jobs, mailbox, offer
):
    path = f"/v1/pairs/{await offer('noa', 'maria')}"
    await api(world["noa"]).post(f"{path}/accept")
    assert (await api(world["maria"]).post(f"{path}/decline")).json()["state"] == "declined"
    await new_manager(api, world, "olli", "maria")
    await allow(api, managers, path)
    await run_jobs()
    before = len([mail for mail in mailbox if mail["To"] == world["maria"].email])
    assert (await api(world["noa"]).post(f"{path}/accept")).json()["state"] == "asked_mentee"
    assert "pair.asked_mentee" in await run_jobs()
    assert len([mail for mail in mailbox if mail["To"] == world["maria"].email]) == before
    assert (await api(world["maria"]).get(path)).json()["state"] == "declined"


async def test_the_question_is_reminded_of_once(api, world, suspended, managers, clock, run_jobs, databases):
    clock.freeze("2026-12-01T08:00:00Z")
    path = await suspended("noa", "maria")
    await allow(api, managers, path)
    for _ in range(2):
        clock.advance(days=3, minutes=1)
        await run_jobs(tick=True)
    assert await mails_again(databases, world) == [(world["noa"].id, "private")] * 2


@pytest.fixture
def program_is(databases, world):
    """`await program_is("closing")`: every program is in this state from now on."""

    async def go(state):
        async with databases.app.transaction(world.manager.actor) as db:
            await db.execute(update(Program).values(state=state))

    return go


async def test_a_pair_that_goes_on_in_a_closing_program_closes_with_it(
    api, world, suspended, managers, clock, program_is
):
    clock.freeze("2026-12-01T08:00:00Z")
    path = await suspended("noa", "maria")
    await program_is("closing")
    await allow(api, managers, path)
    back = (await api(world["noa"]).post(f"{path}/accept")).json()
    assert (back["state"], back["completes_at"]) == ("closing", "2026-12-15T08:00:00.000Z")


async def test_no_word_of_managers_helps_an_offer_of_a_program_that_closes(api, world, suspended, managers, program_is):
    path = await suspended("noa")
    await allow(api, managers, path)
    await program_is("closing")
    problem(await api(world["noa"]).post(f"{path}/accept"), 409, "illegal_transition")
    petra = api(world.manager)
    seen = (await petra.get(path)).json()["can"]
    assert (seen["override"]["reason"], seen["withdraw_override"]["allowed"]) == ("program_over", True)
    assert (await petra.delete(f"{path}/override")).status_code == 204
    problem(await petra.post(f"{path}/override", json={"reason": REASON}), 409, "program_over")


async def test_no_word_of_managers_brings_back_whoever_left(api, world, suspended, managers):
    path = await suspended("noa", "maria")
    await allow(api, managers, path)
    admin, person = api(world.admin), f"/v1/people/{world['maria'].id}"
    assert (await admin.delete(person, headers=etag_of(await admin.get(person)))).status_code == 204
    problem(await api(world["noa"]).post(f"{path}/accept"), 409, "illegal_transition")
    assert (await api(world.manager).get(path)).json()["can"]["override"]["reason"] == "person_left"
