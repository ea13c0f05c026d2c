"""A receiver on this machine that Vuoro may call, and an admin who sends events there."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from webhooks.targets import Target, listening

from vuoro.core.settings import settings


@pytest.fixture
async def target(environment, monkeypatch) -> AsyncIterator[Target]:
    async with listening() as found:
        monkeypatch.setenv("VUORO_OUTWARD_ALLOW", f"127.0.0.1:{found.port}")
        settings.cache_clear()
        yield found


@pytest.fixture
def allow(monkeypatch) -> Callable[..., None]:
    """Let Vuoro call these addresses too."""

    def also(*urls: str) -> None:
        hosts = [settings().outward_allow, *(url.split("/")[2] for url in urls)]
        monkeypatch.setenv("VUORO_OUTWARD_ALLOW", ",".join(filter(None, hosts)))
        settings.cache_clear()

    return also


@pytest.fixture
def subscribe(api, world) -> Callable[..., Awaitable[dict[str, Any]]]:
    async def make(url: str, *types: str, **more: Any) -> dict[str, Any]:
        body = {"url": url, "event_types": list(types) or ["person.created"], **more}
        answer = await api(world.admin).post("/v1/webhook-endpoints", json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    return make


@pytest.fixture
def hire(api, world) -> Callable[..., Awaitable[str]]:
    """One more person in the directory, which is an event."""

    async def make(external_id: str = "H1") -> str:
        body = {"external_id": external_id, "display_name": f"Merkki {external_id}"}
        answer = await api(world.admin).post("/v1/people", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    return make


@pytest.fixture
def deliveries(api, world) -> Callable[..., Awaitable[list[dict[str, Any]]]]:
    async def read(endpoint: dict[str, Any], **query: str) -> list[dict[str, Any]]:
        answer = await api(world.admin).get(f"/v1/webhook-endpoints/{endpoint['id']}/deliveries", params=query)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    return read


@pytest.fixture
async def superuser(postgres, database_name) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    yield connection
    await connection.close()
