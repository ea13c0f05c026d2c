"""The organization's identity provider over HTTP."""

from fastapi import Request, Response

from vuoro.core.http import Fresh, Me, Tx, faults, one
from vuoro.core.routing import Router
from vuoro.identity import logins, providers
from vuoro.identity.access import require_admin
from vuoro.identity.sign_in_router import auth_of
from vuoro.identity.sign_in_schemas import ProviderCheck, ProviderCheckIn, ProviderIn, ProviderOut

router = Router(prefix="/v1/organization/identity-provider", tags=["identity"])


@router.get(
    "", operation_id="identity_provider_get", summary="Where our people sign in", response_model=ProviderOut,
    responses=faults(403, 404),
)  # fmt: skip
async def provider(db: Tx, me: Me, request: Request) -> Response:
    return one(request, await providers.get(db, me))


@router.put(
    "", operation_id="identity_provider_set", summary="Let our people sign in at our own provider",
    response_model=ProviderOut, responses=faults(403),
)  # fmt: skip
async def set_provider(body: ProviderIn, db: Tx, me: Fresh, request: Request) -> Response:
    await providers.put(db, me, body)
    await db.flush()
    return one(request, await providers.get(db, me))


@router.delete(
    "", operation_id="identity_provider_remove", summary="No sign-in at a provider of our own", status_code=204,
    responses=faults(403, 404),
)  # fmt: skip
async def remove_provider(db: Tx, me: Fresh) -> Response:
    await providers.remove(db, me)
    return Response(status_code=204)


@router.post(
    "/checks", operation_id="identity_provider_check", summary="Try an identity provider", response_model=ProviderCheck,
    responses=faults(403),
)  # fmt: skip
async def check_provider(body: ProviderCheckIn, me: Me, request: Request) -> Response:
    require_admin(me)
    await logins.limit(auth_of(request), f"check:{me.organization_id}", a_minute=6, burst=10)
    return one(request, await providers.check(me, body.issuer))
