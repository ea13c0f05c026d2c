"""Pairs over HTTP."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from vuoro.core.db import Db
from vuoro.core.errors import IllegalTransition
from vuoro.core.history import looked
from vuoro.core.http import IfMatch, Me, OnlyOnce, Tx, faults, one
from vuoro.core.middleware import problem_response
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.core.sync import SyncPage
from vuoro.pairs import agreement, answers, closing, first_contact, goals, leaving, overrides, service, sharing, staying
from vuoro.pairs.boundaries import BoundariesOut
from vuoro.pairs.boundaries import read as read_boundaries
from vuoro.pairs.schemas import (
    AgreementOut,
    AgreementSignIn,
    GoalIn,
    GoalOut,
    GoalPage,
    GoalPatch,
    MentoringPair,
    OverrideIn,
    PairCloseIn,
    PairHistory,
    PairPage,
    PairPauseIn,
    SharingIn,
    StayIn,
)
from vuoro.pairs.states import PairState

router = Router(prefix="/v1", tags=["pairs"])


async def looked_at(db: Db, pairs: Iterable[MentoringPair], program_id: UUID | None) -> None:
    """Write down that somebody other than the two reads pairs."""
    people = [one.id for pair in pairs if pair.my_side is None for one in (pair.mentor, pair.mentee)]
    await looked(db, "participation", people, program_id=program_id)


@router.get(
    "/pairs", operation_id="pairs_list", summary="Pairs that I may see", response_model=PairPage, responses=faults()
)
async def list_pairs(
    db: Tx,
    me: Me,
    page: SyncPage,
    request: Request,
    program_id: Annotated[UUID | None, Query()] = None,
    state: PairState | None = None,
    mine: bool = False,
    needs_care: bool = False,
) -> Response:
    items, following = await service.search(
        db, me, page, program_id=program_id, state=state, mine=mine, needs_care=needs_care
    )
    await looked_at(db, items, program_id)
    return one(request, PairPage(**page.page(items, following)))


@router.get(
    "/pairs/{pair_id}",
    operation_id="pairs_get",
    summary="One pair",
    response_model=MentoringPair,
    responses=faults(404),
)
async def get(pair_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    pair = await service.get(db, me, pair_id)
    await looked_at(db, [pair], pair.program_id)
    return one(request, pair)


@router.post(
    "/pairs/{pair_id}/accept", operation_id="pairs_accept", summary="Say yes", response_model=MentoringPair,
    responses=faults(404, 409),
)  # fmt: skip
async def accept(pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: answers.accept(db, me, pair_id))
    if await answers.came_late(db, me, pair_id):
        # answered rather than raised: that the offer has run out for this caller is kept
        return problem_response(IllegalTransition("expired", []), request.state.request_id)
    return one(request, await service.get(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/decline",
    operation_id="pairs_decline",
    summary="Say no, without a reason",
    response_model=MentoringPair,
    responses=faults(404, 409),
)
async def decline(pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: answers.decline(db, me, pair_id))
    return one(request, await service.get(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/pause", operation_id="pairs_pause", summary="Take a break", response_model=MentoringPair,
    responses=faults(404, 409),
)  # fmt: skip
async def pause(
    pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request, body: PairPauseIn | None = None
) -> Response:
    await once(lambda: leaving.pause(db, me, pair_id, body.until if body else None))
    return one(request, await service.get(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/resume", operation_id="pairs_resume", summary="Go on after a break", response_model=MentoringPair,
    responses=faults(404, 409),
)  # fmt: skip
async def resume(pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: leaving.resume(db, me, pair_id))
    return one(request, await service.get(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/end", operation_id="pairs_end", summary="Leave, without a reason", response_model=MentoringPair,
    responses=faults(404, 409),
)  # fmt: skip
async def end(pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: leaving.end(db, me, pair_id))
    return one(request, await service.get(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/rematch",
    operation_id="pairs_rematch",
    summary="Wish for another pair",
    response_model=MentoringPair,
    responses=faults(404, 409),
)
async def rematch(pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: leaving.rematch(db, me, pair_id))
    return one(request, await service.get(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/close",
    operation_id="pairs_close",
    summary="Complete a pair that closes",
    response_model=MentoringPair,
    responses=faults(403, 404, 409),
)
async def close(
    pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request, body: PairCloseIn | None = None
) -> Response:
    await once(lambda: closing.close(db, me, pair_id, body.commitment if body else None))
    return one(request, await service.get(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/stay-in-touch",
    operation_id="pairs_stay_in_touch",
    summary="Say whether one would stay in touch, which the other does not read",
    response_model=MentoringPair,
    responses=faults(404, 409),
)
async def stay_in_touch(pair_id: UUID, body: StayIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: staying.choose(db, me, pair_id, yes=body.yes))
    return one(request, await service.get(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/first-contact",
    operation_id="pairs_first_contact",
    summary="Say that the mentee has got in touch",
    response_model=MentoringPair,
    responses=faults(403, 404, 409),
)
async def contact(pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: first_contact.mark_made(db, me, pair_id))
    return one(request, await service.get(db, me, pair_id))


@router.put(
    "/pairs/{pair_id}/sharing",
    operation_id="pairs_share",
    summary="Let machines see the pair, or no longer (the mentor's choice)",
    response_model=MentoringPair,
    responses=faults(403, 404, 409),
)
async def share(pair_id: UUID, body: SharingIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: sharing.allow(db, me, pair_id, allowed=body.allowed))
    return one(request, await service.get(db, me, pair_id))


@router.get(
    "/pairs/{pair_id}/agreement", operation_id="agreements_get", summary="What the two sign",
    response_model=AgreementOut, responses=faults(404),
)  # fmt: skip
async def read_agreement(pair_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await agreement.read(db, me, pair_id))


@router.post(
    "/pairs/{pair_id}/agreement/sign", operation_id="agreements_sign", summary="Sign the agreement",
    response_model=MentoringPair, responses=faults(404, 409),
)  # fmt: skip
async def sign(
    pair_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request, _: AgreementSignIn | None = None
) -> Response:
    await once(lambda: agreement.sign(db, me, pair_id))
    return one(request, await service.get(db, me, pair_id))


@router.get(
    "/pairs/{pair_id}/goals", operation_id="goals_list", summary="Goals of both sides", response_model=GoalPage,
    responses=faults(404),
)  # fmt: skip
async def list_goals(pair_id: UUID, db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await goals.search(db, me, pair_id, page)
    return one(request, GoalPage(items=items, next_cursor=following))


@router.post(
    "/pairs/{pair_id}/goals", operation_id="goals_create", summary="Set a goal of one's own", status_code=201,
    response_model=GoalOut, responses=faults(404, 409),
)  # fmt: skip
async def create_goal(pair_id: UUID, body: GoalIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    goal_id = await once(lambda: goals.create(db, me, pair_id, body))
    return one(request, await goals.get(db, me, pair_id, goal_id), 201)


@router.get(
    "/pairs/{pair_id}/goals/{goal_id}", operation_id="goals_get", summary="One goal", response_model=GoalOut,
    responses=faults(404),
)  # fmt: skip
async def get_goal(pair_id: UUID, goal_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await goals.get(db, me, pair_id, goal_id))


@router.patch(
    "/pairs/{pair_id}/goals/{goal_id}", operation_id="goals_change", summary="Change a goal of one's own",
    response_model=GoalOut, responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def change_goal(
    pair_id: UUID, goal_id: UUID, body: GoalPatch, version: IfMatch, db: Tx, me: Me, request: Request
) -> Response:
    await goals.change(db, me, pair_id, goal_id, version, body)
    return one(request, await goals.get(db, me, pair_id, goal_id))


@router.delete(
    "/pairs/{pair_id}/goals/{goal_id}", operation_id="goals_delete", summary="Take a goal of one's own away",
    status_code=204, responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def delete_goal(pair_id: UUID, goal_id: UUID, version: IfMatch, db: Tx, me: Me) -> None:
    await goals.remove(db, me, pair_id, goal_id, version)


@router.get(
    "/pairs/{pair_id}/history", operation_id="pairs_history", summary="A pair's steps", response_model=PairHistory,
    responses=faults(404),
)  # fmt: skip
async def history(pair_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await service.history(db, me, pair_id))


@router.get(
    "/pairs/{pair_id}/boundaries", operation_id="pairs_boundaries", summary="What the mentor keeps out of the talks",
    response_model=BoundariesOut, responses=faults(404, 409),
)  # fmt: skip
async def boundaries(pair_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await read_boundaries(db, me, pair_id))


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
