"""What the server said yes to is there after kill -9, once; the next start needs no help."""

import asyncio
import signal

import httpx
import pytest
from sqlalchemy import func, select
from support.server import vuoro

from vuoro.local.ports import free_port
from vuoro.people.models import Person


class Serving:
    """`vuoro serve` as a process of its own."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.environment, self.port, self.url = environment, port, f"http://127.0.0.1:{port}"

    async def start(self, shows: str = "/readyz") -> None:
        quiet = {**self.environment, "VUORO_LOG_LEVEL": "error"}
        self.process = await vuoro("serve", "--port", str(self.port), environment=quiet)
        async with asyncio.timeout(60), httpx.AsyncClient(trust_env=False) as client:
            while True:
                try:
                    if (await client.get(self.url + shows)).status_code == 200:
                        return
                except httpx.TransportError:
                    assert self.process.returncode is None, "the server ended instead of starting"
                await asyncio.sleep(0.05)

    async def end(self, number: int) -> int:
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.process.wait()


@pytest.fixture
async def serving(environment):
    server = Serving(environment, free_port())
    await server.start()
    yield server
    await server.end(signal.SIGKILL)


async def writer(serving: Serving, token: str, name: str, accepted: list[str], stop: asyncio.Event) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=serving.url, headers=headers, trust_env=False) as client:
        for number in range(10_000):
            if stop.is_set():
                return
            id = f"{name}-{number}"
            body = {"external_id": id, "display_name": id}
            try:
                answer = await client.post("/v1/people", json=body, headers={"Idempotency-Key": id})
            except httpx.TransportError:
                return
            if answer.status_code == 201:
                accepted.append(id)


async def test_kill_9_under_writes_loses_nothing_that_was_acknowledged(serving, api, world, databases):
    token = await api.sign_in(world.admin)
    accepted: list[str] = []
    stop = asyncio.Event()
    writers = [asyncio.create_task(writer(serving, token, f"w{n}", accepted, stop)) for n in range(4)]
    async with asyncio.timeout(60):
        while len(accepted) < 40:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await serving.end(signal.SIGKILL)
    stop.set()
    await asyncio.gather(*writers)
    assert len(accepted) >= 40
    await serving.start()
    async with databases.app.transaction(world.system) as db:
        rows = await db.execute(
            select(Person.external_id, func.count())
            .where(Person.organization_id == world.organization_id, Person.external_id.like("w%-%"))
            .group_by(Person.external_id)
        )
        kept = {row[0]: row[1] for row in rows}
    assert set(accepted) <= set(kept)
    assert set(kept.values()) == {1}
    # the same keys again: the same people, nobody twice
    async with httpx.AsyncClient(base_url=serving.url, trust_env=False) as client:
        again = await client.post(
            "/v1/people",
            json={"external_id": accepted[-1], "display_name": accepted[-1]},
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": accepted[-1]},
        )
    assert again.status_code == 201
    assert again.json()["external_id"] == accepted[-1]


async def test_sigterm_ends_the_server_politely(serving):
    # ended by itself, after its work: 0, or the signal that uvicorn raises anew at its end
    assert await serving.end(signal.SIGTERM) in (0, -signal.SIGTERM)


async def test_a_taken_port_is_one_clear_line(serving, environment):
    taken = str(serving.port)
    second = await vuoro("serve", "--port", taken, environment=environment, stderr=asyncio.subprocess.PIPE)
    _, said = await second.communicate()
    assert second.returncode == 2
    lines = said.decode().splitlines()
    assert len(lines) == 1
    assert f"port {serving.port}" in lines[0]


async def test_a_dead_database_is_503_and_the_first_write_after_it_works(serving, api, world, postgres, database_name):
    token = await api.sign_in(world.admin)
    async with httpx.AsyncClient(
        base_url=serving.url, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=30
    ) as client:
        assert (await client.get("/v1/me")).status_code == 200
        async with postgres.away(database_name):
            away = await client.get("/v1/me")
            assert (away.status_code, away.json()["code"], away.headers["retry-after"]) == (
                503,
                "database_unavailable",
                "2",
            )
            assert (await client.get("/readyz")).status_code == 503
            assert (await client.get("/healthz")).status_code == 200
        body = {"external_id": "after", "display_name": "After"}
        assert (await client.post("/v1/people", json=body)).status_code == 201


async def test_a_server_that_starts_before_its_database_serves_once_it_is_there(environment, postgres, database_name):
    server = Serving(environment, free_port())
    async with postgres.away(database_name):
        await server.start("/healthz")
        async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
            assert (await client.get("/readyz")).json()["checks"]["database"] == "away"
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        assert (await client.get("/readyz")).status_code == 200
    await server.end(signal.SIGTERM)
