"""A client that holds every answer to the OpenAPI document: its status, media type and body."""

import copy
import json
import os
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import FastAPI
from jsonschema_rs import Draft202012Validator, Registry
from starlette.types import Receive, Scope, Send

from support import recording
from support.headers import weak
from vuoro.core import clock

RECORD = "VUORO_EXAMPLES" in os.environ
STAYS = timedelta(minutes=9)
PROBLEM = "application/problem+json"
# What HTTP itself or the middleware around every route may answer.
ANYWHERE = frozenset({304, 400, 405, 413})

OUTSIDE = ("cross_site", "insufficient_scope")


class Contract:
    """The document of one application, ready to check answers."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = _closed(copy.deepcopy(document))
        self.paths = [
            (re.compile("^" + re.sub(r"\\\{[^/]*?\\\}", "[^/]+", re.escape(path)) + "$"), path)
            for path in sorted(document["paths"], key=lambda path: (path.count("{"), path))
        ]
        self._registry = Registry([("urn:contract", self.document)])
        self._validators: dict[str, Draft202012Validator] = {}
        self.seen: set[tuple[str, str, int]] = set()

    def check(self, response: httpx.Response) -> None:
        """AssertionError when the answer is not what the document says."""
        request, status = response.request, response.status_code
        path = next((path for pattern, path in self.paths if pattern.match(request.url.path)), None)
        if path is None or request.method in ("HEAD", "OPTIONS"):
            return
        operation = self.document["paths"][path].get(request.method.lower())
        name = f"{request.method} {path} → {status}"
        if operation is None:
            assert status in (403, 405, 413), f"{name}: an undocumented method"
            return
        self.seen.add((request.method, path, status))
        media = response.headers.get("content-type", "").partition(";")[0]
        documented = self._found(operation["responses"].get(str(status)))
        if documented is None:
            refused_outside = status in ANYWHERE or (status == 403 and _code(response) in OUTSIDE)
            assert refused_outside, f"{name} is not documented for {operation['operationId']}: {response.text[:2000]}"
            if response.content:
                self._validate("#/components/schemas/Problem", response.json(), name)
            return
        content = documented.get("content", {})
        if not content or status in (204, 304):
            assert not response.content, f"{name}: a body, where none is documented"
            return
        assert media in content, f"{name}: {media!r}, documented are {sorted(content)}"
        if media.endswith("json"):
            steps = ("paths", path, request.method.lower(), "responses", str(status))
            pointer = "#/" + "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
            pointer = operation["responses"][str(status)].get("$ref", pointer)
            self._validate(f"{pointer}/content/{media.replace('/', '~1')}/schema", response.json(), name)
        if RECORD:
            recording.note(operation, response)

    def _found(self, answer: dict[str, Any] | None) -> dict[str, Any] | None:
        name = (answer or {}).get("$ref", "").rpartition("/")[2]
        return self.document["components"]["responses"][name] if name else answer

    def _validate(self, pointer: str, body: Any, name: str) -> None:
        if pointer not in self._validators:
            self._validators[pointer] = Draft202012Validator(
                {"$ref": f"urn:contract{quote(pointer, safe='#/~')}"}, registry=self._registry, validate_formats=True
            )
        faults = [f"{fault.instance_path}: {fault.message}" for fault in self._validators[pointer].iter_errors(body)]
        assert not faults, f"{name} breaks the contract:\n" + "\n".join(faults[:10])


def _code(response: httpx.Response) -> str | None:
    return response.json().get("code") if response.headers.get("content-type") == PROBLEM else None


def _closed(schema: Any) -> Any:
    """Every object with known properties has no others, so that nothing undocumented is sent."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "object" and isinstance(schema.get("properties"), dict):
        schema.setdefault("additionalProperties", False)
    return {name: _closed(part) for name, part in schema.items()}


class CheckedTransport(httpx.ASGITransport):
    """Calls the application in this process; a bug's traceback becomes the cause of the failed check."""

    def __init__(self, app: FastAPI, contract: Contract, *, address: str = "127.0.0.1") -> None:
        super().__init__(app=self._noting, raise_app_exceptions=False, client=(address, 40_000))
        self._application, self._contract = app, contract
        self._bug: Exception | None = None

    async def _noting(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._application(scope, receive, send)
        except Exception as bug:
            self._bug = bug
            raise

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request."""
        self._bug = None
        response = await super().handle_async_request(request)
        response.request = request
        await response.aread()
        bug = self._bug
        try:
            self._contract.check(response)
            page = response.headers.get("content-type", "").startswith("text/html")
            found = weak(response.headers, page=page)
            assert not found, f"{request.method} {request.url.path}: weak headers {sorted(found)}"
        except AssertionError as fault:
            raise fault from bug
        return response


class SignIn(httpx.Auth):
    """Signs a person in when first needed, and again when by the test's clock the sign-in is no longer fresh."""

    def __init__(self, begin: Callable[[], Awaitable[str]]) -> None:
        self._begin = begin
        self._token = ""
        self._until: datetime | None = None

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Adds the bearer token, unless the request brings its own."""
        if "authorization" not in request.headers:
            moment = clock.now()
            if self._until is None or not self._until - STAYS <= moment < self._until:
                self._token = await self._begin()
                self._until = moment + STAYS
            request.headers["authorization"] = f"Bearer {self._token}"
        yield request


def etag_of(response: httpx.Response) -> dict[str, str]:
    """The headers of a change to what was just read."""
    return {"If-Match": response.headers["etag"]}


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem that was answered; AssertionError when it is another one."""
    assert response.headers["content-type"] == PROBLEM, response.text
    body: dict[str, Any] = json.loads(response.content)
    assert (response.status_code, body["status"], body["code"]) == (status, status, code), body
    return body
