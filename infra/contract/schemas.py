"""Compares two JSON schemas in one direction: `in`, what clients send, or `out`, what they read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Node = dict[str, Any]
# Limits: does a larger number take less away?
MORE_IS_WIDER = {"maxLength": True, "maxItems": True, "maxProperties": True, "maximum": True, "exclusiveMaximum": True,
                 "minLength": False, "minItems": False, "minProperties": False, "minimum": False,
                 "exclusiveMinimum": False}  # fmt: skip
# Readers take a longer text or list as they took the shorter one.
NO_LIMIT_TO_READERS = frozenset({"maxLength", "maxItems", "maxProperties"})


@dataclass(frozen=True, order=True)
class Break:
    """One break: its kind, where it stands (a path of names), and the word it is about."""

    kind: str
    at: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}  {self.at}" + (f"  ({self.what})" if self.what else "")


class Schemas:
    """Schemas of an old and a new document; `gone` tells whether a node was announced to go."""

    def __init__(self, old: Node, new: Node, gone: Callable[[Node], bool]) -> None:
        self.old, self.new, self.gone = old, new, gone
        self._seen: set[tuple[str, str]] = set()

    def resolve(self, node: Node | None, document: Node) -> Node:
        """The node itself, or what its reference points to."""
        while node and "$ref" in node:
            found: Any = document
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            node = found
        return node or {}

    def compare(self, was: Node, now: Node, way: str, at: str) -> Iterator[Break]:
        """Every break between two schemas."""
        names = (_name(was), _name(now))
        if all(names) and (f"{names[0]} {names[1]}", way) in self._seen:
            return
        self._seen.add((f"{names[0]} {names[1]}", way))
        old, new = self._alternatives(was, self.old), self._alternatives(now, self.new)
        if all(names) and names[0] != names[1] and f"#{names[0]}" not in old:
            yield Break("schema-renamed", at, f"{names[0]} is {names[1]}")
        yield from self._discriminators(self._whole(was, self.old), self._whole(now, self.new), at)
        pairs = [(old[key], new[key]) for key in old if key in new]
        missing, added = [key for key in old if key not in new], [key for key in new if key not in old]
        objects = [[key for key in keys if key[0] == "#" or key == "object"] for keys in (missing, added)]
        if len(objects[0]) == len(objects[1]) == 1:
            one, other = objects[0][0], objects[1][0]
            yield Break("schema-renamed", at, f"{one} is {other}")
            pairs.append((self._whole(old[one], self.old), self._whole(new[other], self.new)))
            missing.remove(one)
            added.remove(other)
        numbers = {"integer", "number"}
        if len(numbers.intersection(missing)) == len(numbers.intersection(added)) == 1:
            wider = "number" in added
            if wider == (way == "out"):
                yield Break("type-changed", at, "number with a fraction" if wider else "whole number")
            both = ("integer", "number") if wider else ("number", "integer")
            pairs.append((old[both[0]], new[both[1]]))
            missing.remove(both[0])
            added.remove(both[1])
        for key in missing:
            if way == "in" and "any" not in new:
                yield Break("null-refused" if key == "null" else "type-removed", at, key)
        for key in added:
            if way == "out" and "any" not in old:
                yield Break("null-sent" if key == "null" else "type-added", at, key)
        for one, other in pairs:
            yield from self._one(one, other, way, at)

    def _whole(self, schema: Node, document: Node) -> Node:
        schema = self.resolve(schema, document)
        if "allOf" not in schema:
            return schema
        whole: Node = {name: part for name, part in schema.items() if name != "allOf"}
        for part in schema["allOf"]:
            part = self._whole(part, document)
            whole["properties"] = {**part.get("properties", {}), **whole.get("properties", {})}
            whole["required"] = [*part.get("required", ()), *whole.get("required", ())]
            whole = {**part, **whole}
        return whole

    def _alternatives(self, schema: Node, document: Node) -> dict[str, Node]:
        """The kinds of values that a schema takes, each by a name that lasts: a type, or a schema's name."""
        whole = self._whole(schema, document)
        if _name(schema) and "properties" in whole and not {"anyOf", "oneOf"} & whole.keys():
            return {f"#{_name(schema)}": {"$ref": schema["$ref"]}}
        found: dict[str, Node] = {}
        for word in ("anyOf", "oneOf"):
            for part in whole.get(word, ()):
                for key, each in self._alternatives(part, document).items():
                    if key == "array":
                        key = f"array of {', '.join(self._alternatives(each.get('items', {}), document))}"
                    found[key] = {**({"default": whole["default"]} if "default" in whole else {}), **each}
        if found:
            return found
        kinds = whole.get("type")
        if kinds is None:
            values = [whole["const"]] if "const" in whole else whole.get("enum", ())
            kinds = sorted({_kind(value) for value in values}) or ("object" if "properties" in whole else "any")
        return dict.fromkeys([kinds] if isinstance(kinds, str) else kinds, whole)

    def _one(self, was: Node, now: Node, way: str, at: str) -> Iterator[Break]:
        if "$ref" in was and "$ref" in now:
            name = _name(was)
            if (name, way) in self._seen:
                return
            self._seen.add((name, way))
            was, now, at = self._whole(was, self.old), self._whole(now, self.new), f"{name} ({way})"
        yield from _values(was, now, way, at)
        yield from _limits(was, now, way, at)
        if way == "in" and "default" in was and was["default"] != now.get("default", ...):
            yield Break("default-changed", at, str(now.get("default", "none")))
        yield from self._fields(was, now, way, at)
        yield from self._rest(was, now, way, at)
        if "items" in was or "items" in now:
            yield from self.compare(was.get("items", {}), now.get("items", {}), way, f"{at}[]")

    def _fields(self, was: Node, now: Node, way: str, at: str) -> Iterator[Break]:
        old, new = was.get("properties", {}), now.get("properties", {})
        old_needed, new_needed = set(was.get("required", ())), set(now.get("required", ()))
        for name, part in old.items():
            here = f"{at}.{name}"
            if name not in new:
                if not self.gone(self.resolve(part, self.old)):
                    yield Break("field-removed", here, name)
                continue
            if way == "out" and name in old_needed and name not in new_needed:
                yield Break("field-optional", here, name)
            if way == "in" and name not in old_needed and name in new_needed:
                yield Break("field-required", here, name)
            hidden = {"in": "readOnly", "out": "writeOnly"}[way]
            if new[name].get(hidden) and not part.get(hidden):
                yield Break("field-hidden", here, hidden)
            yield from self.compare(part, new[name], way, here)
        for name in new.keys() - old.keys():
            if way == "in" and name in new_needed:
                yield Break("required-field-added", f"{at}.{name}", name)

    def _rest(self, was: Node, now: Node, way: str, at: str) -> Iterator[Break]:
        old, new = was.get("additionalProperties", True), now.get("additionalProperties", True)
        here = f"{at}.*"
        if new is False and old is not False:
            if way == "in" or not was.get("properties"):
                yield Break("other-fields-refused", here, "")
        elif isinstance(old, dict) or isinstance(new, dict):
            empty: Node = {}
            yield from self.compare(
                old if isinstance(old, dict) else empty, new if isinstance(new, dict) else empty, way, here
            )

    def _discriminators(self, was: Node, now: Node, at: str) -> Iterator[Break]:
        old, new = was.get("discriminator"), now.get("discriminator")
        if bool(old) != bool(new) or (old and new and old["propertyName"] != new["propertyName"]):
            yield Break("discriminator-changed", at, str((new or {}).get("propertyName")))
        for value, target in (old or {}).get("mapping", {}).items():
            if new and new.get("mapping", {}).get(value) != target:
                yield Break("discriminator-changed", at, value)


def _name(schema: Node) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return kinds[type(value)]


def _values(was: Node, now: Node, way: str, at: str) -> Iterator[Break]:
    old, new = ([node["const"]] if "const" in node else node.get("enum") for node in (was, now))
    for word in ("format", "contentMediaType", "contentEncoding"):
        if was.get(word) != now.get(word):
            yield Break("format-changed", at, f"{was.get(word)} is {now.get(word)}")
    if way == "in":
        if new is not None and old is None:
            yield Break("value-refused", at, "a list of values now")
        for value in old or ():
            if new is not None and value not in new:
                yield Break("value-refused", at, str(value))
    elif not now.get("x-extensible-enum") or not was.get("x-extensible-enum"):
        if old is not None and new is None:
            yield Break("value-added", at, "any value now")
        for value in new or ():
            if old is not None and value not in old:
                yield Break("value-added", at, str(value))
    names = [
        dict(zip(map(str, node.get("enum", ())), node.get("x-enum-varnames", ()), strict=False)) for node in (was, now)
    ]
    for value, name in names[0].items():
        if names[1].get(value, name) != name:
            yield Break("value-renamed", at, names[1][value])


def _limits(was: Node, now: Node, way: str, at: str) -> Iterator[Break]:
    for word, more_is_wider in MORE_IS_WIDER.items():
        old, new = was.get(word), now.get(word)
        if old == new or (way == "out" and word in NO_LIMIT_TO_READERS):
            continue
        usual = 0 if word in ("minLength", "minItems", "minProperties") else None
        old, new = (usual if old is None else old), (usual if new is None else new)
        if old == new:
            continue
        wider = new is None if old is None or new is None else (new > old) == more_is_wider
        if wider == (way == "out"):
            yield Break("limit-wider" if wider else "limit-tighter", at, f"{word}: {old} is {new}")
    if was.get("pattern") != now.get("pattern"):
        free = "pattern" not in (now if way == "in" else was)
        if not free:
            yield Break("pattern-changed", at, str(now.get("pattern")))
    if way == "in" and "multipleOf" in now and was.get("multipleOf", 0) % now["multipleOf"] != 0:
        yield Break("limit-tighter", at, "multipleOf")
    if way == "in" and "multipleOf" in now and "multipleOf" not in was:
        yield Break("limit-tighter", at, "multipleOf")
    if now.get("uniqueItems", False) != was.get("uniqueItems", False) and now.get("uniqueItems", False) == (
        way == "in"
    ):
        yield Break("limit-tighter" if way == "in" else "limit-wider", at, "uniqueItems")
