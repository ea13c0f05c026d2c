"""Finds what breaks clients between two OpenAPI documents: `breaking.py OLD NEW`, files as .json or .json.gz.

A client is one that sends what the old document allowed, reads what it promised, and was generated from it: names of
operations, tags, schemas and parameters are part of it. What was deprecated may go once its `x-sunset` has passed.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from schemas import Break, Schemas

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
Node = dict[str, Any]


def load(path: Path) -> Node:
    """A document from a file, compressed or not."""
    raw = path.read_bytes()
    document: Node = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    return document


def compare(old: Node, new: Node, today: date | None = None) -> list[Break]:
    """Every break between two documents, in the order of the old one."""
    day = today or date.today()  # noqa: TID251, DTZ011
    return list(dict.fromkeys(_Comparison(old, new, day).run()))


def _plain(path: str) -> str:
    """A path without the names of its parameters."""
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def _gone(node: Node, today: date) -> bool:
    """Whether something was announced to be gone by now."""
    return bool(node.get("deprecated")) and date.fromisoformat(node.get("x-sunset", "9999-12-31")) <= today


@dataclass
class _Comparison:
    old: Node
    new: Node
    today: date
    schemas: Schemas = field(init=False)

    def __post_init__(self) -> None:
        self.schemas = Schemas(self.old, self.new, lambda node: _gone(node, self.today))

    def run(self) -> Iterator[Break]:
        yield from self._servers()
        yield from self._schemes()
        yield from self._paths("paths")
        yield from self._paths("webhooks")

    def _servers(self) -> Iterator[Break]:
        now = {server["url"] for server in self.new.get("servers", ())}
        for server in self.old.get("servers", ()):
            if server["url"] not in now:
                yield Break("server-removed", "/servers", server["url"])

    def _schemes(self) -> Iterator[Break]:
        now = self.new.get("components", {}).get("securitySchemes", {})
        for name, scheme in self.old.get("components", {}).get("securitySchemes", {}).items():
            at = f"/components/securitySchemes/{name}"
            if name not in now:
                yield Break("security-scheme-removed", at, name)
                continue
            for part in ("type", "in", "name", "scheme"):
                if scheme.get(part) != now[name].get(part):
                    yield Break("security-scheme-changed", f"{at}/{part}", str(now[name].get(part)))
            for flow, was in scheme.get("flows", {}).items():
                is_ = now[name].get("flows", {}).get(flow)
                if is_ is None:
                    yield Break("security-flow-removed", f"{at}/flows/{flow}", flow)
                    continue
                for part in ("authorizationUrl", "tokenUrl"):
                    if was.get(part) != is_.get(part):
                        yield Break("security-scheme-changed", f"{at}/flows/{flow}/{part}", str(is_.get(part)))
                for scope in was.get("scopes", {}).keys() - is_.get("scopes", {}).keys():
                    yield Break("scope-removed", f"{at}/flows/{flow}/scopes", scope)

    def _paths(self, kind: str) -> Iterator[Break]:
        now = {_plain(path): (path, item) for path, item in self.new.get(kind, {}).items()}
        for path, item in self.old.get(kind, {}).items():
            found = now.get(_plain(path))
            for method in METHODS:
                if method not in item:
                    continue
                was, at = item[method], f"/{kind}/{path}/{method}"
                if found is None or method not in found[1]:
                    if not _gone(was, self.today):
                        yield Break("path-removed" if found is None else "method-removed", at, method.upper())
                    continue
                if path != found[0]:
                    yield Break("path-parameter-renamed", at, found[0])
                shared = (item.get("parameters", ()), found[1].get("parameters", ()))
                yield from self._operation(was, found[1][method], at, shared, sent_by_us=kind == "webhooks")

    def _operation(
        self, was: Node, now: Node, at: str, shared: tuple[Any, Any], *, sent_by_us: bool
    ) -> Iterator[Break]:
        if was.get("operationId") != now.get("operationId"):
            yield Break("operation-renamed", f"{at}/operationId", str(now.get("operationId")))
        if was.get("tags", [None])[:1] != now.get("tags", [None])[:1]:
            yield Break("tag-changed", f"{at}/tags", str(now.get("tags")))
        if sent_by_us:
            yield from self._content(was.get("requestBody", {}), now.get("requestBody", {}), f"{at}/requestBody", "out")
            return
        yield from self._security(was, now, at)
        yield from self._parameters(
            (*shared[0], *was.get("parameters", ())), (*shared[1], *now.get("parameters", ())), at
        )
        yield from self._body(was, now, at)
        yield from self._answers(was, now, at)

    def _security(self, was: Node, now: Node, at: str) -> Iterator[Break]:
        old = was.get("security", self.old.get("security", [])) or [{}]
        new = now.get("security", self.new.get("security", [])) or [{}]
        for way in old:
            fits = any(
                all(name in way and set(scopes) <= set(way[name]) for name, scopes in other.items()) for other in new
            )
            if not fits:
                yield Break("security-tightened", f"{at}/security", ", ".join(way) or "nobody signed in")

    def _parameters(self, old: Any, new: Any, at: str) -> Iterator[Break]:
        def named(parts: Any, document: Node) -> dict[tuple[str, str], Node]:
            found = [self.schemas.resolve(part, document) for part in parts]
            return {
                (part["in"], part["name"].lower() if part["in"] == "header" else part["name"]): part for part in found
            }

        was_all, now_all = named(old, self.old), named(new, self.new)
        for key, was in was_all.items():
            place, name = key
            here = f"{at}/parameters/{place}/{name}"
            now = now_all.get(key)
            if now is None:
                if place != "path" and not _gone(was, self.today):
                    yield Break("parameter-removed", here, name)
                continue
            if now.get("required") and not was.get("required"):
                yield Break("parameter-required", here, name)
            usual = ("form", True) if place in ("query", "cookie") else ("simple", False)
            how = [(part.get("style", usual[0]), part.get("explode", usual[1])) for part in (was, now)]
            if how[0] != how[1]:
                yield Break("parameter-style", here, str(how[1]))
            yield from self.schemas.compare(was.get("schema", {}), now.get("schema", {}), "in", here)
        for key, now in now_all.items():
            if key not in was_all and now.get("required") and key[0] != "path":
                yield Break("required-parameter-added", f"{at}/parameters/{key[0]}/{key[1]}", key[1])

    def _body(self, was: Node, now: Node, at: str) -> Iterator[Break]:
        old = self.schemas.resolve(was.get("requestBody"), self.old)
        new = self.schemas.resolve(now.get("requestBody"), self.new)
        here = f"{at}/requestBody"
        if old and not new:
            yield Break("body-removed", here, "")
        elif new and not old and new.get("required"):
            yield Break("body-required", here, "")
        elif old and new:
            if new.get("required") and not old.get("required"):
                yield Break("body-required", here, "")
            yield from self._content(old, new, here, "in")

    def _content(self, old: Node, new: Node, at: str, way: str) -> Iterator[Break]:
        now = new.get("content", {})
        for media, was in old.get("content", {}).items():
            if media not in now:
                yield Break("media-type-removed", f"{at}/{media}", media)
            elif "schema" in was:
                yield from self.schemas.compare(was["schema"], now[media].get("schema", {}), way, f"{at}/{media}")

    def _answers(self, was: Node, now: Node, at: str) -> Iterator[Break]:
        old_all, new_all = was.get("responses", {}), now.get("responses", {})
        for status, answer in old_all.items():
            here = f"{at}/responses/{status}"
            old = self.schemas.resolve(answer, self.old)
            new = self.schemas.resolve(new_all.get(status), self.new)
            if not new:
                if status[0] in "23":
                    yield Break("success-removed", here, status)
                continue
            for name in old.get("headers", {}).keys() - new.get("headers", {}).keys():
                yield Break("header-removed", f"{here}/headers", name)
            if old.get("content") and not new.get("content"):
                yield Break("media-type-removed", here, "every one")
            else:
                yield from self._content(old, new, here, "out")
        for status in new_all:
            if status[0] == "2" and status not in old_all:
                yield Break("success-added", f"{at}/responses/{status}", status)


def main(arguments: list[str]) -> int:
    """The exit status: 1 when something breaks a client."""
    if len(arguments) != 2:
        print(__doc__)
        return 2
    found = compare(load(Path(arguments[0])), load(Path(arguments[1])))
    for each in found:
        print(each)
    print(f"{len(found)} breaks of clients")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
