"""Pairs: goals, closing, staying in touch, consent to share."""

revision = "pairs_2"
down_revision = "enrollments_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
