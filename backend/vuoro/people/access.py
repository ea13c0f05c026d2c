"""Who may see and change the directory."""

from sqlalchemy import ColumnElement, any_, exists, false, or_

from vuoro.core.actor import Actor
from vuoro.people.models import Person, Unit


def may_read_directory(me: Actor) -> bool:
    """HR and programme managers read the directory; machines with `people:read` or `people:write`; nobody else.

    Whoever manages in units alone reads it too, but finds there only the people of their units.
    """
    return _reads_whole(me) or bool(me.units)


def _reads_whole(me: Actor) -> bool:
    return may_write_directory(me) or me.manages_outside_units or me.has_scope("people:read")


def may_write_directory(me: Actor) -> bool:
    """HR of the whole organization, and machines with `people:write`."""
    return me.is_system or me.is_admin or me.has_scope("people:write")


def visible_to(me: Actor) -> ColumnElement[bool]:
    """The persons that the caller may see: the directory's readers all or their units', everybody themselves."""
    there = Person.deleted_at.is_(None) & Person.graph_only.is_(False)
    if _reads_whole(me):
        return there
    own = Person.id == me.person_id if me.person_id else false()
    return or_(own, there & in_units(me)) if me.units else own


def in_units(me: Actor) -> ColumnElement[bool]:
    """Condition: the person is of one of the caller's units."""
    return exists().where(Unit.organization_id == Person.organization_id, Unit.id.in_(me.units), of_unit())


def of_unit() -> ColumnElement[bool]:
    """Condition: the person is of the unit of this row."""
    return or_(
        Person.division == any_(Unit.divisions),
        Person.department == any_(Unit.departments),
        Person.site == any_(Unit.sites),
    )
