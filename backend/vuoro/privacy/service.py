"""Asking for an erasure and undoing it; what is kept, and for how long."""

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from vuoro.analytics.me_page import me_out
from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Invalid, NotFound, PreconditionFailed, ProblemError
from vuoro.core.history import audit
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import can, changes
from vuoro.identity import service as identity
from vuoro.identity.access import require_admin
from vuoro.people.models import Person
from vuoro.people.service import refs
from vuoro.privacy import export, retention, words
from vuoro.privacy.access import visible_to
from vuoro.privacy.classes import GIVEN
from vuoro.privacy.models import Erasure, RetentionSettings
from vuoro.privacy.schemas import ErasureOut, KeptKind, Limit, RetentionOut, RetentionPatch

UNDO = timedelta(days=7)


class ErasureWaiting(Conflict):
    """There is one that waits already."""

    code: ClassVar[str] = "erasure_waiting"
    text: ClassVar[str] = "An erasure of this person waits already."


class LastAdmin(Conflict):
    """The organization would have nobody who administers it."""

    code: ClassVar[str] = "last_admin"
    text: ClassVar[str] = "Nobody else administers the organization: name another admin first."


async def request(db: Db, me: Actor, person_id: UUID) -> UUID:
    """Ask for the erasure of oneself, or as an admin of anybody: after seven days, of a leaver at once.

    Raises:
        ErasureWaiting, LastAdmin, NotFound.
    """
    if person_id != me.person_id:
        require_admin(me)
    person = await db.find(Person, person_id, lock=True)
    done = select(
        exists().where(
            Erasure.organization_id == me.organization_id, Erasure.person_id == person_id, Erasure.state == "done"
        )
    )
    if person is None or person.deleted_at is not None or await db.scalar(done):
        raise NotFound
    if await _waiting(db, person_id) is not None:
        raise ErasureWaiting
    await _another_admin(db, person_id)
    row = retention.ask(db, person_id, me.id, clock.now() + (timedelta(0) if person.status == "left" else UNDO))
    audit(db, "erasure.request", person_id)
    emit(db, "erasure.asked", {"person_id": str(person_id), "erasure_id": str(row.id)})
    await db.flush()
    return row.id


async def _another_admin(db: Db, person_id: UUID) -> None:
    if await identity.admins(db) == {person_id}:
        raise LastAdmin


async def _waiting(db: Db, person_id: UUID) -> Erasure | None:
    row: Erasure | None = await db.scalar(
        select(Erasure).where(
            Erasure.organization_id == db.organization_id, Erasure.person_id == person_id, Erasure.state == "waiting"
        )
    )
    return row


async def cancel(db: Db, me: Actor, erasure_id: UUID) -> UUID:
    """Undo an erasure that waits; NotFound when there is none for the caller, Conflict when it is done."""
    row = await db.scalar(
        select(Erasure)
        .where(Erasure.organization_id == me.organization_id, Erasure.id == erasure_id, visible_to(me))
        .with_for_update()
    )
    if row is None:
        raise NotFound
    if row.state != "waiting":
        raise Conflict("This erasure waits no longer.")
    row.state = "cancelled"
    audit(db, "erasure.cancel", row.person_id)
    return erasure_id


async def cancel_own(db: Db, me: Actor, person_id: UUID) -> None:
    """Undo the caller's own erasure; NotFound when none waits."""
    row = await _waiting(db, person_id)
    if row is None:
        raise NotFound
    await cancel(db, me, row.id)


async def get(db: Db, me: Actor, erasure_id: UUID) -> ErasureOut:
    """One erasure; NotFound when the caller may not see it."""
    row = await db.scalar(
        select(Erasure).where(Erasure.organization_id == me.organization_id, Erasure.id == erasure_id, visible_to(me))
    )
    if row is None:
        raise NotFound
    return (await _show(db, me, [row]))[0]


async def own(db: Db, me: Actor, person_id: UUID) -> ErasureOut:
    """The caller's erasure that waits; NotFound when none does."""
    found = await waiting(db, me, person_id)
    if found is None:
        raise NotFound
    return found


async def waiting(db: Db, me: Actor, person_id: UUID) -> ErasureOut | None:
    """The caller's erasure that waits, if one does."""
    row = await _waiting(db, person_id)
    return (await _show(db, me, [row]))[0] if row else None


async def search(db: Db, me: Actor, page: Paging, state: str | None) -> tuple[list[ErasureOut], str | None]:
    """One page of the organization's erasures, newest first; for admins."""
    require_admin(me)
    query = select(Erasure).where(Erasure.organization_id == me.organization_id)
    if state is not None:
        query = query.where(Erasure.state == state)
    rows, following = await keyset(
        db, query, [Erasure.id], page, lambda row: row[0], scope="erasures", descending=True, parse=[UUID]
    )
    return await _show(db, me, rows), following


async def _show(db: Db, me: Actor, rows: list[Erasure]) -> list[ErasureOut]:
    people = await refs(db, me, {row.person_id for row in rows})
    return [
        ErasureOut(
            id=row.id,
            person=people[row.person_id],
            state=row.state,
            mine=row.person_id == me.person_id,
            due_at=row.due_at,
            created_at=row.created_at,
            done_at=row.done_at,
            can=can(cancel=row.state == "waiting" or "wrong_state"),
        )
        for row in rows
    ]


async def kept(db: Db, me: Actor) -> list[KeptKind]:
    """What is kept of people, what for and how long, in the caller's language."""
    locale = (await me_out(db, me)).locale
    days = retention.chosen(await db.get(RetentionSettings, me.organization_id))
    return [
        KeptKind(
            kind=table.name,
            name=words.kind(locale, table.name),
            purpose=words.purpose(locale, table.name),
            rule=table.keep,
            kept=words.rule(locale, table.keep, count := retention.days_of(table.keep, days)),
            days=count,
            classes=sorted({found for found in table.columns.values() if found in GIVEN}),
        )
        for table in export.kinds()
    ]


async def read_retention(db: Db, me: Actor) -> RetentionOut:
    """How long the organization keeps what it may choose."""
    row = await db.get(RetentionSettings, me.organization_id)
    allowed = me.is_admin or "not_allowed"
    return RetentionOut(
        **retention.chosen(row),
        limits={name: Limit(least=one.least, most=one.most) for name, one in retention.CHOICES.items()},
        version=row.version if row else 0,
        can=can(edit=allowed),
    )


async def change_retention(db: Db, me: Actor, version: int, patch: RetentionPatch) -> None:
    """Choose anew, within what the law and Vuoro's promise leave; version 0 makes the first choice."""
    require_admin(me)
    new: dict[str, Any] = changes(patch)
    outside = [
        ProblemError(pointer=f"/{name}", code="out_of_bounds", detail=f"{one.least} to {one.most} days.")
        for name, one in retention.CHOICES.items()
        if name in new and not one.least <= new[name] <= one.most
    ]
    if outside:
        raise Invalid(errors=outside)
    moment = clock.now()
    defaults = {name: one.days for name, one in retention.CHOICES.items()}
    await db.execute(
        insert(RetentionSettings)
        .values(organization_id=me.organization_id, **defaults, version=0, created_at=moment, updated_at=moment)
        .on_conflict_do_nothing()
    )
    row = await db.get_one(RetentionSettings, me.organization_id, with_for_update=True)
    if row.version != version:
        raise PreconditionFailed
    for name, value in new.items():
        setattr(row, name, value)
    touch(row)
    audit(db, "retention.change", me.organization_id)
