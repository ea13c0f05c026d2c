"""Enrollments over HTTP: who takes part, their profile, primers, and whom they would like."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response

from vuoro.core.errors import Invalid
from vuoro.core.history import looked
from vuoro.core.http import IfMatch, Me, OnlyOnce, Search, Tx, faults, one
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.core.sheets import Sheet, sheet, sheet_faults
from vuoro.core.sync import SyncPage
from vuoro.programs import decisions, enrollment_imports, enrollments, primers, profiles, wishes
from vuoro.programs.decisions import EnrollmentsBulkIn
from vuoro.programs.enrollment_imports import EnrollmentImportOut
from vuoro.programs.enrollment_rows import COLUMNS, MAX_ROWS
from vuoro.programs.primers import PrimerOut
from vuoro.programs.profiles import SuperpowerPromptPage
from vuoro.programs.schemas import EnrollmentIn, EnrollmentOut, EnrollmentPage, EnrollmentPatch, TermsAgreedIn
from vuoro.programs.states import EnrollmentState, Side
from vuoro.programs.wishes import CandidatePage, WishesIn, WishesOut

router = Router(prefix="/v1", tags=["enrollments"])

_CELL = {"type": ["string", "integer", "null"]}
_LIST = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {
                    "type": "string",
                    "description": "UTF-8, `,` or `;` between. Columns: external_id or work_email, role, capacity,"
                    " skills (`slug:level[:weight];…`), topics (`a;b`), languages (`fi:4;en:3`)",
                }
            },
            "application/json": {
                "schema": {
                    "title": "EnrollmentList",
                    "type": "object",
                    "required": ["rows"],
                    "additionalProperties": False,
                    "properties": {
                        "rows": {
                            "type": "array",
                            "maxItems": MAX_ROWS,
                            "items": {
                                "type": "object",
                                "required": ["role"],
                                "additionalProperties": False,
                                "properties": dict.fromkeys(COLUMNS, _CELL),
                            },
                        }
                    },
                }
            },
        },
    }
}


@router.get(
    "/programs/{program_id}/enrollments", operation_id="enrollments_list", summary="Who takes part",
    response_model=EnrollmentPage, responses=faults(404),
)  # fmt: skip
async def list_enrollments(
    program_id: UUID,
    db: Tx,
    me: Me,
    page: SyncPage,
    request: Request,
    q: Search = None,
    role: Side | None = None,
    state: EnrollmentState | None = None,
) -> Response:
    items, following = await enrollments.search(db, me, program_id, page, role=role, state=state, q=q)
    await looked(db, "participation", [item.person.id for item in items], program_id=program_id)
    return one(request, EnrollmentPage(**page.page(items, following)))


@router.get(
    "/programs/{program_id}/enrollments/export", operation_id="enrollments_export",
    summary="Who takes part, for a spreadsheet", response_class=Sheet, responses=sheet_faults(403, 404),
)  # fmt: skip
async def export_enrollments(
    program_id: UUID, db: Tx, me: Me, q: Search = None, role: Side | None = None, state: EnrollmentState | None = None
) -> Response:
    parts = await enrollments.for_sheet(db, me, program_id, role=role, state=state, q=q)
    await looked(db, "participation", [part.person.id for part in parts], program_id=program_id)
    header = (
        "display_name",
        "title",
        "division",
        "site",
        "role",
        "state",
        "topics",
        "skills",
        "languages",
        "primer_done",
    )
    rows = [
        (
            part.person.display_name, part.person.title, part.person.division, part.person.site, part.role, part.state,
            " ".join(part.topics), " ".join(skill.slug for skill in part.skills),
            " ".join(language.code for language in part.languages), part.primer_done_at is not None,
        )
        for part in parts
    ]  # fmt: skip
    return sheet("participants", header, rows)


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
    found = await enrollments.get(db, me, enrollment_id)
    await looked(db, "participation", [found.person.id], program_id=found.program_id)
    return one(request, found)


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


_step("apply", "applied", "Take an invitation up, or come back")
_step("approve", "approved", "Let somebody take part")
_step("decline", "declined", "Say no to somebody, or to an invitation")
_step("waitlist", "waitlisted", "Put somebody on the waiting list")
_step("pause", "paused", "Pause somebody's part")
_step("withdraw", "withdrawn", "Leave the programme")


@router.post(
    "/enrollments/{enrollment_id}/resume", operation_id="enrollments_resume", summary="Come back from a pause",
    response_model=EnrollmentOut, responses=faults(404, 409),
)  # fmt: skip
async def resume(enrollment_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: enrollments.resume(db, me, enrollment_id))
    return one(request, await enrollments.get(db, me, enrollment_id))


@router.post(
    "/enrollments/{enrollment_id}/terms", operation_id="enrollments_agree", summary="Agree to the programme's terms",
    response_model=EnrollmentOut, responses=faults(403, 404),
)  # fmt: skip
async def agree(enrollment_id: UUID, body: TermsAgreedIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: enrollments.agree(db, me, enrollment_id, body.number))
    return one(request, await enrollments.get(db, me, enrollment_id))


@router.post(
    "/enrollments/{enrollment_id}/complete-primer", operation_id="enrollments_complete_primer",
    summary="Finish the primer", response_model=EnrollmentOut, responses=faults(403, 404),
)  # fmt: skip
async def complete_primer(enrollment_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: enrollments.complete_primer(db, me, enrollment_id))
    return one(request, await enrollments.get(db, me, enrollment_id))


@router.post(
    "/programs/{program_id}/enrollments/bulk", operation_id="enrollments_decide",
    summary="Say yes, later or no to many people at once", response_model=EnrollmentPage,
    responses=faults(403, 404, 409),
)  # fmt: skip
async def decide(
    program_id: UUID, body: EnrollmentsBulkIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    await once(lambda: decisions.decide(db, me, program_id, body))
    items = await enrollments.many(db, me, body.ids)
    return one(request, EnrollmentPage(items=items, next_cursor=None, watermark=None, gone=[]))


@router.post(
    "/programs/{program_id}/enrollment-imports", operation_id="enrollments_import",
    summary="Enroll people from a CSV or JSON list", response_model=EnrollmentImportOut,
    responses=faults(400, 403, 404, 409, 413), openapi_extra=_LIST,
)  # fmt: skip
async def take_list(
    program_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request, dry_run: bool = False,
    cohort_id: UUID | None = None,
) -> Response:  # fmt: skip
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("text/csv", "application/json"):
        raise Invalid.at("#/header/Content-Type", "media_type_unsupported", "Send text/csv or application/json.")
    content, is_json = await request.body(), kind == "application/json"
    if dry_run:
        return one(request, await enrollment_imports.dry_run(db, me, program_id, cohort_id, content, is_json=is_json))
    import_id = await once(
        lambda: enrollment_imports.apply(db, me, program_id, cohort_id, content, is_json=is_json),
        body=f"{kind} {cohort_id}\n".encode() + content,
    )
    return one(request, await enrollment_imports.applied(db, import_id))


@router.get(
    "/enrollments/{enrollment_id}/wishes", operation_id="wishes_get", summary="Whom I would like",
    response_model=WishesOut, responses=faults(403, 404),
)  # fmt: skip
async def get_wishes(enrollment_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await wishes.read(db, me, enrollment_id))


@router.put(
    "/enrollments/{enrollment_id}/wishes", operation_id="wishes_write", summary="Say whom I would like, up to five",
    response_model=WishesOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def write_wishes(enrollment_id: UUID, body: WishesIn, db: Tx, me: Me, request: Request) -> Response:
    await wishes.write(db, me, enrollment_id, body)
    return one(request, await wishes.read(db, me, enrollment_id))


@router.get(
    "/programs/{program_id}/candidates", operation_id="candidates_list", summary="Who is on the other side",
    response_model=CandidatePage, responses=faults(403, 404, 409),
)  # fmt: skip
async def list_candidates(
    program_id: UUID,
    db: Tx,
    me: Me,
    page: Page,
    request: Request,
    side: Side,
    q: Search = None,
    topic: Annotated[str | None, Query(max_length=80)] = None,
) -> Response:
    items, following = await wishes.candidates(db, me, program_id, side, page, q=q, topic=topic)
    return one(request, CandidatePage(items=items, next_cursor=following))


@router.get(
    "/primers/{role}", operation_id="primers_get", summary="What one side reads before the first session",
    response_model=PrimerOut, responses=faults(),
)  # fmt: skip
async def get_primer(role: Side, _: Me, request: Request) -> Response:
    return one(request, primers.primer(role))


@router.get(
    "/superpower-prompts", operation_id="superpower_prompts_list", summary="Questions that help to find a superpower",
    response_model=SuperpowerPromptPage, responses=faults(),
)  # fmt: skip
async def list_prompts(_: Me, request: Request) -> Response:
    return one(request, SuperpowerPromptPage(items=list(profiles.superpower_prompts()), next_cursor=None))
