"""Taking the newest import back: who it changed is as before, who it added is gone, who changed since stays.

What followed from it is not taken back: a pair that paused stays paused until the two go on.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import any_, delete, select, update

from vuoro.core.bulk import insert_all
from vuoro.core.db import Db, Model, uuids
from vuoro.hris.apply import Known, Report, write
from vuoro.hris.models import Import, ImportInverse
from vuoro.hris.outcomes import Outcome, Plan, leaves
from vuoro.hris.record import FIELDS, PersonRecord, kept_once
from vuoro.hris.schemas import ImportKept, ImportUndone
from vuoro.people.models import DottedLine, Person

SHOWN = 50
_DAYS = ("hire_on", "end_on")
_TUPLES = ("dotted_manager_external_ids", "dotted_raw")
Reason = Literal["changed_since", "in_use"]


async def remember(db: Db, import_id: UUID, before: Known, written: dict[UUID, str | None]) -> None:
    """Keep how the people of a written import were; what an older import would need goes, as it cannot be undone."""
    await db.execute(delete(ImportInverse).where(ImportInverse.organization_id == db.organization_id))
    await db.execute(
        update(Import)
        .where(Import.organization_id == db.organization_id, Import.undo_until.is_not(None))
        .values(undo_until=None)
        .execution_options(synchronize_session=False)
    )
    rows = (
        {
            "import_id": str(import_id),
            "person_id": id,
            "person_version": 1 if key is None else before.rows[key][1] + 1,
            "before": None if key is None else _stored(before.people[key]),
        }
        for id, key in written.items()
    )
    await insert_all(db, ImportInverse, rows)


def _stored(person: PersonRecord) -> dict[str, Any]:
    return {
        name: value for name in FIELDS if (value := getattr(person, name)) not in (None, "", ()) and value is not False
    }


def _restored(stored: dict[str, Any]) -> PersonRecord:
    values = {name: kept_once(name, value) for name, value in stored.items() if name in FIELDS}
    values |= {name: date.fromisoformat(values[name]) for name in _DAYS if name in values}
    values |= {name: tuple(values[name]) for name in _TUPLES if name in values}
    if "languages" in values:
        values["languages"] = tuple((code, level) for code, level in values["languages"])
    return PersonRecord(**values)


async def take_back(db: Db, import_id: UUID, now: Known, report: Report) -> ImportUndone:
    """Write the people of an import as they were before; all of them, but for those who changed since."""
    keys = {id: key for key, (id, _) in now.rows.items()}
    kept: list[tuple[str, Reason]] = []
    outcomes: list[Outcome] = []
    added: dict[UUID, str] = {}
    inverse = ImportInverse.__table__.c
    rows = (
        select(inverse.person_id, inverse.person_version, inverse.before)
        .where(inverse.organization_id == db.organization_id, inverse.import_id == import_id)
        .order_by(inverse.id)
    )
    async for id, version, before in db.each(rows):
        key = keys.get(id)
        if key is None:
            continue
        if now.rows[key][1] != version:
            kept.append((key, "changed_since"))
        elif before is None:
            added[id] = key
        else:
            outcomes.append(_outcome(key, now, _restored(before)))
    outcomes, clashing = _without_clashes(outcomes, now)
    kept += [(key, "changed_since") for key in clashing]
    await write(db, Plan(tuple(outcomes), (), {}, len(outcomes), len(now.people), brake=False), now, report)
    gone = await _removable(db, set(added))
    kept += [(added[id], "in_use") for id in sorted(added.keys() - gone)]
    await _remove(db, gone)
    await db.execute(
        delete(ImportInverse).where(
            ImportInverse.organization_id == db.organization_id, ImportInverse.import_id == import_id
        )
    )
    people = sorted(
        (ImportKept(external_id=key, display_name=now.people[key].display_name, reason=why) for key, why in kept),
        key=lambda one: (one.display_name or "", one.external_id),
    )
    return ImportUndone(restored=len(outcomes), removed=len(gone), kept=len(kept), people=people[:SHOWN])


def _outcome(key: str, now: Known, before: PersonRecord) -> Outcome:
    present = now.people[key]
    kind: Literal["left", "updated"] = "left" if leaves(present, before) else "updated"
    return Outcome(None, kind, key, before.external_id, before.display_name, present, before, ())


def _without_clashes(outcomes: list[Outcome], now: Known) -> tuple[list[Outcome], list[str]]:
    """Leave out whose number or mail of before somebody else has got meanwhile."""
    moved = {outcome.key for outcome in outcomes}
    staying = [person for key, person in now.people.items() if key not in moved]
    ids = {person.external_id for person in staying}
    mails = {person.work_email for person in staying if person.work_email}
    fine, clashing = [], []
    for outcome in outcomes:
        assert outcome.person is not None
        assert outcome.key is not None
        if outcome.person.external_id in ids or outcome.person.work_email in mails:
            clashing.append(outcome.key)
        else:
            fine.append(outcome)
    return fine, clashing


async def _removable(db: Db, added: set[UUID]) -> set[UUID]:
    """Of the people whom an import added those to whom nothing that stays refers: no part, no role, no report."""
    left = set(added)
    while left:
        used = await _referred(db, left)
        if not used:
            return left
        left -= used
    return left


async def _referred(db: Db, people: Collection[UUID]) -> set[UUID]:
    found: set[UUID] = set()
    for table, column in _references():
        query = select(column).where(table.c.organization_id == db.organization_id, column == any_(uuids(people)))
        own = table.c.id if table is Person.__table__ else table.c.person_id if "dotted" in table.name else None
        if own is not None:
            query = query.where(~(own == any_(uuids(people))))
        found.update(await db.scalars(query.distinct()))
    return found


def _references() -> Iterable[tuple[Any, Any]]:
    """Every column of every table that holds a person by a foreign key."""
    people = Person.__table__
    for table in Model.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            if key.referred_table is people and not (table is DottedLine.__table__ and "person_id" in key.columns):
                yield table, next(column for column in key.columns if column.name != "organization_id")


async def _remove(db: Db, people: Collection[UUID]) -> None:
    here = DottedLine.organization_id == db.organization_id
    await db.execute(delete(DottedLine).where(here, DottedLine.person_id == any_(uuids(people))))
    await db.execute(
        update(Person)
        .where(Person.organization_id == db.organization_id, Person.id == any_(uuids(people)))
        .values(manager_id=None)
        .execution_options(synchronize_session=False)
    )
    await db.execute(
        delete(Person)
        .where(Person.organization_id == db.organization_id, Person.id == any_(uuids(people)))
        .execution_options(synchronize_session=False)
    )
