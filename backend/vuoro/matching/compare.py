"""Two runs of one program side by side: what changes, and for whom."""

from uuid import UUID

from sqlalchemy import Subquery, and_, func, or_, select

from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Invalid
from vuoro.core.page import Paging, keyset
from vuoro.matching import intake, service
from vuoro.matching.cards import points
from vuoro.matching.models import MatchCertificate, MatchRun, Suggestion
from vuoro.matching.schemas import MatchChange, MatchComparison, RunSettings
from vuoro.matching.states import FOUND
from vuoro.people.service import refs


class NothingToCompare(Conflict):
    """There is no other run to compare with."""

    code = "nothing_to_compare"
    text = "No other search is there to compare with."


async def compare(db: Db, me: Actor, run_id: UUID, other_id: UUID | None, page: Paging) -> MatchComparison:
    """This run against another of its program; by default what it names as a trial, or the real one before it.

    With one page of what changes, the largest loss first.

    Raises:
        RunNotDone: one of the two has no pairs yet, or never will.
        NothingToCompare: without `other_id`, and none is there.
    """
    mine = await service.done(db, me, run_id)
    if other_id is None:
        theirs = await _other(db, mine)
    else:
        theirs = await service.done(db, me, other_id)
        if theirs.program_id != mine.program_id:
            raise Invalid.at("#/query/with", "other_program", "The two searches are of different programmes.")
    a, b = _pairs(mine), _pairs(theirs)
    together = and_(a.c.mentor_id == b.c.mentor_id, a.c.mentee_id == b.c.mentee_id)
    # full joins throughout: they hash, whatever the planner believes of runs that it has not counted yet
    both = (
        select(
            func.coalesce(a.c.mentee_id, b.c.mentee_id).label("mentee_id"),
            a.c.mentor_id.label("after"),
            b.c.mentor_id.label("before"),
            a.c.score.label("to_score"),
            b.c.score.label("from_score"),
        )
        .select_from(a.outerjoin(b, together, full=True))
        .cte("both_runs")
    )
    came, left = (
        select(
            both.c.mentee_id,
            mentor.label("mentor_id"),
            score.label("score"),
            func.row_number().over(partition_by=both.c.mentee_id, order_by=[score.desc(), mentor]).label("place"),
        )
        .where(other.is_(None))
        .subquery()
        for mentor, score, other in (
            (both.c.after, both.c.to_score, both.c.before),
            (both.c.before, both.c.from_score, both.c.after),
        )
    )
    of_one = and_(came.c.mentee_id == left.c.mentee_id, came.c.place == left.c.place)
    mentee = func.coalesce(came.c.mentee_id, left.c.mentee_id)
    changes = (
        select(
            mentee.label("mentee_id"),
            left.c.mentor_id.label("before"),
            came.c.mentor_id.label("after"),
            left.c.score.label("from_score"),
            came.c.score.label("to_score"),
            (func.coalesce(came.c.score, 0) - func.coalesce(left.c.score, 0)).label("gain"),
            func.coalesce(came.c.place, left.c.place).label("place"),
        )
        .select_from(came.outerjoin(left, of_one, full=True))
        .cte("changes")
    )
    keys = [changes.c.gain, changes.c.mentee_id, changes.c.place]
    rows, following = await keyset(
        db, select(changes), keys, page, lambda row: row, scope="comparison", parse=[int, UUID, int]
    )
    same, lowest, with_lowest, changed = (
        await db.execute(
            select(
                func.count().filter(both.c.after == both.c.before),
                func.min(both.c.to_score),
                func.min(both.c.from_score),
                select(func.count()).select_from(changes).scalar_subquery(),
            )
        )
    ).one()
    mine_asked, theirs_asked = await _settings(db, mine, theirs)
    people = await refs(db, me, {id for row in rows for id in (row.mentee_id, row.before, row.after) if id})
    objective, with_objective = mine.objective or 0, theirs.objective or 0
    return MatchComparison(
        run_id=mine.id,
        with_id=theirs.id,
        settings=mine_asked,
        with_settings=theirs_asked,
        objective=points(objective),
        with_objective=points(with_objective),
        difference=points(objective - with_objective),
        pairs=mine.pairs,
        with_pairs=theirs.pairs,
        lowest=None if lowest is None else points(lowest),
        with_lowest=None if with_lowest is None else points(with_lowest),
        same=same,
        changed=changed,
        items=[
            MatchChange(
                person=people[row.mentee_id],
                role="mentee",
                before=people[row.before] if row.before else None,
                after=people[row.after] if row.after else None,
                from_score=None if row.from_score is None else points(row.from_score),
                to_score=None if row.to_score is None else points(row.to_score),
            )
            for row in rows
        ],
        next_cursor=following,
    )


async def _settings(db: Db, *runs: MatchRun) -> list[RunSettings]:
    """What each run was searched by; its weights are kept with its proof."""
    kept = await db.execute(
        select(MatchCertificate.match_run_id, MatchCertificate.market["weights"].label("weights")).where(
            MatchCertificate.organization_id == db.organization_id,
            MatchCertificate.match_run_id.in_([run.id for run in runs]),
        )
    )
    weights = {row.match_run_id: row.weights for row in kept}
    return [
        RunSettings(**{name: run.options[name] for name in ("goal", "fairness", "floor")}, weights=weights.get(run.id))
        for run in runs
    ]


async def _other(db: Db, run: MatchRun) -> MatchRun:
    """What a trial names; else the newest real run of the cohort before this one."""
    query = select(MatchRun)
    named = run.options["trial"] and run.options["trial"]["compare_with"]
    if named:
        chosen = and_(
            MatchRun.organization_id == db.organization_id, MatchRun.id == UUID(named), MatchRun.state.in_(FOUND)
        )
        query = query.where(or_(chosen, intake.earlier(run))).order_by(chosen.desc())
    else:
        query = query.where(intake.earlier(run))
    found = await db.scalar(query.order_by(MatchRun.id.desc()).limit(1))
    if found is None:
        raise NothingToCompare
    return found


def _pairs(run: MatchRun) -> Subquery:
    return (
        select(Suggestion.mentor_id, Suggestion.mentee_id, Suggestion.score)
        .where(Suggestion.organization_id == run.organization_id, Suggestion.match_run_id == run.id)
        .subquery()
    )
