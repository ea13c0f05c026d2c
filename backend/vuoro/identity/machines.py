"""API clients: the machines that call, with scopes and at most two live secrets each."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from vuoro.core import clock
from vuoro.core.actor import Actor, Scope
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, NotFound
from vuoro.core.history import audit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import can, changes
from vuoro.identity.access import require_admin
from vuoro.identity.logins import key_name
from vuoro.identity.models import ApiClient, Token
from vuoro.identity.schemas import ApiClientIn, ApiClientOut, ApiClientPatch, ApiSecretOut

SECRETS = 2
Secrets = dict[UUID, list[ApiSecretOut]]


class TooManySecrets(Conflict):
    """Two secrets live already: one must go before a third comes."""

    code, title = "too_many_secrets", "Two secrets live already"


class ClientRevoked(Conflict):
    """The API client has ended, for good."""

    code, title = "api_client_revoked", "This API client has ended"


async def secrets_of(auth: Db, me: Actor, clients: Sequence[UUID]) -> Secrets:
    """The live secrets of API clients by client, oldest first; a transaction of vuoro_auth."""
    rows = await auth.execute(
        select(Token.client_id, Token.family_id, Token.created_at, Token.used_at)
        .where(Token.organization_id == me.organization_id, Token.client_id.in_(clients), Token.kind == "api_key")
        .order_by(Token.created_at, Token.family_id)
    )
    found: Secrets = {}
    for row in rows:
        found.setdefault(row.client_id, []).append(_secret(row))
    return found


def _secret(row: Any) -> ApiSecretOut:
    return ApiSecretOut(
        id=row.family_id,
        name=key_name(row.family_id),
        secret=None,
        created_at=row.created_at,
        last_used_on=row.used_at and row.used_at.date(),
    )


def _show(row: ApiClient, secrets: Sequence[ApiSecretOut]) -> ApiClientOut:
    live = row.revoked_at is None
    secrets = secrets if live else []
    days = [secret.last_used_on for secret in secrets if secret.last_used_on]
    return ApiClientOut(
        id=row.id,
        name=row.name,
        scopes=row.scopes,
        secrets=list(secrets),
        last_used_on=max(days, default=None),
        created_at=row.created_at,
        updated_at=row.updated_at,
        revoked_at=row.revoked_at,
        version=row.version,
        can=can(
            edit=live or ClientRevoked.code,
            add_secret=(len(secrets) < SECRETS or TooManySecrets.code) if live else ClientRevoked.code,
            revoke=live or ClientRevoked.code,
        ),
    )


async def list_clients(db: Db, auth: Db, me: Actor, page: Paging) -> tuple[list[ApiClientOut], str | None]:
    """One page of the organization's API clients, oldest first."""
    require_admin(me)
    query = select(ApiClient).where(ApiClient.organization_id == me.organization_id)
    rows, following = await keyset(
        db, query, [ApiClient.id], page, lambda row: row[0], scope="api_clients", parse=[UUID]
    )
    secrets = await secrets_of(auth, me, [row.id for row in rows])
    return [_show(row, secrets.get(row.id, ())) for row in rows], following


async def get_client(db: Db, auth: Db, me: Actor, client_id: UUID) -> ApiClientOut:
    """One API client."""
    require_admin(me)
    row = await db.find(ApiClient, client_id)
    if row is None:
        raise NotFound
    return _show(row, (await secrets_of(auth, me, [client_id])).get(client_id, ()))


async def add_client(db: Db, me: Actor, data: ApiClientIn) -> UUID:
    """Register a machine; it has no secret yet."""
    require_admin(me)
    row = ApiClient(organization_id=me.organization_id, id=clock.uuid7(), name=data.name, scopes=_sorted(data.scopes))
    db.add(row)
    audit(db, "api_client.create", row.id)
    return row.id


def _sorted(scopes: Sequence[Scope]) -> list[Scope]:
    return sorted(set(scopes))


async def change_client(db: Db, me: Actor, client_id: UUID, version: int, patch: ApiClientPatch) -> None:
    """Change name or scopes; new scopes act with the next request."""
    row = await _live(db, me, client_id, version)
    for name, value in changes(patch).items():
        setattr(row, name, _sorted(value) if name == "scopes" else value)
    touch(row)
    audit(db, "api_client.change", row.id)


async def revoke_client(db: Db, me: Actor, client_id: UUID) -> None:
    """End a machine's access with its next request; ending it again changes nothing."""
    require_admin(me)
    row = await db.locked(ApiClient, client_id)
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        touch(row)
    audit(db, "api_client.revoke", row.id)


async def check_room(db: Db, auth: Db, me: Actor, client_id: UUID) -> None:
    """Lock the client for a new secret; TooManySecrets when two live already."""
    await _live(db, me, client_id)
    count = await auth.scalar(
        select(func.count())
        .select_from(Token)
        .where(Token.organization_id == me.organization_id, Token.client_id == client_id, Token.kind == "api_key")
    )
    if (count or 0) >= SECRETS:
        raise TooManySecrets("Two secrets live already. Delete the one that is no longer used, then make a new one.")
    audit(db, "api_client.secret_add", client_id)


async def get_secret(auth: Db, me: Actor, client_id: UUID, secret_id: UUID) -> ApiSecretOut:
    """One secret, without what is secret; NotFound when it was deleted."""
    require_admin(me)
    for secret in (await secrets_of(auth, me, [client_id])).get(client_id, ()):
        if secret.id == secret_id:
            return secret
    raise NotFound


async def delete_secret(db: Db, auth: Db, me: Actor, client_id: UUID, secret_id: UUID) -> None:
    """End one secret, and the tokens that were got for it, with their next request."""
    require_admin(me)
    await db.locked(ApiClient, client_id)
    gone = await auth.scalars(
        delete(Token)
        .where(
            Token.organization_id == me.organization_id,
            Token.client_id == client_id,
            Token.family_id == secret_id,
        )
        .returning(Token.hash)
    )
    if not gone.all():
        raise NotFound
    audit(db, "api_client.secret_delete", client_id)


async def _live(db: Db, me: Actor, client_id: UUID, version: int | None = None) -> ApiClient:
    require_admin(me)
    row = await db.locked(ApiClient, client_id, version)
    if row.revoked_at is not None:
        raise ClientRevoked("This API client has ended. Make a new one.")
    return row
