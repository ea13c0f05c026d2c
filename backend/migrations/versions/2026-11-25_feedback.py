"""Feedback: fit checks, surveys, growth, concerns, waves and their published cells."""

revision = "feedback_2"
down_revision = "sessions_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
