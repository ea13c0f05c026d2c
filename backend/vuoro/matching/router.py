"""Match runs and suggestions over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import StreamingResponse

from vuoro.core.actor import Actor
from vuoro.core.db import Database
from vuoro.core.errors import NotFound
from vuoro.core.history import looked
from vuoro.core.http import Me, OnlyOnce, Search, Tx, faults, kept, one
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.matching import by_hand, certificates, compare, ineligible, service, suggestions, unplaced
from vuoro.matching import publish as publishing
from vuoro.matching.schemas import (
    Alternative,
    IneligiblePage,
    MatchCertificate,
    MatchComparison,
    MatchExplanation,
    MatchRunIn,
    MatchRunOut,
    MatchRunPage,
    PairIn,
    SuggestionOut,
    SuggestionPage,
    UnplacedPage,
)
from vuoro.matching.states import FINAL, SuggestionState
from vuoro.pairs import service as pairs
from vuoro.pairs.schemas import MentoringPair
from vuoro.programs.states import Side

router = Router(prefix="/v1", tags=["matching"])
RunId = Annotated[UUID, Path()]
SuggestionId = Annotated[UUID, Path()]

POLL_SECONDS = 0.5
POLLS_BETWEEN_SIGNS = 30
LONGEST_POLLS = 600  # the browser then comes again by itself, and its sign-in is checked anew


class EventStream(StreamingResponse):
    """Server-sent events."""

    media_type = "text/event-stream"


@router.post(
    "/programs/{program_id}/match-runs", operation_id="match_runs_create", summary="Search for the best pairs",
    status_code=202, response_model=MatchRunOut, responses=faults(404, 409),
)  # fmt: skip
async def start(program_id: UUID, body: MatchRunIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    run_id = await once(lambda: service.start(db, me, program_id, body))
    return one(request, await service.get(db, me, run_id), 202)


@router.get(
    "/programs/{program_id}/match-runs", operation_id="match_runs_list", summary="A programme's searches",
    response_model=MatchRunPage, responses=faults(404),
)  # fmt: skip
async def list_runs(
    program_id: UUID,
    db: Tx,
    me: Me,
    page: Page,
    request: Request,
    trials: Annotated[bool, Query(description="trial runs as well")] = False,
) -> Response:
    items, following = await service.search(db, me, program_id, page, trials=trials)
    return one(request, MatchRunPage(items=items, next_cursor=following))


@router.get(
    "/programs/{program_id}/ineligible", operation_id="ineligible_list",
    summary="Who is enrolled and in no search, and why", response_model=IneligiblePage, responses=faults(404),
)  # fmt: skip
async def list_ineligible(program_id: UUID, db: Tx, me: Me, page: Page, request: Request) -> Response:
    found = await ineligible.search(db, me, program_id, page)
    await looked(db, "participation", [item.person.id for item in found.items], program_id=program_id)
    return one(request, found)


@router.post(
    "/programs/{program_id}/pairs", operation_id="pairs_make", summary="Make a pair by hand; its mentor is asked",
    status_code=201, response_model=MentoringPair, responses=faults(403, 404, 409),
)  # fmt: skip
async def make_pair(program_id: UUID, body: PairIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    pair_id = await once(lambda: by_hand.make(db, me, program_id, body))
    return one(request, await pairs.get(db, me, pair_id), 201)


@router.post(
    "/enrollments/{enrollment_id}/wishes/{person_id}/offer", operation_id="wishes_offer", status_code=201,
    summary="Ask the mentee whom I wish for", response_model=MentoringPair, responses=faults(403, 404, 409),
)  # fmt: skip
async def offer_wish(
    enrollment_id: UUID, person_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    pair_id = await once(lambda: by_hand.offer_wish(db, me, enrollment_id, person_id))
    return one(request, await pairs.get(db, me, pair_id), 201)


@router.get(
    "/match-runs/{run_id}", operation_id="match_runs_get", summary="One search and its progress",
    response_model=MatchRunOut, responses=faults(404),
)  # fmt: skip
async def get(run_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await service.get(db, me, run_id))


@router.get(
    "/match-runs/{run_id}/events", operation_id="match_runs_follow",
    summary="A search as it goes on: events `progress`, whose data is the match run, until it has ended",
    response_class=EventStream, responses=faults(404),
)  # fmt: skip
async def follow(run_id: UUID, db: Tx, me: Me, request: Request) -> EventStream:
    await service.get(db, me, run_id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return EventStream(_events(request, request.app.state.database, me, run_id), headers=headers)


async def _events(request: Request, database: Database, me: Actor, run_id: UUID) -> AsyncIterator[str]:
    """One event a change. Each look is a transaction of its own, so that a watcher holds no connection."""
    last = ""
    for poll in range(LONGEST_POLLS):
        if poll:
            await asyncio.sleep(POLL_SECONDS)
        if await request.is_disconnected():
            return
        try:
            async with database.transaction(me) as db:
                run = await service.get(db, me, run_id)
        except (NotFound, SQLAlchemyError, OSError):
            return  # the page comes again and is told then
        body = run.model_dump_json()
        if body != last:
            last = body
            yield f"event: progress\ndata: {body}\n\n"
        elif poll % POLLS_BETWEEN_SIGNS == 0:
            yield ": still here\n\n"
        if run.state in FINAL:
            return


@router.get(
    "/match-runs/{run_id}/comparison", operation_id="match_comparisons_get",
    summary="A search against another one, or the one before", response_model=MatchComparison,
    responses=faults(404, 409),
)  # fmt: skip
async def compared(
    run_id: UUID,
    db: Tx,
    me: Me,
    page: Page,
    request: Request,
    other_id: Annotated[
        UUID | None, Query(alias="with", description="the other run; else what a trial names, or the run before")
    ] = None,
) -> Response:
    return one(request, await compare.compare(db, me, run_id, other_id, page))


@router.get(
    "/match-runs/{run_id}/certificate", operation_id="match_certificates_get",
    summary="The proof that no matching is better", response_model=MatchCertificate, responses=faults(404, 409),
)  # fmt: skip
async def get_certificate(run_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return kept(request, (await certificates.get(db, me, run_id)).encode())


@router.post(
    "/match-runs/{run_id}/cancel", operation_id="match_runs_cancel",
    summary="Stop a search; one at work keeps the best pairs it has",
    response_model=MatchRunOut, responses=faults(404, 409),
)  # fmt: skip
async def cancel(run_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: service.cancel(db, me, run_id))
    return one(request, await service.get(db, me, run_id))


@router.post(
    "/match-runs/{run_id}/publish", operation_id="match_runs_publish",
    summary="Ask the mentors of all suggestions that are not rejected", response_model=MatchRunOut,
    responses=faults(404, 409),
)  # fmt: skip
async def publish(run_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: publishing.publish(db, me, run_id))
    return one(request, await service.get(db, me, run_id))


@router.get(
    "/match-runs/{run_id}/explanation", operation_id="match_runs_explain", summary="Why these two, or why not",
    response_model=MatchExplanation, responses=faults(404),
)  # fmt: skip
async def explain(run_id: UUID, mentor_id: UUID, mentee_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    found = await suggestions.explain(db, me, run_id, mentor_id, mentee_id)
    await looked(db, "participation", [mentor_id, mentee_id])
    return one(request, found)


@router.get(
    "/match-runs/{run_id}/suggestions", operation_id="suggestions_list", summary="The pairs that a search suggests",
    response_model=SuggestionPage, responses=faults(404),
)  # fmt: skip
async def list_suggestions(
    run_id: UUID,
    db: Tx,
    me: Me,
    page: Page,
    request: Request,
    q: Search = None,
    state: SuggestionState | None = None,
    sort: suggestions.Sort = "-score",
) -> Response:
    items, following = await suggestions.search(db, me, run_id, page, state=state, q=q, sort=sort)
    await looked(db, "participation", [one.id for item in items for one in (item.mentor, item.mentee)])
    return one(request, SuggestionPage(items=items, next_cursor=following))


@router.get(
    "/programs/{program_id}/set-aside", operation_id="suggestions_set_aside",
    summary="The pairs that are kept out of every search", response_model=SuggestionPage, responses=faults(404),
)  # fmt: skip
async def list_set_aside(program_id: UUID, db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await suggestions.set_aside(db, me, program_id, page)
    people = [one.id for item in items for one in (item.mentor, item.mentee)]
    await looked(db, "participation", people, program_id=program_id)
    return one(request, SuggestionPage(items=items, next_cursor=following))


@router.get(
    "/suggestions/{suggestion_id}", operation_id="suggestions_get", summary="One suggestion",
    response_model=SuggestionOut, responses=faults(404),
)  # fmt: skip
async def get_suggestion(suggestion_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    found = await suggestions.get(db, me, suggestion_id)
    await looked(db, "participation", [found.mentor.id, found.mentee.id])
    return one(request, found)


@router.get(
    "/suggestions/{suggestion_id}/alternative", operation_id="suggestions_alternative",
    summary="What parting these two would cost, and whom each would have then", response_model=Alternative,
    responses=faults(404, 409),
)  # fmt: skip
async def get_alternative(suggestion_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await suggestions.alternative(db, me, suggestion_id))


def _decision(verb: str, summary: str) -> Callable[..., Awaitable[Any]]:
    async def act(suggestion_id: SuggestionId, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
        await once(lambda: suggestions.decide(db, me, suggestion_id, verb))
        return one(request, await suggestions.get(db, me, suggestion_id))

    router.add_api_route(
        f"/suggestions/{{suggestion_id}}/{verb}", act, methods=["POST"], operation_id=f"suggestions_{verb}",
        summary=summary, response_model=SuggestionOut, responses=faults(404, 409),
    )  # fmt: skip
    return act


_decision("pin", "Keep this pair in every further search")
_decision("reject", "Keep this pair out of this and every further search")
_decision("restore", "Take a pin or a rejection back")


@router.get(
    "/programs/{program_id}/unplaced", operation_id="unplaced_list", summary="Who looks for a pair and has none",
    response_model=UnplacedPage, responses=faults(404),
)  # fmt: skip
async def list_unplaced(
    program_id: UUID, db: Tx, me: Me, page: Page, request: Request, role: Side | None = None
) -> Response:
    items, following = await unplaced.search(db, me, program_id, page, role)
    await looked(db, "participation", [item.person.id for item in items], program_id=program_id)
    return one(request, UnplacedPage(items=items, next_cursor=following))
