"""Programs: making them from a template, changing them, moving them on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from vuoro.core import clock
from vuoro.core.actor import Actor, Held
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Forbidden, Invalid, NotFound
from vuoro.core.history import audit, record_change, step
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import Localized, can, changes
from vuoro.identity.models import Grant
from vuoro.people.models import Topic
from vuoro.programs import access
from vuoro.programs.models import Cohort, Enrollment, Program
from vuoro.programs.schemas import CohortOut, ProgramCounts, ProgramIn, ProgramOut, ProgramPatch
from vuoro.programs.settings import settings_of
from vuoro.programs.states import PROGRAM
from vuoro.programs.templates import templates
from vuoro.programs.topics import TOPICS

_PAIR_COUNTS = text(
    "select program_id, count(*) filter (where state in ('active', 'paused', 'closing')) as active,"
    " count(*) filter (where state in ('asked_mentor', 'asked_mentee')) as asked"
    " from pairs where organization_id = :organization and program_id = any(:ids) group by program_id"
)


class NotReady(Conflict):
    """Something is missing before this step; params name it."""

    code = "not_ready"


async def search(db: Db, me: Actor, page: Paging) -> tuple[list[ProgramOut], str | None]:
    """One page of the programs that the caller may see, newest first."""
    query = select(Program).where(Program.organization_id == me.organization_id, access.visible_to(me))
    rows, following = await keyset(
        db, query, [Program.id], page, lambda row: row[0], scope="programs", descending=True, parse=[UUID]
    )
    return await _show(db, me, rows), following


async def get(db: Db, me: Actor, program_id: UUID) -> ProgramOut:
    """One program; NotFound when the caller may not see it."""
    return (await _show(db, me, [await get_row(db, me, program_id)]))[0]


async def get_row(db: Db, me: Actor, program_id: UUID) -> Program:
    """One program's row; NotFound when the caller may not see it."""
    row = await db.scalar(
        select(Program).where(
            Program.organization_id == me.organization_id, Program.id == program_id, access.visible_to(me)
        )
    )
    if row is None:
        raise NotFound
    return row


async def managed(db: Db, me: Actor, program_id: UUID, version: int | None = None) -> Program:
    """One program locked for change: NotFound when invisible, Forbidden when the caller does not manage it."""
    await get_row(db, me, program_id)
    if not access.may_manage(me, program_id):
        raise Forbidden("This is for the programme's managers.")
    return await db.locked(Program, program_id, version)


async def _show(db: Db, me: Actor, rows: list[Program]) -> list[ProgramOut]:
    ids = [row.id for row in rows]
    cohorts: dict[UUID, list[CohortOut]] = {}
    for cohort in await db.scalars(
        select(Cohort)
        .where(Cohort.organization_id == me.organization_id, Cohort.program_id.in_(ids))
        .order_by(Cohort.id)
    ):
        cohorts.setdefault(cohort.program_id, []).append(CohortOut(id=cohort.id, name=cohort.name))
    counts = await _counts(db, me, ids)
    return [
        ProgramOut(
            id=row.id,
            name=row.name,
            template=row.template,
            purpose=Localized(**row.purpose),
            state=row.state,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            cohorts=cohorts.get(row.id, []),
            settings=settings_of(row.settings),
            counts=counts[row.id],
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
            can=_can(me, row, counts[row.id]),
        )
        for row in rows
    ]


def _can(me: Actor, row: Program, counts: ProgramCounts) -> Any:
    mine = access.may_manage(me, row.id)
    who: str | bool = mine or "not_allowed"
    matching: str | bool = who
    if mine and row.state not in ("enrolling", "matching", "running"):
        matching = "wrong_state"
    elif mine and not (counts.enrolled_mentors and counts.enrolled_mentees):
        matching = "nobody_enrolled"
    return can(
        edit=who,
        enroll=(row.state in ("draft", "enrolling", "matching", "running") or "wrong_state") if mine else
        (row.state == "enrolling" or "wrong_state"),
        run_match=matching,
        **{f"transition_{to}": who for to in PROGRAM[row.state]},
    )  # fmt: skip


async def _counts(db: Db, me: Actor, ids: Iterable[UUID]) -> dict[UUID, ProgramCounts]:
    ids = list(ids)
    enrolled = await db.execute(
        select(
            Enrollment.program_id,
            func.count().filter(Enrollment.role == "mentor", Enrollment.state.in_(("approved", "paired", "paused"))),
            func.count().filter(Enrollment.role == "mentee", Enrollment.state.in_(("approved", "paired", "paused"))),
            func.count().filter(Enrollment.state.in_(("applied", "waitlisted"))),
        )
        .where(Enrollment.organization_id == me.organization_id, Enrollment.program_id.in_(ids))
        .group_by(Enrollment.program_id)
    )
    people = {row[0]: row[1:] for row in enrolled}
    # pairs stand above programs: their numbers come by plain SQL, not by an import
    pairs = {
        row.program_id: (row.active, row.asked)
        for row in await db.execute(_PAIR_COUNTS, {"organization": me.organization_id, "ids": ids})
    }
    return {
        id: ProgramCounts(
            enrolled_mentors=people.get(id, (0, 0, 0))[0],
            enrolled_mentees=people.get(id, (0, 0, 0))[1],
            waiting=people.get(id, (0, 0, 0))[2],
            pairs_active=pairs.get(id, (0, 0))[0],
            pairs_proposed=pairs.get(id, (0, 0))[1],
        )
        for id in ids
    }


async def create(db: Db, me: Actor, data: ProgramIn) -> UUID:
    """A draft from a template, with a first cohort; the maker manages it."""
    if not (me.is_system or me.is_admin or me.managed_programs != set()):
        raise Forbidden("A programme manager or an admin starts programmes.")
    template = templates().get(data.template)
    if template is None:
        raise Invalid.at("/template", "unknown_template", f"There is no template {data.template}.")
    program = Program(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        name=data.name,
        template=template.key,
        purpose=template.purpose.model_dump(),
        starts_on=data.starts_on,
        ends_on=data.starts_on and data.starts_on + timedelta(weeks=template.weeks),
        settings=template.settings(),
        state="draft",
    )
    db.add(program)
    await db.flush()
    name = data.cohort or str((data.starts_on or clock.now().date()).year)
    db.add(Cohort(organization_id=me.organization_id, id=clock.uuid7(), program_id=program.id, name=name))
    if me.person_id and not me.manages(program.id) and not me.is_admin:
        db.add(Grant(organization_id=me.organization_id, person_id=me.person_id, role="programme_manager",
                     program_id=program.id, unit=None))  # fmt: skip
    await _add_topics(db, me, template.topics)
    record_change(db, "program", program.id, None, "draft")
    audit(db, "program.create", program.id, program_id=program.id)
    return program.id


async def _add_topics(db: Db, me: Actor, slugs: list[str]) -> None:
    known = set(
        await db.scalars(select(Topic.slug).where(Topic.organization_id == me.organization_id, Topic.slug.in_(slugs)))
    )
    for slug in slugs:
        if slug not in known:
            name = TOPICS[slug]
            db.add(Topic(organization_id=me.organization_id, id=clock.uuid7(), slug=slug, name=name))


async def change(db: Db, me: Actor, program_id: UUID, version: int, patch: ProgramPatch) -> None:
    """Change name, dates or settings."""
    program = await managed(db, me, program_id, version)
    new = changes(patch)
    if "settings" in new:
        weights = patch.settings.weights.model_dump()
        if not any(weights.values()):
            raise Invalid.at("/settings/weights", "all_zero", "At least one weight is above zero.")
        program.settings = patch.settings.model_dump()
        del new["settings"]
    for name, value in new.items():
        setattr(program, name, value)
    if program.starts_on and program.ends_on and program.ends_on < program.starts_on:
        raise Invalid.at("/ends_on", "before_start", "A programme ends after it starts.")
    touch(program)
    audit(db, "program.change", program_id, program_id=program_id)


async def transition(db: Db, me: Actor, program_id: UUID, to: str) -> UUID:
    """Move a program on; IllegalTransition names the legal steps, NotReady what is missing."""
    program = await managed(db, me, program_id)
    if to == "matching" and to in PROGRAM[program.state]:
        counts = (await _counts(db, me, [program_id]))[program_id]
        missing = [
            side
            for side, count in (("mentors", counts.enrolled_mentors), ("mentees", counts.enrolled_mentees))
            if not count
        ]
        if missing:
            raise NotReady("Nobody is enrolled yet on one side.", params={"missing": missing})
    step(db, "program", program, to, PROGRAM[program.state])
    if to == "running" and program.starts_on is None:
        program.starts_on = clock.now().date()
        program.ends_on = program.starts_on + timedelta(weeks=templates()[program.template].weeks)
    audit(db, f"program.{to}", program_id, program_id=program_id)
    return program_id


def as_maker(me: Actor, program_id: UUID) -> Actor:
    """The caller with the manager's role that making this program gave."""
    return replace(me, grants=(*me.grants, Held("programme_manager", program_id)))
