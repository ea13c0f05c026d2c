"""Guards: who wrote a text stays who wrote it, the chain of the audit log, limits of writes."""

import sqlalchemy as sa
from alembic import op
from walls import keep, protect

revision = "guards_2"
down_revision = "machines_3"
branch_labels = None
depends_on = None

# Rows of a pair or an author whose words change, and whose place and author do not.
KEPT = (
    "action_items", "agendas", "boundaries", "candid_messages", "goals", "growth_checks", "idea_seeds", "notes",
    "pair_answers", "program_event_replies", "pulses", "session_moves", "sessions", "sparks", "stay_choices",
    "survey_responses", "survey_texts", "takeaways", "thanks", "thoughts",
)  # fmt: skip

# A write counts for its token alone, and only when the token is one, so that nobody fills the table with made-up ones.
# Limits are about real seconds: the server's clock, whatever the business' clock says.
TAKE_WRITE = """
create function auth.take_write(p_hash bytea, p_cost interval, p_burst interval)
returns table (wait interval, ahead interval)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    moment timestamptz := clock_timestamp();
    free timestamptz;
begin
    if not exists (select 1 from auth.tokens t where t.hash = p_hash) then
        return;
    end if;
    insert into auth.rate_limits as r (key, free_at) values ('write:' || encode(p_hash, 'hex'), moment + p_cost)
    on conflict (key) do update set free_at = greatest(r.free_at, moment) + p_cost
     where r.free_at <= moment + p_burst
    returning r.free_at into free;
    if free is null then
        select r.free_at into free from auth.rate_limits r where r.key = 'write:' || encode(p_hash, 'hex');
        return query select free - moment - p_burst, free - moment;
    else
        return query select interval '0', free - moment;
    end if;
end $$
"""

# Keys name addresses: what no longer limits anybody is forgotten.
FORGET_LIMITS = """
create function auth.forget_limits(p_before timestamptz) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    delete from auth.rate_limits where free_at < least(p_before, clock_timestamp() - interval '1 hour')
$$
"""


def upgrade() -> None:
    for table in KEPT:
        keep(table)
    op.create_table(
        "audit_chain",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.UUID(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("chained_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "number", name=op.f("audit_chain_pkey")),
        sa.UniqueConstraint("organization_id", "entry_id", name=op.f("audit_chain_organization_id_entry_id_key")),
    )
    protect("audit_chain", app="", worker="select, insert")
    for function, name, login in (
        (TAKE_WRITE, "take_write", "vuoro_app"),
        (FORGET_LIMITS, "forget_limits", "vuoro_worker"),
    ):
        op.execute(function)
        op.execute(f"alter function auth.{name} owner to vuoro_auth")
        op.execute(f"revoke all on function auth.{name} from public")
        op.execute(f"grant execute on function auth.{name} to {login}")
    op.execute("grant usage on schema auth to vuoro_worker")


def downgrade() -> None:
    op.execute("revoke usage on schema auth from vuoro_worker")
    op.execute("drop function auth.forget_limits")
    op.execute("drop function auth.take_write")
    op.drop_table("audit_chain")
    for table in KEPT:
        op.execute(f"grant update on {table} to vuoro_app")
