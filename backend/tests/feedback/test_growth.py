"""Skill growth: a rubric for each side, three moments, own eyes only."""

import pytest
from sqlalchemy import func, select, update
from support.contract import problem

from vuoro.feedback.models import GrowthCheck
from vuoro.feedback.words import GROWTH_ITEMS, content, fit_statements
from vuoro.programs.models import Enrollment, Program

PATH = "/v1/me/skill-growth"


def rating(programme, who, moment="start", score=3, **scores):
    side = "mentor" if who in programme.pairs else "mentee"
    return {
        "enrollment_id": str(programme.enrollments[who]), "moment": moment,
        "scores": {**dict.fromkeys(GROWTH_ITEMS[side], score), **scores},
    }  # fmt: skip


async def rate(programme, who, *args, **more):
    return await programme.clients[who].put(PATH, json=rating(programme, who, *args, **more))


async def shown(programme, who):
    (one,) = (await programme.clients[who].get(PATH)).json()["items"]
    return one


async def test_each_side_has_seven_statements_of_its_own_rubric(programme):
    for who, side in (("noa", "mentor"), ("astrid", "mentee")):
        one = await shown(programme, who)
        assert one["side"] == side
        assert [statement["key"] for statement in one["statements"]] == list(GROWTH_ITEMS[side])
        assert [moment["state"] for moment in one["moments"]] == ["open", "not_due", "not_due"]
    assert len({*GROWTH_ITEMS["mentor"], *GROWTH_ITEMS["mentee"]}) == 13
    assert GROWTH_ITEMS["mentor"][-1] == GROWTH_ITEMS["mentee"][-1] == "seen_and_heard"


def test_every_statement_is_written_in_three_languages():
    texts = [*content("growth")["mentor"].values(), *content("growth")["mentee"].values()]
    texts += [statement.text.model_dump() for statement in fit_statements()]
    texts += list(content("fit")["guidance"].values())
    for survey in content("surveys").values():
        texts += [survey["title"], *(question["text"] for question in survey["questions"])]
    for words in texts:
        assert set(words) == {"fi", "sv", "en"}
        assert all(text.strip() for text in words.values())
        assert len(set(words.values())) == 3
        assert "paritus" not in words["fi"].lower()


async def test_growth_is_the_last_rating_less_the_first(programme):
    assert (await rate(programme, "noa", "start", 2)).status_code == 200
    assert (await shown(programme, "noa"))["growth"] is None
    await programme.hold(3)
    assert (await rate(programme, "noa", "middle", 3)).status_code == 200
    await programme.hold(6)
    assert (await rate(programme, "noa", "end", 4, argues=1)).status_code == 200
    one = await shown(programme, "noa")
    assert one["growth"] == {**dict.fromkeys(GROWTH_ITEMS["mentor"], 2), "argues": -1}
    assert [moment["state"] for moment in one["moments"]] == ["given", "given", "given"]
    assert one["moments"][2]["scores"]["argues"] == 1


async def test_a_rating_may_be_changed_while_its_moment_is_open(programme):
    await rate(programme, "noa", "start", 2)
    again = await rate(programme, "noa", "start", 4)
    assert again.json()["items"][0]["moments"][0]["scores"] == dict.fromkeys(GROWTH_ITEMS["mentor"], 4)
    await programme.hold(3)
    problem(await rate(programme, "noa", "start", 5), 409, "not_open")
    problem(await rate(programme, "noa", "end", 5), 409, "not_open")
    assert (await shown(programme, "noa"))["moments"][0]["scores"]["argues"] == 4


async def test_a_programme_that_closes_asks_for_the_end(programme, databases, world):
    async with databases.app.transaction(world.manager.actor) as db:
        await db.execute(update(Program).where(Program.id == programme.program_id).values(state="closing"))
    assert [moment["state"] for moment in (await shown(programme, "noa"))["moments"]] == ["missed", "missed", "open"]


async def test_it_is_for_own_eyes_only(programme, databases, world):
    await rate(programme, "noa", "start", 1)
    assert (await shown(programme, "astrid"))["moments"][0]["scores"] is None
    for key, count in (("noa", 1), ("astrid", 0), ("olli", 0), ("petra", 0), ("helena", 0)):
        async with databases.app.transaction(world[key].actor) as db:
            assert await db.scalar(select(func.count(GrowthCheck.id))) == count


async def test_anothers_enrollment_and_one_that_was_withdrawn_are_not_found(programme, databases, world):
    problem(await programme.clients["astrid"].put(PATH, json=rating(programme, "noa")), 404, "not_found")
    async with databases.app.transaction(world.manager.actor) as db:
        await db.execute(
            update(Enrollment).where(Enrollment.id == programme.enrollments["noa"]).values(state="withdrawn")
        )
    problem(await rate(programme, "noa"), 404, "not_found")
    assert (await programme.clients["noa"].get(PATH)).json()["items"] == []


@pytest.mark.parametrize("wrong", [
    {"scores": {}}, {"scores": dict.fromkeys(GROWTH_ITEMS["mentee"], 3)},
    {"scores": {**dict.fromkeys(GROWTH_ITEMS["mentor"], 3), "argues": 0}},
    {"scores": {**dict.fromkeys(GROWTH_ITEMS["mentor"], 3), "argues": 6}},
    {"scores": {**dict.fromkeys(GROWTH_ITEMS["mentor"], 3), "looks": 3}},
    {"scores": {**dict.fromkeys(GROWTH_ITEMS["mentor"], 3), "argues": None}},
    {"moment": "later"}, {"person_id": "x"},
])  # fmt: skip
async def test_a_wrong_rating_is_refused(programme, wrong):
    answer = await programme.clients["noa"].put(PATH, json={**rating(programme, "noa"), **wrong})
    problem(answer, 422, "validation_failed")
