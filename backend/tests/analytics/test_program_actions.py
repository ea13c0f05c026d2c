"""What there is to look after in a programme: each soft rule when it is due, silent when it is not."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from feedback.rounds import COUPLES, Programme, begin
from sessions.meetings import NOW
from sqlalchemy import update
from support.contract import problem
from support.programs import programme as make

from vuoro.core import clock as time
from vuoro.pairs.models import Pair
from vuoro.people.models import Person
from vuoro.programs.models import Cohort, Enrollment, Program
from vuoro.sessions.models import Session

TODAY = date(2026, 11, 24)


@pytest.fixture
async def programme(api, world, databases, clock) -> Programme:
    """Seven pairs that began today."""
    clock.freeze(NOW)
    return await begin(databases.app, world, api)


@pytest.fixture
def next_of(api, world):
    """`await next_of(program_id)`: what is next, by kind."""

    async def read(program_id: Any, who: Any = None) -> dict[str, dict[str, Any]]:
        answer = await api(who or world.manager).get(f"/v1/programs/{program_id}/next-actions")
        assert answer.status_code == 200, answer.text
        items = answer.json()["items"]
        assert len({one["kind"] for one in items}) == len(items)
        return {one["kind"]: one for one in items}

    return read


@pytest.fixture
def put(databases, world):
    """`await put(Pair, ids, state=…)`: rows of these ids, or all of the table, into another state."""

    async def change(model: Any, ids: Any = None, **values: Any) -> None:
        async with databases.app.transaction(world.manager.actor) as db:
            statement = update(model).where(model.organization_id == world.organization_id).values(**values)
            await db.execute(statement if ids is None else statement.where(model.id.in_(ids)))

    return change


def pairs(programme: Programme, count: int) -> list[UUID]:
    return list(programme.pairs.values())[:count]


async def test_what_is_not_booked_not_begun_and_quiet_is_counted(programme, next_of, put, clock):
    found = await next_of(programme.program_id)
    assert (found["not_booked"]["count"], found["arc_not_booked"]["count"]) == (7, 7)
    assert (found["not_booked"]["rule"], found["arc_not_booked"]["rule"]) == ("S9", "S2")
    assert "quiet_pairs" not in found
    await put(Pair, pairs(programme, 3), next_starts_at=time.now() + timedelta(days=40))
    clock.advance(days=22)
    found = await next_of(programme.program_id)
    assert [found[kind]["count"] for kind in ("quiet_pairs", "not_booked", "arc_not_booked")] == [4, 4, 4]
    assert next(iter(found)) == "quiet_pairs"  # urgent comes first
    await put(Program, settings={"quiet_days": 30})
    assert "quiet_pairs" not in await next_of(programme.program_id)


async def test_pairs_behind_the_programmes_rhythm_are_counted(programme, next_of, put, clock):
    await put(Pair, next_starts_at=time.now() + timedelta(days=200))
    clock.advance(days=55)
    assert "behind_rhythm" not in await next_of(programme.program_id)
    clock.advance(days=2)
    assert (await next_of(programme.program_id))["behind_rhythm"]["count"] == 7
    await put(Pair, pairs(programme, 5), sessions_held=1)
    assert (await next_of(programme.program_id))["behind_rhythm"]["count"] == 2
    await put(Program, settings={"weeks_between": 8})
    assert "behind_rhythm" not in await next_of(programme.program_id)


async def test_offers_that_run_out_and_suspended_pairs_are_counted(programme, next_of, put):
    await put(Pair, pairs(programme, 2), state="asked_mentor", due_at=time.now() + timedelta(days=3))
    assert "offers_running_out" not in await next_of(programme.program_id)
    await put(Pair, pairs(programme, 2), due_at=time.now() + timedelta(days=2))
    await put(Pair, pairs(programme, 7)[4:], state="suspended_conflict")
    found = await next_of(programme.program_id)
    assert (found["offers_running_out"]["count"], found["offers_running_out"]["due_on"]) == (2, "2026-11-26")
    assert (found["suspended_pairs"]["count"], found["suspended_pairs"]["severity"]) == (3, "urgent")
    assert found["not_booked"]["count"] == 2


async def test_late_first_contacts_are_told_from_five_executives_on(programme, next_of, put):
    late, today = TODAY - timedelta(days=1), TODAY
    await put(Pair, first_contact_due_on=today)
    assert "first_contacts_overdue" not in await next_of(programme.program_id)
    await put(Pair, pairs(programme, 4), first_contact_due_on=late)
    assert "first_contacts_overdue" not in await next_of(programme.program_id)  # four would name somebody
    await put(Pair, pairs(programme, 5), first_contact_due_on=late)
    found = (await next_of(programme.program_id))["first_contacts_overdue"]
    assert (found["rule"], found["count"]) == ("S8", 5)
    await put(Pair, pairs(programme, 1), first_contact_at=time.now())
    assert "first_contacts_overdue" not in await next_of(programme.program_id)


async def cancel(programme: Programme, world: Any, couples: Any, *, counts: bool = True) -> None:
    for mentor, mentee in couples:
        async with programme.app.transaction(world[mentor].actor) as db:
            db.add(
                Session(
                    organization_id=world.organization_id, id=time.uuid7(), pair_id=programme.pairs[mentor], number=2,
                    kit="spar", state="cancelled", starts_at=time.now(), ends_at=time.now() + timedelta(hours=1),
                    time_zone="UTC", cancelled_by=world[mentee].id, cancellation_counts=counts,
                )
            )  # fmt: skip


async def test_second_cancellations_are_told_from_five_executives_on(programme, next_of, world):
    await cancel(programme, world, COUPLES, counts=False)
    assert "cancelled_again" not in await next_of(programme.program_id)  # a first one stays private (S3)
    await cancel(programme, world, COUPLES[:4])
    await cancel(programme, world, COUPLES[:1])
    assert "cancelled_again" not in await next_of(programme.program_id)
    await cancel(programme, world, COUPLES[4:5])
    found = (await next_of(programme.program_id))["cancelled_again"]
    assert (found["rule"], found["count"]) == ("S3", 6)


async def test_circles_the_end_and_the_waves_are_due_by_the_calendar(programme, next_of, put, clock):
    await put(Program, starts_on=TODAY, ends_on=TODAY + timedelta(days=182))
    found = await next_of(programme.program_id)
    assert {"circle_due", "program_ends", "program_over", "waves_closing"}.isdisjoint(found)
    clock.advance(days=61)
    circle = (await next_of(programme.program_id))["circle_due"]
    assert (circle["rule"], circle["due_on"], circle["severity"]) == ("S6", "2027-02-22", "advice")
    clock.freeze(NOW)
    clock.advance(days=141)
    found = await next_of(programme.program_id)
    assert (found["program_ends"]["due_on"], found["circle_due"]["severity"]) == ("2027-05-25", "soon")
    clock.advance(days=42)
    found = await next_of(programme.program_id)
    assert (found["program_over"]["severity"], "program_ends" in found) == ("urgent", False)
    wave = found["waves_closing"]
    assert (wave["rule"], wave["due_on"], wave["params"]["name"]) == ("S7", "2027-06-08", "First")


async def test_published_figures_are_announced_and_those_of_too_few_are_not(programme, next_of, run_jobs, clock):
    sessions = await programme.hold(1)
    await programme.pulse(sessions, dict.fromkeys(programme.everybody[:2], 4))
    await programme.close_on(TODAY)
    await run_jobs(tick=True)
    assert "waves_ready" not in await next_of(programme.program_id)


async def test_a_published_pulse_is_ready_to_read_for_two_weeks(programme, next_of, run_jobs, clock):
    sessions = await programme.hold(1)
    await programme.pulse(sessions, dict.fromkeys(programme.everybody, 4))
    await programme.close_on(TODAY)
    assert "waves_ready" not in await next_of(programme.program_id)
    await run_jobs(tick=True)
    found = (await next_of(programme.program_id))["waves_ready"]
    assert (found["rule"], found["count"]) == ("S7", 1)
    clock.advance(days=15)
    assert "waves_ready" not in await next_of(programme.program_id)


async def test_closing_resting_and_looking_again_are_counted(programme, next_of, put):
    parts = list(programme.enrollments.values())
    await put(Pair, pairs(programme, 2), state="closing")
    await put(
        Enrollment, parts[:3], state="approved", looks=False, rests_until=time.now() + timedelta(days=14),
        looks_again_at=None,
    )  # fmt: skip
    found = await next_of(programme.program_id)
    assert (found["pairs_closing"]["count"], found["pairs_closing"]["rule"]) == (2, "S10")
    assert (found["resting"]["count"], found["resting"]["due_on"]) == (3, "2026-12-08")
    assert "looking_again" not in found
    await put(Enrollment, parts[:2], looks=True, looks_again_at=time.now(), rests_until=time.now())
    found = await next_of(programme.program_id)
    assert (found["looking_again"]["count"], found["looking_again"]["rule"], found["resting"]["count"]) == (2, "S11", 1)


async def test_people_without_a_pair_and_people_who_wait_are_counted(programme, next_of, put):
    found = await next_of(programme.program_id)
    assert {"unplaced", "waiting_enrollments"}.isdisjoint(found)
    parts = list(programme.enrollments.values())
    await put(Enrollment, parts, state="approved")  # those of an open pair have a place all the same
    assert "unplaced" not in await next_of(programme.program_id)
    await put(Pair, pairs(programme, 1), state="ended_early")
    await put(Enrollment, parts[1:2], state="applied")
    found = await next_of(programme.program_id)
    assert found["unplaced"]["params"] == {"mentors": 1, "mentees": 1}
    assert found["waiting_enrollments"]["count"] == 1


async def test_a_programme_of_technology_alone_is_flagged_from_five_people_on(programme, next_of, put):
    parts = list(programme.enrollments.values())
    await put(Enrollment, parts[:4], topics=["automation"])
    assert "technology_only" not in await next_of(programme.program_id)
    await put(Enrollment, parts[:5], topics=["automation", "short-video"])
    assert (await next_of(programme.program_id))["technology_only"]["rule"] == "S13"
    await put(Enrollment, parts[5:6], topics=["automation", "strategy"])
    assert "technology_only" not in await next_of(programme.program_id)


async def test_a_narrow_reach_is_advice_from_five_juniors_on(programme, next_of, put, world):
    found = (await next_of(programme.program_id))["narrow_reach"]
    assert (found["rule"], found["params"]) == ("S14", {"reached": 3, "units": 8})
    await put(Person, [world["noa"].id], department="HR")
    assert "narrow_reach" not in await next_of(programme.program_id)
    await put(Person, [world["noa"].id], department="Platform")
    await put(Person, [world["veera"].id], department="Empty since")  # who has left keeps no department alive
    await put(Person, [world["veera"].id], status="left")
    assert (await next_of(programme.program_id))["narrow_reach"]["params"]["units"] == 8
    await put(Enrollment, list(programme.enrollments.values())[:3], state="withdrawn")
    assert "narrow_reach" not in await next_of(programme.program_id)


async def test_what_stands_before_the_launch_is_named(api, world, clock, next_of):
    clock.freeze(NOW)
    made = await make(api, world, starts_on="2027-01-11")
    blocked = (await next_of(made.id))["launch_blocked"]
    check = (await api(world.manager).get(f"{made.path}/launch-check")).json()
    lacking = [one["key"] for one in check["items"] if one["severity"] == "blocker" and not one["ok"]]
    assert blocked["params"]["keys"] == lacking
    assert "mentors" in lacking
    assert (blocked["count"], blocked["due_on"], blocked["severity"]) == (len(lacking), "2027-01-11", "soon")
    clock.freeze("2027-01-01T09:00:00Z")
    assert (await next_of(made.id))["launch_blocked"]["severity"] == "urgent"


async def test_invitations_without_an_answer_and_survey_drafts_are_told(api, world, clock, next_of):
    clock.freeze(NOW)
    made = await make(api, world, starts_on="2027-01-11")
    await made.go("enrolling")
    await made.post("invitations", 200, people=[{"person_id": str(world["noa"].id), "role": "mentor"}])
    manager = api(world.manager)
    await manager.post("/v1/surveys", json={"program_id": made.id, "template": "closing"})
    found = await next_of(made.id)
    assert ("invitations_unanswered" in found, found["survey_drafts"]["count"]) == (False, 1)
    clock.advance(days=7)
    found = (await next_of(made.id))["invitations_unanswered"]
    assert (found["count"], found["due_on"]) == (1, "2026-12-08")


async def test_the_next_cohort_is_there_to_confirm(programme, next_of, put, run_jobs):
    assert "next_cohort_proposed" not in await next_of(programme.program_id)
    await put(Program, starts_on=TODAY - timedelta(days=150), ends_on=TODAY + timedelta(days=30))
    await put(Cohort, starts_on=TODAY - timedelta(days=150))
    await run_jobs(tick=True)
    found = (await next_of(programme.program_id))["next_cohort_proposed"]
    assert (found["rule"], found["due_on"]) == ("S12", "2027-01-11")


async def test_only_who_sets_it_up_reads_it(programme, next_of, api, world):
    assert (await next_of(programme.program_id, world.admin)).keys() == (await next_of(programme.program_id)).keys()
    path = f"/v1/programs/{programme.program_id}/next-actions"
    problem(await api(world["noa"]).get(path), 403, "forbidden")
    problem(await api(world.other_admin).get(path), 404, "not_found")
    assert (await api(world["noa"]).get("/v1/me/today")).json()["actions"] != []
    links = [one["link"] for one in (await api(world["noa"]).get("/v1/me/today")).json()["actions"]]
    assert not [link for link in links if link.startswith("/programs")]


async def test_a_pair_is_told_of_in_counts_alone(programme, next_of, api, world):
    body = (await api(world.manager).get(f"/v1/programs/{programme.program_id}/next-actions")).text
    ids = [*programme.pairs.values(), *programme.enrollments.values(), *(world[key].id for key in programme.everybody)]
    assert not [id for id in ids if str(id) in body]


async def test_the_whole_portfolio_takes_as_many_statements_as_one_programme(
    programme, api, world, databases, clock, statements
):
    manager = api(world.manager)
    await make(api, world, starts_on="2027-01-11")
    await (await make(api, world, starts_on="2027-01-11")).go("enrolling")
    await manager.get("/v1/me/today")
    with statements() as few:
        await manager.get("/v1/me/today")
    for _ in range(3):
        await (await make(api, world, starts_on="2027-01-11")).go("enrolling")
    await begin(databases.app, world, api)
    with statements() as many:
        today = (await manager.get("/v1/me/today")).json()
    assert len(few) == len(many)
    kinds = [one["kind"] for one in today["actions"]]
    assert (kinds.count("launch_blocked"), kinds.count("not_booked")) == (5, 2)
    assert len({(one["kind"], one["link"]) for one in today["actions"]}) == len(kinds)
    assert {one["params"]["program_id"] for one in today["actions"]} == {one["id"] for one in today["programs"]}


async def test_a_manager_of_one_programme_hears_of_that_one(programme, api, world, databases):
    from vuoro.identity import service as identity
    from vuoro.identity.schemas import GrantIn

    other = await begin(databases.app, world, api)
    async with databases.app.transaction(world.system) as db:
        grant = GrantIn(person_id=world["linh"].id, role="programme_manager", program_id=other.program_id)
        await identity.give(db, db.me, grant)
    actions = (await api(world["linh"]).get("/v1/me/today")).json()["actions"]
    assert {one["params"]["program_id"] for one in actions} == {str(other.program_id)}
    path = f"/v1/programs/{programme.program_id}/next-actions"
    problem(await api(world["linh"]).get(path), 404, "not_found")


async def test_a_no_moves_nothing_that_a_manager_reads(programme, next_of, put, databases, world):
    await put(Pair, pairs(programme, 1), state="asked_mentor", due_at=time.now() + timedelta(days=1))
    before = await next_of(programme.program_id)
    answer = await programme.clients["noa"].post(f"/v1/pairs/{programme.pairs['noa']}/decline")
    assert answer.status_code == 200, answer.text
    assert await next_of(programme.program_id) == before
    assert before["offers_running_out"]["count"] == 1
