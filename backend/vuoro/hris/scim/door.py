"""/scim/v2 as the API mounts it. What serves it is loaded with the first call: it would be a quarter of every start."""

import asyncio
from typing import Any, cast

from starlette.types import ASGIApp, Receive, Scope, Send


class Door:
    """Passes requests on to the SCIM service."""

    def __init__(self) -> None:
        self._service: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; others go on while the service is loaded."""
        if self._service is None:
            self._service = await asyncio.to_thread(_load)
        await self._service(scope, receive, send)


def _load() -> ASGIApp:
    from vuoro.hris.scim.application import Scim  # noqa: PLC0415

    service: Any = Scim()
    return cast(ASGIApp, service)
