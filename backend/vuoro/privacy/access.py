"""Whose erasures one may see; for the rest of privacy one is the person, or an organization admin."""

from sqlalchemy import ColumnElement, or_, true

from vuoro.core.actor import Actor
from vuoro.privacy.models import Erasure


def visible_to(me: Actor) -> ColumnElement[bool]:
    """Erasures that the caller may see: an admin all, everybody else their own."""
    return true() if me.is_admin else or_(Erasure.person_id == (me.person_id or me.organization_id))
