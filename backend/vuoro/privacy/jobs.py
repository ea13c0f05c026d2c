"""What the worker does for privacy: retention every day, erasures when they are due."""

from datetime import datetime

from vuoro.core.db import Db
from vuoro.core.jobs import on_tick
from vuoro.privacy import erase, retention

__all__ = ["erase", "keep_no_longer"]


@on_tick
async def keep_no_longer(db: Db, now: datetime) -> None:
    """Delete what no rule of retention keeps any longer, once a day."""
    await retention.sweep(db, now)
