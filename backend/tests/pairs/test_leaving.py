"""Breaks and exits (H4): equal for both, without a reason, and nobody else learns whose it was."""

import json

import pytest
from sqlalchemy import update
from support.contract import etag_of, problem

from vuoro.people.models import Person


@pytest.fixture
async def pair(api, world, offer):
    """The path of Noa and Maria's active pair."""
    path = f"/v1/pairs/{await offer()}"
    for who in ("noa", "maria"):
        assert (await api(world[who]).post(f"{path}/accept")).status_code == 200
    return path


@pytest.mark.parametrize(("one", "other"), [("noa", "maria"), ("maria", "noa")])
async def test_a_break_and_an_exit_carry_no_name(api, world, pair, one, other, run_jobs):
    for verb in ("pause", "resume", "end"):
        assert (await api(world[one]).post(f"{pair}/{verb}")).status_code == 200
    await run_jobs()
    for who in (world[other], world.manager):
        steps = (await api(who).get(f"{pair}/history")).json()["items"]
        assert all(set(step) == {"at", "state"} for step in steps)
    seen = (await api(world[other]).get(pair)).json()
    mine = (await api(world[one]).get(pair)).json()
    assert seen.pop("my_side") != mine.pop("my_side")
    for view in (seen, mine):
        view.pop("can")
    assert seen == mine
    audit = json.dumps((await api(world.admin).get("/v1/audit-log?limit=100")).json())
    assert pair.rpartition("/")[2] not in audit


async def test_a_break_may_have_a_day_that_the_two_alone_see(api, world, pair, clock, run_jobs, mailbox):
    clock.freeze("2026-12-01T08:00:00Z")
    noa = api(world["noa"])
    for bad in ("2026-12-01", "2028-01-01", "0001-01-01"):
        answer = await noa.post(f"{pair}/pause", json={"until": bad})
        assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/until"
    assert (await noa.post(f"{pair}/pause", json={"until": "2026-12-20"})).json()["pause_until"] == "2026-12-20"
    assert (await api(world["maria"]).get(pair)).json()["pause_until"] == "2026-12-20"
    assert (await api(world.manager).get(pair)).json()["pause_until"] is None
    await run_jobs()
    mailbox.clear()
    for _ in range(2):
        clock.advance(days=19)
        await run_jobs(tick=True)
    assert sorted(mail["To"] for mail in mailbox) == sorted([world["noa"].email, world["maria"].email])
    assert (await noa.get(pair)).json()["state"] == "paused"  # nobody goes on unasked


async def test_whoever_is_in_the_directory_as_a_line_alone_counts_as_gone(api, world, pair, databases):
    maria = api(world["maria"])
    assert (await maria.post(f"{pair}/pause", json={"until": "2026-12-20"})).status_code == 200
    assert (await maria.get(pair)).json()["can"]["resume"]["allowed"]
    async with databases.worker.transaction(world.system) as db:
        await db.execute(update(Person).where(Person.id == world["noa"].id).values(graph_only=True))
    assert (await maria.get(pair)).json()["can"]["resume"] == {"allowed": False, "reason": "person_left"}
    problem(await maria.post(f"{pair}/resume"), 409, "person_left")


async def test_whoever_stays_when_the_other_has_left_may_wish_for_another(api, world, pair):
    admin, path = api(world.admin), f"/v1/people/{world['noa'].id}"
    assert (await admin.delete(path, headers=etag_of(await admin.get(path)))).status_code == 204
    maria = api(world["maria"])
    seen = (await maria.get(pair)).json()
    assert seen["state"] == "paused"
    assert seen["can"]["resume"] == {"allowed": False, "reason": "person_left"}
    problem(await maria.post(f"{pair}/resume"), 409, "person_left")
    assert (await maria.post(f"{pair}/rematch")).json()["state"] == "ended_early"


async def test_a_plain_break_is_no_reason_to_look_for_another(api, world, pair):
    noa = api(world["noa"])
    await noa.post(f"{pair}/pause")
    assert (await noa.get(pair)).json()["can"]["rematch"] == {"allowed": False, "reason": "wrong_state"}
    problem(await noa.post(f"{pair}/rematch"), 409, "illegal_transition")


async def test_a_suspended_pair_ends_when_one_looks_for_another(api, world, pair, run_jobs):
    admin, path = api(world.admin), f"/v1/people/{world['olli'].id}"
    body = {"manager_id": str(world["maria"].id)}
    await admin.patch(path, json=body, headers=etag_of(await admin.get(path)))
    noa = api(world["noa"])
    assert (await noa.get(pair)).json()["state"] == "suspended_conflict"
    assert (await noa.post(f"{pair}/rematch")).json()["state"] == "ended_early"
    assert (await api(world["maria"]).get(pair)).json()["can"]["rematch"]["allowed"]


async def test_a_mentor_with_two_mentees_stays_paired_when_one_pair_ends(api, world, databases, run_jobs, clock):
    from pairs.programme import run_programme

    program = await run_programme(api, world, run_jobs, ["noa"], ["maria"])
    manager = api(world.manager)
    listed = f"/v1/programs/{program.id}/enrollments?role=mentor"
    (enrollment,) = (await manager.get(listed)).json()["items"]
    (pair,) = await program.pairs()
    for who in ("noa", "maria"):
        await api(world[who]).post(f"/v1/pairs/{pair['id']}/accept")
    assert (await manager.get(listed)).json()["items"][0]["state"] == "paired"
    second = await _second_pair(databases, world, program.id, enrollment["id"], pair["id"])
    await api(world["noa"]).post(f"/v1/pairs/{pair['id']}/end")
    assert (await manager.get(listed)).json()["items"][0]["state"] == "paired"
    await api(world["noa"]).post(f"/v1/pairs/{second}/end")
    assert (await manager.get(listed)).json()["items"][0]["state"] == "approved"


async def _second_pair(databases, world, program_id, mentor_enrollment, like):
    from uuid import UUID

    from vuoro.core import clock
    from vuoro.pairs.models import Pair
    from vuoro.programs import enrollments
    from vuoro.programs.schemas import EnrollmentIn

    me = world.manager.actor
    async with databases.app.transaction(me) as db:
        erik = await enrollments.enroll(
            db, me, UUID(program_id), EnrollmentIn(person_id=world["erik"].id, role="mentee")
        )
        first = await db.find(Pair, UUID(like))
        second = Pair(
            organization_id=world.organization_id, id=clock.uuid7(), program_id=first.program_id,
            cohort_id=first.cohort_id, mentor_id=world["noa"].id, mentee_id=world["erik"].id,
            mentor_enrollment_id=UUID(mentor_enrollment), mentee_enrollment_id=erik, state="active",
            mentee_asked_at=clock.now(), activated_at=clock.now(),
        )  # fmt: skip
        db.add(second)
    return second.id


async def test_whoever_leaves_the_program_leaves_the_pair_with_the_same_neutral_step(api, world, pair, databases):
    from vuoro.core.events import announce
    from vuoro.pairs.models import Pair
    from vuoro.programs.events import EnrollmentLeaving

    async with databases.app.transaction(world.manager.actor) as db:
        from uuid import UUID

        row = await db.find(Pair, UUID(pair.rpartition("/")[2]))
        await announce(db, EnrollmentLeaving(row.mentor_enrollment_id))
    assert (await api(world["maria"]).get(pair)).json()["state"] == "ended_early"
