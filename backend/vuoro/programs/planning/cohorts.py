"""Cohorts: those who start together; the next one is proposed as a draft (S12), once."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, true
from sqlalchemy.exc import IntegrityError

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound
from vuoro.core.history import audit, record_change, step
from vuoro.core.jobs import on_tick
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, Rows, keyset
from vuoro.core.wire import changes
from vuoro.programs import access, service, view
from vuoro.programs.models import Cohort, Program
from vuoro.programs.planning.schemas import CohortIn, CohortPatch
from vuoro.programs.schemas import CohortOut
from vuoro.programs.settings import settings_of
from vuoro.programs.states import COHORT, OVER, program_steps
from vuoro.programs.templates import templates

PROPOSED_BEFORE_END = timedelta(weeks=6)


class CohortNameTaken(Conflict):
    """Another cohort of the program has this name."""

    code = "cohort_name_taken"
    text = "Another cohort of this programme has this name."


def _listed(me: Actor) -> Rows:
    """Cohorts that the caller may see; a draft is its managers' plan."""
    mine = access.managed(me, Cohort.program_id)
    return (
        select(Cohort, Program.state)
        .join(Program, (Program.organization_id == Cohort.organization_id) & (Program.id == Cohort.program_id))
        .where(
            Cohort.organization_id == me.organization_id,
            access.visible_to(me),
            Cohort.state != "discarded",
            or_(Cohort.state != "draft", mine),
        )
    )


async def search(db: Db, me: Actor, program_id: UUID, page: Paging) -> tuple[list[CohortOut], str | None]:
    """One page of a program's cohorts, newest first."""
    await service.get_row(db, me, program_id)
    return await keyset(
        db, _listed(me).where(Cohort.program_id == program_id), [Cohort.id], page,
        lambda row: view.cohort(me, row[0], row[1]), scope="cohorts", descending=True, parse=[UUID],
    )  # fmt: skip


async def get(db: Db, me: Actor, cohort_id: UUID) -> CohortOut:
    """One cohort; NotFound when the caller may not see it."""
    row = (await db.execute(_listed(me).where(Cohort.id == cohort_id))).one_or_none()
    if row is None:
        raise NotFound
    return view.cohort(me, row[0], row[1])


async def create(db: Db, me: Actor, program_id: UUID, data: CohortIn) -> UUID:
    """A further cohort, open at once; a running program takes one too.

    Raises:
        IllegalTransition: the program takes no cohort in its state.
        CohortNameTaken: another of the program has this name.
    """
    program = await service.managed(db, me, program_id)
    if program.state not in view.TAKES_COHORTS:
        raise IllegalTransition(program.state, program_steps(program.state, access.actors(me, program_id)))
    _check_days(program, data.starts_on, data.closes_on, data.model_fields_set)
    row = Cohort(
        organization_id=me.organization_id, id=clock.uuid7(), program_id=program_id, state="open", **data.model_dump()
    )
    db.add(row)
    await _flush(db)
    record_change(db, "cohort", row.id, None, "open")
    audit(db, "cohort.create", row.id, program_id=program_id)
    emit(db, "cohort.opened", {"cohort_id": str(row.id)})
    return row.id


async def change(db: Db, me: Actor, cohort_id: UUID, version: int, patch: CohortPatch) -> None:
    """Change name and days of a draft or open cohort."""
    program, row = await _locked(db, me, cohort_id, version)
    if row.state not in ("draft", "open") or program.state in OVER:
        raise IllegalTransition(row.state, [])
    new = changes(patch)
    starts_on, closes_on = new.get("starts_on", row.starts_on), new.get("closes_on", row.closes_on)
    moved = {name for name in ("starts_on", "closes_on") if new.get(name, getattr(row, name)) != getattr(row, name)}
    _check_days(program, starts_on, closes_on, moved)
    for name, value in new.items():
        setattr(row, name, value)
    touch(row)
    await _flush(db)
    audit(db, "cohort.change", cohort_id, program_id=program.id)


def _check_days(program: Program, starts_on: date | None, closes_on: date | None, moved: set[str]) -> None:
    start = starts_on or program.starts_on
    if closes_on and start and closes_on < start:
        at = "/closes_on" if "closes_on" in moved else "/starts_on"
        raise Invalid.at(at, "before_start", "A cohort closes after it starts.")
    if closes_on and "closes_on" in moved and closes_on < clock.now().date():
        raise Invalid.at("/closes_on", "in_the_past", "This day has passed.")
    if starts_on and "starts_on" in moved and program.starts_on and starts_on < program.starts_on:
        raise Invalid.at("/starts_on", "before_program", "A cohort starts with its programme or later.")


async def open_draft(db: Db, me: Actor, cohort_id: UUID) -> UUID:
    """Confirm a proposed cohort: the program's last day moves on with it, a closing program runs on."""
    program, row = await _locked(db, me, cohort_id)
    if program.state in OVER:
        raise IllegalTransition(row.state, [])
    step(db, "cohort", row, "open", _legal(me, row))
    ends_on = row.closes_on or (row.starts_on and row.starts_on + _lasts(program))
    if ends_on and program.ends_on and ends_on > program.ends_on:
        program.ends_on = ends_on
        touch(program)
    audit(db, "cohort.open", cohort_id, program_id=program.id)
    emit(db, "cohort.opened", {"cohort_id": str(cohort_id)})
    if program.state == "closing":
        await service.transition(db, me, program.id, "running")
    return cohort_id


async def discard(db: Db, me: Actor, cohort_id: UUID, version: int) -> None:
    """Drop a proposed cohort; it is not proposed again."""
    program, row = await _locked(db, me, cohort_id, version)
    step(db, "cohort", row, "discarded", _legal(me, row))
    audit(db, "cohort.discard", cohort_id, program_id=program.id)


def _legal(me: Actor, row: Cohort) -> list[str]:
    actors = access.actors(me, row.program_id)
    return [to for to, allowed in COHORT[row.state].items() if actors & set(allowed)]


async def _locked(db: Db, me: Actor, cohort_id: UUID, version: int | None = None) -> tuple[Program, Cohort]:
    """A cohort and its program, locked in the order that every writer keeps; Forbidden for who does not manage it."""
    seen = await get(db, me, cohort_id)
    if not access.may_manage(me, seen.program_id):
        raise Forbidden("This is for the programme's managers.")
    program = await service.managed(db, me, seen.program_id)
    return program, await db.locked(Cohort, cohort_id, version)


async def _flush(db: Db) -> None:
    try:
        await db.flush()
    except IntegrityError as error:
        if "cohorts_name_key" not in str(error.orig):
            raise
        raise CohortNameTaken from None


def _lasts(program: Program) -> timedelta:
    template = templates().get(program.template)
    return timedelta(weeks=template.weeks if template else 26)


@on_tick
async def propose_next(db: Db, now: datetime) -> None:
    """A program that closes, or ends within six weeks, gets a draft of its next cohort after the newest begun one."""
    today = now.date()
    newest = (
        select(Cohort.id)
        .where(
            Cohort.organization_id == Program.organization_id,
            Cohort.program_id == Program.id,
            Cohort.state.in_(("open", "closed")),
        )
        .order_by(Cohort.id.desc())
        .limit(1)
        .correlate(Program)
        .scalar_subquery()
    )
    followed = select(true()).where(
        Cohort.organization_id == Program.organization_id, Cohort.follows_id == newest
    ).correlate(Program).exists()  # fmt: skip
    due = await db.scalars(
        select(Program)
        .where(
            Program.organization_id == db.organization_id,
            or_(
                Program.state == "closing",
                (Program.state == "running") & (Program.ends_on <= today + PROPOSED_BEFORE_END),
            ),
            ~followed,
        )
        .order_by(Program.id)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    programs = {program.id: program for program in due}
    names: dict[UUID, set[str]] = {id: set() for id in programs}
    last: dict[UUID, Cohort] = {}
    for row in await db.scalars(
        select(Cohort)
        .where(Cohort.organization_id == db.organization_id, Cohort.program_id.in_(programs))
        .order_by(Cohort.id)
    ):
        names[row.program_id].add(row.name)
        if row.state in ("open", "closed"):
            last[row.program_id] = row
    for id, before in last.items():
        program = programs[id]
        if before.starts_on and before.starts_on > today:
            continue  # the next one stands already
        values = _next(program, before, names[id], today)
        row = Cohort(organization_id=db.organization_id, id=clock.uuid7(), program_id=id, state="draft", **values)
        db.add(row)
        record_change(db, "cohort", row.id, None, "draft")


def _next(program: Program, before: Cohort, names: set[str], today: date) -> dict[str, Any]:
    """The first Monday after the rest between two pairs (S11), and as long as the program's kind lasts."""
    end = max(program.ends_on or today, before.closes_on or today, today)
    day = end + timedelta(days=settings_of(program.settings).rest_days)
    starts_on = day + timedelta(days=-day.weekday() % 7)
    choices = [str(starts_on.year), *(f"{starts_on.year} / {number}" for number in range(2, len(names) + 3))]
    return {
        "name": next(name for name in choices if name not in names),
        "starts_on": starts_on,
        "closes_on": starts_on + _lasts(program),
        "follows_id": before.id,
    }


@on_tick
async def close_over(db: Db, now: datetime) -> None:
    """A cohort whose last day has passed is closed: nobody joins it any more, its answers are in."""
    rows = await db.scalars(
        select(Cohort)
        .where(Cohort.organization_id == db.organization_id, Cohort.state == "open", Cohort.closes_on < now.date())
        .order_by(Cohort.id)
        .limit(500)
        .with_for_update(skip_locked=True)
    )
    for row in rows:
        step(db, "cohort", row, "closed", ["closed"])
        emit(db, "cohort.closed", {"cohort_id": str(row.id)})
