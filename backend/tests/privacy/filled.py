"""A row of every table that is about people, with a mark in every column that belongs to Noa; made from the models."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, DateTime, Integer, LargeBinary, SmallInteger, Table, Uuid, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import Date
from support.pairs import Couple, make_couple
from support.world import World

from vuoro.core import clock, crypto
from vuoro.core.crypto import Encrypted
from vuoro.core.db import Database, Db
from vuoro.privacy import export
from vuoro.privacy.classes import GIVEN, Seal, tables
from vuoro.tables import metadata

MARK = "Merkki"
# Words that the code acts upon, by column or by table and column; everything else gets a mark.
WORDS: dict[str, Any] = {
    "languages": {"fi": 4}, "visibility": "ours", "side": "mentor", "owner": "mentor", "status": "active",
    "locale": "fi",
    "role": "mentor",
    "candid_messages.state": "given", "pairs.state": "active", "pairs.state_before": "paused", "sessions.state": "held",
    "enrollments.state": "paired", "grants.role": "sponsor", "preferences.time_zone": "Europe/Helsinki",
    "erasures.state": "cancelled", "concerns.state": "open", "concerns.about": "pair", "imports.state": "applied",
    "imports.scope_field": "site",
    "deliveries.kind": "login.link", "api_clients.scopes": ["people:read"], "scim_connections.preset": "generic",
    "scim_connections.state": "active", "scim_connections.scope_field": "site",
    "access_log.what": "participation", "audit_log.action": "note.create", "reader_kind": "person",
    "actor_kind": "person",
    "challenges.state": "open", "invitations.state": "pending", "surveys.audience": "all",
    "program_events.state": "planned", "program_events.kind": "other", "program_events.audience": "all",
}  # fmt: skip
PARENTS = ("program_events", "surveys", "imports", "oauth_clients", "api_clients", "scim_connections")


@dataclass(frozen=True)
class Filled:
    """What there is, and the marks by table and column."""

    couple: Couple
    marks: dict[tuple[str, str], str]


def mark(table: str, column: str) -> str:
    """The mark of one column."""
    return f"{MARK} {table}.{column}"


def marked(table: Table, column: Any) -> bool:
    """Whether the column's own value can carry a mark."""
    word = WORDS.get(f"{table.fullname}.{column.name}") or WORDS.get(column.name)
    kind = column.type
    plain = isinstance(kind, ARRAY) and not isinstance(kind.item_type, SmallInteger | DateTime | Uuid)
    return word is None and (
        plain or isinstance(kind, JSONB | Encrypted) or (not isinstance(kind, LargeBinary) and kind.python_type is str)
    )  # fmt: skip


async def fill(migrator: Database, app: Database, world: World) -> Filled:
    """Noa mentors Maria, and every kind of data has something of Noa's."""
    couple = await make_couple(app, world, world["noa"], world["maria"])
    wanted = {table.name for table in export.kinds()} | set(PARENTS)
    marks: dict[tuple[str, str], str] = {}
    async with migrator.transaction(world.system) as db:
        ids = await _ids(db, world, couple)
        for table in metadata.sorted_tables:
            if table.fullname in wanted:
                await _write(db, world, table, ids, marks)
    return Filled(couple, marks)


async def _ids(db: Db, world: World, couple: Couple) -> dict[str, UUID]:
    parts = metadata.tables["enrollments"]
    mine = select(parts.c.id, parts.c.cohort_id).where(parts.c.person_id == world["noa"].id)
    enrollment, cohort = (await db.execute(mine)).one()
    return {
        "organization_id": world.organization_id, "pair_id": couple.pair_id, "session_id": couple.session_id,
        "program_id": couple.program_id, "enrollment_id": enrollment, "cohort_id": cohort,
        "event_id": clock.uuid7(), "survey_id": clock.uuid7(), "import_id": clock.uuid7(),
        "oauth_client_id": clock.uuid7(), "connection_id": clock.uuid7(), "client_id": clock.uuid7(),
        **dict.fromkeys(("person_id", "author_id", "executive_id", "actor_id", "mentor_id", "cancelled_by",
                         "moved_by"), world["noa"].id),
        **dict.fromkeys(("delegate_id", "mentee_id"), world["maria"].id),
        **dict.fromkeys(("contact_id", "reader_id", "requested_by", "confirmed_by"), world.manager.id),
        "people": world["noa"].id, "pairs": couple.pair_id, "sessions": couple.session_id, "enrollments": enrollment,
    }  # fmt: skip


async def _write(db: Db, world: World, table: Table, ids: dict[str, UUID], marks: dict[tuple[str, str], str]) -> None:
    owned = {"program_events": "event_id", "oauth_clients": "oauth_client_id", "surveys": "survey_id",
             "imports": "import_id", "agendas": "session_id", "sparks": "session_id", "override_reasons": "pair_id",
             "pair_overrides": "pair_id", "scim_users": "people", "scim_connections": "connection_id",
             "api_clients": "client_id"}  # fmt: skip
    row_id = ids.get(owned.get(table.name, table.name)) or clock.uuid7()
    told = tables().get(table.fullname)
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.computed is None:
            row[column.name] = _value(world, table, column, ids, row_id)
    for name, seal in told.sealed.items() if told else ():
        row[name] = await _sealed(db, table.name, name, seal, row, world)
    if told and table.name not in PARENTS:
        marks |= {
            (table.fullname, name): mark(table.fullname, name)
            for name in told.in_class(*GIVEN)
            if marked(table, table.c[name])
        }
        if table.name == "import_rows":
            marks[table.name, "external_id"] = mark("people", "external_id")
    if table.name in ("people", "pairs", "sessions", "enrollments"):
        kept = {name: row[name] for name in row if told and told.columns[name] in GIVEN}
        if table.name == "sessions":
            kept["cancelled_by"] = world["noa"].id
        await db.execute(update(table).where(table.c.id == row_id).values(**kept))
        return
    await db.execute(insert(table).values(**row))


def _value(world: World, table: Table, column: Any, ids: dict[str, UUID], row_id: UUID) -> Any:
    name, kind = column.name, column.type
    if name == "id":
        return row_id
    if (table.name, name) == ("wishes", "person_id"):
        return world["maria"].id
    if (table.name, name) == ("access_log", "people"):
        return [world["noa"].id]
    if (table.name, name) == ("import_rows", "external_id"):
        return mark("people", "external_id")
    if isinstance(kind, Uuid):
        return ids.get(name) or (None if column.nullable else clock.uuid7())
    word = WORDS.get(f"{table.fullname}.{name}") or WORDS.get(name)
    if word is not None:
        return word
    told = tables()[table.fullname]
    text = mark(table.fullname, name) if told.columns[name] in GIVEN else "-"
    if isinstance(kind, Encrypted):
        return None
    if isinstance(kind, LargeBinary):
        return row_id.bytes
    if isinstance(kind, JSONB):
        listed = "list" in str(_annotation(table, name))
        return [{"word": text}] if listed else {"word": text}
    if isinstance(kind, ARRAY):
        item = kind.item_type
        return [3] * 7 if isinstance(item, SmallInteger) else [clock.now()] if isinstance(item, DateTime) else [text]
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Integer):
        return 3
    if isinstance(kind, DateTime):
        # A sign-in that is over is cleared away by the next one.
        return clock.now() + timedelta(days=1) if name in ("expires_at", "idle_until") else clock.now()
    return clock.now().date() if isinstance(kind, Date) else text


def _annotation(table: Table, column: str) -> Any:
    from vuoro.core.db import Model

    for mapper in Model.registry.mappers:
        if mapper.local_table is table:
            for owner in mapper.class_.__mro__:
                if column in getattr(owner, "__annotations__", {}):
                    return owner.__annotations__[column]
    return ""


async def _sealed(db: Db, table: str, column: str, seal: Seal, row: dict[str, Any], world: World) -> crypto.Sealed:
    if seal.owner == "organization":
        kind, owner = "organization", world.organization_id
    elif seal.owner == "pair" or (seal.when and row[seal.when[0]] != seal.when[1]):
        kind, owner = "pair", row["pair_id"]
    else:
        kind, owner = "person", row[seal.owner]
    return await crypto.seal(db, f"{table}.{column}", kind, owner, row[seal.bound_to], mark(table, column))
