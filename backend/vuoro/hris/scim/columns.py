"""Where each SCIM attribute stands in the database, for filters and sorting."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from sqlalchemy import ARRAY, Text, Uuid, and_, any_, bindparam, case, cast, exists, func, literal, null, or_, select
from sqlalchemy.orm import aliased

from vuoro.hris.scim.attributes import PLACES
from vuoro.hris.scim.models import ScimGroup, ScimMember, ScimUser
from vuoro.hris.scim.request import Provisioning
from vuoro.hris.scim.resources import CORE, ENTERPRISE, GROUP, VUORO
from vuoro.people.models import Person
from vuoro.people.owners import FIELDS

Kind = Literal["text", "mail", "bool", "int", "time", "id"]
Place = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Column:
    """One value of a resource; a `mail` is kept in lower case.

    `plain` is an indexed column, in lower case where the value is a text, that an `eq` looks up before; `among` makes
    that condition where it is not one column.
    """

    value: Any
    kind: Kind = "text"
    plain: Any = None
    among: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A multi-valued attribute in rows of its own: `where` binds them to the resource, `parts` are its values."""

    where: Any
    parts: dict[str, Column]


@dataclass(frozen=True)
class Shape:
    """A resource type in SQL: its attributes, what is in it, and its id. Queries of it take `parameters`."""

    attributes: dict[tuple[str, str], Any]
    base: Any
    id: Any
    name: str

    @cached_property
    def places(self) -> dict[tuple[str, str], "Column | Rows"]:
        """The attributes by schema and name in lower case."""
        return {(urn.lower(), name.lower()): at for (urn, name), at in self.attributes.items()}


ORGANIZATION: Any = bindparam("organization", type_=Uuid())
CONNECTION: Any = bindparam("connection", type_=Uuid())
# What is shown as userName where no connection gave one.
USER_NAME = func.coalesce(Person.user_name, Person.work_email, Person.external_id)


def _said(name: str, column: Any, *path: str) -> Any:
    """What was said of an attribute, or else what the directory has."""
    inside = ScimUser.said[(name, *path)] if path else ScimUser.said[name]
    return case((ScimUser.said.has_key(name), inside.astext), else_=column)


def _guarded(name: str, column: Any) -> Any:
    """A column that holds what was said, unless it was said that there is nothing."""
    return case((func.jsonb_typeof(ScimUser.said[name]) == "null", null()), else_=column)


def _iso(column: Any) -> Any:
    return func.to_char(column, "YYYY-MM-DD")


_PEOPLE, _GROUPS, _SAID = Person.__table__.c, ScimGroup.__table__.c, ScimUser.__table__.alias("said")


def _numbered(number: Any) -> Any:
    """The people of whom a connection said this employee number, or whom the directory has by it."""
    said = select(_SAID.c.id).where(_SAID.c.organization_id == ORGANIZATION, _SAID.c.number == number)
    # As an array, people are looked up by id; joined, each of them is.
    ids = func.array(said.scalar_subquery(), type_=ARRAY(Uuid()))
    return or_(Person.id == any_(ids), _PEOPLE.number == number)


def _user_shape() -> Shape:
    """People as one connection sees them."""
    mail = Column(Person.work_email, "mail")
    attributes: dict[tuple[str, str], Any] = {
        (CORE, "id"): Column(cast(Person.id, Text), "id", Person.id),
        (CORE, "externalId"): Column(ScimUser.external_id),
        (CORE, "userName"): Column(USER_NAME, "text", _PEOPLE.scim_name),
        (CORE, "meta.created"): Column(Person.created_at, "time"),
        (CORE, "meta.lastModified"): Column(Person.updated_at, "time"),
        (CORE, "meta.resourceType"): Column(literal("User")),
        (CORE, "displayName"): Column(_guarded("displayName", Person.display_name), "text", _PEOPLE.shown_name),
        (CORE, "active"): Column(_guarded("active", Person.status != "left"), "bool"),
        (CORE, "name.formatted"): Column(_said("name", null(), "formatted")),
        (CORE, "name.givenName"): Column(_said("name", Person.given_name, "givenName")),
        (CORE, "name.familyName"): Column(_said("name", Person.family_name, "familyName")),
        (CORE, "emails"): Rows(
            Person.work_email.is_not(None),
            {
                "value": mail,
                "type": Column(_said("emails", literal("work"), "0", "type")),
                "primary": Column(cast(_said("emails", literal("true"), "0", "primary"), _BOOL), "bool"),
            },
        ),
        (CORE, "groups"): _groups(),
        (ENTERPRISE, "manager.value"): Column(
            _said("manager", func.coalesce(cast(Person.manager_id, Text), Person.manager_external_id), "value")
        ),
        (ENTERPRISE, "employeeNumber"): Column(
            _said("employeeNumber", case((ScimUser.id.is_(None), Person.external_id))), among=_numbered
        ),
        (VUORO, "jobLevel"): Column(cast(_said("jobLevel", cast(Person.job_level, Text)), _INT), "int"),
        (VUORO, "employmentStatus"): Column(
            _said("employmentStatus", case((Person.status == "leave", literal("leave"))))
        ),
        (VUORO, "hireOn"): Column(_said("hireOn", _iso(Person.hire_on))),
        (VUORO, "endOn"): Column(_said("endOn", _iso(Person.end_on))),
    }
    for name, (schema, _) in PLACES.items():
        if name in _PLAIN:
            attributes[(schema, name)] = Column(_said(name, getattr(Person, FIELDS[name][0])))
    base = (
        select()
        .select_from(Person)
        .outerjoin(ScimUser, and_(ScimUser.organization_id == Person.organization_id, ScimUser.id == Person.id))
        .where(
            Person.organization_id == ORGANIZATION,
            Person.deleted_at.is_(None),
            or_(ScimUser.deleted_at.is_(None), Person.status != "left"),
            or_(Person.graph_only.is_(False), ScimUser.id.is_not(None)),
        )
    )
    return Shape(attributes, base, Person.id, "User")


_PLAIN = ("title", "timezone", "preferredLanguage", "costCenter", "division", "department", "team", "site", "country")
_INT: Any = Person.job_level.type
_BOOL: Any = Person.graph_only.type


def _groups() -> Rows:
    own = aliased(ScimMember)
    group = aliased(ScimGroup)
    inside = exists().where(
        own.organization_id == Person.organization_id,
        own.person_id == Person.id,
        group.organization_id == own.organization_id,
        group.id == own.group_id,
        group.connection_id == CONNECTION,
    )
    return Rows(
        inside, {"value": Column(cast(own.group_id, Text), "id", own.group_id), "display": Column(group.display_name)}
    )


def _group_shape() -> Shape:
    """The groups of one connection."""
    member = aliased(ScimMember)
    inside = exists().where(member.organization_id == ScimGroup.organization_id, member.group_id == ScimGroup.id)
    whom = func.coalesce(member.person_id, member.child_id)
    attributes: dict[tuple[str, str], Any] = {
        (GROUP, "id"): Column(cast(ScimGroup.id, Text), "id", ScimGroup.id),
        (GROUP, "externalId"): Column(ScimGroup.external_id),
        (GROUP, "displayName"): Column(ScimGroup.display_name, "text", _GROUPS.shown_name),
        (GROUP, "meta.created"): Column(ScimGroup.created_at, "time"),
        (GROUP, "meta.lastModified"): Column(ScimGroup.updated_at, "time"),
        (GROUP, "meta.resourceType"): Column(literal("Group")),
        (GROUP, "members"): Rows(
            inside,
            {
                "value": Column(cast(whom, Text), "id", whom),
                "type": Column(case((member.person_id.is_not(None), "User"), else_="Group")),
            },
        ),
    }
    base = (
        select()
        .select_from(ScimGroup)
        .where(ScimGroup.organization_id == ORGANIZATION, ScimGroup.connection_id == CONNECTION)
    )
    return Shape(attributes, base, ScimGroup.id, "Group")


USERS, GROUPS = _user_shape(), _group_shape()


def parameters(at: Provisioning) -> dict[str, Any]:
    """What a query of a shape is run with: whose people and groups."""
    return {"organization": at.db.organization_id, "connection": at.connection.id}
