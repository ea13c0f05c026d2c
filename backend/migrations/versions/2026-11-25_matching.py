"""Matching: trial runs, one run at a time a program, stopping, certificates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import protect

revision = "matching_2"
down_revision = "next_actions_2"
branch_labels = None
depends_on = None

AT_WORK = "state in ('queued', 'running')"
PLAIN = """'{"goal": "total", "fairness": 0, "floor": false, "trial": null}'"""
# Of several cohorts' runs at work in one program the first goes on.
ONE_EACH = f"""
update match_runs r set state = 'cancelled', finished_at = now(), version = version + 1, updated_at = now()
 where {AT_WORK} and exists (
    select 1 from match_runs f where f.organization_id = r.organization_id and f.program_id = r.program_id
       and f.id < r.id and f.{AT_WORK})
"""


def _busy(column: str) -> None:
    op.drop_index("match_runs_busy_key", "match_runs")
    columns = ["organization_id", column]
    op.create_index("match_runs_busy_key", "match_runs", columns, unique=True, postgresql_where=AT_WORK)


def upgrade() -> None:
    op.add_column("match_runs", sa.Column("trial", sa.Boolean(), server_default=sa.false(), nullable=False))
    json = postgresql.JSONB(astext_type=sa.Text())
    op.add_column("match_runs", sa.Column("options", json, server_default=sa.text(PLAIN), nullable=False))
    for name in ("trial", "options"):
        op.alter_column("match_runs", name, server_default=None)
    op.add_column("match_runs", sa.Column("kept", sa.Integer(), nullable=True))
    op.add_column("match_runs", sa.Column("stop_requested_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(ONE_EACH)
    _busy("program_id")
    op.create_table(
        "match_certificates",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("match_run_id", sa.UUID(), nullable=False),
        sa.Column("body", json, nullable=False),
        sa.Column("market", json, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "match_run_id"],
            ["match_runs.organization_id", "match_runs.id"],
            name=op.f("match_certificates_organization_id_match_run_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("match_certificates_pkey")),
        sa.UniqueConstraint(
            "organization_id", "match_run_id", name=op.f("match_certificates_organization_id_match_run_id_key")
        ),
    )
    protect("match_certificates", app="select", worker="select, insert")


def downgrade() -> None:
    op.drop_table("match_certificates")
    _busy("cohort_id")
    for name in ("stop_requested_at", "kept", "options", "trial"):
        op.drop_column("match_runs", name)
