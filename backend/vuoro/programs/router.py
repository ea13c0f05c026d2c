"""Programs and enrollments over HTTP."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from vuoro.core.http import IfMatch, Me, OnlyOnce, Search, Tx, faults, one
from vuoro.core.page import Page
from vuoro.programs import enrollments, service
from vuoro.programs.schemas import (
    EnrollmentIn,
    EnrollmentOut,
    EnrollmentPage,
    EnrollmentPatch,
    ProgramIn,
    ProgramOut,
    ProgramPage,
    ProgramPatch,
    TransitionIn,
)
from vuoro.programs.states import EnrollmentState, Side
from vuoro.programs.templates import ProgramTemplatePage, templates

router = APIRouter(prefix="/v1", tags=["programs"])


@router.get(
    "/program-templates", operation_id="program_templates_list", summary="Kinds of programmes to start from",
    response_model=ProgramTemplatePage, responses=faults(),
)  # fmt: skip
async def list_templates(_: Me, request: Request) -> Response:
    return one(request, ProgramTemplatePage(items=list(templates().values()), next_cursor=None))


@router.get(
    "/programs", operation_id="programs_list", summary="Programmes that I may see", response_model=ProgramPage,
    responses=faults(),
)  # fmt: skip
async def list_programs(db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await service.search(db, me, page)
    return one(request, ProgramPage(items=items, next_cursor=following))


@router.post(
    "/programs", operation_id="programs_create", summary="Start a programme from a template", status_code=201,
    response_model=ProgramOut, responses=faults(403),
)  # fmt: skip
async def create(body: ProgramIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    program_id = await once(lambda: service.create(db, me, body))
    # the maker became its manager in this very transaction
    return one(request, await service.get(db, service.as_maker(me, program_id), program_id), 201)


@router.get(
    "/programs/{program_id}", operation_id="programs_get", summary="One programme", response_model=ProgramOut,
    responses=faults(404),
)  # fmt: skip
async def get(program_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await service.get(db, me, program_id))


@router.patch(
    "/programs/{program_id}", operation_id="programs_change", summary="Change a programme", response_model=ProgramOut,
    responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def change(program_id: UUID, body: ProgramPatch, version: IfMatch, db: Tx, me: Me, request: Request) -> Response:
    await service.change(db, me, program_id, version, body)
    return one(request, await service.get(db, me, program_id))


@router.post(
    "/programs/{program_id}/transitions", operation_id="programs_transition", summary="Move a programme on",
    response_model=ProgramOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def transition(
    program_id: UUID, body: TransitionIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    await once(lambda: service.transition(db, me, program_id, body.to))
    return one(request, await service.get(db, me, program_id))


@router.get(
    "/programs/{program_id}/enrollments", operation_id="enrollments_list", summary="Who takes part",
    response_model=EnrollmentPage, responses=faults(404),
)  # fmt: skip
async def list_enrollments(
    program_id: UUID,
    db: Tx,
    me: Me,
    page: Page,
    request: Request,
    q: Search = None,
    role: Side | None = None,
    state: EnrollmentState | None = None,
) -> Response:
    items, following = await enrollments.search(db, me, program_id, page, role=role, state=state, q=q)
    return one(request, EnrollmentPage(items=items, next_cursor=following))


@router.post(
    "/programs/{program_id}/enrollments", operation_id="enrollments_create", summary="Enroll a person", status_code=201,
    response_model=EnrollmentOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def enroll(program_id: UUID, body: EnrollmentIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    enrollment_id = await once(lambda: enrollments.enroll(db, me, program_id, body))
    return one(request, await enrollments.get(db, me, enrollment_id), 201)


@router.get(
    "/enrollments/{enrollment_id}", operation_id="enrollments_get", summary="One enrollment",
    response_model=EnrollmentOut, responses=faults(404),
)  # fmt: skip
async def get_enrollment(enrollment_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await enrollments.get(db, me, enrollment_id))


@router.patch(
    "/enrollments/{enrollment_id}", operation_id="enrollments_change", summary="Change what somebody brings",
    response_model=EnrollmentOut, responses=faults(403, 404, 412, 428),
)  # fmt: skip
async def change_enrollment(
    enrollment_id: UUID, body: EnrollmentPatch, version: IfMatch, db: Tx, me: Me, request: Request
) -> Response:
    await enrollments.change(db, me, enrollment_id, version, body)
    return one(request, await enrollments.get(db, me, enrollment_id))


EnrollmentId = Annotated[UUID, Path()]


def _step(verb: str, to: str, summary: str) -> Callable[..., Awaitable[Any]]:
    async def act(enrollment_id: EnrollmentId, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
        await once(lambda: enrollments.move(db, me, enrollment_id, to))
        return one(request, await enrollments.get(db, me, enrollment_id))

    router.add_api_route(
        f"/enrollments/{{enrollment_id}}/{verb}", act, methods=["POST"], operation_id=f"enrollments_{verb}",
        summary=summary, response_model=EnrollmentOut, responses=faults(404, 409),
    )  # fmt: skip
    return act


_step("approve", "approved", "Let somebody take part")
_step("decline", "declined", "Say no to somebody, or to an invitation")
_step("waitlist", "waitlisted", "Put somebody on the waiting list")
_step("pause", "paused", "Pause somebody's part")
_step("withdraw", "withdrawn", "Leave the programme")


@router.post(
    "/enrollments/{enrollment_id}/complete-primer", operation_id="enrollments_complete_primer",
    summary="Finish the primer", response_model=EnrollmentOut, responses=faults(403, 404),
)  # fmt: skip
async def complete_primer(enrollment_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: enrollments.complete_primer(db, me, enrollment_id))
    return one(request, await enrollments.get(db, me, enrollment_id))
