"""What a process of ours makes sure of before it serves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import exc as sql

from vuoro.core import rotation
from vuoro.core.away import may_be_away
from vuoro.core.db import Database
from vuoro.core.settings import Settings, SettingsError


async def refuse_unsafe_logins(app: Database, auth: Database) -> None:
    """SettingsError when a login of the API is not the one that walls and grants were made for."""
    for name, database in (("app", app), ("auth", auth)):
        if fault := await database.unfit_for(f"vuoro_{name}"):
            raise SettingsError(f"VUORO_DATABASE_{name.upper()}_URL {fault}; see backend/vuoro/local/roles.sql")


async def refuse_unsafe_worker(worker: Database) -> None:
    """SettingsError as for the API, once the database answers: it is asked each second."""
    while True:
        with may_be_away():
            if fault := await worker.unfit_for("vuoro_worker"):
                raise SettingsError(f"VUORO_DATABASE_WORKER_URL {fault}; see backend/vuoro/local/roles.sql")
            return await refuse_wrong_keys(worker)
        await asyncio.sleep(1)


async def refuse_wrong_keys(database: Database) -> None:
    """SettingsError when the key ring does not open what people wrote; a database without tables is no fault."""
    with suppress(sql.ProgrammingError):
        async with database.transaction() as db:
            await rotation.refuse_wrong_keys(db)


@asynccontextmanager
async def databases(config: Settings) -> AsyncIterator[tuple[Database, Database]]:
    """The connections of vuoro_app and vuoro_auth."""
    timeout = config.database_statement_timeout_ms
    async with (
        Database(config.database_app_url, pool_size=config.database_pool_size, statement_timeout_ms=timeout) as app,
        Database(config.database_auth_url, pool_size=3, statement_timeout_ms=timeout) as auth,
    ):
        yield app, auth
