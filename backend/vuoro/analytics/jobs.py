"""What the worker does for figures: it publishes the waves of answers that have closed, past the publication audit."""

from datetime import datetime
from random import SystemRandom

from vuoro.core.db import Db
from vuoro.core.jobs import on_tick
from vuoro.feedback import waves


@on_tick
async def publish_waves(db: Db, now: datetime) -> None:
    """Publish each closed wave once."""
    from vuoro.analytics import privacy  # noqa: PLC0415 - with it numpy, which the API never needs

    chance = SystemRandom()
    await waves.publish_due(db, now, lambda told, people: privacy.counted(told, people, chance), privacy.admit)
