"""Surveys: drafts, editions, six types of questions, answers until it closes, and words only of eight or more."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from support.contract import etag_of, problem

from vuoro.core import clock as time
from vuoro.feedback.models import SurveyEdition, SurveyResponse, SurveyText

SECRET = "Kyselyn salaisuus 6604"


def words(text: str) -> dict[str, str]:
    return {"fi": text, "sv": text, "en": text}


QUESTIONS = [
    {"key": "useful", "type": "scale", "text": words("Useful")},
    {"key": "again", "type": "yes_no", "text": {"en": "Again?"}},
    {"key": "hours", "type": "number", "text": words("Hours"), "min": 0, "max": 40},
    {"key": "place", "type": "single", "text": words("Where"),
     "options": [{"key": "office", "text": words("Office")}, {"key": "online", "text": words("Online")}]},
    {"key": "topics", "type": "multiple", "text": words("What"),
     "options": [{"key": "ai", "text": words("AI")}, {"key": "hiring", "text": words("Hiring")}]},
    {"key": "more", "type": "text", "text": words("Anything else?")},
]  # fmt: skip
ANSWERS = {"useful": 4, "again": True, "hours": 2.5, "place": "online", "topics": ["ai"], "more": SECRET}


def soon(**units):
    return (time.now() + timedelta(**units)).isoformat().replace("+00:00", "Z")


@pytest.fixture
def manager(api, world):
    return api(world.manager)


async def draft(manager, programme, **more):
    body = {"program_id": str(programme.program_id), "title": {"en": "How is it?"}, "questions": QUESTIONS,
            "closes_at": soon(days=7), **more}  # fmt: skip
    return await manager.post("/v1/surveys", json=body)


async def published(manager, programme, **more):
    survey = (await draft(manager, programme, **more)).json()
    answer = await manager.post(f"/v1/surveys/{survey['id']}/publish")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def respond(client, survey, **answers):
    return await client.post(f"/v1/surveys/{survey['id']}/responses", json={"answers": {**ANSWERS, **answers}})


async def test_a_draft_from_nothing_speaks_three_languages(manager, programme):
    survey = (await draft(manager, programme)).json()
    assert (survey["state"], survey["edition"], survey["answered"]) == ("draft", 1, None)
    assert survey["title"] == words("How is it?")
    assert survey["questions"][1]["text"] == words("Again?")
    assert {question["type"] for question in survey["questions"]} == {
        "scale", "yes_no", "number", "single", "multiple", "text"
    }  # fmt: skip


@pytest.mark.parametrize("template", ["baseline", "midpoint", "closing"])
async def test_a_draft_from_a_template_is_ready_to_publish(manager, programme, template):
    body = {"program_id": str(programme.program_id), "template": template, "closes_at": soon(days=7)}
    survey = (await manager.post("/v1/surveys", json=body)).json()
    assert len(survey["questions"]) >= 4
    assert (await manager.post(f"/v1/surveys/{survey['id']}/publish")).json()["state"] == "open"


async def test_a_draft_shows_to_managers_alone_and_a_survey_to_whom_it_asks(manager, programme, api, world):
    hidden = (await draft(manager, programme, audience="mentors")).json()
    noa, astrid = programme.clients["noa"], programme.clients["astrid"]
    problem(await noa.get(f"/v1/surveys/{hidden['id']}"), 404, "not_found")
    await manager.post(f"/v1/surveys/{hidden['id']}/publish")
    assert (await noa.get(f"/v1/surveys/{hidden['id']}")).json()["answered"] is False
    problem(await astrid.get(f"/v1/surveys/{hidden['id']}"), 404, "not_found")
    for stranger in (world["linh"], world.other_admin):
        problem(await api(stranger).get(f"/v1/surveys/{hidden['id']}"), 404, "not_found")
    assert [one["id"] for one in (await noa.get("/v1/surveys")).json()["items"]] == [hidden["id"]]
    assert (await astrid.get("/v1/surveys")).json()["items"] == []


async def test_a_draft_is_thrown_away_and_what_was_published_stays(manager, programme, databases, world):
    async def throw_away(survey):
        path = f"/v1/surveys/{survey['id']}"
        return await manager.delete(path, headers=etag_of(await manager.get(path)))

    survey = (await draft(manager, programme)).json()
    assert survey["can"]["discard"] == {"allowed": True, "reason": None}
    assert (await throw_away(survey)).status_code == 204
    problem(await manager.get(f"/v1/surveys/{survey['id']}"), 404, "not_found")
    async with databases.worker.transaction(world.system) as db:
        assert await db.scalar(select(func.count(SurveyEdition.id))) == 0
    kept = await published(manager, programme)
    assert kept["can"]["discard"] == {"allowed": False, "reason": "published"}
    problem(await throw_away(kept), 409, "published")


async def test_it_opens_and_closes_by_the_clock(manager, programme, clock):
    survey = await published(manager, programme, opens_at=soon(days=1))
    noa = programme.clients["noa"]
    assert survey["state"] == "scheduled"
    problem(await respond(noa, survey), 409, "not_open")
    clock.advance(days=1)
    assert (await respond(noa, survey)).status_code == 201
    clock.advance(days=6)
    assert (await noa.get(f"/v1/surveys/{survey['id']}")).json()["state"] == "closed"
    problem(await respond(noa, survey), 409, "not_open")
    read = (await noa.get(f"/v1/surveys/{survey['id']}/responses/mine")).json()
    assert (read["answers"], read["can"]["answer"]["reason"]) == (ANSWERS, "not_open")


async def test_an_answer_may_be_changed_until_it_closes(manager, programme, databases, world):
    survey = await published(manager, programme)
    noa = programme.clients["noa"]
    before = (await noa.get(f"/v1/surveys/{survey['id']}/responses/mine")).json()
    assert (before["answers"], before["edition"]) == (None, None)
    await respond(noa, survey)
    again = (await respond(noa, survey, useful=1, more="  ")).json()
    assert again["answers"] == {key: 1 if key == "useful" else value for key, value in ANSWERS.items() if key != "more"}
    answers = await asyncio.gather(*(respond(noa, survey, useful=2) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    async with databases.app.transaction(world["noa"].actor) as db:
        assert await db.scalar(select(func.count(SurveyResponse.id))) == 1
        assert await db.scalar(select(func.count(SurveyText.id))) == 1


async def test_new_questions_make_a_new_edition_and_answers_keep_theirs(manager, programme):
    survey = await published(manager, programme)
    noa = programme.clients["noa"]
    await respond(noa, survey)
    read = await manager.get(f"/v1/surveys/{survey['id']}")
    more = [*QUESTIONS[:1], {"key": "new", "type": "scale", "text": words("New")}]
    changed = await manager.patch(f"/v1/surveys/{survey['id']}", json={"questions": more}, headers=etag_of(read))
    assert (changed.json()["edition"], len(changed.json()["questions"])) == (2, 2)
    mine = (await noa.get(f"/v1/surveys/{survey['id']}/responses/mine")).json()
    assert (mine["edition"], mine["answers"]) == (1, ANSWERS)
    anew = await noa.post(f"/v1/surveys/{survey['id']}/responses", json={"answers": {"useful": 5, "new": 1}})
    assert (anew.json()["edition"], anew.json()["answers"]) == (2, {"useful": 5, "new": 1})
    same = await manager.patch(f"/v1/surveys/{survey['id']}", json={"questions": more}, headers=etag_of(changed))
    assert same.json()["edition"] == 2


async def test_a_draft_is_edited_in_place(manager, programme):
    first = await draft(manager, programme)
    path = f"/v1/surveys/{first.json()['id']}"
    body = {"questions": QUESTIONS[:1], "audience": "mentees", "title": {"fi": "Uusi"}}
    changed = (await manager.patch(path, json=body, headers=etag_of(first))).json()
    assert (changed["edition"], len(changed["questions"]), changed["audience"]) == (1, 1, "mentees")
    assert changed["title"] == words("Uusi")
    problem(await manager.patch(path, json={}, headers=etag_of(first)), 412, "precondition_failed")
    problem(await manager.patch(path, json={}), 428, "precondition_required")


async def test_whom_it_asks_stays_once_published_and_nothing_changes_once_closed(manager, programme, clock):
    survey = await published(manager, programme)
    path = f"/v1/surveys/{survey['id']}"
    read = etag_of(await manager.get(path))
    problem(await manager.patch(path, json={"audience": "mentees"}, headers=read), 409, "published")
    problem(await manager.patch(path, json={"closes_at": None}, headers=read), 422, "validation_failed")
    problem(await manager.patch(path, json={"questions": []}, headers=read), 422, "validation_failed")
    problem(await manager.post(f"{path}/publish"), 409, "published")
    clock.advance(days=8)
    problem(await manager.patch(path, json={"title": {"en": "x"}}, headers=read), 409, "closed")


async def test_it_is_published_only_with_questions_and_a_closing_time_ahead(manager, programme, clock):
    survey = (await draft(manager, programme, questions=[], closes_at=None)).json()
    wrong = problem(await manager.post(f"/v1/surveys/{survey['id']}/publish"), 409, "not_ready")
    assert wrong["params"] == {"missing": ["questions", "closes_at"]}
    late = (await draft(manager, programme)).json()
    clock.advance(days=8)
    wrong = problem(await manager.post(f"/v1/surveys/{late['id']}/publish"), 409, "not_ready")
    assert wrong["params"] == {"missing": ["closes_at"]}


@pytest.mark.parametrize("wrong", [
    {"title": None}, {"title": {}}, {"title": {"en": ""}}, {"title": {"en": "x" * 501}}, {"title": {"de": "x"}},
    {"audience": "bosses"}, {"closes_at": "2035-01-01T00:00:00Z"}, {"closes_at": "2026-12-01T00:00:00"},
    {"opens_at": "2026-12-10T00:00:00Z"}, {"questions": [*QUESTIONS[:1], *QUESTIONS[:1]]}, {"template": "none"},
    {"questions": [{"key": "Bad key", "type": "scale", "text": words("x")}]},
    {"questions": [{"key": "a", "type": "stars", "text": words("x")}]},
    {"questions": [{"key": "a", "type": "single", "text": words("x")}]},
    {"questions": [{**QUESTIONS[0], "options": QUESTIONS[3]["options"]}]},
    {"questions": [{**QUESTIONS[3], "options": [QUESTIONS[3]["options"][0]] * 2}]},
    {"questions": [{**QUESTIONS[2], "min": 5, "max": 5}]}, {"questions": [{**QUESTIONS[0], "min": 1}]},
    {"questions": [{**QUESTIONS[0], "text": {"en": "a\0b"}}]},
    {"questions": [{"key": f"q{number}", "type": "scale", "text": words("x")} for number in range(41)]},
])  # fmt: skip
async def test_a_wrong_survey_is_refused(manager, programme, wrong):
    problem(await draft(manager, programme, **wrong), 422, "validation_failed")


async def test_a_survey_of_a_foreign_or_missing_program_is_not_found(manager, programme, api, world):
    problem(await draft(manager, programme, program_id=str(world["noa"].id)), 404, "not_found")
    problem(await draft(api(world.other_admin), programme), 404, "not_found")
    problem(await draft(programme.clients["noa"], programme), 403, "forbidden")


@pytest.mark.parametrize("wrong", [
    {"useful": 0}, {"useful": 6}, {"useful": 3.0}, {"useful": True}, {"useful": "3"}, {"again": 1}, {"again": "yes"},
    {"hours": -1}, {"hours": 41}, {"hours": True}, {"hours": 10**12}, {"place": "moon"}, {"place": ["office"]},
    {"topics": "ai"}, {"topics": ["ai", "ai"]}, {"topics": ["moon"]}, {"more": 3}, {"more": SECRET * 400},
    {"more": SECRET + "\0"}, {"other": 3}, {"useful": None}, {"useful": {"x": 1}},
])  # fmt: skip
async def test_a_wrong_answer_is_refused_without_its_content(manager, programme, wrong):
    survey = await published(manager, programme)
    refused = await respond(programme.clients["noa"], survey, **wrong)
    problem(refused, 422, "validation_failed")
    assert SECRET not in refused.text


async def test_every_question_but_text_needs_an_answer(manager, programme):
    survey = await published(manager, programme)
    path = f"/v1/surveys/{survey['id']}/responses"
    refused = await programme.clients["noa"].post(path, json={"answers": {"topics": [], "useful": 3}})
    wrong = problem(refused, 422, "validation_failed")
    assert {(fault["pointer"], fault["code"]) for fault in wrong["errors"]} == {
        (f"/answers/{key}", "missing") for key in ("again", "hours", "place")
    }
    nan = '{"answers":{"useful":3,"again":true,"hours":NaN,"place":"online","topics":[]}}'
    sent = await programme.clients["noa"].post(path, content=nan, headers={"content-type": "application/json"})
    problem(sent, 422, "validation_failed")


async def test_who_manages_and_does_not_take_part_gives_no_answer(manager, programme):
    survey = await published(manager, programme)
    problem(await respond(manager, survey), 403, "forbidden")
    problem(await manager.get(f"/v1/surveys/{survey['id']}/responses/mine"), 403, "forbidden")


async def test_closed_answers_become_figures_and_shares(manager, programme, clock, run_jobs):
    survey = await published(manager, programme)
    for index, who in enumerate(programme.everybody[:10]):
        answers = {"useful": 1 + index % 5, "again": index < 4, "hours": index, "topics": ["ai", "hiring"][: index % 3]}
        assert (await respond(programme.clients[who], survey, **answers)).status_code == 201
    path = f"/v1/programs/{programme.program_id}/feedback-summary"
    await run_jobs(tick=True)
    (wave,) = (await manager.get(path, params={"kind": "survey"})).json()["waves"]
    assert (wave["state"], wave["survey_id"], wave["number"]) == ("waiting", survey["id"], 1)
    clock.advance(days=7)
    await run_jobs(tick=True)
    (wave,) = (await manager.get(path, params={"kind": "survey"})).json()["waves"]
    assert {cell["name"]: cell["value"] for cell in wave["cells"]} == {
        "useful": 3.0, "again": 0.4, "hours": 4.5, "place.office": 0.0, "place.online": 1.0, "topics.ai": 0.6,
        "topics.hiring": 0.3,
    }  # fmt: skip


@pytest.mark.parametrize(("writers", "shown"), [(7, 0), (8, 8)])
async def test_words_show_without_authors_once_it_closed_and_eight_wrote(
    manager, programme, clock, run_jobs, writers, shown
):
    survey = await published(manager, programme)
    path = f"/v1/surveys/{survey['id']}/texts"
    for index, who in enumerate(programme.everybody[:10]):
        await respond(programme.clients[who], survey, more=f"{SECRET} {index}" if index < writers else "")
    await run_jobs(tick=True)
    assert (await manager.get(path)).json()["items"] == []
    clock.advance(days=7)
    await run_jobs(tick=True)
    answer = await manager.get(path)
    items = answer.json()["items"]
    assert sorted(item["text"] for item in items) == [f"{SECRET} {index}" for index in range(shown)]
    assert {frozenset(item) for item in items} <= {frozenset(("question", "edition", "text"))}
    for who in programme.everybody:
        assert str(programme.world[who].id) not in answer.text
    problem(await programme.clients["noa"].get(path), 403, "forbidden")


async def test_pages_of_words_come_in_an_order_that_tells_nothing(manager, programme, clock, run_jobs):
    survey = await published(manager, programme)
    for index, who in enumerate(programme.everybody):
        await respond(programme.clients[who], survey, more=f"{index:02}")
    clock.advance(days=7)
    await run_jobs(tick=True)
    found, cursor = [], None
    while cursor is not None or not found:
        page = {"limit": 5} | ({"cursor": cursor} if cursor else {})
        answer = (await manager.get(f"/v1/surveys/{survey['id']}/texts", params=page)).json()
        found += [item["text"] for item in answer["items"]]
        cursor = answer["next_cursor"]
    assert sorted(found) == [f"{index:02}" for index in range(14)]
    assert found not in (sorted(found), sorted(found, reverse=True))


async def test_raw_sql_shows_answers_to_their_author_alone(manager, programme, databases, world):
    survey = await published(manager, programme)
    await respond(programme.clients["noa"], survey)
    for key, count in (("noa", 1), ("astrid", 0), ("petra", 0), ("helena", 0)):
        async with databases.app.transaction(world[key].actor) as db:
            assert await db.scalar(select(func.count(SurveyResponse.id))) == count
            assert await db.scalar(select(func.count(SurveyText.id))) == count
    async with databases.app.transaction(world["noa"].actor) as db:
        assert SECRET.encode() not in await db.scalar(text("select text from survey_texts"))


async def test_shown_words_cannot_be_deleted_by_others(manager, programme, databases, world, clock, run_jobs):
    survey = await published(manager, programme)
    for who in programme.everybody[:8]:
        await respond(programme.clients[who], survey)
    clock.advance(days=7)
    await run_jobs(tick=True)
    async with databases.app.transaction(world.manager.actor) as db:
        assert (await db.execute(text("delete from survey_texts"))).rowcount == 0
        assert await db.scalar(select(func.count(SurveyText.id))) == 8
