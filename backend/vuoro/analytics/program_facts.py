"""What the next actions of programs are made of: each kind of fact in one statement for all programs at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from vuoro.analytics.fewest import K
from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.feedback.models import PublishedCell, Survey, Wave
from vuoro.matching import unplaced
from vuoro.matching.models import MatchRun
from vuoro.pairs import service as pairs
from vuoro.pairs.models import Pair
from vuoro.pairs.states import ASKED
from vuoro.programs import access, circles
from vuoro.programs.models import Cohort, Enrollment, Invitation, Program
from vuoro.programs.planning import launch, reach
from vuoro.programs.planning.schemas import LaunchKey
from vuoro.programs.settings import DEFAULTS
from vuoro.programs.topics import TECHNOLOGY
from vuoro.sessions import promises

OFFERS_NEAR = timedelta(days=2)
UNANSWERED = timedelta(days=7)
NEWS = timedelta(days=14)
#: Sessions that a pair may be short of its rhythm before it is told of (S1).
BEHIND = 2
SETTING_UP = ("draft", "enrolling", "matching")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the statements found, by program."""

    pairs: dict[UUID, Any]
    applied: dict[UUID, int]
    rest: dict[UUID, Any]
    technology: set[UUID]
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


async def read(db: Db, me: Actor, rows: Sequence[Program]) -> Facts:
    """The facts of these programs, in as many statements for many as for one."""
    ids = [row.id for row in rows]
    return Facts(
        pairs=await _pairs(db, ids),
        applied=await _applied(db, ids),
        rest=await _rest(db, ids),
        technology=await _technology(db, [row.id for row in rows if row.state in (*SETTING_UP, "running")]),
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


async def _pairs(db: Db, ids: list[UUID]) -> dict[UUID, Any]:
    now = clock.now()
    active = Pair.state == "active"
    bare = and_(active, pairs.unbooked(now))
    weeks = func.coalesce(Program.settings["weeks_between"].as_integer(), DEFAULTS["weeks_between"])
    since = literal(now) - func.make_interval(0, 0, 0, 0, weeks * 7 * 24 * (Pair.sessions_held + BEHIND))
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
            .filter(active, Pair.sessions_held < Pair.sessions_planned, Pair.activated_at <= since)
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


def _running_out(now: datetime) -> ColumnElement[bool]:
    return and_(Pair.state.in_(ASKED), Pair.due_at > now, Pair.due_at <= now + OFFERS_NEAR)


async def _applied(db: Db, ids: list[UUID]) -> dict[UUID, int]:
    rows = await db.execute(
        select(Enrollment.program_id, func.count())
        .where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.program_id.in_(ids),
            Enrollment.role.in_(("mentor", "mentee")),  # so that the index by role serves
            Enrollment.state == "applied",
        )
        .group_by(Enrollment.program_id)
    )
    return dict(rows.all())


async def _rest(db: Db, ids: list[UUID]) -> dict[UUID, Any]:
    """Whoever had a pair and may have another: at rest, or looking again after it (S11)."""
    now = clock.now()
    rests = Enrollment.rests_until > now
    looks = and_(~rests, Enrollment.state == "approved", Enrollment.looks, Enrollment.looks_again_at.is_not(None))
    rows = await db.execute(
        select(
            Enrollment.program_id,
            func.count().filter(looks).label("looking"),
            func.count().filter(rests).label("resting"),
            func.min(Enrollment.rests_until).filter(rests).label("rested_at"),
        )
        .where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.program_id.in_(ids),
            Enrollment.rests_until.is_not(None),
            Enrollment.state.in_(("approved", "paired")),
        )
        .group_by(Enrollment.program_id)
    )
    return {row.program_id: row for row in rows}


async def _technology(db: Db, ids: list[UUID]) -> set[UUID]:
    """Programs in which five people or more chose topics, all of them about technology (S13)."""
    other = aliased(Enrollment)
    beyond = exists().where(
        other.organization_id == db.organization_id,
        other.program_id == Program.id,
        other.state.in_(access.PARTICIPATES),
        ~other.topics.contained_by(sorted(TECHNOLOGY)),
    )
    chose = (
        select(func.count(Enrollment.person_id.distinct()))
        .where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.program_id == Program.id,
            Enrollment.state.in_(access.PARTICIPATES),
            Enrollment.topics != [],
        )
        .scalar_subquery()
    )
    rows = await db.scalars(
        select(Program.id).where(
            Program.organization_id == db.organization_id,
            Program.id.in_(ids),
            case((beyond, False), else_=chose >= K),  # the count only where no topic is another
        )
    )
    return set(rows)


async def _suggestions(db: Db, ids: list[UUID]) -> dict[UUID, int]:
    if not ids:
        return {}
    rows = await db.execute(
        select(MatchRun.program_id, MatchRun.pairs)
        .where(
            MatchRun.organization_id == db.organization_id,
            MatchRun.program_id.in_(ids),
            MatchRun.state == "done",
            MatchRun.trial.is_(False),
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
