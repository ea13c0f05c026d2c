"""Programs: settings in versions, cohorts, announcements, events, challenges."""

revision = "programs_2"
down_revision = "walls_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
