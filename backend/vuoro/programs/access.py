"""Who may see and change programs and enrollments."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlalchemy.orm import aliased

from vuoro.core.actor import Actor
from vuoro.programs.models import Enrollment, Program

Own = aliased(Enrollment)
#: Enrollments of those who take part, a completed pair's two included.
PARTICIPATES = ("approved", "paired", "paused", "alumni")


def may_manage(me: Actor, program_id: UUID) -> bool:
    """Whether the caller sets this program up: its manager, or an organization admin."""
    mine = me.set_up_programs
    return me.is_system or mine is None or program_id in mine


def actors(me: Actor, program_id: UUID) -> set[str]:
    """What the caller is to a program, in the words of its state tables."""
    found = {"manager"} if me.manages(program_id) else set()
    administered = me.programs_of("organization_admin")
    if administered is None or program_id in administered:
        found.add("admin")
    if me.is_system:
        found.add("system")
    return found


def may_read_numbers(me: Actor, program_id: UUID) -> bool:
    """Whether the caller reads what a program reaches: who sets it up, and its sponsors."""
    sponsored = me.programs_of("sponsor")
    return may_manage(me, program_id) or sponsored is None or program_id in sponsored


def takes_part(me: Actor, program_id: Any, *sides: str) -> ColumnElement[bool]:
    """Condition: the caller takes part in the program of this column, on one of these sides (none given: on any)."""
    if me.person_id is None:
        return false()
    mine = exists().where(
        Own.organization_id == me.organization_id,
        Own.program_id == program_id,
        Own.person_id == me.person_id,
        Own.state.in_(PARTICIPATES),
    )
    return mine.where(Own.role.in_(sides)) if sides else mine


def managed(me: Actor, program_id: Any) -> ColumnElement[bool]:
    """Condition: the caller sets up the program of this column."""
    mine = me.set_up_programs
    if me.is_system or mine is None:
        return true()
    return program_id.in_(mine) if mine else false()


def in_audience(me: Actor, program_id: Any, audience: Any) -> ColumnElement[bool]:
    """Condition: a row for `audience` (all, mentors, mentees) of a program is meant for the caller."""
    return or_(
        and_(audience == "all", takes_part(me, program_id)),
        and_(audience == "mentors", takes_part(me, program_id, "mentor")),
        and_(audience == "mentees", takes_part(me, program_id, "mentee")),
    )


def _managed(me: Actor) -> ColumnElement[bool]:
    return true() if me.has_scope("programs:read") else managed(me, Program.id)


def visible_to(me: Actor) -> ColumnElement[bool]:
    """Programs the caller manages, sponsors or takes part in, and those that are open to everybody."""
    if me.person_id is None:
        return _managed(me)
    sponsored = me.programs_of("sponsor")
    if sponsored is None:
        return true()
    enrolled = exists().where(
        Own.organization_id == Program.organization_id, Own.program_id == Program.id, Own.person_id == me.person_id
    )
    for_all = Program.settings["open_to_all"].astext.is_distinct_from("false")
    return or_(
        _managed(me),
        Program.id.in_(sponsored) if sponsored else false(),
        and_(enrolled, Program.state != "draft"),
        and_(Program.state == "enrolling", for_all),
    )


def enrollments_visible_to(me: Actor) -> ColumnElement[bool]:
    """A program's manager sees every enrollment of it; everybody else their own."""
    own = Enrollment.person_id == me.person_id if me.person_id else false()
    return or_(managed(me, Enrollment.program_id), own)
