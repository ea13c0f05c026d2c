"""The directory: reading persons and changing them."""

from collections.abc import Collection, Iterable
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, and_, func, literal, or_, select
from sqlalchemy.orm import aliased

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Forbidden, NotFound
from vuoro.core.events import announce
from vuoro.core.exports import MOST_ROWS
from vuoro.core.history import audit
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, Rows, keyset
from vuoro.core.wire import can, changes
from vuoro.identity.service import check_time_zone
from vuoro.people import access, lines, managers, origins, owners, provision
from vuoro.people.events import PeopleLeft
from vuoro.people.models import DottedLine, Person
from vuoro.people.schemas import (
    Facet,
    LanguageLevel,
    PersonIn,
    PersonOut,
    PersonPatch,
    PersonRef,
    PersonSource,
    PersonSummary,
    ReportingLine,
)

Sort = Literal["name", "-name", "level", "-level"]
Boss = aliased(Person)
_REF = (Boss.id, Boss.display_name, Boss.title, Boss.site, Boss.division)
_SUMMARY = (
    Person.id, Person.external_id, Person.display_name, Person.work_email, Person.title, Person.job_level,
    Person.division, Person.department, Person.team, Person.site, Person.country, Person.time_zone, Person.status,
    Person.line, Person.updated_at,
)  # fmt: skip
_FILTERS = {"division": Person.division, "department": Person.department, "team": Person.team, "site": Person.site,
            "status": Person.status}  # fmt: skip
_PLAIN = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})  # LIKE's own characters


def ref(person: Any) -> PersonRef:
    """A person in few words, from a Person or a row with its columns."""
    return PersonRef(
        id=person.id, display_name=person.display_name, title=person.title, site=person.site, division=person.division
    )


def _summary(row: Row[Any]) -> PersonSummary:
    values = row._mapping
    boss = values["boss_id"] and PersonRef(**{name: values[f"boss_{name}"] for name in PersonRef.model_fields})
    return PersonSummary(manager=boss, **{column.key: values[column.key] for column in _SUMMARY})


def _listed(me: Actor) -> Rows:
    return (
        select(*_SUMMARY, *[column.label(f"boss_{column.key}") for column in _REF])
        .outerjoin(Boss, and_(Boss.organization_id == Person.organization_id, Boss.id == Person.manager_id))
        .where(Person.organization_id == me.organization_id, access.visible_to(me))
    )


def _found(me: Actor, q: str | None, *, unknown_line: bool | None, **filters: str | None) -> Rows:
    query = _listed(me)
    for name, value in filters.items():
        if value is not None:
            query = query.where(_FILTERS[name] == value)
    if filters.get("status") is None:
        query = query.where(Person.status != "left")
    if unknown_line is not None:
        query = query.where((Person.line == "unknown") if unknown_line else (Person.line != "unknown"))
    for word in (q or "").split()[:8]:
        like = f"%{word.translate(_PLAIN)}%"
        query = query.where(
            or_(
                Person.display_name.ilike(like),
                Person.work_email.ilike(like),
                Person.title.ilike(like),
                Person.external_id.startswith(word, autoescape=True),
            )
        )
    return query


async def search(
    db: Db, me: Actor, page: Paging, q: str | None, *, sort: Sort = "name", unknown_line: bool | None = None,
    **filters: str | None,
) -> tuple[list[PersonSummary], str | None]:  # fmt: skip
    """One page of the directory."""
    query = _found(me, q, unknown_line=unknown_line, **filters)
    first = func.coalesce(Person.job_level, -1) if "level" in sort else Person.display_name
    return await keyset(
        db, query, [first, Person.id], page, _summary,
        scope=f"people{sort}", descending=sort.startswith("-"), parse=[int if "level" in sort else str, UUID],
    )  # fmt: skip


SHEET = (
    "display_name",
    "work_email",
    "title",
    "division",
    "department",
    "team",
    "site",
    "country",
    "status",
    "manager",
)


async def for_sheet(
    db: Db, me: Actor, q: str | None, *, unknown_line: bool | None = None, **filters: str | None
) -> list[PersonSummary]:
    """The directory for a spreadsheet, by name: the same people and nothing more; one too many when there are.

    Raises:
        Forbidden: the caller does not read the directory.
    """
    if not access.may_read_directory(me):
        raise Forbidden("This is for HR and programme managers.")
    query = _found(me, q, unknown_line=unknown_line, **filters)
    rows = await db.execute(query.order_by(Person.display_name, Person.id).limit(MOST_ROWS + 1))
    audit(db, "people.export", me.organization_id)
    return [_summary(row) for row in rows]


async def facets(db: Db, me: Actor) -> dict[str, Any]:
    """Counts of the directory by division, department and site, without the leavers."""
    here = [Person.organization_id == me.organization_id, access.visible_to(me), Person.status != "left"]

    async def counts(column: Any) -> list[Facet]:
        rows = await db.execute(
            select(column, func.count()).where(*here, column.is_not(None)).group_by(column).order_by(column)
        )
        return [Facet(value=value, count=count) for value, count in rows]

    total, unknown = (
        await db.execute(
            select(func.count(), func.count().filter(Person.line == "unknown")).select_from(Person).where(*here)
        )
    ).one()
    return {
        "total": total,
        "unknown_lines": unknown,
        "divisions": await counts(Person.division),
        "departments": await counts(Person.department),
        "sites": await counts(Person.site),
    }


async def _seen(db: Db, me: Actor, person_id: UUID) -> PersonSummary:
    """One person as the directory lists them; NotFound when the caller may not see them."""
    row = (await db.execute(_listed(me).where(Person.id == person_id))).one_or_none()
    if row is None:
        raise NotFound
    return _summary(row)


async def get(db: Db, me: Actor, person_id: UUID) -> PersonOut:
    """One person, whole; NotFound when the caller may not see them."""
    seen = await _seen(db, me, person_id)
    report = aliased(Person)
    reports = (
        select(func.count())
        .where(report.organization_id == me.organization_id, report.manager_id == person_id, report.status != "left")
        .scalar_subquery()
    )
    mine = select(Person, reports).where(Person.organization_id == me.organization_id, Person.id == person_id)
    person, direct_reports = (await db.execute(mine)).one()
    found = await db.execute(
        select(Person)
        .join(
            DottedLine, and_(DottedLine.organization_id == Person.organization_id, DottedLine.manager_id == Person.id)
        )
        .where(DottedLine.organization_id == me.organization_id, DottedLine.person_id == person_id)
        .order_by(Person.display_name)
    )
    dotted = found.scalars().all()
    allowed = access.may_write_directory(me)
    owner = (await owners.owners(db, [person_id])).get(person_id)
    source = (
        PersonSource(connection_id=owner.connection_id, name=owner.name, fields=sorted(owner.fields)) if owner else None
    )
    kept: Collection[str] = owner.fields if owner else ()
    by, last = await origins.of_person(db, person, dotted=bool(dotted), kept=kept) if allowed else ([], None)
    return PersonOut(
        **seen.model_dump(exclude={"manager"}),
        manager=seen.manager,
        given_name=person.given_name,
        family_name=person.family_name,
        cost_center=person.cost_center,
        languages=[LanguageLevel(code=code, level=level) for code, level in person.languages.items()],
        preferred_language=person.preferred_language,
        hire_on=person.hire_on,
        end_on=person.end_on,
        direct_reports=direct_reports,
        dotted_managers=[ref(boss) for boss in dotted],
        source=source,
        last_import=last,
        origins=by,
        version=person.version,
        created_at=person.created_at,
        can=can(
            edit=allowed or "not_allowed",
            leave=("status" not in kept or owners.FieldOwned.code) if allowed else "not_allowed",
        ),
    )


async def refs(db: Db, me: Actor, ids: Iterable[UUID]) -> dict[UUID, PersonRef]:
    """Persons in few words by id, for callers who were already allowed to see who they are."""
    rows = await db.execute(
        select(Person.id, Person.display_name, Person.title, Person.site, Person.division).where(
            Person.organization_id == me.organization_id, Person.id.in_(set(ids))
        )
    )
    return {row.id: ref(row) for row in rows}


async def gone(db: Db, ids: Iterable[UUID]) -> set[UUID]:
    """Who of these has left the organization, or is in the directory as a line alone."""
    found = await db.scalars(
        select(Person.id).where(
            Person.organization_id == db.organization_id,
            Person.id.in_(set(ids)),
            or_(Person.status == "left", Person.graph_only),
        )
    )
    return set(found)


async def create(db: Db, me: Actor, data: PersonIn) -> UUID:
    """Add a person; ExternalIdTaken when the id or mail is somebody else's."""
    if not access.may_write_directory(me):
        raise Forbidden
    if data.time_zone is not None:
        check_time_zone(data.time_zone, "/time_zone")
    await lines.one_at_a_time(db)
    await provision.free(db, None, data.model_dump(include={"external_id", "work_email"}))
    manager = await managers.find(db, data.manager_id)
    person = Person(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        manager_id=data.manager_id,
        manager_external_id=manager.external_id if manager else None,
        languages={language.code: language.level for language in data.languages},
        line="top",
        origins={origins.THE_ENTRY: origins.by_hand()},
        **data.model_dump(exclude={"manager_id", "languages", "dotted_manager_ids"}),
    )
    db.add(person)
    audit(db, "person.create", person.id)
    emit(db, "person.created", {"person_id": str(person.id)})
    await db.flush()
    if data.dotted_manager_ids:
        await managers.set_dotted(db, person.id, data.dotted_manager_ids)
    await lines.settle(db, {person.id, *await managers.found(db, person)})
    return person.id


async def change(db: Db, me: Actor, person_id: UUID, version: int, patch: PersonPatch) -> None:
    """Change a person; a new manager or status re-checks every pair it touches before the commit."""
    await _seen(db, me, person_id)
    if not access.may_write_directory(me):
        raise Forbidden
    new = changes(patch)
    await owners.require_free(db, person_id, new)
    dotted = new.pop("dotted_manager_ids", None)
    chart_moves = dotted is not None or "status" in new or "manager_id" in new
    if chart_moves:
        await lines.one_at_a_time(db)
    person = await db.locked(Person, person_id, version)
    if new.get("time_zone"):
        check_time_zone(new["time_zone"], "/time_zone")
    if "work_email" in new:
        await provision.free(db, person_id, {"work_email": new["work_email"]})
    if "languages" in new:
        new["languages"] = {language.code: language.level for language in patch.languages}
    if "manager_id" in new:
        manager = await managers.find(db, new["manager_id"])
        if manager is not None:
            await managers.no_circle(db, manager.id, {person_id})
        person.manager_external_id = manager.external_id if manager else None
    if dotted is not None:
        await managers.set_dotted(db, person_id, dotted)
    left = new.get("status") == "left" and person.status != "left"
    set_now = {name for name, value in new.items() if getattr(person, name) != value}
    origins.mark(person, set_now | ({"dotted_manager_ids"} if dotted is not None else set()), origins.by_hand())
    for name, value in new.items():
        setattr(person, name, value)
    touch(person)
    audit(db, "person.change", person_id)
    emit(db, "person.changed", {"person_id": str(person_id)})
    await db.flush()
    if left:
        await announce(db, PeopleLeft(frozenset({person_id})))
    if chart_moves:
        await lines.settle(db, {person_id})


async def leave(db: Db, me: Actor, person_id: UUID, version: int) -> None:
    """Mark a person as gone: their sign-ins and pairs end with the commit."""
    await change(db, me, person_id, version, PersonPatch(status="left"))


async def reporting_line(db: Db, me: Actor, person_id: UUID) -> ReportingLine:
    """Everybody above a person, nearest first, and how many are below."""
    person = await _seen(db, me, person_id)
    above = (
        select(Person.manager_id.label("id"), literal(1).label("steps"))
        .where(Person.organization_id == me.organization_id, Person.id == person_id, Person.manager_id.is_not(None))
        .cte("above", recursive=True)
    )
    above = above.union(
        select(Person.manager_id, above.c.steps + 1)
        .join(above, above.c.id == Person.id)
        .where(Person.organization_id == me.organization_id, Person.manager_id.is_not(None), above.c.steps < 100)
    )
    bosses = await db.execute(
        select(Person)
        .join(above, above.c.id == Person.id)
        .where(Person.organization_id == me.organization_id)
        .order_by(above.c.steps)
    )
    below = (
        select(Person.id)
        .where(Person.organization_id == me.organization_id, Person.manager_id == person_id)
        .cte("below", recursive=True)
    )
    below = below.union(
        select(Person.id)
        .join(below, below.c.id == Person.manager_id)
        .where(Person.organization_id == me.organization_id)
    )
    count = await db.scalar(select(func.count()).select_from(below))
    return ReportingLine(above=[ref(boss) for boss in bosses.scalars()], below_count=count or 0, line=person.line)
