"""API clients and their secrets over HTTP."""

from uuid import UUID

from fastapi import Request, Response

from vuoro.core import clock
from vuoro.core.http import Fresh, IfMatch, Me, OnlyOnce, Tx, faults, one, unkept
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.identity import logins, machines
from vuoro.identity.schemas import ApiClientIn, ApiClientOut, ApiClientPage, ApiClientPatch, ApiSecretOut
from vuoro.identity.sign_in_router import AuthTx

router = Router(prefix="/v1/api-clients", tags=["machines"])


@router.get(
    "", operation_id="api_clients_list", summary="Machines that may call", response_model=ApiClientPage,
    responses=faults(403),
)  # fmt: skip
async def list_clients(db: Tx, auth: AuthTx, me: Me, page: Page, request: Request) -> Response:
    items, following = await machines.list_clients(db, auth, me, page)
    return one(request, ApiClientPage(items=items, next_cursor=following))


@router.post(
    "", operation_id="api_clients_create", summary="Let a machine in", status_code=201, response_model=ApiClientOut,
    responses=faults(403),
)  # fmt: skip
async def create(body: ApiClientIn, db: Tx, auth: AuthTx, me: Fresh, once: OnlyOnce, request: Request) -> Response:
    client_id = await once(lambda: machines.add_client(db, me, body))
    return one(request, await machines.get_client(db, auth, me, client_id), 201)


@router.get(
    "/{client_id}", operation_id="api_clients_get", summary="One machine", response_model=ApiClientOut,
    responses=faults(403, 404),
)  # fmt: skip
async def get(client_id: UUID, db: Tx, auth: AuthTx, me: Me, request: Request) -> Response:
    return one(request, await machines.get_client(db, auth, me, client_id))


@router.patch(
    "/{client_id}", operation_id="api_clients_change", summary="Change a machine's name or scopes",
    response_model=ApiClientOut, responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def change(
    client_id: UUID, body: ApiClientPatch, version: IfMatch, db: Tx, auth: AuthTx, me: Fresh, request: Request
) -> Response:
    await machines.change_client(db, me, client_id, version, body)
    return one(request, await machines.get_client(db, auth, me, client_id))


@router.delete(
    "/{client_id}", operation_id="api_clients_revoke", summary="End a machine's access", status_code=204,
    responses=faults(403, 404),
)  # fmt: skip
async def revoke(client_id: UUID, db: Tx, me: Fresh) -> Response:
    await machines.revoke_client(db, me, client_id)
    return Response(status_code=204)


@router.post(
    "/{client_id}/secrets", operation_id="api_secrets_create", summary="A new key of a machine, shown this once",
    status_code=201, response_model=ApiSecretOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def add_secret(client_id: UUID, db: Tx, auth: AuthTx, me: Fresh, once: OnlyOnce, request: Request) -> Response:
    key: str | None = None

    async def make() -> UUID:
        nonlocal key
        await machines.check_room(db, auth, me, client_id)
        secret_id = clock.uuid7()
        key = await logins.make_key(auth, me.organization_id, client_id, secret_id)
        return secret_id

    secret_id = await once(make)
    found = await machines.get_secret(auth, me, client_id, secret_id)
    return unkept(request, found.model_copy(update={"secret": key}), 201)


@router.delete(
    "/{client_id}/secrets/{slot_id}", operation_id="api_secrets_delete", summary="End one key of a machine",
    status_code=204, responses=faults(403, 404),
)  # fmt: skip
async def delete_secret(client_id: UUID, slot_id: UUID, db: Tx, auth: AuthTx, me: Fresh) -> Response:
    await machines.delete_secret(db, auth, me, client_id, slot_id)
    return Response(status_code=204)
