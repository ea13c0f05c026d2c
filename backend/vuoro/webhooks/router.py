"""Webhook endpoints and their deliveries over HTTP."""

from uuid import UUID

from fastapi import Request, Response

from vuoro.core.http import Fresh, IfMatch, Me, OnlyOnce, Tx, faults, one, unkept
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.webhooks import deliveries, service
from vuoro.webhooks.events import EventType
from vuoro.webhooks.models import DeliveryState
from vuoro.webhooks.schemas import (
    WebhookDeliveryOut,
    WebhookDeliveryPage,
    WebhookEndpointIn,
    WebhookEndpointOut,
    WebhookEndpointPage,
    WebhookEndpointPatch,
    WebhookReplayIn,
    WebhookRotateIn,
)

router = Router(prefix="/v1/webhook-endpoints", tags=["machines"])


@router.get(
    "", operation_id="webhook_endpoints_list", summary="Addresses that get events",
    response_model=WebhookEndpointPage, responses=faults(403),
)  # fmt: skip
async def list_endpoints(db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await service.search(db, me, page)
    return one(request, WebhookEndpointPage(items=items, next_cursor=following))


@router.post(
    "", operation_id="webhook_endpoints_create", summary="Send events to an address; its secret is shown this once",
    status_code=201, response_model=WebhookEndpointOut, responses=faults(403, 409),
)  # fmt: skip
async def create(body: WebhookEndpointIn, db: Tx, me: Fresh, once: OnlyOnce, request: Request) -> Response:
    secret: str | None = None

    async def make() -> UUID:
        nonlocal secret
        id, secret = await service.create(db, me, body)
        return id

    endpoint_id = await once(make)
    return unkept(request, await service.get(db, me, endpoint_id, secret), 201)


@router.get(
    "/{endpoint_id}", operation_id="webhook_endpoints_get", summary="One address",
    response_model=WebhookEndpointOut, responses=faults(403, 404),
)  # fmt: skip
async def get(endpoint_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await service.get(db, me, endpoint_id))


@router.patch(
    "/{endpoint_id}", operation_id="webhook_endpoints_change",
    summary="Change an address or its events, or turn it off or on", response_model=WebhookEndpointOut,
    responses=faults(403, 404, 412, 428),
)  # fmt: skip
async def change(
    endpoint_id: UUID, body: WebhookEndpointPatch, version: IfMatch, db: Tx, me: Fresh, request: Request
) -> Response:
    await service.change(db, me, endpoint_id, version, body)
    return one(request, await service.get(db, me, endpoint_id))


@router.delete(
    "/{endpoint_id}", operation_id="webhook_endpoints_delete", summary="Delete an address with its log",
    status_code=204, responses=faults(403, 404),
)  # fmt: skip
async def delete(endpoint_id: UUID, db: Tx, me: Fresh) -> Response:
    await service.remove(db, me, endpoint_id)
    return Response(status_code=204)


@router.post(
    "/{endpoint_id}/rotate", operation_id="webhook_endpoints_rotate",
    summary="A new secret, shown this once; the old one stays good for a while", response_model=WebhookEndpointOut,
    responses=faults(403, 404, 409),
)  # fmt: skip
async def rotate(
    endpoint_id: UUID, body: WebhookRotateIn, db: Tx, me: Fresh, once: OnlyOnce, request: Request
) -> Response:
    secret: str | None = None

    async def make() -> UUID:
        nonlocal secret
        secret = await service.rotate(db, me, endpoint_id, body.keep_old_hours)
        return endpoint_id

    await once(make)
    return unkept(request, await service.get(db, me, endpoint_id, secret))


@router.post(
    "/{endpoint_id}/test", operation_id="webhook_endpoints_test", summary="Send an event that says nothing",
    status_code=202, response_model=WebhookDeliveryOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def test(endpoint_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    delivery_id = await once(lambda: deliveries.test(db, me, endpoint_id))
    return one(request, await deliveries.get(db, me, endpoint_id, delivery_id), 202)


@router.post(
    "/{endpoint_id}/replay", operation_id="webhook_endpoints_replay", summary="Send again what failed since a moment",
    status_code=202, response_model=WebhookEndpointOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def replay_failed(
    endpoint_id: UUID, body: WebhookReplayIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    await once(lambda: deliveries.replay_failed(db, me, endpoint_id, body.since))
    return one(request, await service.get(db, me, endpoint_id), 202)


@router.get(
    "/{endpoint_id}/deliveries", operation_id="webhook_deliveries_list", summary="What was sent to an address",
    response_model=WebhookDeliveryPage, responses=faults(403, 404),
)  # fmt: skip
async def list_deliveries(
    endpoint_id: UUID,
    db: Tx,
    me: Me,
    page: Page,
    request: Request,
    state: DeliveryState | None = None,
    event_type: EventType | None = None,
) -> Response:
    items, following = await deliveries.search(db, me, endpoint_id, page, state, event_type)
    return one(request, WebhookDeliveryPage(items=items, next_cursor=following))


@router.get(
    "/{endpoint_id}/deliveries/{delivery_id}", operation_id="webhook_deliveries_get", summary="How one event went",
    response_model=WebhookDeliveryOut, responses=faults(403, 404),
)  # fmt: skip
async def get_delivery(endpoint_id: UUID, delivery_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await deliveries.get(db, me, endpoint_id, delivery_id))


@router.post(
    "/{endpoint_id}/deliveries/{delivery_id}/replay", operation_id="webhook_deliveries_replay",
    summary="Send one event again", status_code=202, response_model=WebhookDeliveryOut,
    responses=faults(403, 404, 409),
)  # fmt: skip
async def replay(
    endpoint_id: UUID, delivery_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:  # fmt: skip
    await once(lambda: deliveries.replay(db, me, endpoint_id, delivery_id))
    return one(request, await deliveries.get(db, me, endpoint_id, delivery_id), 202)
