"""What there is to look after in programs, for those who set them up: the soft rules as data, all programs at once.

Counts of behaviour are live. What a manager may not know of one pair (a first contact, a cancellation) is told from
five executives on; figures about answers are only named once they are published.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, get_args
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, select, true
from sqlalchemy.dialects.postgresql import distinct_on

from vuoro.analytics.action_schemas import (
    ProgramActionKind,
    ProgramNextAction,
    ProgramNextActions,
    Rule,
    Severity,
)
from vuoro.analytics.privacy import K
from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Forbidden
from vuoro.feedback.models import PublishedCell, Survey, Wave
from vuoro.feedback.waves import ANSWER_WITHIN
from vuoro.matching import unplaced
from vuoro.matching.models import MatchRun
from vuoro.pairs import service as pairs
from vuoro.pairs.models import Pair
from vuoro.pairs.states import ASKED
from vuoro.programs import access, circles
from vuoro.programs import service as programs
from vuoro.programs.models import Cohort, Enrollment, Invitation, Program
from vuoro.programs.planning import launch, reach
from vuoro.programs.planning.cohorts import PROPOSED_BEFORE_END
from vuoro.programs.planning.schemas import LaunchKey
from vuoro.programs.settings import DEFAULTS
from vuoro.programs.topics import TECHNOLOGY
from vuoro.sessions import promises

OFFERS_NEAR = timedelta(days=2)
UNANSWERED = timedelta(days=7)
CIRCLE_NEAR = timedelta(days=30)
WAVE_NEAR = NEWS = NEAR = timedelta(days=14)
#: Sessions that a pair may be short of its rhythm before it is told of (S1).
BEHIND = 2
SETTING_UP = ("draft", "enrolling", "matching")
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
    ids = [row.id for row in rows]
    facts = _Facts(
        pairs=await _pairs(db, ids),
        people=await _people(db, ids),
        unplaced=await unplaced.counts(db, [row.id for row in rows if row.state in ("matching", "running")]),
        blockers=await launch.blocking(db, me, [row for row in rows if row.state in SETTING_UP]),
        suggestions=await _suggestions(db, [row.id for row in rows if row.state in ("enrolling", "matching")]),
        invitations=await _invitations(db, ids),
        circles=await circles.due(db, rows),
        cohorts=await _cohorts(db, ids),
        waves=await _waves(db, ids),
        surveys=await _surveys(db, ids),
        cancelled=await promises.cancelled_again(db, ids),
        reach=await reach.narrow(db, [row.id for row in rows if row.state in ("matching", "running")]),
    )
    return {
        row.id: sorted(
            [*_setting_up(row, facts), *_pairs_of(row, facts), *_course(row, facts), *_whole(row, facts)], key=urgency
        )
        for row in rows
    }


def urgency(action: ProgramNextAction) -> tuple[int, int]:
    """The order in which actions are told."""
    return _SEVERITY[action.severity], _ORDER[action.kind]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the statements found, by program."""

    pairs: dict[UUID, Any]
    people: dict[UUID, Any]
    unplaced: dict[UUID, tuple[int, int]]
    blockers: dict[UUID, list[LaunchKey]]
    suggestions: dict[UUID, int]
    invitations: dict[UUID, Any]
    circles: dict[UUID, date]
    cohorts: dict[UUID, list[Any]]
    waves: dict[UUID, int]
    surveys: dict[UUID, int]
    cancelled: dict[UUID, int]
    reach: dict[UUID, tuple[int, int]]


async def _pairs(db: Db, ids: list[UUID]) -> dict[UUID, Any]:
    now = clock.now()
    active = Pair.state == "active"
    bare = and_(active, pairs.unbooked(now))
    weeks = func.coalesce(Program.settings["weeks_between"].as_integer(), DEFAULTS["weeks_between"])
    elapsed = func.extract("epoch", now - Pair.activated_at) / (7 * 24 * 3600)
    late = and_(
        active,
        Pair.first_contact_at.is_(None),
        Pair.first_contact_due_on < now.date(),
        Pair.sessions_held == 0,
    )
    rows = await db.execute(
        select(
            Pair.program_id,
            func.count().filter(Pair.state == "suspended_conflict").label("suspended"),
            func.count().filter(pairs.quiet_since(now)).label("quiet"),
            func.count().filter(bare).label("unbooked"),
            func.count().filter(bare, Pair.sessions_held == 0).label("no_arc"),
            func.count()
            .filter(
                active,
                Pair.sessions_held < Pair.sessions_planned,
                Pair.sessions_held + BEHIND <= func.floor(elapsed / weeks),
            )
            .label("behind"),
            func.count().filter(Pair.state == "closing").label("closing"),
            func.count(Pair.mentee_id.distinct()).filter(late).label("no_contact"),
            func.count().filter(_running_out(now)).label("offers"),
            func.min(Pair.due_at).filter(_running_out(now)).label("offers_due_at"),
        )
        .join(Program, (Program.organization_id == Pair.organization_id) & (Program.id == Pair.program_id))
        .where(
            Pair.organization_id == db.organization_id,
            Pair.program_id.in_(ids),
            Pair.state.in_((*ASKED, "active", "closing", "suspended_conflict")),
        )
        .group_by(Pair.program_id)
    )
    return {row.program_id: row for row in rows}


def _running_out(now: Any) -> ColumnElement[bool]:
    return and_(Pair.state.in_(ASKED), Pair.due_at > now, Pair.due_at <= now + OFFERS_NEAR)


async def _people(db: Db, ids: list[UUID]) -> dict[UUID, Any]:
    now = clock.now()
    chose = and_(Enrollment.state.in_(access.PARTICIPATES), Enrollment.topics != [])
    looks = and_(Enrollment.state.in_(("approved", "paired")), Enrollment.looks, Enrollment.looks_again_at.is_not(None))
    rests = and_(Enrollment.state.in_(("approved", "paired")), Enrollment.rests_until > now)
    rows = await db.execute(
        select(
            Enrollment.program_id,
            func.count().filter(Enrollment.state == "applied").label("applied"),
            func.count().filter(looks, Enrollment.state == "approved", ~rests).label("looking"),
            func.count().filter(rests).label("resting"),
            func.min(Enrollment.rests_until).filter(rests).label("rested_at"),
            func.count(Enrollment.person_id.distinct()).filter(chose).label("chose"),
            func.count().filter(chose, ~Enrollment.topics.contained_by(sorted(TECHNOLOGY))).label("beyond"),
        )
        .where(Enrollment.organization_id == db.organization_id, Enrollment.program_id.in_(ids))
        .group_by(Enrollment.program_id)
    )
    return {row.program_id: row for row in rows}


async def _suggestions(db: Db, ids: list[UUID]) -> dict[UUID, int]:
    if not ids:
        return {}
    rows = await db.execute(
        select(MatchRun.program_id, MatchRun.pairs)
        .where(
            MatchRun.organization_id == db.organization_id,
            MatchRun.program_id.in_(ids),
            MatchRun.state == "done",
            MatchRun.pairs > 0,
        )
        .ext(distinct_on(MatchRun.program_id))
        .order_by(MatchRun.program_id, MatchRun.id.desc())
    )
    return dict(rows.all())


async def _invitations(db: Db, ids: list[UUID]) -> dict[UUID, Any]:
    now = clock.now()
    rows = await db.execute(
        select(Invitation.program_id, func.count().label("count_"), func.min(Invitation.due_at).label("due_at"))
        .where(
            Invitation.organization_id == db.organization_id,
            Invitation.program_id.in_(ids),
            Invitation.state == "pending",
            Invitation.due_at > now,
            Invitation.sent_at <= now - UNANSWERED,
        )
        .group_by(Invitation.program_id)
    )
    return {row.program_id: row for row in rows}


async def _cohorts(db: Db, ids: list[UUID]) -> dict[UUID, list[Any]]:
    rows = await db.execute(
        select(Cohort.id, Cohort.program_id, Cohort.name, Cohort.state, Cohort.starts_on, Cohort.closes_on)
        .where(
            Cohort.organization_id == db.organization_id,
            Cohort.program_id.in_(ids),
            Cohort.state.in_(("draft", "open")),
        )
        .order_by(Cohort.id)
    )
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.program_id, []).append(row)
    return found


async def _waves(db: Db, ids: list[UUID]) -> dict[UUID, int]:
    """Rounds with figures that were published lately."""
    told = exists().where(
        PublishedCell.organization_id == Wave.organization_id,
        PublishedCell.wave_id == Wave.id,
        PublishedCell.value.is_not(None),
    )
    rows = await db.execute(
        select(Wave.program_id, func.count())
        .where(
            Wave.organization_id == db.organization_id,
            Wave.program_id.in_(ids),
            Wave.published_at > clock.now() - NEWS,
            told,
        )
        .group_by(Wave.program_id)
    )
    return dict(rows.all())


async def _surveys(db: Db, ids: list[UUID]) -> dict[UUID, int]:
    rows = await db.execute(
        select(Survey.program_id, func.count())
        .where(
            Survey.organization_id == db.organization_id, Survey.program_id.in_(ids), Survey.published.is_(False)
        )
        .group_by(Survey.program_id)
    )  # fmt: skip
    return dict(rows.all())


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


def _setting_up(program: Program, facts: _Facts) -> Iterator[ProgramNextAction]:
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
    people = facts.people.get(program.id)
    if people is None:
        return
    if people.applied:
        yield _do(program, "waiting_enrollments", "soon", people.applied)
    if people.looking:
        yield _do(program, "looking_again", "advice", people.looking)
    if people.resting:
        yield _do(program, "resting", "advice", people.resting, people.rested_at.date())


def _pairs_of(program: Program, facts: _Facts) -> Iterator[ProgramNextAction]:
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


def _course(program: Program, facts: _Facts) -> Iterator[ProgramNextAction]:
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


def _whole(program: Program, facts: _Facts) -> Iterator[ProgramNextAction]:
    """What the program is about, and whom it reaches."""
    people = facts.people.get(program.id)
    if people and people.chose >= K and not people.beyond and program.state in (*SETTING_UP, "running"):
        yield _do(program, "technology_only", "advice")
    if program.id in facts.reach:
        reached, units = facts.reach[program.id]
        yield _do(program, "narrow_reach", "advice", reached=reached, units=units)
