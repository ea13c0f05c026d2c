"""The living conflict guard (H2): at every change of the organization chart, each open pair is checked again."""

from uuid import UUID

from sqlalchemy import ColumnElement, any_, or_, select

from vuoro.core.db import Db, touch, uuids
from vuoro.core.events import reacts_to
from vuoro.core.history import step
from vuoro.core.outbox import emit
from vuoro.pairs.models import Pair, PairOverride
from vuoro.pairs.standing import stand
from vuoro.pairs.states import STEPS
from vuoro.people import lines
from vuoro.people.events import OrganizationChartChanged
from vuoro.programs.events import ExemptDistanceChanged
from vuoro.programs.models import Program
from vuoro.programs.settings import settings_of

GUARDED = ("asked_mentor", "asked_mentee", "active", "paused", "closing", "stay_in_touch")


@reacts_to(OrganizationChartChanged)
async def suspend_conflicts(db: Db, event: OrganizationChartChanged) -> None:
    """Suspend every open pair that the chart of now forbids, in the transaction that changed the chart.

    A new chain leads from somebody below those who moved up to somebody above them. So after the move of a few, only
    pairs with a person at or above them are looked at, those exempt until now, and those whose line got lost.
    """
    condition: ColumnElement[bool] | None = None
    if event.person_ids is not None:
        near = any_(uuids([*await lines.above(db, event.person_ids), *event.lost]))
        condition = or_(Pair.mentor_id == near, Pair.mentee_id == near, Pair.top_exempt)
    await _check(db, condition)


@reacts_to(ExemptDistanceChanged)
async def suspend_what_comes_too_close(db: Db, event: ExemptDistanceChanged) -> None:
    """Look at the pairs of a program, which has pairs before it runs, when its exempt distance changes."""
    await lines.one_at_a_time(db)
    await _check(db, Pair.program_id == event.program_id)


async def _check(db: Db, condition: ColumnElement[bool] | None) -> None:
    """Suspend what is forbidden now of the open pairs that meet the condition; without one, of all of them."""
    query = (
        select(Pair, Program.settings, PairOverride)
        .join(Program, (Program.organization_id == Pair.organization_id) & (Program.id == Pair.program_id))
        .outerjoin(
            PairOverride,
            (PairOverride.organization_id == Pair.organization_id)
            & (PairOverride.pair_id == Pair.id)
            & PairOverride.confirmed_at.is_not(None),
        )
        .where(Pair.organization_id == db.organization_id, Pair.state.in_(GUARDED))
        .order_by(Pair.id)
        .with_for_update(of=Pair)
    )
    if condition is not None:
        query = query.where(condition)
    rows = (await db.execute(query)).all()
    if not rows:
        return
    people = {id for pair, *_ in rows for id in (pair.mentor_id, pair.mentee_id)}
    chart = await lines.chart(db, None if condition is None else people)
    by_program: dict[UUID, list[tuple[Pair, PairOverride | None]]] = {}
    settings = {}
    for pair, stored, override in rows:
        settings[pair.program_id] = stored
        by_program.setdefault(pair.program_id, []).append((pair, override))
    for program_id, some in by_program.items():
        distance = settings_of(settings[program_id]).rules.top_exempt_distance
        standings = stand(chart, [(pair.mentor_id, pair.mentee_id) for pair, _ in some], distance)
        for (pair, override), standing in zip(some, standings, strict=True):
            if not standing.allowed(override):
                await _suspend(db, pair, override)
            elif pair.top_exempt != (standing.verdict == "exempt"):
                pair.top_exempt = not pair.top_exempt
                touch(pair)


async def _suspend(db: Db, pair: Pair, override: PairOverride | None) -> None:
    pair.state_before, pair.due_at, pair.remind_at = pair.state, None, None
    step(db, "pair", pair, "suspended_conflict", list(STEPS[pair.state]))
    emit(db, "pair.suspended", {"pair_id": str(pair.id)})
    if override is not None:  # it was given for another relation
        await db.delete(override)
