"""Publishing a run: the mentors of its suggestions are asked, after one more look at the chart and the places."""

from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict
from vuoro.core.history import audit, step
from vuoro.core.outbox import emit
from vuoro.matching import service
from vuoro.matching.intake import LOOKING, TAKING, resting
from vuoro.matching.models import Suggestion
from vuoro.matching.states import MATCHING, RUN
from vuoro.pairs import service as pairs
from vuoro.pairs.models import Pair
from vuoro.people import lines
from vuoro.people.models import Person
from vuoro.people.service import refs
from vuoro.programs import service as programs
from vuoro.programs.models import Enrollment, Program
from vuoro.programs.settings import settings_of

SHOWN = 50


class NothingToPublish(Conflict):
    """Every suggestion of the run is rejected, or there is none."""

    code = "nothing_to_publish"


class SuggestionsOutdated(Conflict):
    """Things changed since the search: some suggestions break a rule now; params name them with the rule."""

    code = "suggestions_outdated"


async def publish(db: Db, me: Actor, run_id: UUID) -> UUID:
    """Ask the mentor of every suggestion that is not rejected; the program starts running, or goes on.

    Raises:
        SuggestionsOutdated: some break a rule now; reject them, or search again. Nothing was published.
    """
    program, run = await service.locked(db, me, run_id)
    if run.trial:
        raise service.TrialRun
    step(db, "match_run", run, "published", [to for to in RUN[run.state] if to == "published"])
    if program.state not in MATCHING:
        raise service.WrongState(program.state)
    chosen = (
        Suggestion.organization_id == me.organization_id,
        Suggestion.match_run_id == run_id,
        Suggestion.state.in_(("suggested", "pinned")),
    )
    rows = list(await db.scalars(select(Suggestion).where(*chosen).order_by(Suggestion.id).with_for_update()))
    if not rows:
        raise NothingToPublish("No suggestion is left to ask about.")
    settings = settings_of(program.settings)
    exempt = await _check(db, me, program, run.cohort_id, rows)
    await pairs.offer(
        db,
        me,
        run_id,
        [
            pairs.NewOffer(
                program_id=run.program_id,
                cohort_id=run.cohort_id,
                mentor_id=row.mentor_id,
                mentee_id=row.mentee_id,
                mentor_enrollment_id=row.mentor_enrollment_id,
                mentee_enrollment_id=row.mentee_enrollment_id,
                reasons=row.components,
                checks=row.checks,
                top_exempt=row.id in exempt,
                offer_days=settings.offer_days,
                sessions_planned=settings.sessions_planned,
            )
            for row in rows
        ],
    )
    now = clock.now()
    await db.execute(
        update(Suggestion)
        .where(*chosen)
        .values(state="asked", version=Suggestion.version + 1, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    run.published_at = now
    audit(db, "match_run.publish", run_id, program_id=run.program_id)
    emit(db, "match_run.published", {"match_run_id": str(run_id)})
    if program.state == "enrolling":
        await programs.transition(db, me, program.id, "matching")
    if program.state != "running":
        await programs.transition(db, me, program.id, "running")
    return run_id


async def _check(db: Db, me: Actor, program: Program, cohort_id: UUID, rows: list[Suggestion]) -> set[UUID]:
    """The suggestions that are allowed with the head of everyone; SuggestionsOutdated when any breaks a rule."""
    await lines.one_at_a_time(db)  # a manager who moves meanwhile is checked against the new pairs afterwards
    both = [(row.mentor_id, row.mentee_id) for row in rows]
    chart = await lines.chart(db, {id for pair in both for id in pair})
    related = set(chart.conflicts(both))
    forbidden = set(chart.conflicts(both, settings_of(program.settings).rules.top_exempt_distance))
    free, rested = await free_places(db, cohort_id), await resting(db)
    broken: dict[UUID, str] = {}
    for row, pair in zip(rows, both, strict=True):
        lost = "unknown" in (chart.line(pair[0]), chart.line(pair[1]))
        sides = row.mentor_enrollment_id, row.mentee_enrollment_id
        if lost:
            broken[row.id] = "unknown_line"
        elif pair in forbidden:
            broken[row.id] = "reporting_line"
        elif any(free[side] <= 0 for side in sides):
            broken[row.id] = "no_place"
        elif not rested.keys().isdisjoint(pair):
            broken[row.id] = "resting"
        else:
            free.subtract(sides)
    if broken:
        raise await _outdated(db, me, rows, broken)
    return {row.id for row, pair in zip(rows, both, strict=True) if pair in related}


async def free_places(db: Db, cohort_id: UUID) -> Counter[UUID]:
    """Places left by enrollment, none for whoever does not take part any more; held still until the commit."""
    places = await db.execute(
        select(Enrollment.id, Enrollment.capacity)
        .join(Person, (Person.organization_id == Enrollment.organization_id) & (Person.id == Enrollment.person_id))
        .where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.cohort_id == cohort_id,
            Enrollment.state.in_(LOOKING),
            Person.status == "active",
        )
        .with_for_update(read=True, of=Enrollment)
    )
    free: Counter[UUID] = Counter()
    for id, capacity in places:
        free[id] = capacity
    taken = await db.execute(
        select(Pair.mentor_enrollment_id, Pair.mentee_enrollment_id).where(
            Pair.organization_id == db.organization_id,
            Pair.cohort_id == cohort_id,
            Pair.state.in_(TAKING),
        )
    )
    for both in taken:
        free.subtract(both)
    return free


async def _outdated(db: Db, me: Actor, rows: list[Suggestion], broken: dict[UUID, str]) -> SuggestionsOutdated:
    shown = [row for row in rows if row.id in broken][:SHOWN]
    people = await refs(db, me, {id for row in shown for id in (row.mentor_id, row.mentee_id)})
    named: list[dict[str, Any]] = [
        {
            "id": str(row.id),
            "mentor": people[row.mentor_id].display_name,
            "mentee": people[row.mentee_id].display_name,
            "rule": broken[row.id],
        }
        for row in shown
    ]
    return SuggestionsOutdated(
        "Some suggestions break a rule by now. Reject them, or search again; nobody was asked.",
        params={"count": len(broken), "suggestions": named},
    )
