"""The audit log: an admin reads all, a manager their program's, everybody their own deeds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true

from vuoro.analytics.schemas import AuditEntryOut
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.history import AuditEntry
from vuoro.core.page import Paging, keyset
from vuoro.identity.service import names_of_clients
from vuoro.people.service import refs


def visible_to(me: Actor) -> ColumnElement[bool]:
    """The lines that the caller may read."""
    if me.is_admin or me.is_system:
        return true()
    own = AuditEntry.actor_id == me.id
    mine = me.set_up_programs
    if mine is None:
        return or_(own, AuditEntry.program_id.is_not(None))
    return or_(own, AuditEntry.program_id.in_(mine)) if mine else own


async def search(
    db: Db,
    me: Actor,
    page: Paging,
    *,
    program_id: UUID | None = None,
    actor_id: UUID | None = None,
    subject_id: UUID | None = None,
    noun: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[list[AuditEntryOut], str | None]:
    """One page, newest first; `noun` is what the deeds are about, as pair in pair.accept."""
    query = select(AuditEntry).where(AuditEntry.organization_id == me.organization_id, visible_to(me))
    if program_id is not None:
        query = query.where(AuditEntry.program_id == program_id)
    if actor_id is not None:
        query = query.where(AuditEntry.actor_id == actor_id)
    if subject_id is not None:
        query = query.where(AuditEntry.subject_id == subject_id)
    if noun is not None:
        query = query.where(AuditEntry.action.startswith(f"{noun}.", autoescape=True))
    if since is not None:
        query = query.where(AuditEntry.at >= since)
    if until is not None:
        query = query.where(AuditEntry.at < until)
    rows, following = await keyset(
        db, query, [AuditEntry.id], page, lambda row: row[0], scope="audit_log", descending=True, parse=[UUID]
    )
    people = await refs(db, me, {row.actor_id for row in rows if row.actor_kind == "person"})
    machines = await names_of_clients(db, {row.actor_id for row in rows if row.actor_kind == "client"})
    return [
        AuditEntryOut(
            id=row.id,
            at=row.at,
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
            actor=people.get(row.actor_id),
            machine=machines.get(row.actor_id),
            action=row.action,
            subject_id=row.subject_id,
            program_id=row.program_id,
        )
        for row in rows
    ], following
