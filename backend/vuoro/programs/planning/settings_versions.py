"""The versions of a program's settings, for its managers to read."""

from uuid import UUID

from sqlalchemy import select

from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.page import Paging, keyset
from vuoro.people.service import refs
from vuoro.programs import service
from vuoro.programs.models import ProgramSettingsVersion
from vuoro.programs.planning.schemas import SettingChange, SettingsVersion
from vuoro.programs.settings import settings_of


async def search(db: Db, me: Actor, program_id: UUID, page: Paging) -> tuple[list[SettingsVersion], str | None]:
    """One page of a program's versions, newest first; for its managers."""
    await service.require_manager(db, me, program_id)
    query = select(ProgramSettingsVersion).where(
        ProgramSettingsVersion.organization_id == me.organization_id, ProgramSettingsVersion.program_id == program_id
    )
    rows, following = await keyset(
        db, query, [ProgramSettingsVersion.number], page, lambda row: row[0], scope="settings_versions",
        descending=True, parse=[int],
    )  # fmt: skip
    people = await refs(db, me, [row.changed_by for row in rows if row.changed_by])
    return [
        SettingsVersion(
            number=row.number,
            at=row.at,
            changed_by=people.get(row.changed_by),
            changes=[SettingChange(**change) for change in row.changes],
            settings=settings_of(row.settings),
        )
        for row in rows
    ], following
