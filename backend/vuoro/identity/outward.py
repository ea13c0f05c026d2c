"""A stand-in for core/outward.py, with its signature: https, no redirects, a time and a size limit.

Swap: delete this file and import `fetch` and `OutwardError` from vuoro.core.outward in identity/oidc.py.
"""

import asyncio
import json
from dataclasses import dataclass
from functools import lru_cache
from ssl import SSLContext
from typing import Any

import httpx

from vuoro.core.settings import settings


class OutwardError(Exception):
    """No answer came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said."""

    status: int
    body: bytes

    def json(self) -> Any:
        """The body as JSON; OutwardError when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise OutwardError("The answer is no JSON.") from None


@lru_cache
def _trust() -> SSLContext:
    return httpx.create_ssl_context()


async def fetch(
    method: str,
    url: str,
    *,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
    timeout_s: float = 10,
    max_bytes: int = 1_000_000,
) -> Answer:
    """Send one request; OutwardError when no whole answer comes in time and size."""
    if settings().secure and not url.startswith("https://"):
        raise OutwardError("Only https addresses are called.")
    try:
        async with (
            asyncio.timeout(timeout_s),
            httpx.AsyncClient(verify=_trust(), follow_redirects=False, trust_env=False, timeout=timeout_s) as client,
            client.stream(method, url, headers=headers, content=body) as answer,
        ):
            taken = bytearray()
            async for part in answer.aiter_bytes():
                taken += part
                if len(taken) > max_bytes:
                    raise OutwardError("The answer is too large.")
            return Answer(answer.status_code, bytes(taken))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, UnicodeError) as error:
        raise OutwardError(f"There was no answer ({type(error).__name__}).") from error
