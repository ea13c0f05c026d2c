"""Privacy: who looked, erasures, retention, and what the worker may delete and empty for them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import PERSON, protect, seal

revision = "privacy_2"
down_revision = "guards_2"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
DAYS = ("words", "participation", "leavers", "access_log", "deliveries", "concerns")
# Those who look are written down for the people whom they looked at; nobody else reads it.
LOOKED_AT = f"{PERSON} = any(people)"
# One wrapped key of each master key, so that a start finds out whether its ring opens what there is.
KEY_SAMPLES = """
create function key_samples()
returns table (organization_id uuid, owner_kind text, owner_id uuid, master_key text, wrapped bytea)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select distinct on (k.master_key) k.organization_id, k.owner_kind, k.owner_id, k.master_key, k.wrapped
      from data_keys k order by k.master_key, k.id
$$
"""
FORGET_PERSON = """
create function auth.forget_person(p_organization uuid, p_person uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    delete from auth.tokens t where t.organization_id = p_organization and t.person_id = p_person;
    delete from auth.challenges c where c.organization_id = p_organization and c.person_id = p_person;
    delete from auth.passkeys k where k.organization_id = p_organization and k.person_id = p_person;
    delete from auth.accounts a where a.organization_id = p_organization and a.person_id = p_person
$$
"""
FORGET_EXPIRED = """
create function auth.forget_expired(p_organization uuid, p_before timestamptz) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    delete from auth.tokens t where t.organization_id = p_organization
       and (t.expires_at < p_before or t.idle_until < p_before);
    delete from auth.challenges c where c.expires_at < p_before
$$
"""
AUTH = {"forget_person": "uuid, uuid", "forget_expired": "uuid, timestamptz"}
# table → what the worker may do now that it could not
MORE = {
    "candid_messages": "update (answer, answer_text, answered_at)",
    "wave_members": "update (person_id)",
    "match_certificates": "delete",
    "state_changes": "delete",
    "concerns": "select (author_id, closed_at)",
}


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reader_kind", sa.TEXT(), nullable=False),
        sa.Column("reader_id", sa.UUID(), nullable=False),
        sa.Column("what", sa.TEXT(), nullable=False),
        sa.Column("people", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("program_id", sa.UUID(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("access_log_pkey")),
    )
    op.create_index("access_log_people_idx", "access_log", ["people"], postgresql_using="gin")
    op.create_index("access_log_at_idx", "access_log", ["organization_id", "at"])
    protect("access_log", app="select, insert", worker="select, delete")
    seal("access_log", LOOKED_AT, "true")
    op.create_table(
        "erasures",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("requested_by", sa.UUID(), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("erasures_organization_id_person_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("erasures_pkey")),
    )
    waiting = "state = 'waiting'"
    op.create_index("erasures_due_idx", "erasures", ["organization_id", "due_at"], postgresql_where=waiting)
    op.create_index(
        "erasures_waiting_key", "erasures", ["organization_id", "person_id"], unique=True, postgresql_where=waiting
    )
    protect("erasures", app="select, insert, update (state)")
    op.create_table(
        "retention_settings",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        *(sa.Column(f"{name}_days", sa.Integer(), nullable=False) for name in DAYS),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("retention_settings_pkey")),
    )
    protect("retention_settings", app="select, insert, update", worker="select, insert, update (due_at)")
    for table, grant in MORE.items():
        op.execute(f"grant {grant} on {table} to vuoro_worker")
    op.execute("create index pairs_ended_idx on pairs (organization_id, ended_at) where ended_at is not null")
    op.execute(KEY_SAMPLES)
    op.execute("revoke all on function key_samples() from public")
    op.execute("grant execute on function key_samples() to vuoro_app, vuoro_worker")
    for function in (FORGET_PERSON, FORGET_EXPIRED):
        op.execute(function)
    for name, arguments in AUTH.items():
        op.execute(f"alter function auth.{name} owner to vuoro_auth")
        op.execute(f"revoke all on function auth.{name}({arguments}) from public")
        op.execute(f"grant execute on function auth.{name}({arguments}) to vuoro_worker")


def downgrade() -> None:
    for name, arguments in AUTH.items():
        op.execute(f"drop function auth.{name}({arguments})")
    op.execute("drop function key_samples()")
    op.execute("drop index pairs_ended_idx")
    for table, grant in MORE.items():
        op.execute(f"revoke {grant} on {table} from vuoro_worker")
    for table in ("retention_settings", "erasures", "access_log"):
        op.drop_table(table)
