"""A whole cohort read in the API's process, where others wait for the same event loop."""

import asyncio
import gc
import time
from collections.abc import Coroutine
from itertools import pairwise, product
from typing import Any, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import text
from support.contract import problem

from vuoro.matching import exact, intake

T = TypeVar("T")

MANY = 4_000

_PEOPLE = text(
    "insert into people (organization_id, id, external_id, display_name, job_level, division, department, team, site,"
    " time_zone, languages, status, hire_on, manager_id, manager_external_id, line, graph_only, version, created_at,"
    " updated_at)"
    " select :organization, gen_random_uuid(), 'x' || n, 'X ' || n, case when n % 2 = 0 then 2 else 7 end,"
    " 'd' || n % 5, 'd' || n % 17, 't' || n % 211, 's' || n % 3, 'Europe/Helsinki', '{\"en\": 4}', 'active',"
    " '2020-01-01', :head, 'head', 'known', false, 1, now(), now() from generate_series(1, :many) n"
)
_PARTS = text(
    "insert into enrollments (organization_id, id, program_id, cohort_id, person_id, role, state, capacity, skills,"
    " topics, languages, wants_to_understand, availability, looks, version, created_at, updated_at)"
    " select p.organization_id, gen_random_uuid(), :program, :cohort, p.id,"
    " case when p.job_level = 2 then 'mentor' else 'mentee' end, 'approved', 1,"
    " jsonb_build_object('s' || ascii(right(p.external_id, 1)) % 7, '{\"level\": 3}'::jsonb),"
    " array['t' || ascii(right(p.external_id, 1)) % 9], '{\"en\": 4}', '{}', '[]', true, 1, now(), now()"
    " from people p where p.organization_id = :organization and p.external_id like 'x%'"
)


@pytest.fixture
async def crowd(api: Any, world: Any, prepare: Any, databases: Any) -> str:
    """A programme in which some thousand people take part: its id."""
    program: str = await prepare()
    cohort = (await api(world.manager).get(f"/v1/programs/{program}")).json()["cohorts"][0]["id"]
    common = {"organization": world.organization_id}
    async with databases.worker.transaction(world.system) as db:
        await db.execute(_PEOPLE, {**common, "head": world["astrid"].id, "many": MANY})
        await db.execute(_PARTS, {**common, "program": UUID(program), "cohort": UUID(cohort)})
    return program


async def longest_turn(work: Coroutine[Any, Any, T]) -> tuple[T, float, float]:
    """What the work gives, and the processor seconds of the event loop: in its longest turn, and in all.

    The collector rests meanwhile: it walks over all that the tests before left behind, which is nothing of the work's.
    """
    gc.disable()
    spent = [time.thread_time()]
    task = asyncio.create_task(work)
    try:
        while not task.done():
            await asyncio.sleep(0)
            spent.append(time.thread_time())
    finally:
        gc.enable()
    return await task, max(late - early for early, late in pairwise(spent)), spent[-1] - spent[0]


async def test_others_have_their_turn_while_a_whole_cohort_is_read(api, world, crowd, databases):
    cohort = UUID((await api(world.manager).get(f"/v1/programs/{crowd}")).json()["cohorts"][0]["id"])
    async with databases.app.transaction(world.system) as db:
        await intake.read(db, UUID(crowd), cohort, (world["noa"].id,))
        given, longest, whole = await longest_turn(intake.read(db, UUID(crowd), cohort))
    assert len(given.market.participants) == MANY + len(world.mentors) + len(world.mentees)
    assert len(given.market.edges) >= MANY
    assert longest < max(0.05, whole / 10)


async def test_a_process_of_its_own_answers_for_many_as_a_thread_does_for_few(
    api, world, prepare, match, suggestions, monkeypatch
):
    program = await prepare()
    run = await match(program)
    gone, *others = await suggestions(run)
    manager = api(world.manager)
    asked = [f"/v1/suggestions/{one['id']}/alternative" for one in others[:2]]
    for mentor, mentee in product(world.mentors[:2], world.mentees[:3]):
        asked.append(f"/v1/match-runs/{run}/explanation?mentor_id={mentor.id}&mentee_id={mentee.id}")
    by_thread = [(await manager.get(path)).json() for path in asked]
    assert any(answer.get("loss") is not None for answer in by_thread)
    monkeypatch.setattr(exact, "FEW", 0)
    assert [(await manager.get(path)).json() for path in asked] == by_thread
    parts = (await manager.get(f"/v1/programs/{program}/enrollments?role=mentor&limit=100")).json()["items"]
    (part,) = [one["id"] for one in parts if one["person"]["id"] == gone["mentor"]["id"]]
    await manager.post(f"/v1/enrollments/{part}/withdraw")
    problem(await manager.get(asked[0]), 409, "match_run_stale")
