"""What a pair is worth to the whole programme, exactly: what parting two, or forcing two together, would cost."""

import asyncio
from typing import Any
from uuid import UUID

from vuoro.core.db import Db
from vuoro.core.errors import Conflict
from vuoro.matching import certificates, intake
from vuoro.matching.engine import explain
from vuoro.matching.engine.market import Market
from vuoro.matching.models import MatchRun


class MatchRunStale(Conflict):
    """The run's prices do not hold any more, or never did."""

    code = "match_run_stale"
    text = "People or their data have changed since this search. Search again."


async def parting(db: Db, run: MatchRun, mentor: UUID, mentee: UUID) -> tuple[int, UUID | None, UUID | None]:
    """What the whole program would lose without this pair, in millionths, and whom mentor and mentee would have then.

    Raises:
        MatchRunStale: people or their data have changed since the run, or it was stopped early.
    """
    market, prices, pairs, least = await _proof(db, run)
    try:
        found = await asyncio.to_thread(explain.parting, market, prices, pairs, str(mentor), str(mentee), least)
    except explain.Stale as error:
        raise MatchRunStale from error
    mentor_next, mentee_next = (UUID(id) if id else None for id in (found.mentor_next, found.mentee_next))
    return found.cost, mentor_next, mentee_next


async def loss(db: Db, run: MatchRun, mentor: UUID, mentee: UUID) -> int | None:
    """What the whole program would lose by pinning these two, in millionths; None when that cannot be known."""
    try:
        market, prices, pairs, least = await _proof(db, run)
        return await asyncio.to_thread(explain.forcing, market, prices, pairs, str(mentor), str(mentee), least)
    except (MatchRunStale, explain.Stale):
        return None


async def _proof(db: Db, run: MatchRun) -> tuple[Market, Any, list[tuple[str, str]], int]:
    """What proves a run: its market with the people as they are now, its prices and pairs, the least score of one."""
    kept = await certificates.kept(db, run.id)
    if kept is None or not run.proven:
        raise MatchRunStale
    given = await intake.read(db, run.program_id, run.cohort_id)
    body = kept.body
    prices = tuple({one["person_id"]: one["price"] for one in body[f"{side}_prices"]} for side in ("mentor", "mentee"))
    pairs = [(one["mentor_id"], one["mentee_id"]) for one in body["pairs"]]
    return certificates.as_given(given.market, kept.market), prices, pairs, body["least"]
