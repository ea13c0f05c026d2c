"""Who is enrolled and still in no search, and why: the list that a manager works through with HR."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, case, extract, func, null, or_, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, uuids
from vuoro.core.page import Paging, keyset
from vuoro.matching import service
from vuoro.matching.intake import LOOKING, resting
from vuoro.matching.schemas import IneligiblePage, IneligiblePerson
from vuoro.people.models import Person
from vuoro.people.service import ref
from vuoro.programs import service as programs
from vuoro.programs.models import Enrollment
from vuoro.programs.settings import settings_of


async def search(db: Db, me: Actor, program_id: UUID, page: Paging) -> IneligiblePage:
    """One page of the program's people whom no search pairs, by name, each with the first reason."""
    await service.check_manager(db, me, program_id)
    program = await programs.get_row(db, me, program_id)
    settings, today = settings_of(program.settings), clock.now().date()
    rests = await resting(db)
    on = max(program.starts_on or today, today)
    reason = case(
        (or_(Person.status == "left", Person.deleted_at.is_not(None), Person.graph_only), "left"),
        (Person.status == "leave", "on_leave"),
        (Person.line == "unknown", "unknown_line"),
        (and_(Enrollment.role == "mentor", _months(on) < settings.rules.min_tenure_months), "tenure"),
        (~Enrollment.looks, "not_looking"),
        (Person.id == any_(uuids(rests)), "resting"),
        else_=null(),
    )
    query = (
        select(Enrollment.id.label("enrollment_id"), Enrollment.role, reason.label("reason"), Person)
        .join(Person, and_(Person.organization_id == Enrollment.organization_id, Person.id == Enrollment.person_id))
        .where(
            Enrollment.organization_id == me.organization_id,
            Enrollment.program_id == program_id,
            Enrollment.state.in_(LOOKING),
            reason.is_not(None),
        )
    )
    total = await db.scalar(select(func.count()).select_from(query.subquery()))
    items, following = await keyset(
        db, query, [Person.display_name, Enrollment.id], page,
        lambda row: IneligiblePerson(
            enrollment_id=row.enrollment_id,
            person=ref(row.Person),
            role=row.role,
            reason=row.reason,
            until=rests.get(row.Person.id) if row.reason == "resting" else None,
        ),
        scope="ineligible", parse=[str, UUID],
    )  # fmt: skip
    return IneligiblePage(items=items, next_cursor=following, total=total or 0)


def _months(on: date) -> ColumnElement[int]:
    """Whole months from the day of hire, as `market.tenure_months` counts them."""
    hired = extract("year", Person.hire_on) * 12 + extract("month", Person.hire_on)
    short = case((extract("day", Person.hire_on) > on.day, 1), else_=0)
    months: ColumnElement[int] = on.year * 12 + on.month - hired - short
    return months
