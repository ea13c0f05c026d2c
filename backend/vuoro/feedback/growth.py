"""Skill growth: everybody rates themselves at start, middle and end, for their own eyes."""

from typing import ClassVar, Literal, get_args
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Invalid, NotFound
from vuoro.core.wire import can
from vuoro.feedback.models import GrowthCheck
from vuoro.feedback.schemas import GrowthIn, GrowthMoment, GrowthMomentOut, SkillGrowth
from vuoro.feedback.words import GROWTH_ITEMS, growth_statements
from vuoro.pairs.models import Pair
from vuoro.programs.access import PARTICIPATES
from vuoro.programs.models import Enrollment, Program
from vuoro.programs.settings import settings_of

MOMENTS: tuple[GrowthMoment, ...] = get_args(GrowthMoment)
MIDDLE = 3  # sessions held


class GrowthNotOpen(Conflict):
    """The moment has not come yet, or has passed."""

    code: ClassVar[str] = "not_open"
    text: ClassVar[str] = "You rate yourself at the start, after session 3 and at the end; this one is not open."


def now_open(held: int, planned: int, program_state: str) -> GrowthMoment:
    """The one moment that can be rated now, by sessions held and planned."""
    if held >= planned or program_state in ("closing", "closed"):
        return "end"
    return "middle" if held >= MIDDLE else "start"


async def _mine(db: Db, me: Actor) -> list[tuple[Enrollment, Program, int]]:
    """The caller's enrollments with their programs and the sessions held in them."""
    held = func.coalesce(func.max(Pair.sessions_held), 0)
    rows = await db.execute(
        select(Enrollment, Program, held)
        .join(Program, and_(Program.organization_id == Enrollment.organization_id, Program.id == Enrollment.program_id))
        .outerjoin(
            Pair,
            and_(
                Pair.organization_id == Enrollment.organization_id,
                or_(Pair.mentor_enrollment_id == Enrollment.id, Pair.mentee_enrollment_id == Enrollment.id),
                or_(Pair.mentor_id == me.person_id, Pair.mentee_id == me.person_id),
            ),
        )
        .where(
            Enrollment.organization_id == me.organization_id,
            Enrollment.person_id == me.person_id,
            Enrollment.state.in_(PARTICIPATES),
            Program.state != "cancelled",
        )
        .group_by(Enrollment.organization_id, Enrollment.id, Program.organization_id, Program.id)
        .order_by(Enrollment.id.desc())
        .limit(100)
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def _given(db: Db, me: Actor, ids: list[UUID]) -> dict[UUID, dict[str, list[int]]]:
    given: dict[UUID, dict[str, list[int]]] = {}
    for check in await db.scalars(
        select(GrowthCheck).where(GrowthCheck.organization_id == me.organization_id, GrowthCheck.enrollment_id.in_(ids))
    ):
        given.setdefault(check.enrollment_id, {})[check.moment] = check.scores
    return given


async def mine(db: Db, me: Actor) -> list[SkillGrowth]:
    """The caller's growth in each of their programs, newest first."""
    rows = await _mine(db, me)
    given = await _given(db, me, [part.id for part, _, _ in rows])
    return [_show(part, program, held, given.get(part.id, {})) for part, program, held in rows]


async def unrated(db: Db, me: Actor) -> dict[UUID, GrowthMoment]:
    """The moment that the caller may rate now and has not, by enrollment; in two statements."""
    rows = await _mine(db, me)
    given = await _given(db, me, [part.id for part, _, _ in rows])
    present = {
        part.id: now_open(held, settings_of(program.settings).sessions_planned, program.state)
        for part, program, held in rows
    }
    return {id: moment for id, moment in present.items() if moment not in given.get(id, {})}


def _show(enrollment: Enrollment, program: Program, held: int, given: dict[str, list[int]]) -> SkillGrowth:
    keys = GROWTH_ITEMS[enrollment.role]
    present = now_open(held, settings_of(program.settings).sessions_planned, program.state)
    rated = [given[moment] for moment in MOMENTS if moment in given]

    def state(moment: GrowthMoment) -> Literal["not_due", "open", "given", "missed"]:
        if moment in given:
            return "given"
        order = MOMENTS.index(moment) - MOMENTS.index(present)
        return "open" if order == 0 else "missed" if order < 0 else "not_due"

    return SkillGrowth(
        enrollment_id=enrollment.id,
        program_id=program.id,
        side=enrollment.role,
        statements=growth_statements(enrollment.role),
        moments=[
            GrowthMomentOut(
                moment=moment,
                state=state(moment),
                scores=dict(zip(keys, given[moment], strict=True)) if moment in given else None,
                can=can(rate=True if moment == present else GrowthNotOpen.code),
            )
            for moment in MOMENTS
        ],
        growth={key: last - first for key, first, last in zip(keys, rated[0], rated[-1], strict=True)}
        if len(rated) > 1
        else None,
    )


async def rate(db: Db, me: Actor, person_id: UUID, data: GrowthIn) -> None:
    """Write or replace the self-rating of the moment that is open.

    Raises:
        NotFound: the enrollment is not the caller's.
        GrowthNotOpen: another moment is open.
    """
    row = next((row for row in await _mine(db, me) if row[0].id == data.enrollment_id), None)
    if row is None:
        raise NotFound
    enrollment, program, held = row
    keys = GROWTH_ITEMS[enrollment.role]
    if set(data.scores) != set(keys):
        raise Invalid.at("/scores", "wrong_statements", f"This takes a score for each of: {', '.join(keys)}.")
    if data.moment != now_open(held, settings_of(program.settings).sessions_planned, program.state):
        raise GrowthNotOpen
    scores = [data.scores[key] for key in keys]
    new = insert(GrowthCheck).values(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        enrollment_id=enrollment.id,
        person_id=person_id,
        side=enrollment.role,
        moment=data.moment,
        scores=scores,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    await db.execute(
        new.on_conflict_do_update(
            index_elements=["organization_id", "enrollment_id", "moment"],
            set_={"scores": new.excluded.scores, "updated_at": new.excluded.updated_at},
        )
    )
