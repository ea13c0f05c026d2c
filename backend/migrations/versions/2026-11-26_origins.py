"""Who set a field of a person last."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "origins_1"
down_revision = "import_scope_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("origins", postgresql.JSONB(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("people", "origins")
