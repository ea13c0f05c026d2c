"""Data of every kind about Noa, the server's own eyes, and a pair that has written to each other."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from privacy.filled import Filled, fill
from support.logs import lines

from vuoro.core.db import Database

__all__ = ["lines"]


@pytest.fixture
async def migrator(environment) -> AsyncIterator[Database]:
    async with Database(environment["VUORO_DATABASE_MIGRATOR_URL"], pool_size=2) as database:
        yield database


@pytest.fixture
async def filled(migrator, databases, world) -> Filled:
    return await fill(migrator, databases.app, world)


@pytest.fixture
async def superuser(postgres, database_name) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    yield connection
    await connection.close()
