"""The audit log's chain of hashes: each line is bound to all before it, so that a change afterwards shows.

The worker chains what was committed, once a minute; chaining inside the writing transaction would make writers wait
for each other. A chain shows changes only up to its last link: what it said at a moment is told to the log (and
`vuoro audit checkpoint`), outside the database, so that nobody can cut the end off and count anew.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint, and_, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core import jobs
from vuoro.core.db import Db, Model
from vuoro.core.history import AuditEntry
from vuoro.core.log import log

START = bytes(32)
AT_ONCE = 5_000
#: No transaction is open for so long: an older line that is not chained was put in afterwards.
LATE = timedelta(hours=1)


class AuditLink(Model):
    """One line's place in the chain. No foreign key: the link outlives a line that somebody deleted."""

    __tablename__ = "audit_chain"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    entry_id: Mapped[UUID]
    hash: Mapped[bytes]
    chained_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("organization_id", "entry_id"),)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far an organization's chain went, and the hash of all of it up to there."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at one organization's chain found; `broken` names the first line that does not fit."""

    lines: int
    waiting: int
    broken: str | None


def link(before: bytes, number: int, entry: AuditEntry) -> bytes:
    """The hash of a line at its place: SHA-256 of the one before and of every column."""
    columns = [
        number,
        str(entry.organization_id),
        str(entry.id),
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_kind,
        str(entry.actor_id),
        entry.action,
        entry.subject_id and str(entry.subject_id),
        entry.program_id and str(entry.program_id),
    ]
    return hashlib.sha256(before + json.dumps(columns, ensure_ascii=False).encode()).digest()


def _floor(entry_id: UUID) -> UUID:
    """The least id (version 7) of a line written LATE before this one."""
    millis = max(0, (entry_id.int >> 80) - int(LATE.total_seconds() * 1000))
    return UUID(int=millis << 80)


async def _last(db: Db) -> AuditLink | None:
    query = select(AuditLink).where(AuditLink.organization_id == db.organization_id)
    return (await db.scalars(query.order_by(AuditLink.number.desc()).limit(1))).one_or_none()


_UNCHAINED = ~exists().where(
    AuditLink.organization_id == AuditEntry.organization_id, AuditLink.entry_id == AuditEntry.id
)


@jobs.on_tick
async def extend(db: Db, now: datetime) -> None:
    """Chain the lines that were written since, oldest first, and tell the log how far the chain goes."""
    ours = func.hashtextextended(f"audit_chain {db.organization_id}", 0)
    if not await db.scalar(select(func.pg_try_advisory_xact_lock(ours))):
        return  # another worker is at it
    last = await _last(db)
    query = select(AuditEntry).where(AuditEntry.organization_id == db.organization_id, _UNCHAINED)
    if last is not None:
        query = query.where(AuditEntry.id >= _floor(last.entry_id))
    entries = (await db.scalars(query.order_by(AuditEntry.id).limit(AT_ONCE))).all()
    if not entries:
        return
    number, hash = (last.number, last.hash) if last else (0, START)
    links = []
    for entry in entries:
        number += 1
        hash = link(hash, number, entry)
        links.append(
            {
                "organization_id": entry.organization_id,
                "number": number,
                "entry_id": entry.id,
                "hash": hash,
                "chained_at": now,
            }
        )
    await db.execute(insert(AuditLink), links)
    log.info("audit_checkpoint", organization_id=str(db.organization_id), count=number, digest=hash.hex())


async def checkpoint(db: Db) -> Checkpoint:
    """The chain's end now."""
    last = await _last(db)
    return Checkpoint(last.number, last.hash.hex()) if last else Checkpoint(0, START.hex())


async def verify(db: Db, earlier: Checkpoint | None = None) -> Verdict:
    """Walk the whole chain, and past `earlier` when one was kept elsewhere."""
    number, hash, newest, broken = 0, START, None, None
    same = and_(AuditEntry.organization_id == AuditLink.organization_id, AuditEntry.id == AuditLink.entry_id)
    chain = select(AuditLink, AuditEntry).outerjoin(AuditEntry, same)
    chain = chain.where(AuditLink.organization_id == db.organization_id).order_by(AuditLink.number)
    async for found, entry in db.each(chain):
        number += 1
        if found.number != number:
            broken = f"link {number} is missing"
        elif entry is None:
            broken = f"line {found.entry_id} (number {number}) was deleted"
        elif (hash := link(hash, number, entry)) != found.hash:
            broken = f"line {found.entry_id} (number {number}) was changed"
        elif earlier and earlier.number == number and earlier.hash != hash.hex():
            broken = f"line {found.entry_id} (number {number}) is not the one of the checkpoint"
        if broken is not None:
            return Verdict(number, 0, broken)
        newest = max(newest or found.entry_id, found.entry_id)
    if earlier and earlier.number > number:
        return Verdict(number, 0, f"the checkpoint knows {earlier.number} lines, the chain ends after {number}")
    waiting = (
        await db.scalars(
            select(AuditEntry.id)
            .where(AuditEntry.organization_id == db.organization_id, _UNCHAINED)
            .order_by(AuditEntry.id)
        )
    ).all()
    if newest is not None and waiting and waiting[0] < _floor(newest):
        broken = f"line {waiting[0]} was put in afterwards"
    return Verdict(number, len(waiting), broken)
