"""Delegates: an executive's assistant books, moves and confirms the executive's sessions, and sees times alone."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Forbidden, Invalid
from vuoro.core.history import audit
from vuoro.core.page import Rows
from vuoro.core.wire import can
from vuoro.pairs import access
from vuoro.pairs.models import Pair
from vuoro.pairs.states import OPEN
from vuoro.people.models import Person
from vuoro.people.schemas import PersonRef
from vuoro.people.service import ref, refs
from vuoro.programs.models import Enrollment
from vuoro.sessions.models import Delegation
from vuoro.sessions.schemas import DelegatedPair, DelegateIn, DelegateOut
from vuoro.sessions.states import PAIR_PLANS, PAIR_TALKS

SHOWN = 8


class DelegateInLine(Conflict):
    """The delegate would learn of a pair whose mentor they lead."""

    code = "delegate_in_line"
    text = "This person is above your mentor in the organization. Choose somebody else to book for you."


class DelegateInPair(Conflict):
    """The mentor cannot answer for both sides."""

    code = "delegate_in_pair"
    text = "Your own mentor cannot book for you."


def _mine(me: Actor) -> ColumnElement[bool]:
    return and_(Delegation.organization_id == me.organization_id, Delegation.delegate_id == me.person_id)


def serving(me: Actor) -> ColumnElement[bool]:
    """Whether the caller books for anybody, within another query."""
    return exists().where(_mine(me))


async def served(db: Db, me: Actor) -> list[UUID]:
    """The executives whom the caller books for."""
    if me.person_id is None:
        return []
    return list(await db.scalars(select(Delegation.executive_id).where(_mine(me))))


async def get(db: Db, me: Actor) -> DelegateOut:
    """Who books for the caller; nobody, when `delegate` is null."""
    row = (
        await db.execute(
            select(Delegation.created_at, Person.id, Person.display_name, Person.title, Person.site, Person.division)
            .join(
                Person,
                and_(Person.organization_id == Delegation.organization_id, Person.id == Delegation.delegate_id),
            )
            .where(Delegation.organization_id == me.organization_id, Delegation.executive_id == me.person_id)
        )
    ).one_or_none()
    return DelegateOut(delegate=ref(row) if row else None, since=row.created_at if row else None)


async def put(db: Db, me: Actor, data: DelegateIn) -> None:
    """Let somebody book for the caller, or nobody any more.

    Raises:
        DelegateInLine, DelegateInPair: they would learn of the pair of somebody they lead, or are its mentor.
    """
    await _require_mentee(db, me)
    old = await db.scalar(
        select(Delegation)
        .where(Delegation.organization_id == me.organization_id, Delegation.executive_id == me.person_id)
        .with_for_update()
    )
    if data.person_id is None:
        if old is not None:
            await db.delete(old)
            audit(db, "delegate.clear", me.person_id)
        return
    await _check(db, me, data.person_id)
    if old is not None and old.delegate_id == data.person_id:
        return
    values = {"delegate_id": data.person_id, "created_at": clock.now()}
    await db.execute(
        insert(Delegation)
        .values(organization_id=me.organization_id, id=clock.uuid7(), executive_id=me.person_id, **values)
        .on_conflict_do_update(index_elements=["organization_id", "executive_id"], set_=values)
    )
    audit(db, "delegate.set", data.person_id)


async def candidates(db: Db, me: Actor, q: str) -> list[PersonRef]:
    """The first colleagues by name; executives are no readers of the directory, so names and places of work alone."""
    await _require_mentee(db, me)
    query = _colleagues(me).order_by(Person.display_name, Person.id).limit(SHOWN)
    for word in q.split()[:8]:
        query = query.where(Person.display_name.ilike(f"%{word.replace('%', '').replace('_', '')}%"))
    return [ref(row) for row in await db.execute(query)]


async def _require_mentee(db: Db, me: Actor) -> None:
    mentee = exists().where(
        Enrollment.organization_id == me.organization_id,
        Enrollment.person_id == me.person_id,
        Enrollment.role == "mentee",
    )
    if not await db.scalar(select(mentee)):
        raise Forbidden("Executives who take part name somebody to book for them.")


def _colleagues(me: Actor) -> Rows:
    """Query of those who work here besides the caller."""
    return select(Person.id, Person.display_name, Person.title, Person.site, Person.division).where(
        Person.organization_id == me.organization_id,
        Person.id != me.person_id,
        Person.status != "left",
        Person.deleted_at.is_(None),
        Person.graph_only.is_(False),
    )


async def _check(db: Db, me: Actor, person_id: UUID) -> None:
    known = await db.scalar(_colleagues(me).where(Person.id == person_id))
    if known is None:
        raise Invalid.at("/person_id", "unknown_person", "This takes a colleague who works here.")
    # Only pairs that the caller knows of: an offer still with its mentor must not show here (H3).
    clash = (
        await db.execute(
            select(
                func.bool_or(Pair.mentor_id == person_id),
                func.bool_or(func.person_is_above(Pair.organization_id, person_id, Pair.mentor_id)),
            ).where(
                Pair.organization_id == me.organization_id,
                Pair.mentee_id == me.person_id,
                access.mine(me),
                Pair.state.in_(OPEN),
            )
        )
    ).one()
    if clash[0]:
        raise DelegateInPair
    if clash[1]:
        raise DelegateInLine


async def pairs(db: Db, me: Actor) -> list[DelegatedPair]:
    """Whose sessions the caller books, at most 100: who the two are, and whether a session can be planned."""
    executives = await served(db, me)
    if not executives:
        return []
    rows = (
        await db.execute(
            select(Pair.id, Pair.mentor_id, Pair.mentee_id, Pair.state, Pair.mentor_signed_at, Pair.mentee_signed_at)
            .where(
                Pair.organization_id == me.organization_id,
                Pair.mentee_id.in_(executives),
                Pair.state.in_(PAIR_TALKS),
                func.person_is_above(Pair.organization_id, me.person_id, Pair.mentor_id).is_(False),
            )
            .order_by(Pair.id.desc())
            .limit(100)
        )
    ).all()
    people = await refs(db, me, {id for row in rows for id in (row.mentor_id, row.mentee_id)})
    return [
        DelegatedPair(
            pair_id=row.id,
            mentor=people[row.mentor_id],
            mentee=people[row.mentee_id],
            can=can(
                plan_session=(row.state in PAIR_PLANS and bool(row.mentor_signed_at and row.mentee_signed_at))
                or "pair_not_active"
            ),
        )
        for row in rows
    ]
