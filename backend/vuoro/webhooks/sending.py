"""Sending what is due to one endpoint: a few at a time, retried over a day, and off where nobody listens.

An event arrives at least once, and under the same id at every attempt; nothing is sent with a transaction open.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from vuoro.core import clock, outward
from vuoro.core.actor import Actor
from vuoro.core.db import Database, Db, touch
from vuoro.core.history import audit
from vuoro.core.outbox import emit
from vuoro.pairs.models import Pair
from vuoro.webhooks import service, signing
from vuoro.webhooks.deliveries import DUE
from vuoro.webhooks.events import BODIES, WITHOUT_CONSENT
from vuoro.webhooks.models import WebhookDelivery, WebhookEndpoint

AT_ONCE, ROUNDS = 8, 4
SECONDS, ANSWER_BYTES, KEPT_ATTEMPTS = 10, 64_000, 20
#: How long after each failed attempt the next one comes; a day in all.
DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 240, 480, 600)]
FAILING_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Message:
    """One attempt to come."""

    delivery_id: UUID
    event_id: UUID
    url: str
    secrets: list[str]
    body: bytes


async def send_due(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Send what is due to one endpoint. Where a whole round failed, the rest waits for the next sweep."""
    endpoint_id = UUID(payload["endpoint_id"])
    for _ in range(ROUNDS):
        async with database.transaction(actor) as db:
            messages = await _take(db, endpoint_id)
        if not messages:
            return
        tried = await asyncio.gather(*(_send(message) for message in messages))
        async with database.transaction(actor) as db:
            if not await _keep(
                db, endpoint_id, dict(zip([message.delivery_id for message in messages], tried, strict=True))
            ):
                return
    async with database.transaction(actor) as db:
        emit(db, DUE, {"endpoint_id": str(endpoint_id)})


async def _take(db: Db, endpoint_id: UUID) -> list[Message]:
    endpoint = await db.find(WebhookEndpoint, endpoint_id)
    if endpoint is None or endpoint.off_because is not None:
        return []
    rows = list(
        await db.scalars(
            select(WebhookDelivery)
            .where(
                WebhookDelivery.organization_id == db.organization_id,
                WebhookDelivery.endpoint_id == endpoint_id,
                WebhookDelivery.state == "waiting",
                WebhookDelivery.due_at <= clock.now(),
            )
            .order_by(WebhookDelivery.due_at, WebhookDelivery.id)
            .limit(AT_ONCE)
        )
    )
    hidden = await _taken_back(db, rows)
    for row in rows:
        if row.id in hidden:
            row.state, row.due_at = "withheld", None
    live = await service.secrets_of(db, endpoint) if rows else []
    return [
        Message(row.id, row.event_id, endpoint.url, live, body_of(row.event_type, row.happened_at, row.data))
        for row in rows
        if row.id not in hidden
    ]


async def _taken_back(db: Db, rows: list[WebhookDelivery]) -> set[UUID]:
    """Deliveries about a pair whose mentor has taken the consent back since they were written."""
    pairs = {
        row.id: UUID(row.data["pair_id"])
        for row in rows
        if "pair_id" in row.data and row.event_type != WITHOUT_CONSENT
    }  # fmt: skip
    if not pairs:
        return set()
    shared = set(
        await db.scalars(
            select(Pair.id).where(
                Pair.organization_id == db.organization_id, Pair.id.in_(pairs.values()), Pair.shared
            )
        )
    )  # fmt: skip
    return {id for id, pair_id in pairs.items() if pair_id not in shared}


def body_of(event_type: str, happened_at: datetime, data: dict[str, Any]) -> bytes:
    """What is sent, the same bytes at every attempt."""
    body = BODIES[event_type](type=event_type, timestamp=happened_at, data=data)
    return json.dumps(body.model_dump(mode="json"), separators=(",", ":")).encode()


async def _send(message: Message) -> dict[str, Any]:
    """One attempt, as the log keeps it."""
    at, began = clock.now(), time.monotonic()
    status, error, detail = None, None, None
    try:
        answer = await outward.fetch(
            "POST",
            message.url,
            headers=signing.headers(message.secrets, message.event_id, at, message.body),
            body=message.body,
            timeout_s=SECONDS,
            max_bytes=ANSWER_BYTES,
        )
        status = answer.status
        if not 200 <= status < 300:
            error = "gone" if status == 410 else "redirect" if 300 <= status < 400 else "status"
    except outward.OutwardRefused as fault:
        error, detail = "refused", str(fault)
    except outward.OutwardFailed as fault:
        error, detail = "no_answer", str(fault)
    return {
        "at": at.isoformat(),
        "status": status,
        "duration_ms": round((time.monotonic() - began) * 1000),
        "error": error,
        "detail": detail,
    }


async def _keep(db: Db, endpoint_id: UUID, attempts: dict[UUID, dict[str, Any]]) -> bool:
    """Write the attempts down, by delivery; whether anything arrived."""
    endpoint = await db.find(WebhookEndpoint, endpoint_id, lock=True)
    if endpoint is None:
        return False
    rows = await db.scalars(
        select(WebhookDelivery)
        .where(WebhookDelivery.organization_id == db.organization_id, WebhookDelivery.id.in_(attempts))
        .order_by(WebhookDelivery.id)
        .with_for_update()
    )
    now = clock.now()
    for row in rows:
        _note(row, attempts[row.id], now)
    errors = [attempt["error"] for attempt in attempts.values()]
    arrived = None in errors
    endpoint.failing_since = None if arrived else endpoint.failing_since or now
    if endpoint.off_because is None:
        if "gone" in errors:
            await _give_up(db, endpoint, "gone")
        elif endpoint.failing_since is not None and now - endpoint.failing_since >= FAILING_FOR:
            await _give_up(db, endpoint, "failing")
    return arrived


def _note(row: WebhookDelivery, attempt: dict[str, Any], now: datetime) -> None:
    row.attempts = [*row.attempts, attempt][-KEPT_ATTEMPTS:]
    row.tries += 1
    if row.state != "waiting":  # turned off meanwhile
        return
    if attempt["error"] is None:
        row.state, row.due_at = "delivered", None
    elif row.tries > len(DELAYS):
        row.state, row.due_at = "failed", None
    else:
        row.due_at = now + DELAYS[row.tries - 1]


async def _give_up(db: Db, endpoint: WebhookEndpoint, because: Any) -> None:
    await db.flush()
    await service.turn_off(db, endpoint, because)
    touch(endpoint)
    audit(db, "webhook_endpoint.turn_off", endpoint.id)
    emit(db, "webhook.turned_off", {"endpoint_id": str(endpoint.id)})
