"""/scim/v2 over HTTP: who calls, one transaction a request, and an answer in SCIM's words whatever happens."""

import hashlib
from datetime import timedelta
from functools import lru_cache
from typing import Any, get_args

from scim2_models import Error, ForbiddenException, SCIMException
from scim2_server.applications.asgi import ASGIApplication, Receive, Scope, Send
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation
from sqlalchemy import or_, select, update
from starlette.requests import Request

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Fault
from vuoro.core.http import signed_in
from vuoro.core.log import log as program_log
from vuoro.core.settings import settings
from vuoro.hris.scim import log
from vuoro.hris.scim.models import Preset, ScimConnection
from vuoro.hris.scim.quirks import eased
from vuoro.hris.scim.refusals import Paused, as_scim
from vuoro.hris.scim.request import Provisioning
from vuoro.hris.scim.resources import PROVIDER
from vuoro.hris.scim.service import VuoroHandler, VuoroService
from vuoro.hris.scim.storage import PeopleStorage
from vuoro.people.moves import uuid_of

SCOPE = "scim"
SEEN_EVERY = timedelta(minutes=1)


@lru_cache
def _services(key: bytes) -> dict[Preset, VuoroService]:
    secret = hashlib.sha256(b"scim cursors" + key).digest()
    return {preset: VuoroService(preset, secret) for preset in get_args(Preset)}


def service_of(preset: Preset) -> VuoroService:
    """The protocol for connections of a preset."""
    return _services(next(iter(settings().key_ring.values()), b"vuoro"))[preset]


class Scim(ASGIApplication):
    """The SCIM service of every organization; the token tells which."""

    def __init__(self) -> None:
        super().__init__(_NoStorage(), PROVIDER, VuoroService("generic", b"discovery alone"))

    @staticmethod
    def get_base_url(_: Scope) -> str:
        """The address that clients know."""
        return f"{settings().public_url}/scim/v2"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; the commit comes before the answer leaves."""
        request = await self.read_request(scope, receive)
        try:
            response = await self._answer(request, Request(scope))
        except Exception as error:  # noqa: BLE001 - whatever it is, the client reads it as SCIM
            response = self.handle_exception(request, error)
        await self.send_response(self.finalize_response(request, response), send)

    def handle_exception(self, _: ScimRequest, exception: Exception) -> ScimResponse:
        """The answer to what was refused; a bug is logged with its kind alone."""
        said = as_scim(exception)
        if not isinstance(said, SCIMException):
            program_log.error("bug", error=type(exception).__name__)
        response = service_of("generic").error_response(said)
        if isinstance(exception, Fault):
            response.headers.update(exception.headers)
        return response

    async def _answer(self, request: ScimRequest, http: Request) -> ScimResponse:
        open_to_all = self.service.match(request).operation is Operation.service_provider_config
        if open_to_all:
            return await self.handler.handle(request)
        at: Provisioning | None = None
        me: Actor | None = None
        try:
            async with signed_in(http) as db:
                me = db.me
                at = Provisioning(db, await _connection(db, me), reads=request.method == "GET")
                request.body = eased(request.body)
                handler = VuoroHandler(service_of(at.connection.preset), PeopleStorage(at))
                response = await handler.handle(request)
                await _note(at, request, response)
                return response
        except Exception as error:
            if at is not None and me is not None:
                entry = log.failure(request.method, request.path, error, at.about)
                async with http.app.state.database.transaction(me) as db:
                    await log.write(db, at.connection.id, [entry])
            raise


class _NoStorage(PeopleStorage):
    """What answers without a token needs no storage."""

    def __init__(self) -> None:
        pass


async def _connection(db: Db, me: Actor) -> ScimConnection:
    """The caller's connection.

    Raises:
        ForbiddenException: the token is none of a connection's; Paused: an admin paused it.
    """
    row = None
    if me.client_id is not None and me.has_scope(SCOPE):
        row = await db.scalar(
            select(ScimConnection).where(
                ScimConnection.organization_id == me.organization_id, ScimConnection.client_id == me.client_id
            )
        )
    if row is None:
        raise ForbiddenException(detail="This token is not of a directory connection; make one in People and HRIS")
    if row.state != "active":
        raise Paused
    found: ScimConnection = row
    db.expunge(found)  # a savepoint that is undone would make it forget what it holds
    return found


async def _note(at: Provisioning, request: ScimRequest, response: ScimResponse) -> None:
    """Write down that the connection called, what was not understood, and which operations failed."""
    moment = clock.now()
    last = at.connection.last_seen_at
    if last is None or moment - last > SEEN_EVERY:
        await at.db.execute(
            update(ScimConnection)
            .where(
                ScimConnection.organization_id == at.db.organization_id,
                ScimConnection.id == at.connection.id,
                or_(ScimConnection.last_seen_at.is_(None), ScimConnection.last_seen_at < moment - SEEN_EVERY),
            )
            .values(last_seen_at=moment)
            .execution_options(synchronize_session=False)
        )
    whom = None if log.path_kind(request.path) == "Bulk" else at.about
    entries = [log.finding(request.method, request.path, found, whom) for found in at.findings]
    await log.write(at.db, at.connection.id, [*entries, *_failed(response)])


def _failed(response: ScimResponse) -> list[dict[str, Any]]:
    """Entries of the operations of a bulk request that failed."""
    found = []
    for operation in (response.body or {}).get("Operations", []):
        if int(operation.get("status") or 200) >= 400:
            kind, _, id = str(operation.get("location") or "").rpartition("/scim/v2/")[2].partition("/")
            error = SCIMException.from_error(Error.model_validate(operation.get("response") or {}))
            person = uuid_of(id) if kind == "Users" else None
            found.append(log.failure(operation.get("method", ""), kind or "Bulk", error, person))
    return found
