"""Who may see seeds and candid messages: their author; of a message that was given, the other one of the pair too."""

from sqlalchemy import ColumnElement, and_, false

from vuoro.core.actor import Actor
from vuoro.insights.models import CandidMessage, IdeaSeed
from vuoro.pairs import access


def own_seeds(me: Actor) -> ColumnElement[bool]:
    """The caller's own seeds, whatever roles anybody holds."""
    return false() if me.person_id is None else IdeaSeed.author_id == me.person_id


def visible_to(me: Actor) -> ColumnElement[bool]:
    """Candid messages of the caller's pairs (joined): own ones, and those that were given to them."""
    return and_(access.mine(me), CandidMessage.readable_by(me.person_id))
