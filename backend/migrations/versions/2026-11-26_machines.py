"""Machines and apps: versions of API clients, apps, people's consents, tokens that belong together."""

import sqlalchemy as sa
from alembic import op
from walls import PERSON, protect, seal

revision = "machines_3"
down_revision = "signin_2"
branch_labels = None
depends_on = None

TOKENS = {
    "family_id": sa.UUID(),
    "consent_id": sa.UUID(),
    "scopes": sa.ARRAY(sa.TEXT()),
    "redirect_uri": sa.TEXT(),
    "challenge": sa.TEXT(),
}
INDEXES = {
    "tokens_client_idx": ["organization_id", "client_id"],
    "tokens_family_idx": ["family_id"],
    "tokens_consent_idx": ["consent_id"],
}

AUTHENTICATE = """
create or replace function auth.authenticate(p_hash bytea, p_now timestamptz, p_idle interval)
returns table (organization_id uuid, person_id uuid, client_id uuid, grants jsonb, scopes text[],
    login_id uuid, method text, signed_in_at timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    found auth.tokens;
begin
    select t.* into found from auth.tokens t
     where t.hash = p_hash and t.kind in ({kinds})
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
{consent}    -- the idle time slides at most every tenth of it, so that reads seldom write
    if found.idle_until is not null and found.idle_until < p_now + p_idle * 0.9 then
        update auth.tokens t set idle_until = p_now + p_idle where t.hash = p_hash;
    end if;
    -- the day is kept, not the moment
    if found.used_at is null or found.used_at < date_trunc('day', p_now, 'UTC') then
        update auth.tokens t set used_at = date_trunc('day', p_now, 'UTC')
         where {used};
    end if;
    perform set_config('vuoro.organization_id', found.organization_id::text, true),
            set_config('vuoro.person_id', coalesce(found.person_id::text, ''), true);
    return query select found.organization_id, found.person_id, found.client_id,
        coalesce((select jsonb_agg(jsonb_build_array(g.role, g.program_id)) from public.grants g
                   where g.organization_id = found.organization_id and g.person_id = found.person_id{grants}),
                 '[]'::jsonb),
        {scopes},
        found.id, found.method, found.signed_in_at;
end $$
"""
CONSENT = """    if found.consent_id is not null and not exists (
        select 1 from public.app_consents c where c.organization_id = found.organization_id and c.id = found.consent_id
    ) then
        return;
    end if;
"""
# Parallel requests do not wait for each other to write the same day down.
USED = "t.hash = (select k.hash from auth.tokens k where k.hash = p_hash for update skip locked)"
SCOPES = """coalesce((select array(select s from unnest(c.scopes) s
                                where found.scopes is null or s = any (found.scopes))
                    from public.api_clients c
                   where c.organization_id = found.organization_id and c.id = found.client_id),
                 found.scopes, '{}'::text[])"""
SCOPES_BEFORE = """coalesce((select c.scopes from public.api_clients c
                   where c.organization_id = found.organization_id and c.id = found.client_id), '{}'::text[])"""
# An app is no strong sign-in: what opens other people's things stays in the browser.
GRANTS = """
                     and (found.kind <> 'access' or g.role not in ('programme_manager', 'organization_admin'))"""
NEW = {
    "kinds": "'login', 'api_key', 'access', 'machine'",
    "consent": CONSENT,
    "used": USED,
    "grants": GRANTS,
    "scopes": SCOPES,
}
OLD = {"kinds": "'login', 'api_key'", "consent": "", "used": "t.hash = p_hash", "grants": "", "scopes": SCOPES_BEFORE}


def upgrade() -> None:
    op.add_column("api_clients", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("api_clients", sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("update api_clients set updated_at = created_at")
    op.alter_column("api_clients", "version", server_default=None)
    op.alter_column("api_clients", "updated_at", nullable=False)
    for name, kind in TOKENS.items():
        op.add_column("tokens", sa.Column(name, kind, nullable=True), schema="auth")
    op.execute("update auth.tokens set family_id = gen_random_uuid() where kind = 'api_key'")
    for name, columns in INDEXES.items():
        op.create_index(name, "tokens", columns, schema="auth")

    op.create_table(
        "oauth_clients",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.TEXT(), nullable=False),
        sa.Column("redirect_uris", sa.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("android_package", sa.TEXT(), nullable=True),
        sa.Column("android_fingerprints", sa.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("apple_app_id", sa.TEXT(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("oauth_clients_pkey")),
    )
    op.create_table(
        "app_consents",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("oauth_client_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "oauth_client_id"],
            ["oauth_clients.organization_id", "oauth_clients.id"],
            name=op.f("app_consents_organization_id_oauth_client_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("app_consents_organization_id_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("app_consents_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "person_id",
            "oauth_client_id",
            name=op.f("app_consents_organization_id_person_id_oauth_client_id_key"),
        ),
    )
    protect("oauth_clients", worker="select, delete")
    protect("app_consents", worker="select, delete")
    seal("app_consents", f"person_id = {PERSON}")
    for table in ("oauth_clients", "app_consents"):
        op.execute(f"grant select on {table} to vuoro_auth")
        op.execute(f"create policy sign_in on {table} for select to vuoro_auth using (true)")
    op.execute(AUTHENTICATE.format(**NEW))


def downgrade() -> None:
    op.execute("delete from auth.tokens where kind in ('code', 'refresh', 'access', 'machine')")
    op.execute(AUTHENTICATE.format(**OLD))
    op.drop_table("app_consents")
    op.drop_table("oauth_clients")
    for name in INDEXES:
        op.drop_index(name, "tokens", schema="auth")
    for name in TOKENS:
        op.drop_column("tokens", name, schema="auth")
    op.drop_column("api_clients", "updated_at")
    op.drop_column("api_clients", "version")
