"""Concerns: from a person to a safeguarding contact of their choice, and to nobody else.

No audit line, no history, no count and no line in the log of mails tells that one exists.
"""

from collections.abc import Iterable
from typing import ClassVar, cast
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import aliased

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.crypto import KeyMissing
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import can
from vuoro.feedback.access import concerns_visible_to, require_person
from vuoro.feedback.models import Concern
from vuoro.feedback.schemas import ConcernAbout, ConcernContact, ConcernIn, ConcernOut, ConcernState
from vuoro.identity.models import Grant
from vuoro.people.models import Person
from vuoro.people.service import refs
from vuoro.programs.service import get_row

STEPS: dict[str, list[str]] = {"open": ["acknowledged", "closed"], "acknowledged": ["closed"], "closed": []}
_ABOVE = text(
    "with recursive above(id) as (select cast(:me as uuid) union"
    " select m.manager_id from above a cross join lateral ("
    " select manager_id from people where organization_id = :organization and id = a.id union all"
    " select manager_id from dotted_lines where organization_id = :organization and person_id = a.id"
    ") m where m.manager_id is not null) select id from above"
)


class NoContact(Conflict):
    """There is no safeguarding contact outside the author's own line of managers to choose for them."""

    code: ClassVar[str] = "no_contact"
    text: ClassVar[str] = "No safeguarding contact can be chosen for you. Choose one, or ask HR to name another."


async def contacts(db: Db, me: Actor, program_id: UUID | None) -> list[ConcernContact]:
    """Whom the caller may address, those outside their own line of managers first.

    A program's own contacts and the organization's; never the caller, never somebody who manages a programme.
    """
    person_id = require_person(me)
    if program_id is not None:
        await get_row(db, me, program_id)
    manages = aliased(Grant)
    rows = await db.execute(
        select(Grant.person_id, Person.display_name)
        .join(Person, (Person.organization_id == Grant.organization_id) & (Person.id == Grant.person_id))
        .where(
            Grant.organization_id == me.organization_id,
            Grant.role == "safeguarding_contact",
            Grant.program_id.is_(None) if program_id is None else Grant.program_id.in_([program_id])
            | Grant.program_id.is_(None),
            Grant.person_id != person_id,
            Person.status != "left",
            ~select(manages.id)
            .where(
                manages.organization_id == Grant.organization_id,
                manages.person_id == Grant.person_id,
                manages.role == "programme_manager",
            )
            .exists(),
        )
        .limit(100)
    )  # fmt: skip
    names = {row.person_id: row.display_name for row in rows}
    above = set(await db.scalars(_ABOVE, {"me": person_id, "organization": me.organization_id}))
    people = await refs(db, me, names)
    order = sorted(names, key=lambda contact: (contact in above, names[contact], contact))
    return [ConcernContact(person=people[id], in_my_line=id in above) for id in order]


async def search(db: Db, me: Actor, page: Paging) -> tuple[list[ConcernOut], str | None]:
    """One page of the caller's own concerns and those addressed to them, newest first."""
    require_person(me)
    query = select(Concern).where(Concern.organization_id == me.organization_id, concerns_visible_to(me))
    rows, following = await keyset(
        db, query, [Concern.id], page, lambda row: row[0], scope="concerns", descending=True, parse=[UUID]
    )
    return await _show(db, me, rows), following


async def get(db: Db, me: Actor, concern_id: UUID) -> ConcernOut:
    """One concern; NotFound for everybody but its author and its contact."""
    return (await _show(db, me, [await _row(db, me, concern_id)]))[0]


async def _row(db: Db, me: Actor, concern_id: UUID, *, lock: bool = False) -> Concern:
    query = select(Concern).where(
        Concern.organization_id == me.organization_id, Concern.id == concern_id, concerns_visible_to(me)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = await db.scalar(query)
    if row is None:
        raise NotFound
    return row


async def _show(db: Db, me: Actor, rows: Iterable[Concern]) -> list[ConcernOut]:
    rows = list(rows)
    texts = await _open(db, "concerns.text", {row.id: row.text for row in rows})
    answers = await _open(db, "concerns.answer", {row.id: row.answer for row in rows if row.answer is not None})
    named = {row.author_id for row in rows if row.wants_contact} | {row.contact_id for row in rows}
    people = await refs(db, me, named)
    return [
        ConcernOut(
            id=row.id,
            about=cast(ConcernAbout, row.about),
            program_id=row.program_id,
            state=cast(ConcernState, row.state),
            text=texts.get(row.id),
            answer=answers.get(row.id),
            mine=row.author_id == me.person_id,
            author=people.get(row.author_id) if row.wants_contact else None,
            contact=people[row.contact_id],
            wants_contact=row.wants_contact,
            created_at=row.created_at,
            acknowledged_at=row.acknowledged_at,
            closed_at=row.closed_at,
            can=can(
                **{
                    verb: ("wrong_state" if to not in STEPS[row.state] else True)
                    if row.contact_id == me.person_id
                    else None
                    for verb, to in (("acknowledge", "acknowledged"), ("close", "closed"))
                }
            ),
        )
        for row in rows
    ]


async def _open(db: Db, column: str, sealed: dict[UUID, crypto.Sealed]) -> dict[UUID, str]:
    try:
        return await crypto.unseal(db, column, "organization", db.organization_id, sealed)
    except KeyMissing:
        return {}


async def raise_concern(db: Db, me: Actor, data: ConcernIn) -> UUID:
    """Entrust a concern to a contact: the one that was chosen, or one outside the author's line.

    Raises:
        NoContact: none was chosen, and there is none outside the author's line of managers.
    """
    person_id = require_person(me)
    available = await contacts(db, me, data.program_id)
    if data.contact_id is None:
        contact = next((one.person.id for one in available if not one.in_my_line), None)
        if contact is None:
            raise NoContact
    elif data.contact_id in {one.person.id for one in available}:
        contact = data.contact_id
    else:
        raise Invalid.at("/contact_id", "not_a_contact", "This is none of the contacts that you may address.")
    id = clock.uuid7()
    db.add(
        Concern(
            organization_id=me.organization_id,
            id=id,
            author_id=person_id,
            contact_id=contact,
            program_id=data.program_id,
            about=data.about,
            wants_contact=data.wants_contact,
            text=await crypto.seal(db, "concerns.text", "organization", me.organization_id, id, data.text),
            created_at=clock.now(),
        )
    )
    emit(db, "concern.raised", {"concern_id": str(id)})
    return id


async def acknowledge(db: Db, me: Actor, concern_id: UUID) -> UUID:
    """Tell the author that it was read."""
    row = await _step(db, me, concern_id, "acknowledged")
    row.acknowledged_at = clock.now()
    return concern_id


async def close(db: Db, me: Actor, concern_id: UUID, answer: str) -> UUID:
    """Close with an answer to the author."""
    row = await _step(db, me, concern_id, "closed")
    row.closed_at = clock.now()
    with db.no_autoflush:
        row.answer = await crypto.seal(db, "concerns.answer", "organization", me.organization_id, concern_id, answer)
    return concern_id


async def _step(db: Db, me: Actor, concern_id: UUID, to: str) -> Concern:
    row = await _row(db, me, concern_id, lock=True)
    if row.contact_id != me.person_id:
        raise Forbidden("This is for the contact whom the concern went to.")
    if to not in STEPS[row.state]:
        raise IllegalTransition(row.state, STEPS[row.state])
    row.state = to
    return row
