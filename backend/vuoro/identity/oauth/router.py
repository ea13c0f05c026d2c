"""Apps over HTTP: the admin's register of them, and what each person lets them do."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from vuoro.core.http import Fresh, IfMatch, Me, MyPersonId, OnlyOnce, Tx, faults, one, unkept
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.identity.oauth import authorize, clients
from vuoro.identity.oauth.authorize import Asked
from vuoro.identity.oauth.schemas import (
    AppAnswerIn,
    AppAnswerOut,
    AppPage,
    AppRequestOut,
    OauthClientIn,
    OauthClientOut,
    OauthClientPage,
    OauthClientPatch,
)
from vuoro.identity.sign_in_router import AuthTx

router = Router(prefix="/v1", tags=["machines"])


@router.get(
    "/oauth-clients", operation_id="oauth_clients_list", summary="Apps that may ask people to act for them",
    response_model=OauthClientPage, responses=faults(403),
)  # fmt: skip
async def list_clients(db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await clients.list_clients(db, me, page)
    return one(request, OauthClientPage(items=items, next_cursor=following))


@router.post(
    "/oauth-clients", operation_id="oauth_clients_create", summary="Register an app", status_code=201,
    response_model=OauthClientOut, responses=faults(403),
)  # fmt: skip
async def create(body: OauthClientIn, db: Tx, me: Fresh, once: OnlyOnce, request: Request) -> Response:
    client_id = await once(lambda: clients.add_client(db, me, body))
    return one(request, await clients.get_client(db, me, client_id), 201)


@router.get(
    "/oauth-clients/{oauth_client_id}", operation_id="oauth_clients_get", summary="One app",
    response_model=OauthClientOut, responses=faults(403, 404),
)  # fmt: skip
async def get(oauth_client_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await clients.get_client(db, me, oauth_client_id))


@router.patch(
    "/oauth-clients/{oauth_client_id}", operation_id="oauth_clients_change", summary="Change an app",
    response_model=OauthClientOut, responses=faults(403, 404, 412, 428),
)  # fmt: skip
async def change(
    oauth_client_id: UUID, body: OauthClientPatch, version: IfMatch, db: Tx, me: Fresh, request: Request
) -> Response:
    await clients.change_client(db, me, oauth_client_id, version, body)
    return one(request, await clients.get_client(db, me, oauth_client_id))


@router.delete(
    "/oauth-clients/{oauth_client_id}", operation_id="oauth_clients_remove",
    summary="Remove an app, for everybody at once", status_code=204, responses=faults(403, 404),
)  # fmt: skip
async def remove(oauth_client_id: UUID, db: Tx, me: Fresh) -> Response:
    await clients.remove_client(db, me, oauth_client_id)
    return Response(status_code=204)


@router.get(
    "/me/apps", operation_id="apps_list", summary="Apps that I let act for me", response_model=AppPage,
    responses=faults(403),
)  # fmt: skip
async def apps(db: Tx, auth: AuthTx, me: Me, person_id: MyPersonId, page: Page, request: Request) -> Response:
    items, following = await clients.list_apps(db, auth, me, person_id, page)
    return one(request, AppPage(items=items, next_cursor=following))


@router.delete(
    "/me/apps/{app_id}", operation_id="apps_end", summary="Take an app's access away", status_code=204,
    responses=faults(403, 404),
)  # fmt: skip
async def end(app_id: UUID, db: Tx, person_id: MyPersonId) -> Response:
    await clients.end_app(db, person_id, app_id)
    return Response(status_code=204)


@router.get(
    "/me/app-request", operation_id="app_requests_read", summary="What an app asks me for",
    response_model=AppRequestOut, responses=faults(403, 404),
)  # fmt: skip
async def read_request(
    db: Tx,
    me: Me,
    person_id: MyPersonId,
    request: Request,
    client_id: Annotated[str, Query(max_length=100)],
    redirect_uri: Annotated[str, Query(max_length=600)],
    response_type: Annotated[str, Query(max_length=50)],
    code_challenge: Annotated[str, Query(max_length=200)],
    code_challenge_method: Annotated[str, Query(max_length=20)],
    scope: Annotated[str | None, Query(max_length=200)] = None,
    state: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    asked = Asked(response_type, client_id, redirect_uri, scope, state, code_challenge, code_challenge_method)
    return one(request, await authorize.ask(db, me, person_id, asked))


@router.post(
    "/me/app-request", operation_id="app_requests_answer", summary="Let an app act for me, or do not",
    status_code=201, response_model=AppAnswerOut, responses=faults(403, 404),
)  # fmt: skip
async def answer_request(
    body: AppAnswerIn, db: Tx, auth: AuthTx, me: Me, person_id: MyPersonId, once: OnlyOnce, request: Request
) -> Response:
    asked = Asked(**body.model_dump(exclude={"allow"}))
    if body.allow:
        consent_id = await once(lambda: authorize.allow(db, me, person_id, asked))
        to = asked.answer(code=await authorize.make_code(auth, me, person_id, consent_id, asked))
    else:
        await once(lambda: authorize.refuse(db, asked))
        to = asked.answer(error="access_denied")
    return unkept(request, AppAnswerOut(redirect_to=to), 201)
