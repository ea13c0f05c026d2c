"""Programs over HTTP."""

from uuid import UUID

from fastapi import Request, Response

from vuoro.core.http import IfMatch, Me, OnlyOnce, Tx, faults, one
from vuoro.core.routing import Router
from vuoro.core.sync import SyncPage
from vuoro.programs import service, terms
from vuoro.programs.schemas import (
    ProgramIn,
    ProgramOut,
    ProgramPage,
    ProgramPatch,
    ProgramTermsIn,
    ProgramTermsOut,
    TransitionIn,
)
from vuoro.programs.templates import ProgramTemplatePage, templates

router = Router(prefix="/v1", tags=["programs"])


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
async def list_programs(db: Tx, me: Me, page: SyncPage, request: Request) -> Response:
    items, following = await service.search(db, me, page)
    return one(request, ProgramPage(**page.page(items, following)))


@router.post(
    "/programs", operation_id="programs_create", summary="Start a programme from a template", status_code=201,
    response_model=ProgramOut, responses=faults(403, 409),
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
    "/programs/{program_id}/terms", operation_id="program_terms_get", summary="A programme's terms of use",
    response_model=ProgramTermsOut, responses=faults(404),
)  # fmt: skip
async def get_terms(program_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await terms.get(db, me, program_id))


@router.put(
    "/programs/{program_id}/terms", operation_id="program_terms_publish",
    summary="Publish a next version of the terms of use", response_model=ProgramTermsOut,
    responses=faults(403, 404, 409),
)  # fmt: skip
async def publish_terms(program_id: UUID, body: ProgramTermsIn, db: Tx, me: Me, request: Request) -> Response:
    await terms.publish(db, me, program_id, body)
    return one(request, await terms.get(db, me, program_id))
