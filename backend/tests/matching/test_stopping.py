"""Stopping a search at work: it keeps the best pairs it has, with how far they may be from the best there are."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from support.contract import problem

from vuoro.core import clock
from vuoro.matching import child, jobs
from vuoro.matching.models import MatchRun


@pytest.fixture
def stopped(api, world, prepare, run_jobs, monkeypatch) -> Callable[..., Awaitable[str]]:
    """`await stopped(ends)` searches, stops the search at work and waits: the run's id.

    `ends(solution)` is what the child then answers with; `seen` hears how the run looks in between.
    """
    monkeypatch.setattr(jobs, "SECONDS_BETWEEN_TELLS", 0.02)
    real = child.run

    async def make(ends: Callable[[Any], Any], seen: Callable[[dict[str, Any]], None] = lambda _: None) -> str:
        at_work = asyncio.Event()

        async def endless(wire: bytes, hear: Any, cancel: asyncio.Event, seconds: float) -> Any:
            solution = await real(wire, hear, asyncio.Event(), seconds)
            at_work.set()
            await cancel.wait()
            return ends(solution)

        monkeypatch.setattr(child, "run", endless)
        manager = api(world.manager)
        run: str = (await manager.post(f"/v1/programs/{await prepare()}/match-runs", json={})).json()["id"]
        working = asyncio.create_task(run_jobs())
        await asyncio.wait_for(at_work.wait(), 20)
        answer = await manager.post(f"/v1/match-runs/{run}/cancel")
        assert answer.status_code == 200, answer.text
        seen(answer.json())
        await asyncio.wait_for(working, 10)
        return run

    return make


def best_so_far(solution: Any) -> Any:
    """Not proven: the bound is a quarter above."""
    return replace(solution, proven=False, gap=0.25, bound=solution.objective + solution.objective // 3)


async def test_a_stopped_search_keeps_the_best_pairs_it_has(api, world, stopped, suggestions):
    looks: list[dict[str, Any]] = []
    run = await stopped(best_so_far, looks.append)
    assert (looks[0]["state"], looks[0]["progress"]["phase"]) == ("running", "stopping")
    assert looks[0]["can"]["cancel"] == {"allowed": False, "reason": "stopping"}
    found = (await api(world.manager).get(f"/v1/match-runs/{run}")).json()
    assert (found["state"], found["proven"]) == ("done", False)
    assert found["gap"] == found["progress"]["gap"] == pytest.approx(0.25, abs=1e-5)
    assert found["problem"]["code"] == "stopped_early"
    assert found["problem"]["params"] == {}
    assert len(await suggestions(run)) == found["pairs"] > 4
    proof = (await api(world.manager).get(f"/v1/match-runs/{run}/certificate")).json()
    assert proof["proven"] is False
    assert proof["bound"] > proof["objective"]
    assert proof["gap"] == found["gap"]
    assert found["can"]["publish"]["allowed"] is True


async def test_a_search_that_was_proven_before_it_could_stop_is_simply_done(api, world, stopped):
    found = (await api(world.manager).get(f"/v1/match-runs/{await stopped(lambda solution: solution)}")).json()
    assert (found["state"], found["proven"], found["gap"], found["problem"]) == ("done", True, 0, None)


async def test_a_search_without_any_pairs_yet_is_cancelled(api, world, stopped, suggestions):
    def nothing(_: Any) -> Any:
        raise child.MatchCancelledError

    run = await stopped(nothing)
    found = (await api(world.manager).get(f"/v1/match-runs/{run}")).json()
    assert (found["state"], found["gap"], found["pairs"]) == ("cancelled", None, 0)
    assert found["finished_at"] is not None
    assert await suggestions(run) == []
    body = problem(await api(world.manager).post(f"/v1/match-runs/{run}/cancel"), 409, "illegal_transition")
    assert body["params"] == {"state": "cancelled", "legal": []}


async def test_stopping_twice_is_stopping_once(api, world, prepare, databases):
    manager = api(world.manager)
    run = (await manager.post(f"/v1/programs/{await prepare()}/match-runs", json={})).json()["id"]
    async with databases.worker.transaction(world.system) as db:
        await db.execute(update(MatchRun).where(MatchRun.id == UUID(run)).values(state="running"))
    first, second = [(await manager.post(f"/v1/match-runs/{run}/cancel")).json() for _ in range(2)]
    assert first["state"] == "running"
    assert second["version"] == first["version"] == 2


async def test_a_search_that_took_too_long_keeps_its_best_pairs_too(api, world, prepare, match, monkeypatch):
    real = child.run

    async def slow(*given: Any) -> Any:
        return best_so_far(await real(*given))

    monkeypatch.setattr(child, "run", slow)
    found = (await api(world.manager).get(f"/v1/match-runs/{await match(await prepare())}")).json()
    assert (found["proven"], found["problem"]["code"]) == (False, "match_timed_out_best_kept")
    assert found["problem"]["params"] == {"seconds": 900}


async def test_a_search_whose_worker_died_and_that_was_to_stop_is_cancelled_by_the_next_try(
    api, world, prepare, databases, monkeypatch
):
    async def never(*_: Any) -> Any:
        raise AssertionError("it searches")

    monkeypatch.setattr(child, "run", never)
    run = (await api(world.manager).post(f"/v1/programs/{await prepare()}/match-runs", json={})).json()["id"]
    async with databases.worker.transaction(world.system) as db:
        died = {"state": "running", "stop_requested_at": clock.now()}
        await db.execute(update(MatchRun).where(MatchRun.id == UUID(run)).values(**died))
    await jobs.search(databases.worker, world.system, {"match_run_id": run})
    found = (await api(world.manager).get(f"/v1/match-runs/{run}")).json()
    assert found["state"] == "cancelled"
    assert found["finished_at"] is not None
