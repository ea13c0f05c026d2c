"""Imports: taking a file in, showing what it would change, mapping its columns, applying or discarding it."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, Select, delete, select

from vuoro.core import clock, files
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, IllegalTransition, Invalid, NotFound
from vuoro.core.history import audit, record_change, step
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import can
from vuoro.hris import access
from vuoro.hris.models import Import, ImportMapping, ImportRow
from vuoro.hris.problems import shown
from vuoro.hris.schemas import (
    DateOrder,
    ImportChange,
    ImportChoice,
    ImportChoices,
    ImportChoiceValue,
    ImportColumn,
    ImportDetected,
    ImportFinding,
    ImportOptions,
    ImportOut,
    ImportPatch,
    ImportProblem,
    ImportProgress,
    ImportRowOut,
    ImportScope,
    ImportScopeOut,
    ImportState,
    ImportSummary,
    ImportUndone,
    RowGroup,
    RowKind,
)
from vuoro.people.access import may_read_directory
from vuoro.people.schemas import LastImport

MASS_DEACTIVATION = "mass_deactivation"
LEGAL = {
    "parsing": ["checked", "failed", "discarded"],
    "checked": ["parsing", "applying", "discarded"],
    "failed": ["parsing", "discarded"],
    "applying": ["applied", "checked", "failed", "discarded"],
    "applied": ["undoing"],
    "undoing": ["undone"],
    "undone": [],
    "discarded": [],
}


class UndoOver(Conflict):
    """Another import was applied since, or too much time has passed."""

    code, title = "undo_over", "This can no longer be undone"
    text = "Only the newest import can be undone, for thirty days after it was applied."


class MassDeactivation(Conflict):
    """More people would leave than an import may let go unasked."""

    code = MASS_DEACTIVATION


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, with its options."""

    filename: str
    media_type: str
    content: bytes
    options: ImportOptions

    @property
    def fingerprint(self) -> bytes:
        """What makes two uploads the same request: content, name and options, whatever the multipart boundary."""
        said = f"{self.filename}\n{self.options.model_dump_json()}\n".encode()
        return said + hashlib.sha256(self.content).digest()


async def create(db: Db, me: Actor, upload: Upload) -> UUID:
    """Take a file in; the worker parses and checks it."""
    access.require_importer(me)
    name = shown(PurePosixPath(upload.filename.replace("\\", "/")).name, 200) or "people"
    row = Import(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        filename=name,
        size=len(upload.content),
        file_id=await files.keep(db, name, shown(upload.media_type, 100), upload.content),
        created_by=me.person_id,
        **upload.options.model_dump(include=set(ImportOptions.model_fields) - {"scope"}),
    )
    _draw(row, upload.options.scope)
    db.add(row)
    record_change(db, "import", row.id, None, "parsing")
    audit(db, "import.upload", row.id)
    emit(db, "import.uploaded", {"import_id": str(row.id)})
    await db.flush()
    return row.id


async def search(db: Db, me: Actor, page: Paging) -> tuple[list[ImportOut], str | None]:
    """One page of the imports, newest first."""
    query = select(Import).where(Import.organization_id == me.organization_id, access.visible_to(me))
    return await keyset(
        db, query, [Import.id], page, lambda row: _show(row[0]), scope="imports", descending=True, parse=[UUID]
    )


def _seen(me: Actor, import_id: UUID) -> Select[Any]:
    return select(Import).where(
        Import.organization_id == me.organization_id, Import.id == import_id, access.visible_to(me)
    )


async def get(db: Db, me: Actor, import_id: UUID) -> ImportOut:
    """One import; NotFound when the caller may not see it."""
    row = await db.scalar(_seen(me, import_id))
    if row is None:
        raise NotFound
    return _show(row)


async def rows(
    db: Db, me: Actor, import_id: UUID, page: Paging, kind: RowGroup | None
) -> tuple[list[ImportRowOut], str | None]:
    """One page of what becomes of the rows, in the order of the file; warnings are found on rows of every kind.

    Whoever will be in the chart alone is a group of their own.
    """
    await get(db, me, import_id)
    query = select(ImportRow).where(ImportRow.organization_id == me.organization_id, ImportRow.import_id == import_id)
    if kind == "warning":
        query = query.where(ImportRow.problems.contains([{"severity": "warning"}]))
    elif kind == "outside":
        query = query.where(ImportRow.graph_only, ImportRow.kind != "warning")
    elif kind is not None:
        query = query.where(ImportRow.kind == kind, ~ImportRow.graph_only)
    return await keyset(
        db, query, [ImportRow.row, ImportRow.id], page, _show_row, scope=f"import_rows{kind}", parse=[int, UUID]
    )


async def choices(db: Db, me: Actor, import_id: UUID) -> ImportChoices:
    """By which columns and values one may say who takes part."""
    row = (await db.execute(_seen(me, import_id).with_only_columns(Import.columns, Import.choices))).one_or_none()
    if row is None:
        raise NotFound
    columns, found = row
    headers = {column["field"]: column["header"] for column in columns}
    return ImportChoices(
        choices=[
            ImportChoice(
                field=field,
                header=headers[field],
                values=[ImportChoiceValue(value=value, count=count) for value, count in values],
            )
            for field, values in (found or {}).items()
            if field in headers
        ]
    )


async def change(db: Db, me: Actor, import_id: UUID, version: int, patch: ImportPatch) -> None:
    """Map columns or answer a question of the check; the file is then checked anew."""
    await get(db, me, import_id)
    row = await db.locked(Import, import_id, version)
    if _may_map(row) is not True:
        raise IllegalTransition(row.state, LEGAL[row.state])
    if "columns" in patch.model_fields_set:
        row.mapping, row.mapping_name = _mapping(row, patch.columns), None
    if "scope" in patch.model_fields_set:
        _draw(row, patch.scope)
        row.mapping_name = None
    if "date_order" in patch.model_fields_set:
        row.date_order = patch.date_order
    if "deactivate_missing" in patch.model_fields_set:
        row.deactivate_missing = patch.deactivate_missing
    row.progress_done, row.progress_total = 0, None
    step(db, "import", row, "parsing", LEGAL[row.state])
    audit(db, "import.change", row.id)
    emit(db, "import.uploaded", {"import_id": str(row.id)})
    await db.flush()


async def apply(db: Db, me: Actor, import_id: UUID, *, allow_mass_deactivation: bool) -> UUID:
    """Ask the worker to apply a checked import; rows with errors are left out."""
    await get(db, me, import_id)
    row = await db.locked(Import, import_id)
    row.allow_mass_deactivation |= allow_mass_deactivation
    problem = row.problem if row.state == "checked" else None
    if problem and problem["code"] == MASS_DEACTIVATION and not row.allow_mass_deactivation:
        raise MassDeactivation(problem["detail"], params=problem["params"])
    begin(db, row)
    await db.flush()
    return import_id


def begin(db: Db, row: Import) -> None:
    """Hand a checked import to the worker."""
    step(db, "import", row, "applying", LEGAL[row.state])
    row.progress_done, row.progress_total = 0, None
    audit(db, "import.apply", row.id)
    emit(db, "import.apply", {"import_id": str(row.id)})


async def undo(db: Db, me: Actor, import_id: UUID) -> UUID:
    """Ask the worker to take the newest import back."""
    await get(db, me, import_id)
    row = await db.locked(Import, import_id)
    if row.state == "applied" and not _can_undo(row):
        raise UndoOver
    step(db, "import", row, "undoing", LEGAL[row.state])
    row.progress_done, row.progress_total = 0, None
    audit(db, "import.undo", row.id)
    emit(db, "import.undo", {"import_id": str(row.id)})
    await db.flush()
    return import_id


def _can_undo(row: Import) -> bool:
    return row.undo_until is not None and row.undo_until > clock.now()


async def discard(db: Db, me: Actor, import_id: UUID) -> UUID:
    """Forget a file that was not applied, with all that was found in it."""
    await get(db, me, import_id)
    await forget(db, await db.locked(Import, import_id))
    return import_id


async def forget(db: Db, row: Import) -> None:
    """Delete the file and its rows; only the fact that there was one stays."""
    step(db, "import", row, "discarded", LEGAL[row.state])
    audit(db, "import.discard", row.id)
    await drop_file(db, row)
    row.columns, row.mapping = [], None
    await drop_rows(db, row)
    await db.flush()


async def drop_rows(db: Db, row: Import) -> None:
    """Delete what was found in a file."""
    await db.execute(
        delete(ImportRow).where(ImportRow.organization_id == row.organization_id, ImportRow.import_id == row.id)
    )


async def drop_file(db: Db, row: Import) -> None:
    """Delete the file itself: nobody needs it any more."""
    if row.file_id is not None:
        await files.drop(db, row.file_id)
        row.file_id = row.choices = None


async def last_import(db: Db, me: Actor) -> LastImport | None:
    """The newest import that was applied, for those who read the directory."""
    if not may_read_directory(me):
        return None
    row = (
        await db.execute(
            select(Import.id, Import.filename, Import.applied_at)
            .where(Import.organization_id == me.organization_id, Import.state == "applied")
            .order_by(Import.applied_at.desc())
            .limit(1)
        )
    ).one_or_none()
    return row and LastImport(id=row.id, filename=row.filename, applied_at=row.applied_at)


def _draw(row: Import, scope: ImportScope | None) -> None:
    row.scope_field, row.scope_values = (scope.field, scope.values) if scope else (None, [])


def scope_of(row: Import | ImportMapping) -> ImportScopeOut | None:
    """Who takes part, as an import or a kept mapping has it; None: everybody."""
    return ImportScopeOut(field=row.scope_field, values=row.scope_values) if row.scope_field else None


def _mapping(row: Import, columns: dict[str, Any]) -> dict[str, Any]:
    """The earlier choices under the new ones; a field has one column."""
    known = {column["header"]: column for column in row.columns}
    for header, field in columns.items():
        pointer = "/columns/" + header.replace("~", "~0").replace("/", "~1")
        if header not in known:
            raise Invalid.at(pointer, "column_unknown", "The file has no such column.")
        if field and known[header]["category"]:
            raise Invalid.at(pointer, "column_forbidden", "This column holds what must not be stored.")
    taken = {field for field in columns.values() if field}
    kept = {header: field for header, field in (row.mapping or {}).items() if field not in taken}
    return {**kept, **columns}


def _may_map(row: Import) -> bool | str:
    if row.state not in ("checked", "failed"):
        return "wrong_state"
    return bool(row.columns) or "file_unreadable"


def _show(row: Import) -> ImportOut:
    return ImportOut(
        id=row.id,
        filename=row.filename,
        state=cast(ImportState, row.state),
        size=row.size,
        dry_run=row.dry_run,
        deactivate_missing=row.deactivate_missing,
        date_order=cast(DateOrder | None, row.date_order),
        progress=ImportProgress(done=row.progress_done, total=row.progress_total),
        detected=ImportDetected(**row.detected) if row.detected else None,
        columns=[ImportColumn(**column) for column in row.columns],
        scope=scope_of(row),
        summary=ImportSummary(**{"outside": 0, "going_out": 0, **row.summary}) if row.summary else None,
        problem=ImportProblem(**row.problem) if row.problem else None,
        mapping_name=row.mapping_name,
        undo_until=row.undo_until,
        undone=ImportUndone.model_validate(row.undone) if row.undone else None,
        version=row.version,
        created_at=row.created_at,
        applied_at=row.applied_at,
        can=can(
            apply="applying" in LEGAL[row.state] or "wrong_state",
            discard="discarded" in LEGAL[row.state] or "wrong_state",
            map=_may_map(row),
            undo=_can_undo(row) or UndoOver.code if row.state == "applied" else "wrong_state",
        ),
    )


def _show_row(found: Row[Any]) -> ImportRowOut:
    row: ImportRow = found[0]
    return ImportRowOut(
        row=row.row or None,
        external_id=row.external_id,
        display_name=row.display_name,
        kind=cast(RowKind, row.kind),
        graph_only=row.graph_only,
        changes=[ImportChange(**change) for change in row.changes],
        problems=[ImportFinding(**problem) for problem in row.problems],
    )
