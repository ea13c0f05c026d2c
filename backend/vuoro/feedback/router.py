"""The sealed balance pulse over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from vuoro.core.http import Me, OnlyOnce, Tx, faults, one
from vuoro.feedback import service
from vuoro.feedback.schemas import PulseIn, PulseStatus

router = APIRouter(prefix="/v1", tags=["feedback"])


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
