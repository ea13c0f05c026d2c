"""What a pair is worth to the whole programme: exact, so a trial without it, or with it, says the same."""

import asyncio
from itertools import product
from typing import Any

import pytest
from matching.conftest import people_of
from support.contract import problem

from vuoro.matching import exact


async def get(api: Any, world: Any, path: str, **params: str) -> dict[str, Any]:
    answer = await api(world.manager).get(f"/v1/{path}", params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def objective(api: Any, world: Any, run: str) -> int:
    """In millionths."""
    value: int = (await get(api, world, f"match-runs/{run}/certificate"))["objective"]
    return value


async def test_parting_two_costs_what_a_trial_without_them_loses(api, world, prepare, match, suggestions):
    program = await prepare()
    run = await match(program)
    best = await objective(api, world, run)
    for one in (await suggestions(run))[:3]:
        found = await get(api, world, f"suggestions/{one['id']}/alternative")
        pinned = [
            {**people_of(one), f"{other}_id": found[f"{side}_next"]["id"]}
            for side, other in (("mentor", "mentee"), ("mentee", "mentor"))
            if found[f"{side}_next"]
        ]
        assert pinned
        for asked in ({}, {"pinned": pinned}):
            trial = await match(program, trial={"rejected": [people_of(one)], **asked})
            assert found["cost"] == (best - await objective(api, world, trial) + 500) // 1000 / 10


@pytest.mark.parametrize("goal", ["total", "coverage"])
async def test_pinning_two_others_loses_what_a_trial_with_them_loses(api, world, prepare, match, suggestions, goal):
    program = await prepare()
    run = await match(program, goal=goal)
    best = await objective(api, world, run)
    paired = {tuple(people_of(item).values()) for item in await suggestions(run)}
    told = []
    for mentor, mentee in product(world.mentors[:4], world.mentees[:4]):
        pair = {"mentor_id": str(mentor.id), "mentee_id": str(mentee.id)}
        why = await get(api, world, f"match-runs/{run}/explanation", **pair)
        if why["failing_rule"] == "all_taken":
            told.append((pair, why["loss"]))
        else:
            assert why["loss"] is None
            assert why["failing_rule"] or tuple(pair.values()) in paired
    assert len(told) > 3
    for pair, loss in told[:3]:
        trial = await match(program, goal=goal, trial={"pinned": [pair]})
        assert loss == (best - await objective(api, world, trial) + 500) // 1000 / 10


async def test_what_a_trial_was_asked_counts_in_its_own_costs(api, world, prepare, match, suggestions):
    program = await prepare()
    first = await suggestions(await match(program))
    asked = {"pinned": [people_of(first[0])], "rejected": [people_of(first[1])]}
    run = await match(program, trial=asked)
    best = await objective(api, world, run)
    one = next(item for item in await suggestions(run) if item["state"] == "suggested")
    found = await get(api, world, f"suggestions/{one['id']}/alternative")
    both = {**asked, "rejected": [*asked["rejected"], people_of(one)]}
    assert found["cost"] == (best - await objective(api, world, await match(program, trial=both)) + 500) // 1000 / 10


async def test_a_decision_after_the_search_does_not_change_what_it_found(api, world, prepare, match, suggestions):
    run = await match(await prepare())
    one, other = (await suggestions(run))[:2]
    before = await get(api, world, f"suggestions/{one['id']}/alternative")
    await api(world.manager).post(f"/v1/suggestions/{other['id']}/reject")
    await api(world.manager).post(f"/v1/suggestions/{one['id']}/pin")
    assert await get(api, world, f"suggestions/{one['id']}/alternative") == before


async def test_once_people_have_left_nothing_is_told_any_more(api, world, prepare, match, suggestions):
    program = await prepare()
    run = await match(program)
    gone, one = (await suggestions(run))[:2]
    manager = api(world.manager)
    listed = await manager.get(f"/v1/programs/{program}/enrollments?role=mentor&limit=100")
    parts = {item["person"]["id"]: item["id"] for item in listed.json()["items"]}
    await manager.post(f"/v1/enrollments/{parts[gone['mentor']['id']]}/withdraw")
    problem(await manager.get(f"/v1/suggestions/{one['id']}/alternative"), 409, "match_run_stale")


async def test_one_long_question_at_a_time_and_an_endless_one_is_no_bug(
    api, world, prepare, match, suggestions, monkeypatch
):
    monkeypatch.setattr(exact, "FEW", 0)  # every question goes to a process of its own
    run = await match(await prepare())
    path = f"/v1/suggestions/{(await suggestions(run))[0]['id']}/alternative"
    manager = api(world.manager)
    answers = await asyncio.gather(*(manager.get(path) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 503, 503]
    for answer in answers:
        if answer.status_code != 200:
            problem(answer, 503, "busy")
            assert int(answer.headers["retry-after"]) > 0
    monkeypatch.setattr(exact, "LONGEST_SECONDS", 0.001)
    problem(await manager.get(path), 503, "busy")
    monkeypatch.undo()
    assert (await manager.get(path)).status_code == 200
