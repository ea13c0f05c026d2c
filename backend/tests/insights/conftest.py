"""Noa mentors Maria; both have signed."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from sessions.meetings import NOW, Meetings, signed_pair


@pytest.fixture
async def pair(api, world, databases, clock) -> Meetings:
    clock.freeze(NOW)
    pair_id = await signed_pair(databases.app, world, world["noa"], world["maria"])
    return Meetings(pair_id, api(world["noa"]), api(world["maria"]))


@pytest.fixture
async def superuser(postgres, database_name) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    yield connection
    await connection.close()
