"""Moves of the chart that belong together: written one by one, closed by one statement of edges and one re-check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, TEXT, and_, any_, bindparam, case, delete, func, insert, or_, select, update

from vuoro.core import clock
from vuoro.core.db import Db, uuids
from vuoro.core.errors import Conflict
from vuoro.core.events import announce
from vuoro.people import lines, origins
from vuoro.people.events import PeopleLeft
from vuoro.people.models import DottedLine, Person

_PEOPLE = Person.__table__.c


class ManagerCycle(Conflict):
    """These people would stand above themselves; nothing of it is written."""

    code = "manager_cycle"
    text = "This manager reports to the person, directly or further down."

    def __init__(self, people: frozenset[UUID]) -> None:
        super().__init__()
        self.people = people


@dataclass(slots=True)
class Moves:
    """What a request does to the chart; `close` writes it.

    `managers` holds what the source called each person's manager (None: reports to nobody), `dotted` their further
    managers, `came` whom others may have been waiting for, `moved` whose status changed.
    """

    managers: dict[UUID, str | None] = field(default_factory=dict)
    dotted: dict[UUID, Sequence[str]] = field(default_factory=dict)
    came: set[UUID] = field(default_factory=set)
    left: set[UUID] = field(default_factory=set)
    moved: set[UUID] = field(default_factory=set)

    async def close(self, db: Db) -> None:
        """Find the managers, link whoever waited, refuse circles, and let the guards look once.

        Raises:
            ManagerCycle: before anything was announced; the caller undoes the transaction or savepoint.
        """
        await db.flush()
        waiting, waiting_dotted = await _waiting(db, self.came)
        found = await _resolve(db, [name for name in self.managers.values() if name] + _flat(self.dotted))
        edges = {**waiting, **{id: found.get(name or "") for id, name in self.managers.items()}}
        own = frozenset(id for id, manager in edges.items() if id == manager)
        if own:
            raise ManagerCycle(own)
        await _link(db, edges, {**dict.fromkeys(waiting), **self.managers}, set(waiting))
        await _link_dotted(db, self.dotted, found)
        if edges:
            await _no_circles(db, set(edges))
        touched = self.moved | self.came | set(edges) | set(self.dotted) | waiting_dotted
        if self.left:
            await announce(db, PeopleLeft(frozenset(self.left)))
        if touched:
            await lines.settle(db, touched)
        self.managers, self.dotted = {}, {}
        self.came, self.left, self.moved = set(), set(), set()


def _flat(lists: Mapping[UUID, Sequence[str]]) -> list[str]:
    return [name for names in lists.values() for name in names]


def _texts(values: Sequence[str | None]) -> Any:
    return bindparam(None, list(values), type_=ARRAY(TEXT()), unique=True)


def uuid_of(text: str) -> UUID | None:
    """The id that a text writes out, if it does."""
    try:
        return UUID(text)
    except ValueError:
        return None


async def _resolve(db: Db, names: Sequence[str]) -> dict[str, UUID]:
    """Whom names mean: an id first, then an external id, a user name, a work address."""
    if not names:
        return {}
    wanted = sorted(set(names))
    each = func.unnest(_texts(wanted)).column_valued("each")
    asked = select(each.label("name"), func.lower(each).label("lower")).cte("asked")
    lower = func.array(select(asked.c.lower).scalar_subquery(), type_=ARRAY(TEXT()))
    named = and_(Person.user_name.is_not(None), asked.c.lower == _PEOPLE.scim_name)
    rows = (
        await db.execute(
            select(Person.id, Person.external_id, asked.c.name, Person.work_email)
            .outerjoin(asked, named)
            .where(
                Person.organization_id == db.organization_id,
                Person.deleted_at.is_(None),
                or_(
                    Person.id == any_(uuids([id for name in wanted if (id := uuid_of(name))])),
                    Person.external_id == any_(_texts(wanted)),
                    and_(Person.user_name.is_not(None), _PEOPLE.scim_name == any_(lower)),
                    Person.work_email == any_(_texts([name.lower() for name in wanted])),
                ),
            )
        )
    ).all()
    ids = {row[0] for row in rows}
    external, by_name, by_mail = ({row[place]: row[0] for row in rows if row[place]} for place in (1, 2, 3))
    found: dict[str, UUID] = {}
    for name in wanted:
        id = uuid_of(name)
        match = id if id in ids else external.get(name) or by_name.get(name) or by_mail.get(name.lower())
        if match is not None:
            found[name] = match
    return found


async def _waiting(db: Db, came: set[UUID]) -> tuple[dict[UUID, UUID | None], set[UUID]]:
    """(person → manager) of those whose unknown manager came, and whose unknown dotted manager did."""
    if not came:
        return {}, set()
    rows = await db.execute(
        select(
            Person.id, Person.external_id, case((Person.user_name.is_not(None), _PEOPLE.scim_name)), Person.work_email
        ).where(Person.organization_id == db.organization_id, Person.id == any_(uuids(came)))
    )
    called = {name: row[0] for row in rows for name in (row[3], row[2], row[1]) if name}
    names = _texts(list(called))
    waiting = await db.execute(
        select(Person.id, Person.manager_external_id, _PEOPLE.awaited).where(
            Person.organization_id == db.organization_id,
            Person.manager_id.is_(None),
            Person.manager_external_id.is_not(None),
            Person.deleted_at.is_(None),
            or_(Person.manager_external_id == any_(names), _PEOPLE.awaited == any_(names)),
        )
    )
    reports = {id: called.get(said or "") or called.get(lower) for id, said, lower in waiting}
    dotted = (
        await db.execute(
            select(DottedLine.id, DottedLine.person_id, DottedLine.manager_external_id).where(
                DottedLine.organization_id == db.organization_id,
                DottedLine.manager_id.is_(None),
                DottedLine.manager_external_id == any_(names),
            )
        )
    ).all()
    if dotted:
        pairs = (
            func.unnest(uuids([row[0] for row in dotted]), uuids([called[row[2]] for row in dotted]))
            .table_valued("id", "manager_id")
            .render_derived(name="pairs")
        )
        await db.execute(
            update(DottedLine)
            .where(DottedLine.organization_id == db.organization_id, DottedLine.id == pairs.c.id)
            .values(manager_id=pairs.c.manager_id)
            .execution_options(synchronize_session=False)
        )
    return reports, {row[1] for row in dotted}


async def _link(db: Db, edges: Mapping[UUID, UUID | None], said: Mapping[UUID, str | None], waited: set[UUID]) -> None:
    """Write every edge in one statement; whoever only waited keeps what the source said, and is a version further."""
    if not edges:
        return
    ids = list(edges)
    table = (
        func.unnest(uuids(ids), uuids([edges[id] for id in ids]), _texts([said[id] for id in ids]))
        .table_valued("id", "manager_id", "said")
        .render_derived(name="edges")
    )
    late = Person.id == any_(uuids(waited))
    values = {"manager_id": table.c.manager_id, "manager_external_id": table.c.said}
    mine = (Person.organization_id == db.organization_id, Person.id == table.c.id)
    options = {"synchronize_session": False}
    by = Person.origins.concat({"manager_id": origins.by_connection()})
    told = update(Person).where(*mine, ~late).values(**values, origins=by)
    await db.execute(told.execution_options(**options))
    if waited:
        found = {"manager_id": table.c.manager_id, "version": Person.version + 1, "updated_at": clock.now()}
        await db.execute(update(Person).where(*mine, late).values(**found).execution_options(**options))


async def _link_dotted(db: Db, dotted: Mapping[UUID, Sequence[str]], found: Mapping[str, UUID]) -> None:
    if not dotted:
        return
    await db.execute(
        delete(DottedLine)
        .where(DottedLine.organization_id == db.organization_id, DottedLine.person_id == any_(uuids(dotted)))
        .execution_options(synchronize_session=False)
    )
    rows = [
        {
            "organization_id": db.organization_id,
            "id": clock.uuid7(),
            "person_id": person,
            "manager_external_id": name,
            "manager_id": found.get(name),
        }
        for person, names in dotted.items()
        for name in dict.fromkeys(names)
        if found.get(name) != person
    ]
    if rows:
        await db.execute(insert(DottedLine), rows)


async def _no_circles(db: Db, moved: set[UUID]) -> None:
    above = await lines.managers_above(db, moved)
    circles: set[UUID] = set()
    clear: set[UUID] = set()
    for start in moved:
        path: list[UUID] = []
        person: UUID | None = start
        while person is not None and person not in clear and person not in path:
            path.append(person)
            person = above.get(person)
        if person is not None and person in path:
            circles.update(path[path.index(person) :])
        clear.update(path)
    if circles:
        raise ManagerCycle(frozenset(circles))
