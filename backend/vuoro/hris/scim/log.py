"""The log of a connection: what went wrong or was not understood; kinds and codes, never a value of a person."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from scim2_models import SCIMException
from sqlalchemy import insert

from vuoro.core import clock
from vuoro.core.db import Db
from vuoro.hris.scim.models import ScimLogEntry
from vuoro.hris.scim.refusals import as_scim, code_of
from vuoro.hris.scim.request import Finding

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
PATHS = {"users": "Users", "groups": "Groups", "bulk": "Bulk", ".search": "Search", "schemas": "Schemas"}


def path_kind(path: str) -> str:
    """Which part of the service a path names, without the ids in it."""
    first = path.strip("/").partition("/")[0].lower()
    return PATHS.get(first, "Root" if not first else "Other")


def failure(method: str, path: str, error: Exception, person_id: UUID | None) -> dict[str, Any]:
    """The entry of a request, or of a bulk operation, that was refused."""
    said = as_scim(error)
    return _entry(
        method, path,
        status=said.status if isinstance(said, SCIMException) else 500,
        scim_type=said.scim_type or None if isinstance(said, SCIMException) else None,
        code=code_of(error),
        person_id=person_id,
    )  # fmt: skip


def finding(method: str, path: str, found: Finding, whom: UUID | None) -> dict[str, Any]:
    """The entry of something that was not understood, while the rest was taken; `whom` the request was about."""
    person = found.person_id or whom
    return _entry(method, path, status=200, code=found.code, attribute=found.attribute, person_id=person)


def _entry(
    method: str, path: str, *, status: int, code: str, scim_type: str | None = None, attribute: str | None = None,
    person_id: UUID | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "at": clock.now(),
        "method": method if method in METHODS else "OTHER",
        "path": path_kind(path),
        "status": status,
        "scim_type": scim_type,
        "code": code[:60],
        "attribute": attribute,
        "person_id": person_id,
    }


async def write(db: Db, connection_id: UUID, entries: Iterable[dict[str, Any]]) -> None:
    """Write entries down, in one statement."""
    rows = [
        {"organization_id": db.organization_id, "id": clock.uuid7(), "connection_id": connection_id, **entry}
        for entry in entries
    ]
    if rows:
        await db.execute(insert(ScimLogEntry), rows)
