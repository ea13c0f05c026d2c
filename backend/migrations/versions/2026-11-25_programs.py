"""Programs: settings in versions, cohorts, announcements, events, challenges."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import ORGANIZATION, PERSON, protect, seal

revision = "programs_2"
down_revision = "walls_1"
branch_labels = None
depends_on = None

# (what the API may do, what the worker may do)
GRANTS = {
    "program_settings_versions": ("select, insert", "select"),
    "announcements": ("select, insert, update", "select, update"),
    "program_events": ("select, insert, update", "select"),
    "program_event_replies": ("select, insert, update", "select, delete"),
    "challenges": ("select, insert, update", "select, delete"),
}

# Who comes is their own business: managers get the two numbers of a gathering, never a name.
REPLY_COUNTS = f"""
create function program_event_replies_counted(p_events uuid[])
returns table (event_id uuid, coming bigint, not_coming bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select r.event_id, count(*) filter (where r.attending), count(*) filter (where not r.attending)
      from program_event_replies r
     where r.organization_id = {ORGANIZATION} and r.event_id = any(p_events)
     group by 1
$$
"""


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("program_id", sa.UUID(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("audience", sa.TEXT(), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "program_id"],
            ["programs.organization_id", "programs.id"],
            name=op.f("announcements_organization_id_program_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("announcements_pkey")),
    )
    op.create_index(
        "announcements_due_idx",
        "announcements",
        ["organization_id", "publish_at"],
        unique=False,
        postgresql_where="state = 'scheduled'",
    )
    op.create_index(
        "announcements_feed_idx", "announcements", ["organization_id", "program_id", "listed_at", "id"], unique=False
    )
    op.create_table(
        "challenges",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("program_id", sa.UUID(), nullable=False),
        sa.Column("author_id", sa.UUID(), nullable=False),
        sa.Column("title", sa.TEXT(), nullable=False),
        sa.Column("text", sa.TEXT(), nullable=False),
        sa.Column("topics", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("skills", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "author_id"],
            ["people.organization_id", "people.id"],
            name=op.f("challenges_organization_id_author_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "program_id"],
            ["programs.organization_id", "programs.id"],
            name=op.f("challenges_organization_id_program_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("challenges_pkey")),
    )
    op.create_index("challenges_author_idx", "challenges", ["organization_id", "author_id"], unique=False)
    op.create_index(
        "challenges_program_idx", "challenges", ["organization_id", "program_id", "state", "id"], unique=False
    )
    op.create_table(
        "program_events",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("program_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.TEXT(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("audience", sa.TEXT(), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone", sa.TEXT(), nullable=False),
        sa.Column("place", sa.TEXT(), nullable=True),
        sa.Column("meeting_url", sa.TEXT(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "program_id"],
            ["programs.organization_id", "programs.id"],
            name=op.f("program_events_organization_id_program_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("program_events_pkey")),
    )
    op.create_index(
        "program_events_time_idx", "program_events", ["organization_id", "program_id", "starts_at", "id"], unique=False
    )
    op.create_table(
        "program_settings_versions",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("program_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changed_by", sa.UUID(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "changed_by"],
            ["people.organization_id", "people.id"],
            name=op.f("program_settings_versions_organization_id_changed_by_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "program_id"],
            ["programs.organization_id", "programs.id"],
            name=op.f("program_settings_versions_organization_id_program_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("program_settings_versions_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "program_id",
            "number",
            name=op.f("program_settings_versions_organization_id_program_id_number_key"),
        ),
    )
    op.create_table(
        "program_event_replies",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("event_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("attending", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "event_id"],
            ["program_events.organization_id", "program_events.id"],
            name=op.f("program_event_replies_organization_id_event_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("program_event_replies_organization_id_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("program_event_replies_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "event_id",
            "person_id",
            name=op.f("program_event_replies_organization_id_event_id_person_id_key"),
        ),
    )
    op.create_index(
        "program_event_replies_person_idx", "program_event_replies", ["organization_id", "person_id"], unique=False
    )
    op.add_column("cohorts", sa.Column("state", sa.TEXT(), nullable=False, server_default=sa.text("'open'")))
    op.add_column("cohorts", sa.Column("starts_on", sa.Date(), nullable=True))
    op.add_column("cohorts", sa.Column("follows_id", sa.UUID(), nullable=True))
    op.add_column("cohorts", sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.add_column(
        "cohorts",
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("'2026-11-24T00:00:00Z'")
        ),
    )
    op.add_column(
        "cohorts",
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("'2026-11-24T00:00:00Z'")
        ),
    )
    op.drop_index(op.f("cohorts_program_idx"), table_name="cohorts")
    op.create_index("cohorts_program_idx", "cohorts", ["organization_id", "program_id", "id"], unique=False)
    op.create_index(
        "cohorts_closes_idx",
        "cohorts",
        ["organization_id", "closes_on"],
        unique=False,
        postgresql_where="state = 'open'",
    )
    op.create_index(
        "cohorts_name_key",
        "cohorts",
        ["organization_id", "program_id", "name"],
        unique=True,
        postgresql_where="state <> 'discarded'",
    )
    op.create_unique_constraint(
        op.f("cohorts_organization_id_follows_id_key"), "cohorts", ["organization_id", "follows_id"]
    )
    op.create_foreign_key(
        op.f("cohorts_organization_id_follows_id_fkey"),
        "cohorts",
        "cohorts",
        ["organization_id", "follows_id"],
        ["organization_id", "id"],
    )
    for column in ("state", "version", "created_at", "updated_at"):
        op.alter_column("cohorts", column, server_default=None)
    op.execute(
        "update cohorts c set created_at = p.created_at, updated_at = p.created_at from programs p"
        " where p.organization_id = c.organization_id and p.id = c.program_id"
    )
    op.execute(
        "insert into program_settings_versions (organization_id, id, program_id, number, settings, changes, at)"
        " select organization_id, gen_random_uuid(), id, 1, settings, '[]'::jsonb, updated_at from programs"
    )
    for table, (app, worker) in GRANTS.items():
        protect(table, app=app, worker=worker)
    seal("program_event_replies", f"person_id = {PERSON}")
    op.execute(REPLY_COUNTS)
    op.execute("revoke all on function program_event_replies_counted(uuid[]) from public")
    op.execute("grant execute on function program_event_replies_counted(uuid[]) to vuoro_app")


def downgrade() -> None:
    op.execute("drop function program_event_replies_counted")

    op.drop_constraint(op.f("cohorts_organization_id_follows_id_fkey"), "cohorts", type_="foreignkey")
    op.drop_constraint(op.f("cohorts_organization_id_follows_id_key"), "cohorts", type_="unique")
    op.drop_index("cohorts_name_key", table_name="cohorts", postgresql_where="state <> 'discarded'")
    op.drop_index("cohorts_closes_idx", table_name="cohorts", postgresql_where="state = 'open'")
    op.drop_index("cohorts_program_idx", table_name="cohorts")
    op.create_index(op.f("cohorts_program_idx"), "cohorts", ["organization_id", "program_id"], unique=False)
    op.drop_column("cohorts", "updated_at")
    op.drop_column("cohorts", "created_at")
    op.drop_column("cohorts", "version")
    op.drop_column("cohorts", "follows_id")
    op.drop_column("cohorts", "starts_on")
    op.drop_column("cohorts", "state")
    op.drop_index("program_event_replies_person_idx", table_name="program_event_replies")
    op.drop_table("program_event_replies")
    op.drop_table("program_settings_versions")
    op.drop_index("program_events_time_idx", table_name="program_events")
    op.drop_table("program_events")
    op.drop_index("challenges_program_idx", table_name="challenges")
    op.drop_index("challenges_author_idx", table_name="challenges")
    op.drop_table("challenges")
    op.drop_index("announcements_feed_idx", table_name="announcements")
    op.drop_index("announcements_due_idx", table_name="announcements", postgresql_where="state = 'scheduled'")
    op.drop_table("announcements")
