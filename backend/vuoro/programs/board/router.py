"""What everybody of a program reads, over HTTP: announcements, gatherings, challenges."""

from uuid import UUID

from fastapi import Request, Response

from vuoro.core.http import IfMatch, Me, OnlyOnce, Tx, faults, one
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.core.sync import SyncPage
from vuoro.programs.board import announcements, challenges, program_events
from vuoro.programs.board.schemas import (
    AnnouncementIn,
    AnnouncementOut,
    AnnouncementPage,
    AnnouncementPatch,
    AttendanceIn,
    ChallengeIn,
    ChallengeOut,
    ChallengePage,
    ChallengePatch,
    ProgramEventIn,
    ProgramEventOut,
    ProgramEventPage,
    ProgramEventPatch,
)
from vuoro.programs.models import ProgramEventKind
from vuoro.programs.states import AnnouncementState, ChallengeState

router = Router(prefix="/v1", tags=["programs"])


@router.get(
    "/programs/{program_id}/announcements", operation_id="announcements_list", summary="What was announced to me",
    response_model=AnnouncementPage, responses=faults(404),
)  # fmt: skip
async def list_announcements(
    program_id: UUID, db: Tx, me: Me, page: SyncPage, request: Request, state: AnnouncementState | None = None
) -> Response:
    items, following = await announcements.search(db, me, program_id, page, state)
    return one(request, AnnouncementPage(**page.page(items, following)))


@router.post(
    "/programs/{program_id}/announcements", operation_id="announcements_create", summary="Write an announcement",
    status_code=201, response_model=AnnouncementOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def create_announcement(
    program_id: UUID, body: AnnouncementIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    id = await once(lambda: announcements.create(db, me, program_id, body))
    return one(request, await announcements.get(db, me, id), 201)


@router.get(
    "/announcements/{announcement_id}", operation_id="announcements_get", summary="One announcement",
    response_model=AnnouncementOut, responses=faults(404),
)  # fmt: skip
async def get_announcement(announcement_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await announcements.get(db, me, announcement_id))


@router.patch(
    "/announcements/{announcement_id}", operation_id="announcements_change",
    summary="Change what is not published yet", response_model=AnnouncementOut,
    responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def change_announcement(
    announcement_id: UUID, body: AnnouncementPatch, version: IfMatch, db: Tx, me: Me, request: Request
) -> Response:
    await announcements.change(db, me, announcement_id, version, body)
    return one(request, await announcements.get(db, me, announcement_id))


@router.post(
    "/announcements/{announcement_id}/publish", operation_id="announcements_publish", summary="Publish now",
    response_model=AnnouncementOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def publish_announcement(announcement_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: announcements.publish(db, me, announcement_id))
    return one(request, await announcements.get(db, me, announcement_id))


@router.post(
    "/announcements/{announcement_id}/withdraw", operation_id="announcements_withdraw",
    summary="Take an announcement back", response_model=AnnouncementOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def withdraw_announcement(announcement_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: announcements.withdraw(db, me, announcement_id))
    return one(request, await announcements.get(db, me, announcement_id))


@router.get(
    "/programs/{program_id}/events", operation_id="program_events_list", summary="Gatherings of a programme",
    response_model=ProgramEventPage, responses=faults(404),
)  # fmt: skip
async def list_events(
    program_id: UUID, db: Tx, me: Me, page: Page, request: Request, kind: ProgramEventKind | None = None
) -> Response:
    items, following = await program_events.search(db, me, program_id, page, kind)
    return one(request, ProgramEventPage(items=items, next_cursor=following))


@router.post(
    "/programs/{program_id}/events", operation_id="program_events_create", summary="Plan a gathering",
    status_code=201, response_model=ProgramEventOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def create_event(
    program_id: UUID, body: ProgramEventIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    id = await once(lambda: program_events.create(db, me, program_id, body))
    return one(request, await program_events.get(db, me, id), 201)


@router.get(
    "/program-events/{event_id}", operation_id="program_events_get", summary="One gathering",
    response_model=ProgramEventOut, responses=faults(404),
)  # fmt: skip
async def get_event(event_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await program_events.get(db, me, event_id))


@router.patch(
    "/program-events/{event_id}", operation_id="program_events_change", summary="Change a gathering",
    response_model=ProgramEventOut, responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def change_event(
    event_id: UUID, body: ProgramEventPatch, version: IfMatch, db: Tx, me: Me, request: Request
) -> Response:
    await program_events.change(db, me, event_id, version, body)
    return one(request, await program_events.get(db, me, event_id))


@router.delete(
    "/program-events/{event_id}", operation_id="program_events_cancel", summary="Cancel a gathering",
    status_code=204, responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def cancel_event(event_id: UUID, version: IfMatch, db: Tx, me: Me) -> Response:
    await program_events.cancel(db, me, event_id, version)
    return Response(status_code=204)


@router.post(
    "/program-events/{event_id}/attendance", operation_id="program_events_attend", summary="Say whether I come",
    response_model=ProgramEventOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def attend(event_id: UUID, body: AttendanceIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: program_events.attend(db, me, event_id, body))
    return one(request, await program_events.get(db, me, event_id))


@router.get(
    "/programs/{program_id}/challenges", operation_id="challenges_list", summary="What executives want to understand",
    response_model=ChallengePage, responses=faults(404),
)  # fmt: skip
async def list_challenges(
    program_id: UUID, db: Tx, me: Me, page: Page, request: Request, state: ChallengeState | None = None
) -> Response:
    items, following = await challenges.search(db, me, program_id, page, state)
    return one(request, ChallengePage(items=items, next_cursor=following))


@router.post(
    "/programs/{program_id}/challenges", operation_id="challenges_post", summary="Post a challenge",
    status_code=201, response_model=ChallengeOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def post_challenge(
    program_id: UUID, body: ChallengeIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    id = await once(lambda: challenges.post(db, me, program_id, body))
    return one(request, await challenges.get(db, me, id), 201)


@router.get(
    "/challenges/{challenge_id}", operation_id="challenges_get", summary="One challenge",
    response_model=ChallengeOut, responses=faults(404),
)  # fmt: skip
async def get_challenge(challenge_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await challenges.get(db, me, challenge_id))


@router.patch(
    "/challenges/{challenge_id}", operation_id="challenges_change", summary="Edit, close or reopen a challenge",
    response_model=ChallengeOut, responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def change_challenge(
    challenge_id: UUID, body: ChallengePatch, version: IfMatch, db: Tx, me: Me, request: Request
) -> Response:
    await challenges.change(db, me, challenge_id, version, body)
    return one(request, await challenges.get(db, me, challenge_id))
