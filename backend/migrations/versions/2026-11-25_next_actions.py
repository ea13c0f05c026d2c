"""Next actions: how often sessions were cancelled again (S3), for many programs at once."""

from alembic import op
from walls import ORGANIZATION

revision = "next_actions_2"
down_revision = "insights_2"
branch_labels = None
depends_on = None

# Only for programs where five executives or more have cancelled more than once.
CANCELLED_AGAIN = f"""
create function programs_cancelled_again(p_programs uuid[])
returns table (program_id uuid, cancelled bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select f.program_id, sum(f.cancelled)::bigint from (
        select p.program_id, count(*) as cancelled
          from sessions s join pairs p on p.organization_id = s.organization_id and p.id = s.pair_id
         where s.organization_id = {ORGANIZATION} and s.cancellation_counts and s.state = 'cancelled'
           and p.program_id = any(p_programs)
         group by p.program_id, p.mentee_id
    ) f group by f.program_id having count(*) >= 5
$$
"""
MONTHS = """
create or replace function program_sessions_by_month(p_program uuid, p_from timestamptz)
returns table (month text, held bigint, planned bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select {body}
$$
"""
FROM = f"""
      from sessions s join pairs p on p.organization_id = s.organization_id and p.id = s.pair_id
     where s.organization_id = {ORGANIZATION} and p.program_id = p_program and s.starts_at >= p_from
       and s.state in ('held', 'scheduled', 'proposed')
     group by 1"""
COUNTS = "count(*) filter (where s.state = 'held') as held, count(*) as planned"
# Words are made of twelve months, not of each session: a third of the time for 30,000 sessions.
QUICK = f"""to_char(m.first, 'YYYY-MM'), m.held, m.planned
      from (select date_trunc('month', s.starts_at at time zone 'UTC') as first, {COUNTS} {FROM}) m
     order by m.first"""
BEFORE = f"to_char(s.starts_at at time zone 'UTC', 'YYYY-MM'), {COUNTS} {FROM} order by 1"
SIGNATURE = "programs_cancelled_again(uuid[])"


def upgrade() -> None:
    op.create_index(
        "sessions_counted_idx", "sessions", ["organization_id", "pair_id"], postgresql_where="cancellation_counts"
    )
    op.create_index(
        "enrollments_rested_idx",
        "enrollments",
        ["organization_id", "program_id"],
        postgresql_where="rests_until is not null",
    )
    op.execute(MONTHS.format(body=QUICK))
    op.execute(CANCELLED_AGAIN)
    op.execute(f"revoke all on function {SIGNATURE} from public")
    op.execute(f"grant execute on function {SIGNATURE} to vuoro_app")


def downgrade() -> None:
    op.execute(f"drop function {SIGNATURE}")
    op.execute(MONTHS.format(body=BEFORE))
    op.drop_index("enrollments_rested_idx", table_name="enrollments")
    op.drop_index("sessions_counted_idx", table_name="sessions")
