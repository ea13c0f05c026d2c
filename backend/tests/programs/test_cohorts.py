"""Cohorts: further ones, the next one proposed once, opened or discarded, closed after their last day."""

import asyncio

import pytest
from support.contract import etag_of, problem


@pytest.fixture
def at(clock):
    clock.freeze("2026-11-25T09:00:00Z")
    return clock


async def test_a_running_program_takes_a_further_cohort_and_matches_it(running, at, api, world, run_jobs):
    made = await running(starts_on="2026-12-07")
    cohort = await made.post("cohorts", name="Spring", starts_on="2027-01-11", closes_on="2027-06-01")
    assert (cohort["state"], cohort["can"]["edit"]["allowed"]) == ("open", True)
    (mentor,) = await made.enroll("mentor", "saga", topics=["strategy"])
    (mentee,) = await made.enroll("mentee", "jukka", topics=["strategy"])
    for id in (mentor, mentee):
        assert (await made.manager.get(f"/v1/enrollments/{id}")).json()["cohort_id"] == cohort["id"]
    run = (await made.manager.post(f"{made.path}/match-runs", json={"cohort_id": cohort["id"]})).json()
    await run_jobs()
    assert (await made.manager.post(f"/v1/match-runs/{run['id']}/publish")).json()["state"] == "published"
    program = await made.read()
    assert (program["state"], program["counts"]["pairs_proposed"]) == ("running", 2)
    assert [one["name"] for one in await made.list("cohorts", world["noa"])] == ["Spring", "2026"]


async def test_a_cohort_changes_with_its_etag_and_keeps_its_days_in_order(running, at):
    made = await running(starts_on="2026-12-07")
    cohort = await made.post("cohorts", name="Spring")
    path = f"/v1/cohorts/{cohort['id']}"
    tag = etag_of(await made.manager.get(path))
    changed = await made.manager.patch(path, json={"closes_on": "2027-03-01"}, headers=tag)
    assert (changed.json()["closes_on"], changed.json()["name"]) == ("2027-03-01", "Spring")
    problem(await made.manager.patch(path, json={"name": "Late"}, headers=tag), 412, "precondition_failed")
    tag = etag_of(changed)
    for patch, pointer in (
        ({"starts_on": "2027-03-02"}, "/starts_on"),
        ({"closes_on": "2026-12-01"}, "/closes_on"),
        ({"starts_on": "2026-12-01"}, "/starts_on"),
        ({"closes_on": "2300-01-01"}, "/closes_on"),
    ):
        answer = await made.manager.patch(path, json=patch, headers=tag)
        assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == pointer
    answer = await made.manager.patch(path, json={"name": "2026"}, headers=tag)
    problem(answer, 409, "cohort_name_taken")


async def test_a_program_that_closes_takes_no_cohort_by_hand(running, at):
    made = await running(starts_on="2026-12-07")
    await made.go("closing")
    body = await made.post("cohorts", 409, name="Spring")
    assert body["code"] == "illegal_transition"


async def test_somebody_elses_cohort_is_no_place_to_enroll(running, draft, at, world):
    made, other = await running(starts_on="2026-12-07"), await draft()
    foreign = (await other.read())["cohorts"][0]["id"]
    body = await made.post("enrollments", 422, person_id=str(world["saga"].id), role="mentor", cohort_id=foreign)
    assert body["errors"][0]["pointer"] == "/cohort_id"


async def test_the_next_cohort_is_proposed_once_six_weeks_before_the_end(running, at, run_jobs, world):
    made = await running(starts_on="2026-12-07")
    await made.change(ends_on="2027-06-07")
    await run_jobs(tick=True)
    assert len((await made.read())["cohorts"]) == 1
    at.freeze("2027-04-26T09:00:00Z")
    for _ in range(2):
        await run_jobs(tick=True)
    first, second = (await made.read())["cohorts"]
    assert (second["state"], second["name"], second["follows_id"]) == ("draft", "2027", first["id"])
    # two weeks of rest (S11), then the Monday
    assert (second["starts_on"], second["closes_on"]) == ("2027-06-21", "2027-12-20")
    assert len((await made.read(world["noa"]))["cohorts"]) == 1
    problem(await made.api(world["noa"]).get(f"/v1/cohorts/{second['id']}"), 404, "not_found")


async def test_nobody_joins_a_proposed_cohort_before_it_is_opened(running, at, run_jobs):
    made = await running(starts_on="2026-12-07")
    at.freeze("2027-05-01T09:00:00Z")
    await run_jobs(tick=True)
    first, _ = (await made.read())["cohorts"]
    (id,) = await made.enroll("mentor", "saga")
    assert (await made.manager.get(f"/v1/enrollments/{id}")).json()["cohort_id"] == first["id"]


async def test_a_confirmed_cohort_lets_a_closing_program_run_on(running, at, run_jobs):
    made = await running(starts_on="2026-12-07")
    await made.go("closing")
    assert await made.refused("running", "not_ready") == {"missing": ["next_cohort"]}
    await run_jobs(tick=True)
    _, proposed = (await made.read())["cohorts"]
    twice = [await made.manager.post(f"/v1/cohorts/{proposed['id']}/open") for _ in range(2)]
    assert (twice[0].json()["state"], twice[1].json()["code"]) == ("open", "illegal_transition")
    program = await made.read()
    assert (program["state"], program["ends_on"]) == ("running", proposed["closes_on"])
    await run_jobs(tick=True)
    assert len((await made.read())["cohorts"]) == 2


async def test_a_discarded_cohort_is_gone_and_not_proposed_again(running, at, run_jobs):
    made = await running(starts_on="2026-12-07")
    await made.go("closing")
    await run_jobs(tick=True)
    path = f"/v1/cohorts/{(await made.read())['cohorts'][1]['id']}"
    tag = etag_of(await made.manager.get(path))
    assert (await made.manager.delete(path, headers=tag)).status_code == 204
    problem(await made.manager.get(path), 404, "not_found")
    await run_jobs(tick=True)
    assert len((await made.read())["cohorts"]) == 1


async def test_a_cohort_with_people_is_never_discarded(running, at):
    made = await running(starts_on="2026-12-07")
    path = f"/v1/cohorts/{(await made.read())['cohorts'][0]['id']}"
    tag = etag_of(await made.manager.get(path))
    problem(await made.manager.delete(path, headers=tag), 409, "illegal_transition")


async def test_a_cohort_closes_after_its_last_day(running, at, run_jobs):
    made = await running(starts_on="2026-12-07")
    cohort = await made.post("cohorts", name="Spring", closes_on="2027-01-15")
    at.freeze("2027-01-15T09:00:00Z")
    await run_jobs(tick=True)
    path = f"/v1/cohorts/{cohort['id']}"
    assert (await made.manager.get(path)).json()["state"] == "open"
    at.freeze("2027-01-16T09:00:00Z")
    await run_jobs(tick=True)
    found = await made.manager.get(path)
    assert (found.json()["state"], found.json()["can"]["edit"]["allowed"]) == ("closed", False)
    answer = await made.manager.patch(path, json={"closes_on": "2027-02-01"}, headers=etag_of(found))
    problem(answer, 409, "illegal_transition")
    body = await made.post(
        "enrollments", 422, person_id=str(made.world["saga"].id), role="mentor", cohort_id=cohort["id"]
    )
    assert body["errors"][0]["code"] == "unknown_cohort"


async def test_two_who_confirm_at_once_open_it_once(running, at, run_jobs, sql):
    made = await running(starts_on="2026-12-07")
    await made.go("closing")
    await run_jobs(tick=True)
    id = (await made.read())["cohorts"][1]["id"]
    answers = await asyncio.gather(*(made.manager.post(f"/v1/cohorts/{id}/open") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    steps = "select count(*) from state_changes where subject_id = :id and to_state = 'open'"
    assert await sql(steps, id=id) == 1
