"""Programs: making them from a template, changing them, moving them on."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock
from vuoro.core.actor import Actor, Held
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Forbidden, Invalid, NotFound
from vuoro.core.events import announce
from vuoro.core.history import audit, record_change, step
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import changes
from vuoro.identity import service as identity
from vuoro.identity.models import Grant
from vuoro.people.models import Topic, Unit
from vuoro.programs import access, settings_history, standing, view
from vuoro.programs.events import ProgramMoved
from vuoro.programs.models import Cohort, Program
from vuoro.programs.readiness import missing
from vuoro.programs.schemas import ProgramIn, ProgramOut, ProgramPatch
from vuoro.programs.states import OVER, program_steps
from vuoro.programs.templates import templates
from vuoro.programs.topics import TOPICS


class NotReady(Conflict):
    """Something is missing before this step; params name it."""

    code = "not_ready"


class ProgramOver(Conflict):
    """The program is closed, archived or cancelled: it stays as it was."""

    code = "wrong_state"
    text = "This programme is over and stays as it was."


async def search(db: Db, me: Actor, page: Paging) -> tuple[list[ProgramOut], str | None]:
    """One page of the programs that the caller may see, newest first."""
    query = select(Program).where(Program.organization_id == me.organization_id, access.visible_to(me))
    rows, following = await keyset(
        db, query, [Program.id], page, lambda row: row[0], scope="programs", descending=True, parse=[UUID]
    )
    return await view.shown(db, me, rows), following


async def get(db: Db, me: Actor, program_id: UUID) -> ProgramOut:
    """One program; NotFound when the caller may not see it."""
    return (await view.shown(db, me, [await get_row(db, me, program_id)]))[0]


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


async def require_manager(db: Db, me: Actor, program_id: UUID) -> Program:
    """One program: NotFound when invisible, Forbidden when the caller does not manage it."""
    row = await get_row(db, me, program_id)
    if not access.may_manage(me, program_id):
        raise Forbidden("This is for the programme's managers.")
    return row


async def managed(db: Db, me: Actor, program_id: UUID, version: int | None = None) -> Program:
    """One program locked for change: NotFound when invisible, Forbidden when the caller does not manage it."""
    await require_manager(db, me, program_id)
    return await db.locked(Program, program_id, version)


async def create(db: Db, me: Actor, data: ProgramIn) -> UUID:
    """A draft from a template, with a first cohort; the maker manages it."""
    template = templates().get(data.template)
    if template is None:
        raise Invalid.at("/template", "unknown_template", f"There is no template {data.template}.")
    return await draft(
        db,
        me,
        Program(
            name=data.name,
            template=template.key,
            purpose=template.purpose.model_dump(),
            settings=template.settings(),
            unit_id=await _unit(db, me, data.unit_id),
            starts_on=data.starts_on if "starts_on" in data.model_fields_set else a_monday_ahead(),
        ),
        timedelta(weeks=template.weeks),
        data.cohort,
    )


async def _unit(db: Db, me: Actor, unit_id: UUID | None) -> UUID | None:
    """The unit of a new program: any for whoever looks after the whole organization, else one of the caller's own."""
    if me.is_system or me.set_up_programs is None:
        unit = unit_id and await db.find(Unit, unit_id)
        if unit_id is not None and unit is None:
            raise Invalid.at("/unit_id", "unknown_unit", "There is no such unit.")
        return unit_id
    if unit_id is None and me.units and not me.manages_outside_units:
        if len(me.units) > 1:
            raise Invalid.at("/unit_id", "missing", "Say which of your units the programme is for.")
        return next(iter(me.units))
    if unit_id is not None and unit_id not in me.units:
        raise Invalid.at("/unit_id", "unknown_unit", "You look after no such unit.")
    return unit_id


def a_monday_ahead() -> date:
    """The first Monday four weeks from now or later: time to invite, enroll and match."""
    day = clock.now().date() + timedelta(weeks=4)
    return day + timedelta(days=-day.weekday() % 7)


async def draft(db: Db, me: Actor, program: Program, lasts: timedelta, cohort: str | None) -> UUID:
    """Keep a new program as a draft with a first cohort, which its maker manages.

    Raises:
        Forbidden: the caller neither manages a program nor is an admin.
        RolesClash: the caller hears of concerns, and so manages none.
    """
    if not (me.is_system or me.set_up_programs != set() or me.units):
        raise Forbidden("A programme manager or an admin starts programmes.")
    program.organization_id, program.id, program.state = me.organization_id, clock.uuid7(), "draft"
    program.ends_on = program.starts_on and program.starts_on + lasts
    db.add(program)
    await db.flush()
    name = cohort or str((program.starts_on or clock.now().date()).year)
    db.add(Cohort(organization_id=me.organization_id, id=clock.uuid7(), program_id=program.id, name=name))
    theirs = me.set_up_programs is None or program.unit_id in me.units
    if me.person_id and not theirs:
        await identity.require_no_rival(db, me.person_id, "programme_manager")
        db.add(Grant(organization_id=me.organization_id, person_id=me.person_id, role="programme_manager",
                     program_id=program.id))  # fmt: skip
    if program.template in templates():
        await _add_topics(db, me, templates()[program.template].topics)
    settings_history.record(db, me, program, 1, [])
    record_change(db, "program", program.id, None, "draft")
    audit(db, "program.create", program.id, program_id=program.id)
    emit(db, "program.created", {"program_id": str(program.id)})
    return program.id


async def _add_topics(db: Db, me: Actor, slugs: list[str]) -> None:
    # Two programs that are started at once may bring the same topic.
    rows = [
        {"organization_id": me.organization_id, "id": clock.uuid7(), "slug": slug, "name": TOPICS[slug]}
        for slug in sorted(slugs)
    ]
    if rows:
        await db.execute(insert(Topic).values(rows).on_conflict_do_nothing())


async def change(db: Db, me: Actor, program_id: UUID, version: int, patch: ProgramPatch) -> None:
    """Change name, purpose, dates or settings.

    Raises:
        ProgramOver: it is closed, archived or cancelled.
        FixedOnceRunning: it runs, and this was promised to its pairs.
    """
    program = await managed(db, me, program_id, version)
    if program.state in OVER:
        raise ProgramOver
    new = changes(patch)
    if "settings" in new:
        await settings_history.apply(db, me, program, patch.settings.model_dump(exclude_unset=True))
        del new["settings"]
    if "purpose" in new:
        new["purpose"] = program.purpose | patch.purpose.model_dump(exclude_unset=True)
    if new.get("unit_id", program.unit_id) != program.unit_id:
        if not me.is_system and me.set_up_programs is not None:
            raise Forbidden("Whose programme it is, is for who looks after the whole organization.")
        await _unit(db, me, new["unit_id"])
    _check_days(program, new)
    for name, value in new.items():
        setattr(program, name, value)
    touch(program)
    audit(db, "program.change", program_id, program_id=program_id)
    emit(db, "program.changed", {"program_id": str(program_id)})


def _check_days(program: Program, new: dict[str, Any]) -> None:
    starts_on, ends_on = new.get("starts_on", program.starts_on), new.get("ends_on", program.ends_on)
    begun = program.state in ("running", "closing")
    if begun and starts_on != program.starts_on:
        raise settings_history.FixedOnceRunning(["starts_on"])
    if begun and ends_on is None and program.ends_on is not None:
        raise Invalid.at("/ends_on", "missing", "A running programme keeps a last day.")
    if starts_on and ends_on and ends_on < starts_on:
        at = "/ends_on" if "ends_on" in new else "/starts_on"
        raise Invalid.at(at, "before_start", "A programme ends after it starts.")
    if ends_on and ends_on != program.ends_on and ends_on < clock.now().date():
        raise Invalid.at("/ends_on", "in_the_past", "This day has passed. To end a programme, begin closing it.")


async def transition(db: Db, me: Actor, program_id: UUID, to: str) -> UUID:
    """Move a program on; IllegalTransition names the legal steps, NotReady what is missing."""
    program = await managed(db, me, program_id)
    legal = program_steps(program.state, access.actors(me, program_id))
    if to in legal:
        stands = (await standing.read(db, me, [program_id]))[program_id]
        lacking = missing(program, program.state, to, stands, clock.now().date())
        if lacking:
            raise NotReady(
                f"Before a programme is {to}, this is needed: {', '.join(lacking)}.",
                params={"missing": lacking} | ({"pairs_active": stands.pairs_active} if to == "closed" else {}),
            )
    before = program.state
    step(db, "program", program, to, legal)
    if to == "running" and program.starts_on is None:
        program.starts_on = clock.now().date()
        program.ends_on = program.starts_on + timedelta(weeks=templates()[program.template].weeks)
    audit(db, f"program.{to}", program_id, program_id=program_id)
    emit(db, "program.moved", {"program_id": str(program_id)})
    await announce(db, ProgramMoved(program_id, before, to))
    return program_id


def as_maker(me: Actor, program_id: UUID) -> Actor:
    """The caller with the manager's role that making this program gave."""
    return replace(me, grants=(*me.grants, Held("programme_manager", program_id)))
