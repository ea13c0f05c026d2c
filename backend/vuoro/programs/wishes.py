"""Wishes for self-chosen matching: whom one may look at, and up to five of them in order, read by their author."""

from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import and_, delete, or_, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Forbidden, IllegalTransition, Invalid, ProblemError
from vuoro.core.page import Paging, Rows, keyset
from vuoro.core.wire import In, Out
from vuoro.people import lines
from vuoro.people.models import Person
from vuoro.people.schemas import LanguageLevel, PersonRef
from vuoro.people.service import ref
from vuoro.programs import eligibility, service
from vuoro.programs.enrollments import own
from vuoro.programs.models import Enrollment, Program, Wish
from vuoro.programs.schemas import SkillLevel
from vuoro.programs.settings import ProgramSettings, settings_of
from vuoro.programs.states import Side

CHOOSING = ("approved", "paired")
MOST = 5


class NotSelfChosen(Conflict):
    """In this program the pairs are found without wishes."""

    code = "not_self_chosen"
    text = "In this programme people do not choose for themselves."


class CandidateCard(Out):
    """Somebody of the other side, as they chose to be seen for matching."""

    enrollment_id: UUID
    person: PersonRef
    department: str | None
    role: Side
    topics: list[str]
    skills: list[SkillLevel]
    languages: list[LanguageLevel]
    superpower: str | None
    wants_to_understand: list[str]
    wished: bool


class CandidatePage(Out):
    """One page of candidates."""

    items: list[CandidateCard]
    next_cursor: str | None


class WishesIn(In):
    """Whom one would like, the dearest first; an empty list takes all wishes back."""

    person_ids: list[UUID] = Field(max_length=MOST)


class WishesOut(Out):
    """One's own wishes, the dearest first."""

    items: list[CandidateCard]


async def wishes_of(db: Db, cohort_id: UUID) -> dict[UUID, list[UUID]]:
    """Everybody's wishes in a cohort: person ids by the wishing enrollment, the dearest first; for matching alone."""
    rows = db.each(
        select(Wish.enrollment_id, Wish.person_id)
        .where(Wish.organization_id == db.organization_id, Wish.cohort_id == cohort_id)
        .order_by(Wish.enrollment_id, Wish.place)
    )
    wishes: dict[UUID, list[UUID]] = {}
    async for enrollment_id, person_id in rows:
        wishes.setdefault(enrollment_id, []).append(person_id)
    return wishes


def _candidates(db: Db, mine: Enrollment) -> Rows:
    """Query of who looks for a pair on the other side of the same cohort: (Enrollment, Person)."""
    return (
        select(Enrollment, Person)
        .join(Person, and_(Person.organization_id == Enrollment.organization_id, Person.id == Enrollment.person_id))
        .where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.cohort_id == mine.cohort_id,
            Enrollment.role == ("mentee" if mine.role == "mentor" else "mentor"),
            Enrollment.person_id != mine.person_id,
            or_(Enrollment.state == "approved", and_(Enrollment.state == "paired", Enrollment.capacity > 1)),
            Person.status == "active",
        )
    )


def _card(row: Enrollment, person: Person, wished: set[UUID]) -> CandidateCard:
    return CandidateCard(
        enrollment_id=row.id,
        person=ref(person),
        department=person.department,
        role=row.role,
        topics=row.topics,
        skills=[
            SkillLevel(slug=slug, level=one["level"], weight=one.get("weight")) for slug, one in row.skills.items()
        ],
        languages=[LanguageLevel(code=code, level=level) for code, level in row.languages.items()],
        superpower=row.superpower,
        wants_to_understand=row.wants_to_understand,
        wished=person.id in wished,
    )


async def candidates(
    db: Db, me: Actor, program_id: UUID, side: Side, page: Paging, *, q: str | None, topic: str | None
) -> tuple[list[CandidateCard], str | None]:
    """One page of the other side by name, for approved participants of a program whose people choose.

    Raises:
        Forbidden: the caller has no approved part on the opposite side.
        NotSelfChosen: the program does not work that way.
    """
    program = await service.get_row(db, me, program_id)
    mine = await db.scalar(
        select(Enrollment)
        .where(
            Enrollment.organization_id == me.organization_id,
            Enrollment.program_id == program_id,
            Enrollment.person_id == me.person_id,
            Enrollment.role != side,
            Enrollment.state.in_(CHOOSING),
        )
        .order_by(Enrollment.id.desc())
        .limit(1)
    )
    if mine is None:
        raise Forbidden("This is for people who take part on the other side.")
    _require_choosing(program)
    query = _candidates(db, mine)
    if topic is not None:
        query = query.where(Enrollment.topics.contains([topic]))
    for word in (q or "").split()[:8]:
        query = query.where(Person.display_name.ilike(f"%{word.replace('%', '').replace('_', '')}%"))
    wished = set(await _mine(db, mine.id))
    return await keyset(
        db, query, [Person.display_name, Enrollment.id], page, lambda row: _card(row[0], row[1], wished),
        scope="candidates", parse=[str, UUID],
    )  # fmt: skip


def _require_choosing(program: Program) -> ProgramSettings:
    settings = settings_of(program.settings)
    if not settings.self_chosen:
        raise NotSelfChosen
    eligibility.require_open(program)
    return settings


async def _mine(db: Db, enrollment_id: UUID) -> list[UUID]:
    found = await db.scalars(
        select(Wish.person_id)
        .where(Wish.organization_id == db.organization_id, Wish.enrollment_id == enrollment_id)
        .order_by(Wish.place)
    )
    return list(found)


async def read(db: Db, me: Actor, enrollment_id: UUID) -> WishesOut:
    """One's own wishes; whoever is no longer to be had is left out, and comes back with their place."""
    mine, _ = await own(db, me, enrollment_id)
    ids = await _mine(db, enrollment_id)
    rows = await db.execute(_candidates(db, mine).where(Enrollment.person_id.in_(ids)))
    cards = {person.id: _card(row, person, set(ids)) for row, person in rows}
    return WishesOut(items=[cards[id] for id in ids if id in cards])


async def write(db: Db, me: Actor, enrollment_id: UUID, data: WishesIn) -> None:
    """Replace one's wishes.

    Raises:
        IllegalTransition: the part is not approved yet, or no longer.
        Invalid: somebody is named twice, is not on the other side, or stands in the same reporting line (H1).
    """
    _, program = await own(db, me, enrollment_id)
    settings = _require_choosing(program)
    mine = await db.locked(Enrollment, enrollment_id)
    if mine.state not in CHOOSING:
        raise IllegalTransition(mine.state, [])
    if len(set(data.person_ids)) < len(data.person_ids):
        raise Invalid.at("/person_ids", "twice", "Name each person once.")
    before = await _mine(db, enrollment_id)
    if before == data.person_ids:
        return
    rows = await db.execute(_candidates(db, mine).where(Enrollment.person_id.in_(data.person_ids)))
    found = {row.person_id for row, _ in rows}
    in_line = await _in_line(db, mine, found, settings.rules.top_exempt_distance) if found else set()
    errors: list[Any] = []
    for index, id in enumerate(data.person_ids):
        if id not in found:
            code, detail = "unknown_person", "Nobody of the other side is to be had by this id."
        elif id in in_line:
            code, detail = "reporting_line", "You two stand in one reporting line, so you can be no pair."
        else:
            continue
        errors.append(ProblemError(pointer=f"/person_ids/{index}", code=code, detail=detail))
    if errors:
        raise Invalid(errors=errors)
    await db.execute(
        delete(Wish).where(Wish.organization_id == db.organization_id, Wish.enrollment_id == enrollment_id)
    )
    for place, id in enumerate(data.person_ids, 1):
        db.add(
            Wish(
                organization_id=db.organization_id, id=clock.uuid7(), enrollment_id=enrollment_id,
                cohort_id=mine.cohort_id, person_id=id, place=place,
            )
        )  # fmt: skip


async def _in_line(db: Db, mine: Enrollment, others: set[UUID], top_exempt_distance: int) -> set[UUID]:
    """Those of the others who can be no pair with this person by H1."""
    chart = await lines.chart(db)
    conflicts = chart.conflicts([(mine.person_id, id) for id in others], top_exempt_distance)
    return {other for _, other in conflicts}
