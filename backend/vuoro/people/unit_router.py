"""Units over HTTP."""

from uuid import UUID

from fastapi import Request, Response

from vuoro.core.http import Fresh, IfMatch, Me, OnlyOnce, Tx, faults, one
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.people import units
from vuoro.people.schemas import UnitIn, UnitOut, UnitPage, UnitPatch

router = Router(prefix="/v1/organization/units", tags=["people"])


@router.get(
    "", operation_id="units_list", summary="Parts of the organization", response_model=UnitPage, responses=faults()
)
async def list_units(db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await units.search(db, me, page)
    return one(request, UnitPage(items=items, next_cursor=following))


@router.post(
    "", operation_id="units_create", summary="Name a part of the organization", status_code=201,
    response_model=UnitOut, responses=faults(403, 409),
)  # fmt: skip
async def create(body: UnitIn, db: Tx, me: Fresh, once: OnlyOnce, request: Request) -> Response:
    unit_id = await once(lambda: units.create(db, me, body))
    return one(request, await units.get(db, me, unit_id), 201)


@router.get(
    "/{unit_id}", operation_id="units_get", summary="One part of the organization", response_model=UnitOut,
    responses=faults(404),
)  # fmt: skip
async def get(unit_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await units.get(db, me, unit_id))


@router.patch(
    "/{unit_id}", operation_id="units_change", summary="Change a part of the organization", response_model=UnitOut,
    responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def change(
    unit_id: UUID, body: UnitPatch, version: IfMatch, db: Tx, me: Fresh, request: Request
) -> Response:  # fmt: skip
    await units.change(db, me, unit_id, version, body)
    return one(request, await units.get(db, me, unit_id))


@router.delete(
    "/{unit_id}", operation_id="units_remove", summary="Remove a part of the organization", status_code=204,
    responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def remove(unit_id: UUID, version: IfMatch, db: Tx, me: Fresh) -> Response:
    await units.remove(db, me, unit_id, version)
    return Response(status_code=204)
