"""Export: every column that is a person's, opened, and nothing that another keeps for themselves."""

import json

import pytest
from privacy.filled import MARK
from support.bundles import files_of, json_of, text_of
from support.contract import problem

from vuoro.privacy import classes, export
from vuoro.privacy.classes import GIVEN

KINDS = export.kinds()


def missing(answer, filled) -> list[str]:
    """Columns of Noa's that an export lacks, as JSON or on the page."""
    files = files_of(answer)
    lacks = []
    for table in KINDS:
        text = files.get(f"{table.name}.json", "[]")
        rows = json.loads(text)
        for column in table.in_class(*GIVEN):
            if table.alone.get(column) == "mentee":
                assert all(column not in row for row in rows), (table.name, column)
                continue
            mark = filled.marks.get((table.name, column))
            there = any(row.get(column) is not None for row in rows)
            if not there or (mark and (mark not in text or mark not in files["index.html"])):
                lacks.append(f"{table.name}.{column}")
    return lacks


async def test_an_export_holds_every_column_that_is_the_persons(filled, api, world):
    answer = await api(world["noa"]).get("/v1/me/export")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="vuoro.zip"'
    assert missing(answer, filled) == []
    assert len(filled.marks) > 70
    assert '<html lang="fi">' in files_of(answer)["index.html"]


async def test_an_export_that_forgets_a_class_is_found(filled, api, world, monkeypatch):
    monkeypatch.setattr(export, "GIVEN", ("personal", "content"))
    lacks = missing(await api(world["noa"]).get("/v1/me/export"), filled)
    assert {one.partition(".")[0] for one in lacks} == {"concerns"}


async def test_the_other_one_of_the_pair_gets_what_is_shared_and_nothing_of_noas_own(filled, api, world):
    files = files_of(await api(world["maria"]).get("/v1/me/export"))
    words = "\n".join(files.values())
    shared = {table for table, column in filled.marks if filled.marks[table, column] in words}
    assert shared == {
        "agendas", "sparks", "notes", "thoughts", "takeaways", "action_items", "thanks", "candid_messages", "goals",
        "commitments", "sessions", "pairs", "delegations",
    } - {"delegations"}  # fmt: skip
    for alone in ("candid_messages.parts", "candid_messages.tone", "override_reasons.text", "sessions.mentor_miss"):
        assert filled.marks[tuple(alone.split("."))] not in words, alone
    assert filled.marks["sessions", "mentee_miss"] in words


async def test_nobody_else_gets_a_word_of_noas_by_exporting(filled, api, world):
    for key in ("petra", "helena", "olli", "jukka", "emil"):
        words = text_of(await api(world[key]).get("/v1/me/export"))
        assert [mark for mark in filled.marks.values() if mark in words] == [], key
    problem(await api(None).get("/v1/me/export"), 401, "unauthenticated")


async def test_an_admin_exports_the_directory_entry_of_a_person_and_no_more(filled, api, world):
    path = f"/v1/people/{world['noa'].id}/export"
    found = json_of(await api(world.admin).get(path))
    person = (await api(world.admin).get(f"/v1/people/{world['noa'].id}")).json()
    assert set(found) == {"directory.json", "reporting_line.json"}
    assert found["directory.json"] == person
    seen = [mark for mark in filled.marks.values() if mark in json.dumps(found)]
    assert seen
    assert {mark.partition(".")[0] for mark in seen} == {f"{MARK} people"}
    for key in ("noa", "petra", "olli"):
        problem(await api(world[key]).get(path), 403, "forbidden")
    problem(await api(world.other_admin).get(path), 404, "not_found")


async def test_an_executive_who_was_not_asked_yet_finds_no_trace_of_the_pair(filled, api, world, superuser):
    await superuser.execute("update pairs set mentee_asked_at = null, state = 'asked_mentor'")
    files = files_of(await api(world["maria"]).get("/v1/me/export"))
    assert json.loads(files["pairs.json"]) == []
    assert [mark for mark in filled.marks.values() if mark in "\n".join(files.values())] == []


async def test_a_large_account_is_read_in_as_few_statements_as_a_small_one(filled, api, world, statements, superuser):
    noa = api(world["noa"])
    await noa.get("/v1/me")
    with statements() as few:
        small = await noa.get("/v1/me/export")
    await superuser.execute(
        "insert into audit_log (organization_id, id, at, actor_kind, actor_id, action)"
        " select $1, gen_random_uuid(), now(), 'person', $2, 'note.create' from generate_series(1, 3000)",
        world.organization_id, world["noa"].id,
    )  # fmt: skip
    with statements() as many:
        large = await noa.get("/v1/me/export")
    assert len(many) == len(few)
    assert (
        len(json_of(large)["audit_log.json"]) == len(json_of(small)["audit_log.json"]) + 3001
    )  # and the first export's own line


@pytest.mark.parametrize("table", KINDS, ids=lambda table: table.name)
def test_every_kind_and_field_has_words_in_three_languages(table: classes.Table):
    from vuoro.privacy import words

    for locale in ("fi", "sv", "en"):
        assert words.kind(locale, table.name)
        assert words.purpose(locale, table.name)
        assert words.rule(locale, table.keep, 5)
        assert all(words.field(locale, column) for column in table.in_class(*GIVEN))
