"""Organizations, roles and preferences."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import Select, String, Uuid, and_, any_, column, exists, select, table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch, uuids
from vuoro.core.errors import Conflict, Invalid, NotFound, PreconditionFailed
from vuoro.core.history import audit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import can, changes
from vuoro.identity import branding
from vuoro.identity.access import require_admin
from vuoro.identity.models import ApiClient, Grant, IdentityProvider, Organization, Preferences
from vuoro.identity.schemas import (
    GrantIn,
    GrantOut,
    OrganizationOut,
    OrganizationPatch,
    PreferencesOut,
    PreferencesPatch,
)

# Tables of the domains above, of which only names are read here.
_PEOPLE = table("people", column("organization_id", Uuid), column("id", Uuid), column("display_name", String))
_PROGRAMS = table("programs", column("organization_id", Uuid), column("id", Uuid), column("name", String))
_UNITS = table("units", column("organization_id", Uuid), column("id", Uuid), column("name", String))
IN_A_UNIT = ("programme_manager", "sponsor", "organization_admin")


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
    provider = await db.scalar(
        select(exists().where(IdentityProvider.organization_id == me.organization_id))
    )  # fmt: skip
    return OrganizationOut(
        id=row.id,
        name=row.name,
        slug=row.slug,
        locales=row.locales,
        default_locale=row.default_locale,
        time_zone=row.time_zone,
        accent=row.accent,
        logo_url=branding.logo_url(row),
        has_identity_provider=bool(provider),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        can=can(edit=me.is_admin or "not_allowed"),
    )


async def change_organization(db: Db, me: Actor, version: int, patch: OrganizationPatch) -> None:
    """Change name, languages, time zone or colour."""
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
    query = _grants(me)
    if person_id is not None:
        query = query.where(Grant.person_id == person_id)
    return await keyset(db, query, [Grant.id], page, _grant, scope="grants", parse=[UUID])


def _grants(me: Actor) -> Select[Grant, str, str | None, str | None]:
    """Roles with the names of who has them and where."""
    people, programs, units = _PEOPLE.c, _PROGRAMS.c, _UNITS.c
    return (
        select(Grant, people.display_name, programs.name, units.name)
        .join(_PEOPLE, and_(people.organization_id == Grant.organization_id, people.id == Grant.person_id))
        .outerjoin(_PROGRAMS, and_(programs.organization_id == Grant.organization_id, programs.id == Grant.program_id))
        .outerjoin(_UNITS, and_(units.organization_id == Grant.organization_id, units.id == Grant.unit_id))
        .where(Grant.organization_id == me.organization_id)
    )


def _grant(row: Any) -> GrantOut:
    grant = row[0]
    return GrantOut(
        id=grant.id,
        person_id=grant.person_id,
        display_name=row[1],
        role=grant.role,
        program_id=grant.program_id,
        program_name=row[2],
        unit_id=grant.unit_id,
        unit_name=row[3],
        created_at=grant.created_at,
    )


async def get_grant(db: Db, me: Actor, grant_id: UUID) -> GrantOut:
    """One role."""
    require_admin(me)
    row = (await db.execute(_grants(me).where(Grant.id == grant_id))).one_or_none()
    if row is None:
        raise NotFound
    return _grant(row)


async def give(db: Db, me: Actor, data: GrantIn) -> UUID:
    """Give a role; RolesClash for a safeguarding contact who manages, GrantExists for a second time."""
    require_admin(me)
    _check_place(data)
    await require_no_rival(db, data.person_id, data.role)
    row = Grant(organization_id=me.organization_id, id=clock.uuid7(), **data.model_dump())
    db.add(row)
    try:
        await db.flush()
    except IntegrityError as error:
        if "grants_organization_id_person_id_role" in str(error.orig):
            raise GrantExists("The person has this role already.") from None
        raise Invalid.at("/person_id", "unknown", "There is no such person, program or unit here.") from None
    audit(db, f"grant.give.{data.role}", data.person_id, program_id=data.program_id)
    return row.id


def _check_place(data: GrantIn) -> None:
    if data.unit_id is not None and data.program_id is not None:
        raise Invalid.at("/unit_id", "one_place", "A role is held in a program or in a unit, not in both.")
    if data.unit_id is not None and data.role not in IN_A_UNIT:
        raise Invalid.at("/unit_id", "not_in_a_unit", "This role is not held in a unit.")
    if data.program_id is not None and data.role == "organization_admin":
        raise Invalid.at("/program_id", "not_in_a_program", "An admin looks after the organization or a unit of it.")


async def admins(db: Db) -> set[UUID]:
    """Who administers the whole organization; a unit's admins are not among them."""
    held = await db.scalars(
        select(Grant.person_id).where(
            Grant.organization_id == db.organization_id,
            Grant.role == "organization_admin",
            Grant.program_id.is_(None),
            Grant.unit_id.is_(None),
        )
    )
    return set(held)


async def require_no_rival(db: Db, person_id: UUID, role: str) -> None:
    """RolesClash where somebody holds a role that this one does not go with."""
    if await rivals_of(db, [person_id], role):
        raise RolesClash("A safeguarding contact is never programme manager at the same time.")


async def rivals_of(db: Db, people: Iterable[UUID], role: str) -> set[UUID]:
    """Who of these people holds a role that this one does not go with."""
    rivals = {"safeguarding_contact": "programme_manager", "programme_manager": "safeguarding_contact"}
    if role not in rivals:
        return set()
    held = await db.scalars(
        select(Grant.person_id).where(
            Grant.organization_id == db.organization_id,
            Grant.person_id == any_(uuids(people)),
            Grant.role == rivals[role],
        )
    )
    return set(held)


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


async def names_of_clients(db: Db, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What machines are called, by id, for callers who were already allowed to see that they are there."""
    rows = await db.execute(
        select(ApiClient.id, ApiClient.name).where(
            ApiClient.organization_id == db.organization_id, ApiClient.id.in_(set(ids))
        )
    )
    return {id: name for id, name in rows}  # noqa: C416 - a Result is no mapping
