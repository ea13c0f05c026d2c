"""Enrollments: who takes part, as what, and what they bring."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.exc import IntegrityError

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound
from vuoro.core.history import audit, record_change, step
from vuoro.core.page import Paging, Rows, keyset
from vuoro.core.wire import can, changes
from vuoro.people.models import Person
from vuoro.people.schemas import LanguageLevel
from vuoro.people.service import ref
from vuoro.programs import access, service
from vuoro.programs.models import Cohort, Enrollment
from vuoro.programs.schemas import EnrollmentIn, EnrollmentOut, EnrollmentPatch, SkillIn, SkillLevel
from vuoro.programs.states import enrollment_steps


class AlreadyEnrolled(Conflict):
    """The person has this part in the cohort already."""

    code = "already_enrolled"


def _listed(me: Actor) -> Rows:
    return (
        select(Enrollment, Person)
        .join(Person, and_(Person.organization_id == Enrollment.organization_id, Person.id == Enrollment.person_id))
        .where(Enrollment.organization_id == me.organization_id, access.enrollments_visible_to(me))
    )


def _actors(me: Actor, row: Enrollment) -> set[str]:
    actors = {"manager"} if access.may_manage(me, row.program_id) else set()
    if me.person_id == row.person_id:
        actors.add("self")
    if me.is_system:
        actors.add("system")
    return actors


def show(me: Actor, row: Enrollment, person: Person) -> EnrollmentOut:
    """An enrollment as the caller may see it."""
    actors = _actors(me, row)
    legal = enrollment_steps(row.state, actors)
    verbs = {
        "approve": "approved",
        "decline": "declined",
        "waitlist": "waitlisted",
        "pause": "paused",
        "withdraw": "withdrawn",
    }
    return EnrollmentOut(
        id=row.id,
        program_id=row.program_id,
        cohort_id=row.cohort_id,
        person=ref(person),
        role=row.role,
        state=row.state,
        capacity=row.capacity,
        skills=[
            SkillLevel(slug=slug, level=skill["level"], weight=skill.get("weight"))
            for slug, skill in row.skills.items()
        ],
        topics=row.topics,
        languages=[LanguageLevel(code=code, level=level) for code, level in row.languages.items()],
        superpower=row.superpower,
        primer_done_at=row.primer_done_at,
        version=row.version,
        created_at=row.created_at,
        can=can(
            edit=bool(actors) or "not_allowed",
            complete_primer="self" in actors and row.primer_done_at is None and row.state in ("approved", "paired"),
            **{verb: True for verb, state in verbs.items() if state in legal},
        ),
    )


async def search(
    db: Db, me: Actor, program_id: UUID, page: Paging, *, role: str | None, state: str | None, q: str | None
) -> tuple[list[EnrollmentOut], str | None]:
    """One page of a program's enrollments by name; participants see their own alone."""
    await service.get_row(db, me, program_id)
    query = _listed(me).where(Enrollment.program_id == program_id)
    if role is not None:
        query = query.where(Enrollment.role == role)
    if state is not None:
        query = query.where(Enrollment.state == state)
    for word in (q or "").split()[:8]:
        query = query.where(Person.display_name.ilike(f"%{word.replace('%', '').replace('_', '')}%"))
    return await keyset(
        db, query, [Person.display_name, Enrollment.id], page, lambda row: show(me, row[0], row[1]),
        scope="enrollments", parse=[str, UUID],
    )  # fmt: skip


async def get(db: Db, me: Actor, enrollment_id: UUID) -> EnrollmentOut:
    """One enrollment; NotFound when the caller may not see it."""
    row = (await db.execute(_listed(me).where(Enrollment.id == enrollment_id))).one_or_none()
    if row is None:
        raise NotFound
    return show(me, row[0], row[1])


async def enroll(db: Db, me: Actor, program_id: UUID, data: EnrollmentIn) -> UUID:
    """Enroll somebody: approved when a manager does it, applied when people do it themselves (H9, H10)."""
    program = await service.get_row(db, me, program_id)
    manager = access.may_manage(me, program_id)
    if not manager and data.person_id != me.person_id:
        raise Forbidden("You may enroll yourself; a programme manager may enroll others.")
    open_states = ("draft", "enrolling", "matching", "running") if manager else ("enrolling",)
    if program.state not in open_states:
        raise IllegalTransition(program.state, [])
    person = await db.find(Person, data.person_id)
    if person is None or person.status == "left" or person.graph_only:
        raise Invalid.at("/person_id", "unknown_person", "There is no such person in the directory.")
    cohort_id = data.cohort_id or await _newest_cohort(db, program_id)
    cohort = cohort_id and await db.find(Cohort, cohort_id)
    if not cohort or cohort.program_id != program_id or cohort.state != "open":
        raise Invalid.at("/cohort_id", "unknown_cohort", "This program has no such cohort that is open.")
    languages = person.languages if data.languages is None else {one.code: one.level for one in data.languages}
    row = Enrollment(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        program_id=program_id,
        cohort_id=cohort.id,
        person_id=person.id,
        role=data.role,
        state="approved" if manager else "applied",
        capacity=data.capacity,
        skills=_skills(data.skills, data.role),
        topics=data.topics,
        languages=languages,
        superpower=data.superpower,
    )
    db.add(row)
    try:
        await db.flush()
    except IntegrityError:
        raise AlreadyEnrolled("This person takes part in this cohort already.") from None
    record_change(db, "enrollment", row.id, None, row.state)
    audit(db, "enrollment.create", row.id, program_id=program_id)
    return row.id


async def _newest_cohort(db: Db, program_id: UUID) -> UUID | None:
    return await db.scalar(
        select(Cohort.id)
        .where(Cohort.organization_id == db.organization_id, Cohort.program_id == program_id, Cohort.state == "open")
        .order_by(Cohort.id.desc())
        .limit(1)
    )


def _skills(skills: list[SkillIn], role: str) -> dict[str, Any]:
    weighted = role == "mentee"
    return {
        skill.slug: {"level": skill.level, **({"weight": skill.weight or 1} if weighted else {})} for skill in skills
    }


async def change(db: Db, me: Actor, enrollment_id: UUID, version: int, patch: EnrollmentPatch) -> None:
    """Change what somebody brings or seeks."""
    await get(db, me, enrollment_id)
    row = await db.locked(Enrollment, enrollment_id, version)
    if not _actors(me, row):
        raise Forbidden
    new = changes(patch)
    if "skills" in new:
        new["skills"] = _skills(patch.skills, row.role)
    if "languages" in new:
        new["languages"] = {language.code: language.level for language in patch.languages}
    for name, value in new.items():
        setattr(row, name, value)
    touch(row)
    audit(db, "enrollment.change", enrollment_id, program_id=row.program_id)


async def move(db: Db, me: Actor, enrollment_id: UUID, to: str) -> UUID:
    """Approve, decline, waitlist, pause or withdraw; IllegalTransition names what is possible."""
    await get(db, me, enrollment_id)
    row = await db.locked(Enrollment, enrollment_id)
    step(db, "enrollment", row, to, enrollment_steps(row.state, _actors(me, row)))
    audit(db, f"enrollment.{to}", enrollment_id, program_id=row.program_id)
    return enrollment_id


async def complete_primer(db: Db, me: Actor, enrollment_id: UUID) -> UUID:
    """The person finished the primer (H8); a second time changes nothing."""
    found = await get(db, me, enrollment_id)
    if found.person.id != me.person_id:
        raise Forbidden("Only the person finishes their own primer.")
    row = await db.locked(Enrollment, enrollment_id)
    if row.primer_done_at is None:
        row.primer_done_at = clock.now()
        touch(row)
    return enrollment_id


async def mark(db: Db, ids: list[UUID], was: str, becomes: str) -> None:
    """Move enrollments whose pair began or ended; those in another state stay as they are."""
    rows = await db.scalars(
        select(Enrollment)
        .where(Enrollment.organization_id == db.organization_id, Enrollment.id.in_(ids), Enrollment.state == was)
        .order_by(Enrollment.id)
        .with_for_update()
    )
    for row in rows:
        step(db, "enrollment", row, becomes, [becomes])


async def enroll_many(db: Db, me: Actor, program_id: UUID, people: list[EnrollmentIn]) -> list[UUID]:
    """Enroll many at once, approved, in three statements; AlreadyEnrolled or Invalid undoes all of them."""
    program = await service.managed(db, me, program_id)
    if program.state not in ("draft", "enrolling", "matching", "running"):
        raise IllegalTransition(program.state, [])
    cohort_id = await _newest_cohort(db, program_id)
    found = await db.execute(
        select(Person.id, Person.languages).where(
            Person.organization_id == me.organization_id,
            Person.id.in_([one.person_id for one in people]),
            Person.status != "left",
            Person.graph_only.is_(False),
        )
    )
    known = {id: languages for id, languages in found}  # noqa: C416 - a Result is no mapping
    for index, one in enumerate(people):
        if one.person_id not in known:
            raise Invalid.at(f"/{index}/person_id", "unknown_person", "There is no such person in the directory.")
    rows = [
        Enrollment(
            organization_id=me.organization_id,
            id=clock.uuid7(),
            program_id=program_id,
            cohort_id=one.cohort_id or cohort_id,
            person_id=one.person_id,
            role=one.role,
            state="approved",
            capacity=one.capacity,
            skills=_skills(one.skills, one.role),
            topics=one.topics,
            languages=known[one.person_id] if one.languages is None else {x.code: x.level for x in one.languages},
            superpower=one.superpower,
        )
        for one in people
    ]
    db.add_all(rows)
    for row in rows:
        record_change(db, "enrollment", row.id, None, "approved")
    try:
        await db.flush()
    except IntegrityError:
        raise AlreadyEnrolled("One of these people takes part in this cohort already.") from None
    audit(db, "enrollment.create_many", program_id, program_id=program_id)
    return [row.id for row in rows]
