"""Feedback: fit checks, growth, surveys, concerns, waves and their published cells."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import PERSON, protect, seal

revision = "feedback_2"
down_revision = "sessions_2"
branch_labels = None
depends_on = None

WRITTEN_ONCE = "select, insert, delete"
# table → what the API's login and the worker's may do with it
GRANTS = {
    "fit_checks": (
        "select, insert",
        "select (organization_id, id, pair_id, person_id, side, moment, at_ease, shared_purpose, setup_works,"
        " worth_the_time, created_at), delete",
    ),
    "growth_checks": ("select, insert, update", "select, delete"),
    "surveys": ("select, insert, update, delete", "select, delete"),
    "survey_editions": ("select, insert, update, delete", "select, delete"),
    "survey_responses": ("select, insert, update", "select, delete"),
    "survey_texts": (
        "select, insert, update, delete",
        "select (organization_id, id, survey_id, edition, question, person_id, shown_at), update (shown_at), delete",
    ),
    "concerns": (
        "select, insert, update (state, answer, acknowledged_at, closed_at)",
        "select (organization_id, id, contact_id, created_at), delete",
    ),
    "waves": ("select", WRITTEN_ONCE),
    "published_cells": ("select", WRITTEN_ONCE),
    "wave_members": ("", WRITTEN_ONCE),
}
MINE = f"person_id = {PERSON}"


def upgrade() -> None:
    tables()
    for table, (app, worker) in GRANTS.items():
        protect(table, app=app, worker=worker)
    for table in ("fit_checks", "growth_checks", "survey_responses"):
        seal(table, MINE)
    seal("survey_texts", f"{MINE} or shown_at is not null", f"{MINE} and shown_at is null")
    op.execute(f"create policy authors on survey_texts as restrictive for delete to vuoro_app using ({MINE})")
    seal("concerns", f"{PERSON} in (author_id, contact_id)")
    op.execute(
        f"create policy authors on concerns as restrictive for insert to vuoro_app with check (author_id = {PERSON})"
    )
    # Whoever reads the log of mails must not learn from it that somebody raised a concern.
    op.execute(
        "create policy concerns on deliveries as restrictive to vuoro_app using (kind not like 'concern.%')"
        " with check (kind not like 'concern.%')"
    )


def tables() -> None:
    op.create_table(
        "concerns",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("author_id", sa.UUID(), nullable=False),
        sa.Column("contact_id", sa.UUID(), nullable=False),
        sa.Column("program_id", sa.UUID(), nullable=True),
        sa.Column("about", sa.TEXT(), nullable=False),
        sa.Column("wants_contact", sa.Boolean(), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "author_id"],
            ["people.organization_id", "people.id"],
            name=op.f("concerns_organization_id_author_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["people.organization_id", "people.id"],
            name=op.f("concerns_organization_id_contact_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "program_id"],
            ["programs.organization_id", "programs.id"],
            name=op.f("concerns_organization_id_program_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("concerns_pkey")),
    )
    op.create_index("concerns_author_idx", "concerns", ["organization_id", "author_id", "id"], unique=False)
    op.create_index("concerns_contact_idx", "concerns", ["organization_id", "contact_id", "id"], unique=False)
    op.create_table(
        "surveys",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("program_id", sa.UUID(), nullable=False),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("audience", sa.TEXT(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "program_id"],
            ["programs.organization_id", "programs.id"],
            name=op.f("surveys_organization_id_program_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("surveys_pkey")),
    )
    op.create_index(
        "surveys_closing_idx", "surveys", ["organization_id", "closes_at"], unique=False, postgresql_where="published"
    )
    op.create_index("surveys_program_idx", "surveys", ["organization_id", "program_id", "id"], unique=False)
    op.create_table(
        "survey_editions",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("survey_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("questions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "survey_id"],
            ["surveys.organization_id", "surveys.id"],
            name=op.f("survey_editions_organization_id_survey_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("survey_editions_pkey")),
        sa.UniqueConstraint(
            "organization_id", "survey_id", "number", name=op.f("survey_editions_organization_id_survey_id_number_key")
        ),
    )
    op.create_table(
        "survey_responses",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("survey_id", sa.UUID(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("cohort_id", sa.UUID(), nullable=False),
        sa.Column("side", sa.TEXT(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "cohort_id"],
            ["cohorts.organization_id", "cohorts.id"],
            name=op.f("survey_responses_organization_id_cohort_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("survey_responses_organization_id_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "survey_id"],
            ["surveys.organization_id", "surveys.id"],
            name=op.f("survey_responses_organization_id_survey_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("survey_responses_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "survey_id",
            "person_id",
            name=op.f("survey_responses_organization_id_survey_id_person_id_key"),
        ),
    )
    op.create_table(
        "survey_texts",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("survey_id", sa.UUID(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("question", sa.TEXT(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("survey_texts_organization_id_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "survey_id"],
            ["surveys.organization_id", "surveys.id"],
            name=op.f("survey_texts_organization_id_survey_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("survey_texts_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "survey_id",
            "person_id",
            "question",
            name=op.f("survey_texts_organization_id_survey_id_person_id_question_key"),
        ),
    )
    op.create_table(
        "waves",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("program_id", sa.UUID(), nullable=False),
        sa.Column("cohort_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.TEXT(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.UUID(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "cohort_id"],
            ["cohorts.organization_id", "cohorts.id"],
            name=op.f("waves_organization_id_cohort_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "program_id"],
            ["programs.organization_id", "programs.id"],
            name=op.f("waves_organization_id_program_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "survey_id"],
            ["surveys.organization_id", "surveys.id"],
            name=op.f("waves_organization_id_survey_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("waves_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "cohort_id",
            "kind",
            "number",
            "survey_id",
            name=op.f("waves_organization_id_cohort_id_kind_number_survey_id_key"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("waves_program_idx", "waves", ["organization_id", "program_id", "kind"], unique=False)
    op.create_table(
        "growth_checks",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("enrollment_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("side", sa.TEXT(), nullable=False),
        sa.Column("moment", sa.TEXT(), nullable=False),
        sa.Column("scores", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "cardinality(scores) = 7 and 1 <= all (scores) and 5 >= all (scores)",
            name=op.f("growth_checks_scores_check"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "enrollment_id"],
            ["enrollments.organization_id", "enrollments.id"],
            name=op.f("growth_checks_organization_id_enrollment_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("growth_checks_organization_id_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("growth_checks_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "enrollment_id",
            "moment",
            name=op.f("growth_checks_organization_id_enrollment_id_moment_key"),
        ),
    )
    op.create_table(
        "published_cells",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("wave_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.TEXT(), nullable=False),
        sa.Column("by", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("groups", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("hidden", sa.TEXT(), nullable=True),
        sa.CheckConstraint("(value is null) = (hidden is not null)", name=op.f("published_cells_hidden_check")),
        sa.ForeignKeyConstraint(
            ["organization_id", "wave_id"],
            ["waves.organization_id", "waves.id"],
            name=op.f("published_cells_organization_id_wave_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("published_cells_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "wave_id",
            "by",
            "groups",
            "name",
            name=op.f("published_cells_organization_id_wave_id_by_groups_name_key"),
        ),
    )
    op.create_table(
        "wave_members",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("wave_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.TEXT(), nullable=False),
        sa.Column("site", sa.TEXT(), nullable=True),
        sa.Column("division", sa.TEXT(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "wave_id"],
            ["waves.organization_id", "waves.id"],
            name=op.f("wave_members_organization_id_wave_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("wave_members_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "wave_id",
            "person_id",
            name=op.f("wave_members_organization_id_wave_id_person_id_key"),
        ),
    )
    op.create_table(
        "fit_checks",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("pair_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("side", sa.TEXT(), nullable=False),
        sa.Column("moment", sa.TEXT(), nullable=False),
        sa.Column("at_ease", sa.SmallInteger(), nullable=False),
        sa.Column("shared_purpose", sa.SmallInteger(), nullable=False),
        sa.Column("setup_works", sa.SmallInteger(), nullable=False),
        sa.Column("worth_the_time", sa.SmallInteger(), nullable=False),
        sa.Column("wish", sa.TEXT(), nullable=False),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("at_ease between 1 and 5", name=op.f("fit_checks_at_ease_check")),
        sa.CheckConstraint("setup_works between 1 and 5", name=op.f("fit_checks_setup_works_check")),
        sa.CheckConstraint("shared_purpose between 1 and 5", name=op.f("fit_checks_shared_purpose_check")),
        sa.CheckConstraint("worth_the_time between 1 and 5", name=op.f("fit_checks_worth_the_time_check")),
        sa.ForeignKeyConstraint(
            ["organization_id", "pair_id"],
            ["pairs.organization_id", "pairs.id"],
            name=op.f("fit_checks_organization_id_pair_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fit_checks_organization_id_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("fit_checks_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "pair_id",
            "person_id",
            "moment",
            name=op.f("fit_checks_organization_id_pair_id_person_id_moment_key"),
        ),
    )


def downgrade() -> None:
    op.execute("drop policy concerns on deliveries")
    for table in (
        "published_cells", "wave_members", "waves", "survey_texts", "survey_responses", "survey_editions", "surveys",
        "concerns", "growth_checks", "fit_checks",
    ):  # fmt: skip
        op.drop_table(table)
