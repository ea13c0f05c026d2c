"""A marker in everything that the two can write: nobody else gets a byte of it, and without the keys nobody does."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import ProgrammingError
from support.bundles import text_of

from vuoro.core import clock, crypto
from vuoro.core.crypto import DataKey, Encrypted
from vuoro.insights.models import CandidMessage, IdeaSeed
from vuoro.sessions.models import ActionItem, Note, Takeaway, Thanks, Thought
from vuoro.tables import metadata

OURS, MINE = "Yhteinen merkki 5521", "Oma merkki 8830"
MODELS = (Note, Thought, ActionItem, Takeaway, Thanks, IdeaSeed, CandidMessage)
SHARED = (Note, Thought, Takeaway, Thanks, CandidMessage)


@dataclass
class Written:
    """The pair, and the ids of what Noa wrote: path parameter → id, shared and private."""

    pair: Any
    ours: dict[str, str] = field(default_factory=dict)
    mine: dict[str, str] = field(default_factory=dict)


@pytest.fixture
async def written(pair, clock) -> Written:
    session = await pair.hold(clock)
    found = Written(pair)
    room, two = f"/v1/sessions/{session['id']}", f"/v1/pairs/{pair.pair_id}"
    candid = {"pair_id": str(pair.pair_id), "tone": "plain"}
    for ids, mark, visibility in ((found.ours, OURS, "ours"), (found.mine, MINE, "mine")):
        ids |= {"session_id": session["id"], "pair_id": str(pair.pair_id)}
        sent = {"text": mark, "visibility": visibility}
        parts = dict.fromkeys(("situation", "behaviour", "impact"), MINE)
        state = {"state": "given" if visibility == "ours" else "draft"}
        for name, path, body in (
            ("note_id", f"{room}/notes", sent),
            ("thought_id", f"{room}/thoughts", {**sent, "lane": "see"}),
            ("takeaway_id", f"{room}/takeaways", sent),
            ("message_id", "/v1/candid-messages", {**candid, **parts, **state, "text": mark}),
        ):
            answer = await pair.mentor.post(path, json=body)
            assert answer.status_code == 201, answer.text
            ids[name] = answer.json()["id"]
    for ids, name, path, body in (
        (found.ours, "item_id", f"{room}/action-items", {"text": OURS, "owner": "mentee"}),
        (found.ours, "thanks_id", f"{two}/thanks", {"text": OURS}),
        (found.mine, "seed_id", "/v1/idea-seeds", {"text": MINE}),
    ):
        answer = await pair.mentor.post(path, json=body)
        assert answer.status_code == 201, answer.text
        ids[name] = answer.json()["id"]
    path = f"/v1/candid-messages/{found.ours['message_id']}/answer"
    assert (await pair.mentee.post(path, json={"answer": "heard", "text": OURS})).status_code == 200
    return found


def paths(application, ids):
    """Every GET of the API that these ids fill."""
    for path, item in application.openapi()["paths"].items():
        wanted = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        if "get" in item and wanted <= ids.keys():
            yield path.format(**ids)


async def test_nobody_else_gets_a_byte_of_what_the_two_write(written, api, world, application, capsys):
    others = [world.manager, world.admin, world["jukka"], world["olli"], world["emil"], world.other_admin]
    clients = [api(who) for who in others]
    everything = {*paths(application, written.ours), *paths(application, written.mine)}
    assert len(everything) > 50
    for path in sorted(everything):
        for client in clients:
            answer = await client.get(path)
            assert answer.status_code < 500, path
            assert OURS not in text_of(answer), path
            assert MINE not in text_of(answer), path
    printed = capsys.readouterr()
    assert OURS not in printed.out + printed.err
    assert MINE not in printed.out + printed.err


async def test_the_other_one_gets_what_is_shared_and_nothing_private(written, application):
    shared = 0
    for ids in (written.ours, written.mine):
        for path in paths(application, ids):
            answer = await written.pair.mentee.get(path)
            assert MINE not in text_of(answer), path
            shared += OURS in text_of(answer)
    assert shared > 12


async def test_the_author_reads_all_of_it(written, application):
    texts = [text_of(await written.pair.mentor.get(path)) for path in paths(application, written.ours | written.mine)]
    assert sum(OURS in one for one in texts) > 7
    assert sum(MINE in one for one in texts) > 7


async def test_no_table_holds_a_word_in_plain_text(written, superuser):
    tables = await superuser.fetch(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables"
        " where schemaname not in ('pg_catalog', 'information_schema')"
    )
    for table in tables:
        for mark in (OURS, MINE):
            found = await superuser.fetchval(
                f"select count(*) from {table['name']} t where position($1 in t::text) > 0"
                f" or position(encode(convert_to($1, 'UTF8'), 'hex') in t::text) > 0",
                mark,
            )
            assert found == 0, table["name"]
    for model in MODELS:
        assert await superuser.fetchval(f"select count(*) from {model.__tablename__}") > 0


@pytest.mark.parametrize("kind", ["pair", "person"])
async def test_when_a_key_is_gone_its_texts_are_gone_and_nothing_breaks(written, databases, world, application, kind):
    async with databases.worker.transaction(world.system) as db:
        await db.execute(
            delete(DataKey).where(DataKey.organization_id == world.organization_id, DataKey.owner_kind == kind)
        )
    lost, kept = (OURS, MINE) if kind == "pair" else (MINE, OURS)
    texts = []
    for client in (written.pair.mentor, written.pair.mentee):
        for path in sorted({*paths(application, written.ours), *paths(application, written.mine)}):
            answer = await client.get(path)
            assert answer.status_code < 500, path
            texts.append(text_of(answer))
    assert not [one for one in texts if lost in one]
    assert len([one for one in texts if kept in one]) > 7


async def test_the_worker_deletes_for_retention_and_reads_no_ciphertext(written, databases, world):
    sealed = [
        (table.name, column.name) for table in metadata.tables.values() for column in table.columns
        # The worker signs events with the secrets of endpoints, which no person wrote.
        if isinstance(column.type, Encrypted) and table.name != "webhook_endpoints"
    ]  # fmt: skip
    assert len(sealed) >= 11
    async with databases.worker.transaction(world.system) as db:
        for table, column in sealed:
            query = text("select has_column_privilege(:table, :column, 'select')")
            assert not await db.scalar(query, {"table": table, "column": column}), (table, column)
        for model in MODELS:
            await db.execute(delete(model).where(model.organization_id == world.organization_id))
            assert await db.scalar(select(func.count(model.id))) == 0


async def test_the_database_shows_no_row_to_anybody_else(written, databases, world):
    async def counts(actor):
        async with databases.app.transaction(actor) as db:
            return [await db.scalar(select(func.count()).select_from(model)) for model in MODELS]

    assert await counts(world["noa"].actor) == [2, 2, 1, 2, 1, 1, 2]
    assert await counts(world["maria"].actor) == [1, 1, 1, 1, 1, 0, 1]
    for who in (world.manager, world.admin, world["jukka"], world["emil"], world.other_admin):
        assert await counts(who.actor) == [0] * len(MODELS)
    assert await counts(world.system) == [0] * len(MODELS)


@pytest.mark.parametrize("model", SHARED)
async def test_the_database_lets_nobody_write_or_delete_in_the_others_name(written, databases, world, model):
    async with databases.app.transaction(world["maria"].actor) as db:
        await db.execute(delete(model).where(model.organization_id == world.organization_id))
    async with databases.app.transaction(world["noa"].actor) as db:
        theirs = list(await db.scalars(select(model)))
    assert theirs
    row = {column.key: getattr(theirs[0], column.key) for column in model.__table__.columns}
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with databases.app.transaction(world["maria"].actor) as db:
            db.add(model(**{**row, "id": clock.uuid7(), "text": crypto.Sealed(b"x")}))


async def test_the_database_lets_nobody_open_a_draft_or_hide_what_is_shared(written, databases, world):
    for model, shared in ((Thought, {"visibility": "mine"}), (CandidMessage, {"state": "draft"})):
        with pytest.raises(ProgrammingError, match="row-level security"):
            async with databases.app.transaction(world["maria"].actor) as db:
                await db.execute(update(model).values(**shared).execution_options(synchronize_session=False))
