"""Who may see and do what with surveys and concerns. Pulses, fit checks and growth are their author's alone."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_

from vuoro.core.actor import Actor
from vuoro.core.errors import Forbidden
from vuoro.feedback.models import Concern, Survey
from vuoro.programs.access import PARTICIPATES, managed, may_read_numbers
from vuoro.programs.models import Enrollment
from vuoro.programs.states import Side

AUDIENCE: dict[Side, str] = {"mentor": "mentors", "mentee": "mentees"}


def require_person(me: Actor) -> UUID:
    """The calling person; Forbidden for a machine."""
    if me.person_id is None:
        raise Forbidden("This is for people; an API client has no part in it.")
    return me.person_id


def asked(me: Actor) -> ColumnElement[bool]:
    """Condition on `Survey`: published, and the caller is among those whom it asks."""
    if me.person_id is None:
        return false()
    side = or_(Survey.audience == "all", *(and_(Enrollment.role == role, Survey.audience == who)
                                           for role, who in AUDIENCE.items()))  # fmt: skip
    part = exists().where(
        Enrollment.organization_id == Survey.organization_id,
        Enrollment.program_id == Survey.program_id,
        Enrollment.person_id == me.person_id,
        Enrollment.state.in_(PARTICIPATES),
        side,
    )
    return and_(Survey.published, part)


def surveys_managed(me: Actor) -> ColumnElement[bool]:
    """Condition on `Survey`: the caller sets its program up."""
    return managed(me, Survey.program_id)


def surveys_visible_to(me: Actor) -> ColumnElement[bool]:
    """Surveys that the caller manages, and those that ask them."""
    return or_(surveys_managed(me), asked(me))


def concerns_visible_to(me: Actor) -> ColumnElement[bool]:
    """The caller's own concerns, and those addressed to them while they are a safeguarding contact."""
    if me.person_id is None:
        return false()
    own = Concern.author_id == me.person_id
    contact = any(held.role == "safeguarding_contact" for held in me.grants)
    return or_(own, Concern.contact_id == me.person_id) if contact else own


def may_read_figures(me: Actor, program_id: UUID) -> bool:
    """Whether the caller may read the published figures of a program: manager, sponsor, admin, BI machine."""
    return may_read_numbers(me, program_id) or me.has_scope("programs:read")
