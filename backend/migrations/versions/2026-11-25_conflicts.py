"""Conflicts: overrides by two, offers made by hand."""

revision = "conflicts_2"
down_revision = "pairs_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
