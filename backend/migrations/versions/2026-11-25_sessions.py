"""Sessions: who missed, delegates, free times."""

revision = "sessions_2"
down_revision = "conflicts_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
