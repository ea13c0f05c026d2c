"""Sessions: who missed, several times to choose from, sparks, delegates, free times and counts of kept promises."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import ORGANIZATION, PERSON, member, protect, seal

revision = "sessions_2"
down_revision = "conflicts_2"
branch_labels = None
depends_on = None

# Dotted lines count; whoever is above a mentor never learns from an executive's calendar that the pair exists.
PERSON_IS_ABOVE = """
create function person_is_above(p_organization uuid, p_boss uuid, p_junior uuid) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
    with recursive line (id) as (
        select p_junior
        union
        select up.manager_id from line, lateral (
            select manager_id from people where organization_id = p_organization and id = line.id
            union all
            select manager_id from dotted_lines where organization_id = p_organization and person_id = line.id
        ) up where up.manager_id is not null
    )
    select exists (select 1 from line where id = p_boss and id <> p_junior)
$$
"""


def delegate(organization: str, pair: str) -> str:
    """Condition: the acting person books for the executive of the row's pair."""
    return (
        "exists (select 1 from pairs p join delegations d"
        " on d.organization_id = p.organization_id and d.executive_id = p.mentee_id"
        f" where p.organization_id = {organization} and p.id = {pair} and d.delegate_id = {PERSON}"
        " and p.state in ('active', 'paused', 'closing', 'stay_in_touch')"
        " and not person_is_above(p.organization_id, d.delegate_id, p.mentor_id))"
    )


SHARED = f"{member('sessions')} or {delegate('sessions.organization_id', 'sessions.pair_id')}"
AUTHOR = (
    "exists (select 1 from pairs p where p.organization_id = sparks.organization_id and p.id = sparks.pair_id"
    f" and p.mentee_id = {PERSON})"
)

# The two sit in other pairs too, whose sessions neither may read: times alone come out, without whose they are.
BUSY_TIMES = f"""
create function pair_busy_times(p_pair uuid, p_from timestamptz, p_to timestamptz, p_except uuid[])
returns table (starts_at timestamptz, ends_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select s.starts_at, s.ends_at
      from pairs ours
      join pairs theirs on theirs.organization_id = ours.organization_id
       and (theirs.mentor_id in (ours.mentor_id, ours.mentee_id)
            or theirs.mentee_id in (ours.mentor_id, ours.mentee_id))
      join sessions s on s.organization_id = theirs.organization_id and s.pair_id = theirs.id
     where ours.organization_id = {ORGANIZATION} and ours.id = p_pair
       and ({PERSON} in (ours.mentor_id, ours.mentee_id) or {delegate("ours.organization_id", "ours.id")})
       and s.state in ('proposed', 'scheduled') and s.starts_at < p_to and s.ends_at > p_from
       and s.id <> all (p_except)
$$
"""

# Counts of behaviour may be live; each stands on five executives or more, also for who asks the database itself.
PROMISES = f"""
create function program_promises(p_program uuid)
returns table (held bigint, moved bigint, cancelled bigint, missed bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    with facts as (
        select p.mentee_id,
               count(*) filter (where s.state = 'held') as held,
               count(*) filter (where s.state = 'cancelled' and s.cancellation_counts) as cancelled,
               count(*) filter (where s.state = 'missed') as missed,
               sum((select count(*) from session_moves m
                     where m.organization_id = s.organization_id and m.session_id = s.id)) as moved
          from pairs p join sessions s on s.organization_id = p.organization_id and s.pair_id = p.id
         where p.organization_id = {ORGANIZATION} and p.program_id = p_program
         group by p.mentee_id
    )
    select case when count(*) filter (where f.held > 0) >= 5 then sum(f.held)::bigint end,
           case when count(*) filter (where f.moved > 0) >= 5 then sum(f.moved)::bigint end,
           case when count(*) filter (where f.cancelled > 0) >= 5 then sum(f.cancelled)::bigint end,
           case when count(*) filter (where f.missed > 0) >= 5 then sum(f.missed)::bigint end
      from facts f
$$
"""
FOR_THE_API = ("pair_busy_times(uuid, timestamptz, timestamptz, uuid[])", "program_promises(uuid)")


def upgrade() -> None:
    op.alter_column("sessions", "number", nullable=True)
    op.add_column("sessions", sa.Column("mentor_miss", sa.TEXT(), nullable=True))
    op.add_column("sessions", sa.Column("mentee_miss", sa.TEXT(), nullable=True))
    op.add_column(
        "sessions", sa.Column("cancellation_counts", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.alter_column("sessions", "cancellation_counts", server_default=None)
    op.add_column("session_moves", sa.Column("slots", postgresql.ARRAY(sa.DateTime(timezone=True)), nullable=True))
    op.execute("update session_moves set slots = array[to_starts_at]")
    op.alter_column("session_moves", "slots", nullable=False)
    op.create_table(
        "delegations",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("executive_id", sa.UUID(), nullable=False),
        sa.Column("delegate_id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "executive_id"], ["people.organization_id", "people.id"],
            name=op.f("delegations_organization_id_executive_id_fkey"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "delegate_id"], ["people.organization_id", "people.id"],
            name=op.f("delegations_organization_id_delegate_id_fkey"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("delegations_pkey")),
        sa.UniqueConstraint(
            "organization_id", "executive_id", name=op.f("delegations_organization_id_executive_id_key")
        ),
    )  # fmt: skip
    op.create_index("delegations_delegate_idx", "delegations", ["organization_id", "delegate_id"], unique=False)
    protect("delegations", worker="select, delete")
    op.create_table(
        "sparks",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("pair_id", sa.UUID(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "id"], ["sessions.organization_id", "sessions.id"],
            name=op.f("sparks_organization_id_id_fkey"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "pair_id"], ["pairs.organization_id", "pairs.id"],
            name=op.f("sparks_organization_id_pair_id_fkey"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("sparks_pkey")),
    )  # fmt: skip
    protect("sparks", worker="select (organization_id, id, pair_id, updated_at), delete")
    seal("sparks", member("sparks"), AUTHOR)
    op.execute(PERSON_IS_ABOVE)
    op.execute("drop policy members on sessions")
    seal("sessions", SHARED)
    for function in (BUSY_TIMES, PROMISES):
        op.execute(function)
    for function in FOR_THE_API:
        op.execute(f"revoke all on function {function} from public")
        op.execute(f"grant execute on function {function} to vuoro_app")


def downgrade() -> None:
    for function in FOR_THE_API:
        op.execute(f"drop function {function}")
    op.execute("drop policy members on sessions")
    seal("sessions", member("sessions"))
    op.execute("drop function person_is_above(uuid, uuid, uuid)")
    op.drop_table("sparks")
    op.drop_table("delegations")
    op.drop_column("session_moves", "slots")
    for column in ("cancellation_counts", "mentee_miss", "mentor_miss"):
        op.drop_column("sessions", column)
    # A shadow has no number; below zero it takes none of the arc's.
    op.execute(
        "update sessions s set number = -n.place from (select organization_id, id, row_number() over"
        " (partition by organization_id, pair_id order by id) as place from sessions where number is null) n"
        " where s.organization_id = n.organization_id and s.id = n.id"
    )
    op.alter_column("sessions", "number", nullable=False)
