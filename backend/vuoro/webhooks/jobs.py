"""From facts to deliveries, in the worker: which endpoints get what, and looking again at what is due."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import any_, literal, select
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Database, Db
from vuoro.core.events import reacts_to
from vuoro.core.jobs import on, on_tick
from vuoro.core.outbox import emit
from vuoro.feedback.models import Survey
from vuoro.matching.models import MatchRun
from vuoro.pairs.models import Pair
from vuoro.people.events import PeopleLeft
from vuoro.people.models import Person
from vuoro.programs.models import Cohort, Program
from vuoro.webhooks import sending
from vuoro.webhooks.deliveries import DUE
from vuoro.webhooks.events import EVENTS, WITHOUT_CONSENT, Event
from vuoro.webhooks.models import WebhookDelivery, WebhookEndpoint

Data = dict[str, Any]


@reacts_to(PeopleLeft)
async def tell_of_leavers(db: Db, event: PeopleLeft) -> None:
    """One event each, by whatever way it was told that they left."""
    for person_id in sorted(event.person_ids):
        emit(db, "person.left", {"person_id": str(person_id)})


async def _row(db: Db, model: Any, id: str, name: str) -> Data | None:
    row = await db.find(model, UUID(id))
    if row is None:
        return None
    program = {"program_id": str(row.program_id)} if name not in ("person_id", "program_id") else {}
    return {name: id, **program, "version": row.version}


async def _person(db: Db, event: Event, payload: Data) -> Data | None:
    row = await db.find(Person, UUID(payload["person_id"]))
    hidden = row is None or ((row.graph_only or row.deleted_at) and event.name != "person.erased")
    return None if hidden else await _row(db, Person, payload["person_id"], "person_id")


async def _pair(db: Db, event: Event, payload: Data) -> Data | None:
    """None without the mentor's consent (H6): then nobody outside learns that the pair is there."""
    row = await db.find(Pair, UUID(payload["pair_id"]))
    if row is None or row.activated_at is None or row.shared == (event.name == WITHOUT_CONSENT):
        return None
    if event.name == "pair.paused" and row.state != "paused":
        return None
    return await _row(db, Pair, payload["pair_id"], "pair_id")


def _told(name: str) -> Callable[[Db, Event, Data], Awaitable[Data | None]]:
    async def found(_: Db, __: Event, payload: Data) -> Data | None:
        return {name: payload[name]}

    return found


def _plain(model: Any, name: str) -> Callable[[Db, Event, Data], Awaitable[Data | None]]:
    async def found(db: Db, _: Event, payload: Data) -> Data | None:
        return await _row(db, model, payload[name], name)

    return found


# What an event says of its subject as it is now, or None when it must not be told.
DATA: dict[str, Callable[[Db, Event, Data], Awaitable[Data | None]]] = {
    "person": _person,
    "import": _told("import_id"),
    "program": _plain(Program, "program_id"),
    "cohort": _plain(Cohort, "cohort_id"),
    "match_run": _plain(MatchRun, "match_run_id"),
    "pair": _pair,
    "survey": _plain(Survey, "survey_id"),
    "feedback": _told("program_id"),
}


async def fan_out(database: Database, actor: Actor, event: Event, payload: Data) -> None:
    """Write a delivery for each endpoint that asks for this event; a second run finds them there."""
    event_id = UUID(payload["fact_id"])
    async with database.transaction(actor) as db:
        mine = WebhookEndpoint.organization_id == actor.organization_id
        asked = select(WebhookEndpoint.id, WebhookEndpoint.program_id).where(
            mine, WebhookEndpoint.off_because.is_(None), literal(event.name) == any_(WebhookEndpoint.event_types)
        )
        endpoints = (await db.execute(asked)).all()
        data = await DATA[event.subject](db, event, payload) if endpoints else None
        if data is None:
            return
        rows = [
            {
                "organization_id": actor.organization_id,
                "id": clock.uuid7(),
                "endpoint_id": endpoint.id,
                "event_id": event_id,
                "event_type": event.name,
                "data": data,
                "happened_at": clock.moment_of(event_id),
                "state": "waiting",
                "tries": 0,
                "attempts": [],
                "due_at": clock.now(),
                "created_at": clock.now(),
            }
            for endpoint in endpoints
            if endpoint.program_id is None or str(endpoint.program_id) == data.get("program_id")
        ]
        if not rows:
            return
        made = await db.scalars(
            insert(WebhookDelivery)
            .values(rows)
            .on_conflict_do_nothing(index_elements=["organization_id", "endpoint_id", "event_id"])
            .returning(WebhookDelivery.endpoint_id)
        )
        for endpoint_id in made:
            emit(db, DUE, {"endpoint_id": str(endpoint_id)})


def _register(fact: str, event: Event) -> None:
    @on(fact)
    async def handler(database: Database, actor: Actor, payload: Data) -> None:
        await fan_out(database, actor, event, payload)


for _event in EVENTS.values():
    if _event.subject in DATA:
        for _fact in _event.facts:
            _register(_fact, _event)

on(DUE)(sending.send_due)


@on_tick
async def look_again(db: Db, now: datetime) -> None:
    """Ask for every endpoint with something due: a retry whose time has come, or what a dead worker left."""
    due = await db.scalars(
        select(WebhookDelivery.endpoint_id)
        .join(
            WebhookEndpoint,
            (WebhookEndpoint.organization_id == WebhookDelivery.organization_id)
            & (WebhookEndpoint.id == WebhookDelivery.endpoint_id),
        )
        .where(
            WebhookDelivery.organization_id == db.organization_id,
            WebhookDelivery.state == "waiting",
            WebhookDelivery.due_at <= now,
            WebhookEndpoint.off_because.is_(None),
        )
        .distinct()
    )
    for endpoint_id in due:
        emit(db, DUE, {"endpoint_id": str(endpoint_id)})
