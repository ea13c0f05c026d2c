"""The tables, as the models of each domain declare them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tables_1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create schema auth authorization vuoro_auth")
    op.create_table(
        "api_clients",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.TEXT(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("api_clients_pkey")),
    )
    op.create_table(
        "audit_log",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.TEXT(), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=False),
        sa.Column("action", sa.TEXT(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=True),
        sa.Column("program_id", sa.UUID(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("audit_log_pkey")),
    )
    op.create_table(
        "rate_limits",
        sa.Column("key", sa.TEXT(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("rate_limits_pkey")),
        schema="auth",
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "tokens",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.TEXT(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("client_id", sa.UUID(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("idle_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("tokens_pkey")),
        schema="auth",
    )
    op.create_index("tokens_person_idx", "tokens", ["organization_id", "person_id"], unique=False, schema="auth")
    op.create_table(
        "data_keys",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("owner_kind", sa.TEXT(), nullable=False),
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("master_key", sa.TEXT(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("data_keys_pkey")),
        sa.UniqueConstraint(
            "organization_id", "owner_kind", "owner_id", name=op.f("data_keys_organization_id_owner_kind_owner_id_key")
        ),
    )
    op.create_table(
        "deliveries",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("fact_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.TEXT(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("address", sa.TEXT(), nullable=False),
        sa.Column("subject", sa.TEXT(), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("detail", sa.TEXT(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("deliveries_pkey")),
        sa.UniqueConstraint(
            "organization_id", "fact_id", "person_id", name=op.f("deliveries_organization_id_fact_id_person_id_key")
        ),
    )
    op.create_index("deliveries_newest_idx", "deliveries", ["organization_id", "created_at", "id"], unique=False)
    op.create_table(
        "files",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.TEXT(), nullable=False),
        sa.Column("media_type", sa.TEXT(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("files_pkey")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("object_id", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "actor_id", "key", name=op.f("idempotency_keys_pkey")),
    )
    op.create_index(op.f("idempotency_keys_created_at_idx"), "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "imports",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("filename", sa.TEXT(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.UUID(), nullable=True),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("deactivate_missing", sa.Boolean(), nullable=False),
        sa.Column("allow_mass_deactivation", sa.Boolean(), nullable=False),
        sa.Column("date_order", sa.TEXT(), nullable=True),
        sa.Column("progress_done", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=True),
        sa.Column("detected", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("summary", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("problem", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_by", sa.UUID(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("imports_pkey")),
    )
    op.create_index("imports_newest_idx", "imports", ["organization_id", "created_at", "id"], unique=False)
    op.create_table(
        "organizations",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.TEXT(), nullable=False),
        sa.Column("slug", sa.TEXT(), nullable=False),
        sa.Column("locales", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("default_locale", sa.TEXT(), nullable=False),
        sa.Column("time_zone", sa.TEXT(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("organizations_pkey")),
        sa.UniqueConstraint("slug", name=op.f("organizations_slug_key")),
    )
    op.create_table(
        "outbox",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.TEXT(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("relayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("outbox_pkey")),
    )
    op.create_index("outbox_waiting_idx", "outbox", ["due_at"], unique=False, postgresql_where="relayed_at is null")
    op.create_table(
        "people",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("external_id", sa.TEXT(), nullable=False),
        sa.Column("user_name", sa.TEXT(), nullable=True),
        sa.Column("given_name", sa.TEXT(), nullable=True),
        sa.Column("family_name", sa.TEXT(), nullable=True),
        sa.Column("display_name", sa.TEXT(), nullable=False),
        sa.Column("work_email", sa.TEXT(), nullable=True),
        sa.Column("title", sa.TEXT(), nullable=True),
        sa.Column("job_level", sa.Integer(), nullable=True),
        sa.Column("division", sa.TEXT(), nullable=True),
        sa.Column("department", sa.TEXT(), nullable=True),
        sa.Column("team", sa.TEXT(), nullable=True),
        sa.Column("cost_center", sa.TEXT(), nullable=True),
        sa.Column("site", sa.TEXT(), nullable=True),
        sa.Column("country", sa.TEXT(), nullable=True),
        sa.Column("time_zone", sa.TEXT(), nullable=True),
        sa.Column("languages", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("preferred_language", sa.TEXT(), nullable=True),
        sa.Column("status", sa.TEXT(), nullable=False),
        sa.Column("hire_on", sa.Date(), nullable=True),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("manager_external_id", sa.TEXT(), nullable=True),
        sa.Column("manager_id", sa.UUID(), nullable=True),
        sa.Column("line", sa.TEXT(), nullable=False),
        sa.Column("graph_only", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "manager_id"],
            ["people.organization_id", "people.id"],
            name=op.f("people_organization_id_manager_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("people_pkey")),
        sa.UniqueConstraint("organization_id", "external_id", name=op.f("people_organization_id_external_id_key")),
        sa.UniqueConstraint("organization_id", "work_email", name=op.f("people_organization_id_work_email_key")),
    )
    op.create_index(
        "people_department_idx", "people", ["organization_id", "department", "display_name", "id"], unique=False
    )
    op.create_index("people_display_name_idx", "people", ["organization_id", "display_name", "id"], unique=False)
    op.create_index(
        "people_division_idx", "people", ["organization_id", "division", "display_name", "id"], unique=False
    )
    op.create_index("people_job_level_idx", "people", ["organization_id", "job_level", "id"], unique=False)
    op.create_index("people_line_idx", "people", ["organization_id", "line", "display_name", "id"], unique=False)
    op.create_index("people_manager_idx", "people", ["organization_id", "manager_id"], unique=False)
    op.create_index("people_site_idx", "people", ["organization_id", "site", "display_name", "id"], unique=False)
    op.create_index("people_status_idx", "people", ["organization_id", "status", "display_name", "id"], unique=False)
    op.create_index("people_team_idx", "people", ["organization_id", "team", "display_name", "id"], unique=False)
    op.create_index("people_updated_idx", "people", ["organization_id", "updated_at", "id"], unique=False)
    op.create_table(
        "programs",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.TEXT(), nullable=False),
        sa.Column("template", sa.TEXT(), nullable=False),
        sa.Column("purpose", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("programs_pkey")),
    )
    op.create_index("programs_newest_idx", "programs", ["organization_id", "created_at", "id"], unique=False)
    op.create_table(
        "skills",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("slug", sa.TEXT(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("skills_pkey")),
        sa.UniqueConstraint("organization_id", "slug", name=op.f("skills_organization_id_slug_key")),
    )
    op.create_table(
        "state_changes",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("subject", sa.TEXT(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=False),
        sa.Column("from_state", sa.TEXT(), nullable=True),
        sa.Column("to_state", sa.TEXT(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("state_changes_pkey")),
    )
    op.create_index("state_changes_subject_idx", "state_changes", ["organization_id", "subject_id", "id"], unique=False)
    op.create_table(
        "topics",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("slug", sa.TEXT(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("topics_pkey")),
        sa.UniqueConstraint("organization_id", "slug", name=op.f("topics_organization_id_slug_key")),
    )
    op.create_table(
        "cohorts",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("program_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.TEXT(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "program_id"],
            ["programs.organization_id", "programs.id"],
            name=op.f("cohorts_organization_id_program_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("cohorts_pkey")),
    )
    op.create_index("cohorts_program_idx", "cohorts", ["organization_id", "program_id"], unique=False)
    op.create_table(
        "dotted_lines",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("manager_external_id", sa.TEXT(), nullable=False),
        sa.Column("manager_id", sa.UUID(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "manager_id"],
            ["people.organization_id", "people.id"],
            name=op.f("dotted_lines_organization_id_manager_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("dotted_lines_organization_id_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("dotted_lines_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "person_id",
            "manager_external_id",
            name=op.f("dotted_lines_organization_id_person_id_manager_external_id_key"),
        ),
    )
    op.create_index("dotted_lines_manager_idx", "dotted_lines", ["organization_id", "manager_id"], unique=False)
    op.create_table(
        "grants",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.TEXT(), nullable=False),
        sa.Column("program_id", sa.UUID(), nullable=True),
        sa.Column("unit", sa.TEXT(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("grants_organization_id_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "program_id"],
            ["programs.organization_id", "programs.id"],
            name=op.f("grants_organization_id_program_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("grants_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "person_id",
            "role",
            "program_id",
            "unit",
            name=op.f("grants_organization_id_person_id_role_program_id_unit_key"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "import_rows",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("import_id", sa.UUID(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("kind", sa.TEXT(), nullable=False),
        sa.Column("external_id", sa.TEXT(), nullable=True),
        sa.Column("display_name", sa.TEXT(), nullable=True),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "import_id"],
            ["imports.organization_id", "imports.id"],
            name=op.f("import_rows_organization_id_import_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("import_rows_pkey")),
    )
    op.create_index(
        "import_rows_kind_idx", "import_rows", ["organization_id", "import_id", "kind", "row", "id"], unique=False
    )
    op.create_index("import_rows_row_idx", "import_rows", ["organization_id", "import_id", "row", "id"], unique=False)
    op.create_table(
        "preferences",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("locale", sa.TEXT(), nullable=True),
        sa.Column("time_zone", sa.TEXT(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("preferences_organization_id_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "person_id", name=op.f("preferences_pkey")),
    )
    op.create_table(
        "enrollments",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("program_id", sa.UUID(), nullable=False),
        sa.Column("cohort_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.TEXT(), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("skills", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("topics", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("languages", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("superpower", sa.TEXT(), nullable=True),
        sa.Column("primer_done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "cohort_id"],
            ["cohorts.organization_id", "cohorts.id"],
            name=op.f("enrollments_organization_id_cohort_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("enrollments_organization_id_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "program_id"],
            ["programs.organization_id", "programs.id"],
            name=op.f("enrollments_organization_id_program_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("enrollments_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "cohort_id",
            "person_id",
            "role",
            name=op.f("enrollments_organization_id_cohort_id_person_id_role_key"),
        ),
    )
    op.create_index("enrollments_person_idx", "enrollments", ["organization_id", "person_id"], unique=False)
    op.create_index(
        "enrollments_program_idx", "enrollments", ["organization_id", "program_id", "role", "state", "id"], unique=False
    )
    op.create_table(
        "match_runs",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("program_id", sa.UUID(), nullable=False),
        sa.Column("cohort_id", sa.UUID(), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("progress", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mentors", sa.Integer(), nullable=False),
        sa.Column("mentees", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("pairs", sa.Integer(), nullable=False),
        sa.Column("objective", sa.BigInteger(), nullable=True),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("unmatched", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("problem", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_by", sa.UUID(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "cohort_id"],
            ["cohorts.organization_id", "cohorts.id"],
            name=op.f("match_runs_organization_id_cohort_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "program_id"],
            ["programs.organization_id", "programs.id"],
            name=op.f("match_runs_organization_id_program_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("match_runs_pkey")),
    )
    op.create_index(
        "match_runs_busy_key",
        "match_runs",
        ["organization_id", "cohort_id"],
        unique=True,
        postgresql_where="state in ('queued', 'running')",
    )
    op.create_index("match_runs_program_idx", "match_runs", ["organization_id", "program_id", "id"], unique=False)
    op.create_table(
        "pairs",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("program_id", sa.UUID(), nullable=False),
        sa.Column("cohort_id", sa.UUID(), nullable=False),
        sa.Column("mentor_id", sa.UUID(), nullable=False),
        sa.Column("mentee_id", sa.UUID(), nullable=False),
        sa.Column("mentor_enrollment_id", sa.UUID(), nullable=False),
        sa.Column("mentee_enrollment_id", sa.UUID(), nullable=False),
        sa.Column("match_run_id", sa.UUID(), nullable=True),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("state_before", sa.TEXT(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("checks", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("top_exempt", sa.Boolean(), nullable=False),
        sa.Column("agreement_version", sa.Integer(), nullable=False),
        sa.Column("mentor_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mentee_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mentee_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sessions_held", sa.Integer(), nullable=False),
        sa.Column("sessions_planned", sa.Integer(), nullable=False),
        sa.Column("last_held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "cohort_id"],
            ["cohorts.organization_id", "cohorts.id"],
            name=op.f("pairs_organization_id_cohort_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "mentee_enrollment_id"],
            ["enrollments.organization_id", "enrollments.id"],
            name=op.f("pairs_organization_id_mentee_enrollment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "mentee_id"],
            ["people.organization_id", "people.id"],
            name=op.f("pairs_organization_id_mentee_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "mentor_enrollment_id"],
            ["enrollments.organization_id", "enrollments.id"],
            name=op.f("pairs_organization_id_mentor_enrollment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "mentor_id"],
            ["people.organization_id", "people.id"],
            name=op.f("pairs_organization_id_mentor_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "program_id"],
            ["programs.organization_id", "programs.id"],
            name=op.f("pairs_organization_id_program_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pairs_pkey")),
    )
    op.create_index("pairs_due_idx", "pairs", ["due_at"], unique=False, postgresql_where="due_at is not null")
    op.create_index("pairs_mentee_idx", "pairs", ["organization_id", "mentee_id", "id"], unique=False)
    op.create_index("pairs_mentor_idx", "pairs", ["organization_id", "mentor_id", "id"], unique=False)
    op.create_index(
        "pairs_open_key",
        "pairs",
        ["organization_id", "cohort_id", "mentor_id", "mentee_id"],
        unique=True,
        postgresql_where="state not in ('declined', 'expired', 'ended_early', 'completed')",
    )
    op.create_index("pairs_program_idx", "pairs", ["organization_id", "program_id", "state", "id"], unique=False)
    op.create_table(
        "suggestions",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("match_run_id", sa.UUID(), nullable=False),
        sa.Column("mentor_enrollment_id", sa.UUID(), nullable=False),
        sa.Column("mentee_enrollment_id", sa.UUID(), nullable=False),
        sa.Column("mentor_id", sa.UUID(), nullable=False),
        sa.Column("mentee_id", sa.UUID(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("components", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("checks", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("top_exempt", sa.Boolean(), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "match_run_id"],
            ["match_runs.organization_id", "match_runs.id"],
            name=op.f("suggestions_organization_id_match_run_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "mentee_enrollment_id"],
            ["enrollments.organization_id", "enrollments.id"],
            name=op.f("suggestions_organization_id_mentee_enrollment_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "mentor_enrollment_id"],
            ["enrollments.organization_id", "enrollments.id"],
            name=op.f("suggestions_organization_id_mentor_enrollment_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("suggestions_pkey")),
    )
    op.create_index(
        "suggestions_score_idx", "suggestions", ["organization_id", "match_run_id", "score", "id"], unique=False
    )
    op.create_table(
        "sessions",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("pair_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kit", sa.TEXT(), nullable=False),
        sa.Column("state", sa.TEXT(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone", sa.TEXT(), nullable=False),
        sa.Column("place", sa.TEXT(), nullable=True),
        sa.Column("meeting_url", sa.TEXT(), nullable=True),
        sa.Column("reason_class", sa.TEXT(), nullable=True),
        sa.Column("cancelled_by", sa.UUID(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mentor_pulse", sa.Boolean(), nullable=False),
        sa.Column("mentee_pulse", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "pair_id"],
            ["pairs.organization_id", "pairs.id"],
            name=op.f("sessions_organization_id_pair_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("sessions_pkey")),
    )
    op.create_index(
        "sessions_number_key",
        "sessions",
        ["organization_id", "pair_id", "number"],
        unique=True,
        postgresql_where="state in ('proposed', 'scheduled', 'held')",
    )
    op.create_index("sessions_pair_idx", "sessions", ["organization_id", "pair_id", "starts_at", "id"], unique=False)
    op.create_index("sessions_time_idx", "sessions", ["organization_id", "starts_at", "id"], unique=False)
    op.create_table(
        "agendas",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("pair_id", sa.UUID(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "id"],
            ["sessions.organization_id", "sessions.id"],
            name=op.f("agendas_organization_id_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "pair_id"],
            ["pairs.organization_id", "pairs.id"],
            name=op.f("agendas_organization_id_pair_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("agendas_pkey")),
    )
    op.create_table(
        "notes",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("pair_id", sa.UUID(), nullable=False),
        sa.Column("author_id", sa.UUID(), nullable=False),
        sa.Column("visibility", sa.TEXT(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "author_id"],
            ["people.organization_id", "people.id"],
            name=op.f("notes_organization_id_author_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "pair_id"],
            ["pairs.organization_id", "pairs.id"],
            name=op.f("notes_organization_id_pair_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "session_id"],
            ["sessions.organization_id", "sessions.id"],
            name=op.f("notes_organization_id_session_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("notes_pkey")),
    )
    op.create_index("notes_session_idx", "notes", ["organization_id", "session_id", "id"], unique=False)
    op.create_table(
        "pulses",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("pair_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("side", sa.TEXT(), nullable=False),
        sa.Column("said_what_i_thought", sa.SmallInteger(), nullable=False),
        sa.Column("my_topics_too", sa.SmallInteger(), nullable=False),
        sa.Column("listened_to", sa.SmallInteger(), nullable=False),
        sa.Column("learned", sa.SmallInteger(), nullable=False),
        sa.Column("would_do_again", sa.SmallInteger(), nullable=False),
        sa.Column("balance", sa.SmallInteger(), nullable=False),
        sa.Column("open_if_both", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("balance between 0 and 100", name=op.f("pulses_balance_check")),
        sa.CheckConstraint("learned between 1 and 5", name=op.f("pulses_learned_check")),
        sa.CheckConstraint("listened_to between 1 and 5", name=op.f("pulses_listened_to_check")),
        sa.CheckConstraint("my_topics_too between 1 and 5", name=op.f("pulses_my_topics_too_check")),
        sa.CheckConstraint("said_what_i_thought between 1 and 5", name=op.f("pulses_said_what_i_thought_check")),
        sa.CheckConstraint("would_do_again between 1 and 5", name=op.f("pulses_would_do_again_check")),
        sa.ForeignKeyConstraint(
            ["organization_id", "pair_id"],
            ["pairs.organization_id", "pairs.id"],
            name=op.f("pulses_organization_id_pair_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("pulses_organization_id_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "session_id"],
            ["sessions.organization_id", "sessions.id"],
            name=op.f("pulses_organization_id_session_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pulses_pkey")),
        sa.UniqueConstraint(
            "organization_id", "session_id", "person_id", name=op.f("pulses_organization_id_session_id_person_id_key")
        ),
    )
    op.create_index("pulses_pair_idx", "pulses", ["organization_id", "pair_id"], unique=False)
    op.create_table(
        "session_moves",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("from_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "session_id"],
            ["sessions.organization_id", "sessions.id"],
            name=op.f("session_moves_organization_id_session_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("session_moves_pkey")),
    )
    op.create_index("session_moves_session_idx", "session_moves", ["organization_id", "session_id"], unique=False)


def downgrade() -> None:
    op.drop_index("session_moves_session_idx", table_name="session_moves")
    op.drop_table("session_moves")
    op.drop_index("pulses_pair_idx", table_name="pulses")
    op.drop_table("pulses")
    op.drop_index("notes_session_idx", table_name="notes")
    op.drop_table("notes")
    op.drop_table("agendas")
    op.drop_index("sessions_time_idx", table_name="sessions")
    op.drop_index("sessions_pair_idx", table_name="sessions")
    op.drop_index(
        "sessions_number_key", table_name="sessions", postgresql_where="state in ('proposed', 'scheduled', 'held')"
    )
    op.drop_table("sessions")
    op.drop_index("suggestions_score_idx", table_name="suggestions")
    op.drop_table("suggestions")
    op.drop_index("pairs_program_idx", table_name="pairs")
    op.drop_index(
        "pairs_open_key",
        table_name="pairs",
        postgresql_where="state not in ('declined', 'expired', 'ended_early', 'completed')",
    )
    op.drop_index("pairs_mentor_idx", table_name="pairs")
    op.drop_index("pairs_mentee_idx", table_name="pairs")
    op.drop_index("pairs_due_idx", table_name="pairs", postgresql_where="due_at is not null")
    op.drop_table("pairs")
    op.drop_index("match_runs_program_idx", table_name="match_runs")
    op.drop_index("match_runs_busy_key", table_name="match_runs", postgresql_where="state in ('queued', 'running')")
    op.drop_table("match_runs")
    op.drop_index("enrollments_program_idx", table_name="enrollments")
    op.drop_index("enrollments_person_idx", table_name="enrollments")
    op.drop_table("enrollments")
    op.drop_table("preferences")
    op.drop_index("import_rows_row_idx", table_name="import_rows")
    op.drop_index("import_rows_kind_idx", table_name="import_rows")
    op.drop_table("import_rows")
    op.drop_table("grants")
    op.drop_index("dotted_lines_manager_idx", table_name="dotted_lines")
    op.drop_table("dotted_lines")
    op.drop_index("cohorts_program_idx", table_name="cohorts")
    op.drop_table("cohorts")
    op.drop_table("topics")
    op.drop_index("state_changes_subject_idx", table_name="state_changes")
    op.drop_table("state_changes")
    op.drop_table("skills")
    op.drop_index("programs_newest_idx", table_name="programs")
    op.drop_table("programs")
    op.drop_index("people_updated_idx", table_name="people")
    op.drop_index("people_team_idx", table_name="people")
    op.drop_index("people_status_idx", table_name="people")
    op.drop_index("people_site_idx", table_name="people")
    op.drop_index("people_manager_idx", table_name="people")
    op.drop_index("people_line_idx", table_name="people")
    op.drop_index("people_job_level_idx", table_name="people")
    op.drop_index("people_division_idx", table_name="people")
    op.drop_index("people_display_name_idx", table_name="people")
    op.drop_index("people_department_idx", table_name="people")
    op.drop_table("people")
    op.drop_index("outbox_waiting_idx", table_name="outbox", postgresql_where="relayed_at is null")
    op.drop_table("outbox")
    op.drop_table("organizations")
    op.drop_index("imports_newest_idx", table_name="imports")
    op.drop_table("imports")
    op.drop_index(op.f("idempotency_keys_created_at_idx"), table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.drop_table("files")
    op.drop_index("deliveries_newest_idx", table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_table("data_keys")
    op.drop_index("tokens_person_idx", table_name="tokens", schema="auth")
    op.drop_table("tokens", schema="auth")
    op.drop_table("rate_limits", schema="auth")
    op.drop_table("audit_log")
    op.drop_table("api_clients")
    op.execute("drop schema auth")
