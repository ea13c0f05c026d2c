"""Units, roles in them and programs of them; an organization's look; terms of use of a program."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import PERSON, protect

revision = "doors_2"
down_revision = "hooks_1"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WORDS = postgresql.ARRAY(sa.TEXT())
# A role in a unit comes once for the unit and once more for each of its programs.
GRANTS_BEFORE = "jsonb_agg(jsonb_build_array(g.role, g.program_id)) from public.grants g"
GRANTS = (
    "jsonb_agg(jsonb_build_array(g.role, coalesce(g.program_id, ofunit.id), g.unit_id)) from public.grants g"
    " left join lateral (select null::uuid as id union all select p.id from public.programs p"
    " where p.organization_id = g.organization_id and p.unit_id = g.unit_id) ofunit on true"
)
PLACE_BEFORE = "(g.program_id is null or g.program_id = p.program_id)"
PLACE = (
    "(g.program_id = p.program_id or g.program_id is null and (g.unit_id is null or exists (select 1 from programs u"
    " where u.organization_id = g.organization_id and u.id = p.program_id and u.unit_id = g.unit_id)))"
)
MANAGER = (
    "exists (select 1 from pairs p join grants g on g.organization_id = p.organization_id"
    " and {place} and g.role = 'programme_manager'"
    " where p.organization_id = override_reasons.organization_id and p.id = override_reasons.pair_id"
    f" and g.person_id = {PERSON} and {PERSON} not in (p.mentor_id, p.mentee_id))"
)
MENTOR = (
    "exists (select 1 from pairs p join pair_overrides o on o.organization_id = p.organization_id and o.pair_id = p.id"
    " where p.organization_id = override_reasons.organization_id and p.id = override_reasons.pair_id"
    f" and p.mentor_id = {PERSON} and o.confirmed_at is not null)"
)
GRANTS_KEY = "grants_organization_id_person_id_role_program_id_{}_key"


def _authenticate(before: str, after: str) -> None:
    body = op.get_bind().exec_driver_sql("select pg_get_functiondef('auth.authenticate'::regproc)").scalar_one()
    assert before in body
    op.execute(sa.text(body.replace(before, after).replace(":", r"\:")))


def _override_reasons(place: str) -> None:
    manager = MANAGER.format(place=place)
    op.execute(f"alter policy members on override_reasons using ({manager} or {MENTOR}) with check ({manager})")


def _grants_key(column: str) -> None:
    op.create_unique_constraint(
        op.f(GRANTS_KEY.format(column)),
        "grants",
        ["organization_id", "person_id", "role", "program_id", column],
        postgresql_nulls_not_distinct=True,
    )


def upgrade() -> None:
    op.create_table(
        "units",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.TEXT(), nullable=False),
        *(sa.Column(name, WORDS, nullable=False) for name in ("divisions", "departments", "sites")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("units_pkey")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("units_organization_id_name_key")),
    )
    protect("units", worker="select")
    op.drop_constraint(op.f(GRANTS_KEY.format("unit")), "grants")
    op.drop_column("grants", "unit")
    for table in ("grants", "programs"):
        op.add_column(table, sa.Column("unit_id", sa.UUID(), nullable=True))
        op.create_foreign_key(
            op.f(f"{table}_organization_id_unit_id_fkey"),
            table,
            "units",
            ["organization_id", "unit_id"],
            ["organization_id", "id"],
        )
    _grants_key("unit_id")
    op.create_index("programs_unit_idx", "programs", ["organization_id", "unit_id"])
    op.execute("grant select (organization_id, id, unit_id) on programs to vuoro_auth")
    op.execute("create policy sign_in on programs for select to vuoro_auth using (true)")
    _authenticate(GRANTS_BEFORE, GRANTS)
    _override_reasons(PLACE)

    op.add_column("organizations", sa.Column("accent", sa.TEXT(), nullable=False, server_default="spruce"))
    op.add_column("organizations", sa.Column("logo_id", sa.UUID(), nullable=True))

    op.create_table(
        "program_terms",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("program_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "program_id"],
            ["programs.organization_id", "programs.id"],
            name=op.f("program_terms_organization_id_program_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("program_terms_pkey")),
        sa.UniqueConstraint(
            "organization_id", "program_id", "number", name=op.f("program_terms_organization_id_program_id_number_key")
        ),
    )
    protect("program_terms", app="select, insert", worker="select")
    op.add_column("programs", sa.Column("terms_version", sa.Integer(), nullable=True))
    op.add_column("enrollments", sa.Column("terms_version", sa.Integer(), nullable=True))
    op.add_column("enrollments", sa.Column("terms_agreed_at", MOMENT, nullable=True))


def downgrade() -> None:
    op.drop_column("enrollments", "terms_agreed_at")
    op.drop_column("enrollments", "terms_version")
    op.drop_column("programs", "terms_version")
    op.drop_table("program_terms")
    op.drop_column("organizations", "logo_id")
    op.drop_column("organizations", "accent")
    _override_reasons(PLACE_BEFORE)
    _authenticate(GRANTS, GRANTS_BEFORE)
    op.execute("drop policy sign_in on programs")
    op.execute("revoke select (organization_id, id, unit_id) on programs from vuoro_auth")
    op.drop_index("programs_unit_idx", "programs")
    op.execute("delete from grants where unit_id is not null")
    op.drop_constraint(op.f(GRANTS_KEY.format("unit_id")), "grants")
    for table in ("programs", "grants"):
        op.drop_constraint(op.f(f"{table}_organization_id_unit_id_fkey"), table)
        op.drop_column(table, "unit_id")
    op.add_column("grants", sa.Column("unit", sa.TEXT(), nullable=True))
    _grants_key("unit")
    op.drop_table("units")
