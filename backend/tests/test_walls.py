"""The walls in the database: they hold whatever the code above them does."""

from typing import Any

import asyncpg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from support.pairs import Couple, make_couple

from vuoro.core import clock, crypto
from vuoro.core.db import Database
from vuoro.feedback.models import Pulse
from vuoro.people.models import Person
from vuoro.sessions.models import Agenda, Note, Session, SessionMove

NO_WALL = {"public.alembic_version"}
CIPHERTEXT = [
    ("notes", "text"), ("agendas", "text"), ("pulses", "comment"), ("data_keys", "wrapped"), ("thoughts", "text"),
    ("action_items", "text"), ("takeaways", "text"), ("thanks", "text"), ("idea_seeds", "text"),
    ("candid_messages", "text"), ("candid_messages", "parts"), ("candid_messages", "answer_text"),
    ("goals", "text"), ("commitments", "text"), ("sparks", "text"),
    ("fit_checks", "comment"), ("survey_texts", "text"), ("concerns", "text"), ("concerns", "answer"),
    ("boundaries", "text"), ("override_reasons", "text"), ("identity_providers", "client_secret"),
]  # fmt: skip


@pytest.fixture
async def superuser(postgres, database_name):
    connection = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    yield connection
    await connection.close()


async def tables(connection: asyncpg.Connection) -> list[Any]:
    return await connection.fetch(
        "select n.nspname || '.' || c.relname as name, c.relrowsecurity and c.relforcerowsecurity as walled"
        " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where c.relkind in ('r', 'p') and n.nspname in ('public', 'auth', 'jobs') order by 1"
    )


async def test_every_table_is_under_forced_row_level_security(superuser):
    found = await tables(superuser)
    assert len(found) > 30
    assert {row["name"] for row in found if not row["walled"]} == NO_WALL


async def test_a_table_without_a_wall_is_noticed(superuser):
    await superuser.execute("create table public.gap (organization_id uuid, id uuid)")
    await superuser.execute("alter table people no force row level security")
    assert {row["name"] for row in await tables(superuser) if not row["walled"]} == {
        *NO_WALL,
        "public.gap",
        "public.people",
    }


async def test_without_a_tenant_no_table_shows_a_row_to_the_api(databases, superuser, world):
    await make_couple(databases.app, world, world["noa"], world["astrid"])
    names = [row["name"] for row in await tables(superuser) if row["name"].startswith("public.")]
    readable = 0
    async with databases.app.transaction() as db:
        for name in set(names) - NO_WALL:
            if await db.scalar(text("select has_table_privilege(:name, 'select')"), {"name": name}):
                readable += 1
                assert await db.scalar(text(f"select count(*) from {name}")) == 0, name
    assert readable > 20


async def test_another_tenant_sees_none_of_our_rows(databases, superuser, world):
    await make_couple(databases.app, world, world["noa"], world["astrid"])
    names = {row["name"] for row in await tables(superuser) if row["name"].startswith("public.")} - NO_WALL
    ours: dict[str, int] = {}
    for database, actor in ((databases.app, world.other_admin.actor), (databases.worker, world.other_system)):
        async with database.transaction(actor) as db:
            for name in sorted(names - {"public.organizations", "public.outbox"}):
                column = await db.scalar(
                    text("select has_column_privilege(:name, 'organization_id', 'select')"), {"name": name}
                )
                if column:
                    query = text(f"select count(*) from {name} where organization_id = :ours")
                    ours[name] = await db.scalar(query, {"ours": world.organization_id}) or 0
    assert ours
    assert set(ours.values()) == {0}


async def test_a_row_cannot_be_written_into_another_tenant(databases, world):
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with databases.app.transaction(world.other_admin.actor) as db:
            db.add(Person(organization_id=world.organization_id, external_id="spy", display_name="Spy", languages={}))


async def test_a_row_cannot_be_moved_into_another_tenant(databases, world):
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with databases.app.transaction(world.other_admin.actor) as db:
            await db.execute(
                text("update people set organization_id = :ours where id = :id"),
                {"ours": world.organization_id, "id": world.other_person.id},
            )


async def test_the_tenant_ends_with_the_transaction(databases, world):
    async with databases.app.transaction(world.admin.actor) as db:
        assert (await db.scalars(select(Person.id))).all()
    async with databases.app.transaction() as db:
        assert not (await db.scalars(select(Person.id))).all()
        assert await db.scalar(text("select current_setting('vuoro.organization_id', true)")) == ""


async def test_every_foreign_key_between_tenant_tables_is_composite(superuser):
    keys = await superuser.fetch(
        "select conname, conrelid::regclass::text as source, confrelid::regclass::text as target,"
        " (select array_agg(attname::text) from pg_attribute where attrelid = conrelid and attnum = any(conkey))"
        " as columns,"
        " (select array_agg(attname::text) from pg_attribute where attrelid = confrelid and attnum = any(confkey))"
        " as targets"
        " from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace"
    )
    assert len(keys) > 20
    for key in keys:
        assert "organization_id" in key["columns"], key
        assert "organization_id" in key["targets"] or key["target"] == "organizations", key


async def test_every_unique_key_includes_the_tenant(superuser):
    keys = await superuser.fetch(
        "select i.indexrelid::regclass::text as name, (select array_agg(attname::text) from pg_attribute"
        " where attrelid = i.indrelid and attnum = any(i.indkey)) as columns from pg_index i"
        " join pg_class c on c.oid = i.indrelid where i.indisunique and c.relnamespace = 'public'::regnamespace"
    )
    without = {key["name"] for key in keys if "organization_id" not in key["columns"]}
    assert without == {"alembic_version_pkc", "organizations_pkey", "organizations_slug_key"}


async def test_no_login_bypasses_policies(superuser):
    roles = await superuser.fetch(
        "select rolname, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as mighty from pg_roles"
        " where rolname like 'vuoro%'"
    )
    assert {role["rolname"] for role in roles} == {"vuoro_app", "vuoro_auth", "vuoro_migrator", "vuoro_worker"}
    assert not any(role["mighty"] for role in roles)


async def test_views_carry_the_readers_rights(superuser):
    views = await superuser.fetch(
        "select relname, reloptions from pg_class where relkind in ('v', 'm')"
        " and relnamespace in ('public'::regnamespace, 'auth'::regnamespace)"
    )
    assert all("security_invoker=true" in (view["reloptions"] or ()) for view in views)


async def test_functions_with_other_rights_fix_their_path_and_are_not_for_all(superuser):
    functions = await superuser.fetch(
        "select proname, proconfig, has_function_privilege('public', oid, 'execute') as open from pg_proc"
        " where prosecdef and pronamespace in ('public'::regnamespace, 'auth'::regnamespace)"
    )
    assert {function["proname"] for function in functions} >= {"authenticate", "program_sessions_by_month"}
    for function in functions:
        assert any(setting.startswith("search_path=") for setting in function["proconfig"]), function
        assert not function["open"], function


async def test_every_function_fixes_its_path(superuser):
    """Whoever calls it: a path of the caller's would let them put their own table or operator in its way."""
    loose = await superuser.fetch(
        "select proname from pg_proc where pronamespace in ('public'::regnamespace, 'auth'::regnamespace)"
        " and not coalesce(proconfig::text like '%search_path=pg_catalog%', false)"
    )
    assert loose == []


async def test_functions_with_other_rights_ask_for_the_tenant(superuser):
    """auth's own look at nothing but sign-ins and limits."""
    bodies = await superuser.fetch(
        "select proname, prosrc from pg_proc where prosecdef"
        " and pronamespace in ('public'::regnamespace, 'auth'::regnamespace)"
    )
    free = {body["proname"] for body in bodies if "vuoro.organization_id" not in body["prosrc"]}
    # key_samples: one wrapped key of each master key, to refuse a wrong ring at the start.
    assert free <= {"take_write", "forget_limits", "forget_person", "forget_expired", "key_samples"}


async def test_the_api_has_no_way_into_the_job_queue(superuser):
    allowed = await superuser.fetch(
        "select rolname from pg_roles where rolname like 'vuoro%' and has_schema_privilege(rolname, 'jobs', 'usage')"
    )
    assert {row["rolname"] for row in allowed} == {"vuoro_worker", "vuoro_migrator"}


async def test_the_api_can_read_neither_tokens_nor_the_job_queue(databases, world):
    for name in ("auth.tokens", "auth.rate_limits", "jobs.procrastinate_jobs"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with databases.app.transaction(world.admin.actor) as db:
                await db.execute(text(f"select * from {name}"))


async def test_the_sign_in_login_reads_only_who_may_sign_in(databases, superuser):
    allowed = await superuser.fetch(
        "select c.relname from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace"
        " and has_table_privilege('vuoro_auth', c.oid, 'select')"
    )
    assert {row["relname"] for row in allowed} == {
        "organizations", "people", "grants", "api_clients", "oauth_clients", "app_consents",
    }  # fmt: skip


@pytest.mark.parametrize(
    "statement", ["update audit_log set action = 'x'", "delete from audit_log", "truncate audit_log"]
)
async def test_the_audit_log_only_grows(databases, world, statement):
    for database in (databases.app, databases.worker):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with database.transaction(world.system) as db:
                await db.execute(text(statement))


@pytest.mark.parametrize(("table", "column"), CIPHERTEXT)
async def test_the_worker_cannot_read_ciphertext(databases, world, table, column):
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with databases.worker.transaction(world.system) as db:
            await db.execute(text(f"select {column} from {table}"))


@pytest.fixture
async def couple(databases, world) -> Couple:
    """Noa mentors Astrid; both wrote notes, an agenda stands, Noa gave a pulse."""
    pair = await make_couple(databases.app, world, world["noa"], world["astrid"])
    for author in (pair.mentor, pair.mentee):
        async with databases.app.transaction(author.actor) as db:
            for visibility in ("mine", "ours"):
                owner = ("person", author.id) if visibility == "mine" else ("pair", pair.pair_id)
                id = clock.uuid7()
                db.add(
                    Note(
                        organization_id=world.organization_id, id=id, session_id=pair.session_id, pair_id=pair.pair_id,
                        author_id=author.id, visibility=visibility, created_at=clock.now(),
                        text=await crypto.seal(db, "notes.text", *owner, id, f"{visibility} of {author.key}"),
                    )
                )  # fmt: skip
    async with databases.app.transaction(pair.mentor.actor) as db:
        common = {"organization_id": world.organization_id, "pair_id": pair.pair_id}
        sealed = await crypto.seal(db, "agendas.text", "pair", pair.pair_id, pair.session_id, "what we talk about")
        db.add(Agenda(id=pair.session_id, text=sealed, updated_at=clock.now(), **common))
        db.add(pulse(pair, pair.mentor, **common))
        db.add(
            SessionMove(
                organization_id=world.organization_id, session_id=pair.session_id, from_starts_at=clock.now(),
                to_starts_at=clock.now(), moved_by=pair.mentor.id, created_at=clock.now(),
            )
        )  # fmt: skip
    return pair


def pulse(pair: Couple, person: Any, **common: Any) -> Pulse:
    return Pulse(
        session_id=pair.session_id, person_id=person.id, side="mentor", said_what_i_thought=5, my_topics_too=4,
        listened_to=5, learned=3, would_do_again=5, balance=60, open_if_both=True, created_at=clock.now(), **common,
    )  # fmt: skip


async def count(database: Database, actor: Any, model: Any) -> int:
    async with database.transaction(actor) as db:
        return len((await db.scalars(select(model.id))).all())


async def notes(database: Database, actor: Any) -> set[tuple[str, Any]]:
    async with database.transaction(actor) as db:
        return {(row.visibility, row.author_id) for row in await db.scalars(select(Note))}


async def test_a_private_note_is_visible_to_its_author_alone(databases, couple):
    noa, astrid = couple.mentor, couple.mentee
    assert await notes(databases.app, noa.actor) == {("mine", noa.id), ("ours", noa.id), ("ours", astrid.id)}
    assert await notes(databases.app, astrid.actor) == {("mine", astrid.id), ("ours", noa.id), ("ours", astrid.id)}


@pytest.mark.parametrize("who", ["helena", "petra", "olli", "amina", "jukka"])
async def test_nobody_else_sees_a_pairs_content_whatever_their_role(databases, world, couple, who):
    for model in (Note, Agenda, Pulse, Session, SessionMove):
        assert await count(databases.app, world[who].actor, model) == 0, model.__name__


async def test_the_api_without_a_person_sees_no_content_of_a_pair(databases, world, couple):
    for model in (Note, Agenda, Pulse, Session, SessionMove):
        assert await count(databases.app, world.system, model) == 0, model.__name__


async def test_a_pulse_stays_sealed_for_the_other_until_it_is_opened(databases, world, couple):
    assert await count(databases.app, couple.mentor.actor, Pulse) == 1
    assert await count(databases.app, couple.mentee.actor, Pulse) == 0
    async with databases.worker.transaction(world.system) as db:
        await db.execute(text("update pulses set opened_at = :now"), {"now": clock.now()})
    assert await count(databases.app, couple.mentee.actor, Pulse) == 1


async def test_nobody_writes_in_anothers_name(databases, world, couple):
    for row in (
        Note(
            organization_id=world.organization_id, session_id=couple.session_id, pair_id=couple.pair_id,
            author_id=couple.mentee.id, visibility="ours", created_at=clock.now(), text=crypto.Sealed(b"x"),
        ),
        pulse(couple, couple.mentee, organization_id=world.organization_id, pair_id=couple.pair_id),
    ):  # fmt: skip
        with pytest.raises(ProgrammingError, match="row-level security"):
            async with databases.app.transaction(couple.mentor.actor) as db:
                db.add(row)


async def test_the_worker_moves_scores_but_cannot_rewrite_them(databases, world, couple):
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with databases.worker.transaction(world.system) as db:
            await db.execute(text("update pulses set learned = 5"))
