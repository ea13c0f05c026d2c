"""Who may import people: HR, and machines with `people:write`."""

from sqlalchemy import ColumnElement, false, true

from vuoro.core.actor import Actor
from vuoro.core.errors import Forbidden
from vuoro.people.access import may_write_directory


def visible_to(me: Actor) -> ColumnElement[bool]:
    """The imports that the caller may see: all or none."""
    return true() if may_write_directory(me) else false()


def require_importer(me: Actor) -> None:
    """Forbidden unless the caller may change the directory."""
    if not may_write_directory(me):
        raise Forbidden("This is for HR, and for API clients with people:write.")
