"""The audit log: an admin reads all, a manager their program's, everybody their own deeds."""

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true

from vuoro.analytics.schemas import AuditEntryOut
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.history import AuditEntry
from vuoro.core.page import Paging, keyset


def visible_to(me: Actor) -> ColumnElement[bool]:
    """The lines that the caller may read."""
    if me.is_admin or me.is_system:
        return true()
    own = AuditEntry.actor_id == me.id
    managed = me.managed_programs
    if managed is None:
        return or_(own, AuditEntry.program_id.is_not(None))
    return or_(own, AuditEntry.program_id.in_(managed)) if managed else own


async def search(db: Db, me: Actor, page: Paging, program_id: UUID | None) -> tuple[list[AuditEntryOut], str | None]:
    """One page, newest first."""
    query = select(AuditEntry).where(AuditEntry.organization_id == me.organization_id, visible_to(me))
    if program_id is not None:
        query = query.where(AuditEntry.program_id == program_id)
    return await keyset(
        db, query, [AuditEntry.id], page, lambda row: AuditEntryOut.model_validate(row[0], from_attributes=True),
        scope="audit_log", descending=True, parse=[UUID],
    )  # fmt: skip
