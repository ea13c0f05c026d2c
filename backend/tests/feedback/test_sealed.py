"""Answers stay where they belong: their words in nobody else's answers or logs, their scores in no other module."""

import ast
import json
import re
from pathlib import Path

from sqlalchemy import SmallInteger

from vuoro.feedback.models import ITEMS
from vuoro.feedback.words import FIT_ITEMS
from vuoro.identity import service as identity
from vuoro.identity.schemas import GrantIn
from vuoro.tables import metadata

VUORO = Path(__file__).parents[2] / "vuoro"
MARKS = {name: f"Merkkiteksti-{name}-3391" for name in ("pulse", "fit", "concern", "survey")}
ANSWERS = {"Pulse", "FitCheck", "GrowthCheck", "SurveyResponse", "SurveyText", "Concern", "WaveMember"}
# Which contact to write to: an id, and no more (the worker's login could read no more).
ALLOWED = {"notifications/jobs.py": {"Concern"}}


async def test_marked_words_are_found_in_no_answer_and_no_log_of_anybody_else(
    programme, api, world, databases, run_jobs, clock, application, lines
):
    sessions = await programme.hold(1)
    noa, astrid = programme.clients["noa"], programme.clients["astrid"]
    async with databases.app.transaction(world.admin.actor) as db:
        await identity.give(db, db.me, GrantIn(person_id=world["veera"].id, role="safeguarding_contact"))
        await identity.give(db, db.me, GrantIn(person_id=world["ville"].id, role="sponsor"))
    manager, contact = api(world.manager), api(world["veera"])
    survey = (await manager.post("/v1/surveys", json={
        "program_id": str(programme.program_id), "template": "closing", "closes_at": "2026-12-05T00:00:00Z",
    })).json()  # fmt: skip
    await manager.post(f"/v1/surveys/{survey['id']}/publish")
    sent = [
        await noa.post(f"/v1/sessions/{sessions['noa']}/feedback", json={
            "scores": dict.fromkeys(ITEMS, 3), "balance": 1, "open_if_both": True, "comment": MARKS["pulse"]}),
        await astrid.post(f"/v1/sessions/{sessions['noa']}/feedback", json={
            "scores": dict.fromkeys(ITEMS, 3), "balance": 1, "open_if_both": True}),
        await noa.post(f"/v1/pairs/{programme.pairs['noa']}/fit-checks", json={
            "moment": "first", "scores": dict.fromkeys(FIT_ITEMS, 1), "wish": "kind_rematch",
            "comment": MARKS["fit"]}),
        await noa.post("/v1/concerns", json={"text": MARKS["concern"], "about": "pair", "wants_contact": True}),
        await noa.post(f"/v1/surveys/{survey['id']}/responses", json={"answers": {
            "learned": 1, "voice_heard": 1, "know_each_other": 1, "again": False, "what_changed": MARKS["survey"]}}),
    ]  # fmt: skip
    assert [answer.status_code for answer in sent] == [201] * 5
    concern = sent[3].json()["id"]
    await run_jobs(tick=True)
    clock.freeze("2026-12-20T00:00:00Z")
    await run_jobs(tick=True)
    ids = {
        "session_id": sessions["noa"], "pair_id": programme.pairs["noa"], "program_id": programme.program_id,
        "survey_id": survey["id"], "concern_id": concern, "enrollment_id": programme.enrollments["noa"],
        "person_id": world["noa"].id,
    }  # fmt: skip
    paths = [
        path.format(**ids)
        for path, item in application.openapi()["paths"].items()
        if "get" in item and set(re.findall(r"{(\w+)}", path)) <= set(ids)
    ]
    assert len(paths) > 35
    readers = {"mentee": astrid, "manager": manager, "contact": contact,
               **{key: api(world[key]) for key in ("helena", "ville", "olli", "linh")},
               "other": api(world.other_admin)}  # fmt: skip
    for name, client in readers.items():
        for path in paths:
            body = (await client.get(path)).text
            found = {mark for mark, word in MARKS.items() if word in body}
            assert found <= ({"concern"} if name == "contact" and "concerns" in path else set()), (name, path)
            if name != "contact":
                assert concern not in body, (name, path)
    own = "".join([(await noa.get(path)).text for path in paths])
    assert {mark for mark, word in MARKS.items() if word in own} == set(MARKS)
    logged = json.dumps(lines())
    assert "/v1/concerns" in logged
    assert not [word for word in MARKS.values() if word in logged]


def test_only_feedback_knows_the_tables_of_answers():
    for path in VUORO.rglob("*.py"):
        name = path.relative_to(VUORO).as_posix()
        if name.startswith("feedback/"):
            continue
        source = path.read_text(encoding="utf-8")
        imported = {
            alias.name
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.ImportFrom) and node.module == "vuoro.feedback.models"
            for alias in node.names
        }
        assert imported & ANSWERS == ALLOWED.get(name, set()), name
        tables = "pulses|fit_checks|growth_checks|survey_responses|survey_texts|concerns|wave_members"
        assert not re.search(rf"\b(from|join|update|into) ({tables})\b", source), name


def test_within_feedback_only_the_wave_reads_everybodys_scores():
    """Whatever else reads a table of answers asks for the caller's own rows."""
    readers = {
        path.name for path in (VUORO / "feedback").glob("*.py")
        if "from vuoro.feedback import answers" in path.read_text(encoding="utf-8")
        or "from vuoro.feedback.answers" in path.read_text(encoding="utf-8")
    }  # fmt: skip
    assert readers == {"waves.py"}


def test_no_table_has_a_score_of_another_person():
    """H5: whoever is named beside a score is the one who gave it, of a session, the relation or themselves."""
    scored = {
        table.name: {key.parent.name for key in table.foreign_keys if key.column.table.name == "people"}
        for table in metadata.tables.values()
        if any(isinstance(getattr(column.type, "item_type", column.type), SmallInteger) for column in table.columns)
    }
    assert {"pulses", "fit_checks", "growth_checks"} <= set(scored)
    for name, people in scored.items():
        assert people <= {"organization_id", "person_id"}, name
    words = re.compile(r"stars?$|rating|rank|grade|reputation|karma|popular")
    for table in metadata.tables.values():
        assert not [column.name for column in table.columns if words.search(column.name)], table.name


def test_nothing_on_the_wire_rates_a_person_or_sorts_people_by_a_score(built_application):
    document = built_application.openapi()
    words = re.compile(r"stars?$|^rating|_rating|^rank|ranking|grade|reputation|karma|popularity")
    for name, schema in document["components"]["schemas"].items():
        assert not [field for field in schema.get("properties", {}) if words.search(field)], name
    for name in ("PersonRef", "PersonSummary", "PersonOut", "EnrollmentOut"):
        fields = set(document["components"]["schemas"][name]["properties"])
        assert not {field for field in fields if "score" in field or "feedback" in field or "pulse" in field}, name
    for path, item in document["paths"].items():
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                assert "score" not in parameter["name"], path
                # the matching's list of suggestions: how well two fit each other, known before they meet
                if parameter["name"] in ("sort", "by", "group_by") and operation["operationId"] != "suggestions_list":
                    assert "score" not in str(parameter["schema"]), path
