"""The storage contract of scim2-server, cursors on, held by the directory itself on PostgreSQL with its walls."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from scim2_models import ResourceType, ScimProvider
from scim2_server.storage import AsyncScimStorage
from scim2_server.testing import AsyncScimStorageContract, BlockingStorage
from support import server
from support.server import Server, wait_for

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Database
from vuoro.hris.scim.models import ScimConnection
from vuoro.hris.scim.request import Provisioning
from vuoro.hris.scim.resources import PROVIDER
from vuoro.hris.scim.storage import PeopleStorage
from vuoro.identity.models import ApiClient

DATABASE = "scim_contract"


@pytest.fixture(scope="module")
def contract_database(postgres: Server) -> Iterator[tuple[asyncio.Runner, Database, str]]:
    """One database and loop for all of the contract: each test has an organization of its own in it."""
    wait_for(postgres.clone(DATABASE, server.EMPTY))
    with asyncio.Runner() as runner:
        database = Database(postgres.dsn("app", DATABASE), pool_size=1)
        yield runner, database, postgres.dsn("migrator", DATABASE)
        runner.run(database.close())
    wait_for(postgres.drop(DATABASE))


class CommittingStorage(AsyncScimStorage):
    """The storage of one organization, each call in a transaction of its own, as a request has it."""

    supports_cursors = True

    def __init__(self, database: Database, organization_id: UUID, connection_id: UUID) -> None:
        self.database, self.organization_id, self.connection_id = database, organization_id, connection_id

    async def run(self, name: str, *arguments: Any, **options: Any) -> Any:
        async with self.database.transaction(Actor(self.organization_id)) as db:
            connection = await db.find(ScimConnection, self.connection_id)
            assert connection is not None
            at = Provisioning(db, connection)
            with PROVIDER:
                found = await getattr(PeopleStorage(at), name)(*arguments, **options)
            await at.close()
            return found

    async def get(self, resource_type, resource_id, *, response_parameters=None):
        return await self.run("get", resource_type, resource_id, response_parameters=response_parameters)

    async def search(self, resource_types, search_request, *, position=None):
        return await self.run("search", resource_types, search_request, position=position)

    async def create(self, resource_type, resource):
        return await self.run("create", resource_type, resource)

    async def update(self, resource_type, resource, *, expected_version=None):
        return await self.run("update", resource_type, resource, expected_version=expected_version)

    async def delete(self, resource_type, resource_id, *, expected_version=None):
        await self.run("delete", resource_type, resource_id, expected_version=expected_version)


async def _connect(database: Database, migrator: str) -> tuple[UUID, UUID]:
    organization_id, client_id, connection_id = clock.uuid7(), clock.uuid7(), clock.uuid7()
    connection = await asyncpg.connect(migrator)
    await connection.execute(
        "insert into organizations (id, name, slug, locales, default_locale, time_zone, version, created_at,"
        " updated_at) values ($1, 'Contract', $2, '{en}', 'en', 'UTC', 1, $3, $3)",
        organization_id, str(organization_id), clock.now(),
    )  # fmt: skip
    await connection.close()
    async with database.transaction(Actor(organization_id)) as db:
        db.add(ApiClient(organization_id=organization_id, id=client_id, name="Contract", scopes=["scim"]))
        await db.flush()
        db.add(
            ScimConnection(
                organization_id=organization_id, id=connection_id, client_id=client_id, name="Contract",
                preset="generic", scope_values=[],
            )
        )  # fmt: skip
    return organization_id, connection_id


class TestTheDirectoryIsAScimStorage(AsyncScimStorageContract):
    @pytest.fixture
    def provider(self) -> ScimProvider:
        return PROVIDER

    @pytest.fixture
    def storage(self, contract_database: tuple[asyncio.Runner, Database, str]) -> BlockingStorage:
        runner, database, migrator = contract_database
        return BlockingStorage(CommittingStorage(database, *runner.run(_connect(database, migrator))), runner)

    def test_cursor_pages_equal_sort_values_once(
        self, storage: Any, provider: ScimProvider, user_type: ResourceType, user_model: Any
    ) -> None:
        """As the contract has it, with the title in the place of the nickname, which we do not keep."""
        for name, title in [("alice", "twin"), ("bob", None), ("carol", "twin"), ("dave", "twin"), ("erin", None)]:
            storage.create(user_type, user_model(user_name=name, title=title))

        for order, first, last in (("ascending", 3, "bob erin"), ("descending", 2, "alice carol dave")):
            pages = self.walk(
                storage,
                [user_type],
                self.search_request([user_model], cursor="", count=2, sort_by="title", sort_order=order),
            )
            names = [found.user_name for page in pages for found in page.resources]
            assert len(names) == 5
            assert sorted(names[first:]) == last.split()
