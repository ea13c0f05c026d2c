"""The living conflict guard (H2): at every change of the organization chart, each open pair is checked again."""

from uuid import UUID

from sqlalchemy import select

from vuoro.core.db import Db
from vuoro.core.events import reacts_to
from vuoro.core.history import step
from vuoro.core.outbox import emit
from vuoro.pairs.models import Pair
from vuoro.pairs.states import STEPS
from vuoro.people import lines
from vuoro.people.events import OrganizationChartChanged
from vuoro.programs.models import Program
from vuoro.programs.settings import settings_of

GUARDED = ("asked_mentor", "asked_mentee", "active", "paused", "closing", "stay_in_touch")


@reacts_to(OrganizationChartChanged)
async def suspend_conflicts(db: Db, _: OrganizationChartChanged) -> None:
    """Suspend every open pair that the chart of now forbids, in the transaction that changed the chart."""
    rows = (
        await db.execute(
            select(Pair, Program.settings)
            .join(Program, (Program.organization_id == Pair.organization_id) & (Program.id == Pair.program_id))
            .where(Pair.organization_id == db.organization_id, Pair.state.in_(GUARDED))
            .order_by(Pair.id)
            .with_for_update(of=Pair)
        )
    ).all()  # fmt: skip
    if not rows:
        return
    chart = await lines.chart(db)
    by_distance: dict[int, list[Pair]] = {}
    for pair, settings in rows:
        by_distance.setdefault(settings_of(settings).rules.top_exempt_distance, []).append(pair)
    for distance, pairs in by_distance.items():
        pairs = [pair for pair in pairs if pair.mentor_id in chart and pair.mentee_id in chart]
        hit: set[tuple[UUID, UUID]] = set(chart.conflicts([(p.mentor_id, p.mentee_id) for p in pairs], distance))
        for pair in pairs:
            lost = "unknown" in (chart.line(pair.mentor_id), chart.line(pair.mentee_id))
            if lost or (pair.mentor_id, pair.mentee_id) in hit:
                pair.state_before, pair.due_at = pair.state, None
                step(db, "pair", pair, "suspended_conflict", list(STEPS[pair.state]))
                emit(db, "pair.suspended", {"pair_id": str(pair.id)})
