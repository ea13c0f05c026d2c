"""Pairs over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from vuoro.core.http import Me, OnlyOnce, Tx, faults, one
from vuoro.core.page import Page
from vuoro.pairs import overrides, service
from vuoro.pairs.schemas import AgreementOut, MentoringPair, OverrideIn, PairHistory, PairPage
from vuoro.pairs.states import PairState

router = APIRouter(prefix="/v1", tags=["pairs"])


@router.get(
    "/pairs", operation_id="pairs_list", summary="Pairs that I may see", response_model=PairPage, responses=faults()
)
async def list_pairs(
    db: Tx,
    me: Me,
    page: Page,
    request: Request,
    program_id: Annotated[UUID | None, Query()] = None,
    state: PairState | None = None,
    mine: bool = False,
    needs_care: bool = False,
) -> Response:
    items, following = await service.search(
        db, me, page, program_id=program_id, state=state, mine=mine, needs_care=needs_care
    )
    return one(request, PairPage(items=items, next_cursor=following))


@router.get(
    "/pairs/{pair_id}",
    operation_id="pairs_get",
    summary="One pair",
    response_model=MentoringPair,
    responses=faults(404),
)
async def get(pair_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await service.get(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/accept", operation_id="pairs_accept", summary="Say yes", response_model=MentoringPair,
    responses=faults(404, 409),
)  # fmt: skip
async def accept(pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.accept(db, me, pair_id))
    return one(request, await service.get(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/decline", operation_id="pairs_decline", summary="Say no, without a reason",
    response_model=MentoringPair, responses=faults(404, 409),
)  # fmt: skip
async def decline(pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.decline(db, me, pair_id))
    return one(request, await service.get(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/pause", operation_id="pairs_pause", summary="Take a break", response_model=MentoringPair,
    responses=faults(404, 409),
)  # fmt: skip
async def pause(pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.pause(db, me, pair_id))
    return one(request, await service.get(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/resume", operation_id="pairs_resume", summary="Go on after a break", response_model=MentoringPair,
    responses=faults(404, 409),
)  # fmt: skip
async def resume(pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.resume(db, me, pair_id))
    return one(request, await service.get(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/end", operation_id="pairs_end", summary="Leave, without a reason", response_model=MentoringPair,
    responses=faults(404, 409),
)  # fmt: skip
async def end(pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.end(db, me, pair_id))
    return one(request, await service.get(db, me, pair_id))


@router.get(
    "/pairs/{pair_id}/agreement", operation_id="agreements_get", summary="What the two sign",
    response_model=AgreementOut, responses=faults(404),
)  # fmt: skip
async def agreement(pair_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await service.read_agreement(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/agreement/sign", operation_id="agreements_sign", summary="Sign the agreement",
    response_model=MentoringPair, responses=faults(404, 409),
)  # fmt: skip
async def sign(pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.sign(db, me, pair_id))
    return one(request, await service.get(db, me, pair_id))


@router.get(
    "/pairs/{pair_id}/history", operation_id="pairs_history", summary="A pair's steps", response_model=PairHistory,
    responses=faults(404),
)  # fmt: skip
async def history(pair_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await service.history(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/override", operation_id="overrides_request", status_code=201, response_model=MentoringPair,
    summary="Ask for an exception: the first of two managers", responses=faults(403, 404, 409),
)  # fmt: skip
async def request_override(
    pair_id: UUID, body: OverrideIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    await once(lambda: overrides.request(db, me, pair_id, body.reason))
    return one(request, await service.get(db, me, pair_id), 201)


@router.post(
    "/pairs/{pair_id}/override/confirm", operation_id="overrides_confirm", response_model=MentoringPair,
    summary="Agree to an exception: the second of two managers", responses=faults(403, 404, 409),
)  # fmt: skip
async def confirm_override(pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: overrides.confirm(db, me, pair_id))
    return one(request, await service.get(db, me, pair_id))


@router.delete(
    "/pairs/{pair_id}/override", operation_id="overrides_withdraw", status_code=204,
    summary="Take an exception back before the mentor has answered", responses=faults(403, 404, 409),
)  # fmt: skip
async def withdraw_override(pair_id: UUID, db: Tx, me: Me) -> Response:
    await overrides.withdraw(db, me, pair_id)
    return Response(status_code=204)


@router.post(
    "/pairs/{pair_id}/lift", operation_id="pairs_lift", response_model=MentoringPair,
    summary="The conflict is gone: ask the mentor whether to go on", responses=faults(403, 404, 409),
)  # fmt: skip
async def lift(pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: overrides.lift(db, me, pair_id))
    return one(request, await service.get(db, me, pair_id))
