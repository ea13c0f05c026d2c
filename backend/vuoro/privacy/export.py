"""Everything of one person as a ZIP: JSON for machines by kind, and a page for people in their language.

Row-level security reads on behalf of the person, so what others keep for themselves cannot come along. Written
straight into a file in chunks: a large account takes disk, not memory.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID

from sqlalchemy import any_, literal, or_, select

from vuoro.analytics.me_page import me_out
from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.db import Db, Model, uuids
from vuoro.core.history import audit, looked
from vuoro.core.words import Locale
from vuoro.pairs import access
from vuoro.pairs.models import Pair
from vuoro.people import service as people
from vuoro.people.models import Person
from vuoro.privacy import words
from vuoro.privacy.classes import GIVEN, Table, tables
from vuoro.programs.models import Enrollment

IN_MEMORY = 1 << 20
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1b1f}"
    "h2{margin-top:2.5rem}dl{display:grid;grid-template-columns:minmax(9rem,16rem) 1fr;gap:.15rem 1rem;"
    "padding:.75rem 0;margin:0;border-top:1px solid #ddd}dt{color:#555}dd{margin:0;white-space:pre-wrap;"
    "overflow-wrap:anywhere}p{color:#555}@media(max-width:30rem){dl{display:block}}"
)


@dataclass(frozen=True, slots=True)
class Mine:
    """What tells whose a row is: the person, their pairs by side, their parts, and the keys that open their texts."""

    organization_id: UUID
    me: UUID
    external_id: str
    sides: dict[UUID, str]
    parts: list[UUID]
    keys: crypto.Keys

    @classmethod
    async def find(cls, db: Db, person_id: UUID) -> "Mine":
        """The caller's own; pairs only those that they may know of (H3)."""
        actor = Actor(db.organization_id, person_id)
        own = select(Pair.id, Pair.mentor_id).where(Pair.organization_id == db.organization_id, access.mine(actor))
        sides = {id: "mentor" if mentor == person_id else "mentee" for id, mentor in await db.execute(own)}
        parts = await db.scalars(
            select(Enrollment.id).where(
                Enrollment.organization_id == db.organization_id, Enrollment.person_id == person_id
            )
        )
        person = await db.get_one(Person, (db.organization_id, person_id))
        owners = [("person", person_id), ("organization", db.organization_id), *(("pair", id) for id in sides)]
        return cls(
            db.organization_id, person_id, person.external_id, sides, list(parts), await crypto.keys_of(db, owners)
        )

    def rows(self, organization_id: UUID, table: Table) -> Any:
        """Query of the rows of a table that are this person's."""
        source = Model.metadata.tables[table.name]
        columns = [source.c[name] for name in table.columns if table.columns[name] not in ("technical", "secret")]
        columns += [source.c.id] if "id" in source.c else []
        own = or_(*(self._is_of(source, owner) for owner in table.of))
        return select(*columns).where(source.c.organization_id == organization_id, own).order_by(*source.primary_key)

    def _is_of(self, source: Any, owner: str) -> Any:
        if owner == "pair":
            column = source.c.id if source.name == "pairs" else source.c.pair_id
            return column == any_(uuids(self.sides))
        if owner == "session":
            sessions = Model.metadata.tables["sessions"]
            mine = select(sessions.c.id).where(
                sessions.c.organization_id == source.c.organization_id, sessions.c.pair_id == any_(uuids(self.sides))
            )
            return source.c.session_id.in_(mine)
        if owner == "enrollment":
            return source.c.enrollment_id == any_(uuids(self.parts))
        if owner == "external_id":
            return source.c.external_id == self.external_id
        column = source.c[owner]
        return literal(self.me) == any_(column) if owner == "people" else column == self.me

    def given(self, db: Db, table: Table, row: dict[str, Any]) -> dict[str, Any] | None:
        """A row as the person gets it: opened, and without what is another's alone; None for another's private one."""
        side = self.sides.get(row["id" if table.name == "pairs" else "pair_id"]) if "pair" in table.of else None
        for name, seal in table.sealed.items():
            if row[name] is None:
                continue
            kind, owner = self._key(seal, db, row)
            if seal.when and kind == "person" and owner != self.me:
                return None
            row[name] = crypto.opened(db, self.keys, f"{table.name}.{name}", kind, owner, row[seal.bound_to], row[name])
        for name, alone in table.alone.items():
            if (side != alone) if alone in ("mentor", "mentee") else (row[alone] != self.me):
                del row[name]
        return {name: row[name] for name in row if name == "id" or table.columns[name] in (*GIVEN, "link")}

    def _key(self, seal: Any, db: Db, row: dict[str, Any]) -> tuple[str, UUID]:
        if seal.owner == "organization":
            return "organization", db.organization_id
        if seal.owner == "pair" or (seal.when and row[seal.when[0]] != seal.when[1]):
            return "pair", row["pair_id"]
        return "person", row[seal.owner]


def kinds() -> list[Table]:
    """The tables with something of a person that is theirs to have."""
    return [table for table in tables().values() if table.of and table.in_class(*GIVEN)]


async def whole(db: Db, auth: Db, me: Actor, person_id: UUID) -> IO[bytes]:
    """Everything of the caller, as a ZIP at its beginning; the caller of this closes it.

    `auth` works on the connections of vuoro_auth, which alone see how somebody signs in.
    """
    mine = await Mine.find(db, person_id)
    about = await me_out(db, me)
    locale = about.locale
    file = _temporary()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle, _temporary() as page:
        page.write(_head(locale, about.organization.name).encode())
        for table in kinds():
            await _write(auth if table.name.startswith("auth.") else db, mine, table, bundle, page, locale)
        page.write(f"<p>{words.page(locale, 'files')}</p></main></body></html>".encode())
        page.seek(0)
        with bundle.open("index.html", "w") as out:
            while chunk := page.read(IN_MEMORY):
                out.write(chunk)
    audit(db, "data.export", person_id)
    file.seek(0)
    return file


async def _write(db: Db, mine: Mine, table: Table, bundle: zipfile.ZipFile, page: IO[bytes], locale: Locale) -> None:
    with bundle.open(f"{table.name}.json", "w") as out:
        out.write(b"[")
        count = 0
        async for found in db.each(mine.rows(mine.organization_id, table)):
            row = mine.given(db, table, dict(found._mapping))
            if row is None:
                continue
            out.write(
                (",\n" if count else "\n").encode() + json.dumps(row, default=_plain, ensure_ascii=False).encode()
            )
            if not count:
                page.write(_heading(table, locale).encode())
            page.write(_shown(table, row, locale).encode())
            count += 1
        out.write(b"\n]\n")


def _temporary() -> IO[bytes]:
    return SpooledTemporaryFile(IN_MEMORY)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _head(locale: Locale, organization: str) -> str:
    title = words.page(locale, "title")
    made = f"{words.page(locale, 'made')} {clock.now():%Y-%m-%d %H:%M} UTC"
    return (
        f'<!doctype html><html lang="{locale}"><head><meta charset="utf-8"><meta name="viewport"'
        f' content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head><body><main>'
        f"<h1>{title}</h1><p>{escape(organization)} · {made}</p><p>{words.page(locale, 'lead')}</p>"
    )


def _heading(table: Table, locale: Locale) -> str:
    return f"<h2>{words.kind(locale, table.name)}</h2><p>{escape(words.purpose(locale, table.name))}</p>"


def _shown(table: Table, row: dict[str, Any], locale: Locale) -> str:
    lines = "".join(
        f"<dt>{escape(words.field(locale, name))}</dt><dd>{escape(text)}</dd>"
        for name in table.in_class(*GIVEN)
        if name in row and (text := _text(row[name], locale))
    )
    return f"<dl>{lines}</dl>" if lines else ""


def _text(value: Any, locale: Locale) -> str:
    if value is None or value in ([], {}):
        return ""
    if isinstance(value, bool):
        return words.page(locale, "yes" if value else "no")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, dict | list):
        return json.dumps(value, default=_plain, ensure_ascii=False)
    return str(value)


async def of_another(db: Db, me: Actor, person_id: UUID) -> IO[bytes]:
    """What an admin may have of a person: their directory entry and reporting line, as its own pages give them."""
    found = {
        "directory": (await people.get(db, me, person_id)).model_dump(mode="json"),
        "reporting_line": (await people.reporting_line(db, me, person_id)).model_dump(mode="json"),
    }
    file = _temporary()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, value in found.items():
            bundle.writestr(f"{name}.json", json.dumps(value, ensure_ascii=False, indent=1))
    audit(db, "person.export", person_id)
    await looked(db, "data_export", [person_id])
    file.seek(0)
    return file


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """A file in pieces, closed at its end."""
    with file:
        while chunk := file.read(1 << 16):
            yield chunk
