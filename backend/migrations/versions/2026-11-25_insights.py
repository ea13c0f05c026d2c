"""Idea seeds, candid messages, thought boards, takeaways, action items."""

revision = "insights_2"
down_revision = "feedback_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
