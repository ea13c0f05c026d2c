"""Composes the API: domains, problems, middleware, the web app. Nothing imports this but the command line and tests."""

import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from sqlalchemy import exc as sql
from sqlalchemy import text
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

import vuoro.reactions  # noqa: F401 - whatever reacts to facts
from vuoro import __version__
from vuoro.analytics.router import router as analytics
from vuoro.core import log as core_log
from vuoro.core import memory
from vuoro.core.away import AWAY, is_away, may_be_away, sqlstate
from vuoro.core.errors import Conflict, DatabaseUnavailable, Fault, Invalid, NotFound, Problem, ProblemError
from vuoro.core.http import faults
from vuoro.core.log import log
from vuoro.core.middleware import Around, problem_response
from vuoro.core.openapi import finish
from vuoro.core.routing import Operations
from vuoro.core.settings import require, settings
from vuoro.core.startup import databases, refuse_unsafe
from vuoro.core.web import WebApp
from vuoro.feedback.router import router as feedback
from vuoro.hris.router import router as hris
from vuoro.hris.scim.door import Door
from vuoro.hris.scim.router import router as scim_connections
from vuoro.identity.machine_router import router as machines
from vuoro.identity.oauth.door_router import FORMS
from vuoro.identity.oauth.door_router import router as oauth_door
from vuoro.identity.oauth.router import router as apps
from vuoro.identity.router import callback_router, signing_in
from vuoro.identity.router import router as identity
from vuoro.insights.router import router as insights
from vuoro.matching.router import router as matching
from vuoro.pairs.router import router as pairs
from vuoro.people.address_router import router as my_address
from vuoro.people.router import router as people
from vuoro.people.sign_in_router import router as sign_ins
from vuoro.people.unit_router import router as units
from vuoro.privacy.router import router as privacy
from vuoro.programs.board.router import router as program_boards
from vuoro.programs.enrollment_router import router as enrollments
from vuoro.programs.invitation_router import router as invitations
from vuoro.programs.planning.router import router as program_plans
from vuoro.programs.router import router as programs
from vuoro.sessions.calendar_router import feed_router as calendar
from vuoro.sessions.calendar_router import router as my_calendar
from vuoro.sessions.content_router import router as content
from vuoro.sessions.router import router as sessions
from vuoro.simulator.router import router as simulator
from vuoro.webhooks import document as webhook_document
from vuoro.webhooks.events import BODIES
from vuoro.webhooks.router import router as webhooks

_MAKING = threading.Lock()
_TOKEN = {"tokenUrl": "/oauth/token", "refreshUrl": "/oauth/token"}
OPAQUE = "Tokens are opaque; an identity provider's, which are JWTs, are read by RFC8725. A refresh rotates."
FLOWS = {
    "authorizationCode": {
        "authorizationUrl": "/oauth/authorize",
        **_TOKEN,
        "scopes": {"me:read": "See what the person sees", "me:write": "Do what the person may do"},
    },
    "clientCredentials": {
        **_TOKEN,
        "scopes": {
            "people:read": "Read the directory",
            "people:write": "Keep the directory",
            "programs:read": "Read programmes and their figures",
            "pairs:read": "Read pairs whose mentor allows it",
            "insights:read": "Read submitted insights",
            "scim": "Keep people and groups as a directory connection",
        },
    },
}


class Health(BaseModel):
    """Whether the process runs, and whether it can serve."""

    status: str
    version: str
    checks: dict[str, str]


def create_app() -> FastAPI:
    """The ASGI application; settings come from the environment."""
    config = settings()
    app = FastAPI(
        title="Vuoro",
        version=__version__,
        summary="Reverse mentoring programmes, designed from the junior's side first",
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        separate_input_output_schemas=False,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        servers=[{"url": "/", "description": "This installation, in production", "x-internal": False}],
    )
    app.mount("/scim", Door())
    # hris comes before people: /v1/people/facets is not a person's id.
    operations = Operations(
        *signing_in, identity, my_address, machines, apps, units, sign_ins, hris, scim_connections, people, programs,
        enrollments, invitations, program_plans, program_boards, matching, pairs, sessions, my_calendar, content,
        feedback, insights, analytics, privacy, webhooks, simulator, callback_router, oauth_door, calendar,
    )  # fmt: skip
    app.router.routes.append(operations)
    app.add_route("/v1/openapi.json", openapi_json, include_in_schema=False)
    app.add_api_route("/healthz", healthz, operation_id="health_get", summary="Does it run?", tags=["operations"],
                      response_model=Health, responses={503: faults()[503]})  # fmt: skip
    app.add_api_route("/readyz", readyz, operation_id="readiness_get", summary="Can it serve?", tags=["operations"],
                      response_model=Health, responses={503: {"model": Health, "description": "Not yet"}})  # fmt: skip
    app.add_exception_handler(Fault, on_fault)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(ClientDisconnect, on_gone)
    for kind in (*AWAY, sql.DBAPIError, asyncpg.PostgresError):
        app.add_exception_handler(kind, on_database)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=4)
    app.state.metrics = None
    if config.metrics_port:
        from vuoro.core.metrics import Requests  # noqa: PLC0415 - costs nothing where nobody asks

        app.state.metrics = Requests()
    app.add_middleware(Around, settings=config, metrics=app.state.metrics)
    # The fallback rather than a mount at "/", which would answer 404 where a path does not take a method.
    app.router.default = WebApp(config.web_dist)
    app.openapi = lambda: contract(app, operations)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the databases, refuse an unsafe role, and keep the start's objects out of garbage collection."""
    config = require("database_app_url", "database_auth_url", "master_keys")
    core_log.configure(config.log_level)
    async with AsyncExitStack() as open_:
        app.state.database, app.state.auth_database = await open_.enter_async_context(databases(config))
        await refuse_unsafe(app=app.state.database, auth=app.state.auth_database)
        if metrics := app.state.metrics:
            from vuoro.core.metrics import told  # noqa: PLC0415

            metrics.watch("app", app.state.database.engine)
            metrics.watch("auth", app.state.auth_database.engine)
            open_.enter_context(told(metrics.registry, config.metrics_host, config.metrics_port, "VUORO_METRICS_PORT"))
        memory.settle()
        yield


def openapi_json(request: Request) -> Response:
    """The contract; in a thread, because to make it takes seconds, once a process."""
    with _MAKING:
        return JSONResponse(request.app.openapi())


async def healthz() -> Health:
    """The process runs."""
    return Health(status="ok", version=__version__, checks={})


async def readyz(request: Request) -> Response:
    """The database answers and has the tables of this version."""
    checks = {"database": "away", "migrations": "ok"}
    with may_be_away():
        try:
            async with request.app.state.database.engine.connect() as connection:
                await connection.execute(text("select 1 from organizations limit 0"))
        except sql.ProgrammingError:
            checks["migrations"] = "missing: run `vuoro migrate`"
        checks["database"] = "ok"
    ready = all(value == "ok" for value in checks.values())
    health = Health(status="ok" if ready else "unavailable", version=__version__, checks=checks)
    return JSONResponse(health.model_dump(), 200 if ready else 503, {} if ready else {"Retry-After": "2"})


async def on_fault(request: Request, error: Exception) -> Response:
    """A problem that a domain named."""
    assert isinstance(error, Fault)
    return problem_response(error, request.state.request_id)


async def on_invalid(request: Request, error: Exception) -> Response:
    """Input that does not fit the contract, each fault with its place as a JSON pointer."""
    assert isinstance(error, RequestValidationError)
    errors = []
    for fault in error.errors()[:50]:
        where, *path = fault["loc"] or ("body",)
        steps = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
        pointer = steps if where == "body" else f"#/{where}{steps}"
        errors.append(ProblemError(pointer=pointer, code=fault["type"], detail=fault["msg"]))
    return problem_response(Invalid(errors=errors), request.state.request_id)


async def on_http(request: Request, error: Exception) -> Response:
    """What the framework itself refuses: unknown paths and methods, broken bodies."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return problem_response(NotFound(), request.state.request_id)
    fault = Fault(str(error.detail), headers=dict(error.headers or {}))
    fault.status = error.status_code  # type: ignore[misc]
    fault.code = "method_not_allowed" if error.status_code == 405 else "bad_request"  # type: ignore[misc]
    fault.title = "This path does not take that method" if error.status_code == 405 else "Bad request"  # type: ignore[misc]
    return problem_response(fault, request.state.request_id)


async def on_gone(_: Request, __: Exception) -> Response:
    """The caller hung up while sending; nobody reads this."""
    return Response(status_code=400)


async def on_database(request: Request, error: Exception) -> Response:
    """What the database refused: a clash of rows, text that it cannot keep, or its own going away."""
    if is_away(error):
        log.warning("database_away", request_id=request.state.request_id, error=type(error).__name__)
        return problem_response(DatabaseUnavailable(), request.state.request_id)
    state = sqlstate(error)
    if state.startswith("23"):
        return problem_response(Conflict(), request.state.request_id)
    if state.startswith("22"):
        return problem_response(
            Invalid("The input has characters or numbers that cannot be kept."), request.state.request_id
        )
    raise error


def contract(app: FastAPI, operations: Operations) -> dict[str, Any]:
    """The OpenAPI document: FastAPI's own with the problem schema, security schemes and no default 422."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, summary=app.summary, routes=[*operations.all, *app.routes],
            license_info=app.license_info, servers=app.servers, openapi_version="3.1.0",
        )  # fmt: skip
        parts = document["components"]
        models: tuple[type[BaseModel], ...] = (Problem, *FORMS, *BODIES.values())
        for model in models:
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            parts["schemas"].update(schema.pop("$defs", {}))
            parts["schemas"][model.__name__] = schema
        for unused in ("HTTPValidationError", "ValidationError"):
            parts["schemas"].pop(unused, None)
        parts["securitySchemes"] = {
            "cookie": {"type": "apiKey", "in": "cookie", "name": "__Host-session"},
            "bearer": {"type": "http", "scheme": "bearer"},
            "oauth": {"type": "oauth2", "flows": FLOWS, "description": OPAQUE},
        }
        document["webhooks"] = webhook_document.webhooks()
        document["security"] = [{"cookie": []}, {"bearer": []}, {"oauth": []}]
        for path, by_method in document["paths"].items():
            for operation in by_method.values():
                if not path.startswith("/v1/") or path.startswith(("/v1/logins", "/v1/demo")):
                    operation["security"] = [{}]
                if path.startswith(("/oauth/", "/calendar/")):
                    operation["responses"].pop("422", None)  # refused in OAuth's own words, or not found
        finish(document)
        app.openapi_schema = document
    return app.openapi_schema
