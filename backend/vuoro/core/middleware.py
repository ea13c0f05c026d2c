"""Around every request, as pure ASGI: id, log line, limits, cross-site defence, safe headers."""

import json
import re
import time
import uuid
from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import Interval, LargeBinary, bindparam, column, text
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vuoro.core.crypto import hash_token
from vuoro.core.db import Database
from vuoro.core.errors import Fault, Forbidden, PayloadTooLarge, RateLimited
from vuoro.core.http import SESSION_COOKIES, bearer_of, token_of
from vuoro.core.log import log
from vuoro.core.settings import Settings

if TYPE_CHECKING:
    from vuoro.core.metrics import Requests

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BODY_LIMIT = 1024 * 1024
LIST_LIMIT = 4 * 1024 * 1024  # 5,000 rows of people with what they bring
UPLOAD_SLACK = 64 * 1024  # boundaries and headers around an uploaded file
CALLERS = 50_000  # how many are remembered
_ID = re.compile(r"^[A-Za-z0-9._-]{8,80}\Z")
_TAKE_WRITE = (
    text("select wait, ahead from auth.take_write(:hash, :cost, :burst)")
    .columns(column("wait", Interval), column("ahead", Interval))
    .bindparams(
        bindparam("hash", type_=LargeBinary), bindparam("cost", type_=Interval), bindparam("burst", type_=Interval)
    )
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
    "Cache-Control": "no-store",
    # Of an answer that is no page of the app, which brings its own: nothing in it is ever run or framed.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}
A_YEAR = "max-age=31536000; includeSubDomains"


class CrossSite(Forbidden):
    """A browser sent this from another site."""

    code, title = "cross_site", "Sent from another site"
    text = "This came from another site, so it was not done."


API = ("/v1", "/scim", "/oauth", "/calendar/")
SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def refusal(scope: Scope, fault: Fault, request_id: str) -> Response:
    """A fault in the words of whom it goes to: directories read SCIM's, everybody else problems."""
    if not scope["path"].startswith("/scim/"):
        return problem_response(fault, request_id)
    body = {"schemas": [SCIM_ERROR], "status": str(fault.status), "detail": fault.detail}
    return Response(json.dumps(body), fault.status, fault.headers, "application/scim+json")


def problem_response(fault: Fault, request_id: str) -> Response:
    """A fault as application/problem+json."""
    body = fault.problem(f"urn:request:{request_id}").model_dump_json()
    return Response(body, fault.status, fault.headers, "application/problem+json")


def on_bug(request_id: str, error: Exception) -> Response:
    """Our own fault: logged with its kind, answered without its inside."""
    log.error("bug", request_id=request_id, error=type(error).__name__)
    fault = Fault("This is our fault. It is in the log under the request's id.")
    fault.status, fault.code, fault.title = 500, "internal", "Something broke"  # type: ignore[misc]
    return problem_response(fault, request_id)


class Around:
    """The one middleware: what it refuses never reaches a route."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: "Requests | None" = None) -> None:
        self.app, self.settings, self.metrics = app, settings, metrics
        self.free_at: OrderedDict[bytes, float] = OrderedDict()
        self.known: OrderedDict[bytes, None] = OrderedDict()  # hashes of tokens that were let in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        asked = headers.get("x-request-id", "")
        request_id = asked if _ID.match(asked) else str(uuid.uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        began, status = time.perf_counter(), 500
        if self.metrics:
            self.metrics.in_flight.inc()
        extra: dict[str, str] = {}
        started = False
        hashed = b""

        async def answer(message: Message) -> None:
            nonlocal status, started
            if scope["state"].get("too_large") and not started:
                return  # the framework's own word for it, which is 400; ours follows
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                out = MutableHeaders(scope=message)
                out["X-Request-Id"] = request_id
                if self.settings.secure:
                    out.setdefault("Strict-Transport-Security", A_YEAR)
                for name, value in {**HEADERS, **extra, **scope["state"].get("headers", {})}.items():
                    out.setdefault(name, value)
            await send(message)

        try:
            api = scope["path"].startswith(API)
            if api:
                token = token_of(Request(scope))
                hashed = hash_token(token) if token else hashed
                extra.update(self._check_rate(scope, hashed))
                self._check_site(scope, headers)
                if hashed and scope["method"] not in SAFE_METHODS:
                    extra.update(_both(extra, await self._check_writes(scope, hashed)))
            limited = self._limited(scope, headers, receive)
            await self.app(scope, limited, answer)
            if scope["state"].get("too_large") and not started:
                raise scope["state"]["too_large"]
            if scope["state"].get("actor"):
                self._remember(hashed)
        except Fault as fault:
            if started:
                raise
            scope["state"]["too_large"] = None
            await refusal(scope, fault, request_id)(scope, receive, answer)
        except Exception as bug:
            # Answered here, or it would leave without the headers; whoever runs the server hears of it too.
            if not started:
                await on_bug(request_id, bug)(scope, receive, answer)
            raise
        finally:
            if self.metrics:
                self.metrics.in_flight.dec()
                self.metrics.answered(scope, _shape(scope), status, time.perf_counter() - began)
            if scope["path"] not in ("/healthz", "/readyz"):
                actor = scope["state"].get("actor")
                log.info(
                    "request",
                    request_id=request_id,
                    method=scope["method"],
                    path=_shape(scope),
                    status=status,
                    ms=round((time.perf_counter() - began) * 1000, 1),
                    person_id=actor and actor.person_id and str(actor.person_id),
                    client_id=actor and actor.client_id and str(actor.client_id),
                )

    def _check_rate(self, scope: Scope, hashed: bytes) -> dict[str, str]:
        """GCRA in this process; the headers that tell how much is left.

        A token counts for itself once it was let in; whoever tries tokens counts by address.
        """
        client = Request(scope).client
        key = hashed if hashed in self.known else (client.host if client else "").encode()
        per_second, burst = self.settings.rate_limit_per_second, self.settings.rate_limit_burst
        now, cost = time.monotonic(), 1 / per_second
        free = max(self.free_at.get(key, now), now)
        ahead = free - now
        if ahead > cost * (burst - 1):
            raise RateLimited(ahead - cost * (burst - 1))
        self.free_at[key] = free + cost
        self.free_at.move_to_end(key)
        while self.free_at and (len(self.free_at) > CALLERS or next(iter(self.free_at.values())) < now):
            self.free_at.popitem(last=False)
        return _rate_headers("calls", per_second, burst, ahead)

    def _remember(self, hashed: bytes) -> None:
        self.known[hashed] = None
        self.known.move_to_end(hashed)
        if len(self.known) > CALLERS:
            self.known.popitem(last=False)

    async def _check_writes(self, scope: Scope, hashed: bytes) -> dict[str, str]:
        """GCRA of one caller's writes in PostgreSQL, for all processes together, in a statement of its own."""
        app = scope.get("app")
        database: Database | None = getattr(app.state, "database", None) if app else None
        per_second, burst = self.settings.write_limit_per_second, self.settings.write_limit_burst
        if database is None:
            return {}
        cost = timedelta(seconds=1 / per_second)
        try:
            async with database.engine.connect() as connection:
                values = {"hash": hashed, "cost": cost, "burst": cost * (burst - 1)}
                row = (await connection.execute(_TAKE_WRITE, values)).one_or_none()
        except Exception:  # noqa: BLE001 - without a database nothing is written, and the route says so
            return {}
        if row is None:
            return {}  # no token of ours
        if row.wait.total_seconds() > 0:
            raise RateLimited(row.wait.total_seconds())
        return _rate_headers("writes", per_second, burst, row.ahead.total_seconds() - cost.total_seconds())

    def _check_site(self, scope: Scope, headers: Headers) -> None:
        """A write that a cookie vouches for must come from our own pages."""
        cookies = headers.get("cookie", "")
        if scope["method"] in SAFE_METHODS or bearer_of(headers) is not None:
            return
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            if site not in ("same-origin", "none"):
                raise CrossSite
        elif origin is not None:
            here = {headers.get("host", ""), urlsplit(self.settings.public_url).netloc}
            if origin.partition("://")[2] not in here:
                raise CrossSite
        elif any(f"{name}=" in cookies for name in SESSION_COOKIES):
            raise CrossSite("A browser's write says where it comes from (Origin or Sec-Fetch-Site).")

    def _limited(self, scope: Scope, headers: Headers, receive: Receive) -> Receive:
        """Stop a body that is too long, by its announced length or while it comes in."""
        upload = scope["path"] == "/v1/imports"
        told = self.settings.upload_max_bytes if upload else BODY_LIMIT
        if scope["path"].endswith("/enrollment-imports") or scope["path"].startswith("/scim/"):
            told = LIST_LIMIT
        limit = told + (UPLOAD_SLACK if upload else 0)
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > limit:
            raise PayloadTooLarge(told)
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                scope["state"]["too_large"] = PayloadTooLarge(told)
                raise scope["state"]["too_large"]
            return message

        return counted


def _rate_headers(name: str, per_second: float, burst: int, ahead: float) -> dict[str, str]:
    """RateLimit-Policy and RateLimit of one limit; `ahead` is how many seconds' worth was taken before this."""
    left = int(burst - 1 - ahead * per_second)
    return {
        "RateLimit-Policy": f'"{name}";q={burst};w={max(1, int(burst / per_second))}',
        "RateLimit": f'"{name}";r={max(0, left)};t={max(1, int(ahead + 1))}',
    }


def _both(one: dict[str, str], other: dict[str, str]) -> dict[str, str]:
    return {name: f"{one[name]}, {value}" for name, value in other.items()}


def _shape(scope: Scope) -> Any:
    """The route's pattern rather than the path, so that tokens and ids in it stay out of the logs."""
    route = scope.get("route")
    return getattr(route, "path", None) or next((head for head in API if scope["path"].startswith(head)), "/")
