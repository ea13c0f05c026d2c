"""The walls: row-level security on every table, grants of each login, sign-in look-up, the job queue."""

from pathlib import Path

import procrastinate
from alembic import op
from walls import EVERYTHING, ORGANIZATION, PERSON, member, protect, seal

revision = "walls_1"
down_revision = "tables_1"
branch_labels = None
depends_on = None

TENANT_TABLES = [
    "agendas",
    "api_clients",
    "audit_log",
    "cohorts",
    "data_keys",
    "deliveries",
    "dotted_lines",
    "enrollments",
    "files",
    "grants",
    "idempotency_keys",
    "import_rows",
    "imports",
    "match_runs",
    "notes",
    "outbox",
    "pairs",
    "people",
    "preferences",
    "programs",
    "pulses",
    "session_moves",
    "sessions",
    "skills",
    "state_changes",
    "suggestions",
    "topics",
]

# What only the pair, or only its author, may touch through the API, whatever the grants: (using, with check).
CONTENT = {
    "sessions": (member("sessions"), member("sessions")),
    "session_moves": (
        "exists (select 1 from sessions s where s.organization_id = session_moves.organization_id"
        " and s.id = session_moves.session_id)",
        f"moved_by = {PERSON}",
    ),
    "agendas": (member("agendas"), member("agendas")),
    "notes": (
        f"author_id = {PERSON} or (visibility = 'ours' and {member('notes')})",
        f"author_id = {PERSON} and {member('notes')}",
    ),
    "pulses": (
        f"person_id = {PERSON} or (opened_at is not null and {member('pulses')})",
        f"person_id = {PERSON} and {member('pulses')}",
    ),
}

AUTHENTICATE = """
create function auth.authenticate(p_hash bytea, p_now timestamptz, p_idle interval)
returns table (organization_id uuid, person_id uuid, client_id uuid, grants jsonb, scopes text[])
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    found auth.tokens;
begin
    select t.* into found from auth.tokens t
     where t.hash = p_hash and t.kind in ('login', 'api_key')
       and (t.expires_at is null or t.expires_at > p_now) and (t.idle_until is null or t.idle_until > p_now);
    if found.hash is null then
        return;
    end if;
    if found.person_id is not null and not exists (
        select 1 from public.people p where p.organization_id = found.organization_id and p.id = found.person_id
           and p.status <> 'left' and p.deleted_at is null
    ) then
        return;
    end if;
    if found.client_id is not null and not exists (
        select 1 from public.api_clients c where c.organization_id = found.organization_id and c.id = found.client_id
           and c.revoked_at is null
    ) then
        return;
    end if;
    -- the idle time slides at most every tenth of it, so that reads seldom write
    if found.idle_until is not null and found.idle_until < p_now + p_idle * 0.9 then
        update auth.tokens t set idle_until = p_now + p_idle where t.hash = p_hash;
    end if;
    perform set_config('vuoro.organization_id', found.organization_id::text, true),
            set_config('vuoro.person_id', coalesce(found.person_id::text, ''), true);
    return query select found.organization_id, found.person_id, found.client_id,
        coalesce((select jsonb_agg(jsonb_build_array(g.role, g.program_id)) from public.grants g
                   where g.organization_id = found.organization_id and g.person_id = found.person_id), '[]'::jsonb),
        coalesce((select c.scopes from public.api_clients c
                   where c.organization_id = found.organization_id and c.id = found.client_id), '{}'::text[]);
end $$
"""

# Counts of behaviour may be live; single meetings stay hidden from everybody but the pair.
SESSIONS_BY_MONTH = f"""
create function program_sessions_by_month(p_program uuid, p_from timestamptz)
returns table (month text, held bigint, planned bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select to_char(s.starts_at at time zone 'UTC', 'YYYY-MM'),
           count(*) filter (where s.state = 'held'),
           count(*) filter (where s.state in ('held', 'scheduled', 'proposed'))
      from sessions s join pairs p on p.organization_id = s.organization_id and p.id = s.pair_id
     where s.organization_id = {ORGANIZATION} and p.program_id = p_program and s.starts_at >= p_from
       and s.state in ('held', 'scheduled', 'proposed')
     group by 1 order by 1
$$
"""

APP_GRANTS = {
    "audit_log": "select, insert",
    "state_changes": "select, insert",
    "outbox": "insert",
    "deliveries": "select",
    "data_keys": "select, insert",
    "organizations": "select, update",
}
WORKER_GRANTS = {
    "agendas": "select (organization_id, id, pair_id, updated_at), delete",
    "notes": "select (organization_id, id, session_id, pair_id, author_id, visibility, created_at), delete",
    "pulses": "select (organization_id, id, session_id, pair_id, person_id, side, said_what_i_thought, my_topics_too,"
    " listened_to, learned, would_do_again, balance, open_if_both, opened_at, created_at), update (opened_at), delete",
    "data_keys": "select (organization_id, id, owner_kind, owner_id, created_at), delete",
    "audit_log": "select, insert",
    "state_changes": "select, insert",
    "organizations": "select, update",
}


def upgrade() -> None:
    op.execute("revoke create on schema public from public")
    op.execute("grant usage on schema public to vuoro_app, vuoro_worker, vuoro_auth")
    for table in [*TENANT_TABLES, "organizations"]:
        protect(
            table,
            "id" if table == "organizations" else "organization_id",
            app=APP_GRANTS.get(table, EVERYTHING),
            worker=WORKER_GRANTS.get(table, EVERYTHING),
        )
    for table, (using, check) in CONTENT.items():
        seal(table, using, check)
    # The worker relays every tenant's facts and walks through the tenants; nothing else crosses them.
    op.execute("create policy relay on outbox to vuoro_worker using (true) with check (true)")
    op.execute("create policy walk on organizations for select to vuoro_worker using (true)")
    for table in ("organizations", "people", "grants", "api_clients"):
        op.execute(f"grant select on {table} to vuoro_auth")
        op.execute(f"create policy sign_in on {table} for select to vuoro_auth using (true)")
    op.execute(SESSIONS_BY_MONTH)
    op.execute("revoke all on function program_sessions_by_month(uuid, timestamptz) from public")
    op.execute("grant execute on function program_sessions_by_month(uuid, timestamptz) to vuoro_app")

    op.execute("alter table auth.tokens enable row level security")
    op.execute("alter table auth.tokens force row level security")
    op.execute("create policy sign_in on auth.tokens to vuoro_auth using (true) with check (true)")
    op.execute("create policy migrator on auth.tokens to vuoro_migrator using (true) with check (true)")
    op.execute("alter table auth.tokens owner to vuoro_auth")
    op.execute("alter table auth.rate_limits enable row level security")
    op.execute("alter table auth.rate_limits force row level security")
    op.execute("create policy sign_in on auth.rate_limits to vuoro_auth using (true) with check (true)")
    op.execute("alter table auth.rate_limits owner to vuoro_auth")
    op.execute(AUTHENTICATE)
    op.execute("alter function auth.authenticate owner to vuoro_auth")
    op.execute("revoke all on function auth.authenticate from public")
    op.execute("grant usage on schema auth to vuoro_app")
    op.execute("grant execute on function auth.authenticate to vuoro_app")

    queue()


def queue() -> None:
    """The job queue in a schema that the API's login cannot even enter."""
    schema = (Path(procrastinate.__file__).parent / "sql" / "schema.sql").read_text()
    bind = op.get_bind()
    op.execute("create schema jobs")
    op.execute("set local search_path = jobs")
    bind.exec_driver_sql(schema, execution_options={"no_parameters": True})
    op.execute("set local search_path = public")
    op.execute("grant usage on schema jobs to vuoro_worker")
    op.execute("grant select, insert, update, delete on all tables in schema jobs to vuoro_worker")
    op.execute("grant usage on all sequences in schema jobs to vuoro_worker")
    op.execute("grant execute on all functions in schema jobs to vuoro_worker")
    for (table,) in bind.exec_driver_sql(
        "select c.relname from pg_class c where c.relnamespace = 'jobs'::regnamespace and c.relkind = 'r'"
    ).fetchall():
        op.execute(f"alter table jobs.{table} enable row level security")
        op.execute(f"alter table jobs.{table} force row level security")
        op.execute(
            f"create policy queue on jobs.{table} to vuoro_worker, vuoro_migrator using (true) with check (true)"
        )


def downgrade() -> None:
    op.execute("drop schema jobs cascade")
    op.execute("drop function auth.authenticate, program_sessions_by_month")
    op.execute("drop policy sign_in on auth.rate_limits")
    op.execute("alter table auth.rate_limits no force row level security")
    op.execute("alter table auth.rate_limits disable row level security")
    op.execute("alter table auth.rate_limits owner to current_user")
    op.execute("alter table auth.tokens owner to current_user")
    op.execute("drop policy sign_in on auth.tokens")
    op.execute("drop policy migrator on auth.tokens")
    for table in CONTENT:
        op.execute(f"drop policy members on {table}")
    op.execute("drop policy relay on outbox")
    op.execute("drop policy walk on organizations")
    for table in ("organizations", "people", "grants", "api_clients"):
        op.execute(f"drop policy sign_in on {table}")
    for table in [*TENANT_TABLES, "organizations"]:
        op.execute(f"drop policy tenant on {table}")
        op.execute(f"drop policy migrator on {table}")
        op.execute(f"alter table {table} no force row level security")
        op.execute(f"alter table {table} disable row level security")
        op.execute(f"revoke all on {table} from vuoro_app, vuoro_worker, vuoro_auth")
    op.execute("alter table auth.tokens no force row level security")
    op.execute("alter table auth.tokens disable row level security")
    op.execute("revoke usage on schema auth from vuoro_app")
