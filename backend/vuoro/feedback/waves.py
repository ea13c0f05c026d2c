"""Waves: a cohort's answers to one question round, closed once, and published once as figures.

A wave closes on the cohort's date (`closes_on`, else two weeks after the program's end), or earlier, two weeks after
the last of the cohort's open pairs held the session that it belongs to. A survey's wave closes with the survey. Later
answers stay with their pair and enter no figure. `published_cells` is the only source of figures about answers.
"""

import asyncio
from collections.abc import Callable, Hashable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock
from vuoro.core.db import Db
from vuoro.core.outbox import emit
from vuoro.feedback import answers
from vuoro.feedback.answers import SIDES, Answer
from vuoro.feedback.models import PublishedCell, Survey, SurveyText, Wave, WaveMember
from vuoro.pairs.models import Pair
from vuoro.pairs.states import OVER
from vuoro.people.models import Person
from vuoro.programs.access import PARTICIPATES
from vuoro.programs.models import Cohort, Enrollment, Program
from vuoro.programs.settings import settings_of
from vuoro.sessions.models import Session
from vuoro.sessions.states import PULSE_AFTER

ANSWER_WITHIN = timedelta(days=14)
TEXT_K = 8
ATTRIBUTES = ("division", "role", "site")
AT_ONCE = 20  # waves a sweep publishes
PUBLISHED_FOR = timedelta(days=30)  # how long after its closing a survey is looked at
# For an erasure: the publication audit counts on the member; who it was, nobody can find any more.
FORGET_MEMBER = (
    "update wave_members set person_id = :stranger where organization_id = :organization and person_id = :person"
)

Group = AbstractSet[Hashable]
# Whose answers count in a new wave, and which of its groups may be told of, given the groups told of before.
Counted = Callable[[Sequence[Group], Group], Group]
Admit = Callable[[Sequence[Group], Sequence[Group]], list[bool]]


@dataclass(frozen=True, slots=True)
class Key:
    """Which wave. `number`: a pulse's session, 1 and 2 of a fit check, 1 to 3 of growth, or a survey's edition."""

    kind: str
    number: int
    survey_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A cohort and when it closes."""

    cohort_id: UUID
    program_id: UUID
    closed: bool
    planned: int


def rounds(planned: int) -> dict[Key, int]:
    """The waves of a cohort with so many sessions planned, and the session that each belongs to."""
    growth = {1: 1, 2: 3, 3: planned}
    found = {Key("pulse", number): number for number in PULSE_AFTER}
    found |= {Key("fit", 1): 1, Key("fit", 2): 3}
    for kind in ("growth_mentor", "growth_mentee"):
        found |= {Key(kind, number): session for number, session in growth.items()}
    return {key: session for key, session in found.items() if session <= planned}


async def publish_due(db: Db, now: datetime, counted: Counted, admit: Admit) -> None:
    """Publish what has closed, each wave once; and let answers in words of closed surveys be read."""
    found = (await due(db, now))[:AT_ONCE]
    for place, key in found:
        await _publish(db, place, key, counted, admit)
    for program_id in sorted({place.program_id for place, _ in found}):
        emit(db, "feedback.published", {"program_id": str(program_id)})
    await _show_texts(db, now)


async def due(db: Db, now: datetime) -> list[tuple[Place, Key]]:
    """The waves that have closed and are not published."""
    places = await _places(db, now)
    done = {
        (row.cohort_id, Key(row.kind, row.number, row.survey_id))
        for row in await db.execute(
            select(Wave.cohort_id, Wave.kind, Wave.number, Wave.survey_id).where(
                Wave.organization_id == db.organization_id
            )
        )
    }
    held = await _held_by_all(db, now)
    closed = [
        (place, key)
        for place in places.values()
        for key, session in rounds(place.planned).items()
        if place.closed or (place.cohort_id, session) in held
    ]
    # Every edition in every cohort, answered or not: whether anybody has answered at all must not show.
    surveys = await db.execute(
        select(Survey.id, Survey.program_id, Survey.edition).where(
            Survey.organization_id == db.organization_id, _just_closed(now)
        )
    )
    closed += [
        (place, Key("survey", number, survey_id))
        for survey_id, program_id, edition in surveys
        for place in places.values()
        if place.program_id == program_id
        for number in range(1, edition + 1)
    ]
    return [(place, key) for place, key in closed if (place.cohort_id, key) not in done]


def _just_closed(now: datetime) -> ColumnElement[bool]:
    return and_(Survey.published, Survey.closes_at <= now, Survey.closes_at > now - PUBLISHED_FOR)


async def _places(db: Db, now: datetime) -> dict[UUID, Place]:
    rows = await db.execute(
        select(Cohort.id, Cohort.program_id, Cohort.closes_on, Program.ends_on, Program.settings)
        .join(Program, and_(Program.organization_id == Cohort.organization_id, Program.id == Cohort.program_id))
        .where(
            Cohort.organization_id == db.organization_id,
            Program.state.in_(("enrolling", "matching", "running", "closing", "closed")),
        )
    )
    found = {}
    for id, program_id, closes_on, ends_on, settings in rows:
        last = closes_on or (ends_on and ends_on + ANSWER_WITHIN)
        closed = last is not None and now.date() >= last
        found[id] = Place(id, program_id, closed, settings_of(settings).sessions_planned)
    return found


async def _held_by_all(db: Db, now: datetime) -> set[tuple[UUID, int]]:
    """(cohort, session number) that every open pair held, the last of them two weeks ago or more."""
    open_ = Pair.state.not_in((*OVER, "stay_in_touch"))
    pairs = await db.execute(
        select(Pair.cohort_id, func.count().filter(open_))
        .where(Pair.organization_id == db.organization_id)
        .group_by(Pair.cohort_id)
    )
    to_hold = dict(pairs.all())
    rows = await db.execute(
        select(Pair.cohort_id, Session.number, func.count().filter(open_), func.max(Session.held_at))
        .join(Session, and_(Session.organization_id == Pair.organization_id, Session.pair_id == Pair.id))
        .where(Pair.organization_id == db.organization_id, Session.state == "held")
        .group_by(Pair.cohort_id, Session.number)
    )
    return {
        (cohort_id, number)
        for cohort_id, number, held, last in rows
        if number is not None and held == to_hold[cohort_id] and last is not None and last <= now - ANSWER_WITHIN
    }


async def _publish(db: Db, place: Place, key: Key, counted: Counted, admit: Admit) -> None:
    """Close one wave: who is counted, which groups may be told of, and their figures; nothing when it is done."""
    # Two waves of one program never pass the audit side by side: each must know the other's figures.
    await db.execute(
        select(Program.id)
        .where(Program.organization_id == db.organization_id, Program.id == place.program_id)
        .with_for_update(key_share=True)
    )
    wave_id = await db.scalar(
        insert(Wave)
        .values(
            organization_id=db.organization_id,
            id=clock.uuid7(),
            program_id=place.program_id,
            cohort_id=place.cohort_id,
            kind=key.kind,
            number=key.number,
            survey_id=key.survey_id,
            published_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(Wave.id)
    )
    if wave_id is None:
        return
    names, found = await answers.of_wave(db, place.cohort_id, key.kind, key.number, key.survey_id)
    given = {answer.person_id: answer for answer in found}
    before = await _told(db, place.program_id, key.kind)
    counting = await asyncio.to_thread(counted, before, frozenset(given))
    members = {person_id: answer for person_id, answer in given.items() if person_id in counting}
    groups = _groups([*await _taking_part(db, place.cohort_id, key.kind), *members.values()])
    sets: dict[Shared, Group] = {
        group: frozenset(person_id for person_id, answer in members.items() if group in _groups([answer]))
        for group in groups
    }
    order = sorted(groups, key=lambda group: (len(group), -len(sets[group]), group))
    allowed = await asyncio.to_thread(admit, before, [sets[group] for group in order])
    shown = {group for group, may in zip(order, allowed, strict=True) if may}
    await _write(db, wave_id, names, members, sets, shown)


# A group is what its people share: ((attribute, value), …), none, one or two deep.
Shared = tuple[tuple[str, str], ...]


def _groups(people: Iterable[Any]) -> set[Shared]:
    found: set[Shared] = set()
    for one in people:
        known = [(name, value) for name in ATTRIBUTES if (value := getattr(one, name)) is not None]
        found |= {group for deep in (0, 1, 2) for group in combinations(known, deep)}
    return found


async def _taking_part(db: Db, cohort_id: UUID, kind: str) -> list[Row[Any]]:
    """The cohort's people, answering or not: whether a small group has answered at all must not show."""
    query = (
        select(Enrollment.role, Person.site, Person.division)
        .join(Person, and_(Person.organization_id == Enrollment.organization_id, Person.id == Enrollment.person_id))
        .where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.cohort_id == cohort_id,
            Enrollment.state.in_(PARTICIPATES),
        )
        .distinct()
    )
    if kind in SIDES:
        query = query.where(Enrollment.role == SIDES[kind])
    return list(await db.execute(query))


async def _told(db: Db, program_id: UUID, kind: str) -> list[Group]:
    """The groups of every figure that this program published of this kind, as sets of people."""
    here = (Wave.organization_id == db.organization_id, Wave.program_id == program_id, Wave.kind == kind)
    members = await db.execute(
        select(WaveMember.wave_id, WaveMember.person_id, WaveMember.role, WaveMember.site, WaveMember.division)
        .join(Wave, and_(Wave.organization_id == WaveMember.organization_id, Wave.id == WaveMember.wave_id))
        .where(*here)
    )
    people: dict[tuple[UUID, Shared], set[UUID]] = {}
    for row in members:
        for group in _groups([row]):
            people.setdefault((row.wave_id, group), set()).add(row.person_id)
    shown = await db.execute(
        select(PublishedCell.wave_id, PublishedCell.by, PublishedCell.groups)
        .join(Wave, and_(Wave.organization_id == PublishedCell.organization_id, Wave.id == PublishedCell.wave_id))
        .where(*here, PublishedCell.value.is_not(None))
        .distinct()
    )
    return [people[row.wave_id, tuple(zip(row.by, row.groups, strict=True))] for row in shown]


async def _write(
    db: Db, wave_id: UUID, names: list[str], members: dict[UUID, Answer], sets: dict[Shared, Group], shown: set[Shared]
) -> None:
    if members:
        await db.execute(
            insert(WaveMember),
            [
                {"organization_id": db.organization_id, "id": clock.uuid7(), "wave_id": wave_id, "person_id": person_id,
                 "role": answer.role, "site": answer.site, "division": answer.division}
                for person_id, answer in members.items()
            ],
        )  # fmt: skip
    cells = []
    for group, people in sets.items():
        for name in names:
            values = [answer.values[name] for person_id, answer in members.items() if person_id in people]
            told = group in shown
            cells.append(
                {
                    "organization_id": db.organization_id,
                    "id": clock.uuid7(),
                    "wave_id": wave_id,
                    "name": name,
                    "by": [attribute for attribute, _ in group],
                    "groups": [value for _, value in group],
                    "value": round(sum(values) / len(values), 2) if told else None,
                    "people": len(values) // 5 * 5 if told else None,
                    "hidden": None if told else "too_few" if len(values) < 5 else "would_single_out",
                }
            )
    if cells:
        await db.execute(insert(PublishedCell), cells)


async def _show_texts(db: Db, now: datetime) -> None:
    """Answers in words of a closed survey may be read once eight people or more wrote to the question."""
    enough = (
        select(SurveyText.survey_id, SurveyText.question, SurveyText.edition)
        .join(Survey, and_(Survey.organization_id == SurveyText.organization_id, Survey.id == SurveyText.survey_id))
        .where(SurveyText.organization_id == db.organization_id, _just_closed(now))
        .group_by(SurveyText.survey_id, SurveyText.question, SurveyText.edition)
        .having(func.count(SurveyText.person_id.distinct()) >= TEXT_K)
    )
    await db.execute(
        update(SurveyText)
        .where(
            SurveyText.organization_id == db.organization_id,
            SurveyText.shown_at.is_(None),
            tuple_(SurveyText.survey_id, SurveyText.question, SurveyText.edition).in_(enough),
        )
        .values(shown_at=now)
        .execution_options(synchronize_session=False)
    )
