"""Staying in touch after the end: it takes two yeses, and nobody learns of a no."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Database, Db
from vuoro.core.errors import IllegalTransition
from vuoro.core.history import step
from vuoro.core.jobs import on
from vuoro.core.outbox import emit
from vuoro.pairs.ending import over
from vuoro.pairs.models import Pair, StayChoice
from vuoro.pairs.propose import program_settings
from vuoro.pairs.service import locked
from vuoro.pairs.states import legal_steps
from vuoro.people import lines
from vuoro.people.service import gone


async def choose(db: Db, me: Actor, pair_id: UUID, *, yes: bool) -> UUID:
    """Say whether one would stay in touch, as often as one likes; a no while in touch leaves it.

    Only the worker reads both choices, so the answer cannot tell whose no it was, or that there was one.
    """
    pair, side = await locked(db, me, pair_id)
    legal = legal_steps(pair.state, {side})
    if pair.state not in ("completed", "stay_in_touch"):
        raise IllegalTransition(pair.state, legal)
    if pair.state == "stay_in_touch" and not yes:
        over(db, pair, "completed", legal)
    now = clock.now()
    await db.execute(
        insert(StayChoice)
        .values(
            organization_id=me.organization_id, id=clock.uuid7(), pair_id=pair_id, person_id=me.person_id, yes=yes,
            chosen_at=now,
        )
        .on_conflict_do_update(
            index_elements=["organization_id", "pair_id", "person_id"], set_={"yes": yes, "chosen_at": now}
        )
    )  # fmt: skip
    emit(db, "pair.stay_chosen", {"pair_id": str(pair_id)})
    return pair_id


@on("pair.stay_chosen")
async def stay_if_both(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Keep a completed pair in touch when both said yes since its end; a second run changes nothing.

    Not when one has left, or when the two have come into one reporting line meanwhile (H1).
    """
    async with database.transaction(actor) as db:
        await lines.one_at_a_time(db)
        pair = await db.find(Pair, UUID(payload["pair_id"]), lock=True)
        if pair is None or pair.state != "completed" or pair.ended_at is None:
            return
        yeses = await db.scalar(
            select(func.count()).where(
                StayChoice.organization_id == actor.organization_id,
                StayChoice.pair_id == pair.id,
                StayChoice.yes.is_(True),
                StayChoice.chosen_at >= pair.ended_at,
            )
        )
        if yeses == 2 and await _may_meet(db, pair):
            step(db, "pair", pair, "stay_in_touch", legal_steps(pair.state, {"system"}))
            emit(db, "pair.stays_in_touch", {"pair_id": str(pair.id)})


async def _may_meet(db: Db, pair: Pair) -> bool:
    both = pair.mentor_id, pair.mentee_id
    chart = await lines.chart(db)
    if await gone(db, both) or any(id not in chart or chart.line(id) == "unknown" for id in both):
        return False
    rules = (await program_settings(db, [pair.program_id]))[pair.program_id].rules
    return not chart.conflicts([both], rules.top_exempt_distance)
