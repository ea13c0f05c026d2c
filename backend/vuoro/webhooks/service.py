"""Endpoints: an admin names them, chooses what they get, turns them off and on, and rotates their secrets."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import LargeBinary, Text, column, func, select, text, update

from vuoro.core import clock, crypto, outward
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Invalid, NotFound
from vuoro.core.history import audit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import can, changes
from vuoro.identity.access import require_admin
from vuoro.programs.models import Program
from vuoro.webhooks import signing
from vuoro.webhooks.models import OffBecause, WebhookDelivery, WebhookEndpoint
from vuoro.webhooks.schemas import WebhookEndpointIn, WebhookEndpointOut, WebhookEndpointPatch

MOST = 20
SECRET, OLD_SECRET = "webhook_endpoints.secret", "webhook_endpoints.old_secret"
#: The organization's key for secrets of endpoints: the one key that the worker opens.
KEY = "webhooks"
Counts = dict[UUID, dict[str, int]]


class TooManyEndpoints(Conflict):
    """The organization has as many endpoints as it can."""

    code, title = "too_many_webhook_endpoints", "There are enough endpoints"
    text = f"An organization has at most {MOST} webhook endpoints. Delete one that is no longer used."


class TwoSecretsLive(Conflict):
    """The secret was rotated a while ago, and the older one still counts."""

    code, title = "two_secrets_live", "Two secrets are live already"
    text = "The older secret still counts. Wait until it ends, or end it now with keep_old_hours 0."


class EndpointOff(Conflict):
    """Nothing is sent to an endpoint that is off."""

    code, title = "webhook_endpoint_off", "This endpoint is off"
    text = "Nothing is sent to an endpoint that is off. Turn it on first."


async def search(db: Db, me: Actor, page: Paging) -> tuple[list[WebhookEndpointOut], str | None]:
    """One page of the organization's endpoints, oldest first."""
    require_admin(me)
    query = select(WebhookEndpoint).where(WebhookEndpoint.organization_id == me.organization_id)
    rows, following = await keyset(
        db, query, [WebhookEndpoint.id], page, lambda row: row[0], scope="webhook_endpoints", parse=[UUID]
    )
    counts = await _counts(db, [row.id for row in rows])
    return [_show(row, counts) for row in rows], following


async def get(db: Db, me: Actor, endpoint_id: UUID, secret: str | None = None) -> WebhookEndpointOut:
    """One endpoint; `secret` is what was made just now."""
    row = await find(db, me, endpoint_id)
    return _show(row, await _counts(db, [endpoint_id])).model_copy(update={"secret": secret})


async def find(db: Db, me: Actor, endpoint_id: UUID) -> WebhookEndpoint:
    """An endpoint's row; NotFound when there is none."""
    require_admin(me)
    row = await db.find(WebhookEndpoint, endpoint_id)
    if row is None:
        raise NotFound
    return row


async def _counts(db: Db, ids: Iterable[UUID]) -> Counts:
    rows = await db.execute(
        select(WebhookDelivery.endpoint_id, WebhookDelivery.state, func.count())
        .where(
            WebhookDelivery.organization_id == db.organization_id,
            WebhookDelivery.endpoint_id.in_(list(ids)),
            WebhookDelivery.state.in_(("waiting", "failed")),
        )
        .group_by(WebhookDelivery.endpoint_id, WebhookDelivery.state)
    )
    found: Counts = {}
    for endpoint_id, state, count in rows:
        found.setdefault(endpoint_id, {})[state] = count
    return found


def _show(row: WebhookEndpoint, counts: Counts) -> WebhookEndpointOut:
    on = row.off_because is None
    until = row.old_secret_until if _two_live(row) else None
    own = counts.get(row.id, {})
    return WebhookEndpointOut(
        id=row.id,
        url=row.url,
        description=row.description,
        event_types=row.event_types,
        program_id=row.program_id,
        secret=None,
        old_secret_until=until,
        off_because=row.off_because,
        failing_since=row.failing_since,
        waiting=own.get("waiting", 0),
        failed=own.get("failed", 0),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        can=can(
            edit=True, delete=True, rotate=True, test=on or EndpointOff.code, replay=on or EndpointOff.code
        ),
    )  # fmt: skip


def _two_live(row: WebhookEndpoint) -> bool:
    return row.old_secret_until is not None and row.old_secret_until > clock.now()


async def create(db: Db, me: Actor, data: WebhookEndpointIn) -> tuple[UUID, str]:
    """Name an address; its id and its secret, which nobody sees again."""
    require_admin(me)
    count = await db.scalar(select(func.count()).where(WebhookEndpoint.organization_id == me.organization_id))
    if (count or 0) >= MOST:
        raise TooManyEndpoints
    await _check(db, data.url, data.program_id)
    id, secret = clock.uuid7(), signing.new_secret()
    db.add(
        WebhookEndpoint(
            organization_id=me.organization_id,
            id=id,
            url=data.url,
            description=data.description,
            event_types=sorted(set(data.event_types)),
            program_id=data.program_id,
            secret=await crypto.seal(db, SECRET, KEY, me.organization_id, id, secret),
        )
    )
    audit(db, "webhook_endpoint.create", id)
    return id, secret


async def _check(db: Db, url: str | None, program_id: UUID | None) -> None:
    if url is not None:
        try:
            outward.check(url)
        except outward.OutwardRefused as error:
            raise Invalid.at("/url", "address_refused", str(error)) from None
    if program_id is not None and await db.find(Program, program_id) is None:
        raise Invalid.at("/program_id", "unknown_program", "There is no such programme.")


async def change(db: Db, me: Actor, endpoint_id: UUID, version: int, patch: WebhookEndpointPatch) -> None:
    """Change where events go and which, or turn the endpoint off or on."""
    require_admin(me)
    row = await db.locked(WebhookEndpoint, endpoint_id, version)
    new = changes(patch)
    await _check(db, new.get("url"), new.get("program_id"))
    on = new.pop("on", None)
    for name, value in new.items():
        setattr(row, name, sorted(set(value)) if name == "event_types" else value)
    touch(row)
    audit(db, "webhook_endpoint.change", endpoint_id)
    if on is False and row.off_because is None:
        await turn_off(db, row, "by_hand")
    elif on is True:
        row.off_because = row.failing_since = None


async def turn_off(db: Db, row: WebhookEndpoint, because: OffBecause) -> None:
    """Send nothing more to a locked endpoint; what waited has failed, and can be replayed."""
    row.off_because = because
    await db.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.organization_id == db.organization_id,
            WebhookDelivery.endpoint_id == row.id,
            WebhookDelivery.state == "waiting",
        )
        .values(state="failed", due_at=None)
    )


async def remove(db: Db, me: Actor, endpoint_id: UUID) -> None:
    """Delete an endpoint with its log."""
    require_admin(me)
    await db.delete(await db.locked(WebhookEndpoint, endpoint_id))
    audit(db, "webhook_endpoint.delete", endpoint_id)


async def rotate(db: Db, me: Actor, endpoint_id: UUID, keep_old_hours: int) -> str:
    """A new secret; the one of now stays good for some hours, in which every event carries both signatures.

    Raises:
        TwoSecretsLive: the one before the present secret has not ended yet.
    """
    require_admin(me)
    row = await db.locked(WebhookEndpoint, endpoint_id)
    if keep_old_hours and _two_live(row):
        raise TwoSecretsLive
    owner, secret = (KEY, me.organization_id), signing.new_secret()
    before = (await crypto.unseal(db, SECRET, *owner, {row.id: row.secret}))[row.id]
    row.old_secret = await crypto.seal(db, OLD_SECRET, *owner, row.id, before) if keep_old_hours else None
    row.old_secret_until = clock.now() + timedelta(hours=keep_old_hours) if keep_old_hours else None
    row.secret = await crypto.seal(db, SECRET, *owner, row.id, secret)
    touch(row)
    audit(db, "webhook_endpoint.rotate", endpoint_id)
    return secret


_WEBHOOK_KEY = text("select * from webhook_key(:organization)").columns(
    column("master_key", Text), column("wrapped", LargeBinary)
)


async def secrets_of(db: Db, row: WebhookEndpoint) -> list[str]:
    """The live secrets of an endpoint, the newest first; in the worker."""
    owner = db.organization_id
    found = (await db.execute(_WEBHOOK_KEY, {"organization": owner})).one()
    key = crypto.unwrap(found.master_key, found.wrapped, crypto.place_of(owner, KEY, owner))
    sealed = [(SECRET, row.secret), (OLD_SECRET, row.old_secret if _two_live(row) else None)]
    texts = [
        crypto.opened(db, {(KEY, owner): key}, where, KEY, owner, row.id, secret) for where, secret in sealed if secret
    ]
    return [secret for secret in texts if secret]
