"""What people answered in one wave, in numbers; read by the worker alone, to publish it as figures."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select

from vuoro.core.db import Db
from vuoro.feedback.models import ITEMS, FitCheck, GrowthCheck, Pulse, SurveyEdition, SurveyResponse
from vuoro.feedback.words import FIT_ITEMS, GROWTH_ITEMS
from vuoro.pairs.models import Pair
from vuoro.people.models import Person
from vuoro.programs.models import Enrollment
from vuoro.sessions.models import Session

SIDES = {"growth_mentor": "mentor", "growth_mentee": "mentee"}
_FIT = {1: "first", 2: "midpoint"}
_GROWTH = {1: "start", 2: "middle", 3: "end"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's newest answer in a wave, by the name of each figure, and the groups that the person is in."""

    person_id: UUID
    role: str
    site: str | None
    division: str | None
    values: dict[str, float]


async def of_wave(
    db: Db, cohort_id: UUID, kind: str, number: int, survey_id: UUID | None
) -> tuple[list[str], list[Answer]]:
    """The names of a wave's figures, and its answers: one a person, even where somebody has two pairs."""
    if kind == "survey":
        questions = await db.scalar(
            select(SurveyEdition.questions).where(
                SurveyEdition.organization_id == db.organization_id,
                SurveyEdition.survey_id == survey_id,
                SurveyEdition.number == number,
            )
        )
        names = list(_figures(questions or [], None))
        rows = await db.execute(_responses(db, cohort_id, number, survey_id))
        found = [(row, _figures(questions or [], row.answers)) for row in rows]
    elif kind in SIDES:
        names = list(GROWTH_ITEMS[SIDES[kind]])
        rows = await db.execute(_growths(db, cohort_id, SIDES[kind], _GROWTH[number]))
        found = [(row, dict(zip(names, map(float, row.scores), strict=True))) for row in rows]
    else:
        names = list(FIT_ITEMS) if kind == "fit" else [*ITEMS, "balance"]
        query = _fits(db, cohort_id, _FIT[number]) if kind == "fit" else _pulses(db, cohort_id, number)
        found = [(row, {name: float(getattr(row, name)) for name in names}) for row in await db.execute(query)]
    newest = {row.person_id: Answer(row.person_id, row.side, row.site, row.division, values) for row, values in found}
    return names, list(newest.values())


def _of_people(table: Any, *columns: Any) -> Select[Any]:
    return (
        select(table.person_id, table.side, Person.site, Person.division, *columns)
        .join(Person, and_(Person.organization_id == table.organization_id, Person.id == table.person_id))
        .order_by(table.created_at)
    )


def _of_pairs(db: Db, table: Any, cohort_id: UUID, *columns: Any) -> Select[Any]:
    return (
        _of_people(table, *columns)
        .join(Pair, and_(Pair.organization_id == table.organization_id, Pair.id == table.pair_id))
        .where(table.organization_id == db.organization_id, Pair.cohort_id == cohort_id)
    )


def _pulses(db: Db, cohort_id: UUID, number: int) -> Select[Any]:
    columns = [getattr(Pulse, name) for name in (*ITEMS, "balance")]
    return (
        _of_pairs(db, Pulse, cohort_id, *columns)
        .join(Session, and_(Session.organization_id == Pulse.organization_id, Session.id == Pulse.session_id))
        .where(Session.number == number)
    )


def _fits(db: Db, cohort_id: UUID, moment: str) -> Select[Any]:
    columns = [getattr(FitCheck, name) for name in FIT_ITEMS]
    return _of_pairs(db, FitCheck, cohort_id, *columns).where(FitCheck.moment == moment)


def _growths(db: Db, cohort_id: UUID, side: str, moment: str) -> Select[Any]:
    return (
        _of_people(GrowthCheck, GrowthCheck.scores)
        .join(
            Enrollment,
            and_(Enrollment.organization_id == GrowthCheck.organization_id, Enrollment.id == GrowthCheck.enrollment_id),
        )
        .where(
            GrowthCheck.organization_id == db.organization_id,
            Enrollment.cohort_id == cohort_id,
            GrowthCheck.side == side,
            GrowthCheck.moment == moment,
        )
    )


def _responses(db: Db, cohort_id: UUID, edition: int, survey_id: UUID | None) -> Select[Any]:
    return _of_people(SurveyResponse, SurveyResponse.answers).where(
        SurveyResponse.organization_id == db.organization_id,
        SurveyResponse.cohort_id == cohort_id,
        SurveyResponse.survey_id == survey_id,
        SurveyResponse.edition == edition,
    )


def _figures(questions: list[dict[str, Any]], answers: dict[str, Any] | None) -> dict[str, float]:
    """A figure for each question, and one for each option of a choice (the share of people who chose it)."""
    found: dict[str, float] = {}
    for question in questions:
        key, kind = question["key"], question["type"]
        if kind in ("single", "multiple"):
            chosen = answers[key] if answers else []
            found |= {
                f"{key}.{option['key']}": float(option["key"] in (chosen if kind == "multiple" else [chosen]))
                for option in question["options"]
            }
        elif kind != "text":
            found[key] = float(answers[key]) if answers else 0.0
    return found
