"""Trial runs: what if weights, pins or rejections were others; nothing but an answer comes of them."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from matching.conftest import pair_of, people_of
from support.contract import problem

from vuoro.core import clock
from vuoro.matching.engine.market import Weights
from vuoro.matching.models import MatchRun

NO_WEIGHT = dict.fromkeys(Weights.__dataclass_fields__, 0)


async def read(api: Any, world: Any, run: str) -> dict[str, Any]:
    found: dict[str, Any] = (await api(world.manager).get(f"/v1/match-runs/{run}")).json()
    return found


async def start(api: Any, world: Any, program: str, **asked: Any) -> Any:
    return await api(world.manager).post(f"/v1/programs/{program}/match-runs", json=asked)


def values_of(row: MatchRun) -> dict[str, Any]:
    """Everything but its id, for further rows of its kind."""
    return {column.name: getattr(row, column.name) for column in MatchRun.__table__.columns if column.name != "id"}


async def faults(api: Any, world: Any, program: str, **trial: Any) -> dict[str, str]:
    body = problem(await start(api, world, program, trial=trial), 422, "validation_failed")
    return {fault["pointer"]: fault["code"] for fault in body["errors"]}


async def test_a_trial_shows_what_it_was_asked_and_leaves_the_program_enrolling(api, world, prepare, match):
    program = await prepare()
    found = await read(api, world, await match(program, trial={}, goal="coverage", fairness=0, floor=False))
    assert found["trial"] is True
    nothing = {"weights": None, "pinned": [], "rejected": [], "compare_with": None}
    assert found["options"] == {"goal": "coverage", "fairness": 0, "floor": False, "trial": nothing}
    assert (await api(world.manager).get(f"/v1/programs/{program}")).json()["state"] == "enrolling"


async def test_a_real_run_shows_its_options_too(api, world, prepare, match):
    found = await read(api, world, await match(await prepare(), goal="coverage"))
    assert found["trial"] is False
    assert found["options"] == {"goal": "coverage", "fairness": 0, "floor": False, "trial": None}


async def test_pins_and_rejections_of_a_trial_hold_in_it_alone(api, world, prepare, match, suggestions):
    program = await prepare()
    first = await suggestions(await match(program))
    dropped, kept = first[0], first[-1]
    asked = {"pinned": [people_of(kept)], "rejected": [people_of(dropped)]}
    tried = {pair_of(item): item for item in await suggestions(await match(program, trial=asked))}
    assert tried[pair_of(kept)]["state"] == "pinned"
    assert pair_of(dropped) not in tried
    again = {pair_of(item): item["state"] for item in await suggestions(await match(program))}
    assert again == {pair_of(item): "suggested" for item in first}


async def test_a_trial_s_word_on_a_pair_goes_before_the_manager_s_earlier_one(api, world, prepare, match, suggestions):
    program = await prepare()
    first = await suggestions(await match(program))
    pinned, rejected = first[0], first[1]
    await api(world.manager).post(f"/v1/suggestions/{pinned['id']}/pin")
    await api(world.manager).post(f"/v1/suggestions/{rejected['id']}/reject")
    asked = {"pinned": [people_of(rejected)], "rejected": [people_of(pinned)]}
    tried = {pair_of(item): item["state"] for item in await suggestions(await match(program, trial=asked))}
    assert tried[pair_of(rejected)] == "pinned"
    assert pair_of(pinned) not in tried
    as_it_is = {pair_of(item): item["state"] for item in await suggestions(await match(program, trial={}))}
    assert as_it_is[pair_of(pinned)] == "pinned"
    assert pair_of(rejected) not in as_it_is


async def test_weights_of_a_trial_count_in_it_alone(api, world, prepare, match, suggestions):
    program = await prepare()
    asked = {"weights": {**NO_WEIGHT, "topics": 1}}
    for item in await suggestions(await match(program, trial=asked)):
        assert {part["name"] for part in item["components"] if part["max_points"]} == {"topics"}
    for item in await suggestions(await match(program)):
        assert len([part for part in item["components"] if part["max_points"]]) > 5


async def test_nothing_is_decided_in_a_trial_and_nobody_asked(api, world, prepare, match, suggestions):
    program = await prepare()
    run = await match(program, trial={})
    manager = api(world.manager)
    found = await read(api, world, run)
    assert found["pairs"] > 4
    assert found["can"]["publish"] == {"allowed": False, "reason": "trial"}
    problem(await manager.post(f"/v1/match-runs/{run}/publish"), 409, "trial")
    one = (await suggestions(run))[0]
    assert one["can"]["pin"] == {"allowed": False, "reason": "trial"}
    for verb in ("pin", "reject", "restore"):
        problem(await manager.post(f"/v1/suggestions/{one['id']}/{verb}"), 409, "trial")
    assert (await read(api, world, run))["state"] == "done"
    assert (await manager.get("/v1/pairs")).json()["items"] == []


async def test_lists_leave_trials_out_unless_asked(api, world, prepare, match):
    program = await prepare()
    real, trial = await match(program), await match(program, trial={})
    manager = api(world.manager)

    async def listed(query: str = "") -> list[str]:
        return [run["id"] for run in (await manager.get(f"/v1/programs/{program}/match-runs{query}")).json()["items"]]

    assert await listed() == [real]
    assert await listed("?trials=true") == [trial, real]


async def test_a_trial_is_no_suggestion_that_waits_for_a_decision(api, world, prepare, match):
    program = await prepare()
    path = f"/v1/programs/{program}/next-actions"

    async def kinds() -> set[str]:
        return {action["kind"] for action in (await api(world.manager).get(path)).json()["items"]}

    await match(program, trial={})
    assert "suggestions_ready" not in await kinds()
    await match(program)
    assert "suggestions_ready" in await kinds()


async def test_finished_trials_are_deleted_but_the_newest_five(api, world, prepare, match, databases):
    program = await prepare()
    real, oldest = await match(program), await match(program, trial={})
    async with databases.worker.transaction(world.system) as db:
        values = values_of(await db.get_one(MatchRun, (world.organization_id, UUID(oldest))))
        later = [clock.uuid7() for _ in range(5)]
        db.add_all(MatchRun(id=id, **values) for id in later)
    newest = await match(program, trial={})
    manager = api(world.manager)
    left = (await manager.get(f"/v1/programs/{program}/match-runs?trials=true")).json()["items"]
    assert [run["id"] for run in left] == [newest, *(str(id) for id in later[::-1]), real]
    problem(await manager.get(f"/v1/match-runs/{oldest}"), 404, "not_found")
    entries = (await api(world.admin).get(f"/v1/audit-log?program_id={program}&limit=100")).json()["items"]
    assert [one["subject_id"] for one in entries if one["action"] == "match_run.discard"] == [oldest]


async def test_the_trial_that_a_further_one_is_compared_with_stays(api, world, prepare, match, databases):
    program = await prepare()
    oldest = await match(program, trial={})
    async with databases.worker.transaction(world.system) as db:
        values = values_of(await db.get_one(MatchRun, (world.organization_id, UUID(oldest))))
        db.add_all(MatchRun(**values) for _ in range(5))
    run = await match(program, trial={"compare_with": oldest})
    found = (await api(world.manager).get(f"/v1/match-runs/{run}/comparison")).json()
    assert found["with_id"] == oldest


async def test_one_search_at_a_time_a_program_of_whatever_cohort(api, world, prepare):
    program = await prepare()
    first = (await start(api, world, program, trial={})).json()["id"]
    cohort = await api(world.manager).post(f"/v1/programs/{program}/cohorts", json={"name": "Second"})
    body = problem(await start(api, world, program, cohort_id=cohort.json()["id"]), 409, "match_run_busy")
    assert body["params"] == {"match_run_id": first}
    assert (await start(api, world, await prepare())).status_code == 202


async def test_bad_pins_are_told_with_their_places(api, world, prepare):
    noa, maria, jukka, linh = (str(world[key].id) for key in ("noa", "maria", "jukka", "linh"))
    program = await prepare()
    found = await faults(
        api, world, program,
        pinned=[
            {"mentor_id": noa, "mentee_id": maria},
            {"mentor_id": noa, "mentee_id": jukka},
            {"mentor_id": linh, "mentee_id": str(uuid4())},
            {"mentor_id": maria, "mentee_id": noa},
        ],
        rejected=[{"mentor_id": linh, "mentee_id": maria}],
    )  # fmt: skip
    assert found == {
        "/trial/pinned/1/mentor_id": "no_place",
        "/trial/pinned/2/mentor_id": "not_enrolled",
        "/trial/pinned/2/mentee_id": "not_enrolled",
        "/trial/pinned/3/mentor_id": "not_enrolled",
        "/trial/pinned/3/mentee_id": "not_enrolled",
        "/trial/rejected/0/mentor_id": "not_enrolled",
    }
    pair = {"mentor_id": noa, "mentee_id": maria}
    assert await faults(api, world, program, pinned=[pair], rejected=[pair]) == {
        "/trial/pinned/0": "pinned_and_rejected"
    }
    assert await faults(api, world, program, pinned=[pair, pair]) == {"/trial/pinned/1": "pinned_twice"}


async def test_a_pin_of_somebody_without_a_free_place_is_refused(api, world, prepare, match, suggestions):
    program = await prepare()
    run = await match(program)
    one = (await suggestions(run))[0]
    await api(world.manager).post(f"/v1/match-runs/{run}/publish")
    found = await faults(api, world, program, pinned=[people_of(one)])
    assert found == {"/trial/pinned/0/mentor_id": "no_place", "/trial/pinned/0/mentee_id": "no_place"}


async def test_other_bad_input_of_a_trial_is_told_too(api, world, prepare, match):
    program, other = await prepare(), await prepare()
    elsewhere = await match(other)
    assert await faults(api, world, program, weights=NO_WEIGHT, compare_with=elsewhere) == {
        "/trial/weights": "all_zero",
        "/trial/compare_with": "unknown_run",
    }
    for asked in ({"goal": "glory"}, {"fairness": 4.5}, {"fairness": -1}, {"floor": "perhaps"}):
        problem(await start(api, world, program, **asked), 422, "validation_failed")


async def test_a_trial_pin_against_a_rule_is_let_go_and_told(api, world, prepare, match):
    program = await prepare()
    noa, olli = str(world["noa"].id), str(world["olli"].id)
    run = await match(program, trial={"pinned": [{"mentor_id": noa, "mentee_id": olli}]})
    found = await read(api, world, run)
    assert found["problem"]["code"] == "pins_dropped"
    (pin,) = found["problem"]["params"]["pins"]
    assert (pin["mentor_id"], pin["mentee_id"], pin["rule"]) == (noa, olli, "reporting_line")


async def test_why_not_keeps_to_the_trial_s_own_rejections(api, world, prepare, match, suggestions):
    program = await prepare()
    one = (await suggestions(await match(program)))[0]
    run = await match(program, trial={"rejected": [people_of(one)]})
    why = await api(world.manager).get(f"/v1/match-runs/{run}/explanation", params=people_of(one))
    assert why.json()["failing_rule"] == "rejected"


@pytest.mark.parametrize("who", ["noa", "stranger"])
async def test_to_others_trials_do_not_exist(api, world, prepare, match, who):
    program = await prepare()
    run = await match(program, trial={})
    them = api(world.other_admin if who == "stranger" else world[who])
    problem(await them.post(f"/v1/programs/{program}/match-runs", json={"trial": {}}), 404, "not_found")
    for path in (f"match-runs/{run}", f"match-runs/{run}/comparison", f"match-runs/{run}/certificate"):
        problem(await them.get(f"/v1/{path}"), 404, "not_found")


async def test_events_follow_a_trial_to_its_end(api, world, prepare, run_jobs, monkeypatch):
    monkeypatch.setattr("vuoro.matching.router.POLL_SECONDS", 0.02)
    run = (await start(api, world, await prepare(), trial={})).json()["id"]
    await run_jobs()
    answer = await api(world.manager).get(f"/v1/match-runs/{run}/events")
    assert '"state":"done"' in answer.text
