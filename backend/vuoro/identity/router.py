"""Organization and roles over HTTP; signing in and machines have routers of their own."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response

from vuoro.core.http import Fresh, IfMatch, Me, MyPersonId, OnlyOnce, Tx, faults, one
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.identity import branding, my_router, provider_router, service, sign_in_router
from vuoro.identity.schemas import (
    BrandingOut,
    GrantIn,
    GrantOut,
    GrantPage,
    LogoIn,
    OrganizationOut,
    OrganizationPatch,
    PreferencesOut,
    PreferencesPatch,
)

router = Router(prefix="/v1", tags=["identity"])
_PNG: dict[str, Any] = {
    "description": "The picture", "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
}  # fmt: skip
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


@router.put(
    "/organization/logo", operation_id="organization_logo_set", summary="Show a logo", response_model=OrganizationOut,
    responses=faults(403, 412, 428),
)  # fmt: skip
async def set_logo(body: LogoIn, version: IfMatch, db: Tx, me: Me, request: Request) -> Response:
    await branding.set_logo(db, me, version, body)
    return one(request, await service.get_organization(db, me))


@router.delete(
    "/organization/logo", operation_id="organization_logo_remove", summary="Show no logo", status_code=204,
    responses=faults(403, 412, 428),
)  # fmt: skip
async def remove_logo(version: IfMatch, db: Tx, me: Me) -> Response:
    await branding.set_logo(db, me, version, None)
    return Response(status_code=204)


@router.get(
    "/branding", operation_id="branding_get", summary="How the organization looks", response_model=BrandingOut,
    responses=faults(),
)  # fmt: skip
async def look(
    request: Request, organization: Annotated[str | None, Query(max_length=80, description="its slug")] = None
) -> Response:
    await sign_in_router.slow_down(request, "branding")
    return one(request, await branding.of(sign_in_router.auth_of(request), organization))


class Picture(Response):
    """A PNG picture."""

    media_type = "image/png"


@router.get(
    "/branding/logos/{logo_id}", operation_id="branding_logo", summary="An organization's logo",
    response_class=Picture, responses={200: _PNG, **faults(404)},
)  # fmt: skip
async def logo(logo_id: UUID, request: Request) -> Response:
    auth = sign_in_router.auth_of(request)
    content = await branding.logo(auth, request.app.state.database, logo_id)
    return Picture(content, headers={"Cache-Control": "public, max-age=31536000, immutable"})


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
