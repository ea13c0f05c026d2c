"""Directory connections over HTTP: what an admin of HR or IT sets up and looks at."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from vuoro.core.http import Fresh, IfMatch, Me, OnlyOnce, Tx, faults, one, unkept
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.hris.scim import connections, group_rules
from vuoro.hris.scim.schemas import (
    ScimChecks,
    ScimConnectionIn,
    ScimConnectionOut,
    ScimConnectionPage,
    ScimConnectionPatch,
    ScimGroupPage,
    ScimLogPage,
    ScimRuleIn,
    ScimRuleOut,
    UnknownManagerPage,
)
from vuoro.identity import logins
from vuoro.identity.sign_in_router import AuthTx

router = Router(prefix="/v1/scim-connections", tags=["people"])


@router.get(
    "", operation_id="scim_connections_list", summary="Identity providers that keep people",
    response_model=ScimConnectionPage, responses=faults(403),
)  # fmt: skip
async def search(db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await connections.search(db, me, page)
    return one(request, ScimConnectionPage(items=items, next_cursor=following))


@router.post(
    "", operation_id="scim_connections_create", summary="Let an identity provider keep people", status_code=201,
    response_model=ScimConnectionOut, responses=faults(403),
)  # fmt: skip
async def create(body: ScimConnectionIn, db: Tx, auth: AuthTx, me: Fresh, once: OnlyOnce, request: Request) -> Response:
    key: str | None = None

    async def make() -> UUID:
        nonlocal key
        connection_id, client_id = await connections.create(db, me, body)
        key = await logins.make_key(auth, me.organization_id, client_id)
        return connection_id

    connection_id = await once(make)
    found = await connections.get(db, me, connection_id)
    return unkept(request, found.model_copy(update={"secret": key}), 201)


@router.get(
    "/{connection_id}", operation_id="scim_connections_get", summary="One connection",
    response_model=ScimConnectionOut, responses=faults(403, 404),
)  # fmt: skip
async def get(connection_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await connections.get(db, me, connection_id))


@router.patch(
    "/{connection_id}", operation_id="scim_connections_change", summary="Rename, pause, or draw the scope anew",
    response_model=ScimConnectionOut, responses=faults(403, 404, 412, 428),
)  # fmt: skip
async def change(
    connection_id: UUID, body: ScimConnectionPatch, version: IfMatch, db: Tx, me: Fresh, request: Request
) -> Response:
    await connections.change(db, me, connection_id, version, body)
    return one(request, await connections.get(db, me, connection_id))


@router.delete(
    "/{connection_id}", operation_id="scim_connections_end", summary="End a connection; the people stay",
    status_code=204, responses=faults(403, 404),
)  # fmt: skip
async def end(connection_id: UUID, db: Tx, me: Fresh) -> Response:
    await connections.end(db, me, connection_id)
    return Response(status_code=204)


@router.get(
    "/{connection_id}/log", operation_id="scim_connections_log", summary="What failed or was not understood",
    response_model=ScimLogPage, responses=faults(403, 404),
)  # fmt: skip
async def log(
    connection_id: UUID, db: Tx, me: Me, page: Page, request: Request,
    failed: Annotated[bool | None, Query(description="only what was refused")] = None,
) -> Response:  # fmt: skip
    items, following = await connections.log_of(db, me, connection_id, page, failed=failed)
    return one(request, ScimLogPage(items=items, next_cursor=following))


@router.get(
    "/{connection_id}/checks", operation_id="scim_connections_check", summary="Test a connection",
    response_model=ScimChecks, responses=faults(403, 404),
)  # fmt: skip
async def check(connection_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, ScimChecks(items=await connections.checks(db, me, connection_id), next_cursor=None))


@router.get(
    "/{connection_id}/unknown-managers", operation_id="scim_unknown_managers_list",
    summary="People whose manager did not come", response_model=UnknownManagerPage, responses=faults(403, 404),
)  # fmt: skip
async def unknown_managers(connection_id: UUID, db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await connections.unknown_managers(db, me, connection_id, page)
    return one(request, UnknownManagerPage(items=items, next_cursor=following))


@router.get(
    "/{connection_id}/groups", operation_id="scim_groups_list", summary="Groups, and what they give",
    response_model=ScimGroupPage, responses=faults(403, 404),
)  # fmt: skip
async def groups(connection_id: UUID, db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await group_rules.search(db, me, connection_id, page)
    return one(request, ScimGroupPage(items=items, next_cursor=following))


@router.post(
    "/{connection_id}/groups/{group_id}/rules", operation_id="scim_rules_create",
    summary="Let a group give a role, or invite into a program", status_code=201, response_model=ScimRuleOut,
    responses=faults(403, 404, 409),
)  # fmt: skip
async def add_rule(
    connection_id: UUID, group_id: UUID, body: ScimRuleIn, db: Tx, me: Fresh, once: OnlyOnce, request: Request
) -> Response:
    rule_id = await once(lambda: group_rules.add(db, me, connection_id, group_id, body))
    return one(request, await group_rules.get_rule(db, me, connection_id, rule_id), 201)


@router.delete(
    "/{connection_id}/rules/{rule_id}", operation_id="scim_rules_end", summary="End what a group gives",
    status_code=204, responses=faults(403, 404),
)  # fmt: skip
async def end_rule(connection_id: UUID, rule_id: UUID, db: Tx, me: Fresh) -> Response:
    await group_rules.end(db, me, connection_id, rule_id)
    return Response(status_code=204)
