"""Whom a programme reaches (S14) and what it is about (S13): counts of behaviour, small groups hidden."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Forbidden
from vuoro.core.page import Rows
from vuoro.core.wire import Localized
from vuoro.people.models import Person, Topic
from vuoro.programs import access, service
from vuoro.programs.models import Enrollment
from vuoro.programs.planning.launch import technology_only
from vuoro.programs.planning.schemas import ProgramReach, ReachCell, TopicCell

K = 5
SHOWN = 200
_PAIRED = text(
    "select count(distinct mentor_id) from pairs"
    " where organization_id = :organization and program_id = :program and activated_at is not null"
)

# Departments with somebody in them, by hops along people_department_idx: however many people, as quick.
_UNITS = text(
    "with recursive unit (name) as ("
    "   select min(department) from people where organization_id = :organization"
    "   union all"
    "   select (select min(department) from people where organization_id = :organization and department > unit.name)"
    "     from unit where unit.name is not null)"
    " select count(*) from unit where exists (select 1 from people"
    "   where organization_id = :organization and department = unit.name and status <> 'left' and not graph_only)"
)


async def narrow(db: Db, program_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """(reached, all) departments of programs of five juniors or more who come from less than half of them (S14)."""
    if not program_ids:
        return {}
    by_unit = (
        select(Enrollment.program_id, Person.department, func.count().label("juniors"))
        .join(Person, (Person.organization_id == Enrollment.organization_id) & (Person.id == Enrollment.person_id))
        .where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.program_id.in_(program_ids),
            Enrollment.role == "mentor",
            Enrollment.state.in_(access.PARTICIPATES),
        )
        .group_by(Enrollment.program_id, Person.department)
        .subquery()
    )
    rows = await db.execute(
        select(by_unit.c.program_id, func.count(by_unit.c.department))
        .group_by(by_unit.c.program_id)
        .having(func.sum(by_unit.c.juniors) >= K)
    )
    reached: dict[UUID, int] = dict(rows.all())
    if not reached:
        return {}
    units = await db.scalar(_UNITS, {"organization": db.organization_id}) or 0
    return {id: (count, units) for id, count in reached.items() if 2 * count < units}


async def read(db: Db, me: Actor, program_id: UUID) -> ProgramReach:
    """The reach of one program; for its managers and sponsors."""
    await service.get_row(db, me, program_id)
    if not access.may_read_numbers(me, program_id):
        raise Forbidden("This is for the programme's managers and sponsors.")
    part = (
        Enrollment.organization_id == me.organization_id,
        Enrollment.program_id == program_id,
        Enrollment.state.in_(access.PARTICIPATES),
    )
    people = func.count(Enrollment.person_id.distinct())
    sides = await _numbers(db, select(Enrollment.role, people).where(*part).group_by(Enrollment.role))
    topic = func.unnest(Enrollment.topics).label("topic")
    chosen = await _numbers(
        db, select(topic, people).where(*part).group_by(topic).order_by(people.desc(), topic).limit(SHOWN)
    )
    named = select(Topic.slug, Topic.name).where(Topic.organization_id == me.organization_id, Topic.slug.in_(chosen))
    names = {slug: Localized(**name) for slug, name in await db.execute(named)}
    where = {"organization": me.organization_id, "program": program_id}
    return ProgramReach(
        program_id=program_id,
        juniors=sides.get("mentor", 0),
        executives=sides.get("mentee", 0),
        juniors_in_pairs=await db.scalar(_PAIRED, where) or 0,
        units=await _spread(db, part, func.coalesce(Person.department, Person.division)),
        sites=await _spread(db, part, Person.site),
        topics=[
            TopicCell(
                slug=slug,
                name=names.get(slug),
                people=people if people >= K else None,
                hidden=None if people >= K else "too_few",
            )
            for slug, people in sorted(chosen.items(), key=lambda one: (-one[1] if one[1] >= K else 0, one[0]))
        ],
        technology_only=technology_only(set(chosen)),
        as_of=clock.now().date(),
    )


async def _spread(db: Db, part: tuple[Any, ...], column: Any) -> list[ReachCell]:
    """Distinct juniors by a column of the directory, most first; small ones hidden."""
    counts = await _numbers(
        db,
        select(column, func.count(Person.id.distinct()))
        .select_from(Enrollment)
        .join(Person, (Person.organization_id == Enrollment.organization_id) & (Person.id == Enrollment.person_id))
        .where(*part, Enrollment.role == "mentor", column.is_not(None))
        .group_by(column),
    )
    secret = too_few(counts)
    shown = sorted(counts, key=lambda name: (name in secret, 0 if name in secret else -counts[name], name))
    return [
        ReachCell(
            name=name,
            juniors=None if name in secret else counts[name],
            hidden="too_few" if name in secret else None,
        )
        for name in shown[:SHOWN]
    ]


async def _numbers(db: Db, query: Rows) -> dict[str, int]:
    """A query of names and numbers."""
    return dict((await db.execute(query)).all())


def too_few(counts: dict[str, int]) -> set[str]:
    """The cells to hide: below 5, and so many more that the total does not give the hidden ones away."""
    rising = sorted(counts, key=lambda name: (counts[name], name))
    hidden = [name for name in rising if counts[name] < K]
    for name in rising[len(hidden) :]:
        if not hidden or (len(hidden) > 1 and sum(counts[one] for one in hidden) >= K):
            break
        hidden.append(name)
    return set(hidden)
