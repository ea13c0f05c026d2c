"""Idea seeds and candid messages over HTTP."""

from uuid import UUID

from fastapi import Request, Response

from vuoro.core import clock
from vuoro.core.http import IfMatch, Me, MyPersonId, OnlyOnce, Tx, faults, one
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.core.sync import SyncPage
from vuoro.insights import candid, prompts, seeds
from vuoro.insights.schemas import (
    CandidAnswerIn,
    CandidMessageIn,
    CandidMessageOut,
    CandidMessagePage,
    CandidMessagePatch,
    IdeaSeedBringIn,
    IdeaSeedIn,
    IdeaSeedOut,
    IdeaSeedPage,
    IdeaSeedPatch,
    SeedPrompts,
)
from vuoro.insights.states import CandidState

router = Router(prefix="/v1", tags=["insights"])


@router.get(
    "/idea-seeds/prompts", operation_id="idea_seed_prompts_list", summary="My three tiny questions of this week",
    response_model=SeedPrompts, responses=faults(403),
)  # fmt: skip
async def list_prompts(person_id: MyPersonId, request: Request) -> Response:
    return one(request, prompts.of_week(person_id, clock.now().date()))


@router.get(
    "/idea-seeds", operation_id="idea_seeds_list", summary="My seeds, newest first", response_model=IdeaSeedPage,
    responses=faults(403),
)  # fmt: skip
async def list_seeds(
    db: Tx, me: Me, _: MyPersonId, page: SyncPage, request: Request, brought: bool | None = None
) -> Response:
    items, following = await seeds.search(db, me, page, brought)
    return one(request, IdeaSeedPage(**page.page(items, following), count=await seeds.seeds_count(db, me)))


@router.post(
    "/idea-seeds", operation_id="idea_seeds_create", summary="Keep a seed", status_code=201,
    response_model=IdeaSeedOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def create_seed(body: IdeaSeedIn, db: Tx, me: Me, _: MyPersonId, once: OnlyOnce, request: Request) -> Response:
    seed_id = await once(lambda: seeds.create(db, me, body))
    return one(request, await seeds.get(db, me, seed_id), 201)


@router.get(
    "/idea-seeds/{seed_id}", operation_id="idea_seeds_get", summary="One seed of mine", response_model=IdeaSeedOut,
    responses=faults(404),
)  # fmt: skip
async def get_seed(seed_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await seeds.get(db, me, seed_id))


@router.patch(
    "/idea-seeds/{seed_id}", operation_id="idea_seeds_change", summary="Rewrite my seed", response_model=IdeaSeedOut,
    responses=faults(404, 412, 428),
)  # fmt: skip
async def change_seed(
    seed_id: UUID, body: IdeaSeedPatch, version: IfMatch, db: Tx, me: Me, request: Request
) -> Response:
    await seeds.change(db, me, seed_id, version, body)
    return one(request, await seeds.get(db, me, seed_id))


@router.delete(
    "/idea-seeds/{seed_id}", operation_id="idea_seeds_delete", summary="Throw my seed away", status_code=204,
    responses=faults(404, 412, 428),
)  # fmt: skip
async def delete_seed(seed_id: UUID, version: IfMatch, db: Tx, me: Me) -> Response:
    await seeds.remove(db, me, seed_id, version)
    return Response(status_code=204)


@router.post(
    "/idea-seeds/{seed_id}/bring", operation_id="idea_seeds_bring", summary="Put my seed on a session's thought board",
    response_model=IdeaSeedOut, responses=faults(404, 409),
)  # fmt: skip
async def bring_seed(
    seed_id: UUID, body: IdeaSeedBringIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    await once(lambda: seeds.bring(db, me, seed_id, body))
    return one(request, await seeds.get(db, me, seed_id))


@router.get(
    "/candid-messages", operation_id="candid_messages_list", summary="Candid messages that I wrote or was given",
    response_model=CandidMessagePage, responses=faults(403),
)  # fmt: skip
async def list_candid(
    db: Tx,
    me: Me,
    _: MyPersonId,
    page: Page,
    request: Request,
    pair_id: UUID | None = None,
    mine: bool | None = None,
    state: CandidState | None = None,
) -> Response:
    items, following = await candid.search(db, me, page, pair_id=pair_id, mine=mine, state=state)
    return one(request, CandidMessagePage(items=items, next_cursor=following))


@router.post(
    "/candid-messages", operation_id="candid_messages_create", summary="Keep a candid message, or give it at once",
    status_code=201, response_model=CandidMessageOut, responses=faults(404, 409),
)  # fmt: skip
async def create_candid(body: CandidMessageIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    message_id = await once(lambda: candid.create(db, me, body))
    return one(request, await candid.get(db, me, message_id), 201)


@router.get(
    "/candid-messages/{message_id}", operation_id="candid_messages_get", summary="One candid message",
    response_model=CandidMessageOut, responses=faults(404),
)  # fmt: skip
async def get_candid(message_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await candid.get(db, me, message_id))


@router.patch(
    "/candid-messages/{message_id}", operation_id="candid_messages_change", summary="Work on my draft",
    response_model=CandidMessageOut, responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def change_candid(
    message_id: UUID, body: CandidMessagePatch, version: IfMatch, db: Tx, me: Me, request: Request
) -> Response:
    await candid.change(db, me, message_id, version, body)
    return one(request, await candid.get(db, me, message_id))


@router.delete(
    "/candid-messages/{message_id}", operation_id="candid_messages_delete", summary="Throw my draft away",
    status_code=204, responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def delete_candid(message_id: UUID, version: IfMatch, db: Tx, me: Me) -> Response:
    await candid.remove(db, me, message_id, version)
    return Response(status_code=204)


@router.post(
    "/candid-messages/{message_id}/give", operation_id="candid_messages_give", summary="Let the other one read it",
    response_model=CandidMessageOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def give_candid(message_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: candid.give(db, me, message_id))
    return one(request, await candid.get(db, me, message_id))


@router.post(
    "/candid-messages/{message_id}/withdraw", operation_id="candid_messages_withdraw",
    summary="Take back a message that was not answered yet", response_model=CandidMessageOut,
    responses=faults(403, 404, 409),
)  # fmt: skip
async def withdraw_candid(message_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: candid.withdraw(db, me, message_id))
    return one(request, await candid.get(db, me, message_id))


@router.post(
    "/candid-messages/{message_id}/answer", operation_id="candid_messages_answer", summary="Heard, or will try",
    response_model=CandidMessageOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def answer_candid(
    message_id: UUID, body: CandidAnswerIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    await once(lambda: candid.answer(db, me, message_id, body))
    return one(request, await candid.get(db, me, message_id))
