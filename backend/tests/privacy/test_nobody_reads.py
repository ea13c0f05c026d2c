"""A mark in every word entrusted to Vuoro: nobody else's answer, no log, figure, fact or dump has a byte of it."""

import json
import re

import pytest
from privacy.test_erasure import dumped
from prometheus_client import generate_latest
from support.bundles import text_of

from vuoro.core import log, metrics
from vuoro.core.middleware import Around
from vuoro.privacy.classes import tables

#: For all of the programme to read, and so written.
PUBLISHED = {"challenges"}
#: Lists that are not read without a question.
ASKED = {"/v1/programs/{program_id}/candidates": "?side=mentor", "/v1/me/delegate/candidates": "?q=Noa"}


@pytest.fixture
async def words(filled, superuser) -> dict[str, str]:
    """Every mark in content and special words, by table and column; what stands around them is what the code knows."""
    await superuser.execute(
        "update enrollments set skills = '{}', topics = '{}', wants_to_understand = '{}', availability = '[]',"
        " state = 'paired'; update pairs set reasons = '[]', checks = '{}';"
        "delete from import_rows; delete from imports; delete from surveys;"
        "delete from program_events; delete from challenges"
    )
    return {
        f"{table}.{column}": mark for (table, column), mark in filled.marks.items()
        if tables()[table].columns[column] in ("content", "special") and table not in PUBLISHED
        and column in tables()[table].sealed
    }  # fmt: skip


@pytest.fixture
def figures(application, monkeypatch) -> metrics.Requests:
    """What the API would tell Prometheus."""
    counting = metrics.Requests()
    (around,) = [one for one in application.user_middleware if one.cls is Around]
    monkeypatch.setitem(around.kwargs, "metrics", counting)
    return counting


def told(figures) -> str:
    """The page of figures, our own."""
    return "\n".join(line for line in generate_latest(figures.registry).decode().splitlines() if "vuoro_" in line)


async def ids_of(filled, superuser) -> dict[str, str]:
    """Ids as a path takes them, of everything that was filled."""
    found = {"pair_id": filled.couple.pair_id, "session_id": filled.couple.session_id,
             "program_id": filled.couple.program_id, "person_id": filled.couple.mentor.id}  # fmt: skip
    for name, table in (
        ("note_id", "notes"), ("thought_id", "thoughts"), ("item_id", "action_items"), ("takeaway_id", "takeaways"),
        ("thanks_id", "thanks"), ("seed_id", "idea_seeds"), ("message_id", "candid_messages"), ("goal_id", "goals"),
        ("concern_id", "concerns"), ("enrollment_id", "enrollments"), ("cohort_id", "cohorts"),
    ):  # fmt: skip
        found[name] = await superuser.fetchval(f"select id from {table} order by id limit 1")
    return {name: str(id) for name, id in found.items()}


async def heard(words, filled, superuser, api, application, who) -> set[str]:
    """Which of the words one caller gets from all that can be read."""
    ids = await ids_of(filled, superuser)
    client, texts = api(who), []
    for path, item in application.openapi()["paths"].items():
        wanted = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        if "get" in item and wanted <= ids.keys():
            answer = await client.get(path.format(**ids) + ASKED.get(path, ""))
            assert answer.status_code < 500, path
            texts.append(text_of(answer))
    assert len(texts) > 60
    everything = "\n".join(texts)
    return {name for name, word in words.items() if word in everything}


async def test_nobody_but_those_it_is_for_gets_a_word(
    words, filled, superuser, api, application, world, lines, figures
):
    assert len(words) > 18
    for key in ("helena", "jukka", "olli", "emil"):
        assert await heard(words, filled, superuser, api, application, world[key]) == set(), key
    assert await heard(words, filled, superuser, api, application, world.other_admin) == set()
    # Petra is the contact whom the concern went to, and wrote the reason of the override.
    petra = await heard(words, filled, superuser, api, application, world.manager)
    assert petra - {"concerns.text", "concerns.answer"} == {"override_reasons.text"}
    said = json.dumps(lines())
    assert said.count('"request"') > 300
    assert [word for word in words.values() if word in said] == []
    page = told(figures)
    assert page.count("vuoro_requests_total{") > 100
    assert [word for word in words.values() if word in page] == []
    assert re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}|@|concern", page) == []


async def test_a_word_that_comes_out_somewhere_is_found(
    words, filled, superuser, api, application, world, lines, postgres, database_name, figures
):
    word = words["notes.text"]
    await superuser.execute("update people set title = $2 where id = $1", world["noa"].id, word)
    assert await heard(words, filled, superuser, api, application, world.admin) == {"notes.text"}
    assert await written(postgres, database_name, words.values()) == {word}
    lines()
    log.log.warning("hello", error=word)
    assert word in json.dumps(lines())
    figures.answered({"method": "GET"}, word, 200, 0.1)
    assert word in told(figures)


async def written(postgres, database_name, words) -> set[str]:
    """Which of the words a dump of the whole database holds, as text, as JSON or as bytes."""
    dump = await dumped(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    return {word for word in words if any(form in dump for form in (word, word.encode().hex(), json.dumps(word)))}


async def test_no_dump_no_fact_and_no_mail_has_a_word_in_it(
    words, filled, superuser, api, world, run_jobs, postgres, database_name
):
    noa = api(world["noa"])
    for path, body in (
        (f"/v1/pairs/{filled.couple.pair_id}/thanks", {"text": "Merkki kiitos"}),
        ("/v1/idea-seeds", {"text": "Merkki siemen"}),
        (f"/v1/pairs/{filled.couple.pair_id}/goals", {"text": "Merkki tavoite"}),
    ):
        answer = await noa.post(path, json=body)
        assert answer.status_code == 201, answer.text
    await run_jobs(tick=True)
    ours = {*words.values(), "Merkki kiitos", "Merkki siemen", "Merkki tavoite"}
    assert await written(postgres, database_name, ours) == set()
