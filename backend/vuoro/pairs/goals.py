"""Goals of both sides: the two read all of them, each writes their own; managers read how many are done."""

from uuid import UUID

from sqlalchemy import func, select

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Forbidden, NotFound
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import can
from vuoro.pairs import access
from vuoro.pairs.models import Goal, Pair
from vuoro.pairs.schemas import GoalIn, GoalOut, GoalPatch
from vuoro.pairs.service import PairNotActive, locked, require_member
from vuoro.pairs.states import TALKS

COLUMN = "goals.text"
MOST = 20


class TooManyGoals(Conflict):
    """One side has as many goals as it may have."""

    code = "too_many_goals"
    text = f"Each of you may have {MOST} goals. Remove one first."


async def search(db: Db, me: Actor, pair_id: UUID, page: Paging) -> tuple[list[GoalOut], str | None]:
    """One page of a pair's goals, oldest first; NotFound for everybody but the two."""
    pair = await require_member(db, me, pair_id, active=False)
    query = select(Goal).where(Goal.organization_id == me.organization_id, Goal.pair_id == pair_id)
    rows, following = await keyset(db, query, [Goal.id], page, lambda row: row[0], scope="goals", parse=[UUID])
    return await _show(db, me, pair, rows), following


async def get(db: Db, me: Actor, pair_id: UUID, goal_id: UUID) -> GoalOut:
    """One goal of the caller's pair."""
    pair = await require_member(db, me, pair_id, active=False)
    row = await db.find(Goal, goal_id)
    shown = await _show(db, me, pair, [row]) if row is not None and row.pair_id == pair_id else []
    if not shown:
        raise NotFound
    return shown[0]


async def _show(db: Db, me: Actor, pair: Pair, rows: list[Goal]) -> list[GoalOut]:
    texts = await crypto.unseal_each(db, COLUMN, "pair", [(row.id, row.pair_id, row.text) for row in rows])
    side = access.side_of(me, pair)
    return [
        GoalOut(
            id=row.id,
            side=row.side,  # type: ignore[arg-type]
            text=texts[row.id],
            done_at=row.done_at,
            version=row.version,
            created_at=row.created_at,
            can=can(**dict.fromkeys(("edit", "remove"), _obstacle(pair, row, side) or True)),
        )
        for row in rows
        if row.id in texts
    ]


def _obstacle(pair: Pair, row: Goal, side: str | None) -> str | None:
    if row.side != side:
        return "not_yours"
    return None if pair.state in TALKS else PairNotActive.code


async def create(db: Db, me: Actor, pair_id: UUID, data: GoalIn) -> UUID:
    """Set a goal of one's own, in a pair that talks; TooManyGoals when there are many."""
    pair, side = await locked(db, me, pair_id)
    if pair.state not in TALKS:
        raise PairNotActive
    count = await db.scalar(
        select(func.count()).where(
            Goal.organization_id == me.organization_id, Goal.pair_id == pair_id, Goal.side == side
        )
    )
    if count is not None and count >= MOST:
        raise TooManyGoals
    id = clock.uuid7()
    sealed = await crypto.seal(db, COLUMN, "pair", pair_id, id, data.text)
    db.add(Goal(organization_id=me.organization_id, id=id, pair_id=pair_id, side=side, text=sealed))
    await _count(db, pair)
    return id


async def change(db: Db, me: Actor, pair_id: UUID, goal_id: UUID, version: int, patch: GoalPatch) -> None:
    """Change the words of one's own goal, or whether it is reached."""
    pair, row = await _own(db, me, pair_id, goal_id, version)
    if "text" in patch.model_fields_set:
        row.text = await crypto.seal(db, COLUMN, "pair", pair_id, goal_id, patch.text)
    if "done" in patch.model_fields_set and patch.done != (row.done_at is not None):
        row.done_at = clock.now() if patch.done else None
    touch(row)
    await _count(db, pair)


async def remove(db: Db, me: Actor, pair_id: UUID, goal_id: UUID, version: int) -> None:
    """Take one's own goal away."""
    pair, row = await _own(db, me, pair_id, goal_id, version)
    await db.delete(row)
    await _count(db, pair)


async def _own(db: Db, me: Actor, pair_id: UUID, goal_id: UUID, version: int) -> tuple[Pair, Goal]:
    await get(db, me, pair_id, goal_id)
    pair, side = await locked(db, me, pair_id)
    row = await db.locked(Goal, goal_id, version)
    if row.side != side:
        raise Forbidden("Each of you changes their own goals.")
    if pair.state not in TALKS:
        raise PairNotActive
    return pair, row


async def _count(db: Db, pair: Pair) -> None:
    """Count anew for managers; the pair's version stays, so that it does not tell when the two write."""
    await db.flush()
    total, done = (
        await db.execute(
            select(func.count(), func.count().filter(Goal.done_at.is_not(None))).where(
                Goal.organization_id == pair.organization_id, Goal.pair_id == pair.id
            )
        )
    ).one()
    pair.goals_total, pair.goals_done = total, done
