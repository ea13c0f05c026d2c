"""Gates of SCIM on the whole service with an embedded PostgreSQL: `make scim-check`.

The public checkers (scim2-tester, scim-sanity) run in an environment of their own, before and after the corpus of
quirks; then 20,000 people come by bulk, and the queries of Entra ID are counted by the second. Exit status 1 when a
gate fails.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "backend"), str(ROOT / "backend" / "tests")]
sys.path.insert(0, str(ROOT / "infra"))

from hris.scim_corpus import play, stories  # noqa: E402
from vuoro.core import clock  # noqa: E402
from vuoro.core.crypto import hash_token  # noqa: E402
from vuoro.local.postgres import temporary_cluster  # noqa: E402

from e2e import free_port, ready  # noqa: E402

CHECKERS = ["scim2-tester>=0.5,<0.6", "scim2-client[httpx2]>=0.13,<0.14", "scim-sanity>=0.7,<0.8"]
ENVIRONMENT = ROOT / ".vuoro" / "scim-checkers"
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
VUORO = "urn:ietf:params:scim:schemas:extension:vuoro:2.0:User"
WANTED_A_SECOND = 25
TESTER = """
import json, sys
from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server
url, token = sys.argv[1:]
client = Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60)
found = check_server(SyncSCIMClient(client))
bad = [f"{each.title}: {each.reason}" for each in found if each.status is not Status.SUCCESS]
print(json.dumps({"all": len(found), "bad": bad}))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000, help="how many come by bulk")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each query is repeated")
    asked = parser.parse_args()
    python = checkers()
    with service() as (url, tokens):
        return asyncio.run(run(python, url, tokens, asked))


def checkers() -> Path:
    """The environment of the checkers, made once."""
    python = ENVIRONMENT / "bin" / "python"
    stamp = ENVIRONMENT / "installed"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != "\n".join(CHECKERS):
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-input", *CHECKERS], check=True)
        stamp.write_text("\n".join(CHECKERS), encoding="utf-8")
    return python


@contextmanager
def service() -> Iterator[tuple[str, dict[str, str]]]:
    """The API on a throwaway database with one connection a preset; yields its address and the secrets by preset."""
    port = free_port()
    with temporary_cluster() as cluster:
        environment = {
            **os.environ,
            **{f"VUORO_DATABASE_{name.upper()}_URL": cluster.dsn(f"vuoro_{name}") for name in
               ("app", "worker", "auth", "migrator")},
            "VUORO_MASTER_KEYS": f"check:{KEY}",
            "VUORO_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "VUORO_LOG_LEVEL": "warning",
            "VUORO_RATE_LIMIT_PER_SECOND": "100000",
            "VUORO_RATE_LIMIT_BURST": "100000",
            "VUORO_WRITE_LIMIT_PER_SECOND": "100000",
            "VUORO_WRITE_LIMIT_BURST": "100000",
            "PYTHONPATH": str(ROOT / "backend"),
        }  # fmt: skip
        shell = [sys.executable, "-m", "vuoro.cli"]
        subprocess.run([*shell, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
        tokens = asyncio.run(connections(cluster.dsn("postgres")))
        server = subprocess.Popen([*shell, "serve", "--port", str(port)], env=environment, cwd=ROOT)
        try:
            if not ready(server, port):
                raise SystemExit("The service did not start.")
            yield f"http://127.0.0.1:{port}/scim/v2", tokens
        finally:
            server.terminate()
            server.wait(20)


async def connections(dsn: str) -> dict[str, str]:
    """An organization with a connection for each preset; answers their secrets."""
    database = await asyncpg.connect(dsn)
    organization, moment, tokens = clock.uuid7(), clock.now(), {}
    await database.execute(
        "insert into organizations (id, name, slug, locales, default_locale, time_zone, version, created_at,"
        " updated_at) values ($1, 'Check', 'check', '{en}', 'en', 'UTC', 1, $2, $2)",
        organization, moment,
    )  # fmt: skip
    for preset in ("generic", "okta", "entra"):
        client, token = clock.uuid7(), f"vuoro_live_{preset}_{uuid4().hex}"
        await database.execute(
            "insert into api_clients (organization_id, id, name, scopes, version, created_at, updated_at)"
            " values ($1, $2, $3, '{scim}', 1, $4, $4)",
            organization, client, preset, moment,
        )  # fmt: skip
        await database.execute(
            "insert into scim_connections (organization_id, id, client_id, name, preset, state, scope_values, version,"
            " created_at, updated_at) values ($1, $2, $3, $4, $4, 'active', '{}', 1, $5, $5)",
            organization, clock.uuid7(), client, preset, moment,
        )  # fmt: skip
        await database.execute(
            "insert into auth.tokens (hash, kind, organization_id, client_id, family_id, created_at, id)"
            " values ($1, 'api_key', $2, $3, $4, $5, $6)",
            hash_token(token), organization, client, clock.uuid7(), moment, clock.uuid7(),
        )  # fmt: skip
        tokens[preset] = token
    await database.close()
    return tokens


async def run(python: Path, url: str, tokens: dict[str, str], asked: argparse.Namespace) -> int:
    """Every gate, each with its figure; 1 when one fails."""
    failed: list[str] = []

    def gate(name: str, figure: str, *, good: bool) -> None:
        print(f"{'ok  ' if good else 'FAIL'}  {name}: {figure}", flush=True)
        if not good:
            failed.append(name)

    async def public(when: str) -> None:
        found = tester(python, url, tokens["generic"])
        gate(f"scim2-tester, {when}", f"{found['all'] - len(found['bad'])}/{found['all']}", good=not found["bad"])
        print("\n".join(f"      {line}"[:300] for line in found["bad"]), end="\n" if found["bad"] else "")
        for profile in (None, "entra"):
            good, every, lines = sanity(python, url, tokens["generic"], profile)
            gate(f"scim-sanity {profile or 'strict'}, {when}", f"{good}/{every}", good=good == every)
            print("\n".join(f"      {line}"[:300] for line in lines), end="\n" if lines else "")

    await public("before the quirks")
    for preset, token in tokens.items():
        wrong = await quirks(url, token, preset)
        gate(f"quirks of {preset}", "all as expected" if not wrong else f"{len(wrong)} wrong", good=not wrong)
        print("\n".join(f"      {line}"[:400] for line in wrong), end="\n" if wrong else "")
    await public("after the quirks")
    async with caller(url, tokens["entra"]) as client:
        spent, bad = await load(client, asked.people)
        rate = asked.people / spent
        gate(f"{asked.people} people by bulk", f"{spent:.0f} s, {rate:.0f} a second, {bad} refused", good=bad == 0)
        for name, (count, worst, cpu) in (await queries(client, asked.people, asked.seconds)).items():
            figure = f"{count:.0f} a second, slowest {worst * 1000:.0f} ms, {cpu * 1000:.0f} ms of processor each"
            gate(f"query {name}", figure, good=count >= WANTED_A_SECOND or (busy() and cpu <= 1 / WANTED_A_SECOND))
        print(f"      load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        spent, status = await members(client, min(10_000, asked.people))
        gate("10,000 members in one PATCH", f"{spent:.1f} s, {status}", good=status == 204)
    print("All gates hold." if not failed else f"{len(failed)} of the gates do not hold.")
    return 1 if failed else 0


def tester(python: Path, url: str, token: str) -> dict[str, Any]:
    """What scim2-tester finds."""
    told = subprocess.run([python, "-c", TESTER, url, token], capture_output=True, text=True, check=False)
    if told.returncode:
        return {"all": 1, "bad": [told.stderr[-300:]]}
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return found


def sanity(python: Path, url: str, token: str, profile: str | None) -> tuple[int, int, list[str]]:
    """(passed, all, what failed) of scim-sanity."""
    command = [
        str(python.with_name("scim-sanity")), "probe", url, "--token", token, "--strict", "--json-output",
        "--i-accept-side-effects", *(["--profile", profile] if profile else []),
    ]  # fmt: skip
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        found = json.loads(told.stdout)
    except ValueError:
        return 0, 1, [told.stdout[-300:] + told.stderr[-300:]]
    counted = [each for each in found["results"] if each["status"].lower() != "skip"]
    bad = [f"{each['name']}: {each.get('message')}" for each in counted if each["status"].lower() != "pass"]
    return len(counted) - len(bad), len(counted), bad


def caller(url: str, token: str) -> httpx.AsyncClient:
    """A client of one connection."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    return httpx.AsyncClient(base_url=url, headers=headers, timeout=300)


async def quirks(url: str, token: str, preset: str) -> list[str]:
    """What of the corpus is otherwise than expected."""
    async with caller(url, token) as client:

        async def send(method: str, path: str, query: dict[str, str], body: bytes | None) -> tuple[int, bytes]:
            answer = await client.request(method, path, params=query, content=body)
            return answer.status_code, answer.content

        run = uuid4().hex[:8]
        return [fault for story in stories() if story["preset"] == preset for fault in await play(story, send, run)]


def person(number: int) -> dict[str, Any]:
    """One of the many: eight report to one, who may come later in the same request."""
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE, VUORO],
        "userName": f"person.{number}@load.example",
        "externalId": f"load-{number}",
        "displayName": f"Person {number}",
        "name": {"givenName": "Person", "familyName": str(number)},
        "active": True,
        "emails": [{"value": f"person.{number}@load.example", "type": "work", "primary": True}],
        ENTERPRISE: {
            "employeeNumber": f"L{number}",
            "department": f"Department {number % 97}",
            **({"manager": {"value": f"L{(number - 1) // 8}"}} if number else {}),
        },
        VUORO: {"jobLevel": 1 + number % 9, "team": f"Team {number % 997}", "hireOn": "2024-08-19"},
    }


async def load(client: httpx.AsyncClient, people: int) -> tuple[float, int]:
    """Bring everybody by bulk; (seconds, how many were refused)."""
    began, bad = time.perf_counter(), 0
    # from the last to the first: most managers come after those who report to them
    numbers = list(range(people - 1, -1, -1))
    for start in range(0, people, 1000):
        operations = [
            {"method": "POST", "path": "/Users", "bulkId": str(number), "data": person(number)}
            for number in numbers[start : start + 1000]
        ]
        body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations}
        answer = await client.post("/Bulk", json=body)
        if answer.status_code != 200:
            print(answer.text[:300])
            return time.perf_counter() - began, people
        bad += sum(each["status"] != "201" for each in answer.json()["Operations"])
    return time.perf_counter() - began, bad


def busy() -> bool:
    """Whether others use the machine so much that seconds say little; what a request costs then decides."""
    return os.getloadavg()[0] > 1.5 * (os.cpu_count() or 1)


def spent_by_all() -> float:
    """Seconds of processor of the service and its PostgreSQL so far."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            total += sum(process.cpu_times()[:2])
    return total


async def queries(client: httpx.AsyncClient, people: int, seconds: float) -> dict[str, tuple[float, float, float]]:
    """How often a second each of Entra's queries is answered in turn, the slowest in seconds, and their cost."""
    answer = await client.get("/Users", params={"filter": f'userName eq "person.{people // 2}@load.example"'})
    one = answer.json()["Resources"][0]
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Load"}
    group = (await client.post("/Groups", json={**body, "members": [{"value": one["id"]}]})).json()
    asked: dict[str, tuple[str, dict[str, str]]] = {
        "userName": ("/Users", {"filter": f'userName eq "PERSON.{people // 3}@load.example"'}),
        "externalId": ("/Users", {"filter": f'externalId eq "load-{people // 3}"'}),
        "work address": ("/Users", {"filter": f'emails[type eq "work"].value eq "person.{people // 3}@load.example"'}),
        "displayName": ("/Users", {"filter": f'displayName eq "Person {people // 3}"'}),
        "employeeNumber": ("/Users", {"filter": f'{ENTERPRISE}:employeeNumber eq "L{people // 3}"'}),
        "group displayName": ("/Groups", {"filter": 'displayName eq "Load"', "excludedAttributes": "members"}),
        "id and members": ("/Groups", {"filter": f'id eq "{group["id"]}" and members eq "{one["id"]}"',
                                       "excludedAttributes": "members"}),
        "id and manager": ("/Users", {"filter": f'id eq "{one["id"]}" and manager eq "nobody"', "attributes": "id"}),
        "one user": (f"/Users/{one['id']}", {}),
    }  # fmt: skip
    found: dict[str, tuple[float, float, float]] = {}
    for name, (path, query) in asked.items():
        count, worst, began, before = 0, 0.0, time.perf_counter(), spent_by_all()
        while time.perf_counter() - began < seconds:
            sent = time.perf_counter()
            answer = await client.get(path, params=query)
            assert answer.status_code == 200, answer.text
            worst, count = max(worst, time.perf_counter() - sent), count + 1
        found[name] = (count / (time.perf_counter() - began), worst, (spent_by_all() - before) / count)
    return found


async def members(client: httpx.AsyncClient, count: int) -> tuple[float, int]:
    """Put this many people into one group by one PATCH; (seconds, status)."""
    ids: list[str] = []
    start = 1
    while len(ids) < count:
        query = {"startIndex": str(start), "count": "200", "attributes": "id"}
        page = (await client.get("/Users", params=query)).json()["Resources"]
        ids, start = ids + [each["id"] for each in page], start + 200
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Ten thousand"}
    group = (await client.post("/Groups", json=body)).json()["id"]
    value = [{"value": id} for id in ids[:count]]
    patch = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
             "Operations": [{"op": "Add", "path": "members", "value": value}]}  # fmt: skip
    began = time.perf_counter()
    answer = await client.patch(f"/Groups/{group}", json=patch)
    return time.perf_counter() - began, answer.status_code


if __name__ == "__main__":
    sys.exit(main())
