"""A programme at a glance: counts of behaviour live, figures about answers only from published waves."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, text

from vuoro.analytics.feedback_summary import newest_pulse
from vuoro.analytics.schemas import DashboardOut, EnrolledCounts, MonthOfSessions, PairCounts
from vuoro.analytics.today import program_week
from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Forbidden
from vuoro.pairs import service as pairs
from vuoro.pairs.models import Pair
from vuoro.programs import access
from vuoro.programs import service as programs
from vuoro.programs.models import Enrollment, Program
from vuoro.programs.standing import ENROLLED

_MONTHS = text("select month, held, planned from program_sessions_by_month(:program, :start)")
SOON = timedelta(days=240)


async def dashboard(db: Db, me: Actor, program_id: UUID) -> DashboardOut:
    """The dashboard of one program, for those who manage it."""
    program = await programs.get_row(db, me, program_id)
    if not access.may_manage(me, program_id):
        raise Forbidden("This is for the programme's managers.")
    now = clock.now()
    counts = (
        await db.execute(
            select(
                func.count().filter(Pair.state == "active"),
                func.count().filter(Pair.state.in_(("asked_mentor", "asked_mentee"))),
                func.count().filter(Pair.state.not_in(("declined", "expired"))),
                func.count().filter(pairs.quiet_since(now)),
                func.count().filter(Pair.state == "active", pairs.unbooked(now)),
            )
            .join(Program, (Program.organization_id == Pair.organization_id) & (Program.id == Pair.program_id))
            .where(Pair.organization_id == me.organization_id, Pair.program_id == program_id)
        )
    ).one()
    active, asked, total, quiet, unbooked = counts
    months = await db.execute(_MONTHS, {"program": program_id, "start": now - SOON})
    enrolled = await db.execute(
        select(Enrollment.role, func.count())
        .where(
            Enrollment.organization_id == me.organization_id,
            Enrollment.program_id == program_id,
            Enrollment.state.in_(ENROLLED),
        )
        .group_by(Enrollment.role)
    )
    by_role = dict(enrolled.all())
    return DashboardOut(
        program=program_week(program),
        pairs=PairCounts(
            active=active,
            asked=asked,
            total=total,
            quiet=quiet,
            not_booked=unbooked,
            on_rhythm_share=round((active - quiet) / active, 3) if active else None,
        ),
        sessions_by_month=[MonthOfSessions(month=m, held=held, planned=planned) for m, held, planned in months],
        enrolled=EnrolledCounts(mentors=by_role.get("mentor", 0), mentees=by_role.get("mentee", 0)),
        pulse=await newest_pulse(db, program_id),
    )
