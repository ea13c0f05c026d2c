"""The only source of time. Deadlines are `due_at` columns swept by `tick(now)`, so tests live six months in seconds."""

import secrets
from datetime import UTC, datetime
from uuid import UUID

_frozen: datetime | None = None


def now() -> datetime:
    """The present moment, timezone-aware UTC."""
    return _frozen if _frozen is not None else datetime.now(UTC)


def freeze(at: datetime | None) -> None:
    """Hold the time at a moment, or let it run again with None; for tests and the simulator."""
    global _frozen
    _frozen = at


def uuid7() -> UUID:
    """A new time-ordered id (RFC 9562, version 7): 48 bits of milliseconds, the rest random."""
    millis = int(now().timestamp() * 1000)
    value = (millis & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
