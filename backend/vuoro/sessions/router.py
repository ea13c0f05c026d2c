"""Sessions, agendas and kits over HTTP; what a pair writes in them stands in content_router.py."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from vuoro.core.http import IfMatch, Me, MyPersonId, OnlyOnce, Tx, faults, one
from vuoro.core.page import Page
from vuoro.programs.kits import KitPage, kits
from vuoro.sessions import service
from vuoro.sessions.schemas import (
    AgendaIn,
    Instant,
    MentoringSession,
    MentoringSessionPage,
    SessionCancelIn,
    SessionIn,
    SessionMoveIn,
    SessionMovePage,
    SessionPatch,
)

router = APIRouter(prefix="/v1", tags=["sessions"])


@router.get(
    "/kits", operation_id="kits_list", summary="Conversation plans, in the order of the arc", response_model=KitPage,
    responses=faults(),
)  # fmt: skip
async def list_kits(_: Me, request: Request) -> Response:
    return one(request, KitPage(items=list(kits().values()), next_cursor=None))


@router.get(
    "/pairs/{pair_id}/sessions", operation_id="pair_sessions_list", summary="A pair's sessions, earliest first",
    response_model=MentoringSessionPage, responses=faults(404),
)  # fmt: skip
async def list_of_pair(pair_id: UUID, db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await service.of_pair(db, me, pair_id, page)
    return one(request, MentoringSessionPage(items=items, next_cursor=following))


@router.post(
    "/pairs/{pair_id}/sessions", operation_id="sessions_plan", summary="Plan the pair's next session", status_code=201,
    response_model=MentoringSession, responses=faults(404, 409),
)  # fmt: skip
async def plan(pair_id: UUID, body: SessionIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    session_id = await once(lambda: service.plan(db, me, pair_id, body))
    return one(request, await service.get(db, me, session_id), 201)


@router.get(
    "/sessions", operation_id="sessions_list", summary="My sessions, earliest first",
    response_model=MentoringSessionPage, responses=faults(403),
)  # fmt: skip
async def list_mine(
    db: Tx,
    me: Me,
    _: MyPersonId,
    page: Page,
    request: Request,
    start: Annotated[Instant | None, Query(alias="from", description="that begin at or after this moment")] = None,
    end: Annotated[Instant | None, Query(alias="to", description="that begin before this moment")] = None,
) -> Response:
    items, following = await service.mine(db, me, page, start, end)
    return one(request, MentoringSessionPage(items=items, next_cursor=following))


@router.get(
    "/sessions/{session_id}", operation_id="sessions_get", summary="One session", response_model=MentoringSession,
    responses=faults(404),
)  # fmt: skip
async def get(session_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await service.get(db, me, session_id))


@router.patch(
    "/sessions/{session_id}", operation_id="sessions_change", summary="Change where a session is",
    response_model=MentoringSession, responses=faults(404, 409, 412, 428),
)  # fmt: skip
async def change(session_id: UUID, body: SessionPatch, version: IfMatch, db: Tx, me: Me, request: Request) -> Response:
    await service.change(db, me, session_id, version, body)
    return one(request, await service.get(db, me, session_id))


@router.put(
    "/sessions/{session_id}/agenda", operation_id="agendas_write", summary="Write the agenda of a session",
    response_model=MentoringSession, responses=faults(404, 409),
)  # fmt: skip
async def write_agenda(session_id: UUID, body: AgendaIn, db: Tx, me: Me, request: Request) -> Response:
    await service.write_agenda(db, me, session_id, body.text)
    return one(request, await service.get(db, me, session_id))


@router.get(
    "/sessions/{session_id}/moves", operation_id="session_moves_list", summary="How often a session moved, and when",
    response_model=SessionMovePage, responses=faults(404),
)  # fmt: skip
async def list_moves(session_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, SessionMovePage(items=await service.moves(db, me, session_id), next_cursor=None))


@router.post(
    "/sessions/{session_id}/move", operation_id="sessions_move", summary="Propose another time",
    response_model=MentoringSession, responses=faults(404, 409),
)  # fmt: skip
async def move(session_id: UUID, body: SessionMoveIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.move(db, me, session_id, body))
    return one(request, await service.get(db, me, session_id))


@router.post(
    "/sessions/{session_id}/schedule", operation_id="sessions_schedule", summary="Confirm the proposed time",
    response_model=MentoringSession, responses=faults(404, 409),
)  # fmt: skip
async def schedule(session_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.schedule(db, me, session_id))
    return one(request, await service.get(db, me, session_id))


@router.post(
    "/sessions/{session_id}/hold", operation_id="sessions_hold", summary="Mark a session as held",
    response_model=MentoringSession, responses=faults(404, 409),
)  # fmt: skip
async def hold(session_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.hold(db, me, session_id))
    return one(request, await service.get(db, me, session_id))


@router.post(
    "/sessions/{session_id}/cancel", operation_id="sessions_cancel", summary="Cancel a session",
    response_model=MentoringSession, responses=faults(404, 409),
)  # fmt: skip
async def cancel(session_id: UUID, body: SessionCancelIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.cancel(db, me, session_id, body))
    return one(request, await service.get(db, me, session_id))
