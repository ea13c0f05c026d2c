"""Enrollments: invitations, the longer profile, wishes."""

revision = "enrollments_2"
down_revision = "programs_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
