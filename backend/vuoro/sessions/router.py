"""Sessions, arcs, agendas, delegates, promises and kits over HTTP; what a pair writes is in content_router.py."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from vuoro.core.errors import NotFound
from vuoro.core.http import IfMatch, Me, MyPersonId, OnlyOnce, Tx, faults, one
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.core.sync import SyncPage
from vuoro.programs.kits import KitKind, KitOut, KitPage, kits
from vuoro.sessions import delegates, moving, planning, preparing, promises, service, times
from vuoro.sessions.schemas import (
    AgendaIn,
    AgendaOut,
    ArcIn,
    ArcOut,
    ClockTime,
    DelegateCandidates,
    DelegatedPairPage,
    DelegateIn,
    DelegateOut,
    FreeTimePage,
    Instant,
    KitChoiceIn,
    MentoringSession,
    MentoringSessionPage,
    MyPromises,
    PairPromises,
    ProgramPromises,
    SessionCancelIn,
    SessionIn,
    SessionMissIn,
    SessionMoveIn,
    SessionMovePage,
    SessionPatch,
    SessionScheduleIn,
    SparkIn,
    Weekday,
)

router = Router(prefix="/v1", tags=["sessions"])


@router.get(
    "/kits", operation_id="kits_list", summary="Conversation plans: the arc in its order, the shadow, the topics",
    response_model=KitPage, responses=faults(),
)  # fmt: skip
async def list_kits(_: Me, request: Request, kind: KitKind | None = None) -> Response:
    items = [kit for kit in kits().values() if kind in (None, kit.kind)]
    return one(request, KitPage(items=items, next_cursor=None))


@router.get(
    "/kits/{kit_key}", operation_id="kits_get", summary="One conversation plan", response_model=KitOut,
    responses=faults(404),
)  # fmt: skip
async def get_kit(kit_key: str, _: Me, request: Request) -> Response:
    if kit_key not in kits():
        raise NotFound
    return one(request, kits()[kit_key])


@router.get(
    "/pairs/{pair_id}/sessions", operation_id="pair_sessions_list", summary="A pair's sessions, earliest first",
    response_model=MentoringSessionPage, responses=faults(404),
)  # fmt: skip
async def list_of_pair(pair_id: UUID, db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await service.of_pair(db, me, pair_id, page)
    return one(request, MentoringSessionPage(**page.page(items, following)))


@router.post(
    "/pairs/{pair_id}/sessions", operation_id="sessions_plan", summary="Plan the pair's next session", status_code=201,
    response_model=MentoringSession, responses=faults(404, 409),
)  # fmt: skip
async def plan(pair_id: UUID, body: SessionIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    session_id = await once(lambda: planning.plan(db, me, pair_id, body))
    return one(request, await service.read(db, me, session_id), 201)


@router.get(
    "/pairs/{pair_id}/arc", operation_id="arcs_preview", summary="How the rest of the arc would stand, and why",
    response_model=ArcOut, responses=faults(404, 409),
)  # fmt: skip
async def preview_arc(
    pair_id: UUID,
    db: Tx,
    me: Me,
    request: Request,
    starts_on: Annotated[date | None, Query(description="the first day, in the mentor's zone")] = None,
    weekday: Annotated[Weekday | None, Query()] = None,
    time: Annotated[ClockTime | None, Query(description="in the mentor's zone, as 10:00")] = None,
    replace_open: Annotated[bool, Query(description="move what is booked ahead already")] = False,
) -> Response:
    wanted = ArcIn(starts_on=starts_on, weekday=weekday, time=time, replace_open=replace_open)
    return one(request, await planning.preview(db, me, pair_id, wanted))


@router.post(
    "/pairs/{pair_id}/arc", operation_id="arcs_book", summary="Book the rest of the arc in one action", status_code=201,
    response_model=MentoringSessionPage, responses=faults(404, 409),
)  # fmt: skip
async def book_arc(
    pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request, body: ArcIn | None = None
) -> Response:
    await once(lambda: planning.book(db, me, pair_id, body or ArcIn()))
    return one(
        request,
        MentoringSessionPage(items=await planning.booked(db, me, pair_id), next_cursor=None, watermark=None, gone=[]),
        201,
    )


@router.get(
    "/pairs/{pair_id}/free-times", operation_id="free_times_list", summary="Times that suit both",
    response_model=FreeTimePage, responses=faults(404, 409),
)  # fmt: skip
async def list_free_times(
    pair_id: UUID,
    db: Tx,
    me: Me,
    request: Request,
    session_id: Annotated[UUID | None, Query(description="the session that is to move")] = None,
    days: Annotated[int | None, Query(ge=1, le=60, description="how far ahead; a move's limit without it")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    items = await times.free(db, me, pair_id, session_id=session_id, days=days, limit=limit)
    return one(request, FreeTimePage(items=items, next_cursor=None))


@router.get(
    "/pairs/{pair_id}/promises", operation_id="pair_promises_get", summary="My promises in a pair, and what took place",
    response_model=PairPromises, responses=faults(404),
)  # fmt: skip
async def get_pair_promises(pair_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await promises.of_pair(db, me, pair_id))


@router.get(
    "/me/promises", operation_id="my_promises_get", summary="My promises over all pairs", response_model=MyPromises,
    responses=faults(403),
)  # fmt: skip
async def get_my_promises(db: Tx, me: Me, _: MyPersonId, request: Request) -> Response:
    return one(request, await promises.mine(db, me))


@router.get(
    "/programs/{program_id}/promises", operation_id="program_promises_get", summary="A program's promises, counted",
    response_model=ProgramPromises, responses=faults(403, 404),
)  # fmt: skip
async def get_program_promises(program_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await promises.of_program(db, me, program_id))


@router.get(
    "/me/delegate", operation_id="delegates_get", summary="Who books for me", response_model=DelegateOut,
    responses=faults(403),
)  # fmt: skip
async def get_delegate(db: Tx, me: Me, _: MyPersonId, request: Request) -> Response:
    return one(request, await delegates.get(db, me))


@router.put(
    "/me/delegate", operation_id="delegates_set", summary="Let somebody book and move my sessions, or nobody",
    response_model=DelegateOut, responses=faults(403, 409),
)  # fmt: skip
async def set_delegate(body: DelegateIn, db: Tx, me: Me, _: MyPersonId, request: Request) -> Response:
    await delegates.put(db, me, body)
    return one(request, await delegates.get(db, me))


@router.get(
    "/me/delegate/candidates", operation_id="delegate_candidates_list", summary="Find a colleague to book for me",
    response_model=DelegateCandidates, responses=faults(403),
)  # fmt: skip
async def list_delegate_candidates(
    db: Tx, me: Me, _: MyPersonId, request: Request, q: Annotated[str, Query(min_length=2, max_length=200)]
) -> Response:
    return one(request, DelegateCandidates(items=await delegates.candidates(db, me, q), next_cursor=None))


@router.get(
    "/me/delegated-pairs", operation_id="delegated_pairs_list", summary="Whose sessions I book",
    response_model=DelegatedPairPage, responses=faults(403),
)  # fmt: skip
async def list_delegated_pairs(db: Tx, me: Me, _: MyPersonId, request: Request) -> Response:
    return one(request, DelegatedPairPage(items=await delegates.pairs(db, me), next_cursor=None))


@router.get(
    "/sessions", operation_id="sessions_list", summary="My sessions, earliest first",
    response_model=MentoringSessionPage, responses=faults(403),
)  # fmt: skip
async def list_mine(
    db: Tx,
    me: Me,
    _: MyPersonId,
    page: SyncPage,
    request: Request,
    start: Annotated[Instant | None, Query(alias="from", description="that begin at or after this moment")] = None,
    end: Annotated[Instant | None, Query(alias="to", description="that begin before this moment")] = None,
) -> Response:
    items, following = await service.mine(db, me, page, start, end)
    return one(request, MentoringSessionPage(**page.page(items, following)))


@router.get(
    "/sessions/{session_id}", operation_id="sessions_get", summary="One session", response_model=MentoringSession,
    responses=faults(404),
)  # fmt: skip
async def get(session_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await service.read(db, me, session_id))


@router.patch(
    "/sessions/{session_id}", operation_id="sessions_change", summary="Change where a session is",
    response_model=MentoringSession, responses=faults(404, 409, 412, 428),
)  # fmt: skip
async def change(session_id: UUID, body: SessionPatch, version: IfMatch, db: Tx, me: Me, request: Request) -> Response:
    await service.change(db, me, session_id, version, body)
    return one(request, await service.read(db, me, session_id))


@router.get(
    "/sessions/{session_id}/agenda", operation_id="agendas_get", summary="What a session is about, with its kit",
    response_model=AgendaOut, responses=faults(404),
)  # fmt: skip
async def get_agenda(session_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await preparing.read(db, me, session_id))


@router.put(
    "/sessions/{session_id}/agenda", operation_id="agendas_write", summary="Write the agenda of a session, as mentor",
    response_model=MentoringSession, responses=faults(403, 404, 409),
)  # fmt: skip
async def write_agenda(session_id: UUID, body: AgendaIn, db: Tx, me: Me, request: Request) -> Response:
    await preparing.write_agenda(db, me, session_id, body.text)
    return one(request, await service.read(db, me, session_id))


@router.put(
    "/sessions/{session_id}/kit", operation_id="session_kits_choose", summary="Give a session another kit, as mentor",
    response_model=MentoringSession, responses=faults(403, 404, 409),
)  # fmt: skip
async def choose_kit(session_id: UUID, body: KitChoiceIn, db: Tx, me: Me, request: Request) -> Response:
    await preparing.choose_kit(db, me, session_id, body.kit)
    return one(request, await service.read(db, me, session_id))


@router.put(
    "/sessions/{session_id}/spark", operation_id="sparks_write", summary="Bring one question or idea, as executive",
    response_model=AgendaOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def write_spark(session_id: UUID, body: SparkIn, db: Tx, me: Me, request: Request) -> Response:
    await preparing.write_spark(db, me, session_id, body.text)
    return one(request, await preparing.read(db, me, session_id))


@router.get(
    "/sessions/{session_id}/moves", operation_id="session_moves_list", summary="How often a session moved, and when",
    response_model=SessionMovePage, responses=faults(404),
)  # fmt: skip
async def list_moves(session_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, SessionMovePage(items=await moving.moves(db, me, session_id), next_cursor=None))


@router.post(
    "/sessions/{session_id}/move", operation_id="sessions_move", summary="Propose other times",
    response_model=MentoringSession, responses=faults(404, 409),
)  # fmt: skip
async def move(session_id: UUID, body: SessionMoveIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: moving.move(db, me, session_id, body))
    return one(request, await service.read(db, me, session_id))


@router.post(
    "/sessions/{session_id}/schedule", operation_id="sessions_schedule", summary="Choose a proposed time",
    response_model=MentoringSession, responses=faults(404, 409),
)  # fmt: skip
async def schedule(
    session_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request, body: SessionScheduleIn | None = None
) -> Response:
    await once(lambda: moving.schedule(db, me, session_id, body or SessionScheduleIn()))
    return one(request, await service.read(db, me, session_id))


@router.post(
    "/sessions/{session_id}/hold", operation_id="sessions_hold", summary="Mark a session as held",
    response_model=MentoringSession, responses=faults(403, 404, 409),
)  # fmt: skip
async def hold(session_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.hold(db, me, session_id))
    return one(request, await service.read(db, me, session_id))


@router.post(
    "/sessions/{session_id}/miss", operation_id="sessions_miss", summary="Say that a session did not take place",
    response_model=MentoringSession, responses=faults(403, 404, 409),
)  # fmt: skip
async def miss(session_id: UUID, body: SessionMissIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.miss(db, me, session_id, body))
    return one(request, await service.read(db, me, session_id))


@router.post(
    "/sessions/{session_id}/cancel", operation_id="sessions_cancel", summary="Cancel a session",
    response_model=MentoringSession, responses=faults(403, 404, 409),
)  # fmt: skip
async def cancel(session_id: UUID, body: SessionCancelIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.cancel(db, me, session_id, body))
    return one(request, await service.read(db, me, session_id))
