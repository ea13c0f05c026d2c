"""When the mentors of a program meet among themselves next (S6)."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from vuoro.core.db import Db
from vuoro.programs.models import Program, ProgramEvent
from vuoro.programs.settings import settings_of


async def due(db: Db, programs: Iterable[Program]) -> dict[UUID, date]:
    """The day by which each running program's next circle of mentors is due; none where it ends before."""
    running = {program.id: program for program in programs if program.state == "running" and program.starts_on}
    if not running:
        return {}
    last = await db.execute(
        select(ProgramEvent.program_id, func.max(ProgramEvent.starts_at))
        .where(
            ProgramEvent.organization_id == db.organization_id,
            ProgramEvent.program_id.in_(running),
            ProgramEvent.kind == "circle_of_mentors",
            ProgramEvent.state == "planned",
        )
        .group_by(ProgramEvent.program_id)
    )
    from_day = {id: program.starts_on for id, program in running.items()}
    from_day.update({id: latest.date() for id, latest in last})
    found = {}
    for id, program in running.items():
        start = from_day[id]
        assert start is not None
        day = start + timedelta(days=settings_of(program.settings).circle_days)
        if program.ends_on is None or day <= program.ends_on:
            found[id] = day
    return found


async def circle_due(db: Db, program_id: UUID) -> date | None:
    """The day by which this program's next circle is due, counted from the last one held or planned."""
    program = await db.find(Program, program_id)
    return (await due(db, [program])).get(program_id) if program else None
