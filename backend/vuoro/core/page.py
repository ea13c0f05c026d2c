"""Lists by keyset: `(a, id) > (last a, last id)`, as quick at any depth as on the first page."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import Select, tuple_

from vuoro.core.db import Db
from vuoro.core.errors import Invalid
from vuoro.core.settings import settings

if TYPE_CHECKING:
    from vuoro.core.sync import Sync

Item = TypeVar("Item")
Rows = Select[*tuple[Any, ...]]  # a query, whatever its columns


@dataclass(frozen=True, slots=True)
class Paging:
    """What the caller asked for: how many (1 to 100), and after which place."""

    limit: int
    cursor: str | None
    sync: "Sync | None" = None

    def page(self, items: Sequence[Any], following: str | None) -> dict[str, Any]:
        """The fields of a page of a list that devices keep in step with."""
        sync = self.sync
        return {
            "items": items,
            "next_cursor": sync.next_cursor if sync else following,
            "watermark": sync.watermark if sync else None,
            "gone": sync.gone if sync else [],
        }


def paging(
    limit: Annotated[int, Query(ge=1, le=100, description="how many, 1 to 100")] = 20,
    cursor: Annotated[str | None, Query(max_length=2000, description="`next_cursor` of the page before")] = None,
) -> Paging:
    """Which page of a list was asked for."""
    return Paging(limit, cursor)


Page = Annotated[Paging, Depends(paging)]


def sign(payload: bytes) -> bytes:
    """What proves that a cursor or a watermark is ours."""
    key = next(iter(settings().key_ring.values()), b"vuoro")
    return hmac.new(hashlib.sha256(b"cursor" + key).digest(), payload, hashlib.sha256).digest()[:12]


def encode_cursor(scope: str, values: Sequence[Any]) -> str:
    """An opaque, signed place in one list; `scope` names the list and its order."""
    plain = [
        value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, UUID) else value
        for value in values
    ]
    payload = json.dumps([scope, *plain], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(sign(payload) + payload).decode().rstrip("=")


def decode_cursor(scope: str, cursor: str) -> list[Any]:
    """The values of a cursor that this list gave out; Invalid for any other."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        mark, payload = raw[:12], raw[12:]
        if hmac.compare_digest(mark, sign(payload)):
            found, *values = json.loads(payload)
            if found == scope:
                return list(values)
    except ValueError:
        pass
    raise Invalid.at("#/query/cursor", "bad_cursor", "This cursor does not belong to this list and order.")


def _as_it_is(value: Any) -> Any:
    return value


async def keyset(
    db: Db,
    query: Rows,
    keys: Sequence[Any],
    page: Paging,
    show: Callable[[Any], Item],
    *,
    scope: str,
    descending: bool = False,
    parse: Sequence[Callable[[Any], Any]] = (),
) -> tuple[list[Item], str | None]:
    """One page of `query` in the order of `keys`, the last of which is unique.

    Args:
        show: makes one item from a row; the rows carry the keys as their last columns.
        parse: for each key, what turns its JSON form back into a value (default: as it is).
    """
    if page.sync is not None:
        query = await page.sync.narrowed(db, query, keys[-1])
    if page.cursor is not None:
        values = decode_cursor(scope, page.cursor)
        parsers = [*parse, *[_as_it_is] * (len(keys) - len(parse))]
        place = tuple_(*[make(value) for make, value in zip(parsers, values, strict=True)])
        query = query.where(tuple_(*keys) < place if descending else tuple_(*keys) > place)
    order = [key.desc() if descending else key.asc() for key in keys]
    query = query.add_columns(*[key.label(f"key_{index}") for index, key in enumerate(keys)])
    rows = (await db.execute(query.order_by(*order).limit(page.limit + 1))).all()
    following = None
    if len(rows) > page.limit:
        rows = rows[: page.limit]
        following = encode_cursor(scope, rows[-1][-len(keys) :])
    return [show(row) for row in rows], following
