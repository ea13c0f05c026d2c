"""Planning a program over HTTP: clone, cohorts, settings in versions, launch check, reach."""

from uuid import UUID

from fastapi import Request, Response

from vuoro.core.http import IfMatch, Me, OnlyOnce, Tx, faults, one
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.programs import service
from vuoro.programs.planning import clone, cohorts, launch, reach, settings_versions
from vuoro.programs.planning.schemas import (
    CohortIn,
    CohortPage,
    CohortPatch,
    LaunchCheck,
    ProgramCloneIn,
    ProgramReach,
    SettingsVersionPage,
)
from vuoro.programs.schemas import CohortOut, ProgramOut

router = Router(prefix="/v1", tags=["programs"])


@router.post(
    "/programs/{program_id}/clone", operation_id="programs_clone", summary="A new draft like this programme",
    status_code=201, response_model=ProgramOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def clone_program(
    program_id: UUID, body: ProgramCloneIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    new_id = await once(lambda: clone.clone(db, me, program_id, body))
    return one(request, await service.get(db, service.as_maker(me, new_id), new_id), 201)


@router.get(
    "/programs/{program_id}/settings-versions", operation_id="settings_versions_list",
    summary="How the settings changed", response_model=SettingsVersionPage, responses=faults(403, 404),
)  # fmt: skip
async def list_settings_versions(program_id: UUID, db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await settings_versions.search(db, me, program_id, page)
    return one(request, SettingsVersionPage(items=items, next_cursor=following))


@router.get(
    "/programs/{program_id}/launch-check", operation_id="programs_launch_check",
    summary="What is missing before launch", response_model=LaunchCheck, responses=faults(403, 404),
)  # fmt: skip
async def launch_check(program_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await launch.check(db, me, program_id))


@router.get(
    "/programs/{program_id}/reach", operation_id="programs_reach", summary="Whom a programme reaches",
    response_model=ProgramReach, responses=faults(403, 404),
)  # fmt: skip
async def read_reach(program_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await reach.read(db, me, program_id))


@router.get(
    "/programs/{program_id}/cohorts", operation_id="cohorts_list", summary="The cohorts of a programme",
    response_model=CohortPage, responses=faults(404),
)  # fmt: skip
async def list_cohorts(program_id: UUID, db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await cohorts.search(db, me, program_id, page)
    return one(request, CohortPage(items=items, next_cursor=following))


@router.post(
    "/programs/{program_id}/cohorts", operation_id="cohorts_create", summary="Add a cohort", status_code=201,
    response_model=CohortOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def create_cohort(program_id: UUID, body: CohortIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    cohort_id = await once(lambda: cohorts.create(db, me, program_id, body))
    return one(request, await cohorts.get(db, me, cohort_id), 201)


@router.get(
    "/cohorts/{cohort_id}", operation_id="cohorts_get", summary="One cohort", response_model=CohortOut,
    responses=faults(404),
)  # fmt: skip
async def get_cohort(cohort_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await cohorts.get(db, me, cohort_id))


@router.patch(
    "/cohorts/{cohort_id}", operation_id="cohorts_change", summary="Change a cohort", response_model=CohortOut,
    responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def change_cohort(
    cohort_id: UUID, body: CohortPatch, version: IfMatch, db: Tx, me: Me, request: Request
) -> Response:
    await cohorts.change(db, me, cohort_id, version, body)
    return one(request, await cohorts.get(db, me, cohort_id))


@router.post(
    "/cohorts/{cohort_id}/open", operation_id="cohorts_open", summary="Confirm the proposed cohort",
    response_model=CohortOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def open_cohort(cohort_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: cohorts.open_draft(db, me, cohort_id))
    return one(request, await cohorts.get(db, me, cohort_id))


@router.delete(
    "/cohorts/{cohort_id}", operation_id="cohorts_discard", summary="Discard the proposed cohort", status_code=204,
    responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def discard_cohort(cohort_id: UUID, version: IfMatch, db: Tx, me: Me) -> Response:
    await cohorts.discard(db, me, cohort_id, version)
    return Response(status_code=204)
