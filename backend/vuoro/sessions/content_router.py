"""What a pair writes in and around its sessions over HTTP: notes, thoughts, action items, takeaways, thanks."""

from uuid import UUID

from fastapi import Request, Response

from vuoro.core.http import IfMatch, Me, MyPersonId, OnlyOnce, Tx, faults, one
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.core.sync import SyncPage
from vuoro.sessions import action_items, notes, takeaways, thanks, thoughts
from vuoro.sessions.content_schemas import (
    ActionItemIn,
    ActionItemOut,
    ActionItemPage,
    ActionItemPatch,
    ItemState,
    NoteIn,
    NoteOut,
    NotePage,
    NotePatch,
    TakeawayIn,
    TakeawayOut,
    TakeawayPage,
    TakeawayPatch,
    ThanksIn,
    ThanksOut,
    ThanksPage,
    ThoughtBoard,
    ThoughtIn,
    ThoughtMoveIn,
    ThoughtOut,
    ThoughtPatch,
)
from vuoro.sessions.states import Visibility

router = Router(prefix="/v1", tags=["sessions"])


@router.get(
    "/sessions/{session_id}/notes", operation_id="notes_list", summary="Notes that I may read, newest first",
    response_model=NotePage, responses=faults(404),
)  # fmt: skip
async def list_notes(session_id: UUID, db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await notes.search(db, me, session_id, page)
    return one(request, NotePage(items=items, next_cursor=following))


@router.post(
    "/sessions/{session_id}/notes", operation_id="notes_create", summary="Write a note, for me or for both",
    status_code=201, response_model=NoteOut, responses=faults(404, 409),
)  # fmt: skip
async def create_note(session_id: UUID, body: NoteIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    note_id = await once(lambda: notes.create(db, me, session_id, body))
    return one(request, await notes.get(db, me, note_id), 201)


@router.get(
    "/pairs/{pair_id}/notes", operation_id="pair_notes_list", summary="A pair's notes over time, newest first",
    response_model=NotePage, responses=faults(404),
)  # fmt: skip
async def list_notes_of_pair(
    pair_id: UUID, db: Tx, me: Me, page: Page, request: Request, visibility: Visibility | None = None
) -> Response:
    items, following = await notes.of_pair(db, me, pair_id, page, visibility)
    return one(request, NotePage(items=items, next_cursor=following))


@router.get(
    "/notes/{note_id}", operation_id="notes_get", summary="One note",
    response_model=NoteOut, responses=faults(404),
)  # fmt: skip
async def get_note(note_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await notes.get(db, me, note_id))


@router.patch(
    "/notes/{note_id}", operation_id="notes_change", summary="Rewrite my note",
    response_model=NoteOut, responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def change_note(note_id: UUID, body: NotePatch, version: IfMatch, db: Tx, me: Me, request: Request) -> Response:
    await notes.change(db, me, note_id, version, body)
    return one(request, await notes.get(db, me, note_id))


@router.delete(
    "/notes/{note_id}", operation_id="notes_delete", summary="Delete my note", status_code=204,
    responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def delete_note(note_id: UUID, version: IfMatch, db: Tx, me: Me) -> Response:
    await notes.remove(db, me, note_id, version)
    return Response(status_code=204)


@router.get(
    "/sessions/{session_id}/thoughts", operation_id="thoughts_list", summary="The thought board of a session, in order",
    response_model=ThoughtBoard, responses=faults(404),
)  # fmt: skip
async def list_thoughts(session_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, ThoughtBoard(items=await thoughts.board(db, me, session_id), next_cursor=None))


@router.post(
    "/sessions/{session_id}/thoughts", operation_id="thoughts_create", summary="Put a card on the thought board",
    status_code=201, response_model=ThoughtOut, responses=faults(404, 409),
)  # fmt: skip
async def create_thought(
    session_id: UUID, body: ThoughtIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    thought_id = await once(lambda: thoughts.create(db, me, session_id, body))
    return one(request, await thoughts.get(db, me, thought_id), 201)


@router.get(
    "/thoughts/{thought_id}", operation_id="thoughts_get", summary="One card of a thought board",
    response_model=ThoughtOut, responses=faults(404),
)  # fmt: skip
async def get_thought(thought_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await thoughts.get(db, me, thought_id))


@router.patch(
    "/thoughts/{thought_id}", operation_id="thoughts_change", summary="Rewrite my card",
    response_model=ThoughtOut, responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def change_thought(
    thought_id: UUID, body: ThoughtPatch, version: IfMatch, db: Tx, me: Me, request: Request
) -> Response:
    await thoughts.change(db, me, thought_id, version, body)
    return one(request, await thoughts.get(db, me, thought_id))


@router.delete(
    "/thoughts/{thought_id}", operation_id="thoughts_delete", summary="Take my card off the board", status_code=204,
    responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def delete_thought(thought_id: UUID, version: IfMatch, db: Tx, me: Me) -> Response:
    await thoughts.remove(db, me, thought_id, version)
    return Response(status_code=204)


@router.post(
    "/thoughts/{thought_id}/share", operation_id="thoughts_share", summary="Show my draft to both",
    response_model=ThoughtOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def share_thought(thought_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: thoughts.share(db, me, thought_id))
    return one(request, await thoughts.get(db, me, thought_id))


@router.post(
    "/thoughts/{thought_id}/move", operation_id="thoughts_move", summary="Put a card elsewhere, and see the board",
    response_model=ThoughtBoard, responses=faults(404, 409),
)  # fmt: skip
async def move_thought(
    thought_id: UUID, body: ThoughtMoveIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    session_id = await once(lambda: thoughts.move(db, me, thought_id, body))
    return one(request, ThoughtBoard(items=await thoughts.board(db, me, session_id), next_cursor=None))


@router.get(
    "/sessions/{session_id}/action-items", operation_id="action_items_list",
    summary="Promises made in a session, by their day", response_model=ActionItemPage, responses=faults(404),
)  # fmt: skip
async def list_action_items(session_id: UUID, db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await action_items.search(db, me, session_id, page)
    return one(request, ActionItemPage(items=items, next_cursor=following))


@router.post(
    "/sessions/{session_id}/action-items", operation_id="action_items_create", summary="Note a promise of either of us",
    status_code=201, response_model=ActionItemOut, responses=faults(404, 409),
)  # fmt: skip
async def create_action_item(
    session_id: UUID, body: ActionItemIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    item_id = await once(lambda: action_items.create(db, me, session_id, body))
    return one(request, await action_items.get(db, me, item_id), 201)


@router.get(
    "/pairs/{pair_id}/action-items", operation_id="pair_action_items_list", summary="A pair's promises, by their day",
    response_model=ActionItemPage, responses=faults(404),
)  # fmt: skip
async def list_action_items_of_pair(
    pair_id: UUID, db: Tx, me: Me, page: Page, request: Request, state: ItemState | None = None
) -> Response:
    items, following = await action_items.of_pair(db, me, pair_id, page, state)
    return one(request, ActionItemPage(items=items, next_cursor=following))


@router.get(
    "/action-items/{item_id}", operation_id="action_items_get", summary="One promise",
    response_model=ActionItemOut, responses=faults(404),
)  # fmt: skip
async def get_action_item(item_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await action_items.get(db, me, item_id))


@router.patch(
    "/action-items/{item_id}", operation_id="action_items_change", summary="Change a promise",
    response_model=ActionItemOut, responses=faults(404, 409, 412, 428),
)  # fmt: skip
async def change_action_item(
    item_id: UUID, body: ActionItemPatch, version: IfMatch, db: Tx, me: Me, request: Request
) -> Response:
    await action_items.change(db, me, item_id, version, body)
    return one(request, await action_items.get(db, me, item_id))


@router.delete(
    "/action-items/{item_id}", operation_id="action_items_delete", summary="Delete a promise", status_code=204,
    responses=faults(404, 409, 412, 428),
)  # fmt: skip
async def delete_action_item(item_id: UUID, version: IfMatch, db: Tx, me: Me) -> Response:
    await action_items.remove(db, me, item_id, version)
    return Response(status_code=204)


@router.post(
    "/action-items/{item_id}/finish", operation_id="action_items_finish", summary="Tick a promise off",
    response_model=ActionItemOut, responses=faults(404, 409),
)  # fmt: skip
async def finish_action_item(item_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: action_items.finish(db, me, item_id))
    return one(request, await action_items.get(db, me, item_id))


@router.post(
    "/action-items/{item_id}/reopen", operation_id="action_items_reopen", summary="Take a tick back",
    response_model=ActionItemOut, responses=faults(404, 409),
)  # fmt: skip
async def reopen_action_item(item_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: action_items.reopen(db, me, item_id))
    return one(request, await action_items.get(db, me, item_id))


@router.get(
    "/sessions/{session_id}/takeaways", operation_id="takeaways_list", summary="Takeaways of a session that I may read",
    response_model=TakeawayPage, responses=faults(404),
)  # fmt: skip
async def list_takeaways(session_id: UUID, db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await takeaways.search(db, me, session_id, page)
    return one(request, TakeawayPage(**page.page(items, following)))


@router.post(
    "/sessions/{session_id}/takeaways", operation_id="takeaways_create", summary="Write what I take along",
    status_code=201, response_model=TakeawayOut, responses=faults(404, 409),
)  # fmt: skip
async def create_takeaway(
    session_id: UUID, body: TakeawayIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    takeaway_id = await once(lambda: takeaways.create(db, me, session_id, body))
    return one(request, await takeaways.get(db, me, takeaway_id), 201)


@router.get(
    "/me/takeaways", operation_id="my_takeaways_list", summary="What I have learned, over all my pairs",
    response_model=TakeawayPage, responses=faults(403),
)  # fmt: skip
async def list_my_takeaways(db: Tx, me: Me, _: MyPersonId, page: SyncPage, request: Request) -> Response:
    items, following = await takeaways.mine(db, me, page)
    return one(request, TakeawayPage(**page.page(items, following)))


@router.get(
    "/takeaways/{takeaway_id}", operation_id="takeaways_get", summary="One takeaway",
    response_model=TakeawayOut, responses=faults(404),
)  # fmt: skip
async def get_takeaway(takeaway_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await takeaways.get(db, me, takeaway_id))


@router.patch(
    "/takeaways/{takeaway_id}", operation_id="takeaways_change", summary="Change my takeaway, share it or take it back",
    response_model=TakeawayOut, responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def change_takeaway(
    takeaway_id: UUID, body: TakeawayPatch, version: IfMatch, db: Tx, me: Me, request: Request
) -> Response:
    await takeaways.change(db, me, takeaway_id, version, body)
    return one(request, await takeaways.get(db, me, takeaway_id))


@router.delete(
    "/takeaways/{takeaway_id}", operation_id="takeaways_delete", summary="Delete my takeaway", status_code=204,
    responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def delete_takeaway(takeaway_id: UUID, version: IfMatch, db: Tx, me: Me) -> Response:
    await takeaways.remove(db, me, takeaway_id, version)
    return Response(status_code=204)


@router.get(
    "/pairs/{pair_id}/thanks", operation_id="thanks_list", summary="What the two thanked each other for, newest first",
    response_model=ThanksPage, responses=faults(404),
)  # fmt: skip
async def list_thanks(pair_id: UUID, db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await thanks.search(db, me, pair_id, page)
    return one(request, ThanksPage(items=items, next_cursor=following))


@router.post(
    "/pairs/{pair_id}/thanks", operation_id="thanks_give", summary="Thank the other one",
    status_code=201, response_model=ThanksOut, responses=faults(404, 409),
)  # fmt: skip
async def give_thanks(pair_id: UUID, body: ThanksIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    thanks_id = await once(lambda: thanks.give(db, me, pair_id, body))
    return one(request, await thanks.get(db, me, thanks_id), 201)


@router.get(
    "/thanks/{thanks_id}", operation_id="thanks_get", summary="One thank-you",
    response_model=ThanksOut, responses=faults(404),
)  # fmt: skip
async def get_thanks(thanks_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await thanks.get(db, me, thanks_id))


@router.delete(
    "/thanks/{thanks_id}", operation_id="thanks_delete", summary="Take my thank-you back", status_code=204,
    responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def delete_thanks(thanks_id: UUID, version: IfMatch, db: Tx, me: Me) -> Response:
    await thanks.remove(db, me, thanks_id, version)
    return Response(status_code=204)
