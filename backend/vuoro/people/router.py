"""The directory over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from vuoro.core.history import looked
from vuoro.core.http import IfMatch, Me, OnlyOnce, Search, Tx, faults, one
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.core.sheets import Sheet, sheet, sheet_faults
from vuoro.people import service, tags
from vuoro.people.schemas import PersonIn, PersonOut, PersonPage, PersonPatch, ReportingLine, Status, TagPage

router = Router(prefix="/v1", tags=["people"])
Word = Annotated[str | None, Query(max_length=200)]


def _only(
    q: Search = None,
    division: Word = None,
    department: Word = None,
    team: Word = None,
    site: Word = None,
    status: Status | None = None,
    has_unknown_line: bool | None = None,
) -> dict[str, Any]:
    places = {"division": division, "department": department, "team": team, "site": site}
    return {"q": q, "status": status, "unknown_line": has_unknown_line, **places}


Only = Annotated[dict[str, Any], Depends(_only)]


@router.get(
    "/people", operation_id="people_list", summary="The directory", response_model=PersonPage, responses=faults()
)
async def list_people(
    db: Tx, me: Me, page: Page, only: Only, request: Request, sort: service.Sort = "name"
) -> Response:
    items, following = await service.search(db, me, page, sort=sort, **only)
    await looked(db, "directory", [item.id for item in items])
    return one(request, PersonPage(items=items, next_cursor=following))


@router.get(
    "/people/export", operation_id="people_list_export", summary="The directory, for a spreadsheet",
    response_class=Sheet, responses=sheet_faults(403),
)  # fmt: skip
async def export_people(db: Tx, me: Me, only: Only) -> Response:
    people = await service.for_sheet(db, me, **only)
    await looked(db, "directory", [person.id for person in people])
    rows = [
        [person.manager and person.manager.display_name if name == "manager" else getattr(person, name)
         for name in service.SHEET]
        for person in people
    ]  # fmt: skip
    return sheet("people", service.SHEET, rows)


@router.post(
    "/people", operation_id="people_create", summary="Add a person", status_code=201, response_model=PersonOut,
    responses=faults(403, 409),
)  # fmt: skip
async def create(body: PersonIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    person_id = await once(lambda: service.create(db, me, body))
    return one(request, await service.get(db, me, person_id), 201)


@router.get(
    "/people/{person_id}",
    operation_id="people_get",
    summary="One person",
    response_model=PersonOut,
    responses=faults(404),
)
async def get(person_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    found = await service.get(db, me, person_id)
    await looked(db, "directory", [person_id])
    return one(request, found)


@router.patch(
    "/people/{person_id}", operation_id="people_change", summary="Change a person", response_model=PersonOut,
    responses=faults(403, 404, 409, 412, 428),
)  # fmt: skip
async def change(person_id: UUID, body: PersonPatch, version: IfMatch, db: Tx, me: Me, request: Request) -> Response:
    await service.change(db, me, person_id, version, body)
    return one(request, await service.get(db, me, person_id))


@router.delete(
    "/people/{person_id}", operation_id="people_leave", summary="Mark a person as gone", status_code=204,
    responses=faults(403, 404, 412, 428),
)  # fmt: skip
async def leave(person_id: UUID, version: IfMatch, db: Tx, me: Me) -> Response:
    await service.leave(db, me, person_id, version)
    return Response(status_code=204)


@router.get(
    "/people/{person_id}/reporting-line", operation_id="people_reporting_line", summary="Who is above a person",
    response_model=ReportingLine, responses=faults(404),
)  # fmt: skip
async def reporting_line(person_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    found = await service.reporting_line(db, me, person_id)
    await looked(db, "directory", [person_id])
    return one(request, found)


@router.get(
    "/skills", operation_id="skills_list", summary="Skills to choose from", response_model=TagPage, responses=faults()
)
async def skills(db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await tags.skills(db, me, page)
    return one(request, TagPage(items=items, next_cursor=following))


@router.get(
    "/topics", operation_id="topics_list", summary="Topics to choose from", response_model=TagPage, responses=faults()
)
async def topics(db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await tags.topics(db, me, page)
    return one(request, TagPage(items=items, next_cursor=following))
