"""Conflicts: overrides by two, offers made by hand."""

import sqlalchemy as sa
from alembic import op
from walls import PERSON, protect, seal

revision = "conflicts_2"
down_revision = "pairs_2"
branch_labels = None
depends_on = None

# The mentor reads the reason once two have signed it; managers of the program read and write it, the mentee never.
MANAGER = (
    "exists (select 1 from pairs p join grants g on g.organization_id = p.organization_id"
    " and (g.program_id is null or g.program_id = p.program_id) and g.role = 'programme_manager'"
    " where p.organization_id = override_reasons.organization_id and p.id = override_reasons.pair_id"
    f" and g.person_id = {PERSON} and {PERSON} not in (p.mentor_id, p.mentee_id))"
)
MENTOR = (
    "exists (select 1 from pairs p join pair_overrides o on o.organization_id = p.organization_id and o.pair_id = p.id"
    " where p.organization_id = override_reasons.organization_id and p.id = override_reasons.pair_id"
    f" and p.mentor_id = {PERSON} and o.confirmed_at is not null)"
)

# A proposal takes no place: the two may be offered to each other while it waits.
OPEN_KEY = ["organization_id", "cohort_id", "mentor_id", "mentee_id"]
OVER = "'declined', 'expired', 'ended_early', 'completed'"
OPEN_NOT = f"'proposed', {OVER}"


def upgrade() -> None:
    op.create_table(
        "pair_overrides",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("pair_id", sa.UUID(), nullable=False),
        sa.Column("requested_by", sa.UUID(), nullable=False),
        sa.Column("confirmed_by", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mentee_steps_above", sa.Integer(), nullable=True),
        sa.Column("mentor_steps_above", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "pair_id"],
            ["pairs.organization_id", "pairs.id"],
            name=op.f("pair_overrides_organization_id_pair_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "requested_by"],
            ["people.organization_id", "people.id"],
            name=op.f("pair_overrides_organization_id_requested_by_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "confirmed_by"],
            ["people.organization_id", "people.id"],
            name=op.f("pair_overrides_organization_id_confirmed_by_fkey"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pair_overrides_pkey")),
        sa.UniqueConstraint("organization_id", "pair_id", name=op.f("pair_overrides_organization_id_pair_id_key")),
    )
    op.create_table(
        "override_reasons",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("pair_id", sa.UUID(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "id"],
            ["pair_overrides.organization_id", "pair_overrides.id"],
            name=op.f("override_reasons_organization_id_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "pair_id"],
            ["pairs.organization_id", "pairs.id"],
            name=op.f("override_reasons_organization_id_pair_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("override_reasons_pkey")),
    )
    protect("pair_overrides", worker="select, delete")
    protect("override_reasons", app="select, insert, delete", worker="select (organization_id, id, pair_id), delete")
    seal("override_reasons", f"{MANAGER} or {MENTOR}", MANAGER)
    op.create_index(
        "people_waiting_idx",
        "people",
        ["organization_id", "manager_external_id"],
        unique=False,
        postgresql_where="manager_id is null and manager_external_id is not null",
    )
    op.create_index(
        "dotted_lines_waiting_idx",
        "dotted_lines",
        ["organization_id", "manager_external_id"],
        unique=False,
        postgresql_where="manager_id is null",
    )
    op.create_index(
        "enrollments_rest_idx",
        "enrollments",
        ["organization_id", "rests_until"],
        unique=False,
        postgresql_where="rests_until is not null",
    )
    op.drop_index("pairs_open_key", "pairs")
    op.create_index("pairs_open_key", "pairs", OPEN_KEY, unique=True, postgresql_where=f"state not in ({OPEN_NOT})")
    op.create_index(
        "pairs_top_exempt_idx", "pairs", ["organization_id", "id"], unique=False, postgresql_where="top_exempt"
    )


def downgrade() -> None:
    op.drop_index("pairs_top_exempt_idx", "pairs")
    op.drop_index("pairs_open_key", "pairs")
    op.create_index("pairs_open_key", "pairs", OPEN_KEY, unique=True, postgresql_where=f"state not in ({OVER})")
    op.drop_index("enrollments_rest_idx", "enrollments")
    op.drop_index("dotted_lines_waiting_idx", "dotted_lines")
    op.drop_index("people_waiting_idx", "people")
    op.drop_table("override_reasons")
    op.drop_table("pair_overrides")
