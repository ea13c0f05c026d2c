"""The directory as the storage of scim2-server: one request's, inside its transaction."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

from scim2_models import Resource, ResourceType, ResponseParameters, SearchRequest
from scim2_server.storage import AsyncScimStorage, SearchPage

from vuoro.hris.scim import groups, search, users
from vuoro.hris.scim.columns import GROUPS, USERS
from vuoro.hris.scim.request import Provisioning
from vuoro.hris.scim.resources import GROUP_MODEL, USER_MODEL, USER_TYPE


def _wants(parameters: Any, name: str) -> bool:
    """Whether the answer keeps an attribute that costs a statement of its own."""
    if parameters is None:
        return True
    if parameters.attributes:
        return any(str(path).rpartition(":")[2].lower().partition(".")[0] == name for path in parameters.attributes)
    excluded = parameters.excluded_attributes or []
    return all(str(path).rpartition(":")[2].lower() != name for path in excluded)


class PeopleStorage(AsyncScimStorage):
    """Users are people of the directory, groups are the connection's own."""

    supports_cursors = True

    def __init__(self, at: Provisioning) -> None:
        self.at = at

    async def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        """One resource, without members or groups where the answer leaves them out."""
        if resource_type.name == USER_TYPE.name:
            found: Resource[Any] = await users.get(
                self.at, resource_id, with_groups=_wants(response_parameters, "groups")
            )
        else:
            found = await groups.get(self.at, resource_id, members=_wants(response_parameters, "members"))
        return found

    async def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        """One page of users, groups or both."""
        shapes = [
            (USERS, USER_MODEL) if kind.name == USER_TYPE.name else (GROUPS, GROUP_MODEL) for kind in resource_types
        ]
        page, ids = await search.find(self.at, shapes, search_request, position)
        people = [id for kind, id in ids if kind == "User"]
        found = {
            **await users.many(self.at, people, with_groups=_wants(search_request, "groups")),
            **await groups.many(
                self.at, [id for kind, id in ids if kind == "Group"], members=_wants(search_request, "members")
            ),
        }
        page.resources = [found[id] for _, id in ids if id in found]
        return page

    async def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """A new person or group."""
        made: Resource[Any] = await (users if resource_type.name == USER_TYPE.name else groups).create(
            self.at, resource
        )
        return made

    async def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """The new state of a person or group."""
        kind = users if resource_type.name == USER_TYPE.name else groups
        changed: Resource[Any] = await kind.update(self.at, resource, expected_version)
        return changed

    async def delete(
        self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None
    ) -> None:
        """A person leaves; a group ends."""
        if resource_type.name == USER_TYPE.name:
            await users.delete(self.at, resource_id, expected_version)
        else:
            await groups.delete_one(self.at, resource_id, expected_version)

    def operation(self) -> AbstractAsyncContextManager[None]:
        """A savepoint: what fails in it is undone and leaves the rest of a bulk request alone."""
        return nullcontext() if self.at.reads else self._savepoint()

    @asynccontextmanager
    async def _savepoint(self) -> AsyncIterator[None]:
        before = self.at.mark()
        try:
            async with self.at.db.part():
                yield
        except BaseException:
            self.at.back_to(before)
            raise
