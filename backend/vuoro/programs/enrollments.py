"""Enrollments: who takes part, as what, and how they come and go."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Forbidden, Invalid, NotFound
from vuoro.core.events import announce
from vuoro.core.exports import MOST_ROWS
from vuoro.core.history import audit, record_change, step
from vuoro.core.page import Paging, Rows, keyset
from vuoro.people import access as people_access
from vuoro.people.models import Person
from vuoro.programs import access, eligibility, profiles, service, terms
from vuoro.programs.enrollment_view import actors, listed, show
from vuoro.programs.events import EnrollmentLeaving
from vuoro.programs.models import Cohort, Enrollment, Invitation, Program
from vuoro.programs.schemas import ApplyIn, EnrollmentIn, EnrollmentOut, EnrollmentPatch
from vuoro.programs.settings import settings_of
from vuoro.programs.states import GONE, enrollment_steps

# Pairs stand above programs: plain SQL instead of an import.
_PAIRED = text(
    "select e.id from enrollments e where e.organization_id = :organization and e.id = any(:ids) and exists ("
    "select 1 from pairs p where p.organization_id = e.organization_id and p.activated_at is not null"
    " and p.state in ('active', 'paused', 'closing', 'suspended_conflict')"
    # by person and then by enrollment: the indexes of pairs are by person
    " and ((p.mentor_id = e.person_id and p.mentor_enrollment_id = e.id)"
    " or (p.mentee_id = e.person_id and p.mentee_enrollment_id = e.id)))"
)


class AlreadyEnrolled(Conflict):
    """The person has this part in the cohort already."""

    code = "already_enrolled"
    text = "This person takes part in this cohort already."


class PairIsOpen(Conflict):
    """Only the two themselves end a pair (H4)."""

    code = "pair_is_open"
    text = "This person has a pair, which only the two themselves end."


class AskInstead(Conflict):
    """Whoever said no or left is asked again, and decides."""

    code = "ask_instead"
    text = "This person does not take part any more. Invite them: then they decide."


async def search(
    db: Db, me: Actor, program_id: UUID, page: Paging, *, role: str | None, state: str | None, q: str | None
) -> tuple[list[EnrollmentOut], str | None]:
    """One page of a program's enrollments by name; participants see their own alone."""
    await service.get_row(db, me, program_id)
    rows, following = await keyset(
        db, _found(me, program_id, role=role, state=state, q=q), [Person.display_name, Enrollment.id], page,
        lambda row: row, scope="enrollments", parse=[str, UUID],
    )  # fmt: skip
    return await show(db, me, rows), following


def _found(me: Actor, program_id: UUID, *, role: str | None, state: str | None, q: str | None) -> Rows:
    query = listed(me).where(Enrollment.program_id == program_id)
    if role is not None:
        query = query.where(Enrollment.role == role)
    if state is not None:
        query = query.where(Enrollment.state == state)
    for word in (q or "").split()[:8]:
        query = query.where(Person.display_name.ilike(f"%{word.replace('%', '').replace('_', '')}%"))
    return query


async def for_sheet(
    db: Db, me: Actor, program_id: UUID, *, role: str | None, state: str | None, q: str | None
) -> list[EnrollmentOut]:
    """Who takes part, for a spreadsheet, by name: the same people and nothing more; one too many when there are.

    Raises:
        Forbidden: the caller does not manage the program.
    """
    await service.require_manager(db, me, program_id)
    query = _found(me, program_id, role=role, state=state, q=q)
    rows = await db.execute(query.order_by(Person.display_name, Enrollment.id).limit(MOST_ROWS + 1))
    audit(db, "enrollment.export", program_id, program_id=program_id)
    return await show(db, me, rows)


async def get(db: Db, me: Actor, enrollment_id: UUID) -> EnrollmentOut:
    """One enrollment; NotFound when the caller may not see it."""
    return (await show(db, me, [await _seen(db, me, enrollment_id)]))[0]


async def _seen(db: Db, me: Actor, enrollment_id: UUID) -> Any:
    row = (await db.execute(listed(me).where(Enrollment.id == enrollment_id))).one_or_none()
    if row is None:
        raise NotFound
    return row


async def many(db: Db, me: Actor, ids: Iterable[UUID]) -> list[EnrollmentOut]:
    """Enrollments by name, those that the caller may see."""
    rows = await db.execute(listed(me).where(Enrollment.id.in_(list(ids))).order_by(Person.display_name, Enrollment.id))
    return await show(db, me, rows)


async def own(db: Db, me: Actor, enrollment_id: UUID) -> tuple[Enrollment, Program]:
    """The caller's own enrollment and its program: NotFound when invisible, Forbidden when somebody else's."""
    row, _, program = await _seen(db, me, enrollment_id)
    if row.person_id != me.person_id:
        raise Forbidden("This is the person's own.")
    return row, program


async def enroll(db: Db, me: Actor, program_id: UUID, data: EnrollmentIn) -> UUID:
    """Enroll somebody: approved when a manager does it, applied when people do it themselves (H9, H10).

    Raises:
        AlreadyEnrolled, AskInstead, ProgramNotOpen, InvitationNeeded, TenureTooShort, Invalid.
    """
    program = await service.get_row(db, me, program_id)
    manager = access.may_manage(me, program_id)
    if not manager and data.person_id != me.person_id:
        raise Forbidden("You may enroll yourself; a programme manager may enroll others.")
    if manager:
        eligibility.require_open(program, draft=True)
    person = await db.scalar(
        select(Person).where(
            Person.organization_id == me.organization_id, Person.id == data.person_id, people_access.visible_to(me)
        )
    )
    if person is None or person.status == "left" or person.graph_only:
        raise Invalid.at("/person_id", "unknown_person", "There is no such person in the directory.")
    cohort_id = await cohort_of(db, program_id, data.cohort_id)
    before = await _part(db, cohort_id, person.id, data.role)
    if not manager:
        if before is None or before.state != "invited":
            eligibility.require_self_application(program)
        return await join(db, me, program, person, before, data, role=data.role, cohort_id=cohort_id)
    if before is not None:
        raise AskInstead if before.state in GONE else AlreadyEnrolled
    eligibility.require_tenure(person, data.role, program)
    return await _add(db, me, program, person, data, data.role, cohort_id, "approved")


async def join(
    db: Db, me: Actor, program: Program, person: Person, before: Enrollment | None, data: ApplyIn,
    *, role: str, cohort_id: UUID,
) -> UUID:  # fmt: skip
    """The caller applies, for the first time or again: after an invitation, a no or a farewell the row lives on."""
    eligibility.require_open(program)
    eligibility.require_tenure(person, role, program)
    if before is None:
        return await _add(db, me, program, person, data, role, cohort_id, "applied")
    if before.state != "invited" and before.state not in GONE:
        raise AlreadyEnrolled
    terms.agree(program, before, data.terms_version, "/terms_version")
    terms.require(program, before)
    await _take(db, me, before, "applied")
    await profiles.fill(db, me, before, person, settings_of(program.settings), data)
    return before.id


async def _add(
    db: Db, me: Actor, program: Program, person: Person, data: ApplyIn, role: str, cohort_id: UUID, state: str
) -> UUID:
    row = new_row(db, program.id, cohort_id, person, role, state)
    if state == "applied":
        terms.agree(program, row, data.terms_version, "/terms_version")
        terms.require(program, row)
    db.add(row)
    try:
        await db.flush()
    except IntegrityError:
        raise AlreadyEnrolled from None
    await profiles.fill(db, me, row, person, settings_of(program.settings), data)
    record_change(db, "enrollment", row.id, None, state)
    audit(db, "enrollment.create", row.id, program_id=program.id)
    return row.id


def new_row(db: Db, program_id: UUID, cohort_id: UUID, person: Person, role: str, state: str) -> Enrollment:
    """A fresh enrollment with the languages of the directory, not yet in the database."""
    return Enrollment(
        organization_id=db.organization_id, id=clock.uuid7(), program_id=program_id, cohort_id=cohort_id,
        person_id=person.id, role=role, state=state, capacity=1, skills={}, topics=[], languages=person.languages,
        wants_to_understand=[], availability=[],
    )  # fmt: skip


async def cohort_of(db: Db, program_id: UUID, cohort_id: UUID | None) -> UUID:
    """The named cohort of a program, or else its newest that is open; Invalid when it has no such cohort."""
    if cohort_id is None:
        cohort_id = await db.scalar(
            select(Cohort.id)
            .where(
                Cohort.organization_id == db.organization_id, Cohort.program_id == program_id, Cohort.state == "open"
            )
            .order_by(Cohort.id.desc())
            .limit(1)
        )
    cohort = cohort_id and await db.find(Cohort, cohort_id)
    if not cohort or cohort.program_id != program_id or cohort.state != "open":
        raise Invalid.at("/cohort_id", "unknown_cohort", "This program has no such cohort that is open.")
    return cohort.id


async def _part(db: Db, cohort_id: UUID, person_id: UUID, role: str) -> Enrollment | None:
    """A person's row in a cohort, locked for change."""
    found: Enrollment | None = await db.scalar(
        select(Enrollment)
        .where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.cohort_id == cohort_id,
            Enrollment.person_id == person_id,
            Enrollment.role == role,
        )
        .with_for_update()
    )
    return found


async def apply_by_link(db: Db, me: Actor, program: Program, cohort_id: UUID, role: str, data: ApplyIn) -> UUID:
    """The caller applies for a part that somebody's link offers."""
    assert me.person_id is not None
    person = await db.get_one(Person, (db.organization_id, me.person_id))
    before = await _part(db, cohort_id, person.id, role)
    return await join(db, me, program, person, before, data, role=role, cohort_id=cohort_id)


async def change(db: Db, me: Actor, enrollment_id: UUID, version: int, patch: EnrollmentPatch) -> None:
    """Change what somebody brings or seeks."""
    _, person, program = await _seen(db, me, enrollment_id)
    row = await db.locked(Enrollment, enrollment_id, version)
    if not actors(me, row):
        raise Forbidden
    await profiles.fill(db, me, row, person, settings_of(program.settings), patch)
    touch(row)
    audit(db, "enrollment.change", enrollment_id, program_id=row.program_id)


async def move(db: Db, me: Actor, enrollment_id: UUID, to: str) -> UUID:
    """Apply, approve, decline, waitlist, pause or withdraw; IllegalTransition names what is possible."""
    row, person, program = await _seen(db, me, enrollment_id)
    if to == "withdrawn" and to in enrollment_steps(row.state, actors(me, row)):
        if row.person_id != me.person_id and await _paired(db, [enrollment_id]):
            raise PairIsOpen
        # what stands on it ends first, as pairs are locked before enrollments
        await announce(db, EnrollmentLeaving(enrollment_id))
        await db.flush()
    row = await db.locked(Enrollment, enrollment_id)
    if to == "applied" and row.state in GONE:
        eligibility.require_self_application(program)
    if to == "applied" and to in enrollment_steps(row.state, actors(me, row)):
        terms.require(program, row)
    await take(db, me, row, person, program, to)
    return enrollment_id


async def resume(db: Db, me: Actor, enrollment_id: UUID) -> UUID:
    """Come back from a pause: to the pair, where there still is one."""
    await _seen(db, me, enrollment_id)
    row = await db.locked(Enrollment, enrollment_id)
    legal = enrollment_steps(row.state, actors(me, row)) if row.state == "paused" else []
    paired = await _paired(db, [row.id])
    step(db, "enrollment", row, "paired" if paired else "approved", legal)
    return enrollment_id


async def take(db: Db, me: Actor, row: Enrollment, person: Person, program: Program, to: str) -> None:
    """One step of a locked enrollment, with the rules that it has to keep."""
    if to in enrollment_steps(row.state, actors(me, row)):
        if to in ("applied", "approved", "waitlisted"):
            eligibility.require_open(program, draft=to != "applied")
        if to in ("applied", "approved"):
            eligibility.require_tenure(person, row.role, program)
    await _take(db, me, row, to)


async def _take(db: Db, me: Actor, row: Enrollment, to: str) -> None:
    was, parts = row.state, actors(me, row)
    step(db, "enrollment", row, to, enrollment_steps(was, parts))
    if to == "applied":
        row.looks = True  # whoever comes back after a pair wants another one
    if was == "invited":
        ends = {"applied": "accepted", "declined": "declined"}.get(to, "declined" if "self" in parts else "revoked")
        await db.execute(
            update(Invitation)
            .where(
                Invitation.organization_id == db.organization_id,
                Invitation.enrollment_id == row.id,
                Invitation.state == "pending",
            )
            .values(state=ends, version=Invitation.version + 1, updated_at=clock.now())
        )
    # HR reads the audit log: what people decide for themselves is not for it
    if "self" not in parts:
        audit(db, f"enrollment.{to}", row.id, program_id=row.program_id)


async def agree(db: Db, me: Actor, enrollment_id: UUID, number: int) -> UUID:
    """The person agrees to the program's newest terms."""
    _, program = await own(db, me, enrollment_id)
    row = await db.locked(Enrollment, enrollment_id)
    terms.agree(program, row, number, "/number")
    touch(row)
    audit(db, "enrollment.terms", enrollment_id, program_id=program.id)
    return enrollment_id


async def complete_primer(db: Db, me: Actor, enrollment_id: UUID) -> UUID:
    """The person finished the primer (H8); a second time changes nothing."""
    await own(db, me, enrollment_id)
    row = await db.locked(Enrollment, enrollment_id)
    if row.primer_done_at is None:
        row.primer_done_at = clock.now()
        touch(row)
    return enrollment_id


async def primers_done(db: Db, enrollment_ids: Iterable[UUID]) -> bool:
    """Whether each of these enrollments has its primer finished (H8)."""
    ids = set(enrollment_ids)
    done = await db.scalar(
        select(func.count()).where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.id.in_(ids),
            Enrollment.primer_done_at.is_not(None),
        )
    )
    return done == len(ids)


async def mark(db: Db, ids: list[UUID], was: str, becomes: str, *, ended_at: datetime | None = None) -> None:
    """Move enrollments whose pair began or ended; those in another state stay as they are.

    Whoever leaves a pair rests from then on (S11), and stays paired while there is another one.

    Args:
        ended_at: when the pair ended; now, where it is not said.
    """
    rows = await db.execute(
        select(Enrollment, Program.settings)
        .join(Program, (Program.organization_id == Enrollment.organization_id) & (Program.id == Enrollment.program_id))
        .where(Enrollment.organization_id == db.organization_id, Enrollment.id.in_(ids))
        .order_by(Enrollment.id)
        # no key changes: a full lock would wait for the other pair of a mentor of two, and that one for this one
        .with_for_update(of=Enrollment, key_share=True)
    )
    still = await _paired(db, ids) if was == "paired" else set()
    for row, settings in rows:
        if was == "paired":
            row.rests_until = (ended_at or clock.now()) + timedelta(days=settings_of(settings).rest_days)
        if row.state == was and row.id not in still:
            step(db, "enrollment", row, becomes, [becomes])


async def _paired(db: Db, ids: list[UUID]) -> set[UUID]:
    return set(await db.scalars(_PAIRED, {"organization": db.organization_id, "ids": ids}))
