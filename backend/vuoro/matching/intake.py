"""What a run is given: everybody of a cohort who looks for a pair, with the organization graph, as they are now."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from vuoro.core import clock
from vuoro.core.db import Db
from vuoro.matching.engine.market import DEFAULT_SKILL_LEVEL, Market, Participant, Rules, Weights, is_zone
from vuoro.matching.models import MatchRun, Suggestion
from vuoro.matching.states import FOUND
from vuoro.pairs.models import Pair
from vuoro.pairs.states import OPEN
from vuoro.people import lines
from vuoro.people.models import Person
from vuoro.programs.models import Enrollment, Program
from vuoro.programs.settings import settings_of
from vuoro.programs.wishes import wishes_of

#: Enrollments that look for a pair while they have a place left.
LOOKING = ("approved", "paired")
#: Pairs that take a place of both.
TAKING = tuple(state for state in OPEN if state != "stay_in_touch")
_OURS = (
    Enrollment.id, Enrollment.person_id, Enrollment.role, Enrollment.capacity, Enrollment.skills, Enrollment.topics,
    Enrollment.languages,
    Person.external_id, Person.team, Person.department, Person.division, Person.site, Person.time_zone,
    Person.job_level, Person.hire_on, Person.preferred_language, Person.status,
)  # fmt: skip


@dataclass(frozen=True)
class Given:
    """A market, and what its people are to us: enrollments by (person id, role); who is not in it, and why."""

    market: Market
    enrollments: dict[tuple[str, str], UUID]
    absent: dict[tuple[str, str], str]


async def read(db: Db, program_id: UUID, cohort_id: UUID, only: Collection[UUID] | None = None) -> Given:
    """The market of a cohort, without those on leave, resting between two pairs or without a free place.

    With `only`, the market of the named persons alone, absent or not, with the part of the chart that concerns them.
    """
    program = await db.get_one(Program, (db.organization_id, program_id))
    query = (
        select(*_OURS)
        .join(Person, and_(Person.organization_id == Enrollment.organization_id, Person.id == Enrollment.person_id))
        .where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.cohort_id == cohort_id,
            Enrollment.state.in_(LOOKING),
            Enrollment.looks,
            Person.status != "left",
            Person.deleted_at.is_(None),
            Person.graph_only.is_(False),
        )
        .order_by(Enrollment.id)
    )
    if only is not None:
        query = query.where(Enrollment.person_id.in_(only))
    settings = settings_of(program.settings)
    used, past = await _pairs(db, program_id, cohort_id)
    wishes = await wishes_of(db, cohort_id)
    rested = await resting(db)
    people: list[Participant] = []
    enrollments: dict[tuple[str, str], UUID] = {}
    absent: dict[tuple[str, str], str] = {}
    async for row in db.each(query):
        who = str(row.person_id), row.role
        most = settings.mentor_capacity if row.role == "mentor" else row.capacity
        places = min(row.capacity, most) - used[row.id]
        if row.status == "leave":
            absent[who] = "on_leave"
        elif places <= 0:
            absent[who] = "no_place"
        elif row.person_id in rested:
            absent[who] = "resting"
        else:
            enrollments[who] = row.id
        if who not in absent or only is not None:
            people.append(_participant(row, max(places, 0), past, wishes.get(row.id, [])))
    pinned, rejected = await _marks(db, cohort_id)
    edges, dotted = await lines.edges(db, only)
    today = clock.now().date()
    return Given(
        Market(
            participants=people,
            edges=[(str(id), str(manager) if manager else None) for id, manager in edges],
            dotted=[(str(id), str(manager)) for id, manager in dotted],
            starts_on=max(program.starts_on or today, today),
            rules=Rules(**settings.rules.model_dump()),
            weights=Weights(**settings.weights.model_dump()),
            stay_bonus=settings.stay_bonus,
            pinned=that_fit(pinned, people),
            rejected=rejected,
        ),
        enrollments,
        absent,
    )


def _participant(row: Any, places: int, past: dict[str, set[str]], wishes: list[UUID]) -> Participant:
    mentor = row.role == "mentor"
    levels = {slug: skill.get("level", DEFAULT_SKILL_LEVEL) for slug, skill in row.skills.items()}
    sought = {slug: (level, row.skills[slug].get("weight") or 1) for slug, level in levels.items()}
    id = str(row.person_id)
    return Participant(
        id=id,
        role="mentor" if mentor else "mentee",
        key=row.external_id,
        capacity=places,
        team=row.team,
        department=row.department,
        division=row.division,
        site=row.site,
        time_zone=row.time_zone if is_zone(row.time_zone) else None,
        job_level=row.job_level,
        hire_on=row.hire_on,
        languages=row.languages,
        # a language that was not marked for matching stays out of it
        preferred_language=row.preferred_language if row.preferred_language in row.languages else None,
        skills_offered=levels if mentor else {},
        skills_sought={} if mentor else sought,
        topics=frozenset(row.topics),
        preferred=frozenset(str(other) for other in wishes),
        past=frozenset(past.get(id, ())) if mentor else frozenset(),
    )


async def _pairs(db: Db, program_id: UUID, cohort_id: UUID) -> tuple[Counter[UUID], dict[str, set[str]]]:
    """Places in use by enrollment, and whom each mentor had before: partners anywhere, offers in this program."""
    mine = aliased(Enrollment)
    rows = db.each(
        select(Pair.mentor_id, Pair.mentee_id, Pair.mentor_enrollment_id, Pair.mentee_enrollment_id, Pair.state)
        .join(
            mine,
            and_(
                mine.organization_id == Pair.organization_id,
                mine.cohort_id == cohort_id,
                mine.person_id == Pair.mentor_id,
                mine.role == "mentor",
            ),
        )
        .where(
            Pair.organization_id == db.organization_id,
            or_(Pair.program_id == program_id, Pair.activated_at.is_not(None)),
            Pair.state != "proposed",  # nobody was asked yet
        )
    )
    used: Counter[UUID] = Counter()
    past: dict[str, set[str]] = {}
    async for mentor, mentee, mentor_enrollment, mentee_enrollment, state in rows:
        past.setdefault(str(mentor), set()).add(str(mentee))
        if state in TAKING:
            used.update((mentor_enrollment, mentee_enrollment))
    return used, past


async def resting(db: Db) -> dict[UUID, datetime]:
    """Who had a pair that ended not long ago, in any program (S11), with the moment at which their rest is over."""
    rows = await db.execute(
        select(Enrollment.person_id, func.max(Enrollment.rests_until))
        .where(Enrollment.organization_id == db.organization_id, Enrollment.rests_until > clock.now())
        .group_by(Enrollment.person_id)
    )
    return {person: until for person, until in rows if until is not None}


async def _marks(db: Db, cohort_id: UUID) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Pairs (mentor, mentee) that the manager's last word pinned or rejected."""
    last = (
        select(Suggestion.mentor_id, Suggestion.mentee_id, Suggestion.state)
        .join(
            MatchRun,
            and_(MatchRun.organization_id == Suggestion.organization_id, MatchRun.id == Suggestion.match_run_id),
        )
        .where(
            Suggestion.organization_id == db.organization_id,
            MatchRun.cohort_id == cohort_id,
            MatchRun.trial.is_(False),
        )
        .ext(distinct_on(Suggestion.mentor_id, Suggestion.mentee_id))
        .order_by(Suggestion.mentor_id, Suggestion.mentee_id, Suggestion.match_run_id.desc())
        .subquery()
    )
    marked = select(last).where(last.c.state.in_(("pinned", "rejected"))).order_by(last.c.mentor_id, last.c.mentee_id)
    pinned: list[tuple[str, str]] = []
    rejected: list[tuple[str, str]] = []
    async for mentor, mentee, state in db.each(marked):
        (pinned if state == "pinned" else rejected).append((str(mentor), str(mentee)))
    return pinned, rejected


def earlier(run: MatchRun) -> ColumnElement[bool]:
    """The real runs of its cohort before this one that have pairs."""
    return and_(
        MatchRun.organization_id == run.organization_id,
        MatchRun.cohort_id == run.cohort_id,
        MatchRun.trial.is_(False),
        MatchRun.state.in_(FOUND),
        MatchRun.id < run.id,
    )


async def before(db: Db, run: MatchRun) -> list[tuple[str, str]] | None:
    """The pairs (mentor, mentee) of the newest real run of the cohort before this one, less the rejected; or None."""
    last = await db.scalar(select(MatchRun.id).where(earlier(run)).order_by(MatchRun.id.desc()).limit(1))
    if last is None:
        return None
    pairs = await db.execute(
        select(Suggestion.mentor_id, Suggestion.mentee_id)
        .where(
            Suggestion.organization_id == db.organization_id,
            Suggestion.match_run_id == last,
            Suggestion.state != "rejected",
        )
        .order_by(Suggestion.id)
    )
    return [(str(mentor), str(mentee)) for mentor, mentee in pairs]


def that_fit(pinned: list[tuple[str, str]], people: Sequence[Participant]) -> list[tuple[str, str]]:
    """The pins of people who still look for a pair."""
    left = {(person.id, person.role): person.capacity for person in people}
    kept = []
    for mentor, mentee in pinned:
        sides: tuple[tuple[str, Any], ...] = (mentor, "mentor"), (mentee, "mentee")
        if all(left.get(side, 0) for side in sides):
            kept.append((mentor, mentee))
            for side in sides:
                left[side] -= 1
    return kept
