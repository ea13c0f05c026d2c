"""Answering a survey, and reading answers in words once there are enough of them."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import TEXT, cast, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.crypto import KeyMissing
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Forbidden, Invalid, ProblemError
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import can
from vuoro.feedback import access
from vuoro.feedback.models import Survey, SurveyResponse, SurveyText
from vuoro.feedback.survey_schemas import Answer, SurveyResponseIn, SurveyResponseOut, SurveyTextOut
from vuoro.feedback.surveys import row_of, state_of
from vuoro.programs.access import PARTICIPATES, may_manage
from vuoro.programs.models import Enrollment

COLUMN = "survey_texts.text"


class SurveyNotOpen(Conflict):
    """It is not open for answers."""

    code: ClassVar[str] = "not_open"
    text: ClassVar[str] = "This survey is not open for answers now."


async def mine(db: Db, me: Actor, survey_id: UUID) -> SurveyResponseOut:
    """The caller's own answers; Forbidden for whom the survey does not ask."""
    row = await row_of(db, me, survey_id)
    _require_asked(row)
    found = await db.scalar(
        select(SurveyResponse).where(
            SurveyResponse.organization_id == me.organization_id,
            SurveyResponse.survey_id == survey_id,
            SurveyResponse.person_id == me.person_id,
        )
    )
    answers = {**found.answers, **await _own_texts(db, me, survey_id)} if found else None
    return SurveyResponseOut(
        survey_id=survey_id,
        edition=found.edition if found else None,
        answers=answers,
        can=can(answer=True if state_of(row.Survey) == "open" else SurveyNotOpen.code),
    )


def _require_asked(row: Any) -> None:
    if not row.asked:
        raise Forbidden("This survey asks others.")


async def _own_texts(db: Db, me: Actor, survey_id: UUID) -> dict[str, str]:
    rows = await db.execute(
        select(SurveyText.id, SurveyText.question, SurveyText.text).where(
            SurveyText.organization_id == me.organization_id,
            SurveyText.survey_id == survey_id,
            SurveyText.person_id == me.person_id,
        )
    )
    found = {row.id: (row.question, row.text) for row in rows}
    texts = await _unseal(db, {id: text for id, (_, text) in found.items()})
    return {found[id][0]: text for id, text in texts.items()}


async def _unseal(db: Db, sealed: dict[UUID, crypto.Sealed]) -> dict[UUID, str]:
    try:
        return await crypto.unseal(db, COLUMN, "organization", db.organization_id, sealed)
    except KeyMissing:
        return {}


async def give(db: Db, me: Actor, survey_id: UUID, data: SurveyResponseIn) -> UUID:
    """Answer, or answer anew until it closes; a new answer replaces the old one and is of the present edition.

    Raises:
        SurveyNotOpen: it has not opened or is closed.
    """
    row = await row_of(db, me, survey_id)
    _require_asked(row)
    if state_of(row.Survey) != "open":
        raise SurveyNotOpen
    answers, texts = _checked(row.questions, data.answers)
    survey: Survey = row.Survey
    part = (await db.scalars(_part(me, survey))).first()
    assert part is not None
    new = insert(SurveyResponse).values(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        survey_id=survey_id,
        edition=survey.edition,
        person_id=me.id,
        cohort_id=part.cohort_id,
        side=part.role,
        answers=answers,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    replaced = ("edition", "cohort_id", "side", "answers", "updated_at")
    # The second of two at once waits here for the first, so texts and answers are of one and the same.
    await db.execute(
        new.on_conflict_do_update(
            index_elements=["organization_id", "survey_id", "person_id"],
            set_={name: new.excluded[name] for name in replaced},
        )
    )
    await db.execute(
        delete(SurveyText).where(
            SurveyText.organization_id == me.organization_id,
            SurveyText.survey_id == survey_id,
            SurveyText.person_id == me.person_id,
        )
    )
    for question, text in texts.items():
        id = clock.uuid7()
        db.add(
            SurveyText(
                organization_id=me.organization_id,
                id=id,
                survey_id=survey_id,
                edition=survey.edition,
                question=question,
                person_id=me.id,
                text=await crypto.seal(db, COLUMN, "organization", me.organization_id, id, text),
                shown_at=None,
            )
        )
    return survey_id


def _part(me: Actor, survey: Survey) -> Any:
    """The caller's newest enrollment that the survey asks."""
    sides = [side for side, who in access.AUDIENCE.items() if survey.audience in ("all", who)]
    return (
        select(Enrollment)
        .where(
            Enrollment.organization_id == me.organization_id,
            Enrollment.program_id == survey.program_id,
            Enrollment.person_id == me.person_id,
            Enrollment.state.in_(PARTICIPATES),
            Enrollment.role.in_(sides),
        )
        .order_by(Enrollment.id.desc())
        .limit(1)
    )


def _checked(questions: list[dict[str, Any]], given: dict[str, Answer]) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers that are not text, and the texts; Invalid names every answer that does not fit its question."""
    by_key = {question["key"]: question for question in questions}
    faults = [(key, "unknown_question") for key in given if key not in by_key]
    answers: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for key, question in by_key.items():
        answer = given.get(key)
        if question["type"] == "text":
            if isinstance(answer, str) and answer.strip():
                texts[key] = answer
            elif not isinstance(answer, str | None):
                faults.append((key, "wrong_answer"))
        elif answer is None:
            faults.append((key, "missing"))
        elif not _fits(question, answer):
            faults.append((key, "wrong_answer"))
        else:
            answers[key] = answer
    if faults:
        raise Invalid(
            errors=[
                ProblemError(pointer=f"/answers/{key}", code=code, detail="This does not answer a question of it.")
                for key, code in faults[:50]
            ]
        )
    return answers, texts


def _fits(question: dict[str, Any], answer: Answer) -> bool:
    kind, options = question["type"], {option["key"] for option in question["options"]}
    if kind == "yes_no":
        return isinstance(answer, bool)
    if kind == "single":
        return isinstance(answer, str) and answer in options
    if kind == "multiple":
        return isinstance(answer, list) and len(set(answer)) == len(answer) and set(answer) <= options
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return False
    if kind == "scale":
        return isinstance(answer, int) and 1 <= answer <= 5
    low, high = question["min"], question["max"]
    return (low is None or answer >= low) and (high is None or answer <= high)


async def texts(db: Db, me: Actor, survey_id: UUID, page: Paging) -> tuple[list[SurveyTextOut], str | None]:
    """One page of the answers in words of a closed survey, shuffled and without authors, for those who manage it."""
    survey: Survey = (await row_of(db, me, survey_id)).Survey
    if not may_manage(me, survey.program_id):
        raise Forbidden("This is for the programme's managers.")
    # The order of ids would tell who wrote first, so neither it nor an id shows.
    lot = func.md5(cast(SurveyText.id, TEXT))
    rows, following = await keyset(
        db,
        select(SurveyText.id, SurveyText.question, SurveyText.edition, SurveyText.text).where(
            SurveyText.organization_id == me.organization_id,
            SurveyText.survey_id == survey_id,
            SurveyText.shown_at.is_not(None),
        ),
        [lot],
        page,
        lambda row: row,
        scope="survey_texts",
    )
    opened = await _unseal(db, {row.id: row.text for row in rows})
    return [
        SurveyTextOut(question=row.question, edition=row.edition, text=opened[row.id])
        for row in rows
        if row.id in opened
    ], following
