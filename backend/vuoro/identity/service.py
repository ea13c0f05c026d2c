"""Organizations, roles, preferences and API clients."""

from collections.abc import Iterable
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Invalid, NotFound, PreconditionFailed
from vuoro.core.history import audit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import can, changes
from vuoro.identity.access import require_admin
from vuoro.identity.models import ApiClient, Grant, Organization, Preferences
from vuoro.identity.schemas import (
    ApiClientIn,
    ApiClientOut,
    GrantIn,
    GrantOut,
    OrganizationOut,
    OrganizationPatch,
    PreferencesOut,
    PreferencesPatch,
)


class RolesClash(Conflict):
    """The safeguarding contact hears of concerns about the programme: never its manager."""

    code = "roles_clash"


class GrantExists(Conflict):
    """The person has this role already."""

    code = "grant_exists"


async def get_organization(db: Db, me: Actor) -> OrganizationOut:
    """The caller's organization."""
    row = await db.get(Organization, me.organization_id)
    if row is None:
        raise NotFound
    return OrganizationOut(
        id=row.id,
        name=row.name,
        slug=row.slug,
        locales=row.locales,
        default_locale=row.default_locale,
        time_zone=row.time_zone,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        can=can(edit=me.is_admin or "not_allowed"),
    )


async def change_organization(db: Db, me: Actor, version: int, patch: OrganizationPatch) -> None:
    """Change name, languages or time zone."""
    require_admin(me)
    row = await db.get(Organization, me.organization_id, with_for_update=True)
    if row is None or row.version != version:
        raise PreconditionFailed
    new = changes(patch)
    if "time_zone" in new:
        check_time_zone(new["time_zone"], "/time_zone")
    for name, value in new.items():
        setattr(row, name, value)
    if row.default_locale not in row.locales:
        raise Invalid.at(
            "/default_locale", "not_offered", "The default language is one of the organization's languages."
        )
    touch(row)
    audit(db, "organization.change", row.id)


def check_time_zone(name: str, pointer: str) -> None:
    """Invalid unless the name is an IANA time zone."""
    if name not in available_timezones():
        raise Invalid.at(pointer, "unknown_time_zone", "This takes an IANA time zone, such as Europe/Helsinki.")


async def list_grants(
    db: Db, me: Actor, page: Paging, person_id: UUID | None = None
) -> tuple[list[GrantOut], str | None]:
    """One page of the organization's roles, oldest first."""
    require_admin(me)
    query = select(Grant).where(Grant.organization_id == me.organization_id)
    if person_id is not None:
        query = query.where(Grant.person_id == person_id)
    return await keyset(db, query, [Grant.id], page, lambda row: _grant(row[0]), scope="grants", parse=[UUID])


def _grant(row: Grant) -> GrantOut:
    return GrantOut(
        id=row.id, person_id=row.person_id, role=row.role, program_id=row.program_id, created_at=row.created_at
    )


async def get_grant(db: Db, me: Actor, grant_id: UUID) -> GrantOut:
    """One role."""
    require_admin(me)
    row = await db.find(Grant, grant_id)
    if row is None:
        raise NotFound
    return _grant(row)


async def give(db: Db, me: Actor, data: GrantIn) -> UUID:
    """Give a role; RolesClash for a safeguarding contact who manages, GrantExists for a second time."""
    require_admin(me)
    await require_no_rival(db, data.person_id, data.role)
    row = Grant(organization_id=me.organization_id, id=clock.uuid7(), unit=None, **data.model_dump())
    db.add(row)
    try:
        await db.flush()
    except IntegrityError as error:
        if "grants_organization_id_person_id_role" in str(error.orig):
            raise GrantExists("The person has this role already.") from None
        raise Invalid.at("/person_id", "unknown", "There is no such person or program here.") from None
    audit(db, f"grant.give.{data.role}", data.person_id, program_id=data.program_id)
    return row.id


async def require_no_rival(db: Db, person_id: UUID, role: str) -> None:
    """RolesClash where somebody holds a role that this one does not go with."""
    rivals = {"safeguarding_contact": "programme_manager", "programme_manager": "safeguarding_contact"}
    held = await db.scalars(
        select(Grant.role).where(Grant.organization_id == db.organization_id, Grant.person_id == person_id)
    )
    if rivals.get(role, "") in set(held):
        raise RolesClash("A safeguarding contact is never programme manager at the same time.")


async def take(db: Db, me: Actor, grant_id: UUID) -> None:
    """Take a role away; it ends with the next request."""
    require_admin(me)
    row = await db.locked(Grant, grant_id)
    if row.person_id == me.person_id and row.role == "organization_admin":
        raise Conflict("Nobody takes their own admin role away: ask another admin.")
    await db.delete(row)
    audit(db, f"grant.take.{row.role}", row.person_id, program_id=row.program_id)


async def get_preferences(db: Db, me: Actor, person_id: UUID) -> PreferencesOut:
    """The caller's own choices."""
    row = await db.get(Preferences, (me.organization_id, person_id))
    if row is None:
        return PreferencesOut(locale=None, time_zone=None, version=0)
    return PreferencesOut(locale=row.locale, time_zone=row.time_zone, version=row.version)


async def change_preferences(db: Db, me: Actor, person_id: UUID, version: int, patch: PreferencesPatch) -> None:
    """Change the caller's own choices; version 0 makes the first ones."""
    new = changes(patch)
    if new.get("time_zone"):
        check_time_zone(new["time_zone"], "/time_zone")
    row = await db.get(Preferences, (me.organization_id, person_id), with_for_update=True)
    if (row.version if row else 0) != version:
        raise PreconditionFailed
    if row is None:
        moment = clock.now()
        values = {"locale": None, "time_zone": None, **new, "version": 1, "created_at": moment, "updated_at": moment}
        made = await db.scalar(
            insert(Preferences)
            .values(organization_id=me.organization_id, person_id=person_id, **values)
            .on_conflict_do_nothing()
            .returning(Preferences.version)
        )
        if made is None:
            raise PreconditionFailed
        return
    for name, value in new.items():
        setattr(row, name, value)
    touch(row)


async def list_clients(db: Db, me: Actor, page: Paging) -> tuple[list[ApiClientOut], str | None]:
    """One page of the organization's API clients, oldest first."""
    require_admin(me)
    query = select(ApiClient).where(ApiClient.organization_id == me.organization_id)
    return await keyset(db, query, [ApiClient.id], page, lambda row: _client(row[0]), scope="api_clients", parse=[UUID])


def _client(row: ApiClient) -> ApiClientOut:
    return ApiClientOut(
        id=row.id, name=row.name, scopes=row.scopes, created_at=row.created_at, revoked_at=row.revoked_at
    )


async def names_of_clients(db: Db, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What machines are called, by id, for callers who were already allowed to see that they are there."""
    rows = await db.execute(
        select(ApiClient.id, ApiClient.name).where(
            ApiClient.organization_id == db.organization_id, ApiClient.id.in_(set(ids))
        )
    )
    return {id: name for id, name in rows}  # noqa: C416 - a Result is no mapping


async def add_client(db: Db, me: Actor, data: ApiClientIn) -> UUID:
    """Register a machine; its secret is made by `vuoro token`, which shows it once."""
    require_admin(me)
    row = ApiClient(organization_id=me.organization_id, id=clock.uuid7(), name=data.name, scopes=list(data.scopes))
    db.add(row)
    audit(db, "api_client.create", row.id)
    return row.id


async def revoke_client(db: Db, me: Actor, client_id: UUID) -> None:
    """End a machine's access with its next request."""
    require_admin(me)
    row = await db.locked(ApiClient, client_id)
    row.revoked_at = row.revoked_at or clock.now()
    audit(db, "api_client.revoke", row.id)
