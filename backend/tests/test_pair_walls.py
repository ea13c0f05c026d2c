"""What two people share and what one keeps, asked for by plain SQL as the API's login: the database itself refuses."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from support.pairs import Couple, make_couple

from vuoro.core.actor import Actor

# Whose rows they are: both people of the pair's, or their author's alone.
SHARED = {
    "action_items", "agendas", "candid_messages", "commitments", "goals", "notes", "session_moves", "sessions",
    "sparks", "takeaways", "thanks", "thoughts",
}  # fmt: skip
OWN = {
    "boundaries", "concerns", "fit_checks", "growth_checks", "idea_seeds", "pair_answers", "program_event_replies",
    "pulses", "stay_choices", "survey_responses", "survey_texts",
}  # fmt: skip
# Programme managers write and read it, the mentor once it counts; tests/pairs/test_overrides.py.
OTHERWISE = {"override_reasons"}
# Of a pair or by somebody, and no word in them is private.
NO_WALL = {
    "identity_providers": "the organization's own sign-in, which its admins set",
    "challenges": "read by the whole program",
    "pair_overrides": "who asked and confirmed, for both managers",
    "data_keys": "useless without the master key, which is not in the database",
    "files": "what an admin uploaded",
    "webhook_endpoints": "secrets that sign events, which only admins rotate",
}
PRIVATE = {"notes": "mine", "thoughts": "mine", "takeaways": "mine"}
WHOSE = ("author_id", "person_id", "moved_by")
MARK = (
    "select c.relname as name, exists (select 1 from pg_policy p where p.polrelid = c.oid and not p.polpermissive"
    " and p.polcmd = '*' and p.polroles = array['vuoro_app'::regrole::oid]) as walled,"
    " exists (select 1 from pg_attribute a where a.attrelid = c.oid and not a.attisdropped and (a.attname in"
    " ('pair_id', 'session_id', 'author_id') or a.atttypid = 'bytea'::regtype and a.attname not like '%hash%'"
    " and a.attname not in ('fingerprint', 'sha256'))) as entrusted"
    " from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace"
    " and has_any_column_privilege('vuoro_app', c.oid, 'select')"
)


@dataclass
class Room:
    """One row in each table, of Noa (mentor) and Astrid (mentee), by Noa."""

    couple: Couple
    superuser: asyncpg.Connection
    app: Any
    rows: dict[str, UUID]

    async def run(self, actor: Actor, statement: str, **values: Any) -> Any:
        async with self.app.transaction(actor) as db:
            return await db.execute(text(statement), values)

    async def sees(self, actor: Actor, table: str) -> bool:
        found = await self.run(actor, f"select 1 from {table} where id = :id", id=self.rows[table])
        return found.scalar() == 1

    async def columns(self, table: str) -> dict[str, str]:
        rows = await self.superuser.fetch(
            "select attname, format_type(atttypid, null) as type from pg_attribute"
            " where attrelid = $1::text::regclass and attnum > 0 and not attisdropped",
            table,
        )
        return {row["attname"]: row["type"] for row in rows}


FILLER = {
    "uuid": "gen_random_uuid()", "text": "'x'", "bytea": r"'\x01'", "integer": "1", "smallint": "1", "bigint": "1",
    "boolean": "false", "jsonb": "'{}'", "date": "'2026-11-26'", "timestamp with time zone": "'2026-11-26'",
    "text[]": "'{}'", "smallint[]": "'{}'", "uuid[]": "'{}'", "timestamp with time zone[]": "'{}'",
}  # fmt: skip


async def fill(connection: asyncpg.Connection, couple: Couple, tables: set[str], columns: Any) -> dict[str, UUID]:
    """A row in each table, past every other rule; the pair's session is its own already."""
    rows = {"sessions": couple.session_id}
    for constraint in await connection.fetch(
        "select conrelid::regclass::text as name, conname from pg_constraint where contype = 'c' and conislocal"
        " and connamespace = 'public'::regnamespace"
    ):
        await connection.execute(f"alter table {constraint['name']} drop constraint {constraint['conname']}")
    await connection.execute("set session_replication_role = replica")
    for table in sorted(tables - {"sessions"}):
        rows[table] = id = uuid4()
        known = {
            "organization_id": couple.mentor.organization_id, "id": id, "pair_id": couple.pair_id,
            "session_id": couple.session_id, "visibility": "ours", "state": "given",
            **dict.fromkeys(WHOSE, couple.mentor.id),
        }  # fmt: skip
        names, values = [], []
        for name, kind in (await columns(table)).items():
            names.append(name)
            later = name in ("opened_at", "shown_at")
            values.append(f"'{known[name]}'" if name in known else "null" if later else FILLER[kind])
        await connection.execute(f"insert into {table} ({', '.join(names)}) values ({', '.join(values)})")
    await connection.execute("set session_replication_role = origin")
    return rows


@pytest.fixture
async def superuser(postgres, database_name):
    connection = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    yield connection
    await connection.close()


@pytest.fixture
async def room(databases, world, superuser) -> Room:
    couple = await make_couple(databases.app, world, world["noa"], world["astrid"])
    room = Room(couple, superuser, databases.app, {})
    room.rows = await fill(superuser, couple, SHARED | OWN, room.columns)
    return room


def outsiders(world: Any) -> dict[str, Actor]:
    return {
        "a colleague of the same team": world["amina"].actor,
        "the mentor's line manager": world["olli"].actor,
        "the programme manager": world.manager.actor,
        "an organization admin": world.admin.actor,
        "another company's admin": world.other_admin.actor,
        "a machine": Actor(world.organization_id, client_id=uuid4()),
        "nobody": world.system,
    }


async def unwalled(superuser: asyncpg.Connection) -> set[str]:
    return {row["name"] for row in await superuser.fetch(MARK) if row["entrusted"] and not row["walled"]}


async def test_every_table_of_what_is_entrusted_has_a_second_wall(superuser):
    assert await unwalled(superuser) == set(NO_WALL)
    walled = {row["name"] for row in await superuser.fetch(MARK) if row["walled"]}
    # The mails about concerns (tests/feedback), who looked (tests/privacy), apps that one lets in (tests/identity).
    assert walled == SHARED | OWN | OTHERWISE | {"deliveries", "access_log", "app_consents"}


async def test_a_wall_that_is_missing_is_noticed(superuser):
    await superuser.execute("drop policy members on idea_seeds")
    assert "idea_seeds" in await unwalled(superuser)


async def read_by(room: Room, actor: Actor) -> set[str]:
    return {table for table in room.rows if await room.sees(actor, table)}


async def test_nobody_outside_reads_a_row_whatever_their_roles(room, world):
    for who, actor in outsiders(world).items():
        assert await read_by(room, actor) == set(), who


async def test_a_wall_with_a_door_for_everybody_is_noticed_in_every_table(room, world):
    for table in room.rows:
        await room.superuser.execute(f"alter policy members on {table} using (true)")
    assert await read_by(room, world.manager.actor) == set(room.rows)
    assert await read_by(room, world.other_admin.actor) == set()


async def test_nobody_outside_changes_or_deletes_a_row(room, world):
    for who, actor in outsiders(world).items():
        for table, id in room.rows.items():
            columns = await room.columns(table)
            free = next(name for name in (*columns, "") if name not in {"id", "organization_id"} and "_id" not in name)
            for statement in (
                f"update {table} set {free} = {free} where id = :id",
                f"delete from {table} where id = :id",
            ):
                try:
                    assert (await room.run(actor, statement, id=id)).rowcount == 0, f"{who}: {statement}"
                except ProgrammingError as refused:
                    assert "permission denied" in str(refused)  # noqa: PT017 - a grant that is not there is as good
    left = [await room.superuser.fetchval(f"select count(*) from {table} where id = $1", id)
            for table, id in room.rows.items()]  # fmt: skip
    assert set(left) == {1}


async def test_nobody_outside_puts_a_row_into_the_pair(room, world):
    for who, actor in outsiders(world).items():
        for table in sorted(set(room.rows) - {"sessions"}):
            columns = await room.columns(table)
            chosen = ", ".join("gen_random_uuid()" if name == "id" else name for name in columns)
            row = await room.superuser.fetchval(
                f"select row_to_json(t)::text from {table} t where id = $1", room.rows[table]
            )
            statement = (
                f"insert into {table} ({', '.join(columns)}) select {chosen}"
                f" from json_populate_record(null::{table}, cast(:row as json))"
            )
            with pytest.raises(ProgrammingError, match=r"row-level security|permission denied"):
                await room.run(actor, statement, row=row)
            assert who


async def test_the_two_read_what_they_share_and_not_what_the_other_keeps(room):
    noa, astrid = room.couple.mentor.actor, room.couple.mentee.actor
    assert [table for table in room.rows if not await room.sees(noa, table)] == []
    assert {table for table in room.rows if await room.sees(astrid, table)} == SHARED


async def test_what_is_mine_is_the_authors_alone(room):
    await room.superuser.execute("update candid_messages set state = 'draft'")
    for table, visibility in PRIVATE.items():
        await room.superuser.execute(f"update {table} set visibility = '{visibility}'")
    noa, astrid = room.couple.mentor.actor, room.couple.mentee.actor
    for table in ("candid_messages", *PRIVATE):
        assert await room.sees(noa, table), table
        assert not await room.sees(astrid, table), table


async def test_the_other_cannot_make_a_text_their_own(room):
    """Shared rows are visible to both: without a grant by column the other could sign them."""
    astrid = room.couple.mentee.actor
    for table in sorted(room.rows):
        for name in {*WHOSE, "pair_id", "session_id", "organization_id", "id"} & (await room.columns(table)).keys():
            with pytest.raises(ProgrammingError, match="permission denied"):
                await room.run(astrid, f"update {table} set {name} = :me", me=astrid.person_id)


async def test_the_other_cannot_change_the_words_of_a_note(room):
    for table in ("notes", "candid_messages"):
        before = await room.superuser.fetchval(f"select text from {table}")
        try:
            await room.run(room.couple.mentee.actor, f"update {table} set text = '\\x02'")
        except ProgrammingError as refused:
            assert "row-level security" in str(refused)  # noqa: PT017 - either no row, or a refusal
        if table == "notes":
            assert await room.superuser.fetchval(f"select text from {table}") == before


async def test_another_pair_of_the_same_program_reads_nothing(room, databases, world):
    await make_couple(databases.app, world, world["emil"], world["astrid"])
    seen = {table for table in room.rows if await room.sees(world["emil"].actor, table)}
    assert seen == set()
