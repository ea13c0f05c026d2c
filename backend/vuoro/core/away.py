"""What says that the database is away for now: it starts, stops, has no room or had to choose between two writers."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy import exc as sql

from vuoro.core.log import log

# Of errors without a code of PostgreSQL's; those of the database itself are told apart by their code.
AWAY = (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError, sql.TimeoutError, sql.InvalidatePoolError)
# SQLSTATE classes: connection, resources, operator's intervention, lock timeout, deadlock and serialization.
_STATES = ("08", "53", "57", "55000", "55P03", "40")


def sqlstate(error: Exception) -> str:
    """PostgreSQL's code of what was refused; empty when the error is none of its."""
    # A failed COMMIT comes from the driver itself, everything else wrapped by SQLAlchemy.
    inner = getattr(error, "orig", error)
    if isinstance(inner.__cause__ or inner, asyncpg.DataError):
        return "22000"  # a value that the driver itself cannot send
    return getattr(inner, "sqlstate", None) or ""


def is_away(error: Exception) -> bool:
    """Whether the same may well succeed a moment later."""
    if getattr(error, "connection_invalidated", False):
        return True
    if state := sqlstate(error):
        return state.startswith(_STATES)
    return isinstance(error, AWAY) or isinstance(getattr(error, "orig", error).__cause__, AWAY)


@contextmanager
def may_be_away() -> Iterator[None]:
    """Leave the block, with a line in the log, when the database is away; every other fault goes on."""
    try:
        yield
    except Exception as error:
        if not is_away(error):
            raise
        log.warning("database_away", error=type(error).__name__)
