"""How far apart two live is kept in whole minutes: some zones lie half an hour beside the others."""

from alembic import op

revision = "minutes_1"
down_revision = "origins_1"
branch_labels = None
depends_on = None

CARDS = {"suggestions": "components", "pairs": "reasons"}
_CHANGE = """
update {table} set {column} = (
  select jsonb_agg(
    case part ->> 'name' when 'time_zone' then jsonb_set(part, '{{evidence}}', coalesce((
      select jsonb_agg(jsonb_set(fact, '{{params}}', jsonb_build_object({params})))
        from jsonb_array_elements(part -> 'evidence') fact
    ), '[]')) else part end
    order by place
  ) from jsonb_array_elements({column}) with ordinality parts (part, place)
) where {column} @> '[{{"evidence": [{{"code": "hours_apart"}}]}}]'
"""


def _change(params: str) -> None:
    for table, column in CARDS.items():
        op.execute(_CHANGE.format(table=table, column=column, params=params))


def upgrade() -> None:
    _change("'minutes', round((fact #>> '{params,hours}')::numeric * 60)::int")


def downgrade() -> None:
    _change("'hours', round((fact #>> '{params,minutes}')::numeric / 60, 2)")
