"""The product as processes that may be killed, and writers that load it. For promises.py."""

import asyncio
import itertools
import os
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
from support import server, world
from vuoro.core.db import Database
from vuoro.identity import logins
from vuoro.local import postgres
from vuoro.local.folder import DataFolder
from vuoro.local.ports import free_port

BACKEND = Path(__file__).resolve().parents[1] / "backend"


class Product:
    """Database, API and worker as processes of their own; whoever runs this starts what died, as systemd would."""

    def __init__(self, cluster: postgres.Cluster, folder: DataFolder) -> None:
        self.cluster, self.folder, self.port = cluster, folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        plenty = dict.fromkeys(("VUORO_WRITE_LIMIT_PER_SECOND", "VUORO_RATE_LIMIT_PER_SECOND"), "100000")
        plenty |= dict.fromkeys(("VUORO_WRITE_LIMIT_BURST", "VUORO_RATE_LIMIT_BURST"), "1000000")
        self.environment = {
            **cluster.environment(), **plenty, "VUORO_MASTER_KEYS": server.MASTER_KEYS, "VUORO_LOG_LEVEL": "error",
        }  # fmt: skip
        self.processes: dict[str, asyncio.subprocess.Process] = {}
        self.ids: dict[str, str] = {}
        self.token = ""

    async def build(self) -> None:
        """The company, and its admin's sign-in."""
        migrator = self.environment["VUORO_DATABASE_MIGRATOR_URL"]
        await asyncio.to_thread(server.migrate, migrator)
        with server.environment(self.environment):
            self.ids = await world.build(migrator, self.environment["VUORO_DATABASE_APP_URL"])
            company, person = (UUID(self.ids[name]) for name in ("organization.nordlys", "helena"))
            async with (
                Database(self.environment["VUORO_DATABASE_AUTH_URL"], pool_size=1) as auth,
                auth.transaction() as db,
            ):
                self.token = (await logins.begin(db, company, person, "passkey")).token

    async def start(self, what: str, **more: str) -> None:
        """Start the API or the worker; the API answers when this returns."""
        arguments = ["serve", "--port", str(self.port)] if what == "API" else ["worker"]
        environment = {**os.environ, "PYTHONPATH": str(BACKEND), **self.environment, **more}
        self.processes[what] = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "vuoro.cli", *arguments, env=environment
        )
        while what == "API" and not await self.is_ready():  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    async def is_ready(self) -> bool:
        """Whether the API answers."""
        async with httpx.AsyncClient(trust_env=False) as client:
            with suppress(httpx.TransportError):
                return (await client.get(f"{self.url}/readyz")).status_code == 200
        return False

    def kill(self, what: str) -> None:
        """Kill -9, of every process of the database."""
        if what == "database":
            for process in postgres._servers(self.folder.path / "pg"):
                with suppress(Exception):
                    process.kill()
            self.cluster.process.wait()
        else:
            self.processes[what].kill()

    async def again(self, what: str) -> float:
        """Start what was killed; seconds that it took to stand."""
        began = time.monotonic()
        if what == "database":
            await asyncio.to_thread(self.cluster.restart)
        else:
            await self.processes[what].wait()
            await self.start(what)
        return time.monotonic() - began

    async def end(self) -> None:
        """Nothing of it runs any more."""
        for process in self.processes.values():
            if process.returncode is None:
                process.kill()
                await process.wait()

    def client(self) -> httpx.AsyncClient:
        """Signed in as the company's admin."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False, timeout=30)

    async def sql(self, query: str, *values: object, database: str = "vuoro") -> list[asyncpg.Record]:
        """Asked as superuser, past every wall."""
        connection = await asyncpg.connect(self.cluster.dsn("postgres", database))
        try:
            return list(await connection.fetch(query, *values))
        finally:
            await connection.close()


class Load:
    """Writers that repeat each write by its key until it is acknowledged, as a phone does."""

    def __init__(self, product: Product, name: str, writers: int = 4) -> None:
        self.product, self.name = product, name
        self.accepted: list[str] = []
        self.ended = 0
        self.wrong: Counter[str] = Counter()
        self.stop = asyncio.Event()
        self.last = 0.0
        self.tasks = [asyncio.create_task(self._people(number)) for number in range(writers)]
        self.tasks.append(asyncio.create_task(self._sign_ins()))

    async def _once(self, client: httpx.AsyncClient, path: str, body: dict[str, object], key: str) -> bool:
        while True:
            try:
                answer = await client.post(path, json=body, headers={"Idempotency-Key": key})
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.is_success:
                self.last = time.monotonic()
                return True
            if answer is not None and answer.status_code not in (503, 429):
                self.wrong[f"{answer.status_code} {answer.text[:200]}"] += 1
            if self.stop.is_set():
                return False
            await asyncio.sleep(0.02)

    async def _people(self, writer: int) -> None:
        async with self.product.client() as client:
            for number in itertools.count():
                if self.stop.is_set():
                    return
                id = f"{self.name}-{writer}-{number}"
                if await self._once(client, "/v1/people", {"external_id": id, "display_name": f"Name of {id}"}, id):
                    self.accepted.append(id)

    async def _sign_ins(self) -> None:
        """Each of these owes one mail, which the worker brings."""
        path = f"/v1/people/{self.product.ids['noa']}/sign-ins/end"
        async with self.product.client() as client:
            for number in itertools.count():
                if self.stop.is_set():
                    return
                self.ended += await self._once(client, path, {}, f"{self.name}-end-{number}")
                await asyncio.sleep(0.1)

    async def until(self, more: int) -> None:
        """So many more writes are acknowledged."""
        goal = len(self.accepted) + more
        while len(self.accepted) < goal:  # noqa: ASYNC110
            await asyncio.sleep(0.005)

    async def next_write(self) -> float:
        """Seconds until the next acknowledged write."""
        began, before = time.monotonic(), self.last
        while self.last == before:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        return time.monotonic() - began

    async def finish(self) -> None:
        """No more writes; those under way end first."""
        self.stop.set()
        await asyncio.gather(*self.tasks)

    async def lost_wrong_doubled(self) -> tuple[int, int, int]:
        """Of what was acknowledged: gone, other than it was sent, there twice."""
        rows = await self.product.sql(
            "select external_id, display_name from people where external_id like $1", f"{self.name}-%"
        )
        found = Counter(row[0] for row in rows)
        wrong = sum(row[1] != f"Name of {row[0]}" for row in rows)
        return sum(id not in found for id in self.accepted), wrong, sum(count > 1 for count in found.values())
