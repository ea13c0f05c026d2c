"""Enrollments as the caller may see them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.page import Rows
from vuoro.core.wire import Can, can
from vuoro.people.models import Person
from vuoro.people.schemas import LanguageLevel
from vuoro.people.service import ref
from vuoro.programs import access, eligibility, profiles, terms
from vuoro.programs.models import Enrollment, Program
from vuoro.programs.schemas import AvailabilityWindow, EnrollmentOut, SkillLevel
from vuoro.programs.settings import ProgramSettings, settings_of
from vuoro.programs.states import GONE, enrollment_steps


def listed(me: Actor) -> Rows:
    """Query of the enrollments that the caller may see: (Enrollment, Person, Program)."""
    return (
        select(Enrollment, Person, Program)
        .join(Person, and_(Person.organization_id == Enrollment.organization_id, Person.id == Enrollment.person_id))
        .join(Program, and_(Program.organization_id == Enrollment.organization_id, Program.id == Enrollment.program_id))
        .where(Enrollment.organization_id == me.organization_id, access.enrollments_visible_to(me))
    )


def actors(me: Actor, row: Enrollment) -> set[str]:
    """What the caller is to this enrollment, in the words of the state table."""
    found = {"manager"} if access.may_manage(me, row.program_id) else set()
    if me.person_id == row.person_id:
        found.add("self")
    if me.is_system:
        found.add("system")
    return found


async def show(db: Db, me: Actor, rows: Iterable[Any]) -> list[EnrollmentOut]:
    """Rows of `listed` as the caller may see them; boundaries are read for the caller's own."""
    rows = list(rows)
    own = [row.id for row, *_ in rows if row.role == "mentor" and row.person_id == me.person_id]
    boundaries = await profiles.boundaries_of(db, own) if own else {}
    settings: dict[UUID, ProgramSettings] = {}
    shown = []
    for row, person, program, *_ in rows:
        if program.id not in settings:
            settings[program.id] = settings_of(program.settings)
        shown.append(_show(me, row, person, program, settings[program.id], boundaries.get(row.id)))
    return shown


def _show(
    me: Actor, row: Enrollment, person: Person, program: Program, settings: ProgramSettings, boundaries: str | None
) -> EnrollmentOut:
    parts = actors(me, row)
    own = "self" in parts
    against = eligibility.obstacles(person, row.role, row.rests_until, settings, eligibility.first_day(program))
    return EnrollmentOut(
        id=row.id,
        program_id=row.program_id,
        cohort_id=row.cohort_id,
        person=ref(person),
        role=row.role,
        state=row.state,
        capacity=row.capacity,
        capacity_consented_at=row.capacity_consented_at,
        skills=[
            SkillLevel(slug=slug, level=skill["level"], weight=skill.get("weight"))
            for slug, skill in row.skills.items()
        ],
        topics=row.topics,
        languages=[LanguageLevel(code=code, level=level) for code, level in row.languages.items()],
        superpower=row.superpower,
        wants_to_understand=row.wants_to_understand,
        availability=[AvailabilityWindow.model_validate(one) for one in row.availability] if own else None,
        availability_zone=row.availability_zone if own else None,
        boundaries=boundaries,
        profile=profiles.state(row),
        primer_done_at=row.primer_done_at,
        rests_until=row.rests_until,
        terms_version=row.terms_version,
        obstacles=list(against) if "manager" in parts else None,
        version=row.version,
        created_at=row.created_at,
        can=_can(row, program, settings, parts, short="tenure_too_short" in against),
    )


def _can(row: Enrollment, program: Program, settings: ProgramSettings, parts: set[str], *, short: bool) -> Can:
    own = "self" in parts
    legal = enrollment_steps(row.state, parts)
    taking = program.state in (*eligibility.OPEN, "draft")
    joining: str | bool = (not short or "tenure_too_short") if taking else "program_not_open"
    if row.state in GONE and program.state != "enrolling":
        again: str | bool = "program_not_open"
    elif row.state in GONE and not settings.open_to_all:
        again = "invitation_needed"
    else:
        again = joining
    waits = row.state in ("applied", "waitlisted")
    wish: str | bool = own and settings.self_chosen and row.state in ("approved", "paired")
    return can(
        edit=bool(parts) or "not_allowed",
        apply="applied" in legal and again,
        approve=waits and "approved" in legal and joining,
        waitlist="waitlisted" in legal and (taking or "program_not_open"),
        decline="declined" in legal,
        pause="paused" in legal,
        resume=row.state == "paused" and "approved" in legal,
        withdraw="withdrawn" in legal,
        agree=own and terms.never_asked(program.terms_version, row),
        complete_primer=own and row.primer_done_at is None and row.state in ("approved", "paired"),
        wish=wish and (program.state in eligibility.OPEN or "program_not_open"),
    )
