"""Runs the migrations as vuoro_migrator: each in one transaction, giving up rather than blocking the service."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from vuoro.core.crypto import Encrypted
from vuoro.core.settings import require
from vuoro.tables import metadata

LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "10min"


def ours(name: str | None, kind: str, _: object) -> bool:
    """Leave the job queue's schema to the job queue."""
    return kind != "schema" or name in (None, "auth")


def render(kind: str, item: object, _: object) -> str | bool:
    """Write an encrypted column down as what it is in the database, so that migrations need no code of ours."""
    return "sa.LargeBinary()" if kind == "type" and isinstance(item, Encrypted) else False


def run() -> None:
    """Bring the database to the asked revision; two at once wait for each other."""
    dsn = context.config.get_main_option("sqlalchemy.url") or require("database_migrator_url").database_migrator_url
    engine = create_engine(dsn.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(20261124)"))
        connection.execute(text(f"set lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text(f"set statement_timeout = '{STATEMENT_TIMEOUT}'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            include_schemas=True,
            include_name=ours,
            render_item=render,
            compare_server_default=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
