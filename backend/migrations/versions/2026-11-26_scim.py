"""Directory connections by SCIM: who may provision, what they said, groups, their rules, the log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import protect

revision = "scim_2"
down_revision = "doors_2"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NAMES = {
    "people_scim_name_idx": "lower(coalesce(user_name, work_email, external_id))",
    "people_shown_name_idx": "lower(display_name)",
}


def _key() -> list[sa.Column[object]]:
    return [sa.Column("organization_id", sa.UUID(), nullable=False), sa.Column("id", sa.UUID(), nullable=False)]


def _versioned() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    ]


def _to(table: str, column: str, target: str, **options: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id", column],
        [f"{target}.organization_id", f"{target}.id"],
        name=op.f(f"{table}_organization_id_{column}_fkey"),
        **options,
    )


def upgrade() -> None:
    op.execute(
        "create unique index people_user_name_key on people (organization_id, lower(user_name))"
        " where user_name is not null"
    )
    for name, expression in NAMES.items():
        op.execute(f"create index {name} on people (organization_id, {expression})")
    op.create_table(
        "scim_connections",
        *_key(),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.TEXT(), nullable=False),
        sa.Column("preset", sa.TEXT(), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("scope_field", sa.TEXT(), nullable=True),
        sa.Column("scope_values", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=True),
        *_versioned(),
        _to("scim_connections", "client_id", "api_clients"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("scim_connections_pkey")),
        sa.UniqueConstraint(
            "organization_id", "client_id", name=op.f("scim_connections_organization_id_client_id_key")
        ),
    )
    op.create_table(
        "scim_users",
        *_key(),
        sa.Column("connection_id", sa.UUID(), nullable=False),
        sa.Column("external_id", sa.TEXT(), nullable=True),
        sa.Column("said", postgresql.JSONB(), nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        _to("scim_users", "id", "people", ondelete="CASCADE"),
        _to("scim_users", "connection_id", "scim_connections", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("scim_users_pkey")),
    )
    op.create_index("scim_users_connection_idx", "scim_users", ["organization_id", "connection_id"])
    op.create_index("scim_users_external_idx", "scim_users", ["organization_id", "external_id"])
    op.create_table(
        "scim_groups",
        *_key(),
        sa.Column("connection_id", sa.UUID(), nullable=False),
        sa.Column("external_id", sa.TEXT(), nullable=True),
        sa.Column("display_name", sa.TEXT(), nullable=False),
        *_versioned(),
        _to("scim_groups", "connection_id", "scim_connections", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("scim_groups_pkey")),
    )
    op.create_index(
        "scim_groups_name_key", "scim_groups", ["organization_id", "connection_id", sa.text("lower(display_name)")],
        unique=True,
    )  # fmt: skip
    op.create_index("scim_groups_external_idx", "scim_groups", ["organization_id", "external_id"])
    op.create_table(
        "scim_members",
        *_key(),
        sa.Column("group_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("child_id", sa.UUID(), nullable=True),
        _to("scim_members", "group_id", "scim_groups", ondelete="CASCADE"),
        _to("scim_members", "person_id", "people", ondelete="CASCADE"),
        _to("scim_members", "child_id", "scim_groups", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("scim_members_pkey")),
        sa.UniqueConstraint(
            "organization_id", "group_id", "person_id", "child_id",
            name=op.f("scim_members_organization_id_group_id_person_id_child_id_key"),
            postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip
    op.create_index("scim_members_person_idx", "scim_members", ["organization_id", "person_id"])
    op.create_index("scim_members_child_idx", "scim_members", ["organization_id", "child_id"])
    op.create_table(
        "scim_group_rules",
        *_key(),
        sa.Column("group_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.TEXT(), nullable=True),
        sa.Column("part", sa.TEXT(), nullable=True),
        sa.Column("program_id", sa.UUID(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        _to("scim_group_rules", "group_id", "scim_groups", ondelete="CASCADE"),
        _to("scim_group_rules", "program_id", "programs", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("scim_group_rules_pkey")),
        sa.UniqueConstraint(
            "organization_id", "group_id", "role", "part", "program_id",
            name=op.f("scim_group_rules_organization_id_group_id_role_part_program_id_key"),
            postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip
    op.create_table(
        "scim_given",
        *_key(),
        sa.Column("rule_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("grant_id", sa.UUID(), nullable=True),
        _to("scim_given", "rule_id", "scim_group_rules", ondelete="CASCADE"),
        _to("scim_given", "person_id", "people", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("scim_given_pkey")),
        sa.UniqueConstraint(
            "organization_id", "rule_id", "person_id", name=op.f("scim_given_organization_id_rule_id_person_id_key")
        ),
    )
    op.create_index("scim_given_person_idx", "scim_given", ["organization_id", "person_id"])
    op.create_table(
        "scim_log",
        *_key(),
        sa.Column("connection_id", sa.UUID(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("method", sa.TEXT(), nullable=False),
        sa.Column("path", sa.TEXT(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("scim_type", sa.TEXT(), nullable=True),
        sa.Column("code", sa.TEXT(), nullable=False),
        sa.Column("attribute", sa.TEXT(), nullable=True),
        sa.Column("person_id", sa.UUID(), nullable=True),
        _to("scim_log", "connection_id", "scim_connections", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("scim_log_pkey")),
    )
    op.create_index("scim_log_newest_idx", "scim_log", ["organization_id", "connection_id", "id"])
    op.create_index("scim_log_person_idx", "scim_log", ["organization_id", "person_id"])
    op.create_index("scim_log_at_idx", "scim_log", ["organization_id", "at"])
    for table in ("scim_connections", "scim_users", "scim_groups", "scim_members", "scim_group_rules", "scim_given"):
        protect(table)
    protect("scim_log", app="select, insert, delete")


def downgrade() -> None:
    for table in (
        "scim_log", "scim_given", "scim_group_rules", "scim_members", "scim_groups", "scim_users", "scim_connections",
    ):  # fmt: skip
        op.drop_table(table)
    for name in (*NAMES, "people_user_name_key"):
        op.drop_index(name, "people")
