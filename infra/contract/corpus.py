"""Changes of a small contract: those that break a client, with the kind that is to be found, and harmless ones."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

Node = dict[str, Any]
REF = "#/components/schemas/"


def contract() -> Node:
    """A contract that has every feature which ours uses, in small."""
    pet: Node = {
        "type": "object", "required": ["id", "name", "state", "age", "tags", "owner", "weight", "can", "kept"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "name": {"type": "string", "maxLength": 80},
            "state": {"type": "string", "enum": ["draft", "live"]},
            "age": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 30},
            "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            "owner": {"anyOf": [{"$ref": f"{REF}Owner"}, {"type": "null"}]},
            "weight": {"type": "integer"},
            "can": {"type": "object", "additionalProperties": {"type": "boolean"}},
            "kept": {"anyOf": [{"$ref": f"{REF}Kennel"}, {"$ref": f"{REF}Home"}],
                     "discriminator": {"propertyName": "kind",
                                       "mapping": {"kennel": f"{REF}Kennel", "home": f"{REF}Home"}}},
            "nick": {"type": "string"},
            "old": {"type": "string", "deprecated": True, "x-sunset": "2026-01-01"},
            "code": {"type": "string", "pattern": "^[a-z]+$"},
            "level": {"type": "string", "enum": ["a"], "x-extensible-enum": True},
        },
    }  # fmt: skip
    pet_in: Node = {
        "type": "object", "required": ["name"], "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 80},
            "state": {"type": "string", "enum": ["draft", "live"], "default": "draft"},
            "age": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 30},
            "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 20},
            "note": {"type": ["string", "null"]},
            "code": {"type": "string", "pattern": "^[a-z]+$"},
            "weight": {"type": "number"},
            "owner": {"$ref": f"{REF}Owner"},
            "answer": {"anyOf": [{"type": "boolean"}, {"type": "string"}]},
        },
    }  # fmt: skip
    problem: Node = {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}}}
    shown = {"description": "it", "headers": {"ETag": {"schema": {"type": "string"}}},
             "content": {"application/json": {"schema": {"$ref": f"{REF}Pet"}}}}  # fmt: skip
    wrong = {"description": "no", "content": {"application/problem+json": {"schema": {"$ref": f"{REF}Problem"}}}}
    limit: Node = {
        "name": "limit",
        "in": "query",
        "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
    }
    sort: Node = {"name": "sort", "in": "query", "schema": {"type": "string", "enum": ["name", "age"]}}
    return {
        "openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"oauth": ["read"]}],
        "paths": {
            "/pets": {
                "get": {"operationId": "pets_list", "tags": ["pets"], "parameters": [limit, sort],
                        "responses": {"200": {"description": "them", "content": {
                            "application/json": {"schema": {"type": "array", "items": {"$ref": f"{REF}Pet"}}},
                            "text/csv": {"schema": {"type": "string"}}}}, "401": wrong}},
                "post": {"operationId": "pets_create", "tags": ["pets"],
                         "requestBody": {"content": {"application/json": {"schema": {"$ref": f"{REF}PetIn"}},
                                                     "text/plain": {"schema": {"type": "string"}}}},
                         "responses": {"201": shown, "422": wrong}},
            },
            "/pets/{pet_id}": {
                "parameters": [{"name": "pet_id", "in": "path", "required": True,
                                "schema": {"type": "string", "format": "uuid"}}],
                "get": {"operationId": "pets_get", "tags": ["pets"], "responses": {"200": shown, "404": wrong}},
                "delete": {"operationId": "pets_delete", "tags": ["pets"], "deprecated": True,
                           "x-sunset": "2026-01-01", "responses": {"204": {"description": "done"}}},
            },
            "/open": {"get": {"operationId": "open_get", "tags": ["pets"], "security": [],
                              "responses": {"200": shown}}},
        },
        "webhooks": {"pet.born": {"post": {"operationId": "pet_born", "requestBody": {
            "content": {"application/json": {"schema": {"$ref": f"{REF}Born"}}}}, "responses": {}}}},
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "oauth": {"type": "oauth2", "flows": {"clientCredentials": {
                    "tokenUrl": "/token", "scopes": {"read": "Read", "write": "Write"}}}},
            },
            "schemas": {
                "Pet": pet, "PetIn": pet_in, "Problem": problem,
                "Owner": {"type": "object", "required": ["id"],
                          "properties": {"id": {"type": "string"}, "more": {"$ref": f"{REF}Value"}}},
                "Value": {"anyOf": [
                    {"type": "integer"}, {"type": "number"}, {"type": "string"},
                    {"type": "array", "items": {"type": "string"}},
                    {"type": "array", "items": {"type": "object", "additionalProperties": {"$ref": f"{REF}Value"}}}]},
                "Kennel": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "kennel"}}},
                "Home": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "home"}}},
                "Born": {"type": "object", "required": ["id"],
                         "properties": {"id": {"type": "string"}, "at": {"type": "string", "format": "date-time"}}},
            },
        },
    }  # fmt: skip


Change = Callable[[Node], object]


def _schema(document: Node, name: str, *fields: str) -> Node:
    found: Node = document["components"]["schemas"][name]
    for field in fields:
        found = found["properties"][field]
    return found


def _put(name: str, *fields: str, **values: Any) -> Change:
    return lambda d: _schema(d, name, *fields).update(values)


def _pop(name: str, field: str, word: str) -> Change:
    return lambda d: _schema(d, name, field).pop(word)


def _field(name: str, field: str, schema: Node) -> Change:
    return lambda d: _schema(d, name)["properties"].update({field: schema})


def _drop(name: str, field: str) -> Change:
    def change(d: Node) -> None:
        _schema(d, name)["properties"].pop(field)
        _schema(d, name)["required"] = [one for one in _schema(d, name)["required"] if one != field]

    return change


def _need(name: str, *fields: str) -> Change:
    return lambda d: _schema(d, name).update(required=list(fields))


def _at(*steps: Any, **values: Any) -> Change:
    def change(d: Node) -> None:
        for step in steps:
            d = d[step]
        d.update(values)

    return change


def _without(*steps: Any) -> Change:
    def change(d: Any) -> None:
        for step in steps[:-1]:
            d = d[step]
        del d[steps[-1]]

    return change


def _rename(d: Node) -> None:
    text = json.dumps(d).replace(f'{REF}Owner"', f'{REF}Keeper"').replace('"Owner":', '"Keeper":')
    d.clear()
    d.update(json.loads(text))


LIST, POST, GET = ("paths", "/pets", "get"), ("paths", "/pets", "post"), ("paths", "/pets/{pet_id}", "get")
ALL_OF_PET = ["id", "name", "state", "age", "tags", "owner", "weight", "can", "kept"]

BREAKS: list[tuple[str, str, Change]] = [
    ("a path goes", "path-removed", _without("paths", "/open")),
    ("a method goes", "method-removed", _without("paths", "/pets", "post")),
    ("a path is renamed", "path-removed", lambda d: d["paths"].update({"/opened": d["paths"].pop("/open")})),
    ("a path's parameter has another name", "path-parameter-renamed",
     lambda d: d["paths"].update({"/pets/{id}": d["paths"].pop("/pets/{pet_id}")})),
    ("an operation has another id", "operation-renamed", _at(*LIST, operationId="list_pets")),
    ("an operation has another tag", "tag-changed", _at(*LIST, tags=["animals"])),
    ("a server goes", "server-removed", _at(servers=[{"url": "/api"}])),
    ("a parameter goes", "parameter-removed", lambda d: d["paths"]["/pets"]["get"]["parameters"].pop()),
    ("a required parameter comes", "required-parameter-added",
     lambda d: d["paths"]["/pets"]["get"]["parameters"].append(
         {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}})),
    ("a parameter becomes required", "parameter-required", _at(*LIST, "parameters", 1, required=True)),
    ("a required header comes", "required-parameter-added", _at(*POST, parameters=[
        {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}}])),
    ("a parameter takes one value less", "value-refused", _at(*LIST, "parameters", 1, "schema", enum=["name"])),
    ("a parameter's maximum sinks", "limit-tighter", _at(*LIST, "parameters", 0, "schema", maximum=50)),
    ("a parameter's minimum rises", "limit-tighter", _at(*LIST, "parameters", 0, "schema", minimum=5)),
    ("a parameter's default changes", "default-changed", _at(*LIST, "parameters", 0, "schema", default=50)),
    ("a parameter's default goes", "default-changed", _without(*LIST, "parameters", 0, "schema", "default")),
    ("a parameter is a number and no text", "type-removed", _at(*LIST, "parameters", 1, schema={"type": "integer"})),
    ("a parameter is written otherwise", "parameter-style", _at(*LIST, "parameters", 1, explode=False)),
    ("an id of a path has another form", "format-changed",
     _at("paths", "/pets/{pet_id}", "parameters", 0, schema={"type": "string"})),
    ("a body becomes required", "body-required", _at(*POST, "requestBody", required=True)),
    ("a body comes and is required", "body-required", _at(*GET, requestBody={
        "required": True, "content": {"application/json": {"schema": {"type": "object"}}}})),
    ("a body goes", "body-removed", _without(*POST, "requestBody")),
    ("a body's media type goes", "media-type-removed", _without(*POST, "requestBody", "content", "text/plain")),
    ("an answer's media type goes", "media-type-removed", _without(*LIST, "responses", "200", "content", "text/csv")),
    ("a problem's media type changes", "media-type-removed", lambda d: d["paths"]["/pets"]["get"]["responses"].update(
        {"401": {"description": "no", "content": {"text/plain": {"schema": {"type": "string"}}}}})),
    ("an answer loses its body", "media-type-removed", _at(*GET, "responses", **{"200": {"description": "it"}})),
    ("a success has another status", "success-removed",
     lambda d: d["paths"]["/pets"]["post"].update(responses={"202": {"description": "later"}})),
    ("another success comes", "success-added", _at(*POST, "responses", **{"202": {"description": "later"}})),
    ("a header of an answer goes", "header-removed", lambda d: d["paths"]["/pets/{pet_id}"]["get"]["responses"].update(
        {"200": {**d["paths"]["/pets/{pet_id}"]["get"]["responses"]["200"], "headers": {}}})),
    ("a sign-in is needed now", "security-tightened", _at("paths", "/open", "get", security=[{"bearer": []}])),
    ("a way to sign in goes", "security-tightened", _at(security=[{"oauth": ["read"]}])),
    ("a further scope is needed", "security-tightened", _at(security=[{"bearer": []}, {"oauth": ["read", "write"]}])),
    ("both are needed where one did", "security-tightened", _at(*LIST, security=[{"bearer": [], "oauth": ["read"]}])),
    ("a scope goes", "scope-removed",
     _without("components", "securitySchemes", "oauth", "flows", "clientCredentials", "scopes", "write")),
    ("tokens come from elsewhere", "security-scheme-changed",
     _at("components", "securitySchemes", "oauth", "flows", "clientCredentials", tokenUrl="/oauth")),
    ("a flow goes", "security-flow-removed",
     _without("components", "securitySchemes", "oauth", "flows", "clientCredentials")),
    ("a scheme is of another kind", "security-scheme-changed",
     _at("components", "securitySchemes", "bearer", scheme="basic")),
    ("a field that is read goes", "field-removed", _drop("Pet", "age")),
    ("an optional field that is read goes", "field-removed", _drop("Pet", "nick")),
    ("a field that is read becomes optional", "field-optional", _need("Pet", *ALL_OF_PET[:-2])),
    ("a field that is read has another type", "type-added", _put("Pet", "age", type="string", format="int32")),
    ("a field that is read may be null", "null-sent", _put("Pet", "name", type=["string", "null"])),
    ("a field that is read may have a fraction", "type-changed", _put("Pet", "weight", type="number")),
    ("a value that is read comes", "value-added", _put("Pet", "state", enum=["draft", "live", "lost"])),
    ("a value that is read may be any", "value-added", _pop("Pet", "state", "enum")),
    ("a number that is read may be larger", "limit-wider", _put("Pet", "age", maximum=300)),
    ("a list that is read may be empty", "limit-wider", _put("Pet", "tags", minItems=0)),
    ("a number that is read may be negative", "limit-wider", _pop("Pet", "age", "minimum")),
    ("a format that is read changes", "format-changed", _put("Pet", "id", format="uri")),
    ("an integer that is read becomes longer", "format-changed", _put("Pet", "age", format="int64")),
    ("a pattern that is read goes", "pattern-changed", _pop("Pet", "code", "pattern")),
    ("items that are read have another type", "type-added", _put("Pet", "tags", items={"type": "integer"})),
    ("values of a map that is read have another type", "type-added",
     _put("Pet", "can", additionalProperties={"type": "string"})),
    ("a field that is read is hidden", "field-hidden", _put("Pet", "nick", writeOnly=True)),
    ("a field deep inside goes", "field-removed", _drop("Owner", "id")),
    ("a schema has another name", "schema-renamed", _rename),
    ("a discriminator is another field", "discriminator-changed",
     lambda d: _schema(d, "Pet", "kept")["discriminator"].update(propertyName="type")),
    ("a discriminator's value goes", "discriminator-changed",
     lambda d: _schema(d, "Pet", "kept")["discriminator"]["mapping"].pop("home")),
    ("a discriminator's value means another schema", "discriminator-changed",
     lambda d: _schema(d, "Pet", "kept")["discriminator"]["mapping"].update(home=f"{REF}Kennel")),
    ("a further kind is read", "type-added", lambda d: (
        d["components"]["schemas"].update(Ship={"type": "object", "properties": {"kind": {"const": "ship"}}}),
        _schema(d, "Pet", "kept")["anyOf"].append({"$ref": f"{REF}Ship"}))),
    ("a problem loses a field", "field-removed", _drop("Problem", "code")),
    ("a field that is sent goes", "field-removed", lambda d: _schema(d, "PetIn")["properties"].pop("age")),
    ("a field that is sent becomes required", "field-required", _need("PetIn", "name", "age")),
    ("a required field comes", "required-field-added", lambda d: (
        _field("PetIn", "kind", {"type": "string"})(d), _need("PetIn", "name", "kind")(d))),
    ("a value that is sent goes", "value-refused", _put("PetIn", "state", enum=["draft"])),
    ("a text that is sent has a list of values", "value-refused", _put("PetIn", "name", enum=["Rex"])),
    ("a text that is sent may be less long", "limit-tighter", _put("PetIn", "name", maxLength=40)),
    ("a text that is sent must be longer", "limit-tighter", _put("PetIn", "name", minLength=3)),
    ("a list that is sent may be less long", "limit-tighter", _put("PetIn", "tags", maxItems=5)),
    ("a list that is sent must have something", "limit-tighter", _put("PetIn", "tags", minItems=1)),
    ("a list that is sent has nothing twice", "limit-tighter", _put("PetIn", "tags", uniqueItems=True)),
    ("a number that is sent may be less large", "limit-tighter", _put("PetIn", "age", maximum=20)),
    ("a number that is sent must be even", "limit-tighter", _put("PetIn", "age", multipleOf=2)),
    ("a number that is sent has no fraction", "type-changed", _put("PetIn", "weight", type="integer")),
    ("a pattern that is sent changes", "pattern-changed", _put("PetIn", "code", pattern="^[a-f]+$")),
    ("a pattern that is sent comes", "pattern-changed", _put("PetIn", "note", pattern="^x")),
    ("null is refused", "null-refused", _put("PetIn", "note", type="string")),
    ("a kind that is sent goes", "type-removed", lambda d: _schema(d, "PetIn", "answer")["anyOf"].pop()),
    ("a default that is sent changes", "default-changed", _put("PetIn", "state", default="live")),
    ("a field that is sent is only read", "field-hidden", _put("PetIn", "age", readOnly=True)),
    ("items that are sent have another type", "type-removed", _put("PetIn", "tags", items={"type": "integer"})),
    ("other fields are refused", "other-fields-refused", _put("Owner", additionalProperties=False)),
    ("one of two lists in a union that has itself inside goes", "type-removed",
     lambda d: _schema(d, "Value")["anyOf"].pop()),
    ("both numbers of a union go", "type-removed", lambda d: _schema(d, "Value")["anyOf"].__delitem__(slice(0, 2))),
    ("an event goes", "path-removed", _without("webhooks", "pet.born")),
    ("an event loses a field", "field-removed", _drop("Born", "at")),
    ("an event's field has another form", "format-changed", _put("Born", "at", format="date")),
]  # fmt: skip

HARMLESS: list[tuple[str, Change]] = [
    ("nothing changes", lambda _: None),
    ("a path comes", lambda d: d["paths"].update({"/new": deepcopy(d["paths"]["/open"])})),
    ("a method comes", lambda d: d["paths"]["/open"].update(post=deepcopy(d["paths"]["/pets"]["post"]))),
    ("an optional parameter comes", lambda d: d["paths"]["/pets"]["get"]["parameters"].append(
        {"name": "q", "in": "query", "schema": {"type": "string"}})),
    ("a parameter takes one value more", _at(*LIST, "parameters", 1, "schema", enum=["name", "age", "id"])),
    ("a parameter's maximum rises", _at(*LIST, "parameters", 0, "schema", maximum=500)),
    ("words change", _at(*LIST, summary="All of them", description="In order")),
    ("an example comes", _put("Pet", "name", examples=["Rex"])),
    ("an operation is deprecated", _at(*LIST, deprecated=True)),
    ("what was to be gone goes", _without("paths", "/pets/{pet_id}", "delete")),
    ("a field that was to be gone goes", lambda d: _schema(d, "Pet")["properties"].pop("old")),
    ("a problem comes", _at(*LIST, "responses", **{"429": {"description": "slowly"}})),
    ("a problem goes", _without(*GET, "responses", "404")),
    ("a media type is taken too", _at(*POST, "requestBody", "content", **{"text/csv": {"schema": {"type": "string"}}})),
    ("a media type is answered too", _at(*LIST, "responses", "200", "content", **{"text/html": {}})),
    ("a header is sent too", lambda d: d["paths"]["/open"]["get"]["responses"]["200"]["headers"].update(
        {"Link": {"schema": {"type": "string"}}})),
    ("a sign-in is no longer needed", _at(*LIST, security=[{}])),
    ("a further way to sign in", _at(security=[{"bearer": []}, {"oauth": ["read"]}, {"cookie": []}])),
    ("a scope comes",
     _at("components", "securitySchemes", "oauth", "flows", "clientCredentials", "scopes", more="More")),
    ("a field comes that is read", _field("Pet", "kind", {"type": "string"})),
    ("an optional field is always there", _need("Pet", *ALL_OF_PET, "nick")),
    ("a value that was read is no longer sent", _put("Pet", "state", enum=["draft"])),
    ("a value comes where more were announced", _put("Pet", "level", enum=["a", "b"])),
    ("a text that is read may be longer", _put("Pet", "name", maxLength=200)),
    ("a number that is read is smaller", _put("Pet", "age", maximum=20)),
    ("a pattern for what is read comes", _put("Pet", "name", pattern="^x")),
    ("what was null sometimes never is", _field("Pet", "owner", {"$ref": f"{REF}Owner"})),
    ("an optional field that is sent comes", _field("PetIn", "kind", {"type": "string"})),
    ("a field that is sent is no longer required", _need("PetIn")),
    ("a value that is sent comes", _put("PetIn", "state", enum=["draft", "live", "lost"])),
    ("a text that is sent may be longer", _put("PetIn", "name", maxLength=200)),
    ("a pattern that is sent goes", _pop("PetIn", "code", "pattern")),
    ("null is taken", _put("PetIn", "name", type=["string", "null"])),
    ("a number that is sent may have a fraction", _put("PetIn", "age", type="number")),
    ("a kind that is sent comes", lambda d: _schema(d, "PetIn", "answer")["anyOf"].append({"type": "integer"})),
    ("a list comes into a union that is sent alone", lambda d: _schema(d, "PetIn", "answer")["anyOf"].append(
        {"type": "array", "items": {"type": "string"}})),
    ("a default comes", _put("PetIn", "name", default="Rex")),
    ("fields stand in another order", lambda d: _schema(d, "Pet").update(
        properties=dict(reversed(_schema(d, "Pet")["properties"].items())))),
    ("parameters stand in another order", lambda d: d["paths"]["/pets"]["get"]["parameters"].reverse()),
    ("a type is written as a list", _put("Pet", "name", type=["string"])),
    ("null is written as an alternative", lambda d: _schema(d, "PetIn")["properties"].update(
        note={"anyOf": [{"type": "string"}, {"type": "null"}]})),
    ("an event comes", lambda d: d["webhooks"].update({"pet.left": deepcopy(d["webhooks"]["pet.born"])})),
    ("an event has a field more", _field("Born", "name", {"type": "string"})),
]  # fmt: skip
