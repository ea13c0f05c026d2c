"""Action items: what each of the two has promised. Either writes and ticks them; a reminder goes to the owner alone."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import TEXT, ColumnElement, Row, and_, case, cast, func, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Invalid, NotFound
from vuoro.core.page import Paging, Rows, keyset
from vuoro.core.wire import can, changes
from vuoro.pairs import access
from vuoro.pairs.models import Pair
from vuoro.pairs.service import PairNotActive
from vuoro.sessions import content
from vuoro.sessions.content_schemas import ActionItemIn, ActionItemOut, ActionItemPatch, ItemState
from vuoro.sessions.models import ActionItem
from vuoro.sessions.states import PAIR_TALKS

LIMIT = 50  # of one session
FARTHEST = timedelta(days=730)
SOON = timedelta(days=3)
_DAY = func.coalesce(cast(ActionItem.due_on, TEXT), "9999-12-31")


class AlreadyDone(Conflict):
    """Somebody ticked it before."""

    code: ClassVar[str] = "already_done"
    text: ClassVar[str] = "This is done already."


class NotDone(Conflict):
    """It is open as it is."""

    code: ClassVar[str] = "not_done"
    text: ClassVar[str] = "This is still open."


@dataclass(frozen=True, slots=True)
class DuePromises:
    """Own promises of one pair that are overdue or due within three days."""

    pair_id: UUID
    count: int
    overdue: int
    next_due_on: date | None


def _today() -> date:
    return clock.now().date()


async def search(db: Db, me: Actor, session_id: UUID, page: Paging) -> tuple[list[ActionItemOut], str | None]:
    """One page of a session's promises, by their day."""
    await content.room(db, me, session_id)
    return await _page(db, content.readable(me, ActionItem).where(ActionItem.session_id == session_id), page)


async def of_pair(
    db: Db, me: Actor, pair_id: UUID, page: Paging, state: ItemState | None
) -> tuple[list[ActionItemOut], str | None]:
    """One page of a pair's promises over all its sessions, by their day; `open` has the overdue ones too."""
    await content.member(db, me, pair_id)
    query = content.readable(me, ActionItem).where(ActionItem.pair_id == pair_id)
    return await _page(db, query if state is None else query.where(*_in_state(state)), page)


def _in_state(state: ItemState) -> list[ColumnElement[bool]]:
    if state == "done":
        return [ActionItem.done_at.is_not(None)]
    late = [ActionItem.due_on < _today()] if state == "overdue" else []
    return [ActionItem.done_at.is_(None), *late]


async def get(db: Db, me: Actor, item_id: UUID) -> ActionItemOut:
    """One promise; NotFound for everybody but the two."""
    rows = (await db.execute(content.readable(me, ActionItem).where(ActionItem.id == item_id))).all()
    found = await _shown(db, rows)
    if not found:
        raise NotFound
    return found[0]


async def _page(db: Db, query: Rows, page: Paging) -> tuple[list[ActionItemOut], str | None]:
    rows, following = await keyset(
        db, query, [_DAY, ActionItem.id], page, lambda row: row, scope="action_items", parse=[str, UUID]
    )
    return await _shown(db, rows), following


async def _shown(db: Db, rows: Any) -> list[ActionItemOut]:
    texts = await content.texts(db, [row.ActionItem for row in rows])
    return [_out(row, texts[row.ActionItem.id]) for row in rows if row.ActionItem.id in texts]


def _out(row: Row[Any], text: str) -> ActionItemOut:
    item: ActionItem = row.ActionItem
    done = item.done_at is not None
    late = item.due_on is not None and item.due_on < _today()
    may = content.closed(row.pair_state) or True
    return ActionItemOut(
        id=item.id,
        session_id=item.session_id,
        pair_id=item.pair_id,
        text=text,
        owner=item.owner,
        mine=row.is_mentor == (item.owner == "mentor"),
        due_on=item.due_on,
        done_at=item.done_at,
        state="done" if done else "overdue" if late else "open",
        edited_at=item.edited_at,
        version=item.version,
        created_at=item.created_at,
        can=can(edit=may, delete=may, **{"reopen" if done else "finish": may}),
    )


async def create(db: Db, me: Actor, session_id: UUID, data: ActionItemIn) -> UUID:
    """Note a promise of either of the two."""
    room = await content.room(db, me, session_id, hold=True)
    room.require_open()
    _require_ahead(data.due_on)
    await content.require_space(db, LIMIT, ActionItem, ActionItem.session_id == session_id)
    item = ActionItem(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        session_id=session_id,
        pair_id=room.pair_id,
        owner=data.owner,
        due_on=data.due_on,
    )
    await content.write(db, item, data.text)
    return item.id


def _require_ahead(day: date | None) -> None:
    # A day behind in UTC may still be today where the two are.
    if day is not None and not _today() - timedelta(days=1) <= day <= _today() + FARTHEST:
        raise Invalid.at("/due_on", "not_in_future", "A promise is due today or later, at most two years ahead.")


async def _open(db: Db, me: Actor, item_id: UUID, version: int | None = None) -> ActionItem:
    item, pair = await content.held(db, me, ActionItem, item_id, version)
    if content.closed(pair.state):
        raise PairNotActive
    return item


async def change(db: Db, me: Actor, item_id: UUID, version: int, patch: ActionItemPatch) -> None:
    """Rewrite a promise, give it to the other one or to another day."""
    item = await _open(db, me, item_id, version)
    new = changes(patch)
    if not new:
        return
    if new.get("due_on") != item.due_on:
        _require_ahead(new.get("due_on"))
    if "text" in new:
        item.text = await content.seal(db, item, new.pop("text"))
        item.edited_at = clock.now()
    for name, value in new.items():
        setattr(item, name, value)
    touch(item)


async def finish(db: Db, me: Actor, item_id: UUID) -> UUID:
    """Tick a promise off; either of the two does it, once."""
    item = await _open(db, me, item_id)
    if item.done_at is not None:
        raise AlreadyDone
    item.done_at = clock.now()
    touch(item)
    return item.id


async def reopen(db: Db, me: Actor, item_id: UUID) -> UUID:
    """Take a tick back."""
    item = await _open(db, me, item_id)
    if item.done_at is None:
        raise NotDone
    item.done_at = None
    touch(item)
    return item.id


async def remove(db: Db, me: Actor, item_id: UUID, version: int) -> None:
    """Delete a promise for good."""
    await db.delete(await _open(db, me, item_id, version))


async def open_action_items(db: Db, me: Actor) -> list[DuePromises]:
    """The caller's own promises that are overdue or due within three days, by pair; in one statement.

    Only the owner hears of them: a junior never has to chase an executive (S9).
    """
    my_side = case((Pair.mentor_id == me.person_id, "mentor"), else_="mentee")
    rows = await db.execute(
        select(
            ActionItem.pair_id,
            func.count(),
            func.count().filter(ActionItem.due_on < _today()),
            func.min(ActionItem.due_on),
        )
        .join(Pair, and_(Pair.organization_id == ActionItem.organization_id, Pair.id == ActionItem.pair_id))
        .where(
            ActionItem.organization_id == me.organization_id,
            access.mine(me),
            ActionItem.owner == my_side,
            ActionItem.done_at.is_(None),
            ActionItem.due_on <= _today() + SOON,
            Pair.state.in_(PAIR_TALKS),
        )
        .group_by(ActionItem.pair_id)
        .order_by(func.min(ActionItem.due_on), ActionItem.pair_id)
        .limit(20)
    )
    return [DuePromises(*row) for row in rows]
