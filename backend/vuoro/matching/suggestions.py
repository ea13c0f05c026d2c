"""Suggestions: reading them, and the manager's word on each (pin, reject, restore); why these two, or why not."""

import asyncio
from dataclasses import replace
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import Select, and_, case, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Invalid, NotFound
from vuoro.core.history import audit, step
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import Can, can
from vuoro.matching import access, exact, intake, service, trials
from vuoro.matching.cards import card, points
from vuoro.matching.engine.market import Market
from vuoro.matching.engine.score import components, score
from vuoro.matching.models import MatchRun, Suggestion
from vuoro.matching.schemas import Alternative, MatchExplanation, SuggestionOut
from vuoro.matching.states import FOUND, MATCHING, SUGGESTION, SuggestionState
from vuoro.pairs.schemas import MatchReason
from vuoro.people.models import Person
from vuoro.people.schemas import PersonRef
from vuoro.people.service import refs
from vuoro.programs.models import Cohort, Program

Sort = Literal["score", "-score"]
VERBS = {"pin": "pinned", "reject": "rejected", "restore": "suggested"}
Mentor, Mentee = aliased(Person), aliased(Person)


class RunNotOpen(Conflict):
    """The run's suggestions are no longer up for a decision."""

    code = "wrong_state"


def _listed(me: Actor) -> Select[Suggestion, str | None]:
    """Suggestions with why no decision on them counts, None when one does."""
    # once the mentors are asked, what was set aside can still be taken back for the searches to come
    left_out = and_(MatchRun.state == "published", Suggestion.state == "rejected")
    open_now = and_(or_(MatchRun.state == "done", left_out), Program.state.in_(MATCHING))
    closed = case((MatchRun.trial, "trial"), (open_now, None), else_="wrong_state")
    return (
        select(Suggestion, closed.label("closed"))
        .join(
            MatchRun,
            and_(MatchRun.organization_id == Suggestion.organization_id, MatchRun.id == Suggestion.match_run_id),
        )
        .join(Program, and_(Program.organization_id == MatchRun.organization_id, Program.id == MatchRun.program_id))
        .where(Suggestion.organization_id == me.organization_id, access.visible_to(me))
    )


async def search(
    db: Db, me: Actor, run_id: UUID, page: Paging, *, state: SuggestionState | None, q: str | None, sort: Sort
) -> tuple[list[SuggestionOut], str | None]:
    """One page of a run's suggestions by score."""
    await service.get(db, me, run_id)
    query = _listed(me).where(Suggestion.match_run_id == run_id)
    if state is not None:
        query = query.where(Suggestion.state == state)
    words = (q or "").split()[:8]
    if words:
        for person, column in ((Mentor, Suggestion.mentor_id), (Mentee, Suggestion.mentee_id)):
            query = query.join(person, and_(person.organization_id == Suggestion.organization_id, person.id == column))
    for word in words:
        like = f"%{word.replace('%', '').replace('_', '')}%"
        query = query.where(or_(Mentor.display_name.ilike(like), Mentee.display_name.ilike(like)))
    rows, following = await keyset(
        db, query, [Suggestion.score, Suggestion.id], page, lambda row: (row[0], row.closed),
        scope=f"suggestions{sort}", descending=sort == "-score", parse=[int, UUID],
    )  # fmt: skip
    people = await refs(db, me, {id for row, _ in rows for id in (row.mentor_id, row.mentee_id)})
    return [_show(row, closed, people) for row, closed in rows], following


async def set_aside(db: Db, me: Actor, program_id: UUID, page: Paging) -> tuple[list[SuggestionOut], str | None]:
    """One page of the pairs that the manager's last word keeps out of the program's searches, the newest search first.

    Of open cohorts alone: in the others no search comes any more.
    """
    await service.check_manager(db, me, program_id)
    last = (
        select(Suggestion.id, Suggestion.state)
        .join(
            MatchRun,
            and_(MatchRun.organization_id == Suggestion.organization_id, MatchRun.id == Suggestion.match_run_id),
        )
        .join(Cohort, and_(Cohort.organization_id == MatchRun.organization_id, Cohort.id == MatchRun.cohort_id))
        .where(
            Suggestion.organization_id == me.organization_id,
            MatchRun.program_id == program_id,
            MatchRun.trial.is_(False),
            Cohort.state == "open",
        )
        .ext(distinct_on(MatchRun.cohort_id, Suggestion.mentor_id, Suggestion.mentee_id))
        .order_by(
            MatchRun.cohort_id, Suggestion.mentor_id, Suggestion.mentee_id, Suggestion.match_run_id.desc()
        )
        .subquery()
    )  # fmt: skip
    query = _listed(me).where(Suggestion.id.in_(select(last.c.id).where(last.c.state == "rejected")))
    rows, following = await keyset(
        db, query, [Suggestion.id], page, lambda row: (row[0], row.closed),
        scope="set_aside", descending=True, parse=[UUID],
    )  # fmt: skip
    people = await refs(db, me, {id for row, _ in rows for id in (row.mentor_id, row.mentee_id)})
    return [_show(row, closed, people) for row, closed in rows], following


async def get(db: Db, me: Actor, suggestion_id: UUID) -> SuggestionOut:
    """One suggestion; NotFound when the caller may not see it."""
    row = (await db.execute(_listed(me).where(Suggestion.id == suggestion_id))).one_or_none()
    if row is None:
        raise NotFound
    return _show(row[0], row.closed, await refs(db, me, (row[0].mentor_id, row[0].mentee_id)))


def _show(row: Suggestion, closed: str | None, people: dict[UUID, PersonRef]) -> SuggestionOut:
    return SuggestionOut(
        id=row.id,
        match_run_id=row.match_run_id,
        mentor=people[row.mentor_id],
        mentee=people[row.mentee_id],
        score=points(row.score),
        components=[MatchReason(**part) for part in row.components],
        checks=row.checks,
        top_exempt=row.top_exempt,
        state=cast(SuggestionState, row.state),
        version=row.version,
        can=_can(row, closed),
    )


def _can(row: Suggestion, closed: str | None) -> Can:
    legal = [] if closed else SUGGESTION[row.state]
    return can(**{verb: to in legal or closed or "wrong_state" for verb, to in VERBS.items()})


async def decide(db: Db, me: Actor, suggestion_id: UUID, verb: str) -> UUID:
    """Pin, reject or restore; later runs of the cohort keep to the last word on a pair.

    Once the mentors are asked, a rejected pair can still be restored.
    """
    found = await get(db, me, suggestion_id)
    program, run = await service.locked(db, me, found.match_run_id)
    if run.trial:
        raise service.TrialRun
    if program.state not in MATCHING:
        raise service.WrongState(program.state)
    row = await db.locked(Suggestion, suggestion_id)
    if run.state != "done" and (run.state, row.state) != ("published", "rejected"):
        raise RunNotOpen(f"The search is {run.state}.", params={"state": run.state, "legal": ["done"]})
    step(db, "suggestion", row, VERBS[verb], [to for to in SUGGESTION[row.state] if to in VERBS.values()])
    audit(db, f"suggestion.{verb}", suggestion_id, program_id=run.program_id)
    return suggestion_id


async def explain(db: Db, me: Actor, run_id: UUID, mentor_id: UUID, mentee_id: UUID) -> MatchExplanation:
    """The card of a suggestion of this run; for two others, what stands against them as things are now."""
    run = await service.found(db, me, run_id)
    kept = await db.scalar(
        select(Suggestion).where(
            Suggestion.organization_id == me.organization_id,
            Suggestion.match_run_id == run_id,
            Suggestion.mentor_id == mentor_id,
            Suggestion.mentee_id == mentee_id,
        )
    )
    people = await refs(db, me, (mentor_id, mentee_id))
    if kept is not None:
        return MatchExplanation(
            mentor=people[mentor_id],
            mentee=people[mentee_id],
            suggestion_id=kept.id,
            failing_rule=None,
            score=points(kept.score),
            components=[MatchReason(**part) for part in kept.components],
            checks=kept.checks,
            loss=None,
        )
    given = await intake.read(db, run.program_id, run.cohort_id, (mentor_id, mentee_id))
    sides = (str(mentor_id), "mentor"), (str(mentee_id), "mentee")
    for name, side in zip(("mentor_id", "mentee_id"), sides, strict=True):
        if side not in given.enrollments and side not in given.absent:
            raise Invalid.at(f"#/query/{name}", "not_enrolled", "This person has no such part in the cohort.")
    gone = next((given.absent[side] for side in sides if side in given.absent), None)
    # the graph is of the whole organization: worked out beside the event loop
    market = trials.asked(given.market, run.options)
    rule, worth, parts, checks = (
        (gone, 0, [], [])
        if gone is not None
        else await asyncio.to_thread(_verdict, market, str(mentor_id), str(mentee_id))
    )
    loss = await exact.loss(db, run, mentor_id, mentee_id) if rule == "all_taken" and run.state in FOUND else None
    return MatchExplanation(
        mentor=people[mentor_id],
        mentee=people[mentee_id],
        suggestion_id=None,
        failing_rule=rule,
        score=points(worth),
        components=[MatchReason(**part) for part in parts],
        checks=checks,
        loss=None if loss is None else points(loss),
    )


async def alternative(db: Db, me: Actor, suggestion_id: UUID) -> Alternative:
    """What the whole program would lose without this pair, and whom each of the two would have then.

    Raises:
        MatchRunStale: people or their data have changed since the run.
    """
    found = await get(db, me, suggestion_id)
    run = await service.done(db, me, found.match_run_id)
    cost, mentor_next, mentee_next = await exact.parting(db, run, found.mentor.id, found.mentee.id)
    people = await refs(db, me, {id for id in (mentor_next, mentee_next) if id})
    return Alternative(
        cost=points(cost),
        mentor_next=people[mentor_next] if mentor_next else None,
        mentee_next=people[mentee_next] if mentee_next else None,
    )


def _verdict(market: Market, mentor: str, mentee: str) -> tuple[str, int, list[dict[str, Any]], list[str]]:
    """The rule that fails, the score, its card, and the rules in force."""
    from vuoro.matching.engine.explain import failing_rule  # noqa: PLC0415 - with it scipy, which no start waits for
    from vuoro.matching.engine.rules import Rulebook  # noqa: PLC0415

    market = replace(market, pinned=())
    book = Rulebook(market)
    rule = failing_rule(market, mentor, mentee, book) or "all_taken"
    a, b = market.mentors[market.mentor_index[mentor]], market.mentees[market.mentee_index[mentee]]
    worth = score(market, a, b)
    return rule, worth, card(components(market, a, b), worth), list(book.checks)
