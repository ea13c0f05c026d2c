"""Tables of imports: one row a file, one row a finding, what an undo needs, and mappings that were kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TEXT, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.db import TenantModel, Versioned, tenant_fk
from vuoro.hris.scope import ScopeField


class Import(Versioned, TenantModel):
    """One file of people on its way into the directory. The file itself is deleted once applied.

    People whose `scope_field` is none of `scope_values` are in the chart alone; without a field everybody takes part.
    `choices` are the values of the file that may be chosen, with their counts, until it is applied.
    """

    __tablename__ = "imports"
    filename: Mapped[str]
    size: Mapped[int]
    file_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default="parsing")
    dry_run: Mapped[bool] = mapped_column(default=True)
    deactivate_missing: Mapped[bool] = mapped_column(default=False)
    allow_mass_deactivation: Mapped[bool] = mapped_column(default=False)
    date_order: Mapped[str | None]
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int | None]
    detected: Mapped[dict[str, Any] | None]
    columns: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    mapping: Mapped[dict[str, Any] | None]
    summary: Mapped[dict[str, Any] | None]
    problem: Mapped[dict[str, Any] | None]
    created_by: Mapped[UUID | None]
    applied_at: Mapped[datetime | None]
    mapping_name: Mapped[str | None]
    scope_field: Mapped[ScopeField | None] = mapped_column(TEXT)
    scope_values: Mapped[list[str]] = mapped_column(default=list)
    choices: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    undo_until: Mapped[datetime | None]
    undone: Mapped[dict[str, Any] | None]
    __table_args__ = (Index("imports_newest_idx", "organization_id", "created_at", "id"),)


class ImportRow(TenantModel):
    """What one row of a file would change, or what is wrong with it."""

    __tablename__ = "import_rows"
    import_id: Mapped[UUID]
    row: Mapped[int]
    kind: Mapped[str]
    external_id: Mapped[str | None]
    display_name: Mapped[str | None]
    graph_only: Mapped[bool]
    changes: Mapped[list[dict[str, Any]]]
    problems: Mapped[list[dict[str, Any]]]
    __table_args__ = (
        tenant_fk("import_id", "imports", ondelete="CASCADE"),
        Index("import_rows_kind_idx", "organization_id", "import_id", "kind", "row", "id"),
        Index("import_rows_row_idx", "organization_id", "import_id", "row", "id"),
        Index("import_rows_outside_idx", "organization_id", "import_id", "row", "id", postgresql_where="graph_only"),
    )


class ImportInverse(TenantModel):
    """A person as they were before the newest import (None: not there), and the version that it left them with."""

    __tablename__ = "import_inverses"
    import_id: Mapped[UUID]
    person_id: Mapped[UUID]
    person_version: Mapped[int]
    before: Mapped[dict[str, Any] | None]
    __table_args__ = (
        tenant_fk("import_id", "imports", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "import_id", "person_id"),
    )


class ImportMapping(Versioned, TenantModel):
    """Which column fills which field and who takes part, under a name; chosen by itself for the same columns."""

    __tablename__ = "import_mappings"
    name: Mapped[str]
    headers: Mapped[list[str]]
    columns: Mapped[dict[str, Any]]
    date_order: Mapped[str | None]
    scope_field: Mapped[ScopeField | None] = mapped_column(TEXT)
    scope_values: Mapped[list[str]] = mapped_column(default=list)
    __table_args__ = (UniqueConstraint("organization_id", "name"),)
