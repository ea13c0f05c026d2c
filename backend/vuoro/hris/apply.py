"""The directory as records, and a plan written into it by a few bulk statements, however long the file is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import any_, delete, func, insert, select, update

from vuoro.core import clock
from vuoro.core.db import Db, uuids
from vuoro.core.events import announce
from vuoro.hris.plan import Kept, Outcome, Plan
from vuoro.hris.record import PersonRecord, kept_once
from vuoro.identity.models import Grant
from vuoro.people import lines, owners
from vuoro.people.events import OrganizationChartChanged, PeopleLeft
from vuoro.people.models import DottedLine, Person

CHUNK = 1000
_SAME = (
    "external_id", "display_name", "work_email", "title", "job_level", "division", "department", "team",
    "cost_center", "site", "country", "time_zone", "preferred_language", "status", "hire_on", "end_on",
)  # fmt: skip
_COLUMNS = (
    Person.id, Person.version, Person.given_name, Person.family_name, Person.languages, Person.manager_id,
    Person.manager_external_id, *[getattr(Person, name) for name in _SAME],
)  # fmt: skip
_MOVES = frozenset({"status", "manager_external_id", "manager_raw", "dotted_manager_external_ids", "dotted_raw"})

Report = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Known:
    """The people of the directory by external id, with their rows, their admins, and what connections keep of them."""

    people: dict[str, PersonRecord]
    rows: dict[str, tuple[UUID, int]]
    admins: frozenset[str]
    owned: dict[str, Kept]


async def known(db: Db, *, lock: bool = False) -> Known:
    """Everybody in the directory; locked against other changes until the transaction ends when asked."""
    query = select(*_COLUMNS).where(Person.organization_id == db.organization_id, Person.deleted_at.is_(None))
    if lock:
        query = query.order_by(Person.id).with_for_update(key_share=True)
    names = {
        id: external_id async for id, external_id in db.each(query.with_only_columns(Person.id, Person.external_id))
    }
    dotted: dict[UUID, tuple[list[str], list[str]]] = {}
    second = select(DottedLine.person_id, DottedLine.manager_id, DottedLine.manager_external_id)
    for person, manager, raw in await db.execute(second.where(DottedLine.organization_id == db.organization_id)):
        found_ids, raws = dotted.setdefault(person, ([], []))
        if manager in names:
            found_ids.append(names[manager])
        else:
            raws.append(raw)
    people: dict[str, PersonRecord] = {}
    rows: dict[str, tuple[UUID, int]] = {}
    async for row in db.each(query):  # as rows of the database all at once they would take as much room again
        people[row.external_id] = _record(row, names.get(row.manager_id), *dotted.get(row.id, ([], [])))
        rows[row.external_id] = row.id, row.version
    admins = select(Grant.person_id).where(
        Grant.organization_id == db.organization_id, Grant.role == "organization_admin"
    )
    owned = await owners.owners(db)
    return Known(
        people,
        rows,
        frozenset(names[id] for id in await db.scalars(admins) if id in names),
        {names[id]: Kept(owner.name, owner.fields) for id, owner in owned.items() if id in names},
    )


def _record(row: Any, manager: str | None, dotted: list[str], dotted_raw: list[str]) -> PersonRecord:
    return PersonRecord(
        **{name: kept_once(name, getattr(row, name)) for name in _SAME},
        given_name=row.given_name or "",
        family_name=row.family_name or "",
        languages=tuple(sorted(row.languages.items())),
        manager_external_id=manager,
        manager_raw=None if manager else row.manager_external_id,
        dotted_manager_external_ids=tuple(sorted(dotted)),
        dotted_raw=tuple(sorted(dotted_raw)),
    )


def _values(person: PersonRecord) -> dict[str, Any]:
    return {
        **{name: getattr(person, name) for name in _SAME},
        "given_name": person.given_name or None,
        "family_name": person.family_name or None,
        "languages": dict(person.languages),
        "manager_external_id": person.manager_external_id or person.manager_raw,
        "graph_only": False,
        "updated_at": clock.now(),
    }


async def write(db: Db, plan: Plan, known: Known, report: Report) -> dict[UUID, str | None]:
    """Write a plan: the people first, then every manager's edge in one statement, then one re-check of all lines.

    Answers whom it wrote, with the external id that they had before (None: new).
    """
    people = [(outcome, outcome.person) for outcome in plan.writes if outcome.person]
    ids = {key: id for key, (id, _) in known.rows.items()}
    for outcome, person in people:
        if outcome.key is not None and outcome.key != person.external_id:
            ids[person.external_id] = ids.pop(outcome.key)
    ids |= {person.external_id: clock.uuid7() for outcome, person in people if outcome.key is None}

    here = {"organization_id": db.organization_id}
    fresh = {"version": 1, "created_at": clock.now(), "line": "top"}
    # Rows are made as they are written: all at once they would take more room than the file.
    changed = (
        {**here, "id": ids[person.external_id], "version": known.rows[outcome.key][1] + 1, **_values(person)}
        for outcome, person in people
        if outcome.key is not None
    )
    new = (
        {**here, "id": ids[person.external_id], **fresh, **_values(person)}
        for outcome, person in people
        if outcome.key is None
    )
    await _free_mails(db, [(ids[person.external_id], outcome) for outcome, person in people])
    done, total = 0, len(people)
    for statement, values in ((update(Person), changed), (insert(Person), new)):
        while rows := list(islice(values, CHUNK)):
            report(done, total)
            await db.execute(statement, rows)
            done += len(rows)
    report(done, total)
    await _link(db, [person for _, person in people], ids)
    await _link_dotted(db, [person for outcome, person in people if _moves_dotted(outcome, person)], ids)
    left = [outcome.person for outcome in plan.of_kind("left") if outcome.person is not None]
    if left:
        await announce(db, PeopleLeft(frozenset(ids[person.external_id] for person in left)))
    if any(_moves_chart(outcome) for outcome, _ in people):
        await lines.refresh(db)
        await announce(db, OrganizationChartChanged())
    return {ids[person.external_id]: outcome.key for outcome, person in people}


def _moves_chart(outcome: Outcome) -> bool:
    return outcome.key is None or not _MOVES.isdisjoint(change.field for change in outcome.changes)


def _moves_dotted(outcome: Outcome, person: PersonRecord) -> bool:
    if outcome.key is None:
        return bool(person.dotted_manager_external_ids or person.dotted_raw)
    return any(change.field in ("dotted_manager_external_ids", "dotted_raw") for change in outcome.changes)


async def _free_mails(db: Db, people: Iterable[tuple[UUID, Outcome]]) -> None:
    """Give up the addresses that change hands, so that two people may swap theirs."""
    moving = [id for id, outcome in people if any(change.field == "work_email" for change in outcome.changes)]
    if moving:
        await db.execute(
            update(Person)
            .where(Person.organization_id == db.organization_id, Person.id == any_(uuids(moving)))
            .values(work_email=None)
            .execution_options(synchronize_session=False)
        )


async def _link(db: Db, people: Sequence[PersonRecord], ids: dict[str, UUID]) -> None:
    """Set each person's manager, in one statement."""
    own = [ids[person.external_id] for person in people]
    managers = [ids.get(person.manager_external_id or "") for person in people]
    edges = func.unnest(uuids(own), uuids(managers)).table_valued("id", "manager_id").render_derived(name="edges")
    await db.execute(
        update(Person)
        .where(
            Person.organization_id == db.organization_id,
            Person.id == edges.c.id,
            Person.manager_id.is_distinct_from(edges.c.manager_id),
        )
        .values(manager_id=edges.c.manager_id)
        .execution_options(synchronize_session=False)
    )


async def _link_dotted(db: Db, people: Sequence[PersonRecord], ids: dict[str, UUID]) -> None:
    if not people:
        return
    own = [ids[person.external_id] for person in people]
    await db.execute(
        delete(DottedLine)
        .where(DottedLine.organization_id == db.organization_id, DottedLine.person_id == any_(uuids(own)))
        .execution_options(synchronize_session=False)
    )
    second = [
        {
            "organization_id": db.organization_id,
            "id": clock.uuid7(),
            "person_id": ids[person.external_id],
            "manager_external_id": said,
            "manager_id": ids[said] if known else None,
        }
        for person in people
        for managers, known in ((person.dotted_manager_external_ids, True), (person.dotted_raw, False))
        for said in managers
    ]
    if second:
        await db.execute(insert(DottedLine), second)
