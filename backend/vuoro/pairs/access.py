"""Who may see a pair and act on it."""

from typing import Literal

from sqlalchemy import ColumnElement, and_, false, or_, true

from vuoro.core.actor import Actor
from vuoro.pairs.models import Pair

Side = Literal["mentor", "mentee"]


def side_of(me: Actor, pair: Pair) -> Side | None:
    """Which of the two the caller is."""
    if me.person_id is None:
        return None
    return "mentor" if me.person_id == pair.mentor_id else "mentee" if me.person_id == pair.mentee_id else None


def mine(me: Actor) -> ColumnElement[bool]:
    """The caller's own pairs, without what nobody was asked yet; an executive's only after the mentor's yes (H3)."""
    if me.person_id is None:
        return false()
    as_mentee = and_(Pair.mentee_id == me.person_id, Pair.mentee_asked_at.is_not(None))
    return or_(and_(Pair.mentor_id == me.person_id, Pair.state != "proposed"), as_mentee)


def managed(me: Actor) -> ColumnElement[bool]:
    """Pairs of the programs that the caller manages; an admin gets counts alone."""
    if me.is_system or me.managed_programs is None:
        return true()
    return Pair.program_id.in_(me.managed_programs) if me.managed_programs else false()


def visible_to(me: Actor) -> ColumnElement[bool]:
    """Own pairs and managed ones."""
    return or_(mine(me), managed(me))


def actors(me: Actor, pair: Pair) -> set[str]:
    """What the caller is to this pair, in the words of the state table."""
    found: set[str] = {side} if (side := side_of(me, pair)) else set()
    if me.is_system:
        found.add("system")
    if me.manages(pair.program_id):
        found.add("manager")
    return found
