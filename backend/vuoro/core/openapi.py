"""What all operations of the contract share: limits, headers, problems and examples, added to FastAPI's document."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from vuoro.core.errors import Fault
from vuoro.core.examples import PROBLEM, add_examples

Schema = dict[str, Any]

LONGEST = 4 * 1024 * 1024  # characters: no JSON that is sent or taken is larger
LARGEST_FILE = 1024**3
MOST = 100_000
INT32 = 2**31 - 1
PAGE = 100
LENGTHS = {"uuid": 36, "date": 10, "date-time": 40, "uri": 4000, "email": 254, "binary": LARGEST_FILE}
MEMBERS_OF_ENUMS = frozenset({"name", "ordinal", "value", "values", "entries", "hash"})
PARAM_VALUE: Schema = {
    "description": "One value of `params`, or one cell of what is imported",
    "anyOf": [
        {"type": "boolean"}, {"type": "integer", "format": "int64"}, {"type": "string"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "array", "items": {"type": "integer", "format": "int64"}},
        {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "string"}}},
    ],
}  # fmt: skip
ABOUT = (
    "Every problem is `application/problem+json` "
    "with a stable `code`. Lists are pages: `next_cursor` of one is `cursor` of the next. PATCH and DELETE take the "
    "`ETag` that was read as `If-Match`. A POST with an `Idempotency-Key` may be repeated. See docs/contract.md."
)
TAGS = {
    "identity": "Signing in, the organization and its roles",
    "oauth": "Apps that act for a person (RFC 6749, PKCE)",
    "machines": "API clients and apps",
    "me": "What the caller's own pages show",
    "people": "The directory, skills and topics",
    "imports": "People from files",
    "programs": "Programmes, cohorts, announcements, events and challenges",
    "enrollments": "Who takes part, with wishes",
    "invitations": "Invitations and links",
    "matching": "Match runs and suggestions",
    "pairs": "Pairs, their agreement and goals",
    "sessions": "Meetings and what belongs to them",
    "feedback": "Pulses, fit checks, surveys, concerns",
    "insights": "Idea seeds and candid messages",
    "privacy": "Own data, erasure, retention",
    "operations": "Whether it runs",
    "demo": "Only where the demo runs",
}
HEADERS: dict[str, tuple[str, Schema]] = {
    "RateLimit": ("What is left of each limit: `r` requests, for `t` seconds", {"type": "string", "maxLength": 200}),
    "RateLimit-Policy": ("Each limit: `q` requests in `w` seconds", {"type": "string", "maxLength": 200}),
    "X-Request-Id": ("The request's id, as in the log", {"type": "string", "maxLength": 80}),
    "Access-Control-Allow-Origin": (
        "Never sent by Vuoro itself: pages of other origins may not read its answers",
        {"type": "string", "maxLength": 2000},
    ),
    "Retry-After": (
        "Seconds to wait", {"type": "integer", "format": "int32", "minimum": 1, "maximum": 86_400}
    ),
    "ETag": ("`version.bodyhash`, for If-Match and If-None-Match", {"type": "string", "maxLength": 80}),
    "Deprecation": ("Since when this is deprecated (RFC 9745)", {"type": "string", "maxLength": 40}),
    "Sunset": ("When this goes away (RFC 8594)", {"type": "string", "maxLength": 40}),
}  # fmt: skip


_PROBLEM = {"$ref": "#/components/schemas/Problem"}


def finish(document: dict[str, Any]) -> None:
    """Add to a document what holds for every operation; the document is changed in place."""
    document["info"]["description"] = ABOUT
    document["info"]["contact"] = {"name": "The people of Vuoro"}
    found = {tag for operation in operations(document) for tag in operation.get("tags", ())}
    order = list(TAGS)
    tags = sorted(found, key=lambda name: (order.index(name) if name in TAGS else -1, name))
    document["tags"] = [{"name": name, "description": TAGS.get(name, name)} for name in tags]
    parts = document["components"]
    parts["headers"] = {
        name: {"description": text, "schema": dict(schema)} for name, (text, schema) in HEADERS.items()
    }  # fmt: skip
    for name, schema in parts["schemas"].items():
        _plain(schema, patch=name.endswith("Patch"))
    parts["schemas"]["ParamValue"] = deepcopy(PARAM_VALUE)
    for operation in operations(document):
        for parameter in operation.get("parameters", ()):
            parameter["schema"] = _never_null(parameter["schema"])
    for schema in every_schema(document):
        _for_generators(schema)
        _limit(schema)
    for name, schema in parts["schemas"].items():
        if name.endswith("Page") and "items" in schema.get("properties", {}):
            schema["properties"]["items"]["maxItems"] = PAGE
    add_examples(document)
    for operation in operations(document):
        _answers(document, operation)
    used = {name for operation in operations(document) for answer in operation["responses"].values()
            for name in answer.get("headers", ())}  # fmt: skip
    used.add("Retry-After")
    parts["headers"] = {name: header for name, header in parts["headers"].items() if name in used}


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of the paths."""
    for item in document["paths"].values():
        yield from item.values()


def every_schema(document: dict[str, Any]) -> Iterator[Schema]:
    """Every schema there is, those inside others included."""
    for schema in document["components"]["schemas"].values():
        yield from _inside(schema)
    webhooks = {"paths": document.get("webhooks", {})}
    for operation in (*operations(document), *operations(webhooks)):
        for parameter in operation.get("parameters", ()):
            yield from _inside(parameter["schema"])
        for part in (operation.get("requestBody", {}), *operation["responses"].values()):
            for content in part.get("content", {}).values():
                yield from _inside(content.get("schema", {}))


def _inside(schema: Any) -> Iterator[Schema]:
    if not isinstance(schema, dict):
        return
    yield schema
    for name in ("properties", "$defs", "patternProperties"):
        for part in schema.get(name, {}).values():
            yield from _inside(part)
    for name in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for part in schema.get(name, ()):
            yield from _inside(part)
    for name in ("items", "additionalProperties", "not", "propertyNames"):
        yield from _inside(schema.get(name))


def _for_generators(schema: Schema) -> None:
    """What Kotlin, Swift and Java need: plain typed values in a map, and no enum entry that is called `name`."""
    if schema.get("additionalProperties") is True and "properties" not in schema:
        schema["additionalProperties"] = {"$ref": "#/components/schemas/ParamValue"}
    if schema.get("additionalProperties") == {}:
        schema["additionalProperties"] = {"anyOf": [{"$ref": "#/components/schemas/ParamValue"}, {"type": "null"}]}
    values = schema.get("additionalProperties")
    for part in (values, *values.get("anyOf", ())) if isinstance(values, dict) else ():
        if part.get("type") == "string":
            part.pop("enum", None)  # the values of a map have no name that its type could go by
    union = [part for part in schema.get("anyOf", ()) if part != {"type": "null"}]
    for part in union if len(union) > 1 else ():
        if part.get("type") == "number":  # Kotlin's code for it does not compile; so it leaves it out
            part["x-duplicated-data-type"] = True
    words = [str(value) for value in schema.get("enum", ())]
    if MEMBERS_OF_ENUMS & set(words) and schema.get("type") == "string":
        plain = [f"minus_{word[1:]}" if word.startswith("-") else word for word in words]
        schema["x-enum-varnames"] = [f"by_{word}" if word in MEMBERS_OF_ENUMS else word for word in plain]
        if schema.get("default") in MEMBERS_OF_ENUMS:  # which generated code would write as the word itself
            schema["description"] = f"{schema.get('description', '')} (default: {schema.pop('default')})".strip()


def _plain(schema: Schema, *, patch: bool) -> None:
    """Without titles of fields, which generators take for names of types; nothing is the default of a change."""
    for part in list(_inside(schema))[1:]:
        part.pop("title", None)
    if patch:
        for field in schema.get("properties", {}).values():
            field.pop("default", None)


def _never_null(schema: Schema) -> Schema:
    """A parameter that may be left out is never null: there is no null in an address or a header."""
    kinds = [part for part in schema.get("anyOf", ()) if part != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "title")}
    return {**rest, **kinds[0]} if len(kinds) == 1 else {**rest, **({"anyOf": kinds} if kinds else {})}


def _limit(schema: Schema) -> None:
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    if "string" in kinds and not {"maxLength", "enum", "const"} & schema.keys():
        binary = "contentMediaType" in schema
        schema["maxLength"] = LARGEST_FILE if binary else LENGTHS.get(schema.get("format", ""), LONGEST)
    if "integer" in kinds:
        for name in ("minimum", "maximum"):
            if name in schema:
                schema[name] = int(schema[name])
        top = max(abs(schema.get("maximum", 0)), abs(schema.get("minimum", 0)))
        schema.setdefault("format", "int64" if top > INT32 else "int32")
        most = INT32 if schema["format"] == "int32" else 2**53 - 1
        if "exclusiveMinimum" not in schema:
            schema.setdefault("minimum", -most)
        if "exclusiveMaximum" not in schema:
            schema.setdefault("maximum", most)
    if "number" in kinds:
        schema.setdefault("format", "double")
    if "array" in kinds:
        schema.setdefault("maxItems", MOST)


def _answers(document: dict[str, Any], operation: dict[str, Any]) -> None:
    """The headers of each answer; problems that many share stand once, under components."""
    parts = document["components"]
    shared = parts.setdefault("responses", {})
    if not any(status[0] == "2" for status in operation["responses"]):
        operation["responses"]["default"] = {"description": "A page of the web app, where a browser follows"}
    if not any(status[0] == "4" for status in operation["responses"]):
        operation["responses"]["405"] = {
            "description": "This path does not take that method",
            "content": {PROBLEM: {"schema": _PROBLEM}},
        }
    retired = ("Deprecation", "Sunset") if operation.get("deprecated") else ()
    for status, answer in operation["responses"].items():
        names = ["RateLimit", "RateLimit-Policy", "X-Request-Id", "Access-Control-Allow-Origin", *retired]
        names += ["Retry-After"] if status in ("429", "503") else []
        names += ["ETag"] if status in ("200", "201") and _has_version(parts["schemas"], answer) else []
        answer.setdefault("headers", {}).update({name: {"$ref": f"#/components/headers/{name}"} for name in names})
        if answer["description"] == "Successful Response":
            answer["description"] = "Done" if status == "204" else "Redirected" if status[0] == "3" else "As asked for"
        if list(answer.get("content", ())) == [PROBLEM]:
            answer["content"][PROBLEM].setdefault("example", _problem(int(status)))
            name = f"Problem{status}"
            if shared.setdefault(name, answer) == answer:
                operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}


def _has_version(schemas: dict[str, Schema], answer: dict[str, Any]) -> bool:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return "version" in schemas.get(schema.get("$ref", "").rpartition("/")[2], {}).get("properties", {})


def _problem(status: int) -> dict[str, Any]:
    """The plainest problem of a status, as it would be sent."""
    kind = next((kind for kind in Fault.__subclasses__() if kind.status == status), Fault)
    at = "urn:request:01980a4e-7d3c-7cc1-9f0e-2b6a5d1c8e42"
    return Fault(kind.text).problem(at).model_dump() | {"status": status, "code": kind.code, "title": kind.title}
