"""What an auditor asks the database's own catalogue: each question answers with the names of what is wrong."""

from typing import Any

import asyncpg

from vuoro.core.crypto import Encrypted
from vuoro.tables import metadata

NO_WALL = {"public.alembic_version"}
# Who has to see more than one organization, and where; everybody else is held to the tenant's policy.
SIGN_IN = (
    "public.organizations", "public.people", "public.grants", "public.programs", "public.api_clients",
    "public.oauth_clients", "public.app_consents", "public.identity_providers", "auth.tokens", "auth.rate_limits",
    "auth.challenges", "auth.passkeys", "auth.accounts",
)  # fmt: skip
QUEUE = (
    "jobs.procrastinate_events", "jobs.procrastinate_jobs", "jobs.procrastinate_periodic_defers",
    "jobs.procrastinate_workers",
)  # fmt: skip
DOORS = {
    ("public.organizations", "vuoro_worker"), ("public.outbox", "vuoro_worker"),
    *((table, "vuoro_auth") for table in SIGN_IN), *((table, "vuoro_worker") for table in QUEUE),
}  # fmt: skip
# The worker signs webhooks with these.
OPENED_BY_THE_WORKER = {("webhook_endpoints", "secret"), ("webhook_endpoints", "old_secret")}
# auth's own look at nothing but sign-ins and limits; key_samples gives one wrapped key of each master key, to refuse
# a wrong ring at the start.
WITHOUT_A_TENANT = {"take_write", "forget_limits", "forget_person", "forget_expired", "key_samples"}
TENANT = "(%s = (NULLIF(current_setting('vuoro.organization_id'::text, true), ''::text))::uuid)"
ALL_READABLE = {"organizations", "people", "grants", "api_clients", "oauth_clients", "app_consents"}
READABLE_IN_PART = {
    "identity_providers": {"organization_id", "issuer", "client_id", "mail_domains", "label"},
    "programs": {"organization_id", "id", "unit_id"},
}
OURS = "('public'::regnamespace, 'auth'::regnamespace)"


async def names(connection: asyncpg.Connection, query: str, *values: Any) -> set[str]:
    """The first column."""
    return {row[0] for row in await connection.fetch(query, *values)}


async def tables(connection: asyncpg.Connection) -> set[str]:
    """Every table, with its schema."""
    return await names(
        connection,
        "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where c.relkind in ('r', 'p') and n.nspname in ('public', 'auth', 'jobs')",
    )


async def tables_without_a_wall(connection: asyncpg.Connection) -> set[str]:
    """Tables that show rows without asking a policy."""
    return await names(
        connection,
        "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where c.relkind in ('r', 'p') and n.nspname in ('public', 'auth', 'jobs')"
        " and not (c.relrowsecurity and c.relforcerowsecurity)",
    )


async def open_policies(connection: asyncpg.Connection) -> set[str]:
    """Policies that let a login but the migrator's see more than the tenant, and stand on no list."""
    found = await connection.fetch(
        "select schemaname || '.' || tablename as name, policyname, roles::text[] as roles, qual, with_check,"
        " case tablename when 'organizations' then 'id' else 'organization_id' end as tenant"
        " from pg_policies where permissive = 'PERMISSIVE'"
    )
    return {
        f"{row['name']}: {row['policyname']}"
        for row in found
        if {row["qual"], row["with_check"]} != {TENANT % row["tenant"]}
        and not {(row["name"], role) for role in row["roles"] if role != "vuoro_migrator"} <= DOORS
    }


async def foreign_keys_without_the_tenant(connection: asyncpg.Connection) -> set[str]:
    """Foreign keys that could point into another organization, as no policy binds them."""
    return await names(
        connection,
        "select conname from pg_constraint c where contype = 'f' and connamespace = 'public'::regnamespace and not ("
        " exists (select 1 from pg_attribute where attrelid = conrelid and attnum = any(conkey)"
        " and attname = 'organization_id') and (confrelid = 'organizations'::regclass or exists (select 1"
        " from pg_attribute where attrelid = confrelid and attnum = any(confkey) and attname = 'organization_id')))",
    )


async def unique_keys_without_the_tenant(connection: asyncpg.Connection) -> set[str]:
    """Unique keys that would tell one organization what another has."""
    return await names(
        connection,
        "select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid where i.indisunique"
        " and c.relnamespace = 'public'::regnamespace and not exists (select 1 from pg_attribute"
        " where attrelid = i.indrelid and attnum = any(i.indkey) and attname = 'organization_id')",
    )


async def mighty_logins(connection: asyncpg.Connection) -> set[str]:
    """Logins of ours that policies do not bind, or that could make such a login."""
    return await names(
        connection,
        "select rolname from pg_roles where rolname like 'vuoro%'"
        " and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)",
    )


async def views_of_the_owner(connection: asyncpg.Connection) -> set[str]:
    """Views that show what their owner sees."""
    return await names(
        connection,
        f"select relname from pg_class where relkind in ('v', 'm') and relnamespace in {OURS}"
        " and not coalesce('security_invoker=true' = any (reloptions), false)",
    )


async def open_functions(connection: asyncpg.Connection) -> set[str]:
    """Functions with their owner's rights that everybody may call."""
    return await names(
        connection,
        f"select proname from pg_proc where prosecdef and pronamespace in {OURS}"
        " and has_function_privilege('public', oid, 'execute')",
    )


async def loose_functions(connection: asyncpg.Connection) -> set[str]:
    """Functions whose caller's path could put another table or operator in their way."""
    return await names(
        connection,
        f"select proname from pg_proc where pronamespace in {OURS}"
        " and not coalesce(proconfig::text like '%search_path=pg_catalog%', false)",
    )


async def functions_without_the_tenant(connection: asyncpg.Connection) -> set[str]:
    """Functions with their owner's rights that ask for no organization, and stand on no list."""
    return await names(
        connection,
        f"select proname from pg_proc where prosecdef and pronamespace in {OURS}"
        " and strpos(prosrc, 'vuoro.organization_id') = 0 and proname <> all ($1)",
        list(WITHOUT_A_TENANT),
    )


async def ways_to_tokens_and_jobs(connection: asyncpg.Connection) -> set[str]:
    """Rights of the API on tokens or jobs, or of the worker on tokens."""
    return await names(
        connection,
        "select r.rolname || ': ' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace,"
        " pg_roles r where c.relkind in ('r', 'p')"
        " and (r.rolname, n.nspname) in (('vuoro_app', 'auth'), ('vuoro_app', 'jobs'), ('vuoro_worker', 'auth'))"
        " and (has_table_privilege(r.rolname, c.oid, 'delete, truncate, trigger')"
        " or has_any_column_privilege(r.rolname, c.oid, 'select, insert, update'))"
        " union select rolname || ': jobs' from pg_roles where rolname in ('vuoro_app', 'vuoro_auth')"
        " and has_schema_privilege(rolname, 'jobs', 'usage')",
    )


async def sign_in_reads_too_much(connection: asyncpg.Connection) -> set[str]:
    """Columns that the sign-in's login reads beyond who may sign in and where."""
    found = await connection.fetch(
        "select c.relname as name, a.attname as column from pg_class c join pg_attribute a on a.attrelid = c.oid"
        " where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and a.attnum > 0"
        " and not a.attisdropped and has_column_privilege('vuoro_auth', c.oid, a.attnum, 'select')"
    )
    return {
        f"{row['name']}.{row['column']}"
        for row in found
        if row["name"] not in ALL_READABLE and row["column"] not in READABLE_IN_PART.get(row["name"], set())
    }


async def ciphertext_for_the_worker(connection: asyncpg.Connection) -> set[str]:
    """Encrypted columns, and the keys, that the worker's login reads."""
    sealed = {
        (table.name, column.name) for table in metadata.tables.values() for column in table.columns
        if isinstance(column.type, Encrypted)
    } | {("data_keys", "wrapped")}  # fmt: skip
    return {
        f"{table}.{column}" for table, column in sealed - OPENED_BY_THE_WORKER
        if await connection.fetchval("select has_column_privilege('vuoro_worker', $1, $2, 'select')", table, column)
    }  # fmt: skip


async def logs_that_can_be_changed(connection: asyncpg.Connection) -> set[str]:
    """Rights to change what may only grow."""
    return await names(
        connection,
        "select r.rolname || ': ' || t from pg_roles r, unnest(array['audit_log', 'audit_chain']) t"
        " where r.rolname in ('vuoro_app', 'vuoro_worker', 'vuoro_auth')"
        " and (has_any_column_privilege(r.rolname, t, 'update') or has_table_privilege(r.rolname, t,"
        " 'delete, truncate, trigger'))",
    )


QUESTIONS = {
    tables_without_a_wall: NO_WALL,
    open_policies: set(),
    foreign_keys_without_the_tenant: set(),
    unique_keys_without_the_tenant: {"alembic_version_pkc", "organizations_pkey", "organizations_slug_key"},
    mighty_logins: set(),
    views_of_the_owner: set(),
    open_functions: set(),
    loose_functions: set(),
    functions_without_the_tenant: set(),
    ways_to_tokens_and_jobs: set(),
    sign_in_reads_too_much: set(),
    ciphertext_for_the_worker: set(),
    logs_that_can_be_changed: set(),
}
