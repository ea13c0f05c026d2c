"""Pulses, fit checks, growth, concerns and surveys over HTTP."""

from uuid import UUID

from fastapi import Request, Response

from vuoro.core.http import IfMatch, Me, MyPersonId, OnlyOnce, Tx, faults, one
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.feedback import concerns, fit_checks, growth, service, survey_responses, surveys
from vuoro.feedback.schemas import (
    ConcernAnswerIn,
    ConcernContactPage,
    ConcernIn,
    ConcernOut,
    ConcernPage,
    FitCheckIn,
    FitCheckPage,
    GrowthIn,
    PulseIn,
    PulseStatus,
    SkillGrowthPage,
)
from vuoro.feedback.survey_schemas import (
    SurveyIn,
    SurveyOut,
    SurveyPage,
    SurveyPatch,
    SurveyResponseIn,
    SurveyResponseOut,
    SurveyTextPage,
)

router = Router(prefix="/v1", tags=["feedback"])


@router.get(
    "/sessions/{session_id}/feedback", operation_id="pulses_get", summary="The pulse of a session, as far as it opened",
    response_model=PulseStatus, responses=faults(404),
)  # fmt: skip
async def get(session_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await service.get(db, me, session_id))


@router.post(
    "/sessions/{session_id}/feedback", operation_id="pulses_give", summary="Answer the pulse of a session",
    status_code=201, response_model=PulseStatus, responses=faults(404, 409),
)  # fmt: skip
async def give(session_id: UUID, body: PulseIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.give(db, me, session_id, body))
    return one(request, await service.get(db, me, session_id), 201)


@router.get(
    "/pairs/{pair_id}/fit-checks", operation_id="fit_checks_list", summary="My fit checks of a pair",
    response_model=FitCheckPage, responses=faults(404),
)  # fmt: skip
async def list_fit_checks(pair_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, FitCheckPage(items=await fit_checks.of_pair(db, me, pair_id), next_cursor=None))


@router.post(
    "/pairs/{pair_id}/fit-checks", operation_id="fit_checks_give", summary="Answer a fit check, sealed for good",
    status_code=201, response_model=FitCheckPage, responses=faults(404, 409),
)  # fmt: skip
async def give_fit_check(pair_id: UUID, body: FitCheckIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: fit_checks.give(db, me, pair_id, body))
    return one(request, FitCheckPage(items=await fit_checks.of_pair(db, me, pair_id), next_cursor=None), 201)


@router.get(
    "/me/skill-growth", operation_id="skill_growth_get", summary="How I see my own growth",
    response_model=SkillGrowthPage, responses=faults(403),
)  # fmt: skip
async def get_growth(db: Tx, me: Me, _: MyPersonId, request: Request) -> Response:
    return one(request, SkillGrowthPage(items=await growth.mine(db, me), next_cursor=None))


@router.put(
    "/me/skill-growth", operation_id="skill_growth_rate", summary="Rate myself at the moment that is open",
    response_model=SkillGrowthPage, responses=faults(403, 404, 409),
)  # fmt: skip
async def rate_growth(body: GrowthIn, db: Tx, me: Me, person_id: MyPersonId, request: Request) -> Response:
    await growth.rate(db, me, person_id, body)
    return one(request, SkillGrowthPage(items=await growth.mine(db, me), next_cursor=None))


@router.get(
    "/concerns/contacts", operation_id="concern_contacts_list", summary="Whom I may entrust a concern to",
    response_model=ConcernContactPage, responses=faults(403, 404),
)  # fmt: skip
async def list_contacts(db: Tx, me: Me, request: Request, program_id: UUID | None = None) -> Response:
    return one(request, ConcernContactPage(items=await concerns.contacts(db, me, program_id), next_cursor=None))


@router.get(
    "/concerns", operation_id="concerns_list", summary="My concerns, and those entrusted to me",
    response_model=ConcernPage, responses=faults(403),
)  # fmt: skip
async def list_concerns(db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await concerns.search(db, me, page)
    return one(request, ConcernPage(items=items, next_cursor=following))


@router.post(
    "/concerns", operation_id="concerns_create", summary="Entrust a concern to a safeguarding contact", status_code=201,
    response_model=ConcernOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def raise_concern(body: ConcernIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    concern_id = await once(lambda: concerns.raise_concern(db, me, body))
    return one(request, await concerns.get(db, me, concern_id), 201)


@router.get(
    "/concerns/{concern_id}", operation_id="concerns_get", summary="One concern", response_model=ConcernOut,
    responses=faults(404),
)  # fmt: skip
async def get_concern(concern_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await concerns.get(db, me, concern_id))


@router.post(
    "/concerns/{concern_id}/acknowledge", operation_id="concerns_acknowledge", summary="Tell the author that I read it",
    response_model=ConcernOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def acknowledge(concern_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: concerns.acknowledge(db, me, concern_id))
    return one(request, await concerns.get(db, me, concern_id))


@router.post(
    "/concerns/{concern_id}/close", operation_id="concerns_close", summary="Close a concern with an answer",
    response_model=ConcernOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def close(concern_id: UUID, body: ConcernAnswerIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: concerns.close(db, me, concern_id, body.answer))
    return one(request, await concerns.get(db, me, concern_id))


@router.get(
    "/surveys", operation_id="surveys_list", summary="Surveys that I manage or that ask me", response_model=SurveyPage,
    responses=faults(),
)  # fmt: skip
async def list_surveys(db: Tx, me: Me, page: Page, request: Request, program_id: UUID | None = None) -> Response:
    items, following = await surveys.search(db, me, page, program_id)
    return one(request, SurveyPage(items=items, next_cursor=following))


@router.post(
    "/surveys", operation_id="surveys_create", summary="Draft a survey", status_code=201, response_model=SurveyOut,
    responses=faults(403, 404),
)  # fmt: skip
async def create_survey(body: SurveyIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    survey_id = await once(lambda: surveys.create(db, me, body))
    return one(request, await surveys.get(db, me, survey_id), 201)


@router.get(
    "/surveys/{survey_id}", operation_id="surveys_get", summary="One survey", response_model=SurveyOut,
    responses=faults(404),
)  # fmt: skip
async def get_survey(survey_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await surveys.get(db, me, survey_id))


@router.patch(
    "/surveys/{survey_id}", operation_id="surveys_change", summary="Change a survey", response_model=SurveyOut,
    responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def change_survey(
    survey_id: UUID, body: SurveyPatch, version: IfMatch, db: Tx, me: Me, request: Request
) -> Response:
    await surveys.change(db, me, survey_id, version, body)
    return one(request, await surveys.get(db, me, survey_id))


@router.post(
    "/surveys/{survey_id}/publish", operation_id="surveys_publish", summary="Let a survey ask people",
    response_model=SurveyOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def publish_survey(survey_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: surveys.publish(db, me, survey_id))
    return one(request, await surveys.get(db, me, survey_id))


@router.delete(
    "/surveys/{survey_id}", operation_id="surveys_discard", summary="Throw a draft away", status_code=204,
    responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def discard_survey(survey_id: UUID, version: IfMatch, db: Tx, me: Me) -> Response:
    await surveys.discard(db, me, survey_id, version)
    return Response(status_code=204)


@router.get(
    "/surveys/{survey_id}/responses/mine", operation_id="survey_responses_get", summary="My own answers to a survey",
    response_model=SurveyResponseOut, responses=faults(403, 404),
)  # fmt: skip
async def get_response(survey_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await survey_responses.mine(db, me, survey_id))


@router.post(
    "/surveys/{survey_id}/responses", operation_id="survey_responses_give", status_code=201,
    summary="Answer a survey, or answer anew until it closes", response_model=SurveyResponseOut,
    responses=faults(403, 404, 409),
)  # fmt: skip
async def give_response(
    survey_id: UUID, body: SurveyResponseIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    await once(lambda: survey_responses.give(db, me, survey_id, body))
    return one(request, await survey_responses.mine(db, me, survey_id), 201)


@router.get(
    "/surveys/{survey_id}/texts", operation_id="survey_texts_list",
    summary="Answers in words of a closed survey, without their authors", response_model=SurveyTextPage,
    responses=faults(403, 404),
)  # fmt: skip
async def list_texts(survey_id: UUID, db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await survey_responses.texts(db, me, survey_id, page)
    return one(request, SurveyTextPage(items=items, next_cursor=following))
