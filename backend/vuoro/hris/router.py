"""Imports over HTTP. A file is read by hand: refused before its end when too large, and without a transaction open."""

import asyncio
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from vuoro.core.errors import Invalid, PayloadTooLarge
from vuoro.core.http import IfMatch, Me, OnlyOnce, Tx, faults, one, transaction
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.core.settings import settings
from vuoro.hris import access, mappings, service
from vuoro.hris.schemas import (
    ImportApply,
    ImportChoices,
    ImportIn,
    ImportMappingIn,
    ImportMappingOut,
    ImportMappingPage,
    ImportOptions,
    ImportOut,
    ImportPage,
    ImportPatch,
    ImportRowPage,
    RowGroup,
)
from vuoro.hris.scope import MOST_CHOICES
from vuoro.people import service as people
from vuoro.people.schemas import PeopleFacets

router = Router(prefix="/v1", tags=["imports"])
Options = TypeVar("Options", bound=ImportOptions)


def _shape(model: type[ImportOptions]) -> dict[str, Any]:
    """The schema of what is read by hand; the models within stand in the contract by other routes."""
    shape = model.model_json_schema(ref_template="#/components/schemas/{model}")
    shape.pop("$defs", None)
    return shape


_FILE = {
    "type": "string",
    "format": "binary",
    "description": "CSV or TSV (UTF-8, UTF-16 or Windows-1252), XLSX, or JSON",
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "title": "ImportUpload",
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": {"file": _FILE, **_shape(ImportOptions)["properties"]},
                }
            },
            "application/json": {"schema": _shape(ImportIn)},
        },
    }
}


async def _upload(request: Request) -> service.Upload:
    """The file, once it is known that the caller may import: no stranger fills our disk."""
    async with asynccontextmanager(transaction)(request) as db:
        access.require_importer(db.me)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _from_form(request)
    if kind == "application/json":
        content = await request.body()
        told = await asyncio.to_thread(_checked, ImportIn, content)
        return service.Upload("people.json", kind, content, told)
    raise Invalid.at(
        "#/header/Content-Type", "media_type_unsupported", "Send multipart/form-data with a file, or application/json."
    )


async def _from_form(request: Request) -> service.Upload:
    limit = settings().upload_max_bytes
    async with request.form(max_files=1, max_fields=10, max_part_size=MOST_CHOICES * 1024) as form:
        fields = dict(form)
        file = fields.pop("file", None)
        options = _checked(ImportOptions, fields)
        if not isinstance(file, UploadFile):
            raise Invalid.at("/file", "missing", "Send the file in the field `file`.")
        if file.size is None or file.size > limit:
            raise PayloadTooLarge(limit)
        return service.Upload(file.filename or "", file.content_type or "", await file.read(), options)


def _checked(shape: type[Options], told: bytes | dict[str, Any]) -> Options:
    try:
        return shape.model_validate_json(told) if isinstance(told, bytes) else shape.model_validate(told)
    except ValidationError as error:
        faulty = error.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in faulty]) from None


@router.get(
    "/people/facets", operation_id="people_facets", summary="The directory at a glance", response_model=PeopleFacets,
    responses=faults(), tags=["people"],
)  # fmt: skip
async def facets(db: Tx, me: Me, request: Request) -> Response:
    counts = await people.facets(db, me)
    return one(request, PeopleFacets(**counts, last_import=await service.last_import(db, me)))


@router.post(
    "/imports", operation_id="imports_create", summary="Upload people", status_code=202, response_model=ImportOut,
    responses=faults(400, 403, 413), openapi_extra=_BODY,
)  # fmt: skip
async def create(
    upload: Annotated[service.Upload, Depends(_upload)], db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    import_id = await once(lambda: service.create(db, me, upload), body=upload.fingerprint)
    return one(request, await service.get(db, me, import_id), 202)


@router.get(
    "/imports", operation_id="imports_list", summary="Imports, newest first", response_model=ImportPage,
    responses=faults(),
)  # fmt: skip
async def list_imports(db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await service.search(db, me, page)
    return one(request, ImportPage(items=items, next_cursor=following))


@router.get(
    "/imports/{import_id}", operation_id="imports_get", summary="One import and how far it is",
    response_model=ImportOut, responses=faults(404),
)  # fmt: skip
async def get(import_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await service.get(db, me, import_id))


@router.patch(
    "/imports/{import_id}", operation_id="imports_change", summary="Map columns; the file is checked anew",
    response_model=ImportOut, responses=faults(404, 409, 412, 428),
)  # fmt: skip
async def change(import_id: UUID, body: ImportPatch, version: IfMatch, db: Tx, me: Me, request: Request) -> Response:
    await service.change(db, me, import_id, version, body)
    return one(request, await service.get(db, me, import_id))


@router.get(
    "/imports/{import_id}/choices", operation_id="imports_choices",
    summary="By which columns and values one may say who takes part", response_model=ImportChoices,
    responses=faults(404),
)  # fmt: skip
async def choices(import_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await service.choices(db, me, import_id))


@router.get(
    "/imports/{import_id}/rows", operation_id="imports_rows", summary="What becomes of the rows of an import",
    response_model=ImportRowPage, responses=faults(404),
)  # fmt: skip
async def rows(
    import_id: UUID, db: Tx, me: Me, page: Page, request: Request, kind: Annotated[RowGroup | None, Query()] = None
) -> Response:
    items, following = await service.rows(db, me, import_id, page, kind)
    return one(request, ImportRowPage(items=items, next_cursor=following))


@router.post(
    "/imports/{import_id}/apply", operation_id="imports_apply", summary="Write a checked import into the directory",
    status_code=202, response_model=ImportOut, responses=faults(404, 409),
)  # fmt: skip
async def apply(
    import_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request, body: ImportApply | None = None
) -> Response:
    allowed = body is not None and body.allow_mass_deactivation
    await once(lambda: service.apply(db, me, import_id, allow_mass_deactivation=allowed))
    return one(request, await service.get(db, me, import_id), 202)


@router.post(
    "/imports/{import_id}/undo", operation_id="imports_undo", summary="Take the newest import back", status_code=202,
    response_model=ImportOut, responses=faults(404, 409),
)  # fmt: skip
async def undo(import_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.undo(db, me, import_id))
    return one(request, await service.get(db, me, import_id), 202)


@router.post(
    "/imports/{import_id}/discard", operation_id="imports_discard", summary="Forget an import that was not applied",
    response_model=ImportOut, responses=faults(404, 409),
)  # fmt: skip
async def discard(import_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.discard(db, me, import_id))
    return one(request, await service.get(db, me, import_id))


@router.get(
    "/import-mappings", operation_id="import_mappings_list", summary="Mappings of columns that were kept",
    response_model=ImportMappingPage, responses=faults(403),
)  # fmt: skip
async def list_mappings(db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await mappings.search(db, me, page)
    return one(request, ImportMappingPage(items=items, next_cursor=following))


@router.post(
    "/import-mappings", operation_id="import_mappings_create", summary="Keep the columns of an import under a name",
    status_code=201, response_model=ImportMappingOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def create_mapping(body: ImportMappingIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    mapping_id = await once(lambda: mappings.create(db, me, body))
    return one(request, await mappings.get(db, me, mapping_id), 201)


@router.get(
    "/import-mappings/{mapping_id}", operation_id="import_mappings_get", summary="One kept mapping",
    response_model=ImportMappingOut, responses=faults(403, 404),
)  # fmt: skip
async def get_mapping(mapping_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await mappings.get(db, me, mapping_id))


@router.delete(
    "/import-mappings/{mapping_id}", operation_id="import_mappings_delete", summary="Forget a kept mapping",
    status_code=204, responses=faults(403, 404),
)  # fmt: skip
async def delete_mapping(mapping_id: UUID, db: Tx, me: Me) -> Response:
    await mappings.remove(db, me, mapping_id)
    return Response(status_code=204)
