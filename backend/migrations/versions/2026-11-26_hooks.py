"""Webhooks: where events go, and how each went. Imports: how the newest is undone, and kept mappings of columns."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import protect

revision = "hooks_1"
down_revision = "privacy_2"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# The worker signs events, and opens no other key: what people wrote stays closed to it.
WEBHOOK_KEY = """
create function webhook_key(p_organization uuid)
returns table (master_key text, wrapped bytea)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select k.master_key, k.wrapped from data_keys k
     where k.organization_id = p_organization and k.owner_kind = 'webhooks' and k.owner_id = p_organization
       and p_organization = nullif(current_setting('vuoro.organization_id', true), '')::uuid
$$
"""


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("url", sa.TEXT(), nullable=False),
        sa.Column("description", sa.TEXT(), nullable=False),
        sa.Column("event_types", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("program_id", sa.UUID(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("old_secret", sa.LargeBinary(), nullable=True),
        sa.Column("old_secret_until", MOMENT, nullable=True),
        sa.Column("off_because", sa.TEXT(), nullable=True),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "program_id"],
            ["programs.organization_id", "programs.id"],
            name=op.f("webhook_endpoints_organization_id_program_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("webhook_endpoints_pkey")),
    )
    protect("webhook_endpoints", worker="select, update (off_because, failing_since, version, updated_at)")
    op.create_table(
        "webhook_deliveries",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("endpoint_id", sa.UUID(), nullable=False),
        sa.Column("event_id", sa.UUID(), nullable=False),
        sa.Column("event_type", sa.TEXT(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("attempts", postgresql.JSONB(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "endpoint_id"],
            ["webhook_endpoints.organization_id", "webhook_endpoints.id"],
            name=op.f("webhook_deliveries_organization_id_endpoint_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("webhook_deliveries_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "endpoint_id",
            "event_id",
            name=op.f("webhook_deliveries_organization_id_endpoint_id_event_id_key"),
        ),
    )
    op.create_index("webhook_deliveries_newest_idx", "webhook_deliveries", ["organization_id", "endpoint_id", "id"])
    op.create_index(
        "webhook_deliveries_waiting_idx",
        "webhook_deliveries",
        ["organization_id", "endpoint_id", "due_at"],
        postgresql_where="state = 'waiting'",
    )
    protect(
        "webhook_deliveries",
        app="select, insert, update (state, tries, due_at)",
        worker="select, insert, update (state, tries, attempts, due_at), delete",
    )
    op.add_column("imports", sa.Column("mapping_name", sa.TEXT(), nullable=True))
    op.add_column("imports", sa.Column("undo_until", MOMENT, nullable=True))
    op.add_column("imports", sa.Column("undone", postgresql.JSONB(), nullable=True))
    op.create_table(
        "import_inverses",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("import_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("person_version", sa.Integer(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "import_id"],
            ["imports.organization_id", "imports.id"],
            name=op.f("import_inverses_organization_id_import_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("import_inverses_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "import_id",
            "person_id",
            name=op.f("import_inverses_organization_id_import_id_person_id_key"),
        ),
    )
    # `vuoro import` writes as the API's login does; nothing shows these rows.
    protect("import_inverses", app="select, insert, delete", worker="select, insert, delete")
    op.create_table(
        "import_mappings",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.TEXT(), nullable=False),
        sa.Column("headers", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("columns", postgresql.JSONB(), nullable=False),
        sa.Column("date_order", sa.TEXT(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("import_mappings_pkey")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("import_mappings_organization_id_name_key")),
    )
    protect("import_mappings", worker="select")
    op.execute(WEBHOOK_KEY)
    op.execute("revoke all on function webhook_key(uuid) from public")
    op.execute("grant execute on function webhook_key(uuid) to vuoro_worker")


def downgrade() -> None:
    op.execute("drop function webhook_key(uuid)")
    for table in ("import_mappings", "import_inverses"):
        op.drop_table(table)
    for column in ("mapping_name", "undo_until", "undone"):
        op.drop_column("imports", column)
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_endpoints")
