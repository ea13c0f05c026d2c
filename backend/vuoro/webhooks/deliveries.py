"""The log of what was sent to an endpoint, and sending it again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, NotFound
from vuoro.core.history import audit
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import can
from vuoro.identity.access import require_admin
from vuoro.webhooks.events import EventType
from vuoro.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from vuoro.webhooks.schemas import WebhookAttemptOut, WebhookDeliveryOut
from vuoro.webhooks.service import EndpointOff, find

DUE = "webhook.due"
AGAIN = ("failed", "delivered")


class NotToReplay(Conflict):
    """It waits already, or must not be sent."""

    code, title = "not_to_replay", "This cannot be sent again"
    text = "What waits is sent by itself, and what a mentor took back is not sent at all."


async def search(
    db: Db, me: Actor, endpoint_id: UUID, page: Paging, state: DeliveryState | None, event_type: EventType | None
) -> tuple[list[WebhookDeliveryOut], str | None]:
    """One page of an endpoint's deliveries, newest first."""
    endpoint = await find(db, me, endpoint_id)
    query = select(WebhookDelivery).where(
        WebhookDelivery.organization_id == me.organization_id, WebhookDelivery.endpoint_id == endpoint_id
    )
    if state is not None:
        query = query.where(WebhookDelivery.state == state)
    if event_type is not None:
        query = query.where(WebhookDelivery.event_type == event_type)
    return await keyset(
        db, query, [WebhookDelivery.id], page, lambda row: _show(row[0], endpoint),
        scope=f"webhook_deliveries {endpoint_id} {state} {event_type}", descending=True, parse=[UUID],
    )  # fmt: skip


async def get(db: Db, me: Actor, endpoint_id: UUID, delivery_id: UUID) -> WebhookDeliveryOut:
    """One delivery."""
    endpoint = await find(db, me, endpoint_id)
    row = await db.find(WebhookDelivery, delivery_id)
    if row is None or row.endpoint_id != endpoint_id:
        raise NotFound
    return _show(row, endpoint)


def _show(row: WebhookDelivery, endpoint: WebhookEndpoint) -> WebhookDeliveryOut:
    off = endpoint.off_because is not None
    return WebhookDeliveryOut(
        id=row.id,
        event_id=row.event_id,
        event_type=row.event_type,
        state=row.state,
        happened_at=row.happened_at,
        next_attempt_at=row.due_at,
        attempts=[WebhookAttemptOut.model_validate(attempt) for attempt in row.attempts],
        can=can(replay=EndpointOff.code if off else row.state in AGAIN or NotToReplay.code),
    )


async def replay(db: Db, me: Actor, endpoint_id: UUID, delivery_id: UUID) -> UUID:
    """Send one event again, under its own id."""
    await _on(db, me, endpoint_id)
    row = await db.locked(WebhookDelivery, delivery_id)
    if row.endpoint_id != endpoint_id:
        raise NotFound
    if row.state not in AGAIN:
        raise NotToReplay
    row.state, row.tries, row.due_at = "waiting", 0, clock.now()
    emit(db, DUE, {"endpoint_id": str(endpoint_id)})
    audit(db, "webhook_endpoint.replay", endpoint_id)
    return delivery_id


async def replay_failed(db: Db, me: Actor, endpoint_id: UUID, since: datetime) -> UUID:
    """Send again what failed of what happened since a moment."""
    await _on(db, me, endpoint_id)
    await db.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.organization_id == me.organization_id,
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.state == "failed",
            WebhookDelivery.happened_at >= since,
        )
        .values(state="waiting", tries=0, due_at=clock.now())
    )
    emit(db, DUE, {"endpoint_id": str(endpoint_id)})
    audit(db, "webhook_endpoint.replay", endpoint_id)
    return endpoint_id


async def test(db: Db, me: Actor, endpoint_id: UUID) -> UUID:
    """Send an event that says nothing, whatever the endpoint asks for."""
    await _on(db, me, endpoint_id)
    row = WebhookDelivery(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        endpoint_id=endpoint_id,
        event_id=clock.uuid7(),
        event_type="webhook.test",
        data={"endpoint_id": str(endpoint_id)},
        happened_at=clock.now(),
        state="waiting",
        tries=0,
        attempts=[],
        due_at=clock.now(),
        created_at=clock.now(),
    )
    db.add(row)
    emit(db, DUE, {"endpoint_id": str(endpoint_id)})
    audit(db, "webhook_endpoint.test", endpoint_id)
    return row.id


async def _on(db: Db, me: Actor, endpoint_id: UUID) -> None:
    """EndpointOff unless events go to this endpoint; it stays so until the commit."""
    require_admin(me)
    if (await db.locked(WebhookEndpoint, endpoint_id)).off_because is not None:
        raise EndpointOff
