"""The caller, today and dashboards over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import AwareDatetime

from vuoro.analytics import audit_log, dashboard, feedback_summary, me_page, next_actions, pair_actions, today
from vuoro.analytics.action_schemas import PairNextActions, ProgramNextActions
from vuoro.analytics.audit_log import AuditFilter
from vuoro.analytics.schemas import Attribute, AuditPage, DashboardOut, FeedbackSummary, TodayOut, WaveKind
from vuoro.analytics.schemas import Me as MeOut
from vuoro.core.http import Me, Tx, faults, one
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.core.sheets import Sheet, sheet, sheet_faults

router = Router(prefix="/v1", tags=["me"])


@router.get("/me", operation_id="me_get", summary="Who I am", response_model=MeOut, responses=faults(404))
async def me_get(db: Tx, me: Me, request: Request) -> Response:
    return one(request, await me_page.me_out(db, me))


@router.get("/me/today", operation_id="me_today", summary="My home page", response_model=TodayOut, responses=faults())
async def me_today(db: Tx, me: Me, request: Request) -> Response:
    return one(request, await today.today(db, me))


@router.get(
    "/programs/{program_id}/dashboard", operation_id="dashboards_get", summary="A programme at a glance",
    response_model=DashboardOut, responses=faults(403, 404),
)  # fmt: skip
async def get_dashboard(program_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await dashboard.dashboard(db, me, program_id))


@router.get(
    "/programs/{program_id}/next-actions", operation_id="programs_next_actions", summary="What to look after next",
    response_model=ProgramNextActions, responses=faults(403, 404),
)  # fmt: skip
async def get_program_actions(program_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await next_actions.of_program(db, me, program_id))


@router.get(
    "/pairs/{pair_id}/next-actions", operation_id="pairs_next_actions", summary="What is next in a pair",
    response_model=PairNextActions, responses=faults(404),
)  # fmt: skip
async def get_pair_actions(pair_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await pair_actions.of_pair(db, me, pair_id))


@router.get(
    "/programs/{program_id}/feedback-summary", operation_id="feedback_summaries_get",
    summary="What people answered, in figures of five or more", response_model=FeedbackSummary,
    responses=faults(403, 404),
)  # fmt: skip
async def get_feedback_summary(
    program_id: UUID,
    db: Tx,
    me: Me,
    request: Request,
    by: Annotated[list[Attribute] | None, Query(max_length=2, description="groups by one or two attributes")] = None,
    cohort_id: Annotated[UUID | None, Query()] = None,
    kind: WaveKind | None = None,
) -> Response:
    found = await feedback_summary.summary(db, me, program_id, by=by or [], cohort_id=cohort_id, kind=kind)
    return one(request, found)


def _only(
    program_id: Annotated[UUID | None, Query()] = None,
    actor_id: Annotated[UUID | None, Query(description="who did it")] = None,
    subject_id: Annotated[UUID | None, Query(description="what it was done to")] = None,
    noun: Annotated[
        str | None, Query(pattern="^[a-z_]+$", max_length=50, description="what it is about: pair, grant, person, …")
    ] = None,
    since: Annotated[AwareDatetime | None, Query(description="from this moment on")] = None,
    until: Annotated[AwareDatetime | None, Query(description="before this moment")] = None,
) -> AuditFilter:
    return AuditFilter(program_id, actor_id, subject_id, noun, since, until)


Only = Annotated[AuditFilter, Depends(_only)]


@router.get(
    "/audit-log", operation_id="audit_log_list", summary="Who did what", response_model=AuditPage, responses=faults(403)
)
async def list_audit(db: Tx, me: Me, page: Page, only: Only, request: Request) -> Response:
    items, following = await audit_log.search(db, me, page, only)
    return one(request, AuditPage(items=items, next_cursor=following))


@router.get(
    "/audit-log/export", operation_id="audit_log_export", summary="Who did what, for a spreadsheet",
    response_class=Sheet, responses=sheet_faults(403),
)  # fmt: skip
async def export_audit(db: Tx, me: Me, only: Only) -> Response:
    rows = await audit_log.rows_of_sheet(db, me, only, (await me_page.me_out(db, me)).locale)
    return sheet("audit-log", audit_log.HEADER, rows)
