"""Who may see and change programs and enrollments."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlalchemy.orm import aliased

from vuoro.core.actor import Actor
from vuoro.programs.models import Enrollment, Program

Own = aliased(Enrollment)


def may_manage(me: Actor, program_id: UUID) -> bool:
    """Whether the caller sets this program up: its manager, or an organization admin."""
    return me.is_system or me.is_admin or me.manages(program_id)


def _managed(me: Actor) -> ColumnElement[bool]:
    if me.is_system or me.is_admin or me.has_scope("programs:read"):
        return true()
    managed = me.managed_programs
    if managed is None:
        return true()
    return Program.id.in_(managed) if managed else false()


def visible_to(me: Actor) -> ColumnElement[bool]:
    """Programs the caller manages or takes part in, and those that are open to everybody."""
    if me.person_id is None:
        return _managed(me)
    enrolled = exists().where(
        Own.organization_id == Program.organization_id, Own.program_id == Program.id, Own.person_id == me.person_id
    )
    for_all = Program.settings["open_to_all"].astext.is_distinct_from("false")
    return or_(_managed(me), and_(enrolled, Program.state != "draft"), and_(Program.state == "enrolling", for_all))


def enrollments_visible_to(me: Actor) -> ColumnElement[bool]:
    """A program's manager sees every enrollment of it; everybody else their own."""
    if me.is_system or me.is_admin or me.managed_programs is None:
        return true()
    own = Enrollment.person_id == me.person_id if me.person_id else false()
    return or_(Enrollment.program_id.in_(me.managed_programs), own) if me.managed_programs else own
