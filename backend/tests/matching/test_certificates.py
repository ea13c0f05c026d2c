"""Certificates: what is kept at the end of a run, and what it proves."""

import json
from itertools import product
from typing import Any
from uuid import UUID

from matching.conftest import people_of
from sqlalchemy import func, select, text
from support.contract import problem

from vuoro.core.actor import Actor
from vuoro.matching import certificates, intake, trials
from vuoro.matching.engine.market import dump
from vuoro.matching.engine.rules import Rulebook, first_broken
from vuoro.matching.engine.score import score
from vuoro.matching.models import MatchCertificate, MatchRun


async def certificate(api: Any, world: Any, run: str) -> dict[str, Any]:
    answer = await api(world.manager).get(f"/v1/match-runs/{run}/certificate")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_certificate_proves_the_pairs_of_its_run(api, world, prepare, match, suggestions, databases):
    run = await match(await prepare())
    body = await certificate(api, world, run)
    found = (await api(world.manager).get(f"/v1/match-runs/{run}")).json()
    pairs = {(one["mentor_id"], one["mentee_id"]): one["score"] for one in body["pairs"]}
    assert set(pairs) == {(one["mentor"]["id"], one["mentee"]["id"]) for one in await suggestions(run)}
    assert (body["run_id"], body["goal"], body["proven"], body["gap"]) == (run, "total", True, 0)
    assert body["objective"] == body["bound"] == sum(pairs.values())
    assert found["gap"] == 0
    prices = {side: {one["person_id"]: one["price"] for one in body[f"{side}_prices"]} for side in ("mentor", "mentee")}
    assert sum(prices["mentor"].values()) + sum(prices["mentee"].values()) == body["bound"]
    async with databases.worker.transaction(world.system) as db:
        row = await db.get_one(MatchRun, (world.organization_id, UUID(run)))
        market = (await intake.read(db, row.program_id, row.cohort_id)).market
    book, eligible = Rulebook(market), 0
    for (row, mentee), (col, mentor) in product(enumerate(market.mentees), enumerate(market.mentors)):
        worth = score(market, mentor, mentee)
        if first_broken(book, row, col) is None and worth >= body["least"]:
            eligible += 1
            assert worth <= prices["mentor"][mentor.id] + prices["mentee"][mentee.id]
    assert eligible > len(pairs)
    assert body["least"] == 250_000


async def test_a_certificate_is_sent_with_a_tag_and_not_twice(api, world, prepare, match):
    path = f"/v1/match-runs/{await match(await prepare())}/certificate"
    manager = api(world.manager)
    tag = (await manager.get(path)).headers["etag"]
    assert (await manager.get(path, headers={"If-None-Match": tag})).status_code == 304


async def test_there_is_no_certificate_before_the_end(api, world, prepare, run_jobs):
    program = await prepare()
    manager = api(world.manager)
    run = (await manager.post(f"/v1/programs/{program}/match-runs", json={})).json()["id"]
    body = problem(await manager.get(f"/v1/match-runs/{run}/certificate"), 409, "wrong_state")
    assert body["params"]["state"] == "queued"


async def test_lists_of_runs_read_no_certificate(api, world, prepare, match, statements):
    program = await prepare()
    run = await match(program)
    manager = api(world.manager)
    with statements() as sent:
        await manager.get(f"/v1/programs/{program}/match-runs")
        await manager.get(f"/v1/match-runs/{run}")
    assert not [one for one in sent if "match_certificates" in one]


async def test_a_certificate_is_kept_once_and_changed_by_nobody(world, prepare, match, databases):
    run = UUID(await match(await prepare()))
    # The worker deletes it when its time is over, and neither of the two changes a word.
    for database, privileges in ((databases.app, ("update", "delete")), (databases.worker, ("update",))):
        async with database.transaction(world.system) as db:
            for privilege in privileges:
                asked = text("select has_table_privilege('match_certificates', :privilege)")
                assert await db.scalar(asked, {"privilege": privilege}) is False
    kept = select(func.count()).select_from(MatchCertificate).where(MatchCertificate.match_run_id == run)
    async with databases.app.transaction(Actor(world.other_organization_id)) as db:
        assert await db.scalar(kept) == 0
    async with databases.app.transaction(world.system) as db:
        assert await db.scalar(kept) == 1


async def test_what_a_run_was_given_is_kept_with_its_proof(api, world, prepare, match, suggestions, databases):
    program = await prepare()
    first = await suggestions(await match(program))
    asked = {"pinned": [people_of(first[0])], "rejected": [people_of(first[1])]}
    run = UUID(await match(program, trial=asked, goal="coverage"))
    async with databases.worker.transaction(world.system) as db:
        row = await db.get_one(MatchRun, (world.organization_id, run))
        kept = await certificates.kept(db, run)
        now = (await intake.read(db, row.program_id, row.cohort_id)).market
    assert kept is not None
    assert dump(certificates.as_given(now, json.loads(kept[1]))) == dump(trials.asked(now, row.options))
