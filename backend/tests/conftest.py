"""Fixtures: a database for each test, the application on it, clients that sign in, later work, time, statements."""

import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.engine import Engine
from support import engines, jobs, server
from support.contract import CheckedTransport, Contract, SignIn
from support.server import Server
from support.world import Member, World, open_world

from vuoro.core import clock as time
from vuoro.core import log, memory
from vuoro.core.actor import Method
from vuoro.core.db import Database
from vuoro.core.settings import settings
from vuoro.identity import logins

engines.stay()
os.environ["PGSSLMODE"] = "disable"  # to ask for it costs as much as to connect
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # each core has a process of the run already

_controller = pytest.StashKey[tuple[ExitStack, Server]]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """One server for all processes of `pytest -n`: the first of them, which runs no tests, keeps it."""
    if _controller not in node.config.stash:
        stack = ExitStack()
        node.config.stash[_controller] = (stack, stack.enter_context(server.running()))
        node.config.add_cleanup(stack.close)
    node.workerinput["server"] = node.config.stash[_controller][1].to_json()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest test begins first, so that the run does not end with one process waiting for it."""
    items.sort(key=lambda item: "test_whole_programme" not in item.nodeid)


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Server]:
    """The run's PostgreSQL, with its templates."""
    shared = getattr(request.config, "workerinput", {}).get("server")
    if shared is not None:
        yield Server.from_json(shared)
        return
    with server.running() as own:
        yield own


@pytest.fixture(scope="session")
async def administrator(postgres: Server) -> AsyncIterator[asyncpg.Connection]:
    """The superuser's connection that makes and ends the tests' databases."""
    connection = await asyncpg.connect(postgres.superuser)
    yield connection
    await connection.close()


_numbers = itertools.count(1)


@pytest.fixture
async def database_name(
    request: pytest.FixtureRequest, postgres: Server, administrator: asyncpg.Connection
) -> AsyncIterator[str]:
    """A database of this test's own. `@pytest.mark.empty_database` leaves the company out."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{next(_numbers)}"
    empty = request.node.get_closest_marker("empty_database") is not None
    await postgres.clone(name, server.EMPTY if empty else server.COMPANY, administrator)
    yield name
    await postgres.drop(name, administrator)


@pytest.fixture
async def environment(postgres: Server, database_name: str) -> AsyncIterator[dict[str, str]]:
    """The settings of this test, in the environment; `monkeypatch.setenv` and `settings.cache_clear()` change more."""
    values = postgres.environment(database_name)
    with server.environment(values):
        yield values


@dataclass(frozen=True, slots=True)
class Databases:
    """The test's database by login; connections are made when first used."""

    app: Database
    worker: Database
    auth: Database


@pytest.fixture
async def databases(environment: dict[str, str]) -> AsyncIterator[Databases]:
    """Transactions of `vuoro_app`, `vuoro_worker` and `vuoro_auth` on the test's database."""
    from vuoro.app import databases as of_the_api

    async with (
        of_the_api(settings()) as (app, auth),
        Database(environment["VUORO_DATABASE_WORKER_URL"], pool_size=5) as worker,
    ):
        yield Databases(app, worker, auth)


@pytest.fixture
def world(postgres: Server) -> World:
    """Nordlys, 21 people, and the second organization; see support/world.py."""
    return open_world(postgres.company)


@pytest.fixture(scope="session")
def built_application(postgres: Server) -> FastAPI:
    """The routes, composed once a run: composing takes longer than most tests."""
    with server.environment(postgres.environment(server.COMPANY)):
        from vuoro import app

        built = app.create_app()
        memory.settle()
        return built


@pytest.fixture(scope="session")
def contract(built_application: FastAPI) -> Contract:
    """The OpenAPI document, ready to check answers."""
    return Contract(built_application.openapi())


@pytest.fixture
async def application(built_application: FastAPI, databases: Databases) -> FastAPI:
    """The application on the test's database, as its lifespan (core/test_database.py) leaves it."""
    built_application.middleware_stack = None  # limits count anew
    built_application.state.database, built_application.state.auth_database = databases.app, databases.auth
    log.configure(settings().log_level)
    return built_application


@dataclass(frozen=True, slots=True)
class Api:
    """Makes clients: `api(world.admin)`, `api("token")`, `api(None)` or `api()` for nobody signed in."""

    application: FastAPI
    contract: Contract
    databases: Databases

    def __call__(self, who: Member | str | None = None, **headers: str) -> httpx.AsyncClient:
        """A client whose every answer is held to the contract; `headers` go with each request (x_y → x-y)."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(who, str):
            sent["authorization"] = f"Bearer {who}"
        return httpx.AsyncClient(
            transport=CheckedTransport(self.application, self.contract),
            base_url="http://127.0.0.1:8000",
            headers=sent,
            auth=SignIn(lambda: self.sign_in(who)) if isinstance(who, Member) else None,
        )

    async def sign_in(self, who: Member, method: Method = "passkey") -> str:
        """A fresh sign-in's token."""
        async with self.databases.auth.transaction() as db:
            return (await logins.begin(db, who.organization_id, who.id, method)).token

    async def key(self, organization_id: UUID, client_id: UUID) -> str:
        """A fresh secret of an API client."""
        async with self.databases.auth.transaction() as db:
            return await logins.make_key(db, organization_id, client_id)


@pytest.fixture
async def api(application: FastAPI, contract: Contract, databases: Databases) -> Api:
    """The HTTP interface, in this process."""
    return Api(application, contract, databases)


@pytest.fixture
def run_jobs(databases: Databases) -> Callable[..., Awaitable[list[str]]]:
    """`await run_jobs()` runs due facts until none is left; `await run_jobs(tick=True)` sweeps what is due before."""
    from vuoro import worker

    async def run(*, tick: bool = False) -> list[str]:
        if tick:
            await worker.tick(databases.worker)
        return await jobs.run_due(databases.worker)

    return run


class Clock:
    """The test's time: stands still from the first call on."""

    def freeze(self, at: datetime | str) -> datetime:
        """Hold the time at a moment: `clock.freeze("2026-11-24T09:00:00Z")`."""
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        time.freeze(moment.astimezone(UTC))
        return time.now()

    def advance(self, by: timedelta | None = None, **units: float) -> datetime:
        """Let time pass: `clock.advance(days=21)`."""
        return self.freeze(time.now() + (by or timedelta(**units)))

    def now(self) -> datetime:
        """The present moment of the test."""
        return time.now()


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Time that the test sets; it runs again afterwards."""
    yield Clock()
    time.freeze(None)


@pytest.fixture
def statements() -> Callable[[], Any]:
    """`with statements() as sent:` collects the SQL statements sent meanwhile, by any connection."""

    @contextmanager
    def collecting() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_c: object, _cursor: object, statement: str, _p: object, _x: object, _many: bool) -> None:
            sent.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return collecting
