"""The operations: each is analysed with its first call, and found without asking all of them.

A process meets few of them at once; to analyse all took a quarter of each start, and their router analysed them again.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Any

from fastapi import APIRouter, Depends, params
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match, compile_path
from starlette.types import Receive, Scope, Send

from vuoro.core.http import known_query

_ANALYSIS = threading.RLock()  # the contract, which asks about all, is written in a thread
_OF_THE_PATH = ("path_regex", "path_format", "param_convertors")


class Operation(APIRoute):
    """A route of which path, methods and function are known at once, and everything else when it is asked for."""

    def __init__(self, path: str, endpoint: Callable[..., Any], *, methods: Iterable[str], **options: Any) -> None:
        self.path, self.endpoint, self.methods = path, endpoint, set(methods)
        self._options = options

    def __getattr__(self, name: str) -> Any:
        with _ANALYSIS:
            if name not in self.__dict__ and name in _OF_THE_PATH:
                self.path_regex, self.path_format, self.param_convertors = compile_path(self.path)
            if name not in self.__dict__ and (options := self.__dict__.pop("_options", None)):
                super().__init__(self.path, self.endpoint, methods=self.methods, **options)
        try:
            return self.__dict__[name]
        except KeyError:
            raise AttributeError(name) from None


class Router(APIRouter):
    """The operations of a domain, which refuse a parameter that they do not have."""

    def __init__(
        self, *, tags: list[str | Enum], prefix: str = "", dependencies: Sequence[params.Depends] | None = None
    ) -> None:
        if dependencies is None:
            dependencies = [Depends(known_query)]
        super().__init__(prefix=prefix, tags=tags, dependencies=dependencies, route_class=Operation)


class Operations(BaseRoute):
    """All of them; a path is held against those only that are as long and whose telling part is the same."""

    def __init__(self, *routers: APIRouter) -> None:
        self.all = [route for router in routers for route in router.routes if isinstance(route, Operation)]
        self._by_shape: defaultdict[tuple[int, str], list[Operation]] = defaultdict(list)
        for route in self.all:
            self._by_shape[_shape(route.path)].append(route)
        assert not any(part.startswith("{") for _, part in self._by_shape)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The first that takes path and method; else the first that takes the path."""
        partly: tuple[Match, Scope] = Match.NONE, {}
        for route in self._by_shape.get(_shape(scope["path"]), ()):
            found = route.matches(scope)
            if found[0] is Match.FULL:
                return found
            if partly[0] is Match.NONE:
                partly = found
        return partly

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the one that was found."""
        await scope["route"].handle(scope, receive, send)


def _shape(path: str) -> tuple[int, str]:
    """How many parts a path has, and which one tells most: the second of `/v1/pairs/…`, else the first."""
    parts = path.split("/")
    return len(parts), parts[2] if parts[1:2] == ["v1"] and len(parts) > 2 else parts[1]
