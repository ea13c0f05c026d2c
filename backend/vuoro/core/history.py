"""What happened: states of every object, the audit log, and who read whose data (ids only, never content)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ARRAY, TEXT, Index, Uuid, insert
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core import clock
from vuoro.core.db import Db, Model
from vuoro.core.errors import IllegalTransition


class StateChange(Model):
    """One step of one object's state; the history that its members read."""

    __tablename__ = "state_changes"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.uuid7)
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (Index("state_changes_subject_idx", "organization_id", "subject_id", "id"),)


ActorKind = Literal["person", "client", "system"]


class AuditEntry(Model):
    """Who did what to which object; append-only by grants."""

    __tablename__ = "audit_log"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.uuid7)
    at: Mapped[datetime]
    actor_kind: Mapped[ActorKind] = mapped_column(TEXT)
    actor_id: Mapped[UUID]
    action: Mapped[str]
    subject_id: Mapped[UUID | None]
    program_id: Mapped[UUID | None]


# One word for parts, pairs and suggestions: that somebody looked must not tell of an offer that was not made (H3).
Looked = Literal["directory", "participation", "data_export"]


class AccessEntry(Model):
    """Somebody's page with the data of others: who read it, of whom, and what; read by those it is about."""

    __tablename__ = "access_log"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.uuid7)
    at: Mapped[datetime]
    reader_kind: Mapped[str]
    reader_id: Mapped[UUID]
    what: Mapped[Looked] = mapped_column(TEXT)
    people: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    program_id: Mapped[UUID | None]
    __table_args__ = (
        Index("access_log_people_idx", "people", postgresql_using="gin"),
        Index("access_log_at_idx", "organization_id", "at"),
    )


async def looked(db: Db, what: Looked, people: Iterable[UUID], *, program_id: UUID | None = None) -> None:
    """Write down that the caller reads these people's data: one row a page, none for the caller's own."""
    me = db.me
    others = sorted(set(people) - {me.id})
    if me.is_system or not others:
        return
    await db.execute(
        insert(AccessEntry).values(
            organization_id=me.organization_id,
            id=clock.uuid7(),
            at=clock.now(),
            reader_kind="person" if me.person_id else "client",
            reader_id=me.id,
            what=what,
            people=others,
            program_id=program_id,
        )
    )


def audit(db: Db, action: str, subject_id: UUID | None = None, *, program_id: UUID | None = None) -> None:
    """Write one line of the audit log in this transaction; `action` is `noun.verb`."""
    me = db.me
    kind: ActorKind = "person" if me.person_id else "client" if me.client_id else "system"
    db.add(
        AuditEntry(
            organization_id=me.organization_id,
            at=clock.now(),
            actor_kind=kind,
            actor_id=me.id,
            action=action,
            subject_id=subject_id,
            program_id=program_id,
        )
    )


def record_change(db: Db, subject: str, subject_id: UUID, from_state: str | None, to_state: str) -> None:
    """Write one step into an object's history. It carries no actor: an exit must not tell whose it was."""
    db.add(
        StateChange(
            organization_id=db.organization_id,
            subject=subject,
            subject_id=subject_id,
            from_state=from_state,
            to_state=to_state,
            at=clock.now(),
        )
    )


def step(db: Db, subject: str, row: Any, to_state: str, legal: list[str]) -> None:
    """Move `row.state` to `to_state` and record it.

    Raises:
        IllegalTransition: `to_state` is not among the `legal` ones, which the problem names.
    """
    if to_state not in legal:
        raise IllegalTransition(row.state, legal)
    record_change(db, subject, row.id, row.state, to_state)
    row.state = to_state
    row.version += 1
    row.updated_at = clock.now()
