"""OAuth 2.1 as clients know it: /oauth/authorize, /oauth/token, /oauth/revoke, and what is found under /.well-known."""

import base64
import binascii
from collections import Counter
from dataclasses import fields
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import select
from starlette.responses import JSONResponse

from vuoro.core.actor import APP_SCOPES, SCOPES, Actor
from vuoro.core.db import Database
from vuoro.core.history import audit
from vuoro.core.http import faults
from vuoro.core.routing import Router
from vuoro.core.settings import settings
from vuoro.identity import logins
from vuoro.identity.models import OauthClient
from vuoro.identity.oauth import tokens
from vuoro.identity.oauth.authorize import Asked, check, find_client, uuid_of
from vuoro.identity.oauth.refusals import DeadGrant, Refused, UnknownClient, Untrusted
from vuoro.identity.oauth.schemas import OauthRefusal, RevocationForm, TokenAnswer, TokenForm
from vuoro.identity.sign_in_router import AuthTx, caller_address

router = Router(tags=["oauth"], dependencies=[])  # OAuth leaves parameters that it does not know aside
FORM = "application/x-www-form-urlencoded"
FORMS: tuple[type[BaseModel], ...] = (TokenForm, RevocationForm)
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": OauthRefusal, "description": "The request cannot be granted"},
    **{status: faults()[status] for status in (429, 503)},
}
UNKNOWN: dict[int | str, dict[str, Any]] = {
    401: {"model": OauthRefusal, "description": "The client did not prove who it is"}
}


def _form(model: type[BaseModel]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {FORM: {"schema": schema}}}}


def _refusal(error: Refused) -> Response:
    headers = dict(NO_STORE)
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="Vuoro"'
    return JSONResponse({"error": error.error, "error_description": error.description}, error.status, headers)


@router.get(
    "/oauth/authorize", operation_id="oauth_authorize", summary="An app asks a person, by their browser",
    status_code=303, response_class=Response,
    responses={303: {"description": "To the page that asks the person, or back to the app with an error"}, **REFUSALS},
)  # fmt: skip
async def authorize(
    db: AuthTx,
    request: Request,
    response_type: Annotated[str | None, Query(description="code")] = None,
    client_id: Annotated[str | None, Query()] = None,
    redirect_uri: Annotated[str | None, Query(description="exactly as registered; a loopback with any port")] = None,
    scope: Annotated[str | None, Query(description="me:read, me:write or both; both when left out")] = None,
    state: Annotated[str | None, Query()] = None,
    code_challenge: Annotated[str | None, Query(description="PKCE, always")] = None,
    code_challenge_method: Annotated[str | None, Query(description="S256")] = None,
) -> Response:
    asked = Asked(response_type, client_id, redirect_uri, scope, state, code_challenge, code_challenge_method)
    try:
        _refuse_doubles(name for name, _ in request.query_params.multi_items())
        check(asked, await find_client(db, client_id))
    except Untrusted as error:
        return _refusal(error)
    except Refused as error:
        return _see(asked.answer(error=error.error, error_description=error.description))
    return _see(asked.page())


def _see(address: str) -> Response:
    return Response(status_code=303, headers={"Location": address, **NO_STORE})


def _refuse_doubles(names: Any) -> None:
    doubled = {name for name, count in Counter(names).items() if count > 1}
    if doubled & {field.name for field in fields(Asked)}:
        raise Untrusted("A parameter comes twice.")


@router.post(
    "/oauth/token", operation_id="oauth_token", summary="A code, a refresh token or a machine's key for tokens",
    response_model=TokenAnswer, responses={**REFUSALS, **UNKNOWN}, openapi_extra=_form(TokenForm),
)  # fmt: skip
async def token(request: Request) -> Response:
    auth: Database = request.app.state.auth_database
    await logins.limit(auth, f"token:{caller_address(request)}", a_minute=600, burst=300)
    try:
        form = await _read(request)
        client_id, key = _client(request, form)
        await logins.limit(auth, f"token:{caller_address(request)}:{client_id}", a_minute=120, burst=60)
        answer = await _granted(request, client_id, key, form)
    except Refused as error:
        return _refusal(error)
    return Response(answer.model_dump_json(), headers=NO_STORE, media_type="application/json")


async def _granted(request: Request, client_id: UUID, key: str | None, form: dict[str, str]) -> TokenAnswer:
    auth: Database = request.app.state.auth_database
    kind = _needed(form, "grant_type")
    if kind == "client_credentials":
        if key is None:
            raise UnknownClient("A machine proves itself by its key, as client_secret.")
        async with auth.transaction() as db:
            return await tokens.for_machine(db, client_id, key, form.get("scope"))
    if kind not in ("authorization_code", "refresh_token"):
        raise Refused("unsupported_grant_type", "Take authorization_code, refresh_token or client_credentials.")
    if key is not None:
        raise UnknownClient("An app has no secret.")
    async with auth.transaction() as db:
        if await find_client(db, str(client_id)) is None:
            raise UnknownClient
        if kind == "authorization_code":
            code, verifier = _needed(form, "code"), form.get("code_verifier")
            answer = await tokens.exchange(db, client_id, code, form.get("redirect_uri"), verifier)
        else:
            answer = await tokens.refresh(db, client_id, _needed(form, "refresh_token"), form.get("scope"))
    if isinstance(answer, tokens.Dead):
        if answer.of is not None:
            organization_id, person_id = answer.of
            database: Database = request.app.state.database
            async with database.transaction(Actor(organization_id)) as tenant:
                audit(tenant, "app.reuse", person_id)
        raise DeadGrant
    return answer


@router.post(
    "/oauth/revoke", operation_id="oauth_revoke", summary="End a token and what belongs to it",
    status_code=200, response_class=Response, openapi_extra=_form(RevocationForm),
    responses={200: {"description": "It has ended, or never was", "content": {}}, **REFUSALS, **UNKNOWN},
)  # fmt: skip
async def revoke(request: Request) -> Response:
    auth: Database = request.app.state.auth_database
    await logins.limit(auth, f"revoke:{caller_address(request)}", a_minute=600, burst=300)
    try:
        form = await _read(request)
        client_id, key = _client(request, form)
        async with auth.transaction() as db:
            if key is None and await find_client(db, str(client_id)) is None:
                raise UnknownClient
            await tokens.revoke(db, client_id, key, _needed(form, "token"))
    except Refused as error:
        return _refusal(error)
    return Response(status_code=200, headers=NO_STORE)


async def _read(request: Request) -> dict[str, str]:
    """The form's fields; those without a value count as left out (RFC 6749)."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Refused("invalid_request", f"Send {FORM}.")
    try:
        pairs = parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=50, errors="strict")
    except ValueError:
        raise Refused("invalid_request", "The form cannot be read.") from None
    form = dict(pairs)
    if len(form) < len(pairs):
        raise Refused("invalid_request", "A parameter comes twice.")
    return {name: value for name, value in form.items() if value}


def _needed(form: dict[str, str], name: str) -> str:
    if name not in form:
        raise Refused("invalid_request", f"{name} is missing.")
    return form[name]


def _client(request: Request, form: dict[str, str]) -> tuple[UUID, str | None]:
    """Who the client says it is, and its secret: by HTTP Basic or in the form, never both."""
    name, key = form.get("client_id"), form.get("client_secret")
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind:
        if kind.lower() != "basic" or key is not None:
            raise Refused("invalid_request", "A client proves itself in one way: HTTP Basic or client_secret.")
        try:
            user, _, password = base64.b64decode(given.strip(), validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            raise UnknownClient from None
        if name not in (None, unquote_plus(user)):
            raise Refused("invalid_request", "client_id differs from the one of HTTP Basic.")
        name, key = unquote_plus(user), unquote_plus(password) or None
    if name is None:
        raise Refused("invalid_request", "client_id is missing.")
    id = uuid_of(name)
    if id is None:
        raise UnknownClient
    return id, key


@router.get("/.well-known/oauth-authorization-server", include_in_schema=False, operation_id="oauth_metadata",
            summary="What this authorization server can", responses={})  # fmt: skip
async def metadata() -> Response:
    """RFC 8414."""
    here = settings().public_url
    methods = ["none", "client_secret_basic", "client_secret_post"]
    return JSONResponse(
        {
            "issuer": here,
            "authorization_endpoint": f"{here}/oauth/authorize",
            "token_endpoint": f"{here}/oauth/token",
            "revocation_endpoint": f"{here}/oauth/revoke",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": methods,
            "revocation_endpoint_auth_methods_supported": methods,
            "scopes_supported": [*SCOPES, *APP_SCOPES],
            "authorization_response_iss_parameter_supported": True,
        }
    )


@router.get("/.well-known/assetlinks.json", include_in_schema=False, operation_id="android_links",
            summary="Which Android apps open our links", responses={})  # fmt: skip
async def android(db: AuthTx) -> Response:
    """Digital Asset Links, from what admins registered."""
    rows = await db.execute(
        select(OauthClient.android_package, OauthClient.android_fingerprints)
        .where(OauthClient.android_package.is_not(None))
        .order_by(OauthClient.android_package)
    )
    return JSONResponse(
        [
            {
                "relation": ["delegate_permission/common.handle_all_urls"],
                "target": {"namespace": "android_app", "package_name": package, "sha256_cert_fingerprints": prints},
            }
            for package, prints in rows
            if prints
        ]
    )


@router.get("/.well-known/apple-app-site-association", include_in_schema=False, operation_id="apple_links",
            summary="Which iOS apps open our links", responses={})  # fmt: skip
async def apple(db: AuthTx) -> Response:
    """Universal links: each app gets the paths of its own redirect addresses at this service, and no others."""
    rows = await db.execute(
        select(OauthClient.apple_app_id, OauthClient.redirect_uris)
        .where(OauthClient.apple_app_id.is_not(None))
        .order_by(OauthClient.apple_app_id)
    )
    here = f"{settings().public_url}/"
    paths = {app: [urlsplit(uri).path for uri in uris if uri.startswith(here)] for app, uris in rows}
    details = [{"appIDs": [app], "components": [{"/": path} for path in own]} for app, own in paths.items() if own]
    return JSONResponse({"applinks": {"details": details}})
