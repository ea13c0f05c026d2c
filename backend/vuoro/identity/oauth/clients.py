"""Apps: registered by admins; the ones that a person lets act for them."""

from uuid import UUID

from sqlalchemy import func, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import NotFound
from vuoro.core.history import audit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import can, changes
from vuoro.identity.access import require_admin
from vuoro.identity.models import AppConsent, OauthClient, Token
from vuoro.identity.oauth.schemas import AppOut, OauthClientIn, OauthClientOut, OauthClientPatch


def _show(row: OauthClient) -> OauthClientOut:
    return OauthClientOut(
        id=row.id,
        name=row.name,
        redirect_uris=row.redirect_uris,
        android_package=row.android_package,
        android_fingerprints=row.android_fingerprints,
        apple_app_id=row.apple_app_id,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        can=can(edit=True, remove=True),
    )


async def list_clients(db: Db, me: Actor, page: Paging) -> tuple[list[OauthClientOut], str | None]:
    """One page of the organization's apps, oldest first."""
    require_admin(me)
    query = select(OauthClient).where(OauthClient.organization_id == me.organization_id)
    return await keyset(
        db, query, [OauthClient.id], page, lambda row: _show(row[0]), scope="oauth_clients", parse=[UUID]
    )


async def get_client(db: Db, me: Actor, client_id: UUID) -> OauthClientOut:
    """One app."""
    require_admin(me)
    row = await db.find(OauthClient, client_id)
    if row is None:
        raise NotFound
    return _show(row)


async def add_client(db: Db, me: Actor, data: OauthClientIn) -> UUID:
    """Register an app."""
    require_admin(me)
    row = OauthClient(organization_id=me.organization_id, id=clock.uuid7(), **data.model_dump())
    db.add(row)
    audit(db, "oauth_client.create", row.id)
    return row.id


async def change_client(db: Db, me: Actor, client_id: UUID, version: int, patch: OauthClientPatch) -> None:
    """Change an app; an address that is taken away gets no answers from now on."""
    require_admin(me)
    row = await db.locked(OauthClient, client_id, version)
    for name, value in changes(patch).items():
        setattr(row, name, value)
    touch(row)
    audit(db, "oauth_client.change", row.id)


async def remove_client(db: Db, me: Actor, client_id: UUID) -> None:
    """Remove an app, and with it everybody's consent: its tokens end with their next request."""
    require_admin(me)
    await db.delete(await db.locked(OauthClient, client_id))
    audit(db, "oauth_client.remove", client_id)


async def list_apps(db: Db, auth: Db, me: Actor, person_id: UUID, page: Paging) -> tuple[list[AppOut], str | None]:
    """One page of the apps that the caller lets act for them, oldest first."""
    query = (
        select(AppConsent, OauthClient.name)
        .join(
            OauthClient,
            (OauthClient.organization_id == AppConsent.organization_id)
            & (OauthClient.id == AppConsent.oauth_client_id),
        )
        .where(AppConsent.organization_id == me.organization_id, AppConsent.person_id == person_id)
    )
    rows, following = await keyset(db, query, [AppConsent.id], page, lambda row: row, scope="apps", parse=[UUID])
    used = await auth.execute(
        select(Token.consent_id, func.max(Token.created_at))
        .where(
            Token.organization_id == me.organization_id,
            Token.consent_id.in_([row[0].id for row in rows]),
            Token.kind.in_(("access", "refresh")),
        )
        .group_by(Token.consent_id)
    )
    days = {consent_id: moment.date() for consent_id, moment in used}
    items = [
        AppOut(
            id=consent.id, name=name, scopes=consent.scopes, given_at=consent.given_at,
            last_used_on=days.get(consent.id),
        )
        for consent, name, *_ in rows
    ]  # fmt: skip
    return items, following


async def end_app(db: Db, person_id: UUID, consent_id: UUID) -> None:
    """Take an app's access away with its next request."""
    row = await db.locked(AppConsent, consent_id)
    if row.person_id != person_id:
        raise NotFound
    await db.delete(row)
    audit(db, "app.end", row.oauth_client_id)
