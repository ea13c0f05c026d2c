"""Names in lower case stand in columns of their own, so that they are found by an index behind the walls too.

A stored generated column is written into every row there is: `people`, `scim_users` and `scim_groups` are rewritten
once each, and locked meanwhile.
"""

from alembic import op

revision = "lowered_1"
down_revision = "scope_1"
branch_labels = None
depends_on = None

# table → column → what it has in lower case
COLUMNS = {
    "people": {
        "scim_name": "lower(coalesce(user_name, work_email, external_id))",
        "shown_name": "lower(display_name)",
        "number": "lower(external_id)",
        "awaited": "case when manager_id is null then lower(manager_external_id) else null::text end",
    },
    "scim_users": {"number": "lower(said ->> 'employeeNumber')"},
    "scim_groups": {"shown_name": "lower(display_name)"},
}
GROUP_NAME = "create unique index scim_groups_name_key on scim_groups (organization_id, connection_id, {name})"
# Behind the walls nobody could use these.
BEFORE = {f"people_{name}_idx": COLUMNS["people"][name] for name in ("scim_name", "shown_name")}


def upgrade() -> None:
    for name in (*BEFORE, "scim_groups_name_key"):
        op.execute(f"drop index {name}")
    for table, columns in COLUMNS.items():
        added = (f"add {name} text generated always as ({value}) stored" for name, value in columns.items())
        op.execute(f"alter table {table} {', '.join(added)}")
    for name in ("scim_name", "shown_name", "number"):
        op.execute(f"create index people_{name}_idx on people (organization_id, {name})")
    op.execute("create index people_awaited_idx on people (organization_id, awaited) where awaited is not null")
    op.execute("create index scim_users_number_idx on scim_users (organization_id, number) where number is not null")
    op.execute(GROUP_NAME.format(name="shown_name"))


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        op.execute(f"alter table {table} {', '.join(f'drop {name}' for name in columns)}")
    for name, expression in BEFORE.items():
        op.execute(f"create index {name} on people (organization_id, {expression})")
    op.execute(GROUP_NAME.format(name="lower(display_name)"))
