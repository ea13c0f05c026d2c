"""Later work of imports: checking a file, applying it, forgetting what was left lying. Every part may run twice."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from vuoro.core import clock, files
from vuoro.core.actor import Actor
from vuoro.core.bulk import insert_all
from vuoro.core.db import Database, Db
from vuoro.core.errors import PayloadTooLarge
from vuoro.core.history import step
from vuoro.core.jobs import on, on_tick
from vuoro.core.outbox import emit
from vuoro.core.page import Paging
from vuoro.core.settings import settings
from vuoro.hris import mappings, service, undo
from vuoro.hris.apply import Known, known, write
from vuoro.hris.check import Found, Options, examine, rows_of
from vuoro.hris.dates import DayOrder
from vuoro.hris.models import Import, ImportRow
from vuoro.hris.schemas import ImportOptions, ImportOut, ImportRowOut
from vuoro.people import lines

TELL_EVERY_S = 0.5
STUCK_AFTER = timedelta(minutes=15)
KEPT_FOR = timedelta(days=30)
FACTS = {"parsing": "import.uploaded", "applying": "import.apply", "undoing": "import.undo"}

Tell = Callable[[int, int | None], None]

# A large import may wait for another one, plan for a while and then write for longer than a request may.
_PATIENCE = text(
    "select set_config('lock_timeout', '0', true), set_config('statement_timeout', '300s', true),"
    " set_config('idle_in_transaction_session_timeout', '300s', true)"
)


class _Overtaken(Exception):
    """The import was discarded or finished while this job worked on it; what it wrote is rolled back."""


@on("import.uploaded")
async def on_uploaded(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """A file came, or its columns were mapped anew."""
    await check_import(database, actor, UUID(payload["import_id"]))


@on("import.undo")
async def on_undo(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """The newest import is to be taken back."""
    await undo_import(database, actor, UUID(payload["import_id"]))


@on("import.apply")
async def on_apply(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """A checked file is to be applied."""
    await apply_import(database, actor, UUID(payload["import_id"]))


@on_tick
async def sweep(db: Db, now: datetime) -> None:
    """Ask again for what no worker finished, and forget files that nobody applied."""

    async def older(states: list[str], age: timedelta) -> list[Import]:
        query = select(Import).where(
            Import.organization_id == db.organization_id, Import.state.in_(states), Import.updated_at < now - age
        )
        return list(await db.scalars(query.with_for_update(skip_locked=True)))

    for row in await older(list(FACTS), STUCK_AFTER):
        row.updated_at = now
        emit(db, FACTS[row.state], {"import_id": str(row.id)})
    for row in await older(["checked", "failed"], KEPT_FOR):
        await service.forget(db, row)


async def check_import(database: Database, actor: Actor, import_id: UUID, tell: Tell | None = None) -> None:
    """Parse a file, compare it with the directory and keep what was found; apply it at once if that was asked."""
    async with database.transaction(actor) as db:
        row = await db.find(Import, import_id)
        if row is None or row.state != "parsing" or row.file_id is None:
            return
        content, directory = await files.read(db, row.file_id), await known(db)
        saved = await mappings.by_headers(db)
    options = replace(_options(row, directory), saved=saved)
    async with _progress(database, actor, import_id, tell) as report:
        found = await asyncio.to_thread(examine, content, options, directory.people, report)
    with suppress(_Overtaken):
        async with database.transaction(actor) as db:
            row = await _keep(db, import_id, "parsing", found)
            if found.saved is not None:
                row.mapping, row.mapping_name = dict(found.saved.columns), found.saved.name
                row.date_order = row.date_order or found.saved.day_order
                if row.scope_field is None:
                    row.scope_field, row.scope_values = found.saved.scope_field, list(found.saved.scope_values)
            step(db, "import", row, "failed" if found.failed else "checked", service.LEGAL[row.state])
            if found.clean and not row.dry_run:
                service.begin(db, row)


async def apply_import(database: Database, actor: Actor, import_id: UUID, tell: Tell | None = None) -> None:
    """Compare a checked file with the people of now, and write it, in one transaction.

    Where the directory moved on so far that the file blocks or brakes, nothing is written and it is asked again.
    """
    with suppress(_Overtaken):
        async with database.transaction(actor) as db:
            await db.execute(_PATIENCE)
            # One import of an organization at a time: each plans on what the one before wrote.
            name = f"imports of {actor.organization_id}"
            await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
            await lines.one_at_a_time(db)
            row = await db.find(Import, import_id)
            if row is None or row.state != "applying" or row.file_id is None:
                return
            directory = await known(db, lock=True)
            async with _progress(database, actor, import_id, tell) as report:
                content, options = await files.read(db, row.file_id), _options(row, directory)
                found = await asyncio.to_thread(examine, content, options, directory.people, _unseen)
                del content
                if found.plan is not None and found.problem is None:
                    written = await write(db, found.plan, directory, report, import_id)
                    await undo.remember(db, import_id, directory, written)
            row = await _keep(db, import_id, "applying", found)
            if found.problem is None:
                await service.drop_file(db, row)
                row.applied_at = clock.now()
                if row.scope_field is not None:  # nothing stays of those who are in the chart alone
                    row.columns = [{**column, "samples": []} for column in row.columns]
                row.undo_until = clock.now() + KEPT_FOR
            state = "failed" if found.failed else "checked" if found.problem else "applied"
            step(db, "import", row, state, service.LEGAL[row.state])
            if state == "applied":
                emit(db, "import.applied", {"import_id": str(row.id)})


async def undo_import(database: Database, actor: Actor, import_id: UUID, tell: Tell | None = None) -> None:
    """Take an import back, in one transaction with one re-check of all lines; a second run finds it done."""
    async with database.transaction(actor) as db:
        await db.execute(_PATIENCE)
        await lines.one_at_a_time(db)
        row = await db.find(Import, import_id)
        if row is None or row.state != "undoing":
            return
        directory = await known(db, lock=True)
        async with _progress(database, actor, import_id, tell) as report:
            undone = await undo.take_back(db, import_id, directory, report)
        row = await db.locked(Import, import_id)
        row.undone, row.undo_until = undone.model_dump(), None
        step(db, "import", row, "undone", service.LEGAL[row.state])
        emit(db, "import.undone", {"import_id": str(row.id)})


@dataclass(frozen=True, slots=True)
class FileImport:
    """What became of a file: its import, and the first hundred rows that were refused."""

    result: ImportOut
    refused: list[ImportRowOut]


async def import_file(
    database: Database,
    actor: Actor,
    path: Path,
    *,
    apply: bool,
    progress: Tell | None = None,
    deactivate_missing: bool = False,
    allow_mass_deactivation: bool = False,
) -> FileImport:
    """Import a file without HTTP and queue: checked, and applied when that is asked and nothing is wrong with it.

    What was not applied leaves nothing behind.

    `progress` is called with (rows done, rows in all or None) on the event loop.

    Raises:
        OSError: the file cannot be read.
        PayloadTooLarge: it is larger than an upload may be.
    """
    content = await asyncio.to_thread(_read, path)
    options = ImportOptions(
        dry_run=not apply,
        deactivate_missing=deactivate_missing,
        allow_mass_deactivation=allow_mass_deactivation,
        date_order=None,
        scope=None,
    )
    upload = service.Upload(path.name, "application/octet-stream", content, options)
    async with database.transaction(actor) as db:
        import_id = await service.create(db, actor, upload)
    await check_import(database, actor, import_id, progress)
    await apply_import(database, actor, import_id, progress)
    async with database.transaction(actor) as db:
        result = await service.get(db, actor, import_id)
        refused, _ = await service.rows(db, actor, import_id, Paging(100, None), "error")
        if result.state != "applied":
            await service.forget(db, await db.locked(Import, import_id))
    return FileImport(result, refused)


def _read(path: Path) -> bytes:
    limit = settings().upload_max_bytes
    if path.stat().st_size > limit:
        raise PayloadTooLarge(limit)
    return path.read_bytes()


def _options(row: Import, directory: Known) -> Options:
    return Options(
        columns=row.mapping or {},
        day_order=cast(DayOrder | None, row.date_order),
        deactivate_missing=row.deactivate_missing,
        allow_mass_deactivation=row.allow_mass_deactivation,
        max_bytes=settings().upload_max_bytes,
        today=clock.now().date(),
        admins=directory.admins,
        owned=directory.owned,
        scope_field=row.scope_field,
        scope_values=row.scope_values,
    )


async def _keep(db: Db, import_id: UUID, state: str, found: Found) -> Import:
    """Write what was found in place of what stood there; _Overtaken when the import moved on meanwhile."""
    await db.execute(_PATIENCE)
    row = await db.locked(Import, import_id)
    if row.state != state:
        raise _Overtaken
    row.detected, row.columns, row.problem = found.detected, found.columns, found.problem
    row.summary = asdict(found.plan.summary) if found.plan else None
    row.choices = dict(found.plan.choices) if found.plan else None
    row.progress_done = row.progress_total = found.plan.row_count if found.plan else 0
    await service.drop_rows(db, row)
    here = {"import_id": str(row.id)}
    findings = rows_of(found.plan) if found.plan else ()
    await insert_all(db, ImportRow, ({**here, **finding} for finding in findings))
    return row


def _unseen(done: int, total: int | None) -> None:
    """While an import is applied, what counts is the writing."""


@asynccontextmanager
async def _progress(database: Database, actor: Actor, import_id: UUID, tell: Tell | None) -> AsyncIterator[Tell]:
    """Yields where a thread may report to; every half second it is written down, for those who poll."""
    now: tuple[int, int | None] = (0, None)
    over = asyncio.Event()

    def report(done: int, total: int | None) -> None:
        nonlocal now
        now = done, total

    async def note() -> None:
        seen = now
        while not over.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), TELL_EVERY_S)
            if now != seen and tell is not None:
                tell(*now)
            if now != seen and not over.is_set():
                seen = now
                # A note that fails to be written must not end the import.
                with suppress(SQLAlchemyError, OSError):
                    await _write_down(database, actor, import_id, *now)

    noting = asyncio.create_task(note())
    try:
        yield report
    finally:
        over.set()
        await noting


async def _write_down(database: Database, actor: Actor, import_id: UUID, done: int, total: int | None) -> None:
    async with database.transaction(actor) as db:
        await db.execute(
            update(Import)
            .where(Import.organization_id == actor.organization_id, Import.id == import_id)
            .values(progress_done=done, progress_total=total, updated_at=clock.now())
        )
