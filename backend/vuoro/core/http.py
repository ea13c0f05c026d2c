"""What every route shares: the caller, the transaction, ETags, If-Match, Idempotency-Key."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Response
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from sqlalchemy import DateTime, String, Uuid, column, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from starlette.datastructures import Headers

from vuoro.core import clock
from vuoro.core.actor import STRONG_METHODS, Actor, Held
from vuoro.core.crypto import hash_token
from vuoro.core.db import Database, Db
from vuoro.core.errors import (
    Forbidden,
    IdempotencyKeyReused,
    Invalid,
    PreconditionRequired,
    Problem,
    ProblemError,
    Unauthenticated,
)
from vuoro.core.idempotency import IdempotencyKey
from vuoro.core.settings import settings


class InsufficientScope(Forbidden):
    """The app may look for the person, and not act."""

    code, title = "insufficient_scope", "The app may only look"
    text = "You let this app look, and not act for you."


SESSION_COOKIES = ("__Host-session", "vuoro_session")


class StrongerSignInNeeded(Forbidden):
    """A role that a mailbox alone does not open."""

    code, title = "stronger_sign_in_needed", "A stronger sign-in is needed"
    text = "Your role needs a passkey or your organization's own sign-in. A mailed link lets you add a passkey."


class FreshSignInNeeded(Forbidden):
    """The sign-in is too old for what was asked; `params.method` is how it was made."""

    code, title = "fresh_sign_in_needed", "Please show again that it is you"
    text = "This needs a sign-in of the last ten minutes."


def bearer_of(headers: Headers) -> str | None:
    """The token in the Authorization header."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    return value.strip() or None if kind.lower() == "bearer" else None


def token_of(request: Request) -> str | None:
    """The bearer token or the browser's sign-in cookie."""
    bearer = bearer_of(request.headers)
    if bearer is not None:
        return bearer
    return next((request.cookies[name] for name in SESSION_COOKIES if name in request.cookies), None)


_AUTHENTICATE = text("select * from auth.authenticate(:hash, :now, :idle)").columns(
    column("organization_id", Uuid), column("person_id", Uuid), column("client_id", Uuid),
    column("grants", JSONB), column("scopes", ARRAY(String)),
    column("login_id", Uuid), column("method", String), column("signed_in_at", DateTime(timezone=True)),
)  # fmt: skip


@asynccontextmanager
async def signed_in(request: Request) -> AsyncIterator[Db]:
    """A transaction of whoever the request's token stands for; Unauthenticated without one that lives."""
    token = token_of(request)
    if token is None:
        raise Unauthenticated
    database: Database = request.app.state.database
    async with database.transaction() as db:
        hashed = hash_token(token)
        moment = clock.now()
        row = (
            await db.execute(
                _AUTHENTICATE, {"hash": hashed, "now": moment, "idle": timedelta(hours=settings().login_hours_idle)}
            )
        ).one_or_none()
        if row is None:
            raise Unauthenticated
        demo = settings().demo  # anybody is anybody there, so nobody is asked for more
        # auth.authenticate bound organization and person to this transaction already.
        db.me = Actor(
            organization_id=row.organization_id,
            person_id=row.person_id,
            client_id=row.client_id,
            grants=tuple(Held(role, *(id and UUID(id) for id in where)) for role, *where in row.grants),
            scopes=frozenset(row.scopes),
            token_hash=hashed,
            login_id=row.login_id if row.person_id else None,
            method=row.method,
            strong=demo or row.method in STRONG_METHODS,
            signed_in_at=moment if demo else row.signed_in_at,
        )
        request.state.actor = db.me
        if db.me.is_app and request.method not in ("GET", "HEAD") and not db.me.has_scope("me:write"):
            raise InsufficientScope
        yield db


async def transaction(request: Request) -> AsyncIterator[Db]:
    """The request's one transaction, of the caller's organization.

    Raises:
        Unauthenticated: without a sign-in.
        StrongerSignInNeeded: a manager or admin signed in by a mailbox alone.
    """
    async with signed_in(request) as db:
        if db.me.needs_strong and not db.me.strong:
            raise StrongerSignInNeeded
        yield db


async def weak_transaction(request: Request) -> AsyncIterator[Db]:
    """As `transaction`, for whoever signed in, however weakly: to add a passkey, and for nothing else."""
    async with signed_in(request) as db:
        yield db


# scope="function": the commit comes before the answer leaves, so a failed commit is never a 200.
Tx = Annotated[Db, Depends(transaction, scope="function")]
WeakTx = Annotated[Db, Depends(weak_transaction, scope="function")]


async def _me(db: Tx) -> Actor:
    return db.me


Me = Annotated[Actor, Depends(_me)]


def require_person(me: Actor) -> UUID:
    """The caller's person; Forbidden for a machine."""
    if me.person_id is None:
        raise Forbidden("This is for people; an API client has no own page.")
    return me.person_id


async def _person(db: Tx) -> UUID:
    return require_person(db.me)


MyPersonId = Annotated[UUID, Depends(_person)]


def require_fresh(me: Actor) -> None:
    """FreshSignInNeeded unless the person proved within ten minutes who they are.

    A machine proves it every time; an app that acts for a person never does.
    """
    if me.is_app or (me.person_id is not None and not me.is_fresh(clock.now())):
        raise FreshSignInNeeded(params={"method": me.method})


async def _fresh(db: Tx) -> Actor:
    require_fresh(db.me)
    return db.me


# `Me` of what cannot be undone or opens doors: roles, machines, identity provider, address, erasure.
Fresh = Annotated[Actor, Depends(_fresh)]


def etag(version: int, body: bytes) -> str:
    """`"version.bodyhash"`: the version decides about changes, the hash about freshness."""
    return f'"{version}.{hashlib.sha256(body).hexdigest()[:16]}"'


def one(request: Request, out: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The answer with one object: its ETag when it has a version, 304 when the caller has it already."""
    return kept(request, out.model_dump_json().encode(), getattr(out, "version", 0), status, headers)


def unkept(request: Request, out: BaseModel, status: int = 200) -> Response:
    """As `one`, of something secret, which nothing on the way may keep."""
    answer = one(request, out, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def kept(
    request: Request, body: bytes, version: int = 0, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """As `one`, of an object that is JSON already."""
    headers = dict(headers or {})
    headers["Cache-Control"] = "private, no-cache"
    headers["ETag"] = tag = etag(version, body)
    if request.method == "GET" and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, "application/json")


async def _if_match(
    if_match: Annotated[
        str | None, Header(description="the ETag that was read; 428 without, 412 when it is old")
    ] = None,
) -> int:
    if if_match is None:
        raise PreconditionRequired
    number = if_match.strip().removeprefix("W/").strip('"').partition(".")[0]
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise Invalid.at("#/header/If-Match", "bad_etag", "If-Match takes the ETag exactly as it was sent.")
    return int(number)


IfMatch = Annotated[int, Depends(_if_match)]


class Once:
    """Runs an action once for each Idempotency-Key; the key and the action share the transaction."""

    def __init__(self, request: Request, db: Db, key: str | None) -> None:
        self._request, self._db, self._key = request, db, key

    async def __call__(self, act: Callable[[], Awaitable[UUID]], body: bytes | None = None) -> UUID:
        """The id of the object that `act` makes or changes, or made when the same request came before.

        Raises:
            IdempotencyKeyReused: the key came before with another path or body.
        """
        if self._key is None:
            return await act()
        if body is None:
            body = await self._request.body()
        line = f"{self._request.method} {self._request.url.path}\n".encode()
        fingerprint = hashlib.sha256(line + body).digest()
        where = {
            "organization_id": self._db.organization_id,
            "actor_id": self._db.me.id,
            "key": self._key,
        }
        # A parallel request with the same key waits here until the first one commits.
        first = await self._db.scalar(
            insert(IdempotencyKey)
            .values(**where, fingerprint=fingerprint, created_at=clock.now())
            .on_conflict_do_nothing()
            .returning(IdempotencyKey.key)
        )
        row = (await self._db.execute(select(IdempotencyKey).filter_by(**where))).scalar_one()
        if first is None:
            if row.fingerprint != fingerprint or row.object_id is None:
                raise IdempotencyKeyReused
            return row.object_id
        row.object_id = await act()
        return row.object_id


async def _once(
    request: Request,
    db: Tx,
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=200, description="repeat it to repeat the answer, not the deed")
    ] = None,
) -> Once:
    return Once(request, db, idempotency_key)


OnlyOnce = Annotated[Once, Depends(_once)]


def _query_names(dependant: Dependant) -> set[str]:
    own = {field.alias for field in dependant.query_params}
    return own.union(*[_query_names(part) for part in dependant.dependencies])


async def known_query(request: Request) -> None:
    """Invalid for a parameter that the operation does not have: a misspelled filter must not show everything."""
    if not request.query_params:
        return
    unknown = sorted(set(request.query_params) - _query_names(request.scope["route"].dependant))
    if unknown:
        pointers = ["#/query/" + name.replace("~", "~0").replace("/", "~1") for name in unknown[:20]]
        detail = "This operation has no such parameter."
        raise Invalid(errors=[ProblemError(pointer=at, code="unknown_parameter", detail=detail) for at in pointers])


Search = Annotated[str | None, Query(max_length=100, description="words to look for")]


def faults(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The documented problem answers of an operation, for `responses=`."""
    titles = {
        400: "The request cannot be understood",
        401: "No sign-in, or one that has ended",
        403: "Not allowed",
        404: "Missing, or not for the caller to see",
        409: "Not possible in the present state",
        412: "Changed since it was read",
        413: "Too large",
        422: "Input that cannot be used, with the places",
        428: "If-Match is missing",
        429: "Too many requests",
        503: "The database does not answer",
    }
    schema = {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
    return {
        status: {"description": titles[status], "content": schema}
        for status in sorted({*statuses, 401, 403, 422, 429, 503})
    }
