"""The launch check: everything that a programme should have before its pairs meet, in six statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.programs import agreements, service, standing
from vuoro.programs.models import Program
from vuoro.programs.planning.schemas import LaunchCheck, LaunchItem, LaunchKey, LaunchParams
from vuoro.programs.readiness import missing
from vuoro.programs.settings import ProgramSettings, settings_of
from vuoro.programs.topics import TECHNOLOGY

PRIMERS = Path(__file__).parent.parent / "primers"

# One row about everybody who is enrolled now. A mentor of unknown hire date is not counted as too new.
_PEOPLE = text(
    "select coalesce(sum(e.capacity) filter (where e.role = 'mentor'), 0) as mentor_places,"
    " coalesce(sum(e.capacity) filter (where e.role = 'mentee'), 0) as mentee_places,"
    " count(*) filter (where p.line = 'unknown') as unknown_lines,"
    " count(*) filter (where e.role = 'mentor' and e.topics = '{}' and e.skills = '{}'::jsonb) as bare_mentors,"
    " count(*) filter (where e.role = 'mentor'"
    "   and p.hire_on > (cast(:start as date) - make_interval(months => :months))) as too_new"
    " from enrollments e join people p on p.organization_id = e.organization_id and p.id = e.person_id"
    " where e.organization_id = :organization and e.program_id = :program and e.state = any(:enrolled)"
)
# Those who share no language that is good enough with anybody of the other side.
_SPEECHLESS = text(
    "with spoken as (select e.id, e.role, l.key as code from enrollments e, jsonb_each_text(e.languages) l"
    "   where e.organization_id = :organization and e.program_id = :program and e.state = any(:enrolled)"
    "     and l.value::int >= :level),"
    " heard as (select distinct role, code from spoken)"
    " select count(*) from enrollments e"
    " where e.organization_id = :organization and e.program_id = :program and e.state = any(:enrolled)"
    "   and exists (select 1 from heard h where h.role <> e.role)"
    "   and not exists (select 1 from spoken s join heard h on h.code = s.code and h.role <> s.role where s.id = e.id)"
)
_TOPICS = text(
    "select distinct unnest(topics) from enrollments"
    " where organization_id = :organization and program_id = :program and state = any(:enrolled)"
)
_ROLES = text(
    "select asked.id as program_id, coalesce(bool_or(g.role = 'safeguarding_contact'), false) as safeguarding,"
    " coalesce(bool_or(g.role = 'programme_manager' and not exists (select 1 from grants s"
    "   where s.organization_id = g.organization_id and s.person_id = g.person_id"
    "     and s.role = 'safeguarding_contact')), false) as manager"
    " from unnest(cast(:programs as uuid[])) asked (id) left join (grants g"
    "   join people p on p.organization_id = g.organization_id and p.id = g.person_id"
    "     and p.status <> 'left' and p.deleted_at is null)"
    "   on g.organization_id = :organization and (g.program_id = asked.id"
    "     or g.program_id is null and (g.unit_id is null or g.unit_id ="
    "       (select o.unit_id from programs o where o.organization_id = g.organization_id and o.id = asked.id)))"
    "   and g.role in ('safeguarding_contact', 'programme_manager')"
    " group by asked.id"
)
_EVENTS = text(
    "select coalesce(bool_or(kind = 'kickoff'), false) as kickoff,"
    " coalesce(bool_or(kind = 'circle_of_mentors'), false) as circle"
    " from program_events where organization_id = :organization and program_id = :program and state = 'planned'"
)


@dataclass(frozen=True, slots=True)
class _Line:
    key: LaunchKey
    ok: bool
    severity: Literal["blocker", "advice"]
    count: int | None = None
    of: int | None = None
    version: int | None = None


async def check(db: Db, me: Actor, program_id: UUID) -> LaunchCheck:
    """What the programme has and lacks before launch; for its managers."""
    program = await service.require_manager(db, me, program_id)
    settings = settings_of(program.settings)
    stands = (await standing.read(db, me, [program_id]))[program_id]
    today = clock.now().date()
    where = {"organization": me.organization_id, "program": program_id}
    enrolled = {**where, "enrolled": list(standing.ENROLLED)}
    people = (
        await db.execute(
            _PEOPLE,
            {**enrolled, "start": program.starts_on or today, "months": settings.rules.min_tenure_months},
        )
    ).one()
    speechless = await db.scalar(_SPEECHLESS, {**enrolled, "level": settings.rules.min_language_level}) or 0
    topics = set(await db.scalars(_TOPICS, enrolled))
    roles = await _roles(db, [program_id])
    events = (await db.execute(_EVENTS, where)).one()
    lines = [
        *_blockers(program, settings, stands, roles[program_id], today),
        *_people(people, stands, speechless),
        _Line("kickoff", events.kickoff, "advice"),
        _Line("circle", events.circle or not _meets_in_circles(program, settings), "advice"),
        _Line("topics_mix", not technology_only(topics), "advice", count=len(topics)),
    ]
    items = [
        LaunchItem(
            key=line.key,
            ok=line.ok,
            severity=line.severity,
            params=LaunchParams(count=line.count, of=line.of, version=line.version),
        )
        for line in sorted(lines, key=lambda line: line.severity != "blocker")
    ]
    return LaunchCheck(ready=all(item.ok or item.severity == "advice" for item in items), items=items)


async def blocking(db: Db, me: Actor, programs: Sequence[Program]) -> dict[UUID, list[LaunchKey]]:
    """The blockers that are left for each of these programs, in five statements whatever their number."""
    ids = [program.id for program in programs]
    if not ids:
        return {}
    stands, roles, today = await standing.read(db, me, ids), await _roles(db, ids), clock.now().date()
    return {
        program.id: [
            line.key
            for line in _blockers(program, settings_of(program.settings), stands[program.id], roles[program.id], today)
            if not line.ok
        ]
        for program in programs
    }


async def _roles(db: Db, ids: Sequence[UUID]) -> dict[UUID, Any]:
    rows = await db.execute(_ROLES, {"organization": db.organization_id, "programs": list(ids)})
    return {row.program_id: row for row in rows}


def _blockers(
    program: Program, settings: ProgramSettings, stands: standing.Standing, roles: Any, today: date
) -> list[_Line]:
    return [
        *_first_things(program, stands, today),
        _Line("primer", _primer_stands(settings), "blocker"),
        _Line("agreement", True, "blocker", version=agreements.CURRENT),
        _Line("safeguarding_contact", roles.safeguarding, "blocker"),
        _Line("manager", roles.manager, "blocker"),
    ]


def _first_things(program: Program, stands: standing.Standing, today: date) -> list[_Line]:
    """What the program's own steps need too."""
    lacking = {
        *missing(program, "draft", "enrolling", stands, today),
        *missing(program, "enrolling", "matching", stands, today),
    }
    return [
        _Line("dates", "dates" not in lacking, "blocker"),
        _Line("cohort", "cohort" not in lacking, "blocker"),
        _Line("purpose", "purpose" not in lacking, "blocker"),
        _Line("mentors", "mentors" not in lacking, "blocker", count=stands.mentors),
        _Line("mentees", "mentees" not in lacking, "blocker", count=stands.mentees),
    ]


def _people(found: Any, stands: standing.Standing, speechless: int) -> list[_Line]:
    everybody = stands.mentors + stands.mentees
    places, wanted = found.mentor_places, found.mentee_places
    # balanced: the smaller side has a place for at least four fifths of the larger one
    balanced = min(places, wanted) * 5 >= max(places, wanted) * 4
    return [
        _Line("balance", balanced, "advice", count=places, of=wanted),
        _Line("waiting", not stands.waiting, "advice", count=stands.waiting),
        _Line("unknown_lines", not found.unknown_lines, "advice", count=found.unknown_lines, of=everybody),
        _Line("profiles", not found.bare_mentors, "advice", count=found.bare_mentors, of=stands.mentors),
        _Line("tenure", not found.too_new, "advice", count=found.too_new, of=stands.mentors),
        _Line("languages", not speechless, "advice", count=speechless, of=everybody),
    ]


def _primer_stands(settings: ProgramSettings) -> bool:
    return not settings.primer_required or any(PRIMERS.rglob("*.json"))


def _meets_in_circles(program: Program, settings: ProgramSettings) -> bool:
    """Whether the program lasts long enough for a circle of mentors (S6)."""
    if not (program.starts_on and program.ends_on):
        return True
    return (program.ends_on - program.starts_on).days >= settings.circle_days


def technology_only(topics: set[str]) -> bool:
    """Whether every topic is about technology (S13); not when there is none."""
    return bool(topics) and topics <= TECHNOLOGY
