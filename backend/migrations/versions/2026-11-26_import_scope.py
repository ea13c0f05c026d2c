"""Who of a file takes part, and who is a place in the chart alone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "import_scope_1"
down_revision = "calendar_1"
branch_labels = None
depends_on = None

TABLES = ("imports", "import_mappings")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("scope_field", sa.TEXT(), nullable=True))
        op.add_column(
            table, sa.Column("scope_values", postgresql.ARRAY(sa.TEXT()), nullable=False, server_default="{}")
        )
        op.alter_column(table, "scope_values", server_default=None)
    op.add_column("imports", sa.Column("choices", postgresql.JSONB(), nullable=True))
    op.add_column("import_rows", sa.Column("graph_only", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("import_rows", "graph_only", server_default=None)
    op.create_index(
        "import_rows_outside_idx",
        "import_rows",
        ["organization_id", "import_id", "row", "id"],
        postgresql_where=sa.text("graph_only"),
    )


def downgrade() -> None:
    op.drop_index("import_rows_outside_idx", table_name="import_rows")
    op.drop_column("import_rows", "graph_only")
    op.drop_column("imports", "choices")
    for table in TABLES:
        op.drop_column(table, "scope_values")
        op.drop_column(table, "scope_field")
