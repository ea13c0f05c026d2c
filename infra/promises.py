"""Promises that only a whole server under load can show, on a PostgreSQL that keeps its word. Run by `make promises`.

kill -9 of database, API and worker under writes, with a control that does lose; one key sixteen times at once; SIGTERM
under load; a dump that is restored. Ends with 1 when a promise does not hold. tests/test_crash.py has the short form.
"""

import argparse
import asyncio
import itertools
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "backend"), str(ROOT / "backend" / "tests")]

from support import server, world  # noqa: E402
from vuoro.core.db import Database  # noqa: E402
from vuoro.identity import logins  # noqa: E402
from vuoro.local import postgres  # noqa: E402
from vuoro.local.folder import DataFolder  # noqa: E402
from vuoro.local.ports import free_port  # noqa: E402

PATIENCE = {"database": 2.0, "API": 5.0}  # seconds until the first write after it


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
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "backend"), **self.environment, **more}
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


Said = tuple[bool, str]


async def nothing_is_lost(product: Product, rounds: int) -> Said:
    """Kill -9 by turns of database, API and worker."""
    load = Load(product, "kill")
    slowest = dict.fromkeys(PATIENCE, 0.0)
    for victim in itertools.islice(itertools.cycle(("database", "API", "worker")), rounds):
        await load.until(20)
        product.kill(victim)
        stood = await product.again(victim)
        if victim in slowest:
            waited = await load.next_write() + (stood if victim == "API" else 0)
            slowest[victim] = max(slowest[victim], waited)
    await load.until(20)
    await load.finish()
    lost, wrong, doubled = await load.lost_wrong_doubled()
    facts, mails = await mails_of(product)
    held = not (lost or wrong or doubled or load.wrong) and facts == mails >= load.ended
    held = held and all(slowest[what] <= limit for what, limit in PATIENCE.items())
    times = ", ".join(f"first write {seconds:.2f} s after the {what}" for what, seconds in slowest.items())
    return held, (
        f"{rounds} kills, {len(load.accepted)} writes acknowledged: {lost} lost, {wrong} wrong, {doubled} doubled,"
        f" {sum(load.wrong.values())} answers but 2xx and 503 {dict(load.wrong) or ''}; {times};"
        f" {facts} mails owed, {mails} brought, each once"
    )


async def mails_of(product: Product) -> tuple[int, int]:
    """Facts that owe a mail, and mails; once the worker has nothing left to do."""
    until = time.monotonic() + 90
    facts, mails = 0, -1
    while facts != mails and time.monotonic() < until:
        await asyncio.sleep(0.5)
        facts = (await product.sql("select count(*) from outbox where kind = 'login.ended'"))[0][0]
        mails = (await product.sql("select count(*) from deliveries where kind = 'login.ended'"))[0][0]
    return facts, mails


async def a_control_loses(product: Product, rounds: int) -> Said:
    """The same with a database that says yes before it has written: the gate has to notice."""
    for setting in ("synchronous_commit = off", "wal_writer_delay = '10s'"):
        await product.sql(f"alter system set {setting}")
    await product.sql("select pg_reload_conf()")
    product.kill("database")
    await product.again("database")
    lost = 0
    for number in range(min(rounds, 5)):
        load = Load(product, f"control{number}")
        await load.until(40)
        load.stop.set()
        product.kill("database")
        await product.again("database")
        await load.finish()
        lost += (await load.lost_wrong_doubled())[0]
        if lost:
            break
    await product.sql("alter system reset all")
    await product.sql("select pg_reload_conf()")
    return lost > 0, f"synchronous_commit = off: {lost} acknowledged writes lost, and noticed"


async def one_effect_a_key(product: Product, rounds: int) -> Said:
    """Sixteen requests at once with one key."""
    async with product.client() as client:
        ids: list[set[str]] = []
        refused = 0
        for number in range(rounds):
            body = {"external_id": f"key-{number}", "display_name": "Once"}
            headers = {"Idempotency-Key": f"key-{number}"}
            answers = await asyncio.gather(*(client.post("/v1/people", json=body, headers=headers) for _ in range(16)))
            refused += sum(answer.status_code != 201 for answer in answers)
            ids.append({answer.json().get("id", "") for answer in answers})
    made = (await product.sql("select count(*) from people where external_id like 'key-%'"))[0][0]
    held = made == rounds and not refused and all(len(found) == 1 for found in ids)
    return held, f"16 at once × {rounds}: {made} objects, {refused} answers other than 201"


async def stops_politely(product: Product, _: int) -> Said:
    """SIGTERM while sixteen clients write; a SIGKILL in its place is noticed."""
    answered, unanswered, took = await ended_by(product, signal.SIGTERM)
    await product.start("API")
    control = (await ended_by(product, signal.SIGKILL))[1]
    await product.start("API")
    return not unanswered and took <= 5 and control > 0, (
        f"{answered} answered, {unanswered} in flight without an answer, exit in {took:.2f} s;"
        f" control: SIGKILL leaves {control} without one"
    )


async def ended_by(product: Product, number: signal.Signals) -> tuple[int, int, float]:
    """Requests answered and not of those sent before the signal, and how long the end took."""
    told = asyncio.Event()
    found: Counter[bool] = Counter()

    async def use(client_number: int) -> None:
        async with product.client() as client:
            for turn in itertools.count():
                if told.is_set():
                    return
                body = {"external_id": f"{number.name}-{client_number}-{turn}", "display_name": "Term"}
                try:
                    await client.post("/v1/people", json=body)
                    found[True] += 1
                except httpx.TransportError:
                    found[False] += 1
                    return

    users = [asyncio.create_task(use(client_number)) for client_number in range(16)]
    while found[True] < 64:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    process = product.processes["API"]
    told.set()
    began = time.monotonic()
    process.send_signal(number)
    await process.wait()
    took = time.monotonic() - began
    await asyncio.gather(*users)
    return found[True], found[False], took


async def a_backup_restores(product: Product, _: int) -> Said:
    """pg_dump, pg_restore into another database, every table counted, and the product on it."""
    dump = product.folder.path / "dump"
    superuser = product.cluster.dsn("postgres", "vuoro")
    binaries = postgres.binaries()
    await product.sql("create database restored owner vuoro_migrator", database="postgres")
    await run(str(binaries / "pg_dump"), "-Fc", "-f", str(dump), superuser)
    restored = product.cluster.dsn("postgres", "restored")
    await run(str(binaries / "pg_restore"), "--exit-on-error", "-d", restored, str(dump))
    before, after = await counts(product, "vuoro"), await counts(product, "restored")
    other = Product(product.cluster, product.folder)
    other.token, other.ids = product.token, product.ids
    other.environment = {
        name: value.removesuffix("/vuoro") + "/restored" if value.endswith("/vuoro") else value
        for name, value in other.environment.items()
    }
    try:
        await other.start("API")
        async with other.client() as client:
            reads = (await client.get("/v1/people?limit=100")).status_code
            body = {"external_id": "after-restore", "display_name": "After"}
            writes = (await client.post("/v1/people", json=body)).status_code
    finally:
        await other.end()
    same = before == after
    await product.sql("delete from audit_log where id = (select min(id) from audit_log)", database="restored")
    noticed = await counts(product, "restored") != before
    return same and noticed and (reads, writes) == (200, 201), (
        f"{len(before)} tables, {sum(before.values())} rows, {sum(after.values())} after it"
        f" ({'equal' if same else 'NOT equal'}); on it a read is {reads} and a write {writes};"
        f" control: one row less is {'noticed' if noticed else 'NOT noticed'}"
    )


async def counts(product: Product, database: str) -> dict[str, int]:
    """Rows by table; the jobs' own and the limits' are left out, as they change meanwhile or are not kept."""
    names = await product.sql(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'auth')"
        " and tablename <> 'rate_limits' order by 1", database=database,
    )  # fmt: skip
    found = {}
    for (name,) in names:
        found[name] = (await product.sql(f"select count(*) from {name}", database=database))[0][0]  # noqa: S608
    return found


async def run(*command: str) -> None:
    """A program that has to succeed."""
    process = await asyncio.create_subprocess_exec(*command)
    if await process.wait():
        raise SystemExit(f"{Path(command[0]).name} failed")


PROMISES: dict[str, Callable[[Product, int], Awaitable[Said]]] = {
    "no acknowledged write is lost; back by itself": nothing_is_lost,
    "one effect a key": one_effect_a_key,
    "stops gracefully": stops_politely,
    "backup restores": a_backup_restores,
    "a database that forgets is noticed": a_control_loses,
}


async def shown(rounds: int, only: str) -> bool:
    """Each promise, one after the other."""
    folder = Path(tempfile.mkdtemp(prefix="vuoro-promises-"))
    data = DataFolder.open(folder)
    cluster = await asyncio.to_thread(postgres.start, data)
    product = Product(cluster, data)
    held = True
    try:
        await product.build()
        await product.start("API")
        await product.start("worker")
        for name, show in PROMISES.items():
            if only in name:
                holds, figure = await show(product, rounds)
                held = held and holds
                print(f"{'holds' if holds else 'DOES NOT HOLD'}: {name}\n  {figure}", flush=True)
    finally:
        await product.end()
        await asyncio.to_thread(cluster.stop)
        shutil.rmtree(folder, ignore_errors=True)
    return held


def main() -> int:
    """Ask for the number of rounds, show, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", default="", help="promises whose name has this text")
    asked = parser.parse_args()
    return 0 if asyncio.run(shown(asked.rounds, asked.only)) else 1


if __name__ == "__main__":
    sys.exit(main())
