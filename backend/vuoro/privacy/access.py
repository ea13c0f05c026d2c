"""Who may erase, export and set how long data is kept."""

from sqlalchemy import ColumnElement, or_, true

from vuoro.core.actor import Actor
from vuoro.core.errors import Forbidden
from vuoro.privacy.models import Erasure


def require_admin(me: Actor) -> None:
    """Forbidden for everybody but an organization admin."""
    if not me.is_admin:
        raise Forbidden("This is for organization admins.")


def visible_to(me: Actor) -> ColumnElement[bool]:
    """Erasures that the caller may see: an admin all, everybody else their own."""
    return true() if me.is_admin else or_(Erasure.person_id == (me.person_id or me.organization_id))
