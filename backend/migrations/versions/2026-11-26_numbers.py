"""Employee numbers are looked up by index: what a connection said, and what the directory has."""

import sqlalchemy as sa
from alembic import op

revision = "numbers_1"
down_revision = "scope_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("people_number_idx", "people", ["organization_id", sa.text("lower(external_id)")])
    op.create_index(
        "scim_users_number_idx", "scim_users", ["organization_id", sa.text("lower(said ->> 'employeeNumber')")]
    )


def downgrade() -> None:
    op.drop_index("scim_users_number_idx", "scim_users")
    op.drop_index("people_number_idx", "people")
