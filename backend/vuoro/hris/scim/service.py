"""The protocol with our ways: presets, PUT that keeps what was never told, bulk closed in one go."""

from typing import Any

from scim2_models import Context, Resource, ResourceType, ResponseParameters
from scim2_server.bulk import BulkPlan, BulkStep
from scim2_server.conditions import Conditions
from scim2_server.handler import AsyncScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation
from scim2_server.service import ScimService

from vuoro.hris.scim import refusals
from vuoro.hris.scim.models import Preset
from vuoro.hris.scim.quirks import qualified
from vuoro.hris.scim.request import Provisioning
from vuoro.hris.scim.resources import GROUP_TYPE, PROVIDER
from vuoro.hris.scim.storage import PeopleStorage
from vuoro.hris.scim.users import keep_untold
from vuoro.people.moves import ManagerCycle, uuid_of


class VuoroService(ScimService):
    """The protocol for connections of one preset."""

    def __init__(self, preset: Preset, secret: bytes) -> None:
        super().__init__(PROVIDER, secret=secret)
        self.preset = preset

    def patch_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        """200 with the resource, but 204 where Entra ID changes a group and asks for nothing."""
        asked = response_parameters.attributes or response_parameters.excluded_attributes
        kind = resource.meta.resource_type if resource.meta else None
        if self.preset == "entra" and kind == GROUP_TYPE.name and not asked:
            return super().patch_response(base_url, resource, response_parameters)
        return self.resource_response(
            self.publish(base_url, resource), Context.RESOURCE_REPLACEMENT_RESPONSE, response_parameters
        )

    def read_search(self, resource_types: list[ResourceType], payload: Any) -> tuple[Any, Any]:
        """A search whose filter may name our extensions' attributes without their schema."""
        if isinstance(payload, dict):
            payload = {
                name: qualified(value) if name.lower() == "filter" and isinstance(value, str) else value
                for name, value in payload.items()
            }
        return super().read_search(resource_types, payload)

    @staticmethod
    def error_of(exception: Exception) -> Any:
        """The SCIM error of whatever was raised, ours and the database's included."""
        return ScimService.error_of(refusals.as_scim(exception))


class VuoroHandler(AsyncScimHandler):
    """Serves one request of a connection."""

    def __init__(self, service: ScimService, storage: PeopleStorage) -> None:
        super().__init__(service, storage)
        self.at: Provisioning = storage.at

    async def handle(self, request: ScimRequest) -> ScimResponse:
        """Serve a request and close its moves of the chart."""
        response = await super().handle(request)
        await self.at.close()
        return response

    async def replace_resource(
        self, resource_type: ResourceType, current: Resource[Any], replacement: Resource[Any], conditions: Conditions
    ) -> Resource[Any]:
        """A PUT that leaves alone what this connection never told of a person."""
        if resource_type.name != GROUP_TYPE.name:
            id = uuid_of(current.id or "")
            keep_untold(current, replacement, self.at.told.get(id, ()) if id else ())
        return await super().replace_resource(resource_type, current, replacement, conditions)

    async def bulk(self, request: ScimRequest) -> ScimResponse:
        """Run the operations, then close the chart once; an operation that would make a circle fails alone."""
        refused: dict[int, Exception] = {}
        with self.service.provider:
            self.service.route(request, Operation.bulk)
            while True:
                mark = self.at.mark()
                plan = self.service.read_bulk(request.body, request.header("Content-Type"))
                try:
                    async with self.at.db.part():
                        await self._run(request, plan, refused)
                        await self.at.close()
                    return self.service.bulk_response(plan)
                except ManagerCycle as cycle:
                    refused[self.at.closed_by(cycle)] = cycle
                    self.at.back_to(mark)

    async def _run(self, request: ScimRequest, plan: BulkPlan, refused: dict[int, Exception]) -> None:
        for step in plan:
            self.at.at, self.at.about = step.index, None
            if step.index in refused:
                result, resource = self._refuse(request, plan, step, refused[step.index]), None
            else:
                result, resource = await self.run_bulk_step(request, plan, step)
            plan.record(step, result, resource)

    def _refuse(self, request: ScimRequest, plan: BulkPlan, step: BulkStep, reason: Exception) -> dict[str, Any]:
        outcome = self.service.bulk_outcome(request.base_url, plan.operation(step))
        return self.service.bulk_failure(outcome, reason)
