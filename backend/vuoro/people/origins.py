"""Who set a field of a person last: a file, a connection or somebody by hand, and on which day.

`Person.origins` has a mark for each field that was set since the entry was made, and one for the entry as a whole.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import cast
from uuid import UUID

from sqlalchemy import DateTime, String, Uuid, column, exists, or_, select, table

from vuoro.core import clock
from vuoro.core.db import Db
from vuoro.people.models import Person
from vuoro.people.schemas import LastImport, OriginKind, PersonOrigin

THE_ENTRY = "*"
FIELDS = (
    "external_id", "display_name", "given_name", "family_name", "work_email", "title", "job_level", "division",
    "department", "team", "cost_center", "site", "country", "time_zone", "languages", "preferred_language", "status",
    "hire_on", "end_on", "manager_id", "dotted_manager_ids",
)  # fmt: skip
# Tables of the domain above, of which only what a file was called, when it was brought in, and whom it wrote is read.
_INVERSES = table(
    "import_inverses", column("organization_id", Uuid), column("import_id", Uuid), column("person_id", Uuid)
)  # fmt: skip
_IMPORTS = table(
    "imports", column("organization_id", Uuid), column("id", Uuid), column("filename", String),
    column("state", String), column("applied_at", DateTime(timezone=True)),
)  # fmt: skip


def by_file(import_id: UUID) -> str:
    """The mark of what an import sets."""
    return f"file {import_id}"


def by_hand() -> str:
    """The mark of what somebody sets now."""
    return f"hand {clock.now().date()}"


def by_connection() -> str:
    """The mark of what a connection tells now."""
    return f"connection {clock.now().date()}"


def mark(person: Person, fields: Iterable[str], by: str) -> None:
    """Note who set these fields, of those that have an origin."""
    person.origins = {**(person.origins or {}), **{name: by for name in fields if name in FIELDS}}


async def of_person(
    db: Db, person: Person, *, dotted: bool, kept: Collection[str]
) -> tuple[list[PersonOrigin], LastImport | None]:
    """Who set what, newest first, but for what a connection keeps; and the newest import, if it can be undone here."""
    found: dict[str, list[str]] = {}
    for name in FIELDS:
        told = dotted if name == "dotted_manager_ids" else getattr(person, name) not in (None, "", {})
        by = person.origins.get(name) or (person.origins.get(THE_ENTRY) if told else None)
        if by and name not in kept:
            found.setdefault(by, []).append(name)
    ids = [UUID(by.partition(" ")[2]) for by in found if by.startswith("file ")]
    wrote = exists().where(
        _INVERSES.c.organization_id == _IMPORTS.c.organization_id,
        _INVERSES.c.import_id == _IMPORTS.c.id,
        _INVERSES.c.person_id == person.id,
    )
    rows = await db.execute(
        select(_IMPORTS.c.id, _IMPORTS.c.filename, _IMPORTS.c.applied_at, _IMPORTS.c.state, wrote.label("wrote")).where(
            _IMPORTS.c.organization_id == db.organization_id, or_(_IMPORTS.c.id.in_(ids), wrote)
        )
    )
    files: dict[str, LastImport] = {}
    undone, last = set(), None
    for row in rows:
        file = files[by_file(row.id)] = LastImport(id=row.id, filename=row.filename, applied_at=row.applied_at)
        if row.state != "applied":
            undone.add(by_file(row.id))
        elif row.wrote:
            last = file
    origins = []
    for by, fields in found.items():
        kind, _, rest = by.partition(" ")
        source = files.get(by)
        on = source.applied_at.date() if source else date.fromisoformat(rest) if kind != "file" else None
        if on is not None:
            origins.append(
                PersonOrigin(by=cast(OriginKind, kind), on=on, file=source, undone=by in undone, fields=fields)
            )
    return sorted(origins, key=lambda one: one.on, reverse=True), last
