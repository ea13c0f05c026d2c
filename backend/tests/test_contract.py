"""The OpenAPI document: what generated clients rely on."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from support.recording import fits

from vuoro.app import create_app

WORDS_OF_LANGUAGES = {
    "Pair", "Session", "Error", "Object", "String", "Result", "Unit", "Any", "Nothing", "Record", "Exception", "Set",
    "List", "Map", "Optional", "Response", "Request", "Type", "Function", "Class", "Date", "Data", "Array", "Int",
}  # fmt: skip
PUBLIC = {
    "calendar_feeds_read",
    "logins_ask",
    "logins_enter_code",
    "logins_redeem",
    "oidc_logins_begin",
    "oidc_logins_finish",
    "passkey_logins_begin",
    "passkey_logins_finish",
    "logins_end",
    "personas_list",
    "personas_sign_in",
    "health_get",
    "readiness_get",
    "oauth_authorize",
    "oauth_token",
    "oauth_revoke",
}


# A challenge works once by itself; trying a provider changes nothing.
ONCE_BY_ITSELF = {
    "passkeys_begin", "passkeys_add", "identity_provider_check", "my_address_ask", "my_address_confirm",
}  # fmt: skip


@pytest.fixture
def document(built_application) -> dict[str, Any]:
    return built_application.openapi()


@pytest.fixture
def operations(document) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def walk(node: Any, at: str = "#") -> Iterator[tuple[str, Any]]:
    yield at, node
    if isinstance(node, dict):
        for name, part in node.items():
            yield from walk(part, f"{at}/{name}")
    elif isinstance(node, list):
        for index, part in enumerate(node):
            yield from walk(part, f"{at}/{index}")


def resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    _, kind, name = node["$ref"].removeprefix("#/").split("/")
    return document["components"][kind][name]


def test_it_is_openapi_3_1_and_json_schema(document):
    assert document["openapi"].startswith("3.1.")
    assert not [at for at, node in walk(document) if isinstance(node, dict) and "nullable" in node and "type" in node]


def test_every_operation_has_a_name_of_its_own_after_its_noun_and_verb(operations):
    names = [operation["operationId"] for _, _, operation in operations]
    assert len(set(names)) == len(names)
    assert not [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)+", name)]


def test_every_operation_says_what_it_does(operations):
    for method, path, operation in operations:
        assert operation.get("summary"), (method, path)
        assert len(operation["summary"]) <= 100, operation["summary"]
        assert operation.get("tags"), (method, path)


def test_every_operation_describes_its_problems_as_problem_json(operations, document):
    for method, path, operation in operations:
        problems = {status: resolved(document, answer) for status, answer in operation["responses"].items()
                    if status[0] in "45"}  # fmt: skip
        assert any(status[0] == "4" for status in problems) or not path.startswith("/v1"), (method, path)
        for status, answer in problems.items():
            assert answer["description"], (method, path, status)
            if path.startswith("/v1"):
                schema = answer["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}, (method, path, status)


def test_every_success_describes_its_body(operations):
    for method, path, operation in operations:
        for status, answer in operation["responses"].items():
            # RFC 7009: nobody reads the body of a revocation's answer.
            if status[0] == "2" and status != "204" and path != "/oauth/revoke":
                schemas = [content.get("schema") for content in answer.get("content", {}).values()]
                assert schemas, (method, path, status)
                assert all(schemas), (method, path, status)


def test_every_schema_has_a_name_that_clients_can_use(document):
    names = set(document["components"]["schemas"])
    assert not names & WORDS_OF_LANGUAGES
    assert not [name for name in names if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)]


def test_every_schema_of_an_answer_has_all_its_fields_always(document, operations):
    """No defaults in Out: or TypeScript sees optional fields."""
    schemas = document["components"]["schemas"]
    reached, todo = set(), []
    for _, _, operation in operations:
        todo += [
            node for status, answer in operation["responses"].items() if status[0] == "2" for _, node in walk(answer)
        ]
    while todo:
        node = todo.pop()
        name = str(node.get("$ref", "")).removeprefix("#/components/schemas/") if isinstance(node, dict) else ""
        if name in schemas and name not in reached:
            reached.add(name)
            todo += [part for _, part in walk(schemas[name])]
    optional = {
        f"{name}.{field}" for name in reached for field in schemas[name].get("properties", {})
        if field not in schemas[name].get("required", [])
    }  # fmt: skip
    # RFC 6749 leaves it out where there is none.
    assert optional == {"TokenAnswer.refresh_token"}


def test_what_clients_send_takes_no_unknown_field(document, operations):
    schemas = document["components"]["schemas"]
    sent = {
        node["$ref"].rpartition("/")[2]
        for _, _, operation in operations
        for _, node in walk(operation.get("requestBody", {}).get("content", {}).get("application/json", {}))
        if isinstance(node, dict) and "$ref" in node
    }
    assert len(sent) > 5
    loose = {
        name
        for name in sent
        if "properties" in schemas[name] and schemas[name].get("additionalProperties") is not False
    }
    assert loose == set()


def test_unions_of_objects_are_named_by_a_discriminator(document):
    for at, node in walk(document["components"]["schemas"]):
        for kind in ("anyOf", "oneOf"):
            if isinstance(node, dict) and kind in node:
                objects = [part for part in node[kind] if "$ref" in part]
                assert len(objects) < 2 or "discriminator" in node, at


def test_lists_are_pages(operations, document):
    schemas = document["components"]["schemas"]
    for method, path, operation in operations:
        names = {parameter["name"] for parameter in operation.get("parameters", ())}
        if "cursor" in names:
            assert method == "GET", path
            assert {"limit", "cursor"} <= names, path
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            assert {"items", "next_cursor"} <= set(schemas[schema]["properties"]), path


def test_changes_need_if_match_and_take_merge_patch(operations):
    for method, path, operation in operations:
        if method == "PATCH":
            headers = {
                parameter["name"].lower() for parameter in operation["parameters"] if parameter["in"] == "header"
            }
            assert "if-match" in headers, path
            assert {"412", "428"} <= set(operation["responses"]), path


def test_what_creates_or_acts_takes_an_idempotency_key(operations):
    without = {
        operation["operationId"] for method, _, operation in operations
        if method == "POST" and "idempotency-key" not in {p["name"].lower() for p in operation.get("parameters", ())}
    }  # fmt: skip
    assert without <= PUBLIC | ONCE_BY_ITSELF


def test_all_but_sign_in_and_health_need_a_sign_in(operations):
    open_ones = {operation["operationId"] for _, _, operation in operations if operation.get("security") == [{}]}
    assert open_ones <= PUBLIC, open_ones - PUBLIC
    for method, path, operation in operations:
        assert operation["operationId"] in open_ones or "401" in operation["responses"], (method, path)


async def test_the_document_is_served_as_it_is(api, document):
    answer = await api().get("/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == document


async def test_others_are_answered_while_the_document_is_made(environment):
    answered = []

    async def ask(path: str) -> None:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            assert (await client.get(path)).status_code == 200
        answered.append(path)

    app = create_app()
    await asyncio.gather(ask("/v1/openapi.json"), ask("/healthz"))
    assert answered == ["/healthz", "/v1/openapi.json"]


def test_every_path_stands_below_the_version_except_health_oauth_and_calendars(document):
    outside = {path for path in document["paths"] if not path.startswith("/v1/")}
    assert outside == {"/healthz", "/readyz", "/oauth/authorize", "/oauth/token", "/oauth/revoke",
                       "/calendar/{code}.ics"}  # fmt: skip


def test_paths_are_plural_nouns_in_kebab_case(document):
    for path in document["paths"]:
        for step in path.removeprefix("/v1").strip("/").split("/"):
            assert re.fullmatch(r"[a-z0-9-]+|\{[a-z_]+\}(\.ics)?", step), path


def test_no_address_asks_for_a_credential(operations, document):
    """As OWASP's rules of `make contract-check` see it, by the name."""
    secret = re.compile(r"client_?secret|token|password|secret|api-?key", re.IGNORECASE)
    asked = [
        (path, parameter["name"])
        for _, path, operation in operations
        for parameter in (resolved(document, one) for one in operation.get("parameters", []))
        if parameter["in"] in ("path", "query") and secret.search(parameter["name"])
    ]
    assert asked == []


def bodies(operations, document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for method, path, operation in operations:
        answers = [
            resolved(document, answer) for status, answer in operation["responses"].items() if status != "default"
        ]
        for body in (operation.get("requestBody", {}), *answers):
            for media, content in body.get("content", {}).items():
                yield f"{method} {path} {media}", media, content


def test_every_json_body_has_an_example_that_fits_its_schema(operations, document):
    seen, wrong = set(), []
    for where, media, content in bodies(operations, document):
        if not media.endswith("json"):
            continue
        values = [resolved(document, part)["value"] for part in content.get("examples", {}).values()]
        values += [content["example"]] if "example" in content else []
        assert values, where
        name = content["schema"].get("$ref", where)
        if name not in seen:
            seen.add(name)
            wrong += [f"{where}: {fault}" for value in values for fault in fits(document, content["schema"], value)]
    assert not wrong, "\n".join(wrong)
    assert len(seen) > 200


def test_every_text_number_and_list_has_a_limit(document):
    """What Spectral's OWASP rules ask, which take half a minute and so are left to make contract-check."""
    for at, node in walk(document):
        kinds = node.get("type") if isinstance(node, dict) else None
        if not isinstance(kinds, str | list) or "/examples/" in at or at.endswith("/example"):
            continue
        if "string" in kinds and isinstance(kinds, str):
            assert {"maxLength", "enum", "const"} & node.keys(), at
        if "integer" in kinds:
            assert {"minimum", "exclusiveMinimum"} & node.keys(), at
            assert {"maximum", "exclusiveMaximum"} & node.keys(), at
            assert node["format"] in ("int32", "int64"), at
        assert "array" not in kinds or "maxItems" in node, at


def test_every_answer_names_the_headers_that_tell_how_much_is_left(operations, document):
    for method, path, operation in operations:
        for status, answer in operation["responses"].items():
            if status[0] in "24":
                assert "RateLimit" in resolved(document, answer)["headers"], (method, path, status)


def test_generated_clients_find_no_map_of_anything_and_can_leave_a_fraction_in_a_union_out(document):
    for at, node in walk(document["components"]["schemas"]):
        if isinstance(node, dict):
            assert node.get("additionalProperties") is not True, at
            parts = [part for part in node.get("anyOf", ()) if part != {"type": "null"}]
            for part in parts if len(parts) > 1 else ():
                assert part.get("type") != "number" or part["x-duplicated-data-type"], at
                assert part.get("type") != "object", at
