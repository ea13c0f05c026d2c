"""A person's calendar feed over HTTP: made, shown once, renewed and stopped by them; read by their calendar."""

import hashlib
from uuid import UUID

from fastapi import Request, Response

from vuoro.core.db import Database
from vuoro.core.history import audit
from vuoro.core.http import Fresh, MyPersonId, OnlyOnce, Tx, faults, one, unkept
from vuoro.core.routing import Router
from vuoro.core.settings import settings
from vuoro.core.wire import can
from vuoro.identity import feeds as keys
from vuoro.identity.models import Token
from vuoro.identity.sign_in_router import AuthTx
from vuoro.sessions import feeds
from vuoro.sessions.schemas import CalendarFeedOut

router = Router(prefix="/v1/me/calendar-feed", tags=["sessions"])
feed_router = Router(tags=["sessions"], dependencies=[])  # calendars may add parameters of their own


def _shown(row: Token | None, key: str | None = None) -> CalendarFeedOut:
    return CalendarFeedOut(
        url=f"{settings().public_url}/calendar/{key}.ics" if key else None,
        since=row.created_at if row else None,
        last_read_on=row.used_at.date() if row and row.used_at else None,
        can=can(make=True, stop=row is not None),
    )


@router.get(
    "", operation_id="calendar_feeds_get", summary="Whether my calendar has an address to subscribe to",
    response_model=CalendarFeedOut, responses=faults(403),
)  # fmt: skip
async def get(db: Tx, auth: AuthTx, person_id: MyPersonId, request: Request) -> Response:
    return one(request, _shown(await keys.find(auth, db.organization_id, person_id)))


@router.post(
    "", operation_id="calendar_feeds_make", summary="A new address of my calendar, shown this once; the old one ends",
    status_code=201, response_model=CalendarFeedOut, responses=faults(403),
)  # fmt: skip
async def make(db: Tx, auth: AuthTx, _: Fresh, person_id: MyPersonId, once: OnlyOnce, request: Request) -> Response:
    key: str | None = None

    async def act() -> UUID:
        nonlocal key
        made, key = await keys.make(auth, db.organization_id, person_id)
        audit(db, "calendar_feed.make", person_id)
        return made

    await once(act)
    return unkept(request, _shown(await keys.find(auth, db.organization_id, person_id), key), 201)


@router.delete(
    "", operation_id="calendar_feeds_stop", summary="End the address of my calendar", status_code=204,
    responses=faults(403),
)  # fmt: skip
async def stop(db: Tx, auth: AuthTx, person_id: MyPersonId) -> Response:
    await keys.end(auth, db.organization_id, person_id)
    audit(db, "calendar_feed.stop", person_id)
    return Response(status_code=204)


@feed_router.get(
    "/calendar/{code}.ics", operation_id="calendar_feeds_read", summary="Somebody's sessions, for their calendar",
    response_class=Response,
    responses={
        200: {"description": "The calendar (RFC 5545)", "content": {"text/calendar": {"schema": {"type": "string"}}}},
        304: {"description": "Nothing has changed"},
        404: faults(404)[404], 429: faults()[429], 503: faults()[503],
    },
)  # fmt: skip
async def read(code: str, request: Request) -> Response:
    database: Database = request.app.state.database
    async with database.transaction() as db:
        body = await feeds.read(db, await keys.enter(db, code))
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="text/calendar")
