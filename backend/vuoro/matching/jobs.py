"""The search itself, in the worker: reads the market, runs the solver's own process, keeps what it found."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.away import is_away, may_be_away
from vuoro.core.db import Database
from vuoro.core.history import step
from vuoro.core.jobs import on
from vuoro.core.log import log
from vuoro.core.outbox import emit
from vuoro.matching import certificates, child, intake, trials
from vuoro.matching.cards import QUEUED, card
from vuoro.matching.engine.market import Market, MarketError, dump
from vuoro.matching.engine.solution import MatchedPair, Progress, Solution
from vuoro.matching.intake import Given
from vuoro.matching.models import MatchCertificate, MatchRun, Suggestion
from vuoro.matching.service import progress_row
from vuoro.matching.states import RUN

SECONDS_BETWEEN_TELLS = 0.5
LONGEST_SECONDS = 900.0
BATCH = 500
AWAY_FOR_NOW = ("on_leave", "resting")


@dataclass(frozen=True, slots=True)
class _Task:
    """What a search is given: its market as the run asks for it, and what its people are to us."""

    given: Given
    market: Market
    again: bool  # whether an earlier run of the cohort is there to keep to


@dataclass
class _Search:
    """One search at work."""

    database: Database
    actor: Actor
    run_id: UUID
    latest: Progress = QUEUED
    stop: asyncio.Event = field(default_factory=asyncio.Event)


@on("match_run.queued")
async def search(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Find the best pairs of a run. Once more after a killed worker it starts over; a finished run it leaves alone."""
    work = _Search(database, actor, UUID(payload["match_run_id"]))
    try:
        task = await _begin(work)
        if task is not None:
            market, solution, dropped = await _solve(work, task.market)
            await _keep(work, replace(task, market=market), solution, dropped)
    except child.MatchCancelledError:
        await _cancel(work)
    except (MarketError, child.MatchError) as error:
        log.warning("match_run_failed", subject_id=str(work.run_id), error=type(error).__name__)
        await _fail(work, error)
    except Exception as error:
        if not is_away(error):  # while the database is away the run stays as it is, and the queue tries again
            await _fail(work, error)  # a bug: the cohort must not stay busy with it
        raise


async def _begin(work: _Search) -> _Task | None:
    """Mark the run as running, then read its market; None when there is nothing to do any more."""
    async with work.database.transaction(work.actor) as db:
        run = await db.find(MatchRun, work.run_id, lock=True)
        if run is None or run.state not in ("queued", "running"):
            return None
        if run.stop_requested_at is not None:  # its worker died before it could stop
            raise child.MatchCancelledError
        if run.state == "queued":
            step(db, "match_run", run, "running", RUN["queued"])
        work.latest = replace(QUEUED, phase="reading")
        run.progress = progress_row(work.latest)
    async with work.database.transaction(work.actor) as db:
        given = await intake.read(db, run.program_id, run.cohort_id)
        before = None if run.trial else await intake.before(db, run)
    market = trials.asked(given.market, run.options)
    if before is not None:
        market = replace(market, stay=[pair for pair in before if _there(market, pair)])
    return _Task(given, market, before is not None)


def _there(market: Market, pair: tuple[str, str]) -> bool:
    return pair[0] in market.mentor_index and pair[1] in market.mentee_index


async def _solve(work: _Search, market: Market) -> tuple[Market, Solution, list[dict[str, Any]]]:
    """The market, its best matching, and the pins that a rule forbids by now, which the market let go."""
    dropped: list[dict[str, Any]] = []

    async def hear(progress: Progress) -> None:
        work.latest = progress

    teller = asyncio.create_task(_tell(work))
    try:
        while True:
            try:
                wire = await asyncio.to_thread(dump, market)
                return market, await child.run(wire, hear, work.stop, LONGEST_SECONDS), dropped
            except MarketError as error:
                if error.code != "pinned_against_rule":
                    raise
                dropped.append({name: error.params[name] for name in ("mentor", "mentee", "rule")})
                pin = error.params["mentor"], error.params["mentee"]
                market = replace(market, pinned=[one for one in market.pinned if one != pin])
    finally:
        teller.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await teller


async def _tell(work: _Search) -> None:
    """Write the progress down, twice a second at most, until the run is to stop or not there any more."""
    told = work.latest
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_TELLS)
        mine = MatchRun.organization_id == work.actor.organization_id, MatchRun.id == work.run_id
        latest = work.latest
        with may_be_away():
            async with work.database.transaction(work.actor) as db:
                goes_on = await db.scalar(
                    select(MatchRun.id).where(*mine, MatchRun.state == "running", MatchRun.stop_requested_at.is_(None))
                )
                if goes_on and latest != told:
                    await db.execute(
                        update(MatchRun)
                        .where(*mine, MatchRun.state == "running")
                        .values(progress=progress_row(latest), updated_at=clock.now())
                        .execution_options(synchronize_session=False)
                    )
            told = latest
            if not goes_on:
                work.stop.set()
                return


async def _keep(work: _Search, task: _Task, solution: Solution, dropped: list[dict[str, Any]]) -> None:
    """Suggestions, certificate and end of the run, in one transaction: a run that is done has all of its own."""
    body = await asyncio.to_thread(certificates.body, work.run_id, task.market, solution)
    async with work.database.transaction(work.actor) as db:
        run = await db.find(MatchRun, work.run_id, lock=True)
        if run is None or run.state != "running":
            return
        for at in range(0, len(solution.pairs), BATCH):
            batch = solution.pairs[at : at + BATCH]
            await db.execute(insert(Suggestion), _rows(work, task.given, batch, solution.checks))
        run.mentors, run.mentees, run.places = solution.mentors, solution.mentees, solution.places
        run.pairs, run.objective, run.proven = len(solution.pairs), solution.objective, solution.proven
        run.unmatched = _unmatched(task.given, solution)
        run.kept = _kept(task.market, solution) if task.again else None
        run.problem = _problem(solution, dropped, stopped=work.stop.is_set())
        gap = solution.gap
        run.progress = progress_row(Progress("done", solution.rounds, run.pairs, solution.bound, gap, 1.0))
        db.add(
            MatchCertificate(
                organization_id=work.actor.organization_id,
                match_run_id=work.run_id,
                body=body,
                market=certificates.given(task.market),
            )
        )
        run.finished_at = clock.now()
        step(db, "match_run", run, "done", RUN["running"])
        emit(db, "match_run.finished", {"match_run_id": str(run.id)})


def _rows(work: _Search, given: Given, batch: Sequence[MatchedPair], checks: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {
            "organization_id": work.actor.organization_id,
            "id": clock.uuid7(),
            "match_run_id": work.run_id,
            "mentor_enrollment_id": given.enrollments[pair.mentor, "mentor"],
            "mentee_enrollment_id": given.enrollments[pair.mentee, "mentee"],
            "mentor_id": UUID(pair.mentor),
            "mentee_id": UUID(pair.mentee),
            "score": pair.score,
            "components": card(pair.components, pair.score),
            "checks": list(checks),
            "top_exempt": pair.top_exempt,
            "state": "pinned" if pair.pinned else "suggested",
        }
        for pair in batch
    ]


def _unmatched(given: Given, solution: Solution) -> list[dict[str, Any]]:
    """Who has no pair, the hardest to match first: a rule stands in their way, not only others who fit better."""
    found = [(one.person, str(one.role), one.rule) for one in solution.unmatched]
    found += [(person, role, rule) for (person, role), rule in given.absent.items() if rule in AWAY_FOR_NOW]
    found.sort(key=lambda one: (one[2] in ("all_taken", "nobody_there", *AWAY_FOR_NOW), one[1] != "mentee"))
    return [{"person_id": person, "role": role, "rule": rule} for person, role, rule in found]


def _kept(market: Market, solution: Solution) -> int:
    """How many pairs of the run before came again."""
    return len({(pair.mentor, pair.mentee) for pair in solution.pairs} & set(market.stay))


def _problem(solution: Solution, dropped: list[dict[str, Any]], *, stopped: bool) -> dict[str, Any] | None:
    """What a finished run had to leave aside: pins that a rule forbids by now, and the proof when it ended early."""
    params: dict[str, Any] = {"count": len(dropped), "pins": dropped} if dropped else {}
    if solution.proven:
        code, detail = "pins_dropped", "Some pinned pairs break a rule by now and were matched anew."
        return {"code": code, "detail": detail, "params": params} if dropped else None
    if stopped:
        code, detail = "stopped_early", "The search was stopped; these are the best pairs it had."
    else:
        code, detail = "match_timed_out_best_kept", "The search took too long; these are the best pairs it had."
        params["seconds"] = int(LONGEST_SECONDS)
    return {"code": code, "detail": detail, "params": params}


async def _cancel(work: _Search) -> None:
    """End a run that was stopped before it had any pairs."""
    log.info("match_run_cancelled", subject_id=str(work.run_id))
    async with work.database.transaction(work.actor) as db:
        run = await db.find(MatchRun, work.run_id, lock=True)
        if run is None or run.state != "running":
            return
        run.finished_at = clock.now()
        step(db, "match_run", run, "cancelled", RUN["running"])
        emit(db, "match_run.finished", {"match_run_id": str(run.id)})


async def _fail(work: _Search, error: Exception) -> None:
    """End the run with what went wrong, as data for the page."""
    code, detail = "match_crashed", "The search broke off. It is in the log; please start it again."
    params: dict[str, Any] = {}
    if isinstance(error, child.MatchTimedOutError):
        code, detail = "match_timed_out", "The search took too long and was stopped."
        params = {"seconds": int(LONGEST_SECONDS)}
    elif isinstance(error, MarketError):
        code, detail = "match_input_unusable", f"The search cannot use what it was given: {error}."
        params = {"place": error.place, "reason": error.code}
    async with work.database.transaction(work.actor) as db:
        run = await db.find(MatchRun, work.run_id, lock=True)
        if run is None or run.state != "running":
            return
        run.problem = {"code": code, "detail": detail, "params": params}
        run.finished_at = clock.now()
        step(db, "match_run", run, "failed", RUN["running"])
        emit(db, "match_run.finished", {"match_run_id": str(run.id)})
