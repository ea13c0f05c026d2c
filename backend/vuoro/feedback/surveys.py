"""Surveys: a manager drafts, publishes and edits them; answering is in survey_responses.py."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast
from uuid import UUID

from sqlalchemy import Select, and_, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Forbidden, Invalid, NotFound
from vuoro.core.history import audit
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import Can, Localized, can, changes
from vuoro.feedback import access
from vuoro.feedback.models import Survey, SurveyEdition, SurveyResponse
from vuoro.feedback.survey_schemas import (
    Audience,
    Question,
    QuestionIn,
    SurveyIn,
    SurveyOut,
    SurveyPatch,
    SurveyState,
)
from vuoro.feedback.words import content
from vuoro.programs import service as programs
from vuoro.programs.access import may_manage

FARTHEST = timedelta(days=730)


class SurveyClosed(Conflict):
    """The survey's time is over."""

    code: ClassVar[str] = "closed"
    text: ClassVar[str] = "This survey is closed."


class SurveyNotReady(Conflict):
    """Something is missing before it can be published; params name it."""

    code: ClassVar[str] = "not_ready"
    text: ClassVar[str] = "A survey needs questions and a closing time ahead before it is published."


class SurveyPublished(Conflict):
    """What only a draft allows."""

    code: ClassVar[str] = "published"
    text: ClassVar[str] = "This survey is published already: it stays, and so does whom it asks."


def state_of(row: Survey) -> SurveyState:
    """Where a survey stands now."""
    if not row.published:
        return "draft"
    moment = clock.now()
    if row.closes_at is not None and row.closes_at <= moment:
        return "closed"
    return "scheduled" if row.opens_at is not None and row.opens_at > moment else "open"


def _listed(me: Actor) -> Select[Any]:
    """Surveys that the caller may see, with the questions of the present edition and whether they answered."""
    return (
        select(
            Survey,
            SurveyEdition.questions,
            access.asked(me).label("asked"),
            SurveyResponse.edition.label("answered"),
        )
        .join(
            SurveyEdition,
            and_(
                SurveyEdition.organization_id == Survey.organization_id,
                SurveyEdition.survey_id == Survey.id,
                SurveyEdition.number == Survey.edition,
            ),
        )
        .outerjoin(
            SurveyResponse,
            and_(
                SurveyResponse.organization_id == Survey.organization_id,
                SurveyResponse.survey_id == Survey.id,
                SurveyResponse.person_id == me.person_id,
            ),
        )
        .where(Survey.organization_id == me.organization_id, access.surveys_visible_to(me))
    )


async def search(db: Db, me: Actor, page: Paging, program_id: UUID | None = None) -> tuple[list[SurveyOut], str | None]:
    """One page of surveys that the caller manages or is asked by, newest first."""
    query = _listed(me)
    if program_id is not None:
        query = query.where(Survey.program_id == program_id)
    return await keyset(
        db, query, [Survey.id], page, lambda row: _show(me, row), scope="surveys", descending=True, parse=[UUID]
    )


async def row_of(db: Db, me: Actor, survey_id: UUID) -> Any:
    """One survey as `_listed`; NotFound when the caller may not see it."""
    row = (await db.execute(_listed(me).where(Survey.id == survey_id))).one_or_none()
    if row is None:
        raise NotFound
    return row


async def get(db: Db, me: Actor, survey_id: UUID) -> SurveyOut:
    """One survey; NotFound when the caller may not see it."""
    return _show(me, await row_of(db, me, survey_id))


def _show(me: Actor, row: Any) -> SurveyOut:
    survey: Survey = row.Survey
    return SurveyOut(
        id=survey.id,
        program_id=survey.program_id,
        title=Localized(**survey.title),
        audience=cast(Audience, survey.audience),
        state=state_of(survey),
        edition=survey.edition,
        questions=[Question(**question) for question in row.questions],
        opens_at=survey.opens_at,
        closes_at=survey.closes_at,
        answered=row.answered is not None if row.asked else None,
        version=survey.version,
        created_at=survey.created_at,
        can=_can(me, survey, asked=row.asked),
    )


def _can(me: Actor, survey: Survey, *, asked: bool) -> Can:
    state, manages = state_of(survey), may_manage(me, survey.program_id)
    return can(
        edit=("closed" if state == "closed" else True) if manages else None,
        publish=(True if state == "draft" else "published") if manages else None,
        discard=(True if state == "draft" else "published") if manages else None,
        answer=(True if state == "open" else "not_open") if asked else None,
    )


def _stored(questions: Iterable[QuestionIn]) -> list[dict[str, Any]]:
    found = [
        {
            **question.model_dump(exclude={"text", "options"}),
            "text": question.text.filled(),
            "options": [{"key": option.key, "text": option.text.filled()} for option in question.options],
        }
        for question in questions
    ]
    if len({question["key"] for question in found}) < len(found):
        raise Invalid.at("/questions", "not_unique", "Each question has a key of its own.")
    return found


def _check_times(opens_at: datetime | None, closes_at: datetime | None) -> None:
    now = clock.now()
    for name, moment in (("opens_at", opens_at), ("closes_at", closes_at)):
        if moment is not None and not now - FARTHEST < moment < now + FARTHEST:
            raise Invalid.at(f"/{name}", "out_of_range", "This lies at most two years from now.")
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise Invalid.at("/closes_at", "before_opening", "A survey closes after it opens.")


async def create(db: Db, me: Actor, data: SurveyIn) -> UUID:
    """A draft for a program that the caller manages."""
    await programs.managed(db, me, data.program_id)
    template = content("surveys")[data.template] if data.template else None
    if data.title is None and template is None:
        raise Invalid.at("/title", "missing", "A survey without a template has a title.")
    questions = data.questions
    if questions is None:
        questions = [QuestionIn(**question) for question in template["questions"]] if template else []
    _check_times(data.opens_at, data.closes_at)
    survey = Survey(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        program_id=data.program_id,
        title=data.title.filled() if data.title else template and template["title"],
        audience=data.audience,
        edition=1,
        opens_at=data.opens_at,
        closes_at=data.closes_at,
    )
    db.add(survey)
    await db.flush()
    _add_edition(db, survey, _stored(questions))
    audit(db, "survey.create", survey.id, program_id=survey.program_id)
    return survey.id


def _add_edition(db: Db, survey: Survey, questions: list[dict[str, Any]]) -> None:
    db.add(
        SurveyEdition(
            organization_id=survey.organization_id,
            id=clock.uuid7(),
            survey_id=survey.id,
            number=survey.edition,
            questions=questions,
            created_at=clock.now(),
        )
    )


async def _managed(db: Db, me: Actor, survey_id: UUID, version: int | None = None) -> Survey:
    survey: Survey = (await row_of(db, me, survey_id)).Survey
    if not may_manage(me, survey.program_id):
        raise Forbidden("This is for the programme's managers.")
    return await db.locked(Survey, survey_id, version)


async def change(db: Db, me: Actor, survey_id: UUID, version: int, patch: SurveyPatch) -> None:
    """Change a draft, or the title, times and questions of a published survey until it closes.

    Raises:
        SurveyClosed: its time is over.
        SurveyPublished: whom a published survey asks stays.
    """
    survey = await _managed(db, me, survey_id, version)
    if state_of(survey) == "closed":
        raise SurveyClosed
    new = changes(patch)
    if survey.published and new.get("audience", survey.audience) != survey.audience:
        raise SurveyPublished
    opens_at, closes_at = new.get("opens_at", survey.opens_at), new.get("closes_at", survey.closes_at)
    _check_times(opens_at, closes_at)
    if survey.published and (closes_at is None or closes_at <= clock.now()):
        raise Invalid.at("/closes_at", "not_in_future", "A published survey closes in the future.")
    if "questions" in new:
        await _change_questions(db, survey, _stored(patch.questions))
    if "title" in new:
        survey.title = patch.title.filled()
    survey.audience, survey.opens_at, survey.closes_at = new.get("audience", survey.audience), opens_at, closes_at
    touch(survey)
    audit(db, "survey.change", survey_id, program_id=survey.program_id)


async def _change_questions(db: Db, survey: Survey, questions: list[dict[str, Any]]) -> None:
    present = (
        await db.scalars(
            select(SurveyEdition).where(
                SurveyEdition.organization_id == survey.organization_id,
                SurveyEdition.survey_id == survey.id,
                SurveyEdition.number == survey.edition,
            )
        )
    ).one()
    if questions == present.questions:
        return
    if not survey.published:
        present.questions = questions
        return
    if not questions:
        raise Invalid.at("/questions", "empty", "A published survey has questions.")
    survey.edition += 1
    _add_edition(db, survey, questions)


async def publish(db: Db, me: Actor, survey_id: UUID) -> UUID:
    """Let it ask people, from its opening time or now on.

    Raises:
        SurveyNotReady: it has no questions or no closing time ahead.
        SurveyPublished: it is published already.
    """
    survey = await _managed(db, me, survey_id)
    if survey.published:
        raise SurveyPublished
    questions = (await row_of(db, me, survey_id)).questions
    missing = [] if questions else ["questions"]
    if survey.closes_at is None or survey.closes_at <= clock.now():
        missing.append("closes_at")
    if missing:
        raise SurveyNotReady(params={"missing": missing})
    survey.published, survey.opens_at = True, survey.opens_at or clock.now()
    touch(survey)
    audit(db, "survey.publish", survey_id, program_id=survey.program_id)
    emit(db, "survey.published", {"survey_id": str(survey_id)})
    return survey_id


async def discard(db: Db, me: Actor, survey_id: UUID, version: int) -> None:
    """Throw a draft away; SurveyPublished once people were asked."""
    survey = await _managed(db, me, survey_id, version)
    if survey.published:
        raise SurveyPublished
    await db.delete(survey)
    audit(db, "survey.discard", survey_id, program_id=survey.program_id)
