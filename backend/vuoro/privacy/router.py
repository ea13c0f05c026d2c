"""A person's rights over HTTP: export, who looked, what HR sees, erasure; retention."""

from typing import IO, Any
from uuid import UUID

from fastapi import Request, Response
from starlette.responses import StreamingResponse

from vuoro.core.errors import Forbidden
from vuoro.core.http import Fresh, IfMatch, Me, MyPersonId, OnlyOnce, Tx, faults, one
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.identity.access import require_admin
from vuoro.identity.sign_in_router import AuthTx
from vuoro.privacy import export, seen, service
from vuoro.privacy.models import ErasureState
from vuoro.privacy.schemas import (
    AccessPage,
    ErasureIn,
    ErasureOut,
    ErasurePage,
    KeptPage,
    RetentionOut,
    RetentionPatch,
    SeenByManager,
)

router = Router(prefix="/v1", tags=["privacy"])


class Bundle(StreamingResponse):
    """A ZIP that was made before the commit, on its way out."""

    media_type = "application/zip"


def _sent(file: IO[bytes], name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"', "Cache-Control": "private, no-store"}
    return Bundle(export.chunks(file), headers=headers)


def _zip(*statuses: int) -> dict[int | str, dict[str, Any]]:
    binary = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
    return {200: {"description": "The data, as JSON files and a page", "content": binary}, **faults(*statuses)}


@router.get(
    "/me/export", operation_id="me_export", summary="Everything that is kept of me, as a ZIP", response_class=Bundle,
    responses=_zip(403),
)  # fmt: skip
async def me_export(db: Tx, auth: AuthTx, me: Me, person_id: MyPersonId) -> Response:
    if me.is_app:
        raise Forbidden("An app gets page after page, never everything at once.")
    return _sent(await export.whole(db, auth, me, person_id), "vuoro")


@router.get(
    "/me/data", operation_id="me_data", summary="What is kept of me, what for and how long", response_model=KeptPage,
    responses=faults(403),
)  # fmt: skip
async def me_data(db: Tx, me: Me, person_id: MyPersonId, request: Request) -> Response:
    erasure = await service.waiting(db, me, person_id)
    return one(request, KeptPage(items=await service.kept(db, me), next_cursor=None, erasure=erasure))


@router.get(
    "/me/access-log", operation_id="me_access_log", summary="Who read my data", response_model=AccessPage,
    responses=faults(403),
)  # fmt: skip
async def me_access_log(db: Tx, me: Me, person_id: MyPersonId, page: Page, request: Request) -> Response:
    items, following = await seen.readers(db, me, person_id, page)
    return one(request, AccessPage(items=items, next_cursor=following))


@router.get(
    "/me/as-seen-by-manager", operation_id="me_as_seen_by_manager", summary="What HR sees of me",
    response_model=SeenByManager, responses=faults(403),
)  # fmt: skip
async def me_as_seen_by_manager(db: Tx, me: Me, person_id: MyPersonId, request: Request) -> Response:
    return one(request, await seen.by_manager(db, me, person_id))


@router.get(
    "/me/erasure", operation_id="me_erasure_get", summary="My erasure that waits", response_model=ErasureOut,
    responses=faults(403, 404),
)  # fmt: skip
async def me_erasure_get(db: Tx, me: Me, person_id: MyPersonId, request: Request) -> Response:
    return one(request, await service.own(db, me, person_id))


@router.post(
    "/me/erasure", operation_id="me_erasure", summary="Erase me, after seven days to undo it", status_code=202,
    response_model=ErasureOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def me_erasure(
    _: ErasureIn, db: Tx, me: Fresh, person_id: MyPersonId, once: OnlyOnce, request: Request
) -> Response:  # fmt: skip
    erasure_id = await once(lambda: service.request(db, me, person_id))
    return one(request, await service.get(db, me, erasure_id), 202)


@router.delete(
    "/me/erasure", operation_id="me_erasure_cancel", summary="Undo my erasure", status_code=204,
    responses=faults(403, 404, 409),
)  # fmt: skip
async def me_erasure_cancel(db: Tx, me: Me, person_id: MyPersonId) -> Response:
    await service.cancel_own(db, me, person_id)
    return Response(status_code=204)


@router.get(
    "/people/{person_id}/export", operation_id="people_export", summary="What the directory has of a person, as a ZIP",
    response_class=Bundle, responses=_zip(403, 404),
)  # fmt: skip
async def people_export(person_id: UUID, db: Tx, me: Me) -> Response:
    require_admin(me)
    return _sent(await export.of_another(db, me, person_id), "person")


@router.post(
    "/people/{person_id}/erasure", operation_id="people_erase", summary="Erase a person, a leaver at once",
    status_code=202, response_model=ErasureOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def people_erase(
    person_id: UUID, _: ErasureIn, db: Tx, me: Fresh, once: OnlyOnce, request: Request
) -> Response:  # fmt: skip
    erasure_id = await once(lambda: service.request(db, me, person_id))
    return one(request, await service.get(db, me, erasure_id), 202)


@router.get(
    "/erasures", operation_id="erasures_list", summary="Erasures of the organization", response_model=ErasurePage,
    responses=faults(403),
)  # fmt: skip
async def erasures_list(db: Tx, me: Me, page: Page, request: Request, state: ErasureState | None = None) -> Response:
    items, following = await service.search(db, me, page, state)
    return one(request, ErasurePage(items=items, next_cursor=following))


@router.post(
    "/erasures/{erasure_id}/cancel", operation_id="erasures_cancel", summary="Undo an erasure that waits",
    response_model=ErasureOut, responses=faults(404, 409),
)  # fmt: skip
async def erasures_cancel(erasure_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.cancel(db, me, erasure_id))
    return one(request, await service.get(db, me, erasure_id))


@router.get(
    "/organization/retention", operation_id="retention_get", summary="How long data is kept",
    response_model=RetentionOut, responses=faults(),
)  # fmt: skip
async def retention_get(db: Tx, me: Me, request: Request) -> Response:
    return one(request, await service.read_retention(db, me))


@router.patch(
    "/organization/retention", operation_id="retention_change", summary="Choose how long data is kept",
    response_model=RetentionOut, responses=faults(403, 412, 428),
)  # fmt: skip
async def retention_change(body: RetentionPatch, version: IfMatch, db: Tx, me: Me, request: Request) -> Response:
    await service.change_retention(db, me, version, body)
    return one(request, await service.read_retention(db, me))
