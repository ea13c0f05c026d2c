"""Figures about answers, from `published_cells` alone: what is not published there is told nowhere."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from vuoro.analytics.fewest import K
from vuoro.analytics.schemas import Attribute, CellGroup, FeedbackCell, FeedbackSummary, FeedbackWave, PulseSummary
from vuoro.analytics.schemas import PublishedCell as Figure
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Forbidden, NotFound
from vuoro.feedback.access import may_read_figures
from vuoro.feedback.models import PublishedCell, Survey, Wave
from vuoro.feedback.waves import Key, rounds
from vuoro.programs import service as programs
from vuoro.programs.access import may_manage
from vuoro.programs.models import Cohort, Program
from vuoro.programs.settings import settings_of


async def summary(
    db: Db, me: Actor, program_id: UUID, *, by: list[Attribute], cohort_id: UUID | None = None, kind: str | None = None
) -> FeedbackSummary:
    """Every wave of a program, with the figures of everybody or of groups by one or two attributes.

    Only who manages the program sees which groups are hidden: to others that would tell where somebody takes part.
    """
    program = await _program(db, me, program_id)
    published = await _published(db, program_id, cohort_id)
    hidden_too = not by or may_manage(me, program_id)
    cells = await _cells(db, [wave.id for wave in published.values()], by, hidden_too=hidden_too)
    shown = []
    for cohort, key in await _expected(db, program, cohort_id):
        if kind is not None and key.kind != kind:
            continue
        wave = published.get((cohort, key))
        found = cells.get(wave.id, []) if wave else []
        told = any(cell.value is not None for cell in found)
        shown.append(
            FeedbackWave(
                cohort_id=cohort,
                kind=key.kind,  # type: ignore[arg-type]
                number=key.number,
                survey_id=key.survey_id,
                state="waiting" if wave is None else "published" if told else "too_few",
                published_at=wave.published_at if wave else None,
                cells=found,
            )
        )
    return FeedbackSummary(program_id=program_id, smallest_group=K, waves=shown)


async def _program(db: Db, me: Actor, program_id: UUID) -> Program:
    if may_read_figures(me, program_id):
        program = await db.find(Program, program_id)
        if program is None:
            raise NotFound
        return program
    await programs.get_row(db, me, program_id)
    raise Forbidden("This is for the programme's managers and sponsors.")


async def _published(db: Db, program_id: UUID, cohort_id: UUID | None) -> dict[tuple[UUID, Key], Wave]:
    query = select(Wave).where(Wave.organization_id == db.organization_id, Wave.program_id == program_id)
    if cohort_id is not None:
        query = query.where(Wave.cohort_id == cohort_id)
    return {(wave.cohort_id, Key(wave.kind, wave.number, wave.survey_id)): wave for wave in await db.scalars(query)}


async def _expected(db: Db, program: Program, cohort_id: UUID | None) -> list[tuple[UUID, Key]]:
    """Every wave of the program's cohorts, newest cohort first: what they are asked, published or not."""
    query = select(Cohort.id).where(Cohort.organization_id == db.organization_id, Cohort.program_id == program.id)
    if cohort_id is not None:
        query = query.where(Cohort.id == cohort_id)
    cohorts = (await db.scalars(query.order_by(Cohort.id.desc()))).all()
    surveys = await db.execute(
        select(Survey.id, Survey.edition)
        .where(Survey.organization_id == db.organization_id, Survey.program_id == program.id, Survey.published)
        .order_by(Survey.id)
    )
    keys = [
        *rounds(settings_of(program.settings).sessions_planned),
        *(Key("survey", number, id) for id, edition in surveys for number in range(1, edition + 1)),
    ]
    return [(cohort, key) for cohort in cohorts for key in keys]


async def _cells(
    db: Db, wave_ids: Iterable[UUID], by: list[Attribute], *, hidden_too: bool
) -> dict[UUID, list[FeedbackCell]]:
    query = select(PublishedCell).where(
        PublishedCell.organization_id == db.organization_id,
        PublishedCell.wave_id.in_(list(wave_ids)),
        PublishedCell.by == sorted(set(by)),
    )
    if not hidden_too:
        query = query.where(PublishedCell.value.is_not(None))
    found: dict[UUID, list[FeedbackCell]] = {}
    for cell in await db.scalars(query.order_by(PublishedCell.groups, PublishedCell.id)):
        found.setdefault(cell.wave_id, []).append(_cell(cell))
    return found


def _cell(cell: PublishedCell) -> FeedbackCell:
    groups: list[tuple[Any, str]] = list(zip(cell.by, cell.groups, strict=True))
    return FeedbackCell(
        name=cell.name,
        groups=[CellGroup(attribute=attribute, value=value) for attribute, value in groups],
        value=cell.value,
        people=cell.people,
        hidden=cell.hidden,  # type: ignore[arg-type]
    )


async def newest_pulse(db: Db, program_id: UUID) -> PulseSummary:
    """The figures of everybody from the last published pulse that has any."""
    rows = await db.execute(
        select(PublishedCell.wave_id, PublishedCell.name, PublishedCell.value)
        .join(Wave, (Wave.organization_id == PublishedCell.organization_id) & (Wave.id == PublishedCell.wave_id))
        .where(
            Wave.organization_id == db.organization_id,
            Wave.program_id == program_id,
            Wave.kind == "pulse",
            PublishedCell.by == [],
            PublishedCell.value.is_not(None),
        )
        .order_by(Wave.published_at.desc(), Wave.number.desc(), Wave.id.desc(), PublishedCell.id)
        .limit(20)
    )
    found = list(rows)
    cells = [Figure(name=row.name, value=row.value) for row in found if row.wave_id == found[0].wave_id]
    return PulseSummary(state="published" if cells else "too_few", cells=cells)
