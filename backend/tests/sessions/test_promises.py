"""The promise ledger: each reads the own side, the pair what took place, a program counts of five or more."""

from datetime import timedelta

import pytest
from sessions.meetings import at, get_pair, moment, set_pair, signed_pair
from sqlalchemy import text, update
from support.contract import problem

from vuoro.core import clock as time
from vuoro.identity import service as identity
from vuoro.identity.schemas import GrantIn
from vuoro.people import units
from vuoro.people.schemas import UnitIn
from vuoro.programs.models import Program
from vuoro.sessions.models import Session, SessionMove


async def promises(pair, who):
    return (await who.get(f"/v1/pairs/{pair.pair_id}/promises")).json()


async def test_each_side_reads_its_own_promises_and_the_pair_what_took_place(pair, clock):
    async def act(client, session, action, **sent):
        answer = await client.post(f"/v1/sessions/{session['id']}/{action}", json=sent or None)
        assert answer.status_code == 200, answer.text

    first, second, third, fourth = [await pair.plan(days=day) for day in (2, 4, 6, 8)]
    await act(pair.mentee, second, "move", starts_at=at(days=5))
    await act(pair.mentor, second, "schedule")
    await act(pair.mentee, third, "cancel", reason_class="work")
    clock.freeze(first["ends_at"])
    await act(pair.mentor, first, "hold")
    clock.advance(days=4)
    await act(pair.mentor, second, "hold")
    clock.freeze(fourth["ends_at"])
    await act(pair.mentee, fourth, "miss", who="me")
    mentees = {"held": 2, "as_first_booked": 1, "moved": 1, "cancelled": 1, "missed": 1, "kept_rate": 0.5}
    mentors = {"held": 2, "as_first_booked": 1, "moved": 0, "cancelled": 0, "missed": 0, "kept_rate": 1.0}
    assert await promises(pair, pair.mentee) == {"mine": mentees, "kept": 2, "due": 4}
    assert await promises(pair, pair.mentor) == {"mine": mentors, "kept": 2, "due": 4}
    assert (await pair.mentee.get("/v1/me/promises")).json() == {"as_mentor": None, "as_mentee": mentees}
    assert (await pair.mentor.get("/v1/me/promises")).json() == {"as_mentor": mentors, "as_mentee": None}


async def test_before_anything_took_place_nothing_is_counted(pair, api, world):
    empty = {"held": 0, "as_first_booked": 0, "moved": 0, "cancelled": 0, "missed": 0, "kept_rate": None}
    assert await promises(pair, pair.mentor) == {"mine": empty, "kept": 0, "due": 0}
    assert (await pair.mentee.get("/v1/me/promises")).json() == {"as_mentor": None, "as_mentee": empty}
    assert (await api(world["saga"]).get("/v1/me/promises")).json() == {"as_mentor": None, "as_mentee": None}
    for stranger in (api(world.manager), api(world["emil"]), api(world.admin)):
        problem(await stranger.get(f"/v1/pairs/{pair.pair_id}/promises"), 404, "not_found")


@pytest.mark.parametrize(
    ("mentor_says", "mentee_says", "at_once", "later"),
    [
        ("me", None, (1, 0), (1, 0)),
        ("them", None, (0, 0), (0, 1)),
        ("both", None, (1, 0), (1, 1)),
        ("them", "me", (0, 1), (0, 1)),
        ("them", "them", (0, 0), (0, 0)),
        (None, "them", (0, 0), (0, 0)),
        (None, "me", (0, 1), (0, 1)),
        (None, "both", (0, 1), (0, 1)),
        ("me", "me", (1, 1), (1, 1)),
    ],
)
async def test_a_mentor_misses_what_they_say_themselves_and_an_executive_may_answer_first(
    pair, clock, mentor_says, mentee_says, at_once, later
):
    session = await pair.plan()
    clock.freeze(session["ends_at"])
    for who, word in ((pair.mentor, mentor_says), (pair.mentee, mentee_says)):
        if word:
            assert (await who.post(f"/v1/sessions/{session['id']}/miss", json={"who": word})).status_code == 200

    async def missed():
        return tuple([(await promises(pair, who))["mine"]["missed"] for who in (pair.mentor, pair.mentee)])

    assert await missed() == at_once
    clock.freeze(moment(session["ends_at"]) + timedelta(days=14, seconds=1))
    assert await missed() == later


async def test_a_delegates_move_counts_for_the_executive(pair, api, world):
    session = await pair.plan()
    await pair.mentee.put("/v1/me/delegate", json={"person_id": str(world["saga"].id)})
    await api(world["saga"]).post(f"/v1/sessions/{session['id']}/move", json={"starts_at": at(days=8)})
    assert (await promises(pair, pair.mentee))["mine"]["moved"] == 1
    assert (await promises(pair, pair.mentor))["mine"]["moved"] == 0


@pytest.fixture
async def crowd(pair, databases, world):
    """Noa's program with four more pairs; `live(n)` gives n of the five pairs a held, a moved, and lost sessions."""
    program = (await get_pair(databases.app, world["noa"], pair.pair_id)).program_id
    pairs = [(pair.pair_id, world["maria"])]
    for mentor, mentee in (("emil", "erik"), ("leo", "paivi"), ("amina", "sanna"), ("omar", "astrid")):
        other = await signed_pair(databases.app, world, world[mentor], world[mentee])
        await set_pair(databases.app, world[mentor], other, program_id=program)
        pairs.append((other, world[mentee]))

    async def live(count):
        for pair_id, mentee in pairs[:count]:
            async with databases.app.transaction(mentee.actor) as db:
                common = {"organization_id": world.organization_id, "pair_id": pair_id, "kit": "spar",
                          "time_zone": "UTC", "starts_at": time.now(), "ends_at": time.now()}  # fmt: skip
                gone = {"state": "cancelled", "cancelled_by": mentee.id, **common}
                rows = [Session(state="held", **common), Session(state="missed", **common), Session(**gone),
                        Session(cancellation_counts=True, **gone)]  # fmt: skip
                db.add_all(rows)
                await db.flush()
                db.add(
                    SessionMove(
                        organization_id=world.organization_id, session_id=rows[0].id, moved_by=mentee.id,
                        from_starts_at=time.now(), to_starts_at=time.now(), slots=[time.now()], created_at=time.now(),
                    )
                )  # fmt: skip

    return program, live


async def test_a_programs_counts_stand_on_five_executives(crowd, api, world, databases):
    program, live = crowd
    manager, path = api(world.manager), f"/v1/programs/{program}/promises"
    await live(4)
    hidden = {"k": 5, "held": None, "moved": None, "cancelled_again": None, "missed": None}
    assert (await manager.get(path)).json() == hidden
    async with databases.app.transaction(world.manager.actor) as db:
        row = (await db.execute(text("select * from program_promises(:program)"), {"program": program})).one()
        assert tuple(row) == (None, None, None, None)
    await live(5)
    shown = {"k": 5, "held": 9, "moved": 9, "cancelled_again": 9, "missed": 9}
    assert (await manager.get(path)).json() == shown
    assert (await api(world.admin).get(path)).json() == shown


async def test_a_programs_counts_are_for_its_managers_sponsors_and_hr(crowd, pair, api, world, databases):
    program, _ = crowd
    path = f"/v1/programs/{program}/promises"
    async with databases.app.transaction(world.system) as db:
        await db.execute(update(Program).where(Program.id == program).values(state="running"))
        await identity.give(db, db.me, GrantIn(person_id=world["ville"].id, role="sponsor", program_id=program))
    for who, status in (("ville", 200), ("noa", 403), ("maria", 403), ("saga", 404)):
        assert (await api(world[who]).get(path)).status_code == status, who
    assert (await api(world.other_admin).get(path)).status_code == 404
    assert (await api(world["ville"]).get(f"/v1/programs/{pair.pair_id}/promises")).status_code == 404


async def test_a_sponsor_of_a_unit_reads_the_counts_of_its_programmes_and_of_no_others(crowd, api, world, databases):
    program, _ = crowd
    sanna, path = api(world["sanna"]), f"/v1/programs/{program}/promises"
    async with databases.app.transaction(world.system) as db:
        sales = await units.create(db, db.me, UnitIn(name="Sales", divisions=["Sales"]))
        await identity.give(db, db.me, GrantIn(person_id=world["sanna"].id, role="sponsor", unit_id=sales))
    assert (await sanna.get(path)).status_code == 404
    async with databases.app.transaction(world.system) as db:
        await db.execute(update(Program).where(Program.id == program).values(unit_id=sales))
    assert (await sanna.get(path)).status_code == 200
