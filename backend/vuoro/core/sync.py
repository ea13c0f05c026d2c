"""What changed since a device last asked: changed objects, ids of those that are gone for it, and the next watermark.

A watermark is signed. It says which transactions the device cannot have seen, and which objects it was given: so
a row whose transaction commits late is sent the next time, and whatever the caller no longer sees (deleted, erased,
access lost) is named by its id, to those alone who had it.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from sqlalchemy import ColumnElement, literal_column, or_, text

from vuoro.core.db import Db
from vuoro.core.errors import Invalid
from vuoro.core.page import Paging, Rows, paging, sign

MOST = 300
EVERYTHING = "all"
FIRST_YEAR, LAST_YEAR = 2000, 2200
# No transaction lives longer: statements end after 15 s, an idle one after 60 s.
OVERLAP = timedelta(minutes=2)
_WRAP, _HALF = 2**32, 2**31
_HORIZON = text(
    "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as oldest,"
    " pg_snapshot_xmax(pg_current_snapshot())::text::bigint as newest"
)


@dataclass(slots=True)
class Sync:
    """One answer's changes: what was asked with, and what is found."""

    since: str
    list_of: str
    watermark: str | None = None
    gone: list[UUID] = field(default_factory=list)

    async def narrowed(self, db: Db, query: Rows, id: Any) -> Rows:
        """The query with changed objects alone; notes the next watermark and what is gone.

        Raises:
            Invalid: a watermark of another list or person, or more than 300 objects to keep in step.
        """
        oldest, newest = (await db.execute(_HORIZON)).one()
        rows = await db.execute(query.with_only_columns(id, maintain_column_froms=True).distinct().limit(MOST + 1))
        now: set[UUID] = set(rows.scalars())
        if len(now) > MOST:
            raise Invalid.at(
                "#/query/updated_since", "too_many_to_sync", f"More than {MOST} objects; narrow the list or page."
            )
        mark = hashlib.sha256(f"{self.list_of}:{db.organization_id}:{db.me.id}".encode()).digest()[:8]
        self.watermark = _encode(mark, oldest, now)
        query = query.where(id.in_(now))
        if self.since == EVERYTHING:
            return query
        if (moment := _moment(self.since)) is not None:
            return query.where(id.class_.updated_at >= moment - OVERLAP)
        horizon, known = _decode(mark, self.since)
        self.gone = sorted(known - now)
        if not newest - _HALF // 2 < horizon <= newest:
            return query  # a restored database counts anew
        return query.where(or_(_since(id, horizon), id.not_in(known)))


def _since(id: Any, horizon: int) -> ColumnElement[bool]:
    """Rows written by a transaction that is not older than the horizon; their numbers wrap around at 2³²."""
    xmin: ColumnElement[int] = literal_column(f"{id.class_.__tablename__}.xmin::text::bigint")
    return ((xmin - horizon % _WRAP + _WRAP) % _WRAP) < _HALF


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        raise Invalid.at("#/query/updated_since", "no_time_zone", "A time has its offset or Z.")
    if not FIRST_YEAR < moment.year < LAST_YEAR:  # what a calendar cannot shift by an offset
        return datetime(min(max(moment.year, FIRST_YEAR), LAST_YEAR), 1, 1, tzinfo=UTC)
    return moment


def _encode(mark: bytes, horizon: int, ids: set[UUID]) -> str:
    payload = mark + horizon.to_bytes(8, "big") + b"".join(id.bytes for id in sorted(ids))
    return base64.urlsafe_b64encode(sign(payload) + payload).decode().rstrip("=")


def _decode(mark: bytes, watermark: str) -> tuple[int, set[UUID]]:
    try:
        raw = base64.urlsafe_b64decode(watermark + "=" * (-len(watermark) % 4))
        signature, payload = raw[:12], raw[12:]
        if hmac.compare_digest(signature, sign(payload)) and payload[:8] == mark:
            ids = {UUID(bytes=payload[at : at + 16]) for at in range(16, len(payload), 16)}
            return int.from_bytes(payload[8:16], "big"), ids
    except ValueError:
        pass
    raise Invalid.at("#/query/updated_since", "bad_watermark", "This watermark belongs to another list or person.")


def _syncing(
    request: Request,
    page: Annotated[Paging, Depends(paging)],
    updated_since: Annotated[
        str | None,
        Query(
            min_length=1, max_length=10_000,
            description="`all` at first, then the `watermark` of the answer before: what changed, in one answer, with "
            "`gone`; or a time (RFC 3339), without `gone`. Not with `cursor`",
        ),
    ] = None,
) -> Paging:  # fmt: skip
    if updated_since is None:
        return page
    if page.cursor is not None:
        raise Invalid.at("#/query/cursor", "not_together", "With updated_since everything comes in one answer.")
    filters = sorted(item for item in request.query_params.multi_items() if item[0] not in ("updated_since", "limit"))
    return Paging(MOST, None, Sync(updated_since, f"{request.url.path}?{filters}"))


SyncPage = Annotated[Paging, Depends(_syncing)]
