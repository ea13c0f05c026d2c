"""The audit log: an admin reads all, a manager their program's, everybody their own deeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, true

from vuoro.analytics import deeds
from vuoro.analytics.schemas import AuditEntryOut
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.exports import MOST_ROWS
from vuoro.core.history import AuditEntry, audit
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


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What of the log is wanted; `noun` is what the deeds are about, as pair in pair.accept."""

    program_id: UUID | None = None
    actor_id: UUID | None = None
    subject_id: UUID | None = None
    noun: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def _found(me: Actor, only: AuditFilter) -> Select[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.organization_id == me.organization_id, visible_to(me))
    for name in ("program_id", "actor_id", "subject_id"):
        if (wanted := getattr(only, name)) is not None:
            query = query.where(getattr(AuditEntry, name) == wanted)
    if only.noun is not None:
        query = query.where(AuditEntry.action.startswith(f"{only.noun}.", autoescape=True))
    if only.since is not None:
        query = query.where(AuditEntry.at >= only.since)
    if only.until is not None:
        query = query.where(AuditEntry.at < only.until)
    return query


async def search(db: Db, me: Actor, page: Paging, only: AuditFilter) -> tuple[list[AuditEntryOut], str | None]:
    """One page, newest first."""
    rows, following = await keyset(
        db,
        _found(me, only),
        [AuditEntry.id],
        page,
        lambda row: row[0],
        scope="audit_log",
        descending=True,
        parse=[UUID],
    )
    return await _shown(db, me, rows), following


async def _shown(db: Db, me: Actor, rows: Sequence[AuditEntry]) -> list[AuditEntryOut]:
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
            words=deeds.words(row.action),
            subject_id=row.subject_id,
            program_id=row.program_id,
        )
        for row in rows
    ]


HEADER = ("at", "who", "what", "action", "subject_id", "program_id", "actor_id")


async def rows_of_sheet(db: Db, me: Actor, only: AuditFilter, locale: str) -> list[tuple[object, ...]]:
    """The log for a spreadsheet, newest first: the same lines and nothing more; one row too many when there are."""
    query = _found(me, only).order_by(AuditEntry.id.desc()).limit(MOST_ROWS + 1)
    shown = await _shown(db, me, (await db.scalars(query)).all())
    audit(db, "audit.export", me.organization_id)
    return [
        (
            row.at.astimezone(UTC).isoformat(timespec="seconds"),
            row.actor.display_name if row.actor else row.machine or ("Vuoro" if row.actor_kind == "system" else ""),
            row.words.into(locale),
            row.action,
            row.subject_id,
            row.program_id,
            row.actor_id,
        )
        for row in shown
    ]
