"""The worker: relays the outbox to the job queue, runs the jobs, and sweeps what is due every minute."""

import asyncio
import signal
from contextlib import AsyncExitStack, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import procrastinate
from sqlalchemy import select, text, update

import vuoro.reactions  # noqa: F401 - whatever reacts to facts
from vuoro.core import clock, jobs, memory
from vuoro.core.actor import Actor
from vuoro.core.db import Database
from vuoro.core.log import log
from vuoro.core.outbox import OutboxFact
from vuoro.core.settings import Settings
from vuoro.identity.models import Organization

if TYPE_CHECKING:
    from vuoro.core.metrics import Work

POLL_SECONDS = 0.3
TICK_SECONDS = 60
BATCH = 100
ATTEMPTS = 8
HEARTBEAT, STALLED = 3.0, 15.0
# What may take long, or come in thousands from a directory, has a queue of its own, so that mails do not wait for it.
QUEUES = {
    "match_run.queued": "slow",
    **dict.fromkeys(("webhook.due", "person.created", "person.changed", "person.left"), "webhooks"),
}

# How many run at once, by queue.
AT_ONCE = {"facts": 4, "slow": 1, "webhooks": 8}
LOOK_SECONDS = 15

_LAG = text(
    "select coalesce(extract(epoch from cast(:now as timestamptz) - min(due_at)), 0) from outbox"
    " where relayed_at is null and due_at <= :now"
)
_DUE = text(
    "select queue_name, count(*) as jobs from jobs.procrastinate_jobs"
    " where status = 'todo' and coalesce(scheduled_at, :now) <= :now group by queue_name"
)
_FORGET_LIMITS = text("select auth.forget_limits(:before)")


async def relay(database: Database, queue: procrastinate.App) -> int:
    """Hand due facts to the job queue; a crash between the two hands them over again, and handlers bear that."""
    async with database.transaction() as db:
        rows = (
            await db.execute(
                select(OutboxFact.organization_id, OutboxFact.id, OutboxFact.kind, OutboxFact.payload)
                .where(OutboxFact.relayed_at.is_(None), OutboxFact.due_at <= clock.now())
                .order_by(OutboxFact.due_at)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
        ).all()  # fmt: skip
        for row in rows:
            if row.kind in jobs.handlers:
                await queue.configure_task(
                    "fact", queue=QUEUES.get(row.kind, "facts"), lock=_lock(row.kind, row.payload)
                ).defer_async(
                    organization_id=str(row.organization_id), fact_id=str(row.id), kind=row.kind, payload=row.payload
                )
        if rows:
            await db.execute(
                update(OutboxFact).where(OutboxFact.id.in_([row.id for row in rows])).values(relayed_at=clock.now())
            )
    return len(rows)


async def run_fact(
    database: Database, organization_id: UUID, fact_id: UUID, kind: str, payload: dict[str, Any]
) -> None:
    """Run every handler of one fact; the payload carries the fact's id along.

    One that fails keeps no other from its work; the job fails with the first fault, and all run again.
    """
    actor, faults = Actor(organization_id), []
    for handler in jobs.handlers.get(kind, ()):
        try:
            await handler(database, actor, {**payload, "fact_id": str(fact_id)})
        except Exception as fault:  # noqa: BLE001 - raised below
            faults.append(fault)
    if faults:
        raise faults[0]


def _lock(kind: str, payload: dict[str, Any]) -> str | None:
    """Events go to one endpoint in one job at a time, so that a slow one never takes the others' places."""
    return f"webhook {payload['endpoint_id']}" if kind == "webhook.due" else None


async def tick(database: Database) -> None:
    """Run every sweep for every organization, each in a transaction of its own."""
    moment = clock.now()
    async with database.transaction() as db:
        organizations = (await db.scalars(select(Organization.id))).all()
        await db.execute(_FORGET_LIMITS, {"before": moment - timedelta(hours=1)})
    for organization_id in organizations:
        for sweep in jobs.sweeps:
            async with database.transaction(Actor(organization_id)) as db:
                await sweep(db, moment)


async def look(database: Database, work: "Work") -> None:
    """Renew the figures that nobody counts: what waits, and for how long."""
    async with database.transaction() as db:
        work.lag.set(await db.scalar(_LAG, {"now": clock.now()}) or 0)
        waiting = {row.queue_name: row.jobs for row in await db.execute(_DUE, {"now": clock.now()})}
    for name in AT_ONCE:
        work.due.labels(name).set(waiting.get(name, 0))


def make_queue(config: Settings, database: Database, work: "Work | None" = None) -> procrastinate.App:
    """The job queue in the schema `jobs`, with its one task."""
    queue = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=_in_jobs(config.database_worker_url)))

    @queue.task(
        name="fact", retry=procrastinate.RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=3), pass_context=True
    )
    async def fact(
        context: procrastinate.JobContext, organization_id: str, fact_id: str, kind: str, payload: dict[str, Any]
    ) -> None:
        try:
            with work.job(kind) if work else nullcontext():
                await run_fact(database, UUID(organization_id), UUID(fact_id), kind, payload)
        except Exception as error:
            log.error(
                "job_failed", kind=kind, error=type(error).__name__, attempt=context.job.attempts, job_id=context.job.id
            )
            raise

    return queue


async def run(config: Settings) -> None:
    """Work until SIGTERM or SIGINT; a job under way gets five seconds, then the next start runs it again."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with Database(config.database_worker_url, pool_size=12) as database, AsyncExitStack() as opened:
        work = _counting(config, opened)
        queue = make_queue(config, database, work)
        memory.settle()
        async with queue.open_async():
            tasks = [
                asyncio.create_task(_for_ever(lambda: _relay_all(database, queue), POLL_SECONDS, stop)),
                asyncio.create_task(_for_ever(lambda: tick(database), TICK_SECONDS, stop)),
                asyncio.create_task(_for_ever(lambda: _retry_stalled(queue), STALLED, stop)),
                *([asyncio.create_task(_for_ever(lambda: look(database, work), LOOK_SECONDS, stop))] if work else []),
                *(
                    asyncio.create_task(
                        queue.run_worker_async(
                            queues=[name],
                            name=name,
                            concurrency=concurrency,
                            install_signal_handlers=False,
                            fetch_job_polling_interval=1.0,
                            update_heartbeat_interval=HEARTBEAT,
                            stalled_worker_timeout=STALLED,
                            shutdown_graceful_timeout=4.0,
                            delete_jobs="successful",
                        )
                    )
                    for name, concurrency in AT_ONCE.items()
                ),
            ]
            log.info("worker_ready")
            await stop.wait()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=5)
    log.info("worker_stopped")


def _counting(config: Settings, opened: AsyncExitStack) -> "Work | None":
    """Figures on a port of their own, when one is set."""
    if not config.worker_metrics_port:
        return None
    from vuoro.core.metrics import Work, told  # noqa: PLC0415 - costs nothing where nobody asks

    work = Work()
    place = config.metrics_host, config.worker_metrics_port
    opened.enter_context(told(work.registry, *place, "VUORO_WORKER_METRICS_PORT"))
    return work


async def _relay_all(database: Database, queue: procrastinate.App) -> None:
    while await relay(database, queue) == BATCH:
        pass


async def _retry_stalled(queue: procrastinate.App) -> None:
    """Jobs of a worker that died run again."""
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        await queue.job_manager.retry_job(job)


async def _for_ever(act: Any, seconds: float, stop: asyncio.Event) -> None:
    """Repeat until told to stop; a failed round is logged and the next one tries again."""
    while not stop.is_set():
        try:
            await act()
        except Exception as error:  # noqa: BLE001 - the next round tries again
            log.warning("round_failed", error=type(error).__name__)
        try:
            await asyncio.wait_for(stop.wait(), seconds)
        except TimeoutError:
            continue


def _in_jobs(dsn: str) -> str:
    """The worker's DSN with the queue's own schema first."""
    return f"{dsn}{'&' if '?' in dsn else '?'}options=-csearch_path%3Djobs"
