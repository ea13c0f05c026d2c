"""Promises that only a whole server under load can show, on a PostgreSQL that keeps its word. Run by `make promises`.

kill -9 of database, API and worker under writes, with a control that does lose; one key sixteen times at once; SIGTERM
under load; a dump that is restored. Ends with 1 when a promise does not hold. tests/test_crash.py has the short form.
"""

import argparse
import asyncio
import itertools
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

BACKEND = Path(__file__).resolve().parents[1] / "backend"
sys.path[:0] = [str(BACKEND), str(BACKEND / "tests")]

from vuoro.local import postgres  # noqa: E402
from vuoro.local.folder import DataFolder  # noqa: E402

from under_load import Load, Product  # noqa: E402

PATIENCE = {"database": 2.0, "API": 5.0}  # seconds until the first write after it
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
    await product.sql(
        "delete from audit_log where id = (select id from audit_log order by id limit 1)", database="restored"
    )
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
