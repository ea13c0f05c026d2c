"""What every migration that makes a table calls: the tenant's wall, grants by login, the pair's own wall."""

from alembic import op

ORGANIZATION = "nullif(current_setting('vuoro.organization_id', true), '')::uuid"
PERSON = "nullif(current_setting('vuoro.person_id', true), '')::uuid"
EVERYTHING = "select, insert, update, delete"
IDENTITY = (
    "organization_id", "id", "pair_id", "session_id", "enrollment_id", "event_id", "survey_id", "author_id",
    "person_id", "moved_by",
)  # fmt: skip


def member(table: str, pair: str = "pair_id") -> str:
    """Condition: the acting person is one of the two of the row's pair."""
    return (
        f"exists (select 1 from pairs p where p.organization_id = {table}.organization_id"
        f" and p.id = {table}.{pair} and {PERSON} in (p.mentor_id, p.mentee_id))"
    )


def protect(table: str, column: str = "organization_id", *, app: str = EVERYTHING, worker: str = EVERYTHING) -> None:
    """Put one table under the tenant's wall; `app` and `worker` are what their logins may do with it.

    A grant may name columns, as `select (id, created_at), delete`; an empty one grants nothing.
    """
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    mine = f"{column} = {ORGANIZATION}"
    op.execute(f"create policy tenant on {table} to vuoro_app, vuoro_worker using ({mine}) with check ({mine})")
    op.execute(f"create policy migrator on {table} to vuoro_migrator using (true) with check (true)")
    for login, grant in (("vuoro_app", app), ("vuoro_worker", worker)):
        if grant:
            op.execute(f"grant {grant} on {table} to {login}")


def seal(table: str, using: str, check: str | None = None) -> None:
    """A second wall around pair content: through the API only who `using` names reads it, and `check` writes it."""
    op.execute(
        f"create policy members on {table} as restrictive to vuoro_app using ({using}) with check ({check or using})"
    )


def keep(table: str) -> None:
    """Through the API a row's words may change, and never whose it is or where it belongs: a grant by column."""
    columns = op.get_bind().exec_driver_sql(
        "select a.attname from pg_attribute a where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped"
        " and a.attname <> all (%s) order by a.attnum",
        (table, list(IDENTITY)),
    )
    op.execute(f"revoke update on {table} from vuoro_app")
    op.execute(f"grant update ({', '.join(column for (column,) in columns)}) on {table} to vuoro_app")
