"""Sessions in calendars: what was told by mail, a feed a person, and mails about sessions for their reader alone."""

import sqlalchemy as sa
from alembic import op
from walls import PERSON, protect

revision = "calendar_1"
down_revision = "lowered_1"
branch_labels = None
depends_on = None

# A calendar signs in nowhere: its token opens the one feed, and nothing with auth.authenticate.
OPEN_FEED = """
create function auth.open_feed(p_hash bytea, p_now timestamptz)
returns table (organization_id uuid, person_id uuid)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    found auth.tokens;
begin
    select t.* into found from auth.tokens t where t.hash = p_hash and t.kind = 'feed';
    if found.hash is null or not exists (
        select 1 from public.people p where p.organization_id = found.organization_id and p.id = found.person_id
           and p.status <> 'left' and p.deleted_at is null and not p.graph_only
    ) then
        return;
    end if;
    -- the day is kept, not the moment
    if found.used_at is null or found.used_at < date_trunc('day', p_now, 'UTC') then
        update auth.tokens t set used_at = date_trunc('day', p_now, 'UTC')
         where t.hash = (select k.hash from auth.tokens k where k.hash = p_hash for update skip locked);
    end if;
    perform set_config('vuoro.organization_id', found.organization_id::text, true),
            set_config('vuoro.person_id', found.person_id::text, true);
    return query select found.organization_id, found.person_id;
end $$
"""


def upgrade() -> None:
    op.create_table(
        "calendar_invites",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("told", sa.LargeBinary(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "session_id"],
            ["sessions.organization_id", "sessions.id"],
            name=op.f("calendar_invites_organization_id_session_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("calendar_invites_organization_id_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("calendar_invites_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "session_id",
            "person_id",
            name=op.f("calendar_invites_organization_id_session_id_person_id_key"),
        ),
    )
    op.create_index("calendar_invites_person_idx", "calendar_invites", ["organization_id", "person_id"])
    protect("calendar_invites", app="")
    # When somebody is to meet is told to nobody else, not even by the moment of a mail.
    op.execute(
        "create policy sessions on deliveries as restrictive to vuoro_app"
        f" using (kind not like 'session.%' or person_id = {PERSON})"
    )
    op.create_index(
        "tokens_feed_key",
        "tokens",
        ["organization_id", "person_id"],
        unique=True,
        schema="auth",
        postgresql_where="kind = 'feed'",
    )
    op.execute(OPEN_FEED)
    op.execute("alter function auth.open_feed owner to vuoro_auth")
    op.execute("revoke all on function auth.open_feed from public")
    op.execute("grant execute on function auth.open_feed to vuoro_app")


def downgrade() -> None:
    op.execute("drop function auth.open_feed")
    op.execute("delete from auth.tokens where kind = 'feed'")
    op.drop_index("tokens_feed_key", "tokens", schema="auth")
    op.execute("drop policy sessions on deliveries")
    op.drop_table("calendar_invites")
