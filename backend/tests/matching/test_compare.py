"""Two runs side by side, with numbers counted by hand."""

from typing import Any
from uuid import UUID

import pytest
from support.contract import problem

from vuoro.core import clock
from vuoro.matching.models import MatchRun, Suggestion

Pairs = dict[tuple[str, str], int]


@pytest.fixture
def found(api, world, prepare, databases) -> Any:
    """`await found(program, {("noa", "maria"): 700_000})`: a finished run of these pairs, its id."""

    async def make(program: str, pairs: Pairs, state: str = "done", **more: Any) -> str:
        manager = api(world.manager)
        cohort = (await manager.get(f"/v1/programs/{program}")).json()["cohorts"][0]["id"]
        listed = (await manager.get(f"/v1/programs/{program}/enrollments?limit=100")).json()["items"]
        parts = {one["person"]["id"]: UUID(one["id"]) for one in listed}
        run, common = clock.uuid7(), {"organization_id": world.organization_id}
        progress = {"phase": "done", "round": 1, "pairs": len(pairs), "bound": 1, "gap": 0.0, "fraction": 1.0}
        async with databases.worker.transaction(world.system) as db:
            db.add(
                MatchRun(
                    id=run, program_id=UUID(program), cohort_id=UUID(cohort), state=state, progress=progress,
                    pairs=len(pairs), objective=sum(pairs.values()) or None, **more, **common,
                )
            )  # fmt: skip
            await db.flush()
            db.add_all(
                Suggestion(
                    match_run_id=run, mentor_id=world[mentor].id, mentee_id=world[mentee].id, score=score,
                    mentor_enrollment_id=parts[str(world[mentor].id)], components=[], checks=[],
                    mentee_enrollment_id=parts[str(world[mentee].id)], **common,
                )
                for (mentor, mentee), score in pairs.items()
            )  # fmt: skip
        return str(run)

    return make


async def look(api: Any, world: Any, run: str, other: str | None = None) -> Any:
    return await api(world.manager).get(f"/v1/match-runs/{run}/comparison", params={"with": other} if other else {})


def rows(body: dict[str, Any]) -> list[tuple[str, str | None, str | None, float | None, float | None]]:
    """(mentee, from, to, its score, its score), by first names."""

    def name(one: Any) -> str | None:
        return one and one["display_name"].partition(" ")[0]

    return [
        (name(one["person"]), name(one["from"]), name(one["to"]), one["from_score"], one["to_score"])
        for one in body["items"]
    ]


async def test_what_changes_between_two_runs_is_counted_and_listed_largest_loss_first(api, world, prepare, found):
    program = await prepare()
    before = await found(
        program,
        {("noa", "maria"): 700_000, ("amina", "jukka"): 600_000, ("leo", "olli"): 500_000, ("emil", "erik"): 450_000},
    )
    after = await found(
        program,
        {("noa", "maria"): 700_000, ("leo", "jukka"): 520_000, ("amina", "olli"): 640_000, ("saga", "sanna"): 410_000},
    )
    body = (await look(api, world, after, before)).json()
    assert (body["run_id"], body["with_id"]) == (after, before)
    assert (body["objective"], body["with_objective"], body["difference"]) == (227.0, 225.0, 2.0)
    assert (body["pairs"], body["with_pairs"], body["same"], body["changed"]) == (4, 4, 1, 4)
    assert (body["lowest"], body["with_lowest"]) == (41.0, 45.0)
    assert rows(body) == [
        ("Erik", "Emil", None, 45.0, None),
        ("Jukka", "Amina", "Leo", 60.0, 52.0),
        ("Olli", "Leo", "Amina", 50.0, 64.0),
        ("Sanna", None, "Saga", None, 41.0),
    ]
    assert {one["role"] for one in body["items"]} == {"mentee"}
    back = (await look(api, world, before, after)).json()
    assert (back["difference"], back["changed"]) == (-2.0, 4)
    assert [row[0] for row in rows(back)] == ["Sanna", "Olli", "Jukka", "Erik"]


async def test_of_somebody_with_several_places_what_left_stands_beside_what_came(api, world, prepare, found):
    program = await prepare()
    before = await found(
        program, {("noa", "maria"): 700_000, ("leo", "maria"): 500_000, ("emil", "maria"): 600_000}
    )  # fmt: skip
    after = await found(program, {("noa", "maria"): 700_000, ("saga", "maria"): 550_000})
    body = (await look(api, world, after, before)).json()
    assert (body["same"], body["changed"]) == (1, 2)
    assert rows(body) == [("Maria", "Leo", None, 50.0, None), ("Maria", "Emil", "Saga", 60.0, 55.0)]


async def test_two_equal_runs_differ_in_nothing(api, world, prepare, found):
    program, pairs = await prepare(), {("noa", "maria"): 700_000}
    first, second = await found(program, pairs), await found(program, pairs)
    body = (await look(api, world, second, first)).json()
    assert (body["difference"], body["same"], body["changed"], body["items"]) == (0, 1, 0, [])


async def test_a_run_without_pairs_has_no_lowest_score(api, world, prepare, found):
    program = await prepare()
    first, second = await found(program, {}), await found(program, {("noa", "maria"): 700_000})
    body = (await look(api, world, first, second)).json()
    assert (body["lowest"], body["with_lowest"], body["objective"], body["difference"]) == (None, 70.0, 0, -70.0)


async def test_changes_come_in_pages_each_in_few_statements(api, world, prepare, found, statements):
    program = await prepare()
    sides = [(mentor.key, mentee.key) for mentor in world.mentors for mentee in world.mentees]
    before = await found(program, {pair: 400_000 + at for at, pair in enumerate(sides)})
    after = await found(program, {})
    manager = api(world.manager)
    await manager.get("/v1/me")
    listed: list[dict[str, Any]] = []
    page: dict[str, Any] = {"with": before, "limit": 25}
    for count in (25, 25, 6):
        with statements() as sent:
            body = (await manager.get(f"/v1/match-runs/{after}/comparison", params=page)).json()
        assert (len(body["items"]), body["changed"]) == (count, 56)
        assert len(sent) <= 7
        listed += body["items"]
        page["cursor"] = body["next_cursor"]
    assert body["next_cursor"] is None
    scores = [one["from_score"] for one in listed]
    assert scores == sorted(scores, reverse=True)
    pairs = {(one["from"]["id"], one["person"]["id"]) for one in listed}
    assert pairs == {(str(world[mentor].id), str(world[mentee].id)) for mentor, mentee in sides}


async def test_it_says_by_what_each_of_the_two_was_searched(api, world, prepare, match, found):
    program = await prepare()
    manager = api(world.manager)
    first = await match(program)
    path = f"/v1/programs/{program}"
    etag = (await manager.get(path)).headers["etag"]
    saved = (await manager.get(path)).json()["settings"]["weights"]
    changed = {**saved, "topics": saved["topics"] + 0.1}
    answer = await manager.patch(path, json={"settings": {"weights": changed}}, headers={"If-Match": etag})
    assert answer.status_code == 200
    second = await match(program, goal="coverage", fairness=0.5, floor=True)
    body = (await look(api, world, second, first)).json()
    assert body["settings"] == {"goal": "coverage", "fairness": 0.5, "floor": True, "weights": changed}
    assert body["with_settings"] == {"goal": "total", "fairness": 0, "floor": False, "weights": saved}
    tried = await match(program, trial={"weights": saved})
    assert (await look(api, world, tried, first)).json()["settings"]["weights"] == saved
    of_long_ago = await found(program, {})
    assert (await look(api, world, first, of_long_ago)).json()["with_settings"]["weights"] is None


async def test_the_other_run_is_the_real_one_before_or_what_a_trial_names(api, world, prepare, found):
    program, pairs = await prepare(), {("noa", "maria"): 700_000}
    options = {"goal": "total", "fairness": 0, "floor": False}
    nothing = {"weights": None, "pinned": [], "rejected": [], "compare_with": None}
    first = await found(program, pairs, "published")
    assert problem(await look(api, world, first), 409, "nothing_to_compare")
    trial = await found(program, pairs, trial=True, options={**options, "trial": nothing})
    await found(program, pairs, "cancelled")
    second = await found(program, pairs)
    naming = {**options, "trial": {**nothing, "compare_with": first}}
    named = await found(program, pairs, trial=True, options=naming)
    gone = {**options, "trial": {**nothing, "compare_with": str(clock.uuid7())}}
    lost = await found(program, pairs, trial=True, options=gone)
    for run, other in ((trial, first), (second, first), (named, first), (lost, second)):
        assert (await look(api, world, run)).json()["with_id"] == other


async def test_only_two_finished_runs_of_one_program_are_compared(api, world, prepare, found):
    program, other = await prepare(), await prepare()
    pairs = {("noa", "maria"): 700_000}
    mine, theirs = await found(program, pairs), await found(other, pairs)
    body = problem(await look(api, world, mine, theirs), 422, "validation_failed")
    assert body["errors"][0]["pointer"] == "#/query/with"
    problem(await look(api, world, mine, str(clock.uuid7())), 404, "not_found")
    waiting = await found(program, {}, "queued")
    for pair in ((waiting, mine), (mine, waiting)):
        body = problem(await look(api, world, *pair), 409, "wrong_state")
        assert body["params"] == {"state": "queued", "legal": ["done", "published"]}
