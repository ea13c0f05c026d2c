"""Match runs: starting, reading and cancelling them."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, and_, func, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Invalid, NotFound
from vuoro.core.history import audit, record_change, step
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import Can, can
from vuoro.matching import access, trials
from vuoro.matching.cards import QUEUED, points
from vuoro.matching.intake import LOOKING
from vuoro.matching.models import MatchRun
from vuoro.matching.schemas import (
    MatchOptions,
    MatchProblem,
    MatchProgress,
    MatchRunIn,
    MatchRunOut,
    UnmatchedPerson,
)
from vuoro.matching.states import FOUND, MATCHING, RUN, MatchRunState
from vuoro.people.models import Person
from vuoro.people.schemas import PersonRef
from vuoro.people.service import refs
from vuoro.programs import access as program_access
from vuoro.programs import service as programs
from vuoro.programs.models import Cohort, Enrollment, Program

SHOWN_UNMATCHED = 200


class WrongState(Conflict):
    """The program does not look for pairs now."""

    code = "wrong_state"

    def __init__(self, state: str) -> None:
        super().__init__(
            f"The programme is {state}; pairs are made while it is {', '.join(MATCHING)}.",
            params={"state": state, "legal": list(MATCHING)},
        )


class NobodyEnrolled(Conflict):
    """A side has nobody to match; params name it."""

    code = "nobody_enrolled"


class RunNotDone(Conflict):
    """The run has no pairs yet, or never will."""

    code = "wrong_state"


class TrialRun(Conflict):
    """A trial only answers: nothing is decided in it, and nobody asked."""

    code = "trial"
    text = "This search was a trial. Search for real, then decide."


class MatchRunBusy(Conflict):
    """The program has a run at work, which params name."""

    code = "match_run_busy"


def _listed(me: Actor) -> Select[MatchRun, str]:
    return (
        select(MatchRun, Program.state)
        .join(Program, and_(Program.organization_id == MatchRun.organization_id, Program.id == MatchRun.program_id))
        .where(MatchRun.organization_id == me.organization_id, access.visible_to(me))
    )


async def search(
    db: Db, me: Actor, program_id: UUID, page: Paging, *, trials: bool = False
) -> tuple[list[MatchRunOut], str | None]:
    """One page of a program's runs, newest first; with `trials` its trial runs among them."""
    await check_manager(db, me, program_id)
    query = _listed(me).where(MatchRun.program_id == program_id)
    if not trials:
        query = query.where(MatchRun.trial.is_(False))
    rows, following = await keyset(
        db, query, [MatchRun.id], page, lambda row: (row[0], row[1]), scope="match_runs", descending=True, parse=[UUID]
    )
    return await _show(db, me, rows), following


async def get(db: Db, me: Actor, run_id: UUID) -> MatchRunOut:
    """One run; NotFound when the caller may not see it."""
    row = (await db.execute(_listed(me).where(MatchRun.id == run_id))).one_or_none()
    if row is None:
        raise NotFound
    return (await _show(db, me, [(row[0], row[1])]))[0]


async def found(db: Db, me: Actor, run_id: UUID) -> MatchRun:
    """The row of a run; NotFound when the caller may not see it."""
    run: MatchRun | None = await db.scalar(_listed(me).where(MatchRun.id == run_id))
    if run is None:
        raise NotFound
    return run


async def done(db: Db, me: Actor, run_id: UUID) -> MatchRun:
    """The row of a run that has pairs; NotFound when the caller may not see it.

    Raises:
        RunNotDone: it has none yet, or never will.
    """
    run = await found(db, me, run_id)
    if run.state not in FOUND:
        raise RunNotDone(f"The search is {run.state}.", params={"state": run.state, "legal": list(FOUND)})
    return run


async def check_manager(db: Db, me: Actor, program_id: UUID) -> None:
    """NotFound for whoever does not manage this program: its matching is invisible to them."""
    if not program_access.may_manage(me, program_id):
        raise NotFound
    await programs.get_row(db, me, program_id)


async def locked(db: Db, me: Actor, run_id: UUID) -> tuple[Program, MatchRun]:
    """A run and its program, locked for change in the order that every writer keeps."""
    run = await get(db, me, run_id)
    program = await programs.managed(db, me, run.program_id)
    return program, await db.locked(MatchRun, run_id)


async def _show(db: Db, me: Actor, rows: list[tuple[MatchRun, str]]) -> list[MatchRunOut]:
    shown = {run.id: run.unmatched[:SHOWN_UNMATCHED] for run, _ in rows}
    ids = {UUID(one["person_id"]) for some in shown.values() for one in some}
    ids |= {UUID(pin[side]) for run, _ in rows for pin in _pins(run) for side in ("mentor", "mentee")}
    people = await refs(db, me, ids)
    return [
        MatchRunOut(
            id=run.id,
            program_id=run.program_id,
            cohort_id=run.cohort_id,
            trial=run.trial,
            options=MatchOptions(**run.options),
            state=cast(MatchRunState, run.state),
            progress=_progress(run),
            mentors=run.mentors,
            mentees=run.mentees,
            places=run.places,
            pairs=run.pairs,
            objective=None if run.objective is None else points(run.objective),
            proven=run.proven,
            gap=run.progress["gap"] if run.state in FOUND else None,
            kept=run.kept,
            unmatched=[
                UnmatchedPerson(person=people[UUID(one["person_id"])], role=one["role"], rule=one["rule"])
                for one in shown[run.id]
                if UUID(one["person_id"]) in people
            ],
            unmatched_count=len(run.unmatched),
            problem=_problem(run, people),
            created_at=run.created_at,
            finished_at=run.finished_at,
            published_at=run.published_at,
            version=run.version,
            can=_can(run, program_state),
        )
        for run, program_state in rows
    ]


def _pins(run: MatchRun) -> list[dict[str, Any]]:
    """The pins that the search had to let go: {mentor, mentee, rule}, people by id."""
    return run.problem["params"].get("pins", []) if run.problem else []


def _problem(run: MatchRun, people: dict[UUID, PersonRef]) -> MatchProblem | None:
    if run.problem is None:
        return None
    params = dict(run.problem["params"])
    if pins := _pins(run):
        # names are looked up now: a run keeps ids alone, so that an erased person is gone from it too
        both = [(people.get(UUID(pin["mentor"])), people.get(UUID(pin["mentee"])), pin["rule"]) for pin in pins]
        params["pins"] = [
            {
                "mentor_id": str(mentor.id),
                "mentor": mentor.display_name,
                "mentee_id": str(mentee.id),
                "mentee": mentee.display_name,
                "rule": rule,
            }
            for mentor, mentee, rule in both
            if mentor and mentee
        ]
    return MatchProblem(code=run.problem["code"], detail=run.problem["detail"], params=params)


def _progress(run: MatchRun) -> MatchProgress:
    told = dict(run.progress)
    if run.state == "running" and run.stop_requested_at is not None:
        told["phase"] = "stopping"
    return MatchProgress(**{**told, "bound": None if told["bound"] is None else points(told["bound"])})


def _can(run: MatchRun, program_state: str) -> Can:
    publish: bool | str = "trial" if run.trial else "wrong_state"
    if not run.trial and run.state == "done" and program_state in MATCHING:
        publish = bool(run.pairs) or "nothing_to_publish"
    cancel: bool | str = "cancelled" in RUN[run.state] or "wrong_state"
    if run.state == "running" and run.stop_requested_at is not None:
        cancel = "stopping"
    return can(cancel=cancel, publish=publish)


async def start(db: Db, me: Actor, program_id: UUID, data: MatchRunIn) -> UUID:
    """Queue a search for the best pairs of a cohort; the program goes from enrolling to matching, but for a trial.

    Raises:
        MatchRunBusy: the program has a run at work already.
    """
    await check_manager(db, me, program_id)
    program = await programs.managed(db, me, program_id)
    if program.state not in MATCHING:
        raise WrongState(program.state)
    cohort_id = await _cohort(db, program_id, data.cohort_id)
    busy = await db.scalar(
        select(MatchRun.id).where(
            MatchRun.organization_id == me.organization_id,
            MatchRun.program_id == program_id,
            MatchRun.state.in_(("queued", "running")),
        )
    )
    if busy is not None:
        raise MatchRunBusy("A search is at work for this programme.", params={"match_run_id": str(busy)})
    mentors, mentees = await _sides(db, cohort_id)
    if not (mentors and mentees):
        missing = [side for side, count in (("mentors", mentors), ("mentees", mentees)) if not count]
        raise NobodyEnrolled("Nobody is enrolled yet on one side.", params={"missing": missing})
    if data.trial is not None:
        await trials.check(db, program_id, cohort_id, data.trial)
        await trials.tidy(db, program_id, data.trial.compare_with)
    elif program.state == "enrolling":
        await programs.transition(db, me, program_id, "matching")
    run = MatchRun(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        program_id=program_id,
        cohort_id=cohort_id,
        trial=data.trial is not None,
        options=data.model_dump(mode="json", exclude={"cohort_id"}),
        state="queued",
        progress=progress_row(QUEUED),
        mentors=mentors,
        mentees=mentees,
        unmatched=[],
        created_by=me.id,
    )
    db.add(run)
    await db.flush()
    record_change(db, "match_run", run.id, None, "queued")
    audit(db, "match_run.try" if run.trial else "match_run.start", run.id, program_id=program_id)
    emit(db, "match_run.queued", {"match_run_id": str(run.id)})
    return run.id


def progress_row(progress: Any) -> dict[str, Any]:
    """A solver's progress as it is kept."""
    return {name: getattr(progress, name) for name in MatchProgress.model_fields}


async def _cohort(db: Db, program_id: UUID, cohort_id: UUID | None) -> UUID:
    mine = Cohort.organization_id == db.organization_id, Cohort.program_id == program_id, Cohort.state == "open"
    query = select(Cohort.id).where(*mine).order_by(Cohort.id.desc()).limit(1)
    found = await db.scalar(query if cohort_id is None else query.where(Cohort.id == cohort_id))
    if found is None:
        raise Invalid.at("/cohort_id", "unknown_cohort", "This program has no such cohort.")
    return found


async def _sides(db: Db, cohort_id: UUID) -> tuple[int, int]:
    """How many mentors and mentees can be looked for."""
    counts = await db.execute(
        select(
            func.count().filter(Enrollment.role == "mentor"),
            func.count().filter(Enrollment.role == "mentee"),
        )
        .join(Person, and_(Person.organization_id == Enrollment.organization_id, Person.id == Enrollment.person_id))
        .where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.cohort_id == cohort_id,
            Enrollment.state.in_(LOOKING),
            Person.status == "active",
        )
    )
    mentors, mentees = counts.one()
    return mentors, mentees


async def cancel(db: Db, me: Actor, run_id: UUID) -> UUID:
    """Stop a run. One at work is asked to: the worker sees it within a second, and keeps the best pairs it has."""
    _, run = await locked(db, me, run_id)
    if run.state == "running":
        if run.stop_requested_at is not None:
            return run_id
        run.stop_requested_at = clock.now()
        touch(run)
    else:
        step(db, "match_run", run, "cancelled", [to for to in RUN[run.state] if to == "cancelled"])
        run.finished_at = clock.now()
    audit(db, "match_run.cancel", run_id, program_id=run.program_id)
    return run_id
