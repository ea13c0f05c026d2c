"""Figures for Prometheus, on a port of their own and off unless one is set: how much, how long, how many.

Labels are words of the code: never an id, an address, a path or an organization. That a concern was raised does not
show either: what has to do with concerns is counted among `other`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Scope

from vuoro.core.settings import SettingsError

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
JOB_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900)
OTHER = "other"


def shown(word: str) -> str:
    """A name of the code as a label."""
    return OTHER if word.startswith("concern") else word


class Requests:
    """What the API counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._total = Counter(
            "vuoro_requests", "Requests answered", ["operation", "method", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "vuoro_request_seconds", "How long they took", ["operation"], registry=self.registry,
            buckets=REQUEST_SECONDS,
        )  # fmt: skip
        self.in_flight = Gauge("vuoro_requests_in_flight", "Requests not answered yet", registry=self.registry)
        self._pools = Gauge(
            "vuoro_database_connections_in_use", "Connections in use", ["login"], registry=self.registry
        )
        self._kept: dict[tuple[str, str, int], tuple[Any, Any]] = {}

    def answered(self, scope: Scope, shape: str, status: int, seconds: float) -> None:
        """Count a request. `shape` tells of one that no operation took."""
        key = getattr(scope.get("route"), "operation_id", None) or shape, scope["method"], status // 100
        found = self._kept.get(key)
        if found is None:
            method, operation = key[1] if key[1] in METHODS else OTHER, shown(key[0])
            found = self._total.labels(operation, method, f"{key[2]}xx"), self._seconds.labels(operation)
            if method != OTHER:  # others may be of any number
                self._kept[key] = found
        found[0].inc()
        found[1].observe(seconds)

    def watch(self, login: str, engine: AsyncEngine) -> None:
        """Show how many connections of a pool are in use."""
        self._pools.labels(login).set_function(engine.pool.checkedout)  # type: ignore[attr-defined]


class Work:
    """What the worker counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._total = Counter("vuoro_jobs", "Jobs ended", ["kind", "outcome"], registry=self.registry)
        self._seconds = Histogram(
            "vuoro_job_seconds", "How long they took", ["kind"], registry=self.registry, buckets=JOB_SECONDS
        )
        self.lag = Gauge("vuoro_outbox_lag_seconds", "Age of the oldest due fact not handed on", registry=self.registry)
        self.due = Gauge("vuoro_jobs_due", "Jobs that wait, mails among facts", ["queue"], registry=self.registry)

    @contextmanager
    def job(self, kind: str) -> Iterator[None]:
        """Count one job with its end."""
        kind = shown(kind)
        outcome = "failed"
        with self._seconds.labels(kind).time():
            try:
                yield
                outcome = "done"
            finally:
                self._total.labels(kind, outcome).inc()


@contextmanager
def told(registry: CollectorRegistry, host: str, port: int, name: str) -> Iterator[None]:
    """Answer on the port while this lasts; SettingsError with the setting's `name` when it cannot be had."""
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        raise SettingsError(f"{name}: port {port} on {host} cannot be used: {error.strerror}") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
