"""Gatherings of a program: kick-off, circles of mentors, closing; who comes is known in numbers alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, false, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound
from vuoro.core.history import audit, record_change, step
from vuoro.core.page import Paging, Rows, keyset
from vuoro.core.wire import Can, can, changes
from vuoro.programs import access, service
from vuoro.programs.board.schemas import (
    AttendanceCounts,
    AttendanceIn,
    ProgramEventIn,
    ProgramEventOut,
    ProgramEventPatch,
)
from vuoro.programs.board.words import filled, languages, written
from vuoro.programs.models import Program, ProgramEvent, ProgramEventKind, ProgramEventReply
from vuoro.programs.states import OVER

LONGEST = timedelta(days=7)
_COUNTS = text("select event_id, coming, not_coming from program_event_replies_counted(:ids)")


class GatheringOver(Conflict):
    """The gathering is cancelled or has ended."""

    code = "wrong_state"
    text = "This gathering was cancelled or is over."


def _listed(me: Actor) -> Rows:
    """Gatherings for the caller, with whether they are invited; a draft program's are its managers' plan."""
    invited = access.in_audience(me, ProgramEvent.program_id, ProgramEvent.audience)
    return (
        select(ProgramEvent, invited.label("invited"), Program.state.label("program_state"))
        .join(
            Program,
            and_(Program.organization_id == ProgramEvent.organization_id, Program.id == ProgramEvent.program_id),
        )
        .where(
            ProgramEvent.organization_id == me.organization_id,
            or_(access.managed(me, ProgramEvent.program_id), and_(invited, Program.state != "draft")),
        )
    )


async def search(
    db: Db, me: Actor, program_id: UUID, page: Paging, kind: ProgramEventKind | None
) -> tuple[list[ProgramEventOut], str | None]:
    """One page of a program's gatherings that are for the caller, earliest first."""
    await service.get_row(db, me, program_id)
    query = _listed(me).where(ProgramEvent.program_id == program_id)
    if kind is not None:
        query = query.where(ProgramEvent.kind == kind)
    rows, following = await keyset(
        db, query, [ProgramEvent.starts_at, ProgramEvent.id], page, lambda row: row, scope="program_events",
        parse=[datetime.fromisoformat, UUID],
    )  # fmt: skip
    return await _shown(db, me, rows), following


async def get(db: Db, me: Actor, event_id: UUID) -> ProgramEventOut:
    """One gathering; NotFound when it is not for the caller."""
    return (await _shown(db, me, [await _seen(db, me, event_id)]))[0]


async def coming(db: Db, me: Actor, start: datetime, end: datetime, limit: int) -> Sequence[ProgramEvent]:
    """The gatherings between two moments that the caller said yes to and is still invited to, earliest first."""
    said_yes = exists().where(
        ProgramEventReply.organization_id == ProgramEvent.organization_id,
        ProgramEventReply.event_id == ProgramEvent.id,
        ProgramEventReply.person_id == me.person_id,
        ProgramEventReply.attending,
    )
    rows = await db.scalars(
        select(ProgramEvent)
        .join(
            Program,
            and_(Program.organization_id == ProgramEvent.organization_id, Program.id == ProgramEvent.program_id),
        )
        .where(
            ProgramEvent.organization_id == me.organization_id,
            ProgramEvent.state == "planned",
            ProgramEvent.starts_at.between(start, end),
            Program.state.not_in(("draft", "cancelled")),
            access.in_audience(me, ProgramEvent.program_id, ProgramEvent.audience),
            said_yes,
        )
        .order_by(ProgramEvent.starts_at, ProgramEvent.id)
        .limit(limit)
    )
    return rows.all()


async def _seen(db: Db, me: Actor, event_id: UUID) -> Any:
    row = (await db.execute(_listed(me).where(ProgramEvent.id == event_id))).one_or_none()
    if row is None:
        raise NotFound
    return row


async def _shown(db: Db, me: Actor, rows: Sequence[Any]) -> list[ProgramEventOut]:
    ids = [row[0].id for row in rows]
    await db.flush()
    mine = await db.execute(
        select(ProgramEventReply.event_id, ProgramEventReply.attending).where(
            ProgramEventReply.organization_id == me.organization_id,
            ProgramEventReply.event_id.in_(ids),
            ProgramEventReply.person_id == me.person_id if me.person_id else false(),
        )
    )
    own = dict(mine.all())
    managed = [row[0].id for row in rows if access.may_manage(me, row[0].program_id)]
    counts = {row.event_id: row for row in await db.execute(_COUNTS, {"ids": managed})} if managed else {}
    now = clock.now()
    out = []
    for row in rows:
        event: ProgramEvent = row[0]
        attendance = None
        if event.id in managed:
            found = counts.get(event.id)
            attendance = AttendanceCounts(
                coming=found.coming if found else 0, not_coming=found.not_coming if found else 0
            )
        out.append(
            ProgramEventOut(
                id=event.id,
                program_id=event.program_id,
                kind=event.kind,
                title=filled(event.title),
                languages=languages(event.title),
                audience=event.audience,
                state=event.state,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
                time_zone=event.time_zone,
                place=event.place,
                meeting_url=event.meeting_url,
                my_attendance=None if event.id not in own else "yes" if own[event.id] else "no",
                attendance=attendance,
                version=event.version,
                created_at=event.created_at,
                updated_at=event.updated_at,
                can=_can(me, event, invited=row.invited, ahead=_is_ahead(event, row.program_state, now)),
            )
        )
    return out


def _is_ahead(event: ProgramEvent, program_state: str, now: datetime) -> bool:
    return event.state == "planned" and event.ends_at > now and program_state not in OVER


def _can(me: Actor, event: ProgramEvent, *, invited: bool, ahead: bool) -> Can:
    manages = access.may_manage(me, event.program_id)
    return can(
        edit=(ahead or "wrong_state") if manages else "not_allowed",
        cancel=manages and (ahead or "wrong_state"),
        attend=(ahead or "wrong_state") if invited else "not_allowed",
    )


async def create(db: Db, me: Actor, program_id: UUID, data: ProgramEventIn) -> UUID:
    """Plan a gathering."""
    program = await service.managed(db, me, program_id)
    if program.state in OVER:
        raise service.ProgramOver
    row = ProgramEvent(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        program_id=program_id,
        state="planned",
        **data.model_dump(exclude={"title", "audience"}),
        title=written(data.title, "/title"),
        audience=data.audience or ("mentors" if data.kind == "circle_of_mentors" else "all"),
    )
    _check(row, moved=True)
    db.add(row)
    record_change(db, "program_event", row.id, None, "planned")
    audit(db, "program_event.create", row.id, program_id=program_id)
    return row.id


async def change(db: Db, me: Actor, event_id: UUID, version: int, patch: ProgramEventPatch) -> None:
    """Change a gathering that is still ahead."""
    row = await _locked(db, me, event_id, version)
    new = changes(patch)
    if "title" in new:
        new["title"] = written(patch.title, "/title", row.title)
    moved = new.get("starts_at", row.starts_at) != row.starts_at
    for name, value in new.items():
        setattr(row, name, value)
    _check(row, moved=moved)
    touch(row)
    audit(db, "program_event.change", event_id, program_id=row.program_id)


async def cancel(db: Db, me: Actor, event_id: UUID, version: int) -> None:
    """Cancel a gathering: those it was for see that it does not take place."""
    row = await _locked(db, me, event_id, version)
    step(db, "program_event", row, "cancelled", ["cancelled"])
    audit(db, "program_event.cancel", event_id, program_id=row.program_id)


async def attend(db: Db, me: Actor, event_id: UUID, data: AttendanceIn) -> UUID:
    """The caller's yes or no; a later one replaces it. Nobody else learns whose it was, no audit line either."""
    row = await _seen(db, me, event_id)
    event: ProgramEvent = row[0]
    if not row.invited:
        raise Forbidden("This is for those who are invited.")
    if not _is_ahead(event, row.program_state, clock.now()):
        raise GatheringOver
    values = {"attending": data.attending, "at": clock.now()}
    await db.execute(
        insert(ProgramEventReply)
        .values(
            organization_id=me.organization_id, id=clock.uuid7(), event_id=event_id, person_id=me.person_id, **values
        )
        .on_conflict_do_update(index_elements=["organization_id", "event_id", "person_id"], set_=values)
    )
    return event_id


async def _locked(db: Db, me: Actor, event_id: UUID, version: int) -> ProgramEvent:
    seen = await _seen(db, me, event_id)
    program_id = seen[0].program_id
    if not access.may_manage(me, program_id):
        raise Forbidden("This is for the programme's managers.")
    program = await service.managed(db, me, program_id)
    row = await db.locked(ProgramEvent, event_id, version)
    if row.state != "planned":
        raise IllegalTransition(row.state, [])
    if not _is_ahead(row, program.state, clock.now()):
        raise GatheringOver
    return row


def _check(row: ProgramEvent, *, moved: bool) -> None:
    if row.ends_at <= row.starts_at:
        raise Invalid.at("/ends_at", "before_start", "A gathering ends after it starts.")
    if row.ends_at - row.starts_at > LONGEST:
        raise Invalid.at("/ends_at", "too_long", "A gathering takes a week at most.")
    if moved and row.starts_at <= clock.now():
        raise Invalid.at("/starts_at", "in_the_past", "This time has passed.")
    if row.kind == "circle_of_mentors" and row.audience != "mentors":
        raise Invalid.at("/audience", "mentors_only", "A circle of mentors is for mentors alone.")
