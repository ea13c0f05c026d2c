"""Engines that outlive a test: what SQLAlchemy compiled for one test's database serves the next test's as well."""

from typing import Any

from sqlalchemy import Dialect, event
from sqlalchemy.engine.url import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from vuoro.core import db

_idle: dict[str, list[AsyncEngine]] = {}


def stay() -> None:
    """From now on a `Database` takes an engine that an earlier one with the same settings has disposed of."""
    db.create_async_engine = _engine


def _engine(url: str, **options: Any) -> AsyncEngine:
    target = make_url(url)
    kind = f"{target.username} {target.host}:{target.port} {options}"
    idle = _idle.setdefault(kind, [])
    engine = idle.pop() if idle else _new(url, idle, options)
    engine.sync_engine.dialect.database_of_this_test = target.database  # type: ignore[attr-defined]
    return engine


def _new(url: str, idle: list[AsyncEngine], options: dict[str, Any]) -> AsyncEngine:
    engine = create_async_engine(url, **options)

    @event.listens_for(engine.sync_engine, "do_connect")
    def connect_to_this_test(dialect: Dialect, _record: object, _arguments: object, values: dict[str, Any]) -> None:
        values["database"] = dialect.database_of_this_test  # type: ignore[attr-defined]

    @event.listens_for(engine.sync_engine, "engine_disposed")
    def keep(_engine: object) -> None:
        idle.append(engine)

    return engine
