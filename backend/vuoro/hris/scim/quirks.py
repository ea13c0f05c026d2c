"""What real directories send otherwise than the standard says, made plain before it is read."""

import json
from dataclasses import replace
from typing import Any

from scim2_models import InvalidFilterException, InvalidSyntaxException
from scim2_models.path import (
    AttrPath,
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    Not,
    Present,
    ScimFilter,
    ValuePath,
)

from vuoro.hris.scim.attributes import PLACES
from vuoro.hris.scim.resources import CORE, ENTERPRISE, GROUP, VUORO

DECLARED = {urn.lower(): urn for urn in (CORE, ENTERPRISE, GROUP, VUORO)}
_MESSAGES = "urn:ietf:params:scim:api:messages:"
_MANAGER = f"{ENTERPRISE}:manager".lower()
DEEPEST = 40
EXTENDED = {name.lower(): schema for name, (schema, _) in PLACES.items() if schema != CORE}


def eased(body: bytes) -> bytes:
    """A request's body as the standard would have it.

    Schemas that nobody declared go (kept, they would break lists later). A manager may be a bare text, a list or an
    object, with `value`, `$ref` or `id`. Names may be dotted or carry their schema. Yes and no may be texts.

    Raises:
        InvalidSyntaxException: the body is no JSON, nests too deep, or holds characters that no text has.
    """
    if not body:
        return body
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidSyntaxException(detail="The body is not JSON") from None
    return json.dumps(_ease(payload, 0)).encode()


def _ease(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise InvalidSyntaxException(detail="The body nests too deep")
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise InvalidSyntaxException(detail="The body holds characters that are not text")
        return value
    if isinstance(value, list):
        return [_ease(each, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    found = {name: _ease_field(name.lower(), _ease(each, depth + 1)) for name, each in value.items()}
    lower = {name.lower() for name in found}
    if "op" in lower:
        _ease_operation(found)
    return _unfolded(found) if "username" in lower else found


def _ease_field(name: str, value: Any) -> Any:
    if name == "schemas" and isinstance(value, list):
        return _declared(value)
    if name in ("manager", _MANAGER):
        return _manager(value)
    if name == "members":
        return _members(value)
    return _truth(value) if name == "active" and isinstance(value, str) else value


def _unfolded(user: dict[str, Any]) -> dict[str, Any]:
    """A user whose keys carry their schema (urn…:User:manager) or a dot (name.givenName), as an object of objects."""
    found: dict[str, Any] = {}
    for name, value in user.items():
        lower = name.lower()
        schema = next((urn for low, urn in DECLARED.items() if lower.startswith(f"{low}:")), None)
        head, dot, part = (name[len(schema) + 1 :] if schema else name).partition(".")
        if lower == "manager":
            schema = ENTERPRISE
        if lower.startswith("urn:") and schema is None:
            found.setdefault(DECLARED.get(lower, name), {})
            found[DECLARED.get(lower, name)] = _merged(found[DECLARED.get(lower, name)], value)
            continue
        holder = found.setdefault(schema, {}) if schema in (ENTERPRISE, VUORO) else found
        if isinstance(holder, dict):
            holder[head] = _merged(holder.get(head), {part: value}) if dot else value
    return found


def _merged(before: Any, value: Any) -> Any:
    return {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value


def _declared(schemas: list[Any]) -> list[Any]:
    kept = [DECLARED.get(each.lower(), each) for each in schemas if isinstance(each, str) and _known(each)]
    return list(dict.fromkeys(kept)) + [each for each in schemas if not isinstance(each, str)]


def _known(schema: str) -> bool:
    return schema.lower() in DECLARED or schema.lower().startswith(_MESSAGES)


def _truth(value: str) -> Any:
    return {"true": True, "false": False}.get(value.strip().lower(), value)


def _manager(value: Any) -> Any:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, str):
        return {"value": value} if value.strip() else None
    if isinstance(value, int) and not isinstance(value, bool):
        return {"value": str(value)}
    if isinstance(value, dict):
        names = {name.lower(): each for name, each in value.items()}
        said = names.get("value", names.get("id"))
        if isinstance(said, dict | list):
            return _manager(said)
        if said in (None, "") and isinstance(names.get("$ref"), str):
            said = names["$ref"].rstrip("/").rpartition("/")[2]
        return {"value": str(said)} if said not in (None, "") else None
    return value


def qualified(said: str) -> str:
    """A filter whose names of our extensions carry their schema, as Entra ID's `manager eq "…"` does not."""
    try:
        return str(_Qualified().visit(ScimFilter(said).ast))
    except InvalidFilterException:
        return said  # refused where it is read


class _Qualified(FilterVisitor[FilterNode]):
    """The same filter with every name of an extension in full; a manager is compared by their id."""

    def _path(self, path: AttrPath) -> AttrPath:
        urn = path.uri or EXTENDED.get(path.attr.lower())
        part = "value" if path.attr.lower() == "manager" and path.sub_attr is None else path.sub_attr
        return AttrPath(path.attr, part, urn)

    def visit_comparison(self, node: Comparison) -> FilterNode:
        return replace(node, attr_path=self._path(node.attr_path))

    def visit_present(self, node: Present) -> FilterNode:
        return replace(node, attr_path=self._path(node.attr_path))

    def visit_not(self, node: Not) -> FilterNode:
        return replace(node, expr=self.visit(node.expr))

    def visit_logical_expr(self, node: LogicalExpr) -> FilterNode:
        return replace(node, terms=tuple(self.visit(term) for term in node.terms))

    def visit_value_path(self, node: ValuePath) -> FilterNode:
        return replace(node, attr_path=self._path(node.attr_path)) if node.attr_path.attr in EXTENDED else node


def _members(value: Any) -> Any:
    """Members without what they are called: their names are not the group's to keep."""
    if isinstance(value, dict):
        return {name: each for name, each in value.items() if name.lower() != "display" and each is not None}
    return [_members(each) for each in value] if isinstance(value, list) else value


def _ease_operation(operation: dict[str, Any]) -> None:
    """One operation of a PATCH whose path names the manager or `active`."""
    names = {name.lower(): name for name in operation}
    path = operation.get(names.get("path", ""))
    if "value" not in names or not isinstance(path, str):
        return
    name, lower = names["value"], path.strip().lower()
    if lower in EXTENDED and lower != "manager":
        operation[names["path"]] = f"{EXTENDED[lower]}:{path.strip()}"
    if lower.startswith("members"):
        operation[name] = _members(operation[name])
    elif lower in (_MANAGER, "manager"):
        operation[names["path"]] = f"{ENTERPRISE}:manager"
        operation[name] = _manager(operation[name])
        if operation[name] is None:
            operation[names["op"]] = "remove"
            del operation[name]
    elif lower in (f"{_MANAGER}.value", "manager.value") and isinstance(operation[name], str | list):
        operation[names["path"]] = f"{ENTERPRISE}:manager"
        operation[name] = _manager(operation[name])
    elif lower in ("active", f"{CORE.lower()}:active"):
        value = operation[name]
        value = value[0].get("value") if isinstance(value, list) and value and isinstance(value[0], dict) else value
        operation[name] = _truth(value) if isinstance(value, str) else value
