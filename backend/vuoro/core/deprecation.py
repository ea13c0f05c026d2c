"""Operations that will go away: said in the contract and in every answer (RFC 9745, RFC 8594); see docs/contract.md."""

from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any

from fastapi import Depends, Request


def deprecated(since: date, *, gone: date, instead: str) -> dict[str, Any]:
    """The keywords of a route that is deprecated: `@router.get(…, **deprecated(date(2027, 1, 1), …))`.

    Args:
        gone: the day from which it may be missing, at least 180 days after `since`.
        instead: the path to use in its place.
    """
    if (gone - since).days < 180:
        raise ValueError("Apps on phones need half a year.")
    headers = {
        "Deprecation": f"@{int(_midnight(since).timestamp())}",
        "Sunset": format_datetime(_midnight(gone), usegmt=True),
        "Link": f'<{instead}>; rel="successor-version", </reference>; rel="deprecation"',
    }

    async def announce(request: Request) -> None:
        request.scope["state"]["headers"] = headers

    told = {"x-deprecated-since": since.isoformat(), "x-sunset": gone.isoformat(), "x-instead": instead}
    return {"deprecated": True, "dependencies": [Depends(announce)], "openapi_extra": told}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
