"""Later work: domains register handlers of outbox facts and sweeps of `tick`; the worker runs them."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from vuoro.core.db import Database, Db

Handler = Callable[[Database, Any, dict[str, Any]], Awaitable[None]]
Sweep = Callable[[Db, datetime], Awaitable[None]]

handlers: dict[str, list[Handler]] = {}
sweeps: list[Sweep] = []


def on(kind: str) -> Callable[[Handler], Handler]:
    """Register a handler of one kind of fact: `async (worker_database, actor, payload)`.

    A handler opens its own transactions and may run more than once for one fact: it must be idempotent.
    """

    def register(handler: Handler) -> Handler:
        handlers.setdefault(kind, []).append(handler)
        return handler

    return register


def on_tick(sweep: Sweep) -> Sweep:
    """Register a sweep of what is due: `async (db, now)`, run for each organization every minute."""
    sweeps.append(sweep)
    return sweep
