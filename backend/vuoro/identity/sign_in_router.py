"""Signing in and out over HTTP: a mailed link or code, a passkey, the organization's own provider."""

from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from vuoro.core.db import Database, Db
from vuoro.core.errors import Fault
from vuoro.core.http import SESSION_COOKIES, faults, one, token_of
from vuoro.core.routing import Router
from vuoro.core.settings import settings
from vuoro.identity import challenges, devices, logins, mail_codes, oidc, oidc_sign_in, passkeys
from vuoro.identity.sign_in_schemas import (
    CodeIn,
    LoginAsked,
    LoginIn,
    LoginOut,
    OidcIn,
    OidcOut,
    PasskeyOptions,
    PasskeyProof,
    RedeemIn,
)

router = Router(prefix="/v1", tags=["identity"])
# Providers add parameters of their own to the way back, so it takes unknown ones.
callback_router = Router(tags=["identity"], dependencies=[])


async def _auth_transaction(request: Request) -> AsyncIterator[Db]:
    async with auth_of(request).transaction() as db:
        yield db


def auth_of(request: Request) -> Database:
    """The connections of vuoro_auth."""
    database: Database = request.app.state.auth_database
    return database


# Sign-in tokens live behind a login of their own; no organization is known yet.
AuthTx = Annotated[Db, Depends(_auth_transaction, scope="function")]


def device_of(request: Request) -> str | None:
    """Few words for the browser that calls."""
    return devices.words(request.headers.get("user-agent"))


def _remember(answer: Response, login: logins.Login) -> None:
    secure = settings().secure
    answer.set_cookie(
        "__Host-session" if secure else "vuoro_session",
        login.token,
        max_age=settings().login_days * 86400,
        secure=secure,
        httponly=True,
        samesite="lax",
        path="/",
    )


async def signed_in(request: Request, login: logins.Login) -> Response:
    """The answer that begins a browser's sign-in; the one that it had before ends."""
    await end_former(request)
    answer = one(request, LoginOut(person_id=login.person_id, expires_at=login.expires_at), 201)
    _remember(answer, login)
    return answer


async def end_former(request: Request) -> None:
    """End the sign-in that this browser's cookie holds."""
    former = next((request.cookies[name] for name in SESSION_COOKIES if name in request.cookies), None)
    if former is not None:
        async with auth_of(request).transaction() as db:
            await logins.end(db, former)


def _cookie(kind: challenges.Kind) -> str:
    return f"__Host-vuoro-{kind}" if settings().secure else f"vuoro_{kind}"


def held_by_browser(request: Request, kind: challenges.Kind) -> str | None:
    """The secret that this browser holds."""
    return request.cookies.get(_cookie(kind))


def give_to_browser(answer: Response, kind: challenges.Kind, secret: str) -> None:
    """Give the browser the secret, out of reach of scripts and of other sites' requests."""
    answer.set_cookie(
        _cookie(kind), secret, max_age=challenges.MINUTES[kind] * 60, secure=settings().secure, httponly=True,
        samesite="lax", path="/",
    )  # fmt: skip


def take_back(answer: Response, kind: challenges.Kind) -> None:
    """Take the secret away from the browser."""
    answer.delete_cookie(_cookie(kind), path="/", secure=settings().secure, httponly=True, samesite="lax")


def caller_address(request: Request) -> str:
    """Where a request comes from, to slow down guessing."""
    return request.client.host if request.client else "unknown"


async def slow_down(request: Request, what: str) -> None:
    """RateLimited for an address that tries many times."""
    await logins.limit(auth_of(request), f"{what}:{caller_address(request)}", a_minute=30, burst=20)


@router.post(
    "/logins", operation_id="logins_ask", summary="Ask for a sign-in link and code by mail", status_code=202,
    response_model=LoginAsked, responses=faults(),
)  # fmt: skip
async def ask(body: LoginIn, request: Request) -> Response:
    auth = auth_of(request)
    await logins.limit(auth, f"ask:{caller_address(request)}", a_minute=6, burst=10)
    await logins.limit(auth, f"mail:{body.email}", a_minute=1, burst=3)
    secret = await mail_codes.ask(auth, request.app.state.database, body.email)
    answer = one(request, LoginAsked(sent=True), 202)
    give_to_browser(answer, "mail", secret)
    return answer


@router.post(
    "/logins/redeem", operation_id="logins_redeem", summary="Sign in with a one-time link", status_code=201,
    response_model=LoginOut, responses=faults(409),
)  # fmt: skip
async def redeem(body: RedeemIn, request: Request) -> Response:
    await slow_down(request, "redeem")
    async with auth_of(request).transaction() as db:
        browser = held_by_browser(request, "mail")
        login = await logins.redeem(
            db, body.token, browser=browser, elsewhere=body.elsewhere, device=device_of(request)
        )
    return await signed_in(request, login)


@router.post(
    "/logins/code", operation_id="logins_enter_code", summary="Sign in with the code of the mail", status_code=201,
    response_model=LoginOut, responses=faults(),
)  # fmt: skip
async def enter_code(body: CodeIn, request: Request) -> Response:
    await slow_down(request, "code")
    browser = held_by_browser(request, "mail")
    login = await mail_codes.enter(auth_of(request), browser, body.code, device=device_of(request))
    answer = await signed_in(request, login)
    take_back(answer, "mail")
    return answer


@router.delete("/logins/current", operation_id="logins_end", summary="Sign out", status_code=204, responses=faults())
async def sign_out(db: AuthTx, request: Request) -> Response:
    token = token_of(request)
    if token:
        await logins.end(db, token)
    answer = Response(status_code=204)
    for name, secure in (("__Host-session", True), ("vuoro_session", False)):
        answer.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")
    return answer


@router.post(
    "/logins/passkey/options", operation_id="passkey_logins_begin", summary="Begin to sign in with a passkey",
    response_model=PasskeyOptions, responses=faults(),
)  # fmt: skip
async def begin_passkey(request: Request) -> Response:
    await slow_down(request, "passkey_options")
    async with auth_of(request).transaction() as db:
        options = await passkeys.begin_using(db)
    return one(request, PasskeyOptions(public_key=options))


@router.post(
    "/logins/passkey", operation_id="passkey_logins_finish", summary="Sign in with a passkey", status_code=201,
    response_model=LoginOut, responses=faults(),
)  # fmt: skip
async def use_passkey(body: PasskeyProof, request: Request) -> Response:
    await slow_down(request, "passkey")
    return await signed_in(request, await passkeys.use(auth_of(request), body, device=device_of(request)))


@router.post(
    "/logins/oidc", operation_id="oidc_logins_begin", summary="Begin to sign in at the organization's own provider",
    response_model=OidcOut, responses=faults(),
)  # fmt: skip
async def begin_oidc(body: OidcIn, request: Request) -> Response:
    await slow_down(request, "oidc")
    out, secret = await oidc_sign_in.begin(auth_of(request), body)
    answer = one(request, out)
    if secret is not None:
        give_to_browser(answer, "oidc", secret)
    return answer


@callback_router.get(
    oidc.CALLBACK, operation_id="oidc_logins_finish", summary="The way back from the organization's own provider",
    status_code=303, response_class=RedirectResponse, responses=faults(),
)  # fmt: skip
async def finish_oidc(
    request: Request,
    code: str | None = None,
    state: str | None = None,
    iss: str | None = None,
    error: str | None = None,
) -> Response:
    await slow_down(request, "oidc_back")
    try:
        login, page = await oidc_sign_in.finish(
            auth_of(request), request.app.state.database, held_by_browser(request, "oidc"),
            state=state, code=code, issuer=iss, error=error, device=device_of(request),
        )  # fmt: skip
    except Fault as fault:
        answer = RedirectResponse(f"/sign-in?{urlencode({'problem': fault.code})}", 303)
    else:
        await end_former(request)
        answer = RedirectResponse(page, 303)
        _remember(answer, login)
    take_back(answer, "oidc")
    return answer
