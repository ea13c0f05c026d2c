"""Who may see and change the directory."""

from sqlalchemy import ColumnElement, false

from vuoro.core.actor import Actor
from vuoro.people.models import Person


def may_read_directory(me: Actor) -> bool:
    """HR and programme managers read the directory; machines with `people:read` or `people:write`; nobody else."""
    return may_write_directory(me) or me.managed_programs != set() or me.has_scope("people:read")


def may_write_directory(me: Actor) -> bool:
    """HR, and machines with `people:write`."""
    return me.is_system or me.is_admin or me.has_scope("people:write")


def visible_to(me: Actor) -> ColumnElement[bool]:
    """The persons that the caller may see: the directory's readers all, everybody else themselves."""
    if may_read_directory(me):
        return Person.deleted_at.is_(None) & Person.graph_only.is_(False)
    return Person.id == me.person_id if me.person_id else false()
