"""Organization, roles and sign-in over HTTP."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from vuoro.core.actor import Actor
from vuoro.core.db import Database, Db
from vuoro.core.http import IfMatch, Me, MyPersonId, OnlyOnce, Tx, faults, one, token_of
from vuoro.core.outbox import emit
from vuoro.core.page import Page
from vuoro.core.settings import settings
from vuoro.identity import logins, service
from vuoro.identity.schemas import (
    GrantIn,
    GrantOut,
    GrantPage,
    LoginAsked,
    LoginIn,
    LoginOut,
    OrganizationOut,
    OrganizationPatch,
    PreferencesOut,
    PreferencesPatch,
    RedeemIn,
)

router = APIRouter(prefix="/v1", tags=["identity"])


async def _auth_transaction(request: Request) -> AsyncIterator[Db]:
    database: Database = request.app.state.auth_database
    async with database.transaction() as db:
        yield db


# Sign-in tokens live behind a login of their own; no organization is known yet.
AuthTx = Annotated[Db, Depends(_auth_transaction, scope="function")]


def signed_in(request: Request, login: logins.Login) -> Response:
    """The answer that begins a browser's sign-in."""
    secure = settings().secure
    answer = one(request, LoginOut(person_id=login.person_id, expires_at=login.expires_at), 201)
    answer.set_cookie(
        "__Host-session" if secure else "vuoro_session",
        login.token,
        max_age=settings().login_days * 86400,
        secure=secure,
        httponly=True,
        samesite="lax",
        path="/",
    )
    return answer


def caller_address(request: Request) -> str:
    """Where a request comes from, to slow down guessing."""
    return request.client.host if request.client else "unknown"


@router.post(
    "/logins", operation_id="logins_ask", summary="Ask for a sign-in link by mail", status_code=202,
    response_model=LoginAsked, responses=faults(),
)  # fmt: skip
async def ask(body: LoginIn, request: Request) -> Response:
    auth: Database = request.app.state.auth_database
    await logins.limit(auth, f"ask:{caller_address(request)}", a_minute=6, burst=10)
    await logins.limit(auth, f"mail:{body.email}", a_minute=1, burst=3)
    async with auth.transaction() as db:
        found = await logins.find_by_mail(db, body.email)
    if found is not None:
        # The worker makes the link and mails it: a token never lies in a queue.
        database: Database = request.app.state.database
        async with database.transaction(Actor(found.organization_id)) as tenant:
            emit(tenant, "login.asked", {"person_id": str(found.person_id)})
    return one(request, LoginAsked(sent=True), 202)


@router.post(
    "/logins/redeem", operation_id="logins_redeem", summary="Sign in with a one-time link", status_code=201,
    response_model=LoginOut, responses=faults(),
)  # fmt: skip
async def redeem(body: RedeemIn, request: Request) -> Response:
    auth: Database = request.app.state.auth_database
    await logins.limit(auth, f"redeem:{caller_address(request)}", a_minute=30, burst=20)
    async with auth.transaction() as db:
        login = await logins.redeem(db, body.token)
    return signed_in(request, login)


@router.delete("/logins/current", operation_id="logins_end", summary="Sign out", status_code=204, responses=faults())
async def sign_out(db: AuthTx, request: Request) -> Response:
    token = token_of(request)
    if token:
        await logins.end(db, token)
    answer = Response(status_code=204)
    for name, secure in (("__Host-session", True), ("vuoro_session", False)):
        answer.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")
    return answer


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
async def give(body: GrantIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    grant_id = await once(lambda: service.give(db, me, body))
    return one(request, await service.get_grant(db, me, grant_id), 201)


@router.delete(
    "/organization/grants/{grant_id}", operation_id="grants_take", summary="Take a role away", status_code=204,
    responses=faults(403, 404, 409),
)  # fmt: skip
async def take(grant_id: UUID, db: Tx, me: Me) -> Response:
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
