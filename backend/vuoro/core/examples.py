"""Examples of the contract: recorded answers of the tests (examples.json), else made from the schema."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).with_name("examples.json")
PROBLEM = "application/problem+json"
PLAIN: dict[str, Any] = {
    "uuid": "01980a4e-7d3c-7cc1-9f0e-2b6a5d1c8e42",
    "date": "2026-12-01",
    "date-time": "2026-12-01T08:00:00.000Z",
    "uri": "https://example.com/",
    "email": "aino@example.com",
}
BY_PATTERN = {
    "[^@": "aino@example.com", "^https": "https://example.com", "^/(": "/", "{0,61}": "example.com", "[01]": "09:00",
    "[0-9]{2}:": "09:00", "{31}": ":".join(["A0"] * 32), "{10}": "A1B2C3D4E5.com.example.app", "{8}": "12345678",
    "[A-Z]{2}": "FI", "[a-z]{2,3}": "fi", r"(\.": "com.example.app", "{64}": "0" * 64,
}  # fmt: skip


@lru_cache
def recorded() -> dict[str, Any]:
    """Bodies by the name of their schema."""
    found: dict[str, Any] = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}
    return found


def add_examples(document: dict[str, Any]) -> None:
    """One example for each JSON body of each operation; those of named schemas stand under components."""
    schemas = document["components"]["schemas"]
    examples: dict[str, Any] = document["components"].setdefault("examples", {})
    for item in document["paths"].values():
        for operation in item.values():
            bodies = [operation.get("requestBody", {})]
            bodies += operation["responses"].values()
            for body in bodies:
                for media, content in body.get("content", {}).items():
                    schema = content.get("schema")
                    if schema is None or media == PROBLEM or "example" in content or "examples" in content:
                        continue
                    name = schema.get("$ref", "").rpartition("/")[2]
                    if name:
                        if name not in examples:
                            examples[name] = {"value": recorded().get(name) or example_of(schema, schemas)}
                        content["examples"] = {"usual": {"$ref": f"#/components/examples/{name}"}}
                    elif media.endswith("json") or media.startswith(("multipart/", "application/x-www")):
                        content["example"] = example_of(schema, schemas)
    document["components"]["examples"] = dict(sorted(examples.items()))


def example_of(schema: dict[str, Any], schemas: dict[str, Any], depth: int = 0) -> Any:
    """The plainest value that a schema takes."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return example_of(schemas[name], schemas, depth + 1)
    if "const" in schema:
        return schema["const"]
    for name in ("examples", "enum"):
        if schema.get(name):
            return schema[name][0]
    for name in ("oneOf", "anyOf", "allOf"):
        if name in schema:
            return example_of(schema[name][0], schemas, depth + 1)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    return _MAKERS.get(kind or "", _nothing)(schema, schemas, depth)


def _object(schema: dict[str, Any], schemas: dict[str, Any], depth: int) -> Any:
    wanted = schema.get("required", ()) if depth > 3 else schema.get("properties", ())
    return {name: example_of(schema["properties"][name], schemas, depth + 1) for name in wanted}


def _array(schema: dict[str, Any], schemas: dict[str, Any], depth: int) -> Any:
    least = schema.get("minItems", 0)
    if depth > 6 and not least:
        return []
    one = example_of(schema.get("items", {}), schemas, depth + 1)
    return [one] * max(1, least) if not schema.get("uniqueItems") else [one]


def _string(schema: dict[str, Any], _: dict[str, Any], __: int) -> Any:
    pattern = schema.get("pattern", "")
    text = PLAIN.get(schema.get("format", ""))
    text = text or next((value for part, value in BY_PATTERN.items() if part in pattern), None)
    text = text or ("example" if "a-z" in pattern or not pattern else "Text")
    least, most = schema.get("minLength", 0), schema.get("maxLength", len(text))
    return (text + "0" * (least - len(text)))[:most] if len(text) < least or len(text) > most else text


def _number(schema: dict[str, Any], _: dict[str, Any], __: int) -> Any:
    low = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    return max(low, 1) if schema.get("maximum", 1) >= 1 else max(low, 0)


def _nothing(schema: dict[str, Any], _: dict[str, Any], __: int) -> Any:
    return True if schema.get("type") == "boolean" else None if schema.get("type") == "null" else {}


_MAKERS = {"object": _object, "array": _array, "string": _string, "integer": _number, "number": _number}
