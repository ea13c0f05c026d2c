"""Records bodies that tests send and get, for the examples of the contract: VUORO_EXAMPLES=1 and any tests.

What is kept already stays as long as it fits its schema, so that a new run changes only what has to change.
"""

import json
import re
from typing import Any

import httpx
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from vuoro.core.examples import RECORDED, recorded

LONGEST, ITEMS, WORDS = 2_400, 2, 300
SECRET = re.compile(r"(vuoro_[a-z]+_)[A-Za-z0-9_-]{16,}|[A-Za-z0-9_-]{40,}")

found: dict[str, Any] = {}
_registries: dict[int, Registry[Any]] = {}


def fits(document: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """What is wrong with a value by a schema of the document; nothing when it fits."""
    text = json.dumps(schema).replace('"#/components', '"urn:contract#/components')
    validator = Draft202012Validator(json.loads(text), registry=_registry(document), format_checker=FormatChecker())
    return [f"{fault.json_path}: {fault.message[:200]}" for fault in validator.iter_errors(value)]


def _registry(document: dict[str, Any]) -> Registry[Any]:
    if id(document) not in _registries:
        resource = Resource(contents=document, specification=DRAFT202012)
        _registries[id(document)] = Registry().with_resource("urn:contract", resource)
    return _registries[id(document)]


def note(operation: dict[str, Any], response: httpx.Response) -> None:
    """Keep the bodies of a request that was granted, when they tell more than those of before."""
    if not 200 <= response.status_code < 300:
        return
    answer = operation["responses"].get(str(response.status_code), {})
    sent = operation.get("requestBody", {})
    for part, content in ((sent, getattr(response.request, "_content", b"")), (answer, response.content)):
        schema = next(iter(part.get("content", {}).items()), ("", {}))
        name = schema[1].get("schema", {}).get("$ref", "").rpartition("/")[2]
        if name and schema[0].endswith("json") and content:
            _offer(name, _short(json.loads(content)))


def _offer(name: str, value: Any) -> None:
    size = len(json.dumps(value))
    if size <= LONGEST and size > len(json.dumps(found.get(name, ""))):
        found[name] = value


def _short(value: Any, name: str = "") -> Any:
    if isinstance(value, list):
        return [_short(one) for one in value[:ITEMS]]
    if isinstance(value, dict):
        return {name: _short(one, name) for name, one in list(value.items())[: 100 if name != "can" else 4]}
    if isinstance(value, str) and name != "url":
        if name == "next_cursor":
            return "bmV4dA"
        return SECRET.sub(lambda m: (m[1] or "") + "0" * 12 + "_example", value[:WORDS])
    return value


def write(document: dict[str, Any]) -> str:
    """Write what was found to examples.json; says what is there and what is missing."""
    schemas, old = document["components"]["schemas"], recorded()
    kept: dict[str, Any] = {}
    for name in sorted(document["components"]["examples"].keys() & schemas.keys()):
        for value in (old.get(name), found.get(name)):
            if value is not None and not fits(document, {"$ref": f"#/components/schemas/{name}"}, value):
                kept[name] = value
                break
    RECORDED.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    missing = sorted(document["components"]["examples"].keys() - kept.keys())
    return f"{len(kept)} examples recorded; made from their schema: {', '.join(missing) or 'none'}"
