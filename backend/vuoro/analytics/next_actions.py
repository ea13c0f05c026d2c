"""What there is to look after in programs, for those who set them up: the soft rules as data, all programs at once.

Counts of behaviour are live. What a manager may not know of one pair (a first contact, a cancellation) is told from
five executives on; figures about answers are only named once they are published.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import get_args
from uuid import UUID

from sqlalchemy import ColumnElement, false, select, true

from vuoro.analytics import program_facts
from vuoro.analytics.action_schemas import (
    ProgramActionKind,
    ProgramNextAction,
    ProgramNextActions,
    Rule,
    Severity,
)
from vuoro.analytics.fewest import K
from vuoro.analytics.program_facts import Facts
from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Forbidden
from vuoro.feedback.waves import ANSWER_WITHIN
from vuoro.programs import access
from vuoro.programs import service as programs
from vuoro.programs.models import Program
from vuoro.programs.planning.cohorts import PROPOSED_BEFORE_END

CIRCLE_NEAR = timedelta(days=30)
WAVE_NEAR = NEAR = timedelta(days=14)
RULES: dict[str, Rule] = {
    "quiet_pairs": "S9", "not_booked": "S9", "arc_not_booked": "S2", "behind_rhythm": "S1", "cancelled_again": "S3",
    "circle_due": "S6", "waves_closing": "S7", "waves_ready": "S7", "first_contacts_overdue": "S8",
    "pairs_closing": "S10", "looking_again": "S11", "resting": "S11", "next_cohort_proposed": "S12",
    "technology_only": "S13", "narrow_reach": "S14",
}  # fmt: skip
PAGES = {
    "suspended_pairs": "/pairs", "quiet_pairs": "/pairs", "not_booked": "/pairs", "arc_not_booked": "/pairs",
    "behind_rhythm": "/pairs", "pairs_closing": "/pairs", "offers_running_out": "/pairs", "unplaced": "/matching",
    "suggestions_ready": "/matching",
}  # fmt: skip
_ORDER = {kind: place for place, kind in enumerate(get_args(ProgramActionKind))}
_SEVERITY = {severity: place for place, severity in enumerate(get_args(Severity))}


async def of_program(db: Db, me: Actor, program_id: UUID) -> ProgramNextActions:
    """What is next in one program, for those who set it up."""
    program = await programs.get_row(db, me, program_id)
    if not access.may_manage(me, program_id):
        raise Forbidden("This is for the programme's managers.")
    found = await of_programs(db, me, [program])
    return ProgramNextActions(program_id=program_id, items=found[program_id], next_cursor=None)


async def managed_programs(db: Db, me: Actor) -> Sequence[Program]:
    """The programs that the caller manages and that are not filed away, newest first; at most 200."""
    managed = me.managed_programs
    mine: ColumnElement[bool] = true() if managed is None else Program.id.in_(managed) if managed else false()
    query = (
        select(Program)
        .where(Program.organization_id == me.organization_id, Program.state.not_in(("archived", "cancelled")), mine)
        .order_by(Program.id.desc())
        .limit(200)
    )
    return (await db.scalars(query)).all()


async def of_programs(db: Db, me: Actor, rows: Sequence[Program]) -> dict[UUID, list[ProgramNextAction]]:
    """What is next in each of these programs, in as many statements for many as for one."""
    if not rows:
        return {}
    facts = await program_facts.read(db, me, rows)
    return {
        row.id: sorted(
            [*_setting_up(row, facts), *_pairs_of(row, facts), *_course(row, facts), *_whole(row, facts)], key=urgency
        )
        for row in rows
    }


def urgency(action: ProgramNextAction) -> tuple[int, int]:
    """The order in which actions are told."""
    return _SEVERITY[action.severity], _ORDER[action.kind]


def _do(
    program: Program,
    kind: ProgramActionKind,
    severity: Severity,
    count: int | None = None,
    due_on: date | None = None,
    **params: object,
) -> ProgramNextAction:
    return ProgramNextAction(
        rule=RULES.get(kind), kind=kind, severity=severity, count=count, due_on=due_on, params=params,
        link=f"/programs/{program.id}{PAGES.get(kind, '')}",
    )  # fmt: skip


def _soon(day: date | None, within: timedelta = NEAR) -> Severity:
    return "soon" if day is not None and day <= clock.now().date() + within else "advice"


def _setting_up(program: Program, facts: Facts) -> Iterator[ProgramNextAction]:
    """What stands before the launch, and who waits for an answer."""
    if blockers := facts.blockers.get(program.id):
        near = _soon(program.starts_on) == "soon"
        yield _do(
            program, "launch_blocked", "urgent" if near else "soon", len(blockers), program.starts_on, keys=blockers
        )  # fmt: skip
    if count := facts.suggestions.get(program.id):
        yield _do(program, "suggestions_ready", "soon", count)
    if program.id in facts.unplaced:
        mentors, mentees = facts.unplaced[program.id]
        yield _do(program, "unplaced", "soon", mentors + mentees, mentors=mentors, mentees=mentees)
    if waiting := facts.invitations.get(program.id):
        yield _do(program, "invitations_unanswered", "advice", waiting.count_, waiting.due_at.date())
    if count := facts.applied.get(program.id):
        yield _do(program, "waiting_enrollments", "soon", count)
    rest = facts.rest.get(program.id)
    if rest and rest.looking:
        yield _do(program, "looking_again", "advice", rest.looking)
    if rest and rest.resting:
        yield _do(program, "resting", "advice", rest.resting, rest.rested_at.date())


def _pairs_of(program: Program, facts: Facts) -> Iterator[ProgramNextAction]:
    """How the pairs do. A pair that is quiet is among those with nothing booked too."""
    found = facts.pairs.get(program.id)
    if found is None:
        return
    told: tuple[tuple[ProgramActionKind, Severity, int], ...] = (
        ("suspended_pairs", "urgent", found.suspended),
        ("quiet_pairs", "urgent", found.quiet),
        ("not_booked", "soon", found.unbooked),
        ("arc_not_booked", "soon", found.no_arc),
        ("behind_rhythm", "advice", found.behind),
        ("pairs_closing", "advice", found.closing),
    )
    for kind, severity, count in told:
        if count:
            yield _do(program, kind, severity, count)
    if found.no_contact >= K:
        yield _do(program, "first_contacts_overdue", "urgent", found.no_contact)
    if found.offers:
        yield _do(program, "offers_running_out", "soon", found.offers, found.offers_due_at.date())
    if cancelled := facts.cancelled.get(program.id):
        yield _do(program, "cancelled_again", "advice", cancelled)


def _course(program: Program, facts: Facts) -> Iterator[ProgramNextAction]:
    """What the calendar asks for: circles, waves, the next cohort, the end."""
    today = clock.now().date()
    circle = facts.circles.get(program.id)
    if circle is not None and circle <= today + CIRCLE_NEAR:
        yield _do(program, "circle_due", _soon(circle), due_on=circle)
    for cohort in facts.cohorts.get(program.id, ()):
        if cohort.state == "draft":
            yield _do(
                program, "next_cohort_proposed", "soon", due_on=cohort.starts_on, cohort_id=str(cohort.id),
                name=cohort.name,
            )  # fmt: skip
            continue
        closes = cohort.closes_on or (program.ends_on and program.ends_on + ANSWER_WITHIN)
        if closes and today < closes <= today + WAVE_NEAR and program.state in ("running", "closing", "closed"):
            yield _do(program, "waves_closing", "advice", due_on=closes, cohort_id=str(cohort.id), name=cohort.name)
    if count := facts.waves.get(program.id):
        yield _do(program, "waves_ready", "advice", count)
    if count := facts.surveys.get(program.id):
        yield _do(program, "survey_drafts", "advice", count)
    if program.ends_on is not None and program.state in ("running", "closing"):
        if program.ends_on < today:
            yield _do(program, "program_over", "urgent", due_on=program.ends_on)
        elif program.ends_on <= today + PROPOSED_BEFORE_END:
            yield _do(program, "program_ends", _soon(program.ends_on), due_on=program.ends_on)


def _whole(program: Program, facts: Facts) -> Iterator[ProgramNextAction]:
    """What the program is about, and whom it reaches."""
    if program.id in facts.technology:
        yield _do(program, "technology_only", "advice")
    if program.id in facts.reach:
        reached, units = facts.reach[program.id]
        yield _do(program, "narrow_reach", "advice", reached=reached, units=units)
