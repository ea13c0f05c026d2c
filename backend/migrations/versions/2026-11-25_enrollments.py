"""Enrollments: invitations, the longer profile, wishes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import PERSON, protect, seal

revision = "enrollments_2"
down_revision = "programs_2"
branch_labels = None
depends_on = None

TABLES = ("wishes", "enrollment_imports", "invitation_links", "invitations", "boundaries")
# A mentor's boundaries open to the mentee once the pair is active, and close with it.
OF_THE_PAIR = (
    f"person_id = {PERSON} or exists (select 1 from pairs p where p.organization_id = boundaries.organization_id"
    f" and p.mentor_enrollment_id = boundaries.enrollment_id and p.mentee_id = {PERSON}"
    " and p.state in ('active', 'paused', 'closing', 'stay_in_touch'))"
)


def _id(name: str, *, null: bool = False) -> sa.Column[sa.UUID]:
    return sa.Column(name, sa.UUID(), nullable=null)


def _moment(name: str, *, null: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _fk(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id", column], [f"{target}.organization_id", f"{target}.id"],
        name=f"{table}_organization_id_{column}_fkey", ondelete="CASCADE",
    )  # fmt: skip


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    op.create_table(
        name, _id("organization_id"), _id("id"), *parts,
        sa.PrimaryKeyConstraint("organization_id", "id", name=f"{name}_pkey"),
    )  # fmt: skip


def upgrade() -> None:
    op.add_column("enrollments", sa.Column("wants_to_understand", postgresql.ARRAY(sa.TEXT()), nullable=False,
                                           server_default="{}"))  # fmt: skip
    op.add_column("enrollments", sa.Column("availability", postgresql.JSONB(), nullable=False, server_default="[]"))
    for name in ("wants_to_understand", "availability"):
        op.alter_column("enrollments", name, server_default=None)
    op.add_column("enrollments", sa.Column("availability_zone", sa.TEXT(), nullable=True))
    op.add_column("enrollments", _moment("capacity_consented_at", null=True))
    op.add_column("enrollments", _moment("rests_until", null=True))

    _table(
        "boundaries", _id("enrollment_id"), _id("person_id"), sa.Column("text", sa.LargeBinary(), nullable=False),
        _moment("updated_at"),
        _fk("boundaries", "enrollment_id", "enrollments"), _fk("boundaries", "person_id", "people"),
        sa.UniqueConstraint("organization_id", "enrollment_id", name="boundaries_organization_id_enrollment_id_key"),
    )  # fmt: skip
    _table(
        "invitations", _id("program_id"), _id("enrollment_id"), _id("batch_id"),
        sa.Column("state", sa.TEXT(), nullable=False), _moment("due_at"), _moment("sent_at"),
        sa.Column("version", sa.Integer(), nullable=False), _moment("created_at"), _moment("updated_at"),
        _fk("invitations", "program_id", "programs"), _fk("invitations", "enrollment_id", "enrollments"),
    )  # fmt: skip
    op.create_index("invitations_program_idx", "invitations", ["organization_id", "program_id", "state", "id"])
    op.create_index("invitations_enrollment_idx", "invitations", ["organization_id", "enrollment_id", "id"])
    op.create_index(
        "invitations_pending_key", "invitations", ["organization_id", "enrollment_id"], unique=True,
        postgresql_where="state = 'pending'",
    )  # fmt: skip
    op.create_index("invitations_due_idx", "invitations", ["due_at"], postgresql_where="state = 'pending'")
    _table(
        "invitation_links", _id("program_id"), _id("cohort_id"), sa.Column("role", sa.TEXT(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False), _moment("expires_at", null=True),
        sa.Column("max_uses", sa.Integer(), nullable=True), sa.Column("uses", sa.Integer(), nullable=False),
        _moment("revoked_at", null=True),
        sa.Column("version", sa.Integer(), nullable=False), _moment("created_at"), _moment("updated_at"),
        _fk("invitation_links", "program_id", "programs"), _fk("invitation_links", "cohort_id", "cohorts"),
        sa.UniqueConstraint("organization_id", "code_hash", name="invitation_links_organization_id_code_hash_key"),
    )  # fmt: skip
    op.create_index("invitation_links_program_idx", "invitation_links", ["organization_id", "program_id", "id"])
    _table(
        "enrollment_imports", _id("program_id"), sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False), sa.Column("changed", sa.Integer(), nullable=False),
        _moment("created_at"), _fk("enrollment_imports", "program_id", "programs"),
    )  # fmt: skip
    op.create_index("enrollment_imports_program_idx", "enrollment_imports", ["organization_id", "program_id", "id"])
    _table(
        "wishes", _id("enrollment_id"), _id("cohort_id"), _id("person_id"),
        sa.Column("place", sa.Integer(), nullable=False),
        _fk("wishes", "enrollment_id", "enrollments"), _fk("wishes", "cohort_id", "cohorts"),
        _fk("wishes", "person_id", "people"),
        sa.UniqueConstraint("organization_id", "enrollment_id", "person_id",
                            name="wishes_organization_id_enrollment_id_person_id_key"),
    )  # fmt: skip
    op.create_index("wishes_cohort_idx", "wishes", ["organization_id", "cohort_id", "enrollment_id", "place"])

    protect("boundaries", worker="select (organization_id, id, enrollment_id, person_id, updated_at), delete")
    seal("boundaries", OF_THE_PAIR, f"person_id = {PERSON}")
    protect("invitations", app="select, insert, update", worker="select, update, delete")
    protect("invitation_links", app="select, insert, update", worker="select, delete")
    protect("enrollment_imports", app="select, insert", worker="select, delete")
    protect("wishes", worker="select, delete")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for name in ("rests_until", "capacity_consented_at", "availability_zone", "availability", "wants_to_understand"):
        op.drop_column("enrollments", name)
