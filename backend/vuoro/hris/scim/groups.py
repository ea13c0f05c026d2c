"""Groups of a connection: their names, who belongs to them, and what belonging gives."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from scim2_models import InvalidValueException, NotFoundException, UniquenessException
from sqlalchemy import any_, delete, func, insert, select

from vuoro.core import clock
from vuoro.core.db import touch, uuids
from vuoro.core.history import audit
from vuoro.hris.scim import rules
from vuoro.hris.scim.attributes import meta, require_version, text_of
from vuoro.hris.scim.models import ScimGroup, ScimMember
from vuoro.hris.scim.request import Provisioning
from vuoro.hris.scim.resources import GROUP, GROUP_MODEL, GROUP_TYPE
from vuoro.people.models import Person
from vuoro.people.moves import uuid_of

LONGEST_NAME = 400
CHUNK = 5000


async def get(at: Provisioning, id: str, *, members: bool) -> Any:
    """One group, locked where the request may go on to change it; NotFoundException when the connection has none."""
    row = await _row(at, id)
    return _resource(row, (await _members(at, [row.id])).get(row.id, []) if members else [])


async def _row(at: Provisioning, id: str) -> ScimGroup:
    group_id = uuid_of(id)
    row = None
    if group_id is not None and str(group_id) == id:
        row = await at.db.find(ScimGroup, group_id, lock=not at.reads)
    if row is None or row.connection_id != at.connection.id:
        raise NotFoundException(detail=f"Group {id[:64]!r} not found")
    return row


async def many(at: Provisioning, ids: Sequence[UUID], *, members: bool) -> dict[UUID, Any]:
    """These groups by id, in one statement, and one more for their members."""
    if not ids:
        return {}
    rows = await at.db.scalars(
        select(ScimGroup).where(ScimGroup.organization_id == at.db.organization_id, ScimGroup.id.in_(ids))
    )
    inside = await _members(at, ids) if members else {}
    return {row.id: _resource(row, inside.get(row.id, [])) for row in rows}


async def _members(at: Provisioning, ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    rows = await at.db.execute(
        select(ScimMember.group_id, ScimMember.person_id, ScimMember.child_id)
        .where(ScimMember.organization_id == at.db.organization_id, ScimMember.group_id.in_(ids))
        .order_by(ScimMember.id)
    )
    found: dict[UUID, list[dict[str, Any]]] = {}
    for group_id, person_id, child_id in rows:
        kind, id = ("User", person_id) if person_id else ("Group", child_id)
        found.setdefault(group_id, []).append({"value": str(id), "$ref": f"{kind}s/{id}", "type": kind})
    return found


def _resource(row: ScimGroup, members: list[dict[str, Any]]) -> Any:
    group = GROUP_MODEL.model_validate(
        {
            "schemas": [GROUP],
            "displayName": row.display_name,
            "externalId": row.external_id,
            **({"members": members} if members else {}),
        }
    )
    group.id = str(row.id)
    group.meta = meta(GROUP_TYPE.name, row.created_at, row.updated_at, row.version)
    return group


async def create(at: Provisioning, group: Any) -> Any:
    """A new group; UniquenessException when the connection has one of that name."""
    name = await _free_name(at, group, None)
    moment = clock.now()
    row = ScimGroup(
        created_at=moment,
        updated_at=moment,
        organization_id=at.db.organization_id,
        id=clock.uuid7(),
        connection_id=at.connection.id,
        external_id=group.external_id and text_of("externalId", group.external_id),
        display_name=name,
    )
    at.db.add(row)
    audit(at.db, "scim_group.create", row.id)
    await at.db.flush()
    await _set_members(at, row, group)
    return await get(at, str(row.id), members=True)


async def update(at: Provisioning, group: Any, expected_version: str | None) -> Any:
    """Change a group's name and members to this state."""
    row = await _row(at, group.id or "")
    require_version(row.version, expected_version)
    row.display_name = await _free_name(at, group, row.id)
    row.external_id = group.external_id and text_of("externalId", group.external_id)
    touch(row)
    audit(at.db, "scim_group.change", row.id)
    await at.db.flush()
    await _set_members(at, row, group)
    return await get(at, str(row.id), members=True)


async def delete_one(at: Provisioning, id: str, expected_version: str | None) -> None:
    """End a group; what its rules gave ends with it."""
    row = await _row(at, id)
    require_version(row.version, expected_version)
    inside = await _inside(at, row.id)
    await rules.take(at, [row.id], [person for person, _ in inside if person])
    audit(at.db, "scim_group.delete", row.id)
    await at.db.delete(row)
    await at.db.flush()


async def forget(at: Provisioning, person_id: UUID) -> None:
    """Take a person out of this connection's groups, with what belonging gave them."""
    own = select(ScimGroup.id).where(
        ScimGroup.organization_id == at.db.organization_id, ScimGroup.connection_id == at.connection.id
    )
    gone = await at.db.scalars(
        delete(ScimMember)
        .where(
            ScimMember.organization_id == at.db.organization_id,
            ScimMember.person_id == person_id,
            ScimMember.group_id.in_(own),
        )
        .returning(ScimMember.group_id)
        .execution_options(synchronize_session=False)
    )
    await rules.take(at, gone.all(), [person_id])


async def _free_name(at: Provisioning, group: Any, but: UUID | None) -> str:
    name = text_of("displayName", (group.display_name or "").strip())
    if not name or len(name) > LONGEST_NAME:
        raise InvalidValueException(detail=f"displayName has 1 to {LONGEST_NAME} characters")
    taken = await at.db.scalar(
        select(ScimGroup.id).where(
            ScimGroup.organization_id == at.db.organization_id,
            ScimGroup.connection_id == at.connection.id,
            ScimGroup.__table__.c.shown_name == func.lower(name),
            ScimGroup.id.is_distinct_from(but),
        )
    )
    if taken is not None:
        raise UniquenessException(detail="Another group has this displayName")
    return name


async def _inside(at: Provisioning, group_id: UUID) -> list[tuple[UUID | None, UUID | None]]:
    rows = await at.db.execute(
        select(ScimMember.person_id, ScimMember.child_id).where(
            ScimMember.organization_id == at.db.organization_id, ScimMember.group_id == group_id
        )
    )
    return [(person, child) for person, child in rows]


async def _set_members(at: Provisioning, row: ScimGroup, group: Any) -> None:
    """Make these the members, by a statement a kind; whoever is not here is left out and noted."""
    said = {uuid_of(member.value or "") for member in group.members or []}
    ids, unclear = {id for id in said if id is not None}, said & {None}
    before = {person or child for person, child in await _inside(at, row.id)}
    new, gone = ids - before, {id for id in before if id is not None} - ids
    people = set(
        await at.db.scalars(
            select(Person.id).where(
                Person.organization_id == at.db.organization_id,
                Person.deleted_at.is_(None),
                Person.id == any_(uuids([*new])),
            )
        )
    )
    children = set(
        await at.db.scalars(
            select(ScimGroup.id).where(
                ScimGroup.organization_id == at.db.organization_id,
                ScimGroup.connection_id == at.connection.id,
                ScimGroup.id == any_(uuids(new - people)),
            )
        )
    )
    strangers = new - people - children
    new -= strangers
    if strangers or unclear:
        at.note("unknown_member", "members", None)
    if gone:
        whom = func.coalesce(ScimMember.person_id, ScimMember.child_id)
        await at.db.execute(
            delete(ScimMember)
            .where(
                ScimMember.organization_id == at.db.organization_id,
                ScimMember.group_id == row.id,
                whom == any_(uuids(gone)),
            )
            .execution_options(synchronize_session=False)
        )
    rows = [
        {
            "organization_id": at.db.organization_id,
            "id": clock.uuid7(),
            "group_id": row.id,
            "person_id": id if id in people else None,
            "child_id": None if id in people else id,
        }
        for id in sorted(new)
    ]
    for start in range(0, len(rows), CHUNK):
        await at.db.execute(insert(ScimMember), rows[start : start + CHUNK])
    await rules.take(at, [row.id], [*gone])
    await rules.give(at, row.id, sorted(people))
