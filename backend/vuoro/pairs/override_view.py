"""What the caller may know of a pair's override and do about it: managers all, the mentor what counts."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy import select

from vuoro.core import crypto
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.wire import Can, can
from vuoro.pairs import access
from vuoro.pairs.models import OverrideReason, Pair, PairOverride
from vuoro.pairs.schemas import OverrideOut
from vuoro.pairs.standing import Standing, stand, stands_between
from vuoro.pairs.states import OVER
from vuoro.people import lines
from vuoro.people.service import gone, refs
from vuoro.programs.eligibility import OPEN as TAKES_PAIRS
from vuoro.programs.models import Program
from vuoro.programs.settings import settings_of

COLUMN = "override_reasons.text"
#: States that managers decide about.
DECIDED = ("proposed", "suspended_conflict")


async def read(
    db: Db, me: Actor, rows: Iterable[Pair], answers: Mapping[UUID, str]
) -> dict[UUID, tuple[OverrideOut | None, Can]]:
    """What the caller may know of each pair's override and do about it; nothing for mentees and outsiders.

    Args:
        answers: what the caller said to these offers; to a mentor who said no nothing is shown any more.
    """
    concerned = {
        row.id: row
        for row in rows
        # of a pair that is over it would tell whose no it was: the mentor's takes it along, nobody else's does
        if row.state not in OVER
        and row.id not in answers
        and (me.person_id == row.mentor_id or (me.manages(row.program_id) and me.person_id != row.mentee_id))
    }
    if not concerned:
        return {}
    found = list(
        await db.scalars(
            select(PairOverride).where(
                PairOverride.organization_id == me.organization_id, PairOverride.pair_id.in_(concerned)
            )
        )
    )
    own = [one for one in found if concerned[one.pair_id].mentor_id != me.person_id or one.confirmed_at]
    by_pair = {one.pair_id: one for one in own}
    shown = await _shown(db, me, concerned, own)
    standings = await _standings(db, me, [row for row in concerned.values() if row.state in DECIDED])
    return {id: (shown.get(id), _can(me, row, by_pair.get(id), standings.get(id))) for id, row in concerned.items()}


async def _shown(db: Db, me: Actor, concerned: dict[UUID, Pair], found: list[PairOverride]) -> dict[UUID, OverrideOut]:
    if not found:
        return {}
    sealed = await db.execute(
        select(OverrideReason.id, OverrideReason.pair_id, OverrideReason.text).where(
            OverrideReason.organization_id == me.organization_id, OverrideReason.id.in_([one.id for one in found])
        )
    )
    texts = await crypto.unseal_each(db, COLUMN, "pair", [(id, pair, text) for id, pair, text in sealed])
    people = await refs(db, me, {id for one in found for id in (one.requested_by, one.confirmed_by) if id})
    return {
        one.pair_id: OverrideOut(
            kind="conflict_gone" if one.mentee_steps_above is one.mentor_steps_above is None else "override",
            reason=texts.get(one.id),
            requested_by=people[one.requested_by],
            confirmed_by=people[one.confirmed_by] if one.confirmed_by else None,
            requested_at=one.created_at,
            confirmed_at=one.confirmed_at,
            answer_by=concerned[one.pair_id].due_at,
        )
        for one in found
    }


async def _standings(db: Db, me: Actor, rows: list[Pair]) -> dict[UUID, Standing | str]:
    """How the two of each managed pair stand, or why the caller does not decide about it."""
    rows = [row for row in rows if me.person_id and me.manages(row.program_id) and not access.side_of(me, row)]
    if not rows or me.person_id is None:
        return {}
    chart = await lines.chart(db, {me.person_id, *(id for row in rows for id in (row.mentor_id, row.mentee_id))})
    stored = await db.execute(
        select(Program.id, Program.state, Program.settings).where(
            Program.organization_id == me.organization_id, Program.id.in_({row.program_id for row in rows})
        )
    )
    programs = {id: (state, settings_of(settings).rules.top_exempt_distance) for id, state, settings in stored}
    against = await obstacles(db, [(row, programs[row.program_id][0]) for row in rows])
    return {
        row.id: "in_their_line"
        if stands_between(chart, me.person_id, row)
        else against.get(row.id) or stand(chart, [(row.mentor_id, row.mentee_id)], programs[row.program_id][1])[0]
        for row in rows
    }


async def obstacles(db: Db, rows: Collection[tuple[Pair, str]]) -> dict[UUID, str]:
    """Why no word of managers helps: `person_left` or `program_over` by pair; given with its program's state."""
    left = await gone(db, (id for row, _ in rows for id in (row.mentor_id, row.mentee_id)))
    found = {row.id: "person_left" for row, _ in rows if left & {row.mentor_id, row.mentee_id}}
    over = {row.id: "program_over" for row, state in rows if row.activated_at is None and state not in TAKES_PAIRS}
    return found | over


def _can(me: Actor, row: Pair, override: PairOverride | None, standing: Standing | str | None) -> Can:
    asked = row.state == "suspended_conflict" and override is not None and override.confirmed_at is not None
    if row.mentor_id == me.person_id:
        return can(accept=asked, decline=asked)
    if standing is None or isinstance(standing, str):
        return can(override=standing, withdraw_override=standing is not None and override is not None)
    if override is not None:
        return can(
            override="mentor_asked" if asked else "override_pending",
            confirm_override=not asked and (override.requested_by != me.person_id or "needs_another_manager"),
            withdraw_override=True,
            lift=not asked and row.state == "suspended_conflict" and standing.verdict in ("free", "exempt"),
        )
    gone = standing.verdict in ("free", "exempt")
    refused = "conflict_gone" if gone else "unknown_line"
    return can(override=standing.verdict == "line" or refused, lift=gone)
