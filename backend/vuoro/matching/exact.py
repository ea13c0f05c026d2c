"""What a pair is worth to the whole programme, exactly: what parting two, or forcing two together, would cost."""

import asyncio
import json
from typing import Any
from uuid import UUID

from vuoro.core.db import Db
from vuoro.core.errors import Busy, Conflict
from vuoro.matching import certificates, child, intake
from vuoro.matching.engine.market import Market, dump
from vuoro.matching.engine.solution import Stale
from vuoro.matching.models import MatchRun

#: Up to so many people a thread does: it holds the interpreter for some milliseconds, where a process takes half a
#: second to begin. With thousands a single step of it would hold everybody up for seconds.
FEW = 500
LONGEST_SECONDS = 50.0
#: Each waits with a connection of the database in its hands, and a processor of its own.
_one_at_a_time = asyncio.Lock()


class MatchRunStale(Conflict):
    """The run's prices do not hold any more, or never did."""

    code = "match_run_stale"
    text = "People or their data have changed since this search. Search again."


async def parting(db: Db, run: MatchRun, mentor: UUID, mentee: UUID) -> tuple[int, UUID | None, UUID | None]:
    """What the whole program would lose without this pair, in millionths, and whom mentor and mentee would have then.

    Raises:
        MatchRunStale: people or their data have changed since the run, or it was stopped early.
    """
    cost, *following = await _ask(db, run, ("parting", str(mentor), str(mentee)))
    mentor_next, mentee_next = (UUID(id) if id else None for id in following)
    return cost, mentor_next, mentee_next


async def loss(db: Db, run: MatchRun, mentor: UUID, mentee: UUID) -> int | None:
    """What the whole program would lose by pinning these two, in millionths; None when that cannot be known."""
    try:
        lost: int = await _ask(db, run, ("forcing", str(mentor), str(mentee)))
    except (MatchRunStale, Busy, child.MatchError):
        return None
    return lost


async def _ask(db: Db, run: MatchRun, question: child.Question) -> Any:
    """Asks with the people as they are now, and everything else as the run was given it.

    Raises:
        Busy: with thousands of people, while another such question is being answered, or when it took too long.
    """
    kept = await certificates.kept(db, run.id) if run.proven else None
    if kept is None:
        raise MatchRunStale
    certificate, given = kept
    now = (await intake.read(db, run.program_id, run.cohort_id)).market
    try:
        if len(now.participants) <= FEW:
            return await asyncio.to_thread(lambda: child.about(_as_given(now, given), certificate, question))
        market_json = await asyncio.to_thread(lambda: dump(_as_given(now, given)))
        if _one_at_a_time.locked():
            raise Busy
        async with _one_at_a_time:
            return await child.ask(market_json, certificate, question, LONGEST_SECONDS)
    except Stale as error:
        raise MatchRunStale from error
    except child.MatchTimedOutError as error:
        raise Busy(60) from error


def _as_given(now: Market, given: str) -> Market:
    return certificates.as_given(now, json.loads(given))
