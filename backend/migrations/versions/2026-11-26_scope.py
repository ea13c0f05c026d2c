"""Whoever is in the directory as a line alone is signed in nowhere."""

import sqlalchemy as sa
from alembic import op

revision = "scope_1"
down_revision = "scim_2"
branch_labels = None
depends_on = None

BEFORE = "p.status <> 'left' and p.deleted_at is null"
AFTER = f"{BEFORE} and not p.graph_only"


def _authenticate(before: str, after: str) -> None:
    body = op.get_bind().exec_driver_sql("select pg_get_functiondef('auth.authenticate'::regproc)").scalar_one()
    assert before in body
    op.execute(sa.text(body.replace(before, after).replace(":", r"\:")))


def upgrade() -> None:
    _authenticate(BEFORE, AFTER)


def downgrade() -> None:
    _authenticate(AFTER, BEFORE)
