"""No input crashes it, no answer leaves the contract, nobody reaches another company: the short form of `make fuzz`."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import httpx
import pytest
from support.fuzzing import Caller, Found, Fuzz, Send, real_ids
from test_access import TABLES, Stage

CASES = 4
PARAMETERS = {parameter: table for table, parameter in TABLES.items()}


@pytest.fixture
async def superuser(postgres, database_name):
    connection = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    yield connection
    await connection.close()


@pytest.fixture
async def callers(api, databases, world, application, superuser) -> list[Caller]:
    """Every column of the permission table, with their tokens."""
    stage = await Stage(api, databases, world, application, superuser).set_up()
    found = [Caller("other admin", "other", await api.sign_in(world.other_admin))]
    for name, who in stage.callers.items():
        token = who if isinstance(who, str) or who is None else await api.sign_in(who)
        found.append(Caller(name, "other" if name == "foreign" else "nordlys", token))
    return found


async def in_thread(application: Any, work: Callable[[Send], Found]) -> Found:
    """Run plain code beside the application's event loop; what it sends is answered in the loop."""
    loop = asyncio.get_running_loop()
    transport = httpx.ASGITransport(application, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport) as client:
        return await asyncio.to_thread(
            work, lambda request: asyncio.run_coroutine_threadsafe(client.send(request), loop).result()
        )


async def test_no_input_breaks_it_and_nobody_reaches_another_company(application, callers, superuser, world):
    ids = {
        "nordlys": await real_ids(superuser, world.organization_id, PARAMETERS),
        "other": await real_ids(superuser, world.other_organization_id, PARAMETERS),
    }
    assert ids["nordlys"]["seed_id"]
    assert ids["other"]["person_id"]

    found = await in_thread(
        application, lambda send: Fuzz(application.openapi(), callers, ids, send, tables=PARAMETERS).run(CASES)
    )
    print(found)  # noqa: T201
    assert not found.faults, str(found)
    assert found.cases > 800
    assert len(found.done) > 60, "most requests were refused: the ids or tokens are wrong"
