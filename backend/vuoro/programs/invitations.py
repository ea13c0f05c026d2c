"""Invitations by name: bound to a person of the directory, open for 14 days, sent again or revoked by managers."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, any_, func, or_, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch, uuids
from vuoro.core.errors import Conflict, Forbidden, IllegalTransition, NotFound
from vuoro.core.events import reacts_to
from vuoro.core.history import audit, record_change, step
from vuoro.core.jobs import on_tick
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, Rows, keyset
from vuoro.core.wire import Localized, can
from vuoro.people import access as people_access
from vuoro.people.events import PeopleLeft
from vuoro.people.models import Person
from vuoro.people.service import ref
from vuoro.programs import access, eligibility, service, terms
from vuoro.programs.enrollments import cohort_of, get, new_row, own, take
from vuoro.programs.invitation_schemas import (
    InvitationCard,
    InvitationLine,
    InvitationOut,
    InvitationsIn,
    InvitationsOut,
    InviteeIn,
    joining,
)
from vuoro.programs.models import Enrollment, Invitation, Program
from vuoro.programs.schemas import ProgramTermsOut
from vuoro.programs.settings import settings_of
from vuoro.programs.states import ENROLLMENT, GONE, Side

OPEN_FOR = timedelta(days=14)
ASK_AGAIN_AFTER = timedelta(days=3)


class SentRecently(Conflict):
    """An invitation goes out again after three days at the earliest; params say when."""

    code = "sent_recently"
    text = "This invitation went out less than three days ago."


class _Known:
    """Who the people of a list are, and what stands between them and a part of this cohort."""

    def __init__(self, program: Program, people: Iterable[Person], parts: Iterable[Any], last: dict[UUID, datetime]):
        people = list(people)
        self.by_id = {person.id: person for person in people}
        self.by_mail = {person.work_email: person for person in people if person.work_email}
        self.parts: dict[tuple[UUID, str], Enrollment] = {(row.person_id, row.role): row for row in parts}
        self._last = last
        self._months = settings_of(program.settings).rules.min_tenure_months
        self._day = eligibility.first_day(program)

    def person(self, line: InviteeIn) -> Person | None:
        return self.by_id.get(line.person_id) if line.person_id else self.by_mail.get(line.work_email or "")

    def rule(self, person: Person, role: str) -> Any:
        """The rule that keeps somebody from being asked now."""
        if person.status == "leave":
            return "on_leave"
        if eligibility.too_short(person, role, self._months, self._day):
            return "tenure_too_short"
        part = self.parts.get((person.id, role))
        if part is not None and part.state in GONE and part.id in self._last:
            return "asked_recently" if self._last[part.id] > clock.now() - ASK_AGAIN_AFTER else None
        return None


async def _known(db: Db, me: Actor, program: Program, cohort_id: UUID, lines: list[InviteeIn]) -> _Known:
    ids = [line.person_id for line in lines if line.person_id]
    mails = [line.work_email for line in lines if line.work_email]
    people = await db.scalars(
        select(Person).where(
            Person.organization_id == db.organization_id,
            or_(Person.id.in_(ids), Person.work_email.in_(mails)),
            Person.status != "left",
            people_access.visible_to(me),
        )
    )
    found = people.all()
    parts = await db.scalars(
        select(Enrollment)
        .where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.cohort_id == cohort_id,
            Enrollment.person_id.in_([person.id for person in found]),
        )
        .order_by(Enrollment.id)
        .with_for_update()
    )
    rows = parts.all()
    last = await db.execute(
        select(Invitation.enrollment_id, func.max(Invitation.sent_at))
        .where(
            Invitation.organization_id == db.organization_id,
            Invitation.enrollment_id.in_([row.id for row in rows]),
        )
        .group_by(Invitation.enrollment_id)
    )
    sent = {id: sent_at for id, sent_at in last}  # noqa: C416 - a Result is no mapping
    return _Known(program, found, rows, sent)


async def invite(db: Db, me: Actor, program_id: UUID, data: InvitationsIn) -> UUID:
    """Ask many people at once; whoever cannot be asked is left out. Returns the batch, for `outcome`."""
    program = await service.managed(db, me, program_id)
    eligibility.require_open(program)
    cohort_id = await cohort_of(db, program_id, data.cohort_id)
    known = await _known(db, me, program, cohort_id, data.people)
    batch_id, moment = clock.uuid7(), clock.now()
    asked: list[Enrollment] = []
    for line in data.people:
        person = known.person(line)
        if person is None or known.rule(person, line.role):
            continue
        row = known.parts.get((person.id, line.role))
        if row is None:
            row = new_row(db, program_id, cohort_id, person, line.role, "invited")
            db.add(row)
            record_change(db, "enrollment", row.id, None, "invited")
        elif row.state in GONE:
            step(db, "enrollment", row, "invited", ["invited"])
        else:
            continue
        known.parts[person.id, line.role] = row
        asked.append(row)
    await db.flush()
    for row in asked:
        db.add(
            Invitation(
                organization_id=me.organization_id, id=clock.uuid7(), program_id=program_id, enrollment_id=row.id,
                batch_id=batch_id, due_at=moment + OPEN_FOR, sent_at=moment,
            )
        )  # fmt: skip
        emit(db, "enrollment.invited", {"enrollment_id": str(row.id)})
    audit(db, "invitation.create_many", program_id, program_id=program_id)
    return batch_id


async def outcome(db: Db, me: Actor, program_id: UUID, data: InvitationsIn, batch_id: UUID) -> InvitationsOut:
    """What became of a list, line by line, however often it is asked."""
    program = await service.get_row(db, me, program_id)
    known = await _known(db, me, program, await cohort_of(db, program_id, data.cohort_id), data.people)
    made = await db.execute(
        select(Invitation.enrollment_id, Invitation.id).where(
            Invitation.organization_id == me.organization_id,
            Invitation.program_id == program_id,
            Invitation.batch_id == batch_id,
        )
    )
    invited = {enrollment_id: id for enrollment_id, id in made}  # noqa: C416 - a Result is no mapping
    items = []
    for index, line in enumerate(data.people):
        person = known.person(line)
        part = known.parts.get((person.id, line.role)) if person else None
        # the first line of a person has it, a second one finds them invited already
        invitation_id = invited.pop(part.id, None) if part else None
        rule = known.rule(person, line.role) if person and not invitation_id else None
        taken = part is not None and part.state not in GONE
        items.append(
            InvitationLine(
                index=index,
                person=ref(person) if person else None,
                work_email=line.work_email,
                role=line.role,
                outcome="unknown" if person is None else "invited" if invitation_id else "already" if taken
                else "not_eligible" if rule else "already",
                rule=None if taken else rule,
                invitation_id=invitation_id,
            )
        )  # fmt: skip
    return InvitationsOut(invited=sum(item.outcome == "invited" for item in items), items=items)


def _listed(me: Actor) -> Rows:
    return (
        select(Invitation, Enrollment, Person)
        .join(
            Enrollment,
            and_(Enrollment.organization_id == Invitation.organization_id, Enrollment.id == Invitation.enrollment_id),
        )
        .join(Person, and_(Person.organization_id == Enrollment.organization_id, Person.id == Enrollment.person_id))
        .where(Invitation.organization_id == me.organization_id)
    )


async def search(
    db: Db, me: Actor, program_id: UUID, page: Paging, *, state: str | None
) -> tuple[list[InvitationOut], str | None]:
    """One page of a program's invitations, newest first, for its managers."""
    await service.get_row(db, me, program_id)
    if not access.may_manage(me, program_id):
        raise Forbidden("This is for the programme's managers.")
    query = _listed(me).where(Invitation.program_id == program_id)
    if state is not None:
        query = query.where(Invitation.state == state)
    return await keyset(
        db, query, [Invitation.id], page, lambda row: _show(row[0], row[1], row[2]),
        scope="invitations", descending=True, parse=[UUID],
    )  # fmt: skip


def _show(row: Invitation, part: Enrollment, person: Person) -> InvitationOut:
    pending = row.state == "pending"
    recently = row.sent_at > clock.now() - ASK_AGAIN_AFTER
    return InvitationOut(
        id=row.id,
        program_id=row.program_id,
        enrollment_id=part.id,
        person=ref(person),
        role=part.role,
        state=row.state,
        sent_at=row.sent_at,
        due_at=row.due_at,
        version=row.version,
        created_at=row.created_at,
        can=can(resend=pending and ("sent_recently" if recently else True), revoke=pending),
    )


async def _managed(db: Db, me: Actor, invitation_id: UUID) -> Any:
    """(Invitation, Enrollment, Person): managers of its program alone see one by its id."""
    found = (await db.execute(_listed(me).where(Invitation.id == invitation_id))).one_or_none()
    if found is None or not access.may_manage(me, found[0].program_id):
        raise NotFound
    return found


async def get_one(db: Db, me: Actor, invitation_id: UUID) -> InvitationOut:
    """One invitation; NotFound for everybody but the program's managers."""
    row, part, person = await _managed(db, me, invitation_id)
    return _show(row, part, person)


async def resend(db: Db, me: Actor, invitation_id: UUID) -> UUID:
    """Ask once more, and give 14 days again; SentRecently within three days."""
    await _managed(db, me, invitation_id)
    row = await db.locked(Invitation, invitation_id)
    if row.state != "pending":
        raise IllegalTransition(row.state, [])
    moment = clock.now()
    if row.sent_at > moment - ASK_AGAIN_AFTER:
        raise SentRecently(params={"next_at": (row.sent_at + ASK_AGAIN_AFTER).isoformat()})
    row.sent_at, row.due_at = moment, moment + OPEN_FOR
    touch(row)
    emit(db, "enrollment.invited", {"enrollment_id": str(row.enrollment_id)})
    audit(db, "invitation.resend", row.id, program_id=row.program_id)
    return invitation_id


async def revoke(db: Db, me: Actor, invitation_id: UUID) -> UUID:
    """Take an invitation back that nobody answered yet."""
    row, part, person = await _managed(db, me, invitation_id)
    program = await db.get_one(Program, (db.organization_id, row.program_id))
    part = await db.locked(Enrollment, part.id)
    row = await db.locked(Invitation, invitation_id)
    if row.state != "pending":
        raise IllegalTransition(row.state, [])
    await take(db, me, part, person, program, "withdrawn")
    # a manager may take back their own invitation, too
    row.state = "revoked"
    await db.flush()
    return invitation_id


async def card(db: Db, me: Actor, enrollment_id: UUID) -> InvitationCard:
    """What an invited person reads; NotFound when no invitation waits for an answer."""
    part, program = await own(db, me, enrollment_id)
    due_at = await db.scalar(
        select(Invitation.due_at).where(
            Invitation.organization_id == me.organization_id,
            Invitation.enrollment_id == enrollment_id,
            Invitation.state == "pending",
        )
    )
    if due_at is None:
        raise NotFound
    shown = await get(db, me, enrollment_id)
    answers = {verb: shown.can[verb] for verb in ("apply", "decline") if verb in shown.can}
    return make_card(program, part.role, due_at, answers, await terms.of(db, program))


def make_card(
    program: Program, role: Side, answer_by: datetime | None, answers: Any, asked: ProgramTermsOut | None
) -> InvitationCard:
    """A program as somebody reads it who is asked to take part."""
    settings, reasons = settings_of(program.settings), joining()[role]
    return InvitationCard(
        program_id=program.id,
        program=program.name,
        purpose=Localized(**program.purpose),
        role=role,
        sessions=settings.sessions_planned,
        session_minutes=settings.session_minutes,
        starts_on=program.starts_on,
        why=reasons.why,
        asked=reasons.asked,
        answer_by=answer_by,
        terms=asked,
        can=answers,
    )


@on_tick
async def expire(db: Db, now: datetime) -> None:
    """Invitations that nobody answered for 14 days lapse, without a word to anybody."""
    due = await db.execute(
        select(Invitation, Enrollment)
        .join(
            Enrollment,
            and_(Enrollment.organization_id == Invitation.organization_id, Enrollment.id == Invitation.enrollment_id),
        )
        .where(
            Invitation.organization_id == db.organization_id, Invitation.state == "pending", Invitation.due_at <= now
        )
        .order_by(Invitation.due_at)
        .limit(500)
        .with_for_update(skip_locked=True)
    )
    for row, part in due:
        row.state = "expired"
        touch(row)
        if part.state == "invited":
            step(db, "enrollment", part, "withdrawn", list(ENROLLMENT["invited"]))


@reacts_to(PeopleLeft)
async def let_leavers_go(db: Db, event: PeopleLeft) -> None:
    """Whoever left the organization no longer waits for a place; a running pair is the pairs' own matter."""
    rows = await db.scalars(
        select(Enrollment)
        .where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.person_id == any_(uuids(event.person_ids)),
            Enrollment.state.in_(("invited", "applied", "waitlisted", "approved")),
        )
        .order_by(Enrollment.id)
        .with_for_update()
    )
    gone = {row.id: row for row in rows}
    for row in gone.values():
        step(db, "enrollment", row, "withdrawn", list(ENROLLMENT[row.state]))
    open_ones = await db.scalars(
        select(Invitation).where(
            Invitation.organization_id == db.organization_id,
            Invitation.enrollment_id == any_(uuids(gone)),
            Invitation.state == "pending",
        )
    )
    for invitation in open_ones:
        invitation.state = "revoked"
        touch(invitation)
