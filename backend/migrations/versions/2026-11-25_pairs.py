"""Pairs: goals, closing, staying in touch, consent to share, answers that leave no trace."""

import sqlalchemy as sa
from alembic import op
from walls import ORGANIZATION, PERSON, member, protect, seal

revision = "pairs_2"
down_revision = "enrollments_2"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PLAIN = {"pair_answers": ("answer", sa.TEXT()), "stay_choices": ("yes", sa.Boolean())}
COLUMNS = (
    "remind_at", "first_contact_due_on", "first_contact_at", "pause_until", "shared", "goals_total", "goals_done",
)  # fmt: skip
# Whether the other one of the caller's pair said no: all that a late yes may ask. Nobody reads the answer itself.
REFUSED = f"""
create function pair_refused(p_pair uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (
        select 1 from pair_answers a join pairs p on p.organization_id = a.organization_id and p.id = a.pair_id
         where a.organization_id = {ORGANIZATION} and a.pair_id = p_pair and a.answer = 'no'
           and a.person_id <> {PERSON} and {PERSON} in (p.mentor_id, p.mentee_id))
$$
"""


def upgrade() -> None:
    op.add_column("enrollments", sa.Column("looks", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("pairs", sa.Column("shared", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in ("goals_total", "goals_done"):
        op.add_column("pairs", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for table, name in (
        ("enrollments", "looks"),
        ("pairs", "shared"),
        ("pairs", "goals_total"),
        ("pairs", "goals_done"),
    ):
        op.alter_column(table, name, server_default=None)
    op.add_column("enrollments", sa.Column("looks_again_at", MOMENT, nullable=True))
    op.add_column("pairs", sa.Column("remind_at", MOMENT, nullable=True))
    op.add_column("pairs", sa.Column("first_contact_due_on", sa.Date(), nullable=True))
    op.add_column("pairs", sa.Column("first_contact_at", MOMENT, nullable=True))
    op.add_column("pairs", sa.Column("pause_until", sa.Date(), nullable=True))
    op.execute("update pairs set state = 'expired' where state = 'declined'")
    op.execute("update state_changes set to_state = 'expired' where subject = 'pair' and to_state = 'declined'")
    for name, columns, where in (
        ("pairs_remind_idx", ["remind_at"], "remind_at is not null"),
        ("pairs_pause_idx", ["pause_until"], "pause_until is not null"),
        ("pairs_shared_idx", ["organization_id", "id"], "shared"),
    ):
        op.create_index(name, "pairs", columns, unique=False, postgresql_where=where)

    for table, (column, kind) in PLAIN.items():
        moment = "created_at" if table == "pair_answers" else "chosen_at"
        op.create_table(
            table, *_keys(), sa.Column("person_id", sa.UUID(), nullable=False), sa.Column(column, kind, nullable=False),
            sa.Column(moment, MOMENT, nullable=False), *_constraints(table), _fk(table, "person_id", "people"),
            sa.UniqueConstraint("organization_id", "pair_id", "person_id",
                                name=f"{table}_organization_id_pair_id_person_id_key"),
        )  # fmt: skip
        protect(table, app="select, insert, update, delete", worker="select, delete")
        seal(table, f"person_id = {PERSON}", f"person_id = {PERSON} and {member(table)}")
    op.create_table(
        "goals", *_keys(), sa.Column("side", sa.TEXT(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False), sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False), sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False), *_constraints("goals"),
    )  # fmt: skip
    op.create_index("goals_pair_idx", "goals", ["organization_id", "pair_id", "id"], unique=False)
    op.create_table(
        "commitments", *_keys(), sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False), *_constraints("commitments"),
        sa.UniqueConstraint("organization_id", "pair_id", name="commitments_organization_id_pair_id_key"),
    )  # fmt: skip
    protect("goals", worker="select (organization_id, id, pair_id, side, done_at, created_at, updated_at), delete")
    protect("commitments", app="select, insert", worker="select (organization_id, id, pair_id, created_at), delete")
    for table in ("goals", "commitments"):
        seal(table, member(table))
    op.execute(REFUSED)
    op.execute("revoke all on function pair_refused(uuid) from public")
    op.execute("grant execute on function pair_refused(uuid) to vuoro_app")


def _keys() -> list[sa.Column[sa.UUID]]:
    return [sa.Column(name, sa.UUID(), nullable=False) for name in ("organization_id", "id", "pair_id")]


def _constraints(table: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("organization_id", "id", name=f"{table}_pkey"),
        _fk(table, "pair_id", "pairs"),
    ]


def _fk(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id", column], [f"{target}.organization_id", f"{target}.id"],
        name=f"{table}_organization_id_{column}_fkey", ondelete="CASCADE",
    )  # fmt: skip


def downgrade() -> None:
    op.execute("drop function pair_refused(uuid)")
    for table in ("commitments", "goals", "stay_choices", "pair_answers"):
        op.drop_table(table)
    for name in ("pairs_shared_idx", "pairs_pause_idx", "pairs_remind_idx"):
        op.drop_index(name, table_name="pairs")
    for name in COLUMNS:
        op.drop_column("pairs", name)
    op.drop_column("enrollments", "looks_again_at")
    op.drop_column("enrollments", "looks")
