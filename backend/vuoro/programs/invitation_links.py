"""Invitation links: an unguessable code that people of the organization apply with; managers make and revoke them."""

import secrets
from datetime import datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.crypto import hash_token
from vuoro.core.db import Db, touch
from vuoro.core.errors import Forbidden, Invalid, NotFound
from vuoro.core.history import audit
from vuoro.core.page import Paging, keyset
from vuoro.core.settings import settings
from vuoro.core.wire import can
from vuoro.identity.models import Organization
from vuoro.people.models import Person
from vuoro.programs import access, eligibility, enrollments, service, terms
from vuoro.programs.invitation_schemas import InvitationCard, InvitationLinkIn, InvitationLinkOut
from vuoro.programs.invitations import make_card
from vuoro.programs.models import Enrollment, InvitationLink, Program
from vuoro.programs.schemas import ApplyIn
from vuoro.programs.settings import settings_of
from vuoro.programs.states import GONE

FARTHEST = timedelta(days=366)


class LinkOver(NotFound):
    """The link was good once: it has been revoked, used up, or is too old."""

    code, title = "link_over", "This link is not open any more"
    text = "This link is not open any more. Ask whoever gave it to you for a new one."


def _state(row: InvitationLink) -> Literal["open", "used_up", "expired", "revoked"]:
    if row.revoked_at is not None:
        return "revoked"
    if row.expires_at is not None and row.expires_at <= clock.now():
        return "expired"
    return "used_up" if row.max_uses is not None and row.uses >= row.max_uses else "open"


def show(row: InvitationLink, code: str | None = None) -> InvitationLinkOut:
    """A link as managers see it; `code` only right after it was made."""
    return InvitationLinkOut(
        id=row.id,
        program_id=row.program_id,
        cohort_id=row.cohort_id,
        role=row.role,
        code=code,
        url=f"{settings().public_url}/join/{code}" if code else None,
        expires_at=row.expires_at,
        max_uses=row.max_uses,
        uses=row.uses,
        state=_state(row),
        version=row.version,
        created_at=row.created_at,
        can=can(revoke=row.revoked_at is None),
    )


async def create(db: Db, me: Actor, program_id: UUID, data: InvitationLinkIn, code: str) -> UUID:
    """Make a link for a code of `secrets.token_urlsafe`; it works until the end of `expires_on`, where that is said."""
    program = await service.managed(db, me, program_id)
    eligibility.require_open(program)
    organization = await db.get_one(Organization, db.organization_id)
    zone = ZoneInfo(organization.time_zone)
    expires_at = None
    if data.expires_on is not None:
        today = clock.now().astimezone(zone).date()
        if data.expires_on < today:
            raise Invalid.at("/expires_on", "in_the_past", "This day is over.")
        if data.expires_on > today + FARTHEST:
            raise Invalid.at("/expires_on", "too_far", "A link works for a year at most.")
        expires_at = datetime.combine(data.expires_on + timedelta(days=1), time(0), zone)
    row = InvitationLink(
        organization_id=me.organization_id, id=clock.uuid7(), program_id=program_id, role=data.role,
        cohort_id=await enrollments.cohort_of(db, program_id, data.cohort_id), code_hash=hash_token(code),
        expires_at=expires_at, max_uses=data.max_uses,
    )  # fmt: skip
    db.add(row)
    await db.flush()
    audit(db, "invitation_link.create", row.id, program_id=program_id)
    return row.id


def new_code() -> str:
    """A code of 192 random bits."""
    return secrets.token_urlsafe(24)


async def made(db: Db, link_id: UUID, code: str) -> InvitationLinkOut:
    """A link just after it was made: with its code, unless this is the repetition of an earlier request."""
    row = await db.get_one(InvitationLink, (db.organization_id, link_id))
    return show(row, code if row.code_hash == hash_token(code) else None)


async def search(db: Db, me: Actor, program_id: UUID, page: Paging) -> tuple[list[InvitationLinkOut], str | None]:
    """One page of a program's links, newest first, for its managers."""
    await service.get_row(db, me, program_id)
    if not access.may_manage(me, program_id):
        raise Forbidden("This is for the programme's managers.")
    query = select(InvitationLink).where(
        InvitationLink.organization_id == me.organization_id, InvitationLink.program_id == program_id
    )
    return await keyset(
        db, query, [InvitationLink.id], page, lambda row: show(row[0]),
        scope="invitation_links", descending=True, parse=[UUID],
    )  # fmt: skip


async def revoke(db: Db, me: Actor, program_id: UUID, link_id: UUID, version: int) -> None:
    """Close a link for good; a second time changes nothing."""
    row = await db.find(InvitationLink, link_id)
    if row is None or row.program_id != program_id or not access.may_manage(me, program_id):
        raise NotFound
    row = await db.locked(InvitationLink, link_id, version)
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        touch(row)
        audit(db, "invitation_link.revoke", link_id, program_id=program_id)


async def _open(db: Db, code: str, *, lock: bool = False) -> tuple[InvitationLink, Program]:
    query = (
        select(InvitationLink, Program)
        .join(
            Program,
            (Program.organization_id == InvitationLink.organization_id) & (Program.id == InvitationLink.program_id),
        )
        .where(InvitationLink.organization_id == db.organization_id, InvitationLink.code_hash == hash_token(code))
    )
    found = (await db.execute(query.with_for_update(of=InvitationLink) if lock else query)).one_or_none()
    if found is None:
        raise NotFound
    if _state(found[0]) != "open" or found[1].state not in eligibility.OPEN:
        raise LinkOver
    return found[0], found[1]


async def card(db: Db, me: Actor, code: str) -> InvitationCard:
    """What somebody reads who followed a link: NotFound for an unknown code, LinkOver for one that was good once."""
    link, program = await _open(db, code)
    assert me.person_id is not None
    person = await db.get_one(Person, (db.organization_id, me.person_id))
    state = await db.scalar(
        select(Enrollment.state).where(
            Enrollment.organization_id == me.organization_id,
            Enrollment.cohort_id == link.cohort_id,
            Enrollment.person_id == person.id,
            Enrollment.role == link.role,
        )
    )
    months = settings_of(program.settings).rules.min_tenure_months
    short = eligibility.too_short(person, link.role, months, eligibility.first_day(program))
    takes_part = state is not None and state != "invited" and state not in GONE
    may: str | bool = "already_enrolled" if takes_part else "tenure_too_short" if short else True
    return make_card(program, link.role, link.expires_at, can(apply=may), await terms.of(db, program))


async def apply(db: Db, me: Actor, code: str, data: ApplyIn) -> UUID:
    """Apply by a link; each application is one use of it."""
    link, program = await _open(db, code, lock=True)
    enrollment_id = await enrollments.apply_by_link(db, me, program, link.cohort_id, link.role, data)
    link.uses += 1
    return enrollment_id
