"""A new program like one that was: the same purpose and settings, nobody in it yet."""

from copy import deepcopy
from datetime import timedelta
from uuid import UUID

from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.programs import service
from vuoro.programs.models import Program
from vuoro.programs.planning.schemas import ProgramCloneIn
from vuoro.programs.settings import settings_of
from vuoro.programs.templates import templates


async def clone(db: Db, me: Actor, program_id: UUID, data: ProgramCloneIn) -> UUID:
    """A draft as long as its model, which the maker manages; announcements, challenges and people stay behind."""
    model = await service.require_manager(db, me, program_id)
    if model.starts_on and model.ends_on:
        lasts = model.ends_on - model.starts_on
    else:
        lasts = timedelta(weeks=templates()[model.template].weeks)
    return await service.draft(
        db,
        me,
        Program(
            name=data.name,
            template=model.template,
            purpose=deepcopy(model.purpose),
            settings=settings_of(model.settings).model_dump(),
            unit_id=model.unit_id,
            starts_on=data.starts_on if "starts_on" in data.model_fields_set else service.a_monday_ahead(),
        ),
        lasts,
        data.cohort,
    )
