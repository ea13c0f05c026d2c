"""Agendas and notes: who reads them, and that nothing of them lies about in plain text."""

from uuid import UUID

import asyncpg
import pytest
from sessions.meetings import set_pair
from sqlalchemy import delete, func, select
from sqlalchemy.exc import ProgrammingError
from support.contract import problem

from vuoro.core import clock, crypto
from vuoro.core.crypto import DataKey
from vuoro.core.history import AuditEntry
from vuoro.core.outbox import OutboxFact
from vuoro.programs.kits import kits
from vuoro.sessions.models import Agenda, Note, Spark

SECRET = "Kahvihuoneen salaisuus 7319"


async def write(client, session, visibility, text=SECRET):
    return await client.post(f"/v1/sessions/{session['id']}/notes", json={"visibility": visibility, "text": text})


async def read(client, session):
    items = (await client.get(f"/v1/sessions/{session['id']}/notes")).json()["items"]
    return [(note["visibility"], note["mine"], note["text"]) for note in items]


async def test_the_agenda_is_the_mentors_shared_and_cleared_by_an_empty_text(pair):
    session = await pair.plan()
    path = f"/v1/sessions/{session['id']}"
    written = await pair.mentor.put(f"{path}/agenda", json={"text": f"  {SECRET} "})
    assert (written.json()["agenda"], written.json()["version"]) == (SECRET, session["version"] + 1)
    assert (await pair.mentee.get(path)).json()["agenda"] == SECRET
    problem(await pair.mentee.put(f"{path}/agenda", json={"text": "Another"}), 403, "not_your_part")
    assert (await pair.mentee.get(path)).json()["can"]["edit_agenda"] == {"allowed": False, "reason": "not_your_part"}
    for _ in range(2):
        assert (await pair.mentor.put(f"{path}/agenda", json={"text": ""})).json()["agenda"] is None


async def test_the_spark_is_the_executives_and_each_reads_their_own_questions(pair):
    session = await pair.plan()
    path = f"/v1/sessions/{session['id']}"
    before = (await pair.mentee.get(path)).json()
    assert (before["next_action"], (await pair.mentor.get(path)).json()["next_action"]) == ("add_spark", "write_agenda")
    problem(await pair.mentor.put(f"{path}/spark", json={"text": "x"}), 403, "not_your_part")
    problem(await pair.mentee.put(f"{path}/spark", json={"text": "x" * 1001}), 422, "validation_failed")
    written = (await pair.mentee.put(f"{path}/spark", json={"text": f" {SECRET} "})).json()
    await pair.mentor.put(f"{path}/agenda", json={"text": "How I find a job"})
    shared = (await pair.mentor.get(f"{path}/agenda")).json()
    assert (written["spark"], shared["spark"], shared["text"]) == (SECRET, SECRET, "How I find a job")
    kit = kits()[session["kit"]]
    assert shared["kit"]["questions"] == [each.model_dump() for each in kit.mentor_questions]
    assert written["kit"]["questions"] == [each.model_dump() for each in kit.mentee_questions]
    assert {name: answer["allowed"] for name, answer in shared["can"].items()} == {
        "edit_agenda": True, "edit_kit": True, "edit_spark": False,
    }  # fmt: skip
    after = (await pair.mentee.get(path)).json()
    assert (after["next_action"], after["version"]) == (None, before["version"] + 2)
    assert (await pair.mentee.put(f"{path}/spark", json={"text": ""})).json()["spark"] is None


async def test_the_mentor_gives_an_open_session_another_kit_and_its_number_stays(pair):
    session = await pair.plan()
    path = f"/v1/sessions/{session['id']}"
    await pair.mentor.put(f"{path}/agenda", json={"text": "How I find a job"})
    chosen = (await pair.mentor.put(f"{path}/kit", json={"kit": "ai-tools"})).json()
    assert (chosen["kit"], chosen["number"], chosen["agenda"]) == ("ai-tools", 1, "How I find a job")
    assert chosen["version"] == session["version"] + 2
    shared = (await pair.mentee.get(f"{path}/agenda")).json()
    assert shared["kit"]["key"] == "ai-tools"
    assert shared["can"]["edit_kit"] == {"allowed": False, "reason": "not_your_part"}
    problem(await pair.mentee.put(f"{path}/kit", json={"kit": "spar"}), 403, "not_your_part")
    assert (await pair.plan(days=9))["kit"] == "my-world"


@pytest.mark.parametrize(("kit", "code"), [("karaoke", "unknown_kit"), ("shadow", "shadow_apart")])
async def test_a_kit_that_does_not_fit_is_refused(pair, kit, code):
    session = await pair.plan()
    answer = await pair.mentor.put(f"/v1/sessions/{session['id']}/kit", json={"kit": kit})
    fault = problem(answer, 422, "validation_failed")["errors"][0]
    assert (fault["pointer"], fault["code"]) == ("/kit", code)
    assert (await pair.mentor.get(f"/v1/sessions/{session['id']}")).json()["kit"] == "ground-rules"


async def test_neither_a_shadow_nor_a_session_that_is_over_gets_another_kit(pair, clock):
    shadow = await pair.plan(kit="shadow")
    assert shadow["can"]["edit_kit"] == {"allowed": False, "reason": "is_shadow"}
    problem(await pair.mentor.put(f"/v1/sessions/{shadow['id']}/kit", json={"kit": "spar"}), 409, "is_shadow")
    held = await pair.hold(clock, days=9)
    answer = await pair.mentor.put(f"/v1/sessions/{held['id']}/kit", json={"kit": "spar"})
    problem(answer, 409, "illegal_transition")


async def test_which_kit_was_chosen_is_in_no_log_and_no_fact(pair, databases, world):
    session = await pair.plan()
    await pair.mentor.put(f"/v1/sessions/{session['id']}/kit", json={"kit": "workload"})
    async with databases.worker.transaction(world.system) as db:
        audited = (await db.scalars(select(AuditEntry.action))).all()
        facts = (await db.scalars(select(OutboxFact))).all()
    assert not [action for action in audited if action.startswith("session")]
    assert "workload" not in str([fact.payload for fact in facts])


async def test_nobody_writes_a_spark_but_the_executive_even_by_raw_sql(pair, databases, world):
    session = await pair.plan()
    await pair.mentee.put(f"/v1/sessions/{session['id']}/spark", json={"text": SECRET})
    for who, readable in (("noa", 1), ("maria", 1), ("petra", 0), ("helena", 0), ("emil", 0)):
        async with databases.app.transaction(world[who].actor) as db:
            assert await db.scalar(select(func.count()).select_from(Spark)) == readable
    other = UUID((await pair.plan(days=9))["id"])
    async with databases.app.transaction(world["noa"].actor) as db:
        sealed = await crypto.seal(db, "sparks.text", "pair", pair.pair_id, other, "mine, not hers")
    common = {"organization_id": world.organization_id, "pair_id": pair.pair_id}
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with databases.app.transaction(world["noa"].actor) as db:
            db.add(Spark(id=other, text=sealed, updated_at=clock.now(), **common))


async def test_the_agenda_of_a_session_that_is_over_stays(pair):
    session = await pair.plan()
    await pair.mentor.post(f"/v1/sessions/{session['id']}/cancel", json={"reason_class": "other"})
    answer = await pair.mentor.put(f"/v1/sessions/{session['id']}/agenda", json={"text": "x"})
    problem(answer, 409, "illegal_transition")


async def test_mentee_never_sees_private_notes(pair):
    session = await pair.plan()
    note = (await write(pair.mentor, session, "mine")).json()
    assert (note["visibility"], note["mine"], note["text"]) == ("mine", True, SECRET)
    assert await read(pair.mentor, session) == [("mine", True, SECRET)]
    answer = await pair.mentee.get(f"/v1/sessions/{session['id']}/notes")
    assert answer.json()["items"] == []
    assert SECRET not in answer.text


async def test_mentor_never_sees_private_notes_of_the_mentee(pair):
    session = await pair.plan()
    await write(pair.mentee, session, "mine")
    assert await read(pair.mentor, session) == []


async def test_shared_notes_are_read_by_both_newest_first(pair, clock):
    session = await pair.plan()
    await write(pair.mentor, session, "ours", "One")
    clock.advance(seconds=1)
    await write(pair.mentee, session, "ours", "Two")
    assert await read(pair.mentor, session) == [("ours", False, "Two"), ("ours", True, "One")]
    assert await read(pair.mentee, session) == [("ours", True, "Two"), ("ours", False, "One")]


async def test_notes_come_page_by_page(pair, clock):
    session = await pair.plan()
    for number in range(3):
        clock.advance(seconds=1)
        await write(pair.mentor, session, "ours", str(number))
    path = f"/v1/sessions/{session['id']}/notes"
    first = (await pair.mentor.get(path, params={"limit": 2})).json()
    second = (await pair.mentor.get(path, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [note["text"] for note in first["items"] + second["items"]] == ["2", "1", "0"]
    assert second["next_cursor"] is None


async def test_the_same_key_writes_a_note_once(pair):
    session = await pair.plan()
    for _ in range(2):
        answer = await pair.mentor.post(
            f"/v1/sessions/{session['id']}/notes",
            json={"visibility": "mine", "text": SECRET},
            headers={"Idempotency-Key": "n1"},
        )
        assert answer.status_code == 201
    assert len(await read(pair.mentor, session)) == 1


async def test_after_the_pair_has_ended_nothing_new_is_shared_and_private_notes_stay_possible(pair, databases, world):
    session = await pair.plan()
    await write(pair.mentor, session, "ours", "Before")
    await set_pair(databases.app, world["noa"], pair.pair_id, state="ended_early")
    problem(await write(pair.mentor, session, "ours"), 409, "pair_not_active")
    assert (await write(pair.mentor, session, "mine")).status_code == 201
    assert await read(pair.mentee, session) == [("ours", False, "Before")]


async def test_nothing_is_shared_about_a_cancelled_session(pair):
    session = await pair.plan()
    await pair.mentor.post(f"/v1/sessions/{session['id']}/cancel", json={"reason_class": "other"})
    problem(await write(pair.mentee, session, "ours"), 409, "wrong_state")


@pytest.mark.parametrize("wrong", [{"visibility": "all", "text": "x"}, {"visibility": "mine", "text": "  "},
                                   {"visibility": "ours", "text": "x" * 8001}, {"text": "x"}])  # fmt: skip
async def test_a_wrong_note_is_refused_without_its_text(pair, wrong):
    session = await pair.plan()
    sent = {**wrong, "text": wrong["text"] if len(wrong["text"]) < 9 else SECRET * 400}
    answer = await pair.mentor.post(f"/v1/sessions/{session['id']}/notes", json=sent)
    problem(answer, 422, "validation_failed")
    assert SECRET not in answer.text


async def test_manager_admin_and_strangers_see_no_row_by_raw_sql(pair, databases, world):
    session = await pair.plan()
    await pair.mentor.put(f"/v1/sessions/{session['id']}/agenda", json={"text": SECRET})
    await pair.mentee.put(f"/v1/sessions/{session['id']}/spark", json={"text": SECRET})
    for visibility in ("mine", "ours"):
        await write(pair.mentor, session, visibility)
    for who, expected in ((world.manager, 0), (world.admin, 0), (world["emil"], 0), (world.other_admin, 0)):
        async with databases.app.transaction(who.actor) as db:
            for model in (Note, Agenda):
                assert await db.scalar(select(func.count()).select_from(model)) == expected
    async with databases.app.transaction(world["maria"].actor) as db:
        assert await db.scalar(select(func.count()).select_from(Note)) == 1


async def test_no_table_holds_the_plain_text(pair, postgres, database_name, capsys):
    session = await pair.plan()
    await pair.mentor.put(f"/v1/sessions/{session['id']}/agenda", json={"text": SECRET})
    await pair.mentee.put(f"/v1/sessions/{session['id']}/spark", json={"text": SECRET})
    for visibility in ("mine", "ours"):
        await write(pair.mentor, session, visibility)
    connection = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    try:
        tables = await connection.fetch(
            "select format('%I.%I', schemaname, tablename) as name from pg_tables"
            " where schemaname not in ('pg_catalog', 'information_schema')"
        )
        for table in tables:
            found = await connection.fetchval(
                f"select count(*) from {table['name']} t where position($1 in t::text) > 0"
                f" or position(encode(convert_to($1, 'UTF8'), 'hex') in t::text) > 0",
                SECRET,
            )
            assert found == 0, table["name"]
        assert await connection.fetchval("select count(*) from notes") == 2
    finally:
        await connection.close()
    printed = capsys.readouterr()
    assert SECRET not in printed.out + printed.err


async def test_when_a_key_is_gone_its_text_is_gone_and_the_rest_is_readable(pair, databases, world):
    session = await pair.plan()
    await pair.mentor.put(f"/v1/sessions/{session['id']}/agenda", json={"text": SECRET})
    await pair.mentee.put(f"/v1/sessions/{session['id']}/spark", json={"text": SECRET})
    for visibility in ("mine", "ours"):
        await write(pair.mentor, session, visibility)
    async with databases.worker.transaction(world.system) as db:
        await db.execute(
            delete(DataKey).where(DataKey.organization_id == world.organization_id, DataKey.owner_kind == "pair")
        )
    assert (await pair.mentor.get(f"/v1/sessions/{session['id']}")).json()["agenda"] is None
    assert (await pair.mentor.get(f"/v1/sessions/{session['id']}/agenda")).json()["spark"] is None
    assert await read(pair.mentor, session) == [("mine", True, SECRET)]
