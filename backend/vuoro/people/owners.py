"""Who owns a field of a person: the directory connection that last told it, or nobody in particular."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import DateTime, String, Uuid, and_, column, select, table
from sqlalchemy.dialects.postgresql import JSONB

from vuoro.core.db import Db
from vuoro.core.errors import Conflict

# What a connection says, and the fields of a person that it fills.
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("given_name", "family_name", "display_name"),
    "displayName": ("display_name",),
    "title": ("title",),
    "timezone": ("time_zone",),
    "preferredLanguage": ("preferred_language",),
    "active": ("status",),
    "emails": ("work_email",),
    "employeeNumber": ("external_id",),
    "costCenter": ("cost_center",),
    "division": ("division",),
    "department": ("department",),
    "manager": ("manager_id",),
    "jobLevel": ("job_level",),
    "team": ("team",),
    "site": ("site",),
    "country": ("country",),
    "languages": ("languages",),
    "employmentStatus": ("status",),
    "hireOn": ("hire_on",),
    "endOn": ("end_on",),
    "dottedManagers": ("dotted_manager_ids",),
}
# Tables of the domain above, of which only what was said of whom is read here.
_USERS = table(
    "scim_users", column("organization_id", Uuid), column("id", Uuid), column("connection_id", Uuid),
    column("said", JSONB), column("deleted_at", DateTime),
)  # fmt: skip
_CONNECTIONS = table(
    "scim_connections", column("organization_id", Uuid), column("id", Uuid), column("name", String)
)  # fmt: skip


class FieldOwned(Conflict):
    """A directory connection keeps this field; `params` name it and the fields."""

    code = "field_owned"
    text = "A directory connection keeps this: change it where it comes from."


@dataclass(frozen=True, slots=True)
class Owner:
    """A connection, and the fields of one person that it keeps."""

    connection_id: UUID
    name: str
    fields: frozenset[str]


async def owners(db: Db, ids: Collection[UUID] | None = None) -> dict[UUID, Owner]:
    """The owners of people's fields, by person; of everybody without `ids`."""
    query = (
        select(_USERS.c.id, _USERS.c.connection_id, _CONNECTIONS.c.name, _USERS.c.said)
        .join(
            _CONNECTIONS,
            and_(
                _CONNECTIONS.c.organization_id == _USERS.c.organization_id, _CONNECTIONS.c.id == _USERS.c.connection_id
            ),
        )
        .where(_USERS.c.organization_id == db.organization_id, _USERS.c.deleted_at.is_(None))
    )
    if ids is not None:
        query = query.where(_USERS.c.id.in_(ids))
    rows = await db.execute(query)
    return {id: Owner(connection, name, fields_of(names)) for id, connection, name, names in rows}


def fields_of(said: Iterable[str]) -> frozenset[str]:
    """The fields that these attributes fill."""
    return frozenset(field for name in said for field in FIELDS.get(name, ()))


async def require_free(db: Db, person_id: UUID, fields: Collection[str]) -> None:
    """FieldOwned when a connection keeps one of these fields of the person."""
    owner = (await owners(db, [person_id])).get(person_id)
    kept = sorted(owner.fields & set(fields)) if owner else []
    if owner and kept:
        raise FieldOwned(
            f"{owner.name} keeps {', '.join(kept)} of this person: change it there.",
            params={"connection": owner.name, "fields": kept},
        )
