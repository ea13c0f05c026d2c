"""Finding resources: filters, order, index pages and RFC 9865 cursors, each in two statements."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from scim2_models import InvalidCursorException, InvalidFilterException, SearchRequest
from scim2_server.storage import SearchPage
from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    Integer,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)  # fmt: skip

from vuoro.hris.scim.columns import Column, Rows, Shape, parameters
from vuoro.hris.scim.filters import column_of, condition
from vuoro.hris.scim.request import Provisioning

TYPES: dict[str, Any] = {
    "text": Text(), "mail": Text(), "id": Text(), "bool": Boolean(), "int": Integer(), "time": DateTime(timezone=True)
}  # fmt: skip


Searched = Sequence[tuple[Shape, Any]]


async def find(
    at: Provisioning, shapes: Searched, request: SearchRequest[Any], position: Any
) -> tuple[SearchPage, list[tuple[str, UUID]]]:
    """The page without its resources, and which resources it has, as (type, id) in order.

    Args:
        shapes: the types to search as one collection, each with its model.
    """
    kind = _sort_kind(shapes, request)
    parts = [_part(shape, model, request, kind) for shape, model in shapes]
    found: Any = _together(parts).subquery("found")
    descending = request.sort_by is not None and request.sort_order == SearchRequest.SortOrder.descending
    order = [found.c.missing, found.c.key, found.c.id] if kind else [found.c.id]
    whole: Any = select(found.c.kind, found.c.id, found.c.key)
    if request.cursor is None:
        query = whole.order_by(*_directed(order, descending=descending)).offset(request.start_index_0 or 0)
        rows = await _fetch(at, query.limit(request.count)) if request.count != 0 else []
        first = not request.start_index_0 and (request.count is None or len(rows) < request.count)
        total = len(rows) if first else await _total(at, shapes, request)
        return SearchPage(total, []), [(row.kind, row.id) for row in rows]
    total = await _total(at, shapes, request)
    if request.count == 0:
        return SearchPage(total, []), []
    direction, anchor = _read(position, kind)
    back = direction == "prev"
    if anchor is not None:
        whole = whole.where(_beyond(found, anchor, kind, forward=descending == back))
    query = whole.order_by(*_directed(order, descending=descending != back))
    limit = None if request.count is None else request.count + 1
    rows = await _fetch(at, query.limit(limit))
    more = request.count is not None and len(rows) > request.count
    rows = rows[: request.count]
    if back:
        rows.reverse()
    page = SearchPage(total, [])
    if rows and (more or back):
        page.next = _position("next", rows[-1])
    if rows and ((anchor is not None and not back) or (back and more)):
        page.previous = _position("prev", rows[0])
    return page, [(row.kind, row.id) for row in rows]


def _together(parts: list[Any]) -> Any:
    union: Any = union_all
    return parts[0] if len(parts) == 1 else union(*parts)


async def _fetch(at: Provisioning, query: Any) -> list[Any]:
    return list((await at.db.execute(query, parameters(at))).all())


def _sort_kind(shapes: Searched, request: SearchRequest[Any]) -> str | None:
    for shape, model in shapes:
        column = _sort_column(shape, model, request)
        if column is not None:
            return column.kind
    return "text" if request.sort_by is not None else None


def _sort_column(shape: Shape, model: Any, request: SearchRequest[Any]) -> Column | None:
    binding = request.sort_binding(model)
    at = column_of(shape, binding) if binding is not None else None
    if isinstance(at, Rows):
        if hasattr(at.where, "where"):
            raise InvalidFilterException(detail=f"{request.sort_by} cannot be sorted by")
        return at.parts.get("") or at.parts.get("value")
    if at is None or binding is None:
        return None
    return at if binding.case_exact or at.kind != "text" else Column(func.lower(at.value), "text")


def _part(shape: Shape, model: Any, request: SearchRequest[Any], kind: str | None) -> Any:
    column = _sort_column(shape, model, request)
    key = cast(null(), TYPES[kind or "text"]) if column is None else cast(column.value, TYPES[kind or "text"])
    query = shape.base
    if request.filter is not None:
        query = query.where(condition(shape, model, request.filter))
    return query.add_columns(
        literal(shape.name).label("kind"),
        shape.id.label("id"),
        key.label("key"),
        case((key.is_(None), 1), else_=0).label("missing"),
    )


async def _total(at: Provisioning, shapes: Searched, request: SearchRequest[Any]) -> int:
    total = 0
    for shape, model in shapes:
        query = shape.base
        if request.filter is not None:
            query = query.where(condition(shape, model, request.filter))
        total += await at.db.scalar(query.add_columns(func.count()), parameters(at)) or 0
    return total


def _directed(order: list[Any], *, descending: bool) -> list[Any]:
    return [each.desc() if descending else each.asc() for each in order]


def _beyond(found: Any, anchor: tuple[Any, UUID], kind: str | None, *, forward: bool) -> ColumnElement[bool]:
    """The rows after the anchor in ascending order when `forward`, else before it; missing values are the last."""
    key, id = anchor
    here: ColumnElement[bool]
    if kind is None:
        here = found.c.id > id if forward else found.c.id < id
        return here
    if key is None:
        missing = and_(found.c.missing == 1, found.c.id > id if forward else found.c.id < id)
        return missing if forward else or_(found.c.missing == 0, missing)
    same, place = tuple_(found.c.key, found.c.id), tuple_(literal(key, TYPES[kind]), literal(id))
    if forward:
        return or_(found.c.missing == 1, same > place)
    return and_(found.c.missing == 0, same < place)


def _position(direction: str, row: Any) -> dict[str, Any]:
    key = row.key.isoformat() if isinstance(row.key, datetime) else row.key
    return {"d": direction, "k": key, "i": str(row.id)}


def _read(position: Any, kind: str | None) -> tuple[str, tuple[Any, UUID] | None]:
    if position is None:
        return "next", None
    try:
        direction, key, id = position["d"], position["k"], UUID(position["i"])
        if kind == "time" and key is not None:
            key = datetime.fromisoformat(key)
    except (TypeError, KeyError, ValueError):
        raise InvalidCursorException from None
    if direction not in ("next", "prev"):
        raise InvalidCursorException
    return direction, (key, id)
