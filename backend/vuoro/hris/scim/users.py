"""People as SCIM users: found in the directory, taken over, changed through its one door."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from scim2_models import InvalidValueException, NotFoundException, UniquenessException
from sqlalchemy import ARRAY, Uuid, any_, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock
from vuoro.hris.problems import ValueRefused
from vuoro.hris.scim import attributes, groups
from vuoro.hris.scim.attributes import GRAPH_ONLY, PLACES, attributes_of, employee_id, said_of, status_of, text_of
from vuoro.hris.scim.columns import USER_NAME, USERS, parameters
from vuoro.hris.scim.models import ScimConnection, ScimGroup, ScimMember, ScimUser
from vuoro.hris.scim.request import Provisioning
from vuoro.hris.scim.resources import ENTERPRISE, VUORO
from vuoro.hris.values import read_ids
from vuoro.people import provision
from vuoro.people.models import Person
from vuoro.people.moves import uuid_of
from vuoro.people.owners import FIELDS

LONGEST_NAME = 200
_ROW = (
    Person.id, Person.external_id, USER_NAME.label("user_name"), Person.given_name, Person.family_name,
    Person.display_name, Person.work_email, Person.title, Person.job_level, Person.division, Person.department,
    Person.team, Person.cost_center, Person.site, Person.country, Person.time_zone, Person.languages,
    Person.preferred_language, Person.status, Person.hire_on, Person.end_on, Person.manager_id,
    Person.manager_external_id, Person.graph_only, Person.version, Person.created_at, Person.updated_at,
    ScimUser.external_id.label("client_external_id"), ScimUser.said, ScimUser.deleted_at.label("hidden_at"),
)  # fmt: skip


class UserNameConflict(UniquenessException):
    """Somebody else has the userName, address or employee number."""


_LISTED = USERS.base.add_columns(*_ROW)


async def get(at: Provisioning, id: str, *, with_groups: bool) -> Any:
    """One person; NotFoundException when there is none, or the connection deleted them."""
    row = await _row(at, id)
    own = await groups_of(at, [row.id]) if with_groups else {}
    return attributes.resource(row, own.get(row.id))


async def _row(at: Provisioning, id: str) -> Any:
    person_id = uuid_of(id)
    row = None
    if person_id is not None and str(person_id) == id:
        row = (await at.db.execute(_LISTED.where(Person.id == person_id), parameters(at))).one_or_none()
    if row is None:
        raise NotFoundException(detail=f"User {id[:64]!r} not found")
    at.about = row.id
    at.told[row.id] = frozenset(row.said or {})
    return row


async def many(at: Provisioning, ids: Sequence[UUID], *, with_groups: bool) -> dict[UUID, Any]:
    """These people by id, in one statement, and one more for their groups."""
    if not ids:
        return {}
    rows = (await at.db.execute(_LISTED.where(Person.id.in_(ids)), parameters(at))).all()
    own = await groups_of(at, ids) if with_groups else {}
    return {row.id: attributes.resource(row, own.get(row.id)) for row in rows}


async def groups_of(at: Provisioning, ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The groups of these people, as SCIM shows them."""
    rows = await at.db.execute(
        select(ScimMember.person_id, ScimGroup.id, ScimGroup.display_name)
        .join(
            ScimGroup,
            (ScimGroup.organization_id == ScimMember.organization_id) & (ScimGroup.id == ScimMember.group_id),
        )
        .where(
            ScimMember.organization_id == at.db.organization_id,
            ScimMember.person_id.in_(ids),
            ScimGroup.connection_id == at.connection.id,
        )
        .order_by(ScimGroup.display_name)
    )
    found: dict[UUID, list[dict[str, Any]]] = {}
    for person_id, group_id, name in rows:
        assert person_id is not None
        found.setdefault(person_id, []).append({"value": str(group_id), "$ref": f"Groups/{group_id}", "display": name})
    return found


@dataclass(frozen=True, slots=True)
class _Shown:
    """A person as they were just written, in the place of their row."""

    person: Person
    user_name: str
    client_external_id: str | None
    said: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.person, name)


async def create(at: Provisioning, user: Any) -> Any:
    """Bring a person: a new one, or one whom the directory knows and no connection keeps yet."""
    await at.lock_chart()
    said, name = said_of(user), _user_name(user)
    external_id = user.external_id and text_of("externalId", user.external_id)
    person = await _same_person(at, said, name, external_id)
    values = _values(at, said, set(said), name, external_id, before=person.status if person else "active")
    try:
        if person is None:
            person = await provision.add(at.db, at.moves, values)
        else:
            await provision.alter(at.db, at.moves, person, values)
    except provision.ExternalIdTaken as taken:
        raise UserNameConflict(detail=taken.detail) from None
    at.about = person.id
    _move(at, person.id, said, set(said))
    kept = said if not values.get("graph_only") else _graph(at, said)
    await _keep(at, person.id, external_id, kept)
    return attributes.resource(_Shown(person, name, external_id, kept))


async def update(at: Provisioning, user: Any, expected_version: str | None) -> Any:
    """Change a person to this state; whatever differs is the connection's from now on."""
    person_id = uuid_of(user.id or "")
    if person_id is None:
        raise NotFoundException(detail="User not found")
    said, name = said_of(user), _user_name(user)
    external_id = user.external_id and text_of("externalId", user.external_id)
    row = await _row(at, user.id)
    before = attributes_of(row)
    changed = {each for each in PLACES if said.get(each) != before.get(each)}
    if changed & {"active", "employmentStatus", "manager", "dottedManagers", "employeeNumber", "emails"} or (
        name != row.user_name
    ):
        await at.lock_chart()
    person = await at.db.locked(Person, row.id)
    attributes.require_version(person.version, expected_version)
    values = _values(at, said, changed, name, external_id, before=person.status)
    if row.said is not None or {"employeeNumber"} & changed:
        values["external_id"] = _directory_id(said, external_id, name, person, linked=row.said is not None)
    try:
        await provision.alter(at.db, at.moves, person, values)
    except provision.ExternalIdTaken as taken:
        raise UserNameConflict(detail=taken.detail) from None
    _move(at, person.id, said, changed)
    own = {**(row.said or {}), **{each: said.get(each) for each in changed}}
    kept = own if not values.get("graph_only") else _graph(at, own)
    await _keep(at, person.id, external_id, kept)
    inside = await groups_of(at, [person.id])
    return attributes.resource(_Shown(person, name, external_id, kept), inside.get(person.id))


async def delete(at: Provisioning, id: str, expected_version: str | None) -> None:
    """Take a person away: they have left, and this connection does not see them any more."""
    await at.lock_chart()
    row = await _row(at, id)
    person = await at.db.locked(Person, row.id)
    attributes.require_version(person.version, expected_version)
    await provision.alter(at.db, at.moves, person, {"status": "left"})
    at.moved(person.id)
    await _keep(at, person.id, row.client_external_id, {}, hidden=True)
    await groups.forget(at, person.id)


def _user_name(user: Any) -> str:
    name = text_of("userName", (user.user_name or "").strip())
    if not name or len(name) > LONGEST_NAME:
        raise InvalidValueException(detail=f"userName has 1 to {LONGEST_NAME} characters")
    employee_id(name, "userName")
    return name


def _values(
    at: Provisioning, said: dict[str, Any], changed: set[str], name: str, external_id: str | None, *, before: str
) -> dict[str, Any]:
    found = attributes.told(said, changed, name)
    values = found.values
    status, unclear = status_of(said, before)
    if unclear and "employmentStatus" in changed:
        found.unclear["employmentStatus"] = unclear
    for attribute, code in found.unclear.items():
        at.note(code, attribute, None)
    if "name" not in changed and "displayName" not in changed and not (said.get("name") or said.get("displayName")):
        values.setdefault("display_name", name)
    values |= {"user_name": name, "status": status, "graph_only": not is_full(at.connection, said)}
    if changed == set(said):
        values["external_id"] = _directory_id(said, external_id, name, None, linked=True)
    if values["graph_only"]:
        kept = {"user_name", "external_id", "status", "graph_only"}
        blank = {column: None for columns in FIELDS.values() for column in columns if hasattr(Person, column)}
        drop = kept | {"manager_id", "languages", "display_name"}
        values = {
            **{column: None for column in blank if column not in drop},
            **{column: value for column, value in values.items() if column in kept},
            "languages": {},
            "display_name": name,
        }
    return values


def _directory_id(
    said: dict[str, Any], external_id: str | None, name: str, person: Person | None, *, linked: bool
) -> str:
    """The directory's own id: the employee number, or else the provider's id, or else the user name."""
    number = employee_id(said.get("employeeNumber"), "employeeNumber")
    if number is None and person is not None and not linked:
        return person.external_id
    return number or employee_id(external_id, "externalId") or name


def is_full(connection: ScimConnection, said: dict[str, Any]) -> bool:
    """Whether a person is a full member: in the connection's scope, and with a name."""
    if connection.scope_field is None:
        return True
    value = str(said.get(connection.scope_field) or "").strip().lower()
    inside = value in {each.lower() for each in connection.scope_values}
    return inside and bool(said.get("displayName") or said.get("name"))


def _graph(at: Provisioning, said: dict[str, Any]) -> dict[str, Any]:
    kept = GRAPH_ONLY | {at.connection.scope_field}
    return {name: value for name, value in said.items() if name in kept}


def _dotted(said: str | None) -> Sequence[str]:
    try:
        return read_ids(said) if said else ()
    except ValueRefused as refused:
        raise InvalidValueException(detail=f"dottedManagers {refused.detail}") from None


def _move(at: Provisioning, person_id: UUID, said: dict[str, Any], changed: set[str]) -> None:
    if "manager" in changed:
        manager = said.get("manager")
        at.moves.managers[person_id] = manager["value"] if manager else None
    if "dottedManagers" in changed:
        at.moves.dotted[person_id] = _dotted(said.get("dottedManagers"))
    if person_id in at.moves.came or changed & {"manager", "dottedManagers"}:
        at.moved(person_id)


async def _same_person(at: Provisioning, said: dict[str, Any], name: str, external_id: str | None) -> Person | None:
    """The person whom this resource means and whom no connection keeps; UserNameConflict when one does.

    Who has left and only had the same name or address is somebody else: they give both up.
    """
    number = employee_id(said.get("employeeNumber"), "employeeNumber")
    mail = attributes.told(said, {"emails"} & set(said), name).values.get("work_email")
    named = Person.__table__.c.scim_name == func.lower(name)
    same = [named]
    same += [Person.work_email == mail] if mail else []
    same += [Person.external_id == number] if number else []
    if external_id:
        told = select(ScimUser.id).where(
            ScimUser.organization_id == at.db.organization_id, ScimUser.external_id == external_id
        )
        # As an array, which is read once; joined, each person is.
        same.append(Person.id == any_(func.array(told.scalar_subquery(), type_=ARRAY(Uuid()))))
    query = (
        select(Person, ScimUser, named)
        .outerjoin(ScimUser, (ScimUser.organization_id == Person.organization_id) & (ScimUser.id == Person.id))
        .where(Person.organization_id == at.db.organization_id, Person.deleted_at.is_(None), or_(*same))
        .with_for_update(of=Person)
    )
    found: list[Person] = []
    for person, link, same_name in (await at.db.execute(query)).all():
        known = (number is not None and person.external_id == number) or (
            external_id is not None and link is not None and link.external_id == external_id
        )
        if link is not None and link.deleted_at is None:
            by_name = (person.user_name and same_name) or (mail and person.work_email == mail)
            if by_name or (number is not None and person.external_id == number):
                raise UserNameConflict(detail="Another user has this userName, address or employee number")
        elif known or (person.status != "left" and not person.graph_only):
            found.append(person)
        else:
            await _give_up(at, person)
    if len(found) > 1:
        raise UserNameConflict(detail="userName, address and employee number belong to different people")
    return found[0] if found else None


async def _give_up(at: Provisioning, person: Person) -> None:
    """A leaver's name, address and id go to somebody else who has the same."""
    await provision.alter(
        at.db, at.moves, person, {"user_name": None, "work_email": None, "external_id": f"left:{person.id}"}
    )


async def _keep(
    at: Provisioning, person_id: UUID, external_id: str | None, said: dict[str, Any], *, hidden: bool = False
) -> None:
    values = {
        "connection_id": at.connection.id,
        "external_id": external_id,
        "said": said,
        "deleted_at": clock.now() if hidden else None,
    }
    row = insert(ScimUser).values(organization_id=at.db.organization_id, id=person_id, **values)
    await at.db.execute(row.on_conflict_do_update(index_elements=["organization_id", "id"], set_=values))


def keep_untold(current: Any, replacement: Any, told: Iterable[str]) -> None:
    """A PUT says nothing about what its connection never told: such attributes, and `active`, stay as they are."""
    known = set(told) - {"active"}
    for name, (schema, field) in PLACES.items():
        if name in known:
            continue
        extension = {ENTERPRISE: "EnterpriseUser", VUORO: "VuoroUser"}.get(schema)
        before = getattr(current, extension) if extension else current
        if before is None or getattr(before, field) is None:
            continue
        after = getattr(replacement, extension) if extension else replacement
        if after is None and extension:
            after = type(before)()
            setattr(replacement, extension, after)
        if getattr(after, field) is None:
            setattr(after, field, getattr(before, field))
