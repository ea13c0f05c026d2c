"""SCIM filters as SQL conditions: what a filter keeps is what the database finds, for every page and total."""

import operator
from collections.abc import Callable
from typing import Any

from scim2_models import InvalidFilterException
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ScimFilter,
    ValuePath,
)
from scim2_models.path.resolution import AttributeBinding, coerce_value
from sqlalchemy import ColumnElement, and_, false, func, literal, not_, or_, true

from vuoro.hris.scim.columns import Column, Rows, Shape
from vuoro.people.moves import uuid_of

_LIKE = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


def condition(shape: Shape, model: Any, said: ScimFilter[Any]) -> ColumnElement[bool]:
    """The rows of a shape that a filter keeps."""
    bound: Any = ScimFilter[model](str(said))
    return _Translator(shape, bound).visit(bound.ast)


def column_of(shape: Shape, binding: AttributeBinding) -> Column | Rows | None:
    """Where the bound attribute stands; None for one that is not kept."""
    schema, _, path = binding.urn.rpartition(":")
    head, _, part = path.partition(".")
    whole = shape.places.get((schema.lower(), path.lower()))
    rows = shape.places.get((schema.lower(), head.lower()))
    if whole is None and isinstance(rows, Rows) and part:
        at = next((at for name, at in rows.parts.items() if name.lower() == part.lower()), None)
        return Rows(rows.where, {} if at is None else {"": at})
    return whole


class _Translator(FilterVisitor[ColumnElement[bool]]):
    """Visits a filter bound to one model; inside a value selection, `rows` are the values to choose among."""

    def __init__(self, shape: Shape, bound: ScimFilter[Any], rows: Rows | None = None, entry: Any = None) -> None:
        self.shape, self.bound, self.rows, self.entry = shape, bound, rows, entry

    def _find(self, path: AttrPath, *, comparing: bool) -> tuple[AttributeBinding | None, Column | Rows | None]:
        if self.rows is not None:
            name = path.attr.lower()
            part = next((at for key, at in self.rows.parts.items() if key.lower() == name), None)
            if part is None and name not in ("$ref", "display"):
                return None, None
            whole = AttrPath(self.entry.attr, path.attr, self.entry.uri)
            return self.bound.resolve(whole, strict=False), part
        resolve = self.bound.resolve_comparison if comparing else self.bound.resolve
        binding = resolve(path, strict=False)
        if binding is None:
            return None, None
        found = column_of(self.shape, binding)
        if found is None and binding.field_name == "schemas":
            raise InvalidFilterException(detail="schemas cannot be filtered by")
        return binding, found

    def visit_comparison(self, node: Comparison) -> ColumnElement[bool]:
        binding, at = self._find(node.attr_path, comparing=True)
        if binding is None or at is None:
            return false()
        wanted = coerce_value(binding, node.value, node.op)
        if isinstance(at, Column):
            return _compare(at, node.op, wanted, exact=binding.case_exact)
        part = at.parts.get("") or at.parts.get("value")
        if part is None:
            return false()
        if node.op == CompareOperator.ne:
            return not_(
                func.coalesce(
                    _within(at, _compare(part, CompareOperator.eq, wanted, exact=binding.case_exact)), false()
                )
            )
        return _within(at, _compare(part, node.op, wanted, exact=binding.case_exact))

    def visit_present(self, node: Present) -> ColumnElement[bool]:
        binding, at = self._find(node.attr_path, comparing=False)
        if binding is None:
            return false()
        if isinstance(at, Column):
            return _present(at)
        if isinstance(at, Rows):
            part = at.parts.get("")
            return _within(at, _present(part) if part is not None else true())
        return or_(false(), *[_present(part) for part in self._parts_of(node.attr_path)])

    def _parts_of(self, path: AttrPath) -> list[Column]:
        """The parts of a complex attribute, such as those of a name."""
        head = f"{path.attr}.".lower()
        return [at for (_, name), at in self.shape.attributes.items() if name.lower().startswith(head)]

    def visit_not(self, node: Not) -> ColumnElement[bool]:
        return not_(func.coalesce(self.visit(node.expr), false()))

    def visit_logical_expr(self, node: LogicalExpr) -> ColumnElement[bool]:
        terms = [self.visit(term) for term in node.terms]
        return and_(*terms) if node.op == LogicalOperator.and_ else or_(*terms)

    def visit_value_path(self, node: ValuePath) -> ColumnElement[bool]:
        binding = self.bound.resolve(node.attr_path, strict=False)
        at = column_of(self.shape, binding) if binding else None
        if not isinstance(at, Rows):
            return false()
        return _within(at, _Translator(self.shape, self.bound, at, node.attr_path).visit(node.val_filter))


def _within(rows: Rows, inner: ColumnElement[bool]) -> ColumnElement[bool]:
    """That one of the values fulfils this."""
    if hasattr(rows.where, "where"):  # an EXISTS over rows of their own
        found: ColumnElement[bool] = rows.where.where(inner)
        return found
    return and_(rows.where, inner)


def _present(column: Column) -> ColumnElement[bool]:
    here = column.value.is_not(None)
    return and_(here, column.value != "") if column.kind == "text" else here


def _compare(column: Column, op: CompareOperator, wanted: Any, *, exact: bool) -> ColumnElement[bool]:
    value: Any = column.value
    if wanted is None:
        found: ColumnElement[bool] = {CompareOperator.eq: value.is_(None), CompareOperator.ne: value.is_not(None)}.get(
            op, false()
        )
        return found
    if op == CompareOperator.ne:
        return not_(func.coalesce(_compare(column, CompareOperator.eq, wanted, exact=exact), false()))
    if column.kind == "id":
        return _compare_id(column, op, str(wanted))
    if column.kind == "mail":
        return _compare_text(column, op, str(wanted).lower(), exact=True)
    if column.kind == "text":
        return _compare_text(column, op, str(wanted), exact=exact)
    if op in (CompareOperator.co, CompareOperator.sw, CompareOperator.ew):
        return false()
    return _ordered(value, op, wanted)


def _compare_id(column: Column, op: CompareOperator, wanted: str) -> ColumnElement[bool]:
    if op == CompareOperator.eq:
        id = uuid_of(wanted)
        return column.plain == id if id is not None and str(id) == wanted else false()
    return _compare_text(Column(column.value), op, wanted, exact=True)


def _compare_text(column: Column, op: CompareOperator, wanted: str, *, exact: bool) -> ColumnElement[bool]:
    said = _PATTERNS[op].format(wanted.translate(_LIKE)) if op in _PATTERNS else wanted
    value, text = (column.value, literal(said)) if exact else (func.lower(column.value), func.lower(said))
    if op in _PATTERNS:
        return value.like(text)
    found = _ordered(value, op, text)
    if op == CompareOperator.eq and column.among is not None:
        return and_(column.among(text), found)
    if op == CompareOperator.eq and column.plain is not None:
        return and_(column.plain == text, found)
    return found


_PATTERNS = {CompareOperator.co: "%{}%", CompareOperator.sw: "{}%", CompareOperator.ew: "%{}"}


_ORDERS: dict[CompareOperator, Callable[[Any, Any], Any]] = {
    CompareOperator.eq: operator.eq,
    CompareOperator.gt: operator.gt,
    CompareOperator.ge: operator.ge,
    CompareOperator.lt: operator.lt,
    CompareOperator.le: operator.le,
}


def _ordered(value: Any, op: CompareOperator, wanted: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = _ORDERS[op](value, wanted)
    return found
