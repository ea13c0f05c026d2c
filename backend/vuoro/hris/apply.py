"""The directory as records, and a plan written into it by a few bulk statements, however long the file is."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import TEXT, any_, delete, select, update

from vuoro.core import clock
from vuoro.core.bulk import insert_all, update_all
from vuoro.core.db import Db, uuids
from vuoro.core.events import announce
from vuoro.hris.outcomes import Outcome, Plan
from vuoro.hris.plan import Kept
from vuoro.hris.record import PersonRecord, kept_once
from vuoro.hris.values import Languages
from vuoro.identity.models import Grant
from vuoro.people import lines, origins, owners
from vuoro.people.events import OrganizationChartChanged, PeopleLeft
from vuoro.people.models import DottedLine, Person

_SAME = (
    "display_name", "work_email", "title", "job_level", "division", "department", "team",
    "cost_center", "site", "country", "time_zone", "preferred_language", "status", "hire_on", "end_on",
    "graph_only",
)  # fmt: skip
_PEOPLE = Person.__table__.c  # without a model behind them rows cost less
_COLUMNS = [
    _PEOPLE[name]
    for name in (
        "id", "version", "manager_id", "manager_external_id", "given_name", "family_name", *_SAME
    )
]  # fmt: skip
_NONE: tuple[list[str], list[str]] = ([], [])
# What a field of a file is called in the directory.
_CALLED = {
    "manager_external_id": "manager_id",
    "manager_raw": "manager_id",
    "dotted_manager_external_ids": "dotted_manager_ids",
    "dotted_raw": "dotted_manager_ids",
}
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
    query = select(_PEOPLE.languages.cast(TEXT), *_COLUMNS).where(
        _PEOPLE.organization_id == db.organization_id, _PEOPLE.deleted_at.is_(None)
    )
    if lock:
        query = query.order_by(_PEOPLE.id).with_for_update(key_share=True)
    short = query.with_only_columns(_PEOPLE.id, _PEOPLE.external_id)
    names = {id: external_id async for id, external_id in db.each(short)}
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
    # As rows of the database all at once they would take as much room again.
    async for languages, id, version, manager_id, said, given, family, *same in db.each(query):
        name, manager = names[id], names.get(manager_id)
        found_ids, raws = dotted.get(id, _NONE)
        people[name] = PersonRecord(
            external_id=name,
            given_name=given or "",
            family_name=family or "",
            manager_external_id=manager,
            manager_raw=None if manager else said,
            dotted_manager_external_ids=tuple(sorted(found_ids)),
            dotted_raw=tuple(sorted(raws)),
            languages=_languages(languages),
            **dict(zip(_SAME, map(kept_once, _SAME, same), strict=True)),
        )
        rows[name] = id, version
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


@lru_cache(maxsize=4096)
def _languages(stored: str) -> Languages:
    return tuple(sorted(json.loads(stored).items()))


def _values(person: PersonRecord, now: str) -> dict[str, Any]:
    return {
        **{name: getattr(person, name) for name in _SAME},
        "external_id": person.external_id,
        "given_name": person.given_name or None,
        "family_name": person.family_name or None,
        "languages": dict(person.languages),
        "manager_external_id": person.manager_external_id or person.manager_raw,
        "updated_at": now,
    }


async def write(
    db: Db, plan: Plan, known: Known, report: Report, import_id: UUID | None = None
) -> dict[UUID, str | None]:
    """Write a plan: newcomers from the top down, then who changed, all with their managers; then one re-check of lines.

    The import is noted as who set what it changes.
    Answers whom it wrote, with the external id that they had before (None: new).
    """
    people = [(outcome, outcome.person) for outcome in plan.writes if outcome.person]
    ids = {key: id for key, (id, _) in known.rows.items()}
    for outcome, person in people:
        if outcome.key is not None and outcome.key != person.external_id:
            ids[person.external_id] = ids.pop(outcome.key)
    ids |= {person.external_id: clock.uuid7() for outcome, person in people if outcome.key is None}

    now, done, total = clock.now().isoformat(), 0, len(people)

    def written(count: int) -> None:
        nonlocal done
        done += count
        report(done, total)

    def row(person: PersonRecord, version: int) -> dict[str, Any]:
        manager = ids.get(person.manager_external_id or "")
        return {"id": ids[person.external_id], "version": version, "manager_id": manager, **_values(person, now)}

    by = origins.by_file(import_id) if import_id else None
    entry = {"origins": {origins.THE_ENTRY: by}}

    def changes(outcome: Outcome) -> dict[str, Any]:
        fields = (_CALLED.get(change.field, change.field) for change in outcome.changes)
        return {"origins": dict.fromkeys(fields, by)} if by else {}

    # Rows are made as they are written: all at once they would take more room than the file.
    new = (
        {**row(person, 1), "line": person.line, "created_at": now, **entry}
        for person in _from_the_top({person.external_id: person for outcome, person in people if outcome.key is None})
    )
    changed = (
        {**row(person, known.rows[outcome.key][1] + 1), **changes(outcome)}
        for outcome, person in people
        if outcome.key is not None
    )
    report(0, total)
    await _free_mails(db, [(ids[person.external_id], outcome) for outcome, person in people])
    await insert_all(db, Person, new, written)
    await update_all(db, Person, changed, written, merged=("origins",))
    await _link_dotted(db, [person for outcome, person in people if _moves_dotted(outcome, person)], ids)
    left = [outcome.person for outcome in plan.of_kind("left") if outcome.person is not None]
    if left:
        await announce(db, PeopleLeft(frozenset(ids[person.external_id] for person in left)))
    if any(_moves_chart(outcome) for outcome, _ in people):
        await lines.refresh(db)
        await announce(db, OrganizationChartChanged())
    return {ids[person.external_id]: outcome.key for outcome, person in people}


def _from_the_top(new: Mapping[str, PersonRecord]) -> Iterator[PersonRecord]:
    """Newcomers, each after their manager: a row can only refer to one that is there."""
    reports: dict[str | None, list[PersonRecord]] = {}
    for person in new.values():
        manager = person.manager_external_id
        reports.setdefault(manager if manager in new else None, []).append(person)
    people = deque(reports.get(None, ()))
    while people:
        person = people.popleft()
        yield person
        people.extend(reports.get(person.external_id, ()))


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
            "person_id": ids[person.external_id],
            "manager_external_id": said,
            "manager_id": ids[said] if known else None,
        }
        for person in people
        for managers, known in ((person.dotted_manager_external_ids, True), (person.dotted_raw, False))
        for said in managers
    ]
    await insert_all(db, DottedLine, second)
