"""Sign-in: how and when somebody signed in, challenges, passkeys, accounts at identity providers, their settings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import protect

revision = "signin_2"
down_revision = "matching_2"
branch_labels = None
depends_on = None

SECRET = ("challenges", "passkeys", "accounts")
# What the sign-in login may read of an identity provider: never its secret.
PROVIDER = "organization_id, issuer, client_id, mail_domains, label"


def authenticate(columns: str, values: str, used: str) -> str:
    """The look-up of a token; `columns` and `values` are what it tells of the sign-in beyond who it is."""
    return f"""
create function auth.authenticate(p_hash bytea, p_now timestamptz, p_idle interval)
returns table (organization_id uuid, person_id uuid, client_id uuid, grants jsonb, scopes text[]{columns})
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
    end if;{used}
    perform set_config('vuoro.organization_id', found.organization_id::text, true),
            set_config('vuoro.person_id', coalesce(found.person_id::text, ''), true);
    return query select found.organization_id, found.person_id, found.client_id,
        coalesce((select jsonb_agg(jsonb_build_array(g.role, g.program_id)) from public.grants g
                   where g.organization_id = found.organization_id and g.person_id = found.person_id), '[]'::jsonb),
        coalesce((select c.scopes from public.api_clients c
                   where c.organization_id = found.organization_id and c.id = found.client_id), '{{}}'::text[]){values};
end $$
"""


USED = """
    -- the day is kept, not the moment
    if found.used_at is null or found.used_at < date_trunc('day', p_now, 'UTC') then
        update auth.tokens t set used_at = date_trunc('day', p_now, 'UTC') where t.hash = p_hash;
    end if;"""
BEFORE = authenticate("", "", "")
AFTER = authenticate(
    ",\n    login_id uuid, method text, signed_in_at timestamptz",
    ",\n        found.id, found.method, found.signed_in_at",
    USED,
)


def replace_look_up(definition: str) -> None:
    op.execute("drop function auth.authenticate(bytea, timestamptz, interval)")
    op.execute(definition)
    op.execute("alter function auth.authenticate owner to vuoro_auth")
    op.execute("revoke all on function auth.authenticate from public")
    op.execute("grant execute on function auth.authenticate to vuoro_app")


def upgrade() -> None:
    op.add_column("tokens", sa.Column("id", sa.UUID(), nullable=True), schema="auth")
    op.add_column("tokens", sa.Column("method", sa.TEXT(), nullable=True), schema="auth")
    op.add_column("tokens", sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True), schema="auth")
    op.add_column("tokens", sa.Column("device", sa.TEXT(), nullable=True), schema="auth")
    op.add_column("tokens", sa.Column("browser", sa.LargeBinary(), nullable=True), schema="auth")
    op.execute(
        "update auth.tokens set id = gen_random_uuid(), method = case when kind = 'api_key' then null else 'mail' end,"
        " signed_in_at = case when kind = 'login' then created_at end"
    )
    op.alter_column("tokens", "id", nullable=False, schema="auth")
    op.create_unique_constraint("tokens_id_key", "tokens", ["id"], schema="auth")
    op.create_table(
        "challenges",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.TEXT(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=True),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("guesses", sa.Integer(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("challenges_pkey")),
        schema="auth",
    )
    op.create_index("challenges_expires_idx", "challenges", ["expires_at"], schema="auth")
    op.create_table(
        "passkeys",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.TEXT(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("passkeys_pkey")),
        sa.UniqueConstraint("credential_id", name=op.f("passkeys_credential_id_key")),
        schema="auth",
    )
    op.create_index("passkeys_person_idx", "passkeys", ["organization_id", "person_id"], schema="auth")
    op.create_table(
        "accounts",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("issuer", sa.TEXT(), nullable=False),
        sa.Column("subject", sa.TEXT(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "issuer", "subject", name=op.f("accounts_pkey")),
        sa.UniqueConstraint(
            "organization_id", "person_id", "issuer", name=op.f("accounts_organization_id_person_id_issuer_key")
        ),
        schema="auth",
    )
    for table in SECRET:
        op.execute(f"alter table auth.{table} enable row level security")
        op.execute(f"alter table auth.{table} force row level security")
        op.execute(f"create policy sign_in on auth.{table} to vuoro_auth using (true) with check (true)")
        op.execute(f"create policy migrator on auth.{table} to vuoro_migrator using (true) with check (true)")
        op.execute(f"alter table auth.{table} owner to vuoro_auth")
    op.create_table(
        "identity_providers",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("issuer", sa.TEXT(), nullable=False),
        sa.Column("client_id", sa.TEXT(), nullable=False),
        sa.Column("client_secret", sa.LargeBinary(), nullable=True),
        sa.Column("mail_domains", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("label", sa.TEXT(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("identity_providers_organization_id_fkey")
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("identity_providers_pkey")),
    )
    protect("identity_providers", worker="")
    op.execute(f"grant select ({PROVIDER}) on identity_providers to vuoro_auth")
    op.execute("create policy sign_in on identity_providers for select to vuoro_auth using (true)")
    replace_look_up(AFTER)


def downgrade() -> None:
    replace_look_up(BEFORE)
    op.drop_table("identity_providers")
    for table in reversed(SECRET):
        op.drop_table(table, schema="auth")
    op.drop_constraint("tokens_id_key", "tokens", schema="auth", type_="unique")
    for column in ("browser", "device", "signed_in_at", "method", "id"):
        op.drop_column("tokens", column, schema="auth")
