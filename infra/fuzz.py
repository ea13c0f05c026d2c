"""Requests that a stranger might send, against the whole server with the demo's two companies. Run by `make fuzz`.

Every operation of the contract is tried with what fits it and what does not, by people, machines and nobody of both
companies, with ids of their own and of the other. Ends with 1 when there was a 5xx, an answer that the contract does
not have, or anything of the other company.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "backend"), str(ROOT / "backend" / "tests")]

from support import server  # noqa: E402
from support.fuzzing import Caller, Found, Fuzz, real_ids  # noqa: E402
from test_access import READING_SCOPES, TABLES  # noqa: E402
from vuoro.app import databases  # noqa: E402
from vuoro.core import clock  # noqa: E402
from vuoro.core.actor import Actor  # noqa: E402
from vuoro.core.db import Database  # noqa: E402
from vuoro.core.settings import settings  # noqa: E402
from vuoro.identity import logins, machines  # noqa: E402
from vuoro.identity.schemas import ApiClientIn  # noqa: E402
from vuoro.local.ports import free_port  # noqa: E402
from vuoro.simulator import demo  # noqa: E402

DATABASE = "fuzzed"
PARAMETERS = {parameter: table for table, parameter in TABLES.items()}
COMPANIES = {"nordlys": "mentor mentee manager admin safeguarding", "nordlys-suomi": "admin-suomi"}
PLENTY = {
    **dict.fromkeys(("VUORO_RATE_LIMIT_PER_SECOND", "VUORO_WRITE_LIMIT_PER_SECOND"), "100000"),
    **dict.fromkeys(("VUORO_RATE_LIMIT_BURST", "VUORO_WRITE_LIMIT_BURST"), "1000000"),
    "VUORO_LOG_LEVEL": "error",
}


def main() -> int:
    """Seed, serve, try, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=15_000, help="at least so many requests")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="operations whose name has this pattern")
    asked = parser.parse_args()
    began = time.monotonic()
    with server.running() as postgres:
        server.wait_for(postgres.clone(DATABASE, server.EMPTY))
        with server.environment({**postgres.environment(DATABASE), **PLENTY, "VUORO_DEMO": "true"}):
            asyncio.run(demo.seed(settings(), lambda line: print(line, flush=True)))
        with server.environment({**postgres.environment(DATABASE), **PLENTY}):
            found = tried(asked, postgres.superuser.rpartition("/")[0] + f"/{DATABASE}")
    print(f"{found}\n{time.monotonic() - began:.0f} s, seed {asked.seed}")
    return 1 if found.faults or (not asked.only and found.cases < asked.cases) else 0


def tried(asked: argparse.Namespace, dsn: str) -> Found:
    """What came of it all."""
    callers, ids = asyncio.run(company_of(dsn))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "backend")}
    command = [sys.executable, "-m", "vuoro.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment) as serving, httpx.Client(trust_env=False, timeout=60) as client:
        try:
            wait_for(client, url, serving)
            document = client.get(f"{url}/v1/openapi.json").json()
            names = [o["operationId"] for item in document["paths"].values() for o in item.values()]
            each = -(-asked.cases * 11 // (10 * len(names)))  # some cannot be written as HTTP
            fuzz = Fuzz(
                document, callers, ids, client.send, base_url=url, seed=asked.seed,
                tables=PARAMETERS, renew=lambda caller: asyncio.run(sign_in_again(dsn, caller)),
            )  # fmt: skip
            return fuzz.run(each, asked.only)
        finally:
            serving.terminate()


def wait_for(client: httpx.Client, url: str, serving: subprocess.Popen[bytes]) -> None:
    """Until the server is ready."""
    until = time.monotonic() + 60
    while time.monotonic() < until and serving.poll() is None:
        try:
            if client.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise SystemExit("the server did not start")


async def company_of(dsn: str) -> tuple[list[Caller], dict[str, Any]]:
    """The callers of both companies, signed in, and what is there."""
    connection = await asyncpg.connect(dsn)
    callers, ids = [Caller("nobody", "", None)], {}
    async with databases(settings()) as (app, auth):
        for slug, personas in COMPANIES.items():
            company = await connection.fetchval("select id from organizations where slug = $1", slug)
            ids[slug] = await real_ids(connection, company, PARAMETERS)
            names = [*(f"demo:{key}" for key in personas.split()), f"somebody of {slug}"]
            callers += [Caller(name, slug, await sign_in(connection, auth, company, name)) for name in names]
            for scopes in (READING_SCOPES, ["people:write"]):
                async with app.transaction(Actor(company)) as db:
                    client_id = await machines.add_client(db, db.me, ApiClientIn(name=scopes[0], scopes=scopes))
                async with auth.transaction() as db:
                    callers.append(Caller(scopes[0], slug, await logins.make_key(db, company, client_id)))
    await connection.close()
    return callers, ids


async def sign_in(connection: Any, auth: Database, company: Any, name: str) -> str:
    """A sign-in of a persona, or of the last who is none: by passkey, and fresh for as long as this may take."""
    person = await connection.fetchval(
        "select id from people where organization_id = $1 and status = 'active' and deleted_at is null"
        " and user_name is not distinct from $2 order by id desc limit 1",
        company, name if name.startswith("demo:") else None,
    )  # fmt: skip
    async with auth.transaction() as db:
        tomorrow = clock.now() + timedelta(days=1)
        return (await logins.begin(db, company, person, "passkey", signed_in_at=tomorrow)).token


async def sign_in_again(dsn: str, caller: Caller) -> str | None:
    """Another sign-in for somebody whose own was ended by a request."""
    connection = await asyncpg.connect(dsn)
    try:
        company = await connection.fetchval("select id from organizations where slug = $1", caller.company)
        async with databases(settings()) as (_, auth):
            return await sign_in(connection, auth, company, caller.name)
    finally:
        await connection.close()


if __name__ == "__main__":
    sys.exit(main())
