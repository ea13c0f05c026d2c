"""What changed since a device last asked: changed objects, ids of those that are gone for it, and the next watermark.

A watermark is signed. It says which transactions the device cannot have seen, and which objects it was given: so
a row whose transaction commits late is sent the next time, and whatever the caller no longer sees (deleted, erased,
access lost) is named by its id, to those alone who had it.

A longer list comes in pages, in the order of ids, which never change. Each page has a watermark of its own, for all
ids from the page before to its last one, or to the end: so no page knows of more than 100, and none needs another.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import Depends, Query, Request
from sqlalchemy import ColumnElement, literal_column, or_, text

from vuoro.core.db import Db
from vuoro.core.errors import Invalid
from vuoro.core.page import Paging, Rows, decode_cursor, encode_cursor, paging, sign

MOST = 100
EVERYTHING = "all"
FIRST_YEAR, LAST_YEAR = 2000, 2200
# No transaction lives longer: statements end after 15 s, an idle one after 60 s.
OVERLAP = timedelta(minutes=2)
_WRAP, _HALF = 2**32, 2**31
_HORIZON = text(
    "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as oldest,"
    " pg_snapshot_xmax(pg_current_snapshot())::text::bigint as newest"
)


class Part(NamedTuple):
    """What one watermark stands for: the ids above `low`, up to `high`, and those of them that were given."""

    horizon: int
    low: UUID
    high: UUID
    known: list[UUID]


WHOLE = Part(0, UUID(int=0), UUID(int=2**128 - 1), [])


@dataclass(slots=True)
class Sync:
    """One page of changes: what was asked with, and what is found."""

    since: str
    cursor: str | None
    list_of: str
    watermark: str | None = None
    next_cursor: str | None = None
    gone: list[UUID] = field(default_factory=list)

    async def narrowed(self, db: Db, query: Rows, id: Any) -> Rows:
        """The query with this page's changed objects alone; notes its watermark, its cursor and what is gone.

        Raises:
            Invalid: a watermark or cursor of another list or person.
        """
        mark = hashlib.sha256(f"parts:{self.list_of}:{db.organization_id}:{db.me.id}".encode()).digest()[:8]
        moment = None if self.since == EVERYTHING else _moment(self.since)
        afresh = self.since == EVERYTHING or moment is not None
        horizon, low, high, known = WHOLE if afresh else _decode(mark, self.since)
        if self.cursor is not None:
            low = max(low, UUID(decode_cursor(f"sync:{mark.hex()}", self.cursor)[0]))
        oldest, newest = (await db.execute(_HORIZON)).one()
        seen = query.with_only_columns(id, maintain_column_froms=True).where(id > low, id <= high).distinct()
        now: list[UUID] = list((await db.execute(seen.order_by(id).limit(MOST + 1))).scalars())
        if len(now) > MOST:
            now.pop()
            high = now[-1]
            self.next_cursor = encode_cursor(f"sync:{mark.hex()}", [high])
        self.watermark = _encode(mark, Part(oldest, low, high, now))
        query = query.where(id.in_(now))
        if moment is not None:
            return query.where(id.class_.updated_at >= moment - OVERLAP)
        self.gone = sorted({one for one in known if low < one <= high}.difference(now))
        if afresh or not newest - _HALF // 2 < horizon <= newest:
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


def _encode(mark: bytes, part: Part) -> str:
    ids = b"".join(id.bytes for id in (part.low, part.high, *part.known))
    payload = mark + part.horizon.to_bytes(8, "big") + ids
    return base64.urlsafe_b64encode(sign(payload) + payload).decode().rstrip("=")


def _decode(mark: bytes, watermark: str) -> Part:
    try:
        raw = base64.urlsafe_b64decode(watermark + "=" * (-len(watermark) % 4))
        signature, payload = raw[:12], raw[12:]
        if hmac.compare_digest(signature, sign(payload)) and payload[:8] == mark:
            low, high, *known = [UUID(bytes=payload[at : at + 16]) for at in range(16, len(payload), 16)]
            return Part(int.from_bytes(payload[8:16], "big"), low, high, known)
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
            description="`all` at first, then the `watermark` of each page: what changed in it, with `gone`, 100 seen "
            "objects a page; `next_cursor` goes on. Or a time (RFC 3339), without `gone`",
        ),
    ] = None,
) -> Paging:  # fmt: skip
    if updated_since is None:
        return page
    asked = ("updated_since", "limit", "cursor")
    filters = sorted(item for item in request.query_params.multi_items() if item[0] not in asked)
    return Paging(MOST, None, Sync(updated_since, page.cursor, f"{request.url.path}?{filters}"))


SyncPage = Annotated[Paging, Depends(_syncing)]
