"""Runs later work at once: what the outbox holds, through the handlers, with the worker's login."""

from sqlalchemy import select, update

from vuoro.core import clock
from vuoro.core.db import Database
from vuoro.core.outbox import OutboxFact


async def run_due(worker: Database) -> list[str]:
    """Run every due fact of every organization until none is left; the kinds that ran, in order."""
    from vuoro.worker import run_fact

    ran: list[str] = []
    for _ in range(1000):
        async with worker.transaction() as db:
            facts = (
                await db.execute(
                    select(OutboxFact.organization_id, OutboxFact.id, OutboxFact.kind, OutboxFact.payload)
                    .where(OutboxFact.relayed_at.is_(None), OutboxFact.due_at <= clock.now())
                    .order_by(OutboxFact.due_at, OutboxFact.id)
                )
            ).all()
            await db.execute(
                update(OutboxFact).where(OutboxFact.id.in_([fact.id for fact in facts])).values(relayed_at=clock.now())
            )
        if not facts:
            return ran
        for fact in facts:
            await run_fact(worker, fact.organization_id, fact.id, fact.kind, fact.payload)
            ran.append(fact.kind)
    raise AssertionError(f"the outbox never empties; last: {ran[-5:]}")
