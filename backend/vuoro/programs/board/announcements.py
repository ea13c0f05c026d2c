"""Announcements: written, published at once or by the clock, withdrawn; read by those whom they are for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound
from vuoro.core.history import audit, record_change, step
from vuoro.core.jobs import on_tick
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, Rows, keyset
from vuoro.core.wire import can, changes
from vuoro.programs import access, service
from vuoro.programs.board.schemas import AnnouncementIn, AnnouncementOut, AnnouncementPatch
from vuoro.programs.board.words import filled, languages, written
from vuoro.programs.models import Announcement, Program
from vuoro.programs.states import ANNOUNCEMENT, AnnouncementState

# A programme that was called off still tells its people so; what was to be published by itself stays unsaid.
SILENT = ("draft", "archived")
UNSAID = (*SILENT, "cancelled")


class ProgramSilent(Conflict):
    """Nobody reads what is published in a draft or an archived program."""

    code = "wrong_state"
    text = "Announcements are published from enrolling on, until the programme is archived."


def _listed(me: Actor) -> Rows:
    return (
        select(Announcement, Program.state)
        .join(
            Program,
            and_(Program.organization_id == Announcement.organization_id, Program.id == Announcement.program_id),
        )
        .where(
            Announcement.organization_id == me.organization_id,
            or_(
                access.managed(me, Announcement.program_id),
                and_(
                    Announcement.state == "published",
                    Program.state != "draft",
                    access.in_audience(me, Announcement.program_id, Announcement.audience),
                ),
            ),
        )
    )


def _show(me: Actor, row: Announcement, program_state: str) -> AnnouncementOut:
    manages = access.may_manage(me, row.program_id)
    kept = program_state == "archived"
    legal = _legal(me, row)
    return AnnouncementOut(
        id=row.id,
        program_id=row.program_id,
        title=filled(row.title),
        body=filled(row.body),
        languages=languages(row.title),
        audience=row.audience,
        state=row.state,
        publish_at=row.publish_at,
        published_at=row.published_at,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        can=can(
            edit=((not kept and row.state in ("draft", "scheduled")) or "wrong_state") if manages else "not_allowed",
            publish=manages and ((program_state not in SILENT and "published" in legal) or "wrong_state"),
            withdraw=manages and ("withdrawn" in legal or "wrong_state"),
        ),
    )


def _legal(me: Actor, row: Announcement) -> list[str]:
    actors = access.actors(me, row.program_id)
    return [to for to, allowed in ANNOUNCEMENT[row.state].items() if actors & set(allowed)]


async def search(
    db: Db, me: Actor, program_id: UUID, page: Paging, state: AnnouncementState | None
) -> tuple[list[AnnouncementOut], str | None]:
    """One page of a program's announcements, newest first; participants see the published ones for them."""
    await service.get_row(db, me, program_id)
    query = _listed(me).where(Announcement.program_id == program_id)
    if state is not None:
        query = query.where(Announcement.state == state)
    return await keyset(
        db, query, [Announcement.listed_at, Announcement.id], page, lambda row: _show(me, row[0], row[1]),
        scope="announcements", descending=True, parse=[datetime.fromisoformat, UUID],
    )  # fmt: skip


async def get(db: Db, me: Actor, announcement_id: UUID) -> AnnouncementOut:
    """One announcement; NotFound when it is not for the caller, or not published yet."""
    row = (await db.execute(_listed(me).where(Announcement.id == announcement_id))).one_or_none()
    if row is None:
        raise NotFound
    return _show(me, row[0], row[1])


async def create(db: Db, me: Actor, program_id: UUID, data: AnnouncementIn) -> UUID:
    """A draft, or scheduled when it has a time."""
    program = await service.managed(db, me, program_id)
    if program.state == "archived":
        raise service.ProgramOver
    _check_ahead(data.publish_at)
    row = Announcement(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        program_id=program_id,
        title=written(data.title, "/title"),
        body=written(data.body, "/body"),
        audience=data.audience,
        state="scheduled" if data.publish_at else "draft",
        publish_at=data.publish_at,
        listed_at=data.publish_at or clock.now(),
    )
    _check_languages(row)
    db.add(row)
    record_change(db, "announcement", row.id, None, row.state)
    audit(db, "announcement.create", row.id, program_id=program_id)
    return row.id


async def change(db: Db, me: Actor, announcement_id: UUID, version: int, patch: AnnouncementPatch) -> None:
    """Change what is not published yet."""
    program, row = await _locked(db, me, announcement_id, version)
    if program.state == "archived":
        raise service.ProgramOver
    if row.state not in ("draft", "scheduled"):
        raise IllegalTransition(row.state, _legal(me, row))
    new = changes(patch)
    if "title" in new:
        row.title = written(patch.title, "/title", row.title)
    if "body" in new:
        row.body = written(patch.body, "/body", row.body)
    _check_languages(row)
    row.audience = new.get("audience", row.audience)
    if new.get("publish_at", row.publish_at) != row.publish_at:
        _check_ahead(patch.publish_at)
        row.publish_at, row.listed_at = patch.publish_at, patch.publish_at or row.created_at
    state = "scheduled" if row.publish_at else "draft"
    if state != row.state:
        step(db, "announcement", row, state, _legal(me, row))
    else:
        touch(row)
    audit(db, "announcement.change", announcement_id, program_id=program.id)


async def publish(db: Db, me: Actor, announcement_id: UUID) -> UUID:
    """Publish now, once."""
    program, row = await _locked(db, me, announcement_id)
    if program.state in SILENT:
        raise ProgramSilent
    _publish(db, row, _legal(me, row))
    audit(db, "announcement.publish", announcement_id, program_id=program.id)
    return announcement_id


async def withdraw(db: Db, me: Actor, announcement_id: UUID) -> UUID:
    """Take an announcement back: participants see it no more."""
    program, row = await _locked(db, me, announcement_id)
    step(db, "announcement", row, "withdrawn", _legal(me, row))
    audit(db, "announcement.withdraw", announcement_id, program_id=program.id)
    return announcement_id


def _publish(db: Db, row: Announcement, legal: list[str]) -> None:
    step(db, "announcement", row, "published", legal)
    row.published_at = row.listed_at = row.updated_at
    emit(db, "announcement.published", {"announcement_id": str(row.id)})


async def _locked(db: Db, me: Actor, announcement_id: UUID, version: int | None = None) -> tuple[Program, Announcement]:
    seen = await get(db, me, announcement_id)
    if not access.may_manage(me, seen.program_id):
        raise Forbidden("This is for the programme's managers.")
    program = await service.managed(db, me, seen.program_id)
    return program, await db.locked(Announcement, announcement_id, version)


def _check_ahead(publish_at: datetime | None) -> None:
    if publish_at is not None and publish_at <= clock.now():
        raise Invalid.at("/publish_at", "in_the_past", "This time has passed: publish it at once instead.")


def _check_languages(row: Announcement) -> None:
    if set(row.title) != set(row.body):
        raise Invalid.at("/body", "languages_differ", "Write title and text in the same languages.")


@on_tick
async def publish_due(db: Db, now: datetime) -> None:
    """Scheduled announcements whose time has come are published, in programs that go on."""
    due = await db.scalars(
        select(Announcement)
        .join(
            Program,
            and_(Program.organization_id == Announcement.organization_id, Program.id == Announcement.program_id),
        )
        .where(
            Announcement.organization_id == db.organization_id,
            Announcement.state == "scheduled",
            Announcement.publish_at <= now,
            Program.state.not_in(UNSAID),
        )
        .order_by(Announcement.publish_at)
        .limit(500)
        .with_for_update(of=Announcement, skip_locked=True)
    )
    for row in due:
        _publish(db, row, ["published"])
