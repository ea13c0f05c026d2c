"""One real PostgreSQL for a test run: a migrated template with the company in it, cloned for each test."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from alembic import command
from alembic.config import Config

from support import world
from vuoro.core.settings import Settings, settings
from vuoro.local.postgres import temporary_cluster

BACKEND = Path(__file__).parents[2]
LOGINS = ("app", "worker", "auth", "migrator")
MASTER_KEYS = "test-2:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=,test-1:YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY="
EMPTY, COMPANY = "template_empty", "template_company"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Server:
    """Where the run's server is. `dsns` have the login's password and a place for the database's name."""

    superuser: str
    dsns: dict[str, str]
    company: dict[str, str]

    def dsn(self, login: str, database: str) -> str:
        """How one of the four logins reaches a database."""
        return self.dsns[login].format(database=database)

    def environment(self, database: str) -> dict[str, str]:
        """The settings with which a process of Vuoro uses a database of this server."""
        return {
            **{f"VUORO_DATABASE_{login.upper()}_URL": self.dsn(login, database) for login in LOGINS},
            "VUORO_MASTER_KEYS": MASTER_KEYS,
            "VUORO_LOG_LEVEL": "info",
        }

    def to_json(self) -> str:
        """For the other processes of the run."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Server":
        """What another process wrote down."""
        return cls(**json.loads(text))

    async def sql(self, *statements: str, by: asyncpg.Connection | None = None) -> None:
        """Run statements as superuser, outside any test's database; `by` a connection that stays open."""
        connection = by or await asyncpg.connect(self.superuser)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            if by is None:
                await connection.close()

    async def clone(self, name: str, template: str = COMPANY, by: asyncpg.Connection | None = None) -> None:
        """A fresh database like the template."""
        await self.sql(
            # Copying files is twice as fast as writing so small a template through the log.
            f"create database {name} template {template} owner vuoro_migrator strategy file_copy",
            f"revoke all on database {name} from public;"
            f"grant connect on database {name} to vuoro_app, vuoro_worker, vuoro_auth",
            by=by,
        )

    @asynccontextmanager
    async def away(self, name: str) -> AsyncIterator[None]:
        """Nobody reaches a database, and whoever was in it is thrown out; afterwards it is there again."""
        await self.sql(
            f"alter database {name} with allow_connections false",
            f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'",
        )
        yield
        await self.sql(f"alter database {name} with allow_connections true")

    async def drop(self, name: str, by: asyncpg.Connection | None = None) -> None:
        """End a database, whoever is still in it."""
        await self.sql(f"drop database if exists {name} with (force)", by=by)


async def vuoro(*arguments: str, environment: dict[str, str], **pipes: int | None) -> asyncio.subprocess.Process:
    """Start `vuoro` as a process of its own, with these settings beside ours."""
    command = (sys.executable, "-m", "vuoro.cli", *arguments)
    return await asyncio.create_subprocess_exec(*command, env={**os.environ, **environment}, **pipes)


def migrate(dsn: str, revision: str = "head") -> None:
    """Bring a database up, or down to an older revision, as `vuoro migrate` does."""
    config = Config(BACKEND / "alembic.ini")
    config.set_main_option("sqlalchemy.url", dsn.replace("%", "%%"))
    step = command.upgrade if revision == "head" else command.downgrade
    step(config, revision)


@contextmanager
def running() -> Iterator[Server]:
    """Start the server, migrate one template, and build the company in a second one."""
    with temporary_cluster() as cluster:
        server = Server(
            superuser=cluster.dsn_superuser,
            dsns={login: cluster.dsn(f"vuoro_{login}", "{database}") for login in LOGINS},
            company={},
        )
        wait_for(
            server.sql(
                f"alter database vuoro rename to {EMPTY}",
                "alter system set autovacuum = off",
                "select pg_reload_conf()",
            )
        )
        migrate(server.dsn("migrator", EMPTY))
        wait_for(server.clone(COMPANY, EMPTY))
        with environment(server.environment(COMPANY)):
            company = wait_for(world.build(server.dsn("migrator", COMPANY), server.dsn("app", COMPANY)))
        yield Server(server.superuser, server.dsns, company)


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """These settings and no others, whatever the machine has; settings are read anew."""
    before = {name: value for name, value in os.environ.items() if name.startswith("VUORO_")}
    file = Settings.model_config.get("env_file")
    for name in before:
        del os.environ[name]
    os.environ.update(values)
    Settings.model_config["env_file"] = None
    settings.cache_clear()
    try:
        yield
    finally:
        for name in [name for name in os.environ if name.startswith("VUORO_")]:
            del os.environ[name]
        os.environ.update(before)
        Settings.model_config["env_file"] = file
        settings.cache_clear()


def wait_for(work: Coroutine[Any, Any, T]) -> T:
    """The result of asynchronous work from plain code, in a loop and thread of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
