"""The only source of time. Deadlines are `due_at` columns swept by `tick(now)`, so tests live six months in seconds."""

import secrets
from datetime import UTC, datetime
from uuid import UUID

_frozen: datetime | None = None
_last = 0


def now() -> datetime:
    """The present moment, timezone-aware UTC."""
    return _frozen if _frozen is not None else datetime.now(UTC)


def freeze(at: datetime | None) -> None:
    """Hold the time at a moment, or let it run again with None; for tests and the simulator."""
    global _frozen
    _frozen = at


def moment_of(id: UUID) -> datetime:
    """When an id of `uuid7` was made, to the millisecond."""
    return datetime.fromtimestamp((id.int >> 80) / 1000, UTC)


def uuid7() -> UUID:
    """A new id (RFC 9562, version 7), later than every one before it in this process.

    48 bits of milliseconds, 12 bits that count within one, the rest random.
    """
    global _last
    _last = max(_last + 1, int(now().timestamp() * 1000) << 12)
    millis, count = _last >> 12, _last & 0xFFF
    return UUID(int=(millis & (1 << 48) - 1) << 80 | 0x7 << 76 | count << 64 | 0x2 << 62 | secrets.randbits(62))
