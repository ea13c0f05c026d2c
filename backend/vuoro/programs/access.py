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
    return me.is_system or me.is_admin or me.manages(program_id)


def actors(me: Actor, program_id: UUID) -> set[str]:
    """What the caller is to a program, in the words of its state tables."""
    found = {"manager"} if me.manages(program_id) else set()
    if me.is_admin:
        found.add("admin")
    if me.is_system:
        found.add("system")
    return found


def may_read_numbers(me: Actor, program_id: UUID) -> bool:
    """Whether the caller reads what a program reaches: who sets it up, and its sponsors."""
    sponsored = _sponsored(me)
    return may_manage(me, program_id) or sponsored is None or program_id in sponsored


def _sponsored(me: Actor) -> set[UUID] | None:
    """Programs the caller sponsors; None means every one of the organization."""
    found = [held.program_id for held in me.grants if held.role == "sponsor"]
    return None if None in found else {program for program in found if program is not None}


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
    if me.is_system or me.is_admin or me.managed_programs is None:
        return true()
    return program_id.in_(me.managed_programs) if me.managed_programs else false()


def in_audience(me: Actor, program_id: Any, audience: Any) -> ColumnElement[bool]:
    """Condition: a row for `audience` (all, mentors, mentees) of a program is meant for the caller."""
    return or_(
        and_(audience == "all", takes_part(me, program_id)),
        and_(audience == "mentors", takes_part(me, program_id, "mentor")),
        and_(audience == "mentees", takes_part(me, program_id, "mentee")),
    )


def _managed(me: Actor) -> ColumnElement[bool]:
    if me.is_system or me.is_admin or me.has_scope("programs:read"):
        return true()
    managed = me.managed_programs
    if managed is None:
        return true()
    return Program.id.in_(managed) if managed else false()


def visible_to(me: Actor) -> ColumnElement[bool]:
    """Programs the caller manages, sponsors or takes part in, and those that are open to everybody."""
    if me.person_id is None:
        return _managed(me)
    sponsored = _sponsored(me)
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
    if me.is_system or me.is_admin or me.managed_programs is None:
        return true()
    own = Enrollment.person_id == me.person_id if me.person_id else false()
    return or_(Enrollment.program_id.in_(me.managed_programs), own) if me.managed_programs else own
