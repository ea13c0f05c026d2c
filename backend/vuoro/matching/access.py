"""Who may see and start match runs: the program's managers and organization admins; to others there are none."""

from sqlalchemy import ColumnElement

from vuoro.core.actor import Actor
from vuoro.matching.models import MatchRun
from vuoro.programs.access import managed


def visible_to(me: Actor) -> ColumnElement[bool]:
    """The runs of the programs that the caller manages."""
    return managed(me, MatchRun.program_id)
