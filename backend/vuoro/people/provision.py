"""The directory's door for machines that bring people one after the other: adding and altering, many in one request."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, false, func, or_, select
from sqlalchemy.exc import IntegrityError

from vuoro.core import clock
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict
from vuoro.core.history import audit
from vuoro.core.outbox import emit
from vuoro.people import origins
from vuoro.people.models import Person
from vuoro.people.moves import Moves


class ExternalIdTaken(Conflict):
    """Another person has this external id or mail."""

    code = "person_exists"
    text = "Another person has this external id or work mail."


class UserNameTaken(ExternalIdTaken):
    """Another person has this user name, in whatever case."""

    code = "user_name_taken"
    text = "Another person has this user name."


async def add(db: Db, moves: Moves, values: Mapping[str, Any]) -> Person:
    """A new person with these columns; their manager is part of `moves`. Inside a savepoint of the caller's.

    Raises:
        ExternalIdTaken, UserNameTaken: somebody else has the external id, mail or user name.
    """
    moment = clock.now()
    person = Person(
        organization_id=db.organization_id,
        id=clock.uuid7(),
        line="top",
        created_at=moment,
        updated_at=moment,
        origins={origins.THE_ENTRY: origins.by_connection()},
        **{"languages": {}, **values},
    )
    db.add(person)
    audit(db, "person.create", person.id)
    try:
        await db.flush()
    except IntegrityError as error:
        raise UserNameTaken if "people_user_name_key" in str(error.orig) else ExternalIdTaken from None
    moves.came.add(person.id)
    emit(db, "person.created", {"person_id": str(person.id)})
    return person


async def alter(db: Db, moves: Moves, person: Person, values: Mapping[str, Any]) -> None:
    """Change columns of a person whose row is locked; a leaver is announced when the moves are closed.

    Whoever is a line alone from now on has left as far as pairs and sign-ins are concerned.
    """
    new = {name: value for name, value in values.items() if getattr(person, name) != value}
    await free(db, person.id, new)
    if new.get("status") == "left" or new.get("graph_only"):
        moves.left.add(person.id)
    elif "status" in new:
        moves.left.discard(person.id)
    if "status" in new:
        moves.moved.add(person.id)
    if new.keys() & {"external_id", "user_name", "work_email"}:
        moves.came.add(person.id)
    origins.mark(person, new, origins.by_connection())
    for name, value in new.items():
        setattr(person, name, value)
    touch(person)
    audit(db, "person.change", person.id)
    emit(db, "person.changed", {"person_id": str(person.id)})
    await db.flush()


async def free(db: Db, but: UUID | None, values: Mapping[str, Any]) -> None:
    """ExternalIdTaken or UserNameTaken when somebody else has what these values name."""
    same: list[Any] = []
    if values.get("external_id"):
        same.append(Person.external_id == values["external_id"])
    if values.get("work_email"):
        same.append(Person.work_email == values["work_email"])
    named: Any = false()
    if values.get("user_name"):
        named = and_(Person.user_name.is_not(None), Person.__table__.c.scim_name == func.lower(values["user_name"]))
        same.append(named)
    if not same:
        return
    row = (
        await db.execute(
            select(named)
            .where(Person.organization_id == db.organization_id, or_(*same), Person.id.is_distinct_from(but))
            .limit(1)
        )
    ).first()
    if row is not None:
        raise UserNameTaken if row[0] else ExternalIdTaken
