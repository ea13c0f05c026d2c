"""Directory connections: made with their machine and first secret, changed, looked at, ended."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import and_, case, delete, func, or_, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import NotFound
from vuoro.core.history import audit
from vuoro.core.page import Paging, keyset
from vuoro.core.settings import settings
from vuoro.core.wire import can, changes
from vuoro.hris.scim import rules
from vuoro.hris.scim.models import ScimConnection, ScimGroup, ScimGroupRule, ScimLogEntry, ScimUser
from vuoro.hris.scim.request import Provisioning
from vuoro.hris.scim.schemas import (
    ScimCheck,
    ScimConnectionIn,
    ScimConnectionOut,
    ScimConnectionPatch,
    ScimCounts,
    ScimLogItem,
    ScimScopeOut,
    UnknownManager,
)
from vuoro.identity import machines
from vuoro.identity.access import require_admin
from vuoro.identity.schemas import ApiClientIn
from vuoro.people.models import Person
from vuoro.people.service import ref, refs

A_DAY = timedelta(days=1)
QUIET_AFTER = timedelta(days=2)
#: A field that this part of the people lack is probably not mapped.
MISSING = 0.5


async def create(db: Db, me: Actor, data: ScimConnectionIn) -> tuple[UUID, UUID]:
    """A new connection and the machine that it calls as; its secret comes next. Answers both ids."""
    require_admin(me)
    client_id = await machines.add_client(db, me, ApiClientIn(name=data.name, scopes=["scim"]))
    await db.flush()
    row = ScimConnection(
        organization_id=me.organization_id, id=clock.uuid7(), client_id=client_id, name=data.name, preset=data.preset,
        scope_field=data.scope.field if data.scope else None, scope_values=data.scope.values if data.scope else [],
    )  # fmt: skip
    db.add(row)
    audit(db, "scim_connection.create", row.id)
    await db.flush()
    return row.id, client_id


async def search(db: Db, me: Actor, page: Paging) -> tuple[list[ScimConnectionOut], str | None]:
    """One page of the connections, oldest first."""
    require_admin(me)
    query = select(ScimConnection).where(ScimConnection.organization_id == me.organization_id)
    rows, following = await keyset(
        db, query, [ScimConnection.id], page, lambda row: row[0], scope="scim_connections", parse=[UUID]
    )
    counts = await _counts(db, me)
    return [_show(row, counts.get(row.id)) for row in rows], following


async def get(db: Db, me: Actor, connection_id: UUID) -> ScimConnectionOut:
    """One connection."""
    row = await find(db, me, connection_id)
    return _show(row, (await _counts(db, me, connection_id)).get(row.id))


async def find(db: Db, me: Actor, connection_id: UUID) -> ScimConnection:
    """A connection's row; NotFound when there is none."""
    require_admin(me)
    row = await db.find(ScimConnection, connection_id)
    if row is None:
        raise NotFound
    return row


async def change(db: Db, me: Actor, connection_id: UUID, version: int, patch: ScimConnectionPatch) -> None:
    """Rename, pause, let go on, or draw the scope anew; people follow with their next change."""
    require_admin(me)
    row = await db.locked(ScimConnection, connection_id, version)
    new = changes(patch)
    if "scope" in new:
        row.scope_field = patch.scope.field if patch.scope else None
        row.scope_values = patch.scope.values if patch.scope else []
        del new["scope"]
    for name, value in new.items():
        setattr(row, name, value)
    touch(row)
    audit(db, "scim_connection.change", row.id)


async def end(db: Db, me: Actor, connection_id: UUID) -> None:
    """End a connection: its machine, its groups, and the roles that they gave. The people stay, and are nobody's."""
    row = await find(db, me, connection_id)
    given = await db.scalars(
        select(ScimGroupRule.id)
        .join(
            ScimGroup,
            and_(ScimGroup.organization_id == ScimGroupRule.organization_id, ScimGroup.id == ScimGroupRule.group_id),
        )
        .where(ScimGroup.organization_id == me.organization_id, ScimGroup.connection_id == row.id)
    )
    await rules.take_all(Provisioning(db, row), given.all())
    await machines.revoke_client(db, me, row.client_id)
    audit(db, "scim_connection.delete", row.id)
    await db.execute(
        delete(ScimConnection).where(
            ScimConnection.organization_id == me.organization_id, ScimConnection.id == connection_id
        )
    )


async def _counts(db: Db, me: Actor, only: UUID | None = None) -> dict[UUID, ScimCounts]:
    here = ScimConnection.organization_id == me.organization_id
    left = and_(Person.status == "left", Person.graph_only.is_(False))
    people = (
        select(
            ScimUser.connection_id,
            func.count().label("people"),
            func.count().filter(left).label("inactive"),
            func.count().filter(Person.graph_only).label("graph_only"),
        )
        .join(Person, and_(Person.organization_id == ScimUser.organization_id, Person.id == ScimUser.id))
        .where(ScimUser.organization_id == me.organization_id, ScimUser.deleted_at.is_(None))
        .group_by(ScimUser.connection_id)
        .subquery()
    )
    groups = (
        select(ScimGroup.connection_id, func.count().label("groups"))
        .where(ScimGroup.organization_id == me.organization_id)
        .group_by(ScimGroup.connection_id)
        .subquery()
    )
    errors = (
        select(ScimLogEntry.connection_id, func.count().label("errors"))
        .where(
            ScimLogEntry.organization_id == me.organization_id,
            ScimLogEntry.at > clock.now() - A_DAY,
            ScimLogEntry.status >= 400,
        )
        .group_by(ScimLogEntry.connection_id)
        .subquery()
    )
    query = (
        select(
            ScimConnection.id, people.c.people, people.c.inactive, people.c.graph_only, groups.c.groups, errors.c.errors
        )
        .outerjoin(people, people.c.connection_id == ScimConnection.id)
        .outerjoin(groups, groups.c.connection_id == ScimConnection.id)
        .outerjoin(errors, errors.c.connection_id == ScimConnection.id)
        .where(here)
    )
    if only is not None:
        query = query.where(ScimConnection.id == only)
    rows = await db.execute(query)
    names = ("people", "inactive", "graph_only", "groups", "errors")
    return {row.id: ScimCounts(**{name: getattr(row, name) or 0 for name in names}) for row in rows}


def _show(row: ScimConnection, counts: ScimCounts | None) -> ScimConnectionOut:
    scope = ScimScopeOut(field=row.scope_field, values=row.scope_values) if row.scope_field else None
    return ScimConnectionOut(
        id=row.id,
        name=row.name,
        preset=row.preset,
        state=row.state,
        scope=scope,
        url=f"{settings().public_url}/scim/v2",
        client_id=row.client_id,
        secret=None,
        last_seen_at=row.last_seen_at,
        counts=counts or ScimCounts(people=0, inactive=0, graph_only=0, groups=0, errors=0),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        can=can(edit=True, pause=row.state == "active", resume=row.state == "paused", delete=True),
    )


async def log_of(
    db: Db, me: Actor, connection_id: UUID, page: Paging, *, failed: bool | None
) -> tuple[list[ScimLogItem], str | None]:
    """One page of a connection's log, newest first; `failed` leaves out what was only not understood."""
    await find(db, me, connection_id)
    query = select(ScimLogEntry).where(
        ScimLogEntry.organization_id == me.organization_id, ScimLogEntry.connection_id == connection_id
    )
    if failed:
        query = query.where(ScimLogEntry.status >= 400)
    rows, following = await keyset(
        db, query, [ScimLogEntry.id], page, lambda row: row[0], scope=f"scim_log{failed}", descending=True, parse=[UUID]
    )
    people = await refs(db, me, [row.person_id for row in rows if row.person_id])
    return [_show_entry(row, people.get(row.person_id)) for row in rows], following


def _show_entry(row: ScimLogEntry, person: Any) -> ScimLogItem:
    return ScimLogItem(
        id=row.id, at=row.at, method=row.method, path=row.path, status=row.status, scim_type=row.scim_type,
        code=row.code, attribute=row.attribute, person=person,
    )  # fmt: skip


async def unknown_managers(
    db: Db, me: Actor, connection_id: UUID, page: Paging
) -> tuple[list[UnknownManager], str | None]:
    """One page of this connection's people whose manager the directory does not know, with what was said."""
    await find(db, me, connection_id)
    query = (
        select(Person)
        .join(ScimUser, and_(ScimUser.organization_id == Person.organization_id, ScimUser.id == Person.id))
        .where(
            Person.organization_id == me.organization_id,
            ScimUser.connection_id == connection_id,
            *_WAITING,
        )
    )
    return await keyset(
        db, query, [Person.display_name, Person.id], page,
        lambda row: UnknownManager(person=ref(row[0]), manager=row[0].manager_external_id),
        scope="unknown_managers", parse=[str, UUID],
    )  # fmt: skip


_WAITING = (
    Person.manager_id.is_(None),
    Person.manager_external_id.is_not(None),
    Person.status != "left",
    Person.deleted_at.is_(None),
)


async def checks(db: Db, me: Actor, connection_id: UUID) -> list[ScimCheck]:
    """How a connection is doing: reached or not, errors, and what the people lack that pairs are made from."""
    row = await find(db, me, connection_id)
    counts = (await _counts(db, me, connection_id)).get(row.id)
    lacking = {
        "unknown_managers": and_(*_WAITING),
        "no_hire_date": Person.hire_on.is_(None),
        "no_level": Person.job_level.is_(None),
        "no_team": and_(Person.team.is_(None), Person.department.is_(None)),
        "no_mail": Person.work_email.is_(None),
    }
    found = (
        await db.execute(
            select(
                func.count().label("total"),
                *[func.count(case((which, 1))).label(code) for code, which in lacking.items()],
            )
            .select_from(Person)
            .join(ScimUser, and_(ScimUser.organization_id == Person.organization_id, ScimUser.id == Person.id))
            .where(
                Person.organization_id == me.organization_id,
                ScimUser.connection_id == connection_id,
                ScimUser.deleted_at.is_(None),
                Person.status != "left",
                or_(Person.graph_only.is_(False), and_(*_WAITING)),
            )
        )
    ).one()
    said = [_reached(row), *_troubles(found, list(lacking), counts)]
    order = {"error": 0, "warning": 1, "ok": 2}
    return sorted(said, key=lambda check: order[check.state])


def _reached(row: ScimConnection) -> ScimCheck:
    if row.state == "paused":
        return ScimCheck(code="paused", state="error", count=0, total=0)
    if row.last_seen_at is None:
        return ScimCheck(code="no_contact", state="error", count=0, total=0)
    if row.last_seen_at < clock.now() - QUIET_AFTER:
        return ScimCheck(code="quiet", state="warning", count=(clock.now() - row.last_seen_at).days, total=0)
    return ScimCheck(code="reached", state="ok", count=0, total=0)


def _troubles(found: Any, lacking: list[str], counts: ScimCounts | None) -> list[ScimCheck]:
    total: int = found.total
    said: list[ScimCheck] = []
    if counts and counts.errors:
        said.append(ScimCheck(code="errors", state="warning", count=counts.errors, total=0))
    for code in lacking:
        count: int = getattr(found, code)
        if count and (code == "unknown_managers" or count > total * MISSING):
            said.append(ScimCheck(code=cast(Any, code), state="warning", count=count, total=total))
    if total and len(said) == 0:
        said.append(ScimCheck(code="fields_complete", state="ok", count=total, total=total))
    return said
