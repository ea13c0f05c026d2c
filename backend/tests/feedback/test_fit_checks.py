"""The fit check (S7): when it is asked, sealed for good, and a wish that does nothing by itself."""

import asyncio
import json

import pytest
from feedback.rounds import COUPLES
from sessions.meetings import set_pair
from sqlalchemy import func, select, text
from support.contract import problem

from vuoro.feedback.models import FitCheck
from vuoro.feedback.words import FIT_ITEMS

SECRET = "Sopivuuden salaisuus 7310"
SCORES = dict(zip(FIT_ITEMS, (1, 2, 3, 4), strict=True))


def answer(moment="first", **more):
    return {"moment": moment, "scores": SCORES, "wish": "go_on", **more}


async def give(client, pair, *args, **more):
    return await client.post(f"/v1/pairs/{pair.pair_id}/fit-checks", json=answer(*args, **more))


async def states(client, pair):
    checks = (await client.get(f"/v1/pairs/{pair.pair_id}/fit-checks")).json()["items"]
    return {check["moment"]: check["state"] for check in checks}


async def test_it_is_due_after_session_1_and_with_session_3(pair, clock):
    assert await states(pair.mentor, pair) == {"first": "not_due", "midpoint": "not_due"}
    problem(await give(pair.mentor, pair), 409, "not_due")
    await pair.hold(clock)
    assert await states(pair.mentor, pair) == {"first": "open", "midpoint": "not_due"}
    await pair.hold(clock)
    await pair.hold(clock)
    assert await states(pair.mentor, pair) == {"first": "missed", "midpoint": "open"}
    problem(await give(pair.mentor, pair), 409, "missed")


async def test_an_answer_is_read_by_its_author_alone(pair, clock):
    await pair.hold(clock)
    before = await pair.mentee.get(f"/v1/pairs/{pair.pair_id}/fit-checks")
    given = await give(pair.mentor, pair, wish="talk_it_over", comment=SECRET)
    assert given.status_code == 201
    mine = given.json()["items"][0]
    assert (mine["state"], mine["mine"]["scores"], mine["mine"]["comment"]) == ("given", SCORES, SECRET)
    assert (mine["mine"]["wish"], mine["can"]["give"]) == (
        "talk_it_over", {"allowed": False, "reason": "already_given"}
    )  # fmt: skip
    after = await pair.mentee.get(f"/v1/pairs/{pair.pair_id}/fit-checks")
    assert (before.content, before.headers["etag"]) == (after.content, after.headers["etag"])
    assert (await give(pair.mentee, pair)).json()["items"][0]["mine"]["comment"] is None


async def test_a_wish_for_another_pair_tells_only_its_author_what_to_do(pair, clock, api, world, run_jobs):
    await pair.hold(clock)
    await run_jobs()
    paths = [
        f"/v1/pairs/{pair.pair_id}",
        f"/v1/pairs/{pair.pair_id}/history",
        "/v1/pairs",
        "/v1/sessions",
        "/v1/me/today",
    ]
    clients = [pair.mentee, api(world.manager)]
    before = [[(await client.get(path)).content for path in paths] for client in clients]
    given = (await give(pair.mentor, pair, wish="kind_rematch")).json()["items"][0]["mine"]
    assert given["wish"] == "kind_rematch"
    assert set(given["guidance"]) == {"fi", "sv", "en"}
    assert await run_jobs() == []
    assert [[(await client.get(path)).content for path in paths] for client in clients] == before


async def test_one_answer_even_when_it_is_sent_twice_at_once(pair, clock):
    await pair.hold(clock)
    answers = await asyncio.gather(*(give(pair.mentor, pair) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
    problem(await give(pair.mentor, pair, wish="kind_rematch"), 409, "already_given")


async def test_after_the_end_of_a_pair_none_is_asked(pair, clock, databases, world):
    await pair.hold(clock)
    await set_pair(databases.app, world["noa"], pair.pair_id, state="ended_early")
    assert await states(pair.mentor, pair) == {"first": "missed", "midpoint": "not_due"}
    problem(await give(pair.mentor, pair), 409, "missed")


@pytest.mark.parametrize("wrong", [
    {"scores": {**SCORES, "at_ease": 0}}, {"scores": {**SCORES, "at_ease": 6}}, {"scores": {"at_ease": 3}},
    {"scores": {**SCORES, "the_other": 5}}, {"scores": {**SCORES, "at_ease": 2.5}}, {"wish": "fire"},
    {"moment": "last"},
    {"comment": SECRET * 100}, {"comment": SECRET + "\0"}, {"stars": 5},
])  # fmt: skip
async def test_a_wrong_answer_is_refused_without_its_content(pair, clock, wrong):
    await pair.hold(clock)
    refused = await give(pair.mentor, pair, **wrong)
    problem(refused, 422, "validation_failed")
    assert SECRET not in refused.text


async def test_not_a_number_is_refused(pair, clock):
    await pair.hold(clock)
    raw = json.dumps(answer(scores={**SCORES, "at_ease": float("nan")}))
    sent = await pair.mentor.post(
        f"/v1/pairs/{pair.pair_id}/fit-checks", content=raw, headers={"content-type": "application/json"}
    )
    problem(sent, 422, "validation_failed")


async def test_raw_sql_shows_it_to_nobody_else_and_stores_no_plain_text(pair, clock, databases, world):
    await pair.hold(clock)
    await give(pair.mentor, pair, comment=SECRET)
    for key, count in (("noa", 1), ("maria", 0), ("petra", 0), ("helena", 0)):
        async with databases.app.transaction(world[key].actor) as db:
            assert await db.scalar(select(func.count(FitCheck.id))) == count
    async with databases.app.transaction(world["noa"].actor) as db:
        assert SECRET.encode() not in await db.scalar(text("select comment from fit_checks"))


async def test_every_pair_answers_for_itself(programme):
    await programme.hold(1)
    for mentor, _ in COUPLES[:2]:
        sent = await programme.clients[mentor].post(f"/v1/pairs/{programme.pairs['noa']}/fit-checks", json=answer())
        assert sent.status_code == (201 if mentor == "noa" else 404)
