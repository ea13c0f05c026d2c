"""Structured logs: one JSON line an event, only fields on the allow-list, never content."""

import logging
import sys
from typing import Any

import structlog

ALLOWED = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "request_id",
        "method",
        "path",
        "status",
        "ms",
        "organization_id",
        "person_id",
        "client_id",
        "kind",
        "job_id",
        "attempt",
        "subject_id",
        "count",
        "seconds",
        "error",
        "port",
        "host",
        "version",
        "organization",
        "locale",
        "state",
        "digest",
    ]
)


def _allowed_only(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {name: value for name, value in event.items() if name in ALLOWED}


def configure(level: str) -> None:
    """Set up logging of this process; other libraries' warnings come along as plain events."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _allowed_only,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format='{"level":"%(levelname)s","event":"%(name)s"}')


log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
