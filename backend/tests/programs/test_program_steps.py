"""A program's steps: what each needs first, who hears of it, what is illegal."""

import pytest

from vuoro.core import events
from vuoro.core.actor import Actor
from vuoro.programs import service
from vuoro.programs.events import ProgramMoved
from vuoro.programs.states import PROGRAM


async def test_opening_needs_days_that_lie_ahead(draft, clock):
    clock.freeze("2026-11-25T09:00:00Z")
    made = await draft(starts_on=None)
    assert await made.refused("enrolling", "not_ready") == {"missing": ["dates"]}
    assert (await made.read())["can"]["transition_enrolling"] == {"allowed": False, "reason": "dates_missing"}
    await made.change(starts_on="2027-01-11")
    assert await made.refused("enrolling", "not_ready") == {"missing": ["dates"]}
    await made.change(ends_on="2027-06-30")
    assert (await made.go("enrolling"))["state"] == "enrolling"


async def test_a_program_without_a_start_gets_a_monday_in_four_weeks(draft, clock):
    clock.freeze("2026-11-25T09:00:00Z")
    program = await (await draft()).read()
    assert (program["starts_on"], program["ends_on"]) == ("2026-12-28", "2027-06-28")


async def test_running_needs_a_pair_that_was_asked(draft, match_up):
    made = await draft()
    await made.go("enrolling")
    assert await made.refused("matching", "not_ready") == {"missing": ["mentors", "mentees"]}
    (mentor,), (mentee,) = await made.enroll("mentor", "noa"), await made.enroll("mentee", "maria")
    await made.go("matching")
    assert await made.refused("running", "not_ready") == {"missing": ["pairs"]}
    assert (await made.read())["can"]["transition_running"]["reason"] == "no_pairs"
    await match_up(made, "noa", mentor, "maria", mentee)
    assert (await made.go("running"))["state"] == "running"


async def test_a_program_closes_when_no_pair_is_active(running, api, world):
    made = await running()
    (pair,) = (await api(world["noa"]).get("/v1/pairs?mine=true")).json()["items"]
    for who in ("noa", "maria"):
        assert (await api(world[who]).post(f"/v1/pairs/{pair['id']}/accept")).status_code == 200
    await made.go("closing")
    state = (await api(world["noa"]).get(f"/v1/pairs/{pair['id']}")).json()["state"]
    if state == "active":
        assert await made.refused("closed", "not_ready") == {"missing": ["pairs_ended"], "pairs_active": 1}
        assert (await api(world["noa"]).post(f"/v1/pairs/{pair['id']}/end")).status_code == 200
    assert (await made.go("closed", "archived"))["can"]["clone"]["allowed"]


@pytest.mark.parametrize("state", [state for state, steps in PROGRAM.items() if "cancelled" in steps])
async def test_a_program_is_called_off_from_every_open_state(draft, databases, world, state):
    from sqlalchemy import update

    from vuoro.programs.models import Program

    made = await draft()
    async with databases.app.transaction(world.manager.actor) as db:
        await db.execute(update(Program).where(Program.organization_id == world.organization_id).values(state=state))
    assert (await made.go("cancelled"))["state"] == "cancelled"
    assert await made.refused("enrolling", "illegal_transition") == {"state": "cancelled", "legal": ["archived"]}


async def test_every_step_is_announced_in_its_transaction(running, databases, world, monkeypatch):
    heard = []

    async def listen(_db, event):
        heard.append(event)

    monkeypatch.setattr(events, "_reactions", {**events._reactions, ProgramMoved: [listen]})
    made = await running()
    assert [(one.from_state, one.to_state) for one in heard] == [
        ("draft", "enrolling"),
        ("enrolling", "matching"),
        ("matching", "running"),
    ]
    assert {str(one.program_id) for one in heard} == {made.id}


async def test_participants_and_sponsors_do_not_move_a_program(running, api, world):
    made = await running()
    answer = await api(world["noa"]).post(f"{made.path}/transitions", json={"to": "closing"})
    assert answer.status_code == 403
    assert service.program_steps("running", set()) == []


async def test_how_many_were_asked_is_not_for_participants(running, api, world):
    made = await running()
    assert (await made.read())["counts"]["pairs_proposed"] == 1
    for who in ("noa", "maria", "sanna"):
        counts = (await made.read(world[who]))["counts"]
        assert (counts["pairs_proposed"], counts["pairs_active"], counts["waiting"]) == (0, 0, 0)


async def test_the_worker_reads_a_program_as_it_stands(running, databases, world):
    made = await running()
    async with databases.worker.transaction(Actor(world.organization_id)) as db:
        from uuid import UUID

        assert (await service.get(db, db.me, UUID(made.id))).state == "running"
