"""Enrollments from a list: planned as a whole, told in full by a dry run, taken in whole or not at all."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Invalid, ProblemError
from vuoro.core.history import audit, record_change
from vuoro.core.wire import Out
from vuoro.people import access as people_access
from vuoro.people.models import Person
from vuoro.programs import eligibility, service
from vuoro.programs.enrollment_rows import EnrollmentRow, EnrollmentRowProblem, read
from vuoro.programs.enrollments import cohort_of, new_row
from vuoro.programs.models import Enrollment, EnrollmentImport, Program
from vuoro.programs.profiles import skills, unknown_topics
from vuoro.programs.settings import settings_of
from vuoro.programs.states import GONE

TOLD = 500


class EnrollmentImportOut(Out):
    """What a list of enrollments does, or did; `problems` name at most 500 cells."""

    id: UUID | None = Field(description="null for a dry run, which changes nothing")
    dry_run: bool
    rows: int
    created: int
    changed: int
    unchanged: int
    problem_count: int
    problems: list[EnrollmentRowProblem]


@dataclass
class _Plan:
    rows: int = 0
    new: list[Enrollment] = field(default_factory=list)
    changes: list[tuple[Enrollment, dict[str, Any]]] = field(default_factory=list)
    problems: list[EnrollmentRowProblem] = field(default_factory=list)

    def refuse(self, row: int, column: str, code: str, detail: str) -> None:
        self.problems.append(EnrollmentRowProblem(row=row, column=column, code=code, detail=detail))


async def dry_run(
    db: Db, me: Actor, program_id: UUID, cohort_id: UUID | None, content: bytes, *, is_json: bool
) -> EnrollmentImportOut:
    """What the list would do, and everything that is wrong with it."""
    plan = await _plan(db, me, program_id, cohort_id, content, is_json=is_json, dry=True)
    return EnrollmentImportOut(
        id=None,
        dry_run=True,
        rows=plan.rows,
        created=len(plan.new),
        changed=len(plan.changes),
        unchanged=plan.rows - len(plan.new) - len(plan.changes) - len({problem.row for problem in plan.problems}),
        problem_count=len(plan.problems),
        problems=plan.problems[:TOLD],
    )


async def apply(db: Db, me: Actor, program_id: UUID, cohort_id: UUID | None, content: bytes, *, is_json: bool) -> UUID:
    """Take the list in; Invalid names every cell that is wrong, and then nothing was changed."""
    plan = await _plan(db, me, program_id, cohort_id, content, is_json=is_json)
    if plan.problems:
        raise Invalid(
            "Some rows need a change, so nothing was taken in.",
            params={"problem_count": len(plan.problems)},
            errors=[
                ProblemError(
                    pointer=f"/rows/{one.row}/{one.column.replace('~', '~0').replace('/', '~1')}",
                    code=one.code,
                    detail=one.detail,
                )
                for one in plan.problems[:TOLD]
            ],
        )
    db.add_all(plan.new)
    for row in plan.new:
        record_change(db, "enrollment", row.id, None, row.state)
    for row, new in plan.changes:
        for name, value in new.items():
            setattr(row, name, value)
        touch(row)
    taken = EnrollmentImport(
        organization_id=me.organization_id, id=clock.uuid7(), program_id=program_id, rows=plan.rows,
        created=len(plan.new), changed=len(plan.changes), created_at=clock.now(),
    )  # fmt: skip
    db.add(taken)
    await db.flush()
    audit(db, "enrollment.import", taken.id, program_id=program_id)
    return taken.id


async def applied(db: Db, import_id: UUID) -> EnrollmentImportOut:
    """What a list did that was taken in."""
    row = await db.get_one(EnrollmentImport, (db.organization_id, import_id))
    return EnrollmentImportOut(
        id=row.id,
        dry_run=False,
        rows=row.rows,
        created=row.created,
        changed=row.changed,
        unchanged=row.rows - row.created - row.changed,
        problem_count=0,
        problems=[],
    )


async def _plan(
    db: Db, me: Actor, program_id: UUID, cohort_id: UUID | None, content: bytes, *, is_json: bool, dry: bool = False
) -> _Plan:
    program = await service.managed(db, me, program_id)
    eligibility.require_open(program, draft=True)
    cohort_id = await cohort_of(db, program_id, cohort_id)
    # thousands of rows take a second to check: other requests go on meanwhile
    rows, faults = await asyncio.to_thread(read, content, is_json=is_json)
    plan = _Plan(rows=len(rows) + len({fault.row for fault in faults}), problems=faults)
    by_id, by_mail = await _people(db, me, [row for _, row in rows])
    parts = await _parts(db, cohort_id, {person.id for person in (*by_id.values(), *by_mail.values())})
    strange = await unknown_topics(db, {slug for _, row in rows for slug in row.topics or ()}, add=not dry)
    settings, first_day = settings_of(program.settings), eligibility.first_day(program)
    seen: dict[tuple[UUID, str], int] = {}
    for number, row in rows:
        person = _person(plan, number, row, by_id, by_mail)
        if person is None:
            continue
        if (person.id, row.role) in seen:
            plan.refuse(number, "role", "twice", f"The same person and role stand in row {seen[person.id, row.role]}.")
            continue
        seen[person.id, row.role] = number
        known = len(plan.problems)
        part = parts.get((person.id, row.role))
        for slug in row.topics or ():
            if slug in strange:
                plan.refuse(number, "topics", "unknown_topic", f"There is no topic {slug} here.")
        if row.capacity is not None and (part is None or row.capacity != part.capacity):
            fault = eligibility.capacity_fault(row.role, row.capacity, settings.mentor_capacity, own=False)
            if fault is not None:
                plan.refuse(number, "capacity", fault.errors[0].code if fault.errors else "needs_consent", fault.detail)
        if part is None and eligibility.too_short(person, row.role, settings.rules.min_tenure_months, first_day):
            plan.refuse(number, "role", "tenure_too_short", eligibility.TenureTooShort.text)
        if part is not None and part.state in GONE:
            plan.refuse(number, "role", "ask_instead", "Does not take part any more: invite them, then they decide.")
        if len(plan.problems) == known:
            _take_in(db, plan, program, cohort_id, person, part, row)
    return plan


def _take_in(
    db: Db, plan: _Plan, program: Program, cohort_id: UUID, person: Person, part: Enrollment | None, row: EnrollmentRow
) -> None:
    told: dict[str, Any] = {}
    if row.capacity is not None:
        told["capacity"] = row.capacity
    if row.skills is not None:
        told["skills"] = skills(row.skills, row.role)
    if row.topics is not None:
        told["topics"] = list(row.topics)
    if row.languages is not None:
        told["languages"] = {language.code: language.level for language in row.languages}
    if part is None:
        part = new_row(db, program.id, cohort_id, person, row.role, "approved")
        for name, value in told.items():
            setattr(part, name, value)
        plan.new.append(part)
        return
    new = {name: value for name, value in told.items() if getattr(part, name) != value}
    if new:
        plan.changes.append((part, new))


def _person(
    plan: _Plan, number: int, row: EnrollmentRow, by_id: dict[str, Person], by_mail: dict[str, Person]
) -> Person | None:
    if row.external_id is None and row.work_email is None:
        plan.refuse(number, "external_id", "missing", "Say who it is, by external_id or work_email.")
        return None
    column = "external_id" if row.external_id is not None else "work_email"
    person = by_id.get(row.external_id or "") if row.external_id is not None else by_mail.get(row.work_email or "")
    if person is None:
        plan.refuse(number, column, "unknown_person", "There is no such person in the directory.")
    elif row.external_id is not None and row.work_email is not None and person.work_email != row.work_email:
        plan.refuse(number, "work_email", "person_mismatch", "This mail is not that of the person with this id.")
        return None
    return person


async def _people(db: Db, me: Actor, rows: Sequence[EnrollmentRow]) -> tuple[dict[str, Person], dict[str, Person]]:
    ids = [row.external_id for row in rows if row.external_id is not None]
    mails = [row.work_email for row in rows if row.external_id is None and row.work_email is not None]
    found = []
    for column, values in ((Person.external_id, ids), (Person.work_email, mails)):
        if values:
            query = select(Person).where(
                Person.organization_id == db.organization_id,
                column.in_(values),
                Person.status != "left",
                people_access.visible_to(me),
            )
            found += list(await db.scalars(query))
    return {one.external_id: one for one in found}, {one.work_email: one for one in found if one.work_email}


async def _parts(db: Db, cohort_id: UUID, people: set[UUID]) -> dict[tuple[UUID, str], Enrollment]:
    rows = await db.scalars(
        select(Enrollment)
        .where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.cohort_id == cohort_id,
            Enrollment.person_id.in_(people),
        )
        .order_by(Enrollment.id)
        .with_for_update()
    )
    return {(row.person_id, row.role): row for row in rows}
