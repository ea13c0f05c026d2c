"""A worker that is killed loses no event and forges none. `make kill-worker`: ten times under 300 events."""

import asyncio
import os
import signal
import sys
from functools import partial
from random import Random

import pytest
from support.server import vuoro
from webhooks.test_endpoints import by_hand

KILLS, EVENTS = int(os.environ.get("VUORO_KILLS", "10")), int(os.environ.get("VUORO_EVENTS", "300"))
PATIENCE = 120


@pytest.fixture
async def worker(environment, target):
    """Starts a worker of its own process, as often as it is asked for."""
    running: list[asyncio.subprocess.Process] = []

    async def start() -> asyncio.subprocess.Process:
        settings = {**environment, "VUORO_OUTWARD_ALLOW": f"127.0.0.1:{target.port}", "VUORO_LOG_LEVEL": "error"}
        process = await vuoro("worker", environment=settings, stderr=asyncio.subprocess.DEVNULL)
        running.append(process)
        return process

    yield start
    for process in running:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


async def until(condition) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - another process makes it true
            await asyncio.sleep(0.05)


def _are(found, number: int) -> bool:
    return len(found()) >= number


@pytest.mark.skipif("VUORO_KILLS" not in os.environ, reason="takes minutes: make kill-worker")
async def test_a_killed_worker_loses_no_event_and_forges_none(worker, subscribe, hire, target, run_jobs):
    endpoint = await subscribe(target.url)
    target.slow = 0.1  # so that a kill finds some on their way
    people: set[str] = set()
    each, dice = EVENTS // (KILLS + 1), Random(7)

    def arrived() -> set[str]:
        return {event["data"]["person_id"] for event in target.events}

    for number in range(KILLS):
        process, before = await worker(), len(arrived())
        people |= {await hire(f"{number}-{which}") for which in range(each)}
        # Somewhere between the relay and the log, with some of this round's events sent and others not.
        await until(partial(_are, arrived, before + dice.randint(1, each - 1)))
        process.send_signal(signal.SIGKILL)
        await process.wait()
    await worker()
    people |= {await hire(f"last-{which}") for which in range(EVENTS - len(people))}
    await until(lambda: arrived() >= people)
    forged = [
        headers["webhook-id"] for headers, body in target.got
        if headers["webhook-signature"] != by_hand(endpoint["secret"], headers, body)
    ]  # fmt: skip
    bodies = {(headers["webhook-id"], body) for headers, body in target.got}
    missing, strange = people - arrived(), [*forged, *(arrived() - people)]
    told = f"{KILLS} kills, {len(people)} events, {len(target.got)} arrivals"
    sys.stdout.write(f"{told}: {len(missing)} missing, {len(strange)} forged\n")
    assert len(people) == EVENTS == len(bodies) == len({id for id, _ in bodies})
    assert arrived() == people
    assert forged == []
