"""Searching for pairs: starting, following, cancelling; what a search keeps and how it fails."""

import asyncio
import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from matching.conftest import pair_of
from sqlalchemy import func, select, update
from support import server
from support.contract import problem

from vuoro.core.actor import Actor
from vuoro.matching import child, jobs, router
from vuoro.matching.engine.market import MarketError
from vuoro.matching.models import MatchRun, Suggestion
from vuoro.people import lines
from vuoro.people.models import Person


async def start(api: Any, who: Any, program: str, **headers: str) -> Any:
    return await api(who, **headers).post(f"/v1/programs/{program}/match-runs", json={})


async def test_a_search_finds_proven_pairs_outside_every_reporting_line(
    api, world, prepare, match, suggestions, databases
):
    run = await match(await prepare([*world.mentors, world["tuomas"]]))
    found = (await api(world.manager).get(f"/v1/match-runs/{run}")).json()
    items = await suggestions(run)
    assert found["proven"] is True
    assert found["pairs"] == len(items) > 4
    assert found["progress"]["phase"] == "done"
    assert found["progress"]["fraction"] == 1
    assert found["objective"] == pytest.approx(sum(item["score"] for item in items), abs=0.1 * len(items))
    assert found["can"]["publish"]["allowed"] is True
    async with databases.worker.transaction(world.system) as db:
        chart = await lines.chart(db)
    for item in items:
        mentor, mentee = pair_of(item)
        assert item["top_exempt"] is chart.related(mentor, mentee)
        assert chart.steps_above(mentee, mentor) in (None, 3, 4)
        assert {"reporting_line", "unknown_line", "same_team", "tenure"} <= set(item["checks"])
    unmatched = {one["person"]["display_name"]: one["rule"] for one in found["unmatched"]}
    assert unmatched["Tuomas Kivi"] == "unknown_line"
    assert found["unmatched_count"] == len(found["unmatched"])


async def test_the_points_of_a_card_add_up_to_its_score(world, prepare, match, suggestions):
    for item in await suggestions(await match(await prepare())):
        points = sum(part["points"] for part in item["components"])
        assert points == pytest.approx(item["score"], abs=1e-9)
        assert all(part["points"] <= part["max_points"] for part in item["components"])
        evidence = {found["code"] for part in item["components"] for found in part["evidence"]}
        assert {"topic", "skill", "levels_apart"} <= evidence


async def test_zones_half_an_hour_apart_are_told_in_whole_minutes_and_kept_so_from_before(
    world, prepare, match, suggestions, databases, postgres, database_name
):
    async with databases.worker.transaction(world.system) as db:
        await db.execute(
            update(Person).where(Person.id.in_([one.id for one in world.mentors])).values(time_zone="Asia/Kolkata")
        )
    run = await match(await prepare())

    async def apart() -> set[int]:
        facts = [fact for item in await suggestions(run) for part in item["components"] for fact in part["evidence"]]
        return {fact["params"]["minutes"] for fact in facts if fact["code"] == "hours_apart"}

    found = await apart()
    assert found & {210, 270}
    dsn = postgres.dsn("migrator", database_name)
    await asyncio.to_thread(server.migrate, dsn, "origins_1")
    await asyncio.to_thread(server.migrate, dsn)
    assert await apart() == found


async def test_starting_moves_an_enrolling_program_to_matching(api, world, prepare):
    program = await prepare()
    answer = await start(api, world.manager, program)
    assert answer.status_code == 202
    assert answer.json()["state"] == "queued"
    assert answer.json()["progress"]["phase"] == "queued"
    assert (await api(world.manager).get(f"/v1/programs/{program}")).json()["state"] == "matching"


async def test_a_second_search_at_once_names_the_first(api, world, prepare):
    program = await prepare()
    first = (await start(api, world.manager, program)).json()["id"]
    body = problem(await start(api, world.admin, program), 409, "match_run_busy")
    assert body["params"] == {"match_run_id": first}


async def test_the_same_key_starts_one_search(api, world, prepare):
    program = await prepare()
    answers = [await start(api, world.manager, program, idempotency_key="again-1") for _ in range(2)]
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_a_draft_is_not_matched(api, world, prepare):
    body = problem(await start(api, world.manager, await prepare(opened=False)), 409, "wrong_state")
    assert body["params"] == {"state": "draft", "legal": ["enrolling", "matching", "running"]}


async def test_a_search_needs_somebody_on_both_sides(api, world, prepare):
    body = problem(await start(api, world.manager, await prepare(mentees=[])), 409, "nobody_enrolled")
    assert body["params"] == {"missing": ["mentees"]}


async def test_an_unknown_cohort_is_named(api, world, prepare):
    program, other = await prepare(), await prepare()
    cohort = (await api(world.manager).get(f"/v1/programs/{other}")).json()["cohorts"][0]["id"]
    answer = await api(world.manager).post(f"/v1/programs/{program}/match-runs", json={"cohort_id": cohort})
    assert problem(answer, 422, "validation_failed")["errors"][0]["code"] == "unknown_cohort"


@pytest.mark.parametrize("who", ["noa", "astrid", "stranger"])
async def test_to_others_matching_does_not_exist(api, world, prepare, match, suggestions, who):
    program = await prepare()
    run = await match(program)
    one = (await suggestions(run))[0]
    them = api(world.other_admin if who == "stranger" else world[who])
    pair = f"mentor_id={one['mentor']['id']}&mentee_id={one['mentee']['id']}"
    for path in (f"/programs/{program}/match-runs", f"/match-runs/{run}", f"/match-runs/{run}/events",
                 f"/match-runs/{run}/suggestions", f"/match-runs/{run}/explanation?{pair}",
                 f"/suggestions/{one['id']}"):  # fmt: skip
        problem(await them.get(f"/v1{path}"), 404, "not_found")
    problem(await them.post(f"/v1/programs/{program}/match-runs", json={}), 404, "not_found")
    for path in (f"match-runs/{run}/cancel", f"match-runs/{run}/publish", f"suggestions/{one['id']}/pin",
                 f"suggestions/{one['id']}/reject", f"suggestions/{one['id']}/restore"):  # fmt: skip
        problem(await them.post(f"/v1/{path}"), 404, "not_found")


async def test_an_admin_may_match_too(api, world, prepare):
    assert (await start(api, world.admin, await prepare())).status_code == 202


async def test_searches_are_listed_newest_first(api, world, prepare, match, statements):
    program = await prepare()
    runs = [await match(program) for _ in range(3)]
    manager = api(world.manager)
    await manager.get("/v1/me")
    with statements() as sent:
        first = (await manager.get(f"/v1/programs/{program}/match-runs?limit=2")).json()
    assert len(sent) <= 5
    rest = (await manager.get(f"/v1/programs/{program}/match-runs?cursor={first['next_cursor']}")).json()
    assert [run["id"] for run in [*first["items"], *rest["items"]]] == runs[::-1]
    assert rest["next_cursor"] is None


async def test_a_cancelled_search_is_left_alone(api, world, prepare, run_jobs, suggestions):
    program = await prepare()
    manager = api(world.manager)
    run = (await start(api, world.manager, program)).json()["id"]
    answer = await manager.post(f"/v1/match-runs/{run}/cancel")
    assert answer.json()["state"] == "cancelled"
    assert answer.json()["can"]["cancel"] == {"allowed": False, "reason": "wrong_state"}
    await run_jobs()
    assert (await manager.get(f"/v1/match-runs/{run}")).json()["state"] == "cancelled"
    assert await suggestions(run) == []
    body = problem(await manager.post(f"/v1/match-runs/{run}/cancel"), 409, "illegal_transition")
    assert body["params"] == {"state": "cancelled", "legal": []}
    assert (await start(api, world.manager, program)).status_code == 202


async def test_cancelling_stops_a_search_at_work(api, world, prepare, run_jobs, suggestions, monkeypatch):
    monkeypatch.setattr(jobs, "SECONDS_BETWEEN_TELLS", 0.02)
    at_work, stopped = asyncio.Event(), asyncio.Event()

    async def endless(wire: bytes, hear: Any, cancel: asyncio.Event, seconds: float) -> Any:
        at_work.set()
        await cancel.wait()
        stopped.set()
        raise child.MatchCancelledError

    monkeypatch.setattr(child, "run", endless)
    run = (await start(api, world.manager, await prepare())).json()["id"]
    working = asyncio.create_task(run_jobs())
    await asyncio.wait_for(at_work.wait(), 10)
    await api(world.manager).post(f"/v1/match-runs/{run}/cancel")
    await asyncio.wait_for(working, 5)
    assert stopped.is_set()
    assert (await api(world.manager).get(f"/v1/match-runs/{run}")).json()["state"] == "cancelled"
    assert await suggestions(run) == []


async def test_progress_is_told_while_a_search_goes_on(api, world, prepare, run_jobs, monkeypatch):
    monkeypatch.setattr(jobs, "SECONDS_BETWEEN_TELLS", 0.02)
    done, real = asyncio.Event(), child.run

    async def slow(wire: bytes, hear: Any, cancel: asyncio.Event, seconds: float) -> Any:
        solution = await real(wire, hear, cancel, seconds)
        await done.wait()
        return solution

    monkeypatch.setattr(child, "run", slow)
    run = (await start(api, world.manager, await prepare())).json()["id"]
    working = asyncio.create_task(run_jobs())
    seen: list[dict[str, Any]] = []
    while not working.done() and (not seen or seen[-1]["progress"]["fraction"] < 1):
        await asyncio.sleep(0.02)
        seen.append((await api(world.manager).get(f"/v1/match-runs/{run}")).json())
    assert seen[-1]["state"] == "running"
    assert seen[-1]["progress"]["pairs"] > 0
    assert seen[-1]["progress"]["gap"] == 0
    done.set()
    await asyncio.wait_for(working, 10)


async def test_events_follow_a_search_to_its_end(api, world, prepare, run_jobs, databases, monkeypatch):
    class Page:
        async def is_disconnected(self) -> bool:
            return False

    def state(event: str) -> str:
        kind, data, *_ = event.split("\n")
        assert kind == "event: progress"
        return str(json.loads(data.removeprefix("data: "))["state"])

    monkeypatch.setattr("vuoro.matching.router.POLL_SECONDS", 0.02)
    run = (await start(api, world.manager, await prepare())).json()["id"]
    page: Any = Page()
    events = router._events(page, databases.app, world.manager.actor, UUID(run))
    assert state(await anext(events)) == "queued"
    await run_jobs()
    rest = [state(event) async for event in events if not event.startswith(":")]
    assert rest[-1] == "done"
    answer = await api(world.manager).get(f"/v1/match-runs/{run}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert state(answer.text) == "done"


async def test_a_silent_search_sends_signs_of_life_and_the_stream_ends_in_time(api, world, prepare, monkeypatch):
    for name, value in (("POLL_SECONDS", 0.01), ("POLLS_BETWEEN_SIGNS", 2), ("LONGEST_POLLS", 6)):
        monkeypatch.setattr(f"vuoro.matching.router.{name}", value)
    run = (await start(api, world.manager, await prepare())).json()["id"]
    answer = await api(world.manager).get(f"/v1/match-runs/{run}/events")
    assert answer.text.count("event: progress") == 1
    assert answer.text.count(": still here") == 2


async def test_the_stream_stops_when_the_page_goes(api, world, prepare, databases):
    class Gone:
        async def is_disconnected(self) -> bool:
            return True

    run = (await start(api, world.manager, await prepare())).json()["id"]
    gone: Any = Gone()
    assert [event async for event in router._events(gone, databases.app, world.manager.actor, UUID(run))] == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (child.MatchTimedOutError(), "match_timed_out"),
        (child.MatchCrashedError(1, "boom"), "match_crashed"),
        (MarketError("participants[0].job_level", "out_of_range"), "match_input_unusable"),
    ],
)
async def test_a_failed_search_says_why_and_the_next_may_start(api, world, prepare, run_jobs, monkeypatch, error, code):
    async def fail(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(child, "run", fail)
    program = await prepare()
    run = (await start(api, world.manager, program)).json()["id"]
    await run_jobs()
    found = (await api(world.manager).get(f"/v1/match-runs/{run}")).json()
    assert (found["state"], found["problem"]["code"]) == ("failed", code)
    assert found["finished_at"] is not None
    assert "boom" not in json.dumps(found)
    assert (await start(api, world.manager, program)).status_code == 202


async def test_a_bug_ends_the_run_and_reaches_the_log(api, world, prepare, run_jobs, monkeypatch):
    async def fail(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(child, "run", fail)
    run = (await start(api, world.manager, await prepare())).json()["id"]
    with pytest.raises(ZeroDivisionError):
        await run_jobs()
    assert (await api(world.manager).get(f"/v1/match-runs/{run}")).json()["problem"]["code"] == "match_crashed"


async def test_a_database_that_goes_away_leaves_the_run_for_the_next_try(
    api, world, prepare, databases, monkeypatch, suggestions
):
    real = child.run

    async def away(*_: Any) -> Any:
        raise ConnectionResetError

    monkeypatch.setattr(child, "run", away)
    run = (await start(api, world.manager, await prepare())).json()["id"]
    with pytest.raises(ConnectionResetError):
        await jobs.search(databases.worker, world.system, {"match_run_id": run})
    assert (await api(world.manager).get(f"/v1/match-runs/{run}")).json()["state"] == "running"
    monkeypatch.setattr(child, "run", real)
    await jobs.search(databases.worker, world.system, {"match_run_id": run})
    assert (await api(world.manager).get(f"/v1/match-runs/{run}")).json()["state"] == "done"
    assert await suggestions(run)


async def test_a_sum_of_ten_thousand_scores_can_be_kept(api, world, prepare, match, monkeypatch):
    real = child.run

    async def large(*given: Any) -> Any:
        return replace(await real(*given), objective=9_000_000_000, bound=9_000_000_000)

    monkeypatch.setattr(child, "run", large)
    found = (await api(world.manager).get(f"/v1/match-runs/{await match(await prepare())}")).json()
    assert found["objective"] == found["progress"]["bound"] == 900_000


async def test_a_job_that_runs_twice_suggests_once(api, world, prepare, databases, suggestions):
    run = (await start(api, world.manager, await prepare())).json()["id"]
    payload = {"match_run_id": run}
    await asyncio.gather(*[jobs.search(databases.worker, world.system, payload) for _ in range(2)])
    items = await suggestions(run)
    await jobs.search(databases.worker, world.system, payload)
    assert len({pair_of(item) for item in items}) == len(items) > 0
    assert len(await suggestions(run)) == len(items)


async def test_another_organization_finds_nothing_to_do(api, world, prepare, databases):
    run = (await start(api, world.manager, await prepare())).json()["id"]
    await jobs.search(databases.worker, Actor(world.other_organization_id), {"match_run_id": run})
    assert (await api(world.manager).get(f"/v1/match-runs/{run}")).json()["state"] == "queued"


async def test_people_on_leave_and_odd_time_zones_do_not_stop_a_search(api, world, prepare, match, databases):
    program = await prepare()
    async with databases.worker.transaction(world.system) as db:
        mine = Person.organization_id == world.organization_id
        await db.execute(update(Person).where(mine, Person.id == world["noa"].id).values(status="leave"))
        await db.execute(update(Person).where(mine, Person.id == world["saga"].id).values(time_zone="Mars/Olympus"))
    found = (await api(world.manager).get(f"/v1/match-runs/{await match(program)}")).json()
    assert {"person": "Noa Virtanen", "rule": "on_leave"} in [
        {"person": one["person"]["display_name"], "rule": one["rule"]} for one in found["unmatched"]
    ]
    assert found["mentors"] == len(world.mentors) - 1


async def test_the_program_s_own_rules_decide(api, world, prepare, match, suggestions):
    program = await prepare()
    manager = api(world.manager)
    read = await manager.get(f"/v1/programs/{program}")
    settings = read.json()["settings"]
    settings["rules"]["min_seniority_gap"] = 20
    headers = {"If-Match": read.headers["etag"]}
    await manager.patch(f"/v1/programs/{program}", json={"settings": settings}, headers=headers)
    run = await match(program)
    found = (await manager.get(f"/v1/match-runs/{run}")).json()
    assert await suggestions(run) == []
    assert found["can"]["publish"] == {"allowed": False, "reason": "nothing_to_publish"}
    assert "seniority_gap" in {one["rule"] for one in found["unmatched"]}


async def test_runs_and_suggestions_of_a_tenant_stay_there(world, prepare, match, databases):
    run = UUID(await match(await prepare()))
    async with databases.app.transaction(Actor(world.other_organization_id)) as db:
        assert await db.scalar(select(func.count()).select_from(MatchRun)) == 0
        assert await db.scalar(select(func.count()).select_from(Suggestion)) == 0
    async with databases.app.transaction(world.system) as db:
        kept = select(func.count()).select_from(Suggestion).where(Suggestion.match_run_id == run)
        assert await db.scalar(kept)
