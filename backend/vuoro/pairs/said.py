"""What one of the two said to an offer and nobody else learns (docs/decisions/11-a-no-leaves-no-trace.md)."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.pairs.models import PairAnswer


async def answers(db: Db, me: Actor, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What the caller said to these offers for nobody else to know, by pair."""
    rows = await db.execute(
        select(PairAnswer.pair_id, PairAnswer.answer).where(
            PairAnswer.organization_id == me.organization_id,
            PairAnswer.person_id == me.person_id,
            PairAnswer.pair_id.in_(list(ids)),
        )
    )
    return {pair_id: answer for pair_id, answer in rows}  # noqa: C416 - a Result is no mapping


async def keep(db: Db, me: Actor, pair_id: UUID, answer: str) -> None:
    """Keep the caller's "no", or "late" for a yes after the other's no; nothing else of the pair changes."""
    await db.execute(
        insert(PairAnswer).values(
            organization_id=me.organization_id,
            id=clock.uuid7(),
            pair_id=pair_id,
            person_id=me.person_id,
            answer=answer,
            created_at=clock.now(),
        )
    )
