"""Who may see and start match runs: the program's managers and organization admins; to others there are none."""

from sqlalchemy import ColumnElement, false, true

from vuoro.core.actor import Actor
from vuoro.matching.models import MatchRun


def visible_to(me: Actor) -> ColumnElement[bool]:
    """The runs of the programs that the caller manages."""
    managed = me.managed_programs
    if me.is_system or me.is_admin or managed is None:
        return true()
    return MatchRun.program_id.in_(managed) if managed else false()
