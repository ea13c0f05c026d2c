"""What a process of ours makes sure of before it serves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import exc as sql

from vuoro.core import rotation
from vuoro.core.away import may_be_away
from vuoro.core.db import Database
from vuoro.core.settings import Settings, SettingsError


async def refuse_unsafe(**logins: Database) -> bool:
    """SettingsError for a login other than walls and grants were made for, and for wrong keys; False if not known yet.

    Not known is it while the database is away. Logins by the part of Vuoro that is to have each; the first reads keys.
    """
    with may_be_away():
        for name, database in logins.items():
            if fault := await database.unfit_for(f"vuoro_{name}"):
                raise SettingsError(f"VUORO_DATABASE_{name.upper()}_URL {fault}; see backend/vuoro/local/roles.sql")
        await refuse_wrong_keys(next(iter(logins.values())))
        return True
    return False


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
