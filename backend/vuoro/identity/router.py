"""Organization and roles over HTTP; signing in and machines have routers of their own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from vuoro.core.http import Fresh, IfMatch, Me, MyPersonId, OnlyOnce, Tx, faults, one
from vuoro.core.page import Page
from vuoro.identity import my_router, provider_router, service, sign_in_router
from vuoro.identity.schemas import (
    GrantIn,
    GrantOut,
    GrantPage,
    OrganizationOut,
    OrganizationPatch,
    PreferencesOut,
    PreferencesPatch,
)

router = APIRouter(prefix="/v1", tags=["identity"])
signing_in = (sign_in_router.router, my_router.router, provider_router.router)
callback_router = sign_in_router.callback_router


@router.get(
    "/organization", operation_id="organization_get", summary="My organization", response_model=OrganizationOut,
    responses=faults(),
)  # fmt: skip
async def organization(db: Tx, me: Me, request: Request) -> Response:
    return one(request, await service.get_organization(db, me))


@router.patch(
    "/organization", operation_id="organization_change", summary="Change the organization",
    response_model=OrganizationOut, responses=faults(403, 412, 428),
)  # fmt: skip
async def change_organization(body: OrganizationPatch, version: IfMatch, db: Tx, me: Me, request: Request) -> Response:
    await service.change_organization(db, me, version, body)
    return one(request, await service.get_organization(db, me))


@router.get(
    "/organization/grants", operation_id="grants_list", summary="Who has which role", response_model=GrantPage,
    responses=faults(403),
)  # fmt: skip
async def grants(
    db: Tx, me: Me, page: Page, request: Request, person_id: Annotated[UUID | None, Query()] = None
) -> Response:
    items, following = await service.list_grants(db, me, page, person_id)
    return one(request, GrantPage(items=items, next_cursor=following))


@router.post(
    "/organization/grants", operation_id="grants_give", summary="Give a role", status_code=201, response_model=GrantOut,
    responses=faults(403, 404, 409),
)  # fmt: skip
async def give(body: GrantIn, db: Tx, me: Fresh, once: OnlyOnce, request: Request) -> Response:
    grant_id = await once(lambda: service.give(db, me, body))
    return one(request, await service.get_grant(db, me, grant_id), 201)


@router.delete(
    "/organization/grants/{grant_id}", operation_id="grants_take", summary="Take a role away", status_code=204,
    responses=faults(403, 404, 409),
)  # fmt: skip
async def take(grant_id: UUID, db: Tx, me: Fresh) -> Response:
    await service.take(db, me, grant_id)
    return Response(status_code=204)


@router.get(
    "/me/preferences", operation_id="preferences_get", summary="My choices", response_model=PreferencesOut,
    responses=faults(403),
)  # fmt: skip
async def preferences(db: Tx, me: Me, person_id: MyPersonId, request: Request) -> Response:
    return one(request, await service.get_preferences(db, me, person_id))


@router.patch(
    "/me/preferences", operation_id="preferences_change", summary="Change my choices", response_model=PreferencesOut,
    responses=faults(403, 412, 428),
)  # fmt: skip
async def change_preferences(
    body: PreferencesPatch, version: IfMatch, db: Tx, me: Me, person_id: MyPersonId, request: Request
) -> Response:
    await service.change_preferences(db, me, person_id, version, body)
    return one(request, await service.get_preferences(db, me, person_id))
