"""Migrations: up, down and up again; the models say what the database has; nothing blocks the service for long."""

import re
from pathlib import Path

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from support import server

from vuoro.core import migrations
from vuoro.core.crypto import Encrypted

SHAPE = """
select 'column ' || table_schema || '.' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
  from information_schema.columns where table_schema in ('public', 'auth', 'jobs')
union all select 'index ' || indexdef from pg_indexes where schemaname in ('public', 'auth', 'jobs')
union all select 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(c.oid) from pg_constraint c
 join pg_namespace n on n.oid = connamespace where nspname in ('public', 'auth')
union all select 'policy ' || schemaname || '.' || tablename || ' ' || policyname || ' ' || permissive
       || ' ' || roles::text || ' ' || cmd || ' ' || coalesce(qual, '') || ' ' || coalesce(with_check, '')
  from pg_policies
union all select 'grant ' || table_schema || '.' || table_name || ' ' || grantee || ' ' || privilege_type
  from information_schema.role_table_grants where grantee like 'vuoro%'
union all select 'function ' || p.oid::regprocedure || ' ' || md5(prosrc) from pg_proc p
 join pg_namespace n on n.oid = pronamespace where nspname in ('public', 'auth')
"""


async def shape(postgres, name):
    connection = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{name}")
    try:
        return {row[0] for row in await connection.fetch(SHAPE)}
    finally:
        await connection.close()


@pytest.mark.empty_database
async def test_up_down_and_up_again_gives_the_same_database(postgres, database_name):
    dsn = postgres.dsn("migrator", database_name)
    before = await shape(postgres, database_name)
    assert len(before) > 400
    server.migrate(dsn, "base")
    left = {line for line in await shape(postgres, database_name) if "alembic_version" not in line}
    assert left == set()
    server.migrate(dsn)
    assert await shape(postgres, database_name) == before


@pytest.mark.empty_database
def test_the_models_and_the_database_agree(postgres, database_name):
    from vuoro.tables import metadata

    def ours(name, kind, _):
        return kind != "schema" or name in (None, "auth")

    dsn = postgres.dsn("migrator", database_name).replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(dsn)
    with engine.connect() as connection:
        options = {"include_schemas": True, "include_name": ours, "compare_server_default": True, "compare_type": True}
        difference = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    engine.dispose()
    assert difference == []


async def test_two_migrations_at_once_wait_for_each_other(postgres, database_name):
    import asyncio

    dsn = postgres.dsn("migrator", database_name)
    other = await asyncpg.connect(dsn)
    await other.execute("select pg_advisory_lock(20261124)")
    waiting = asyncio.create_task(asyncio.to_thread(server.migrate, dsn))
    await asyncio.sleep(0.7)
    assert not waiting.done()
    await other.close()
    await waiting


def test_migrations_give_up_rather_than_block_the_service():
    text = (migrations.FOLDER / "env.py").read_text(encoding="utf-8")
    assert re.search(r'LOCK_TIMEOUT = "[1-9]s"', text)
    assert "set lock_timeout = '{LOCK_TIMEOUT}'" in text
    assert "set statement_timeout = '{STATEMENT_TIMEOUT}'" in text


async def test_a_migration_ends_when_somebody_holds_its_table(postgres, database_name, monkeypatch):
    """The statements run with a lock timeout, so a long read does not make a queue of requests behind them."""
    import asyncio

    dsn = postgres.dsn("migrator", database_name)
    reader = await asyncpg.connect(dsn)
    transaction = reader.transaction()
    await transaction.start()
    await reader.execute("lock table people in access share mode")
    try:
        with pytest.raises(Exception, match="lock timeout"):
            await asyncio.wait_for(asyncio.to_thread(server.migrate, dsn, "base"), 15)
    finally:
        await transaction.rollback()
        await reader.close()


def test_one_line_of_revisions_each_dated_and_documented():
    script = ScriptDirectory.from_config(migrations.config())
    assert len(script.get_heads()) == len(script.get_bases()) == 1
    for revision in script.walk_revisions():
        assert re.match(r"\d{4}-\d\d-\d\d_[a-z0-9_]+\.py$", Path(revision.path).name)
        assert revision.doc
        assert "def downgrade() -> None:\n    pass" not in Path(revision.path).read_text(encoding="utf-8")


def test_encrypted_columns_are_bytes_in_the_database():
    from vuoro.tables import metadata

    sealed = [
        f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns
        if isinstance(column.type, Encrypted)
    ]  # fmt: skip
    assert {"notes.text", "agendas.text", "pulses.comment", "idea_seeds.text"} <= set(sealed)
