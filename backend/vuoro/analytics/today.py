"""Today: one call for a phone's home, whoever is asking."""

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from vuoro.analytics.schemas import DeepCard, TodayAction, TodayOut, TodayProgram
from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.hris.models import Import
from vuoro.insights import candid
from vuoro.matching.models import MatchRun
from vuoro.pairs import access as pair_access
from vuoro.pairs import service as pairs
from vuoro.pairs.models import Pair
from vuoro.pairs.schemas import MentoringPair
from vuoro.pairs.states import OPEN
from vuoro.people.models import Person
from vuoro.programs import access as program_access
from vuoro.programs.models import Enrollment, Program
from vuoro.sessions import action_items
from vuoro.sessions import service as sessions


def program_week(program: Program) -> TodayProgram:
    """A program with its running week; null before it starts or without dates."""
    today = clock.now().date()
    week = weeks = None
    if program.starts_on and program.ends_on:
        weeks = max(1, (program.ends_on - program.starts_on).days // 7)
        if program.state in ("running", "closing") and today >= program.starts_on:
            week = min(weeks, (today - program.starts_on).days // 7 + 1)
    return TodayProgram(id=program.id, name=program.name, state=program.state, week=week, weeks=weeks)


async def today(db: Db, me: Actor) -> TodayOut:
    """The caller's home: own pairs and what to do next, or what a manager and HR should look at."""
    person = await db.find(Person, me.person_id) if me.person_id else None
    rows = (
        await db.scalars(
            select(Pair)
            .where(Pair.organization_id == me.organization_id, pair_access.mine(me), Pair.state.in_(OPEN))
            .order_by(Pair.id.desc())
            .limit(20)
        )
    ).all()
    own = [pair for pair in await pairs.show(db, me, rows) if pair.state in OPEN]  # one's own no is over for oneself
    deep = await _deep(db, me, own)
    return TodayOut(
        greeting_name=(person.given_name or person.display_name) if person else "",
        deep=deep,
        actions=[*await _participant(db, me, own), *await _manager(db, me), *await _admin(db, me)],
        pairs=own,
        programs=await _programs(db, me),
    )


async def _programs(db: Db, me: Actor) -> list[TodayProgram]:
    rows = await db.scalars(
        select(Program)
        .where(
            Program.organization_id == me.organization_id,
            Program.state.not_in(("archived", "cancelled")),
            program_access.visible_to(me),
        )
        .order_by(Program.id.desc())
        .limit(50)
    )
    return [program_week(row) for row in rows]


async def _deep(db: Db, me: Actor, own: list[MentoringPair]) -> DeepCard:
    ahead = [pair for pair in own if pair.next_session is not None]
    if ahead:
        pair = min(ahead, key=lambda one: one.next_session.starts_at if one.next_session else clock.now())
        assert pair.next_session is not None
        session = await sessions.get(db, me, pair.next_session.id)
        return DeepCard(kind="next_session", pair=pair, session=session)
    for pair in own:
        if pair.state == f"asked_{pair.my_side}":
            return DeepCard(kind="offer", pair=pair, session=None)
    for pair in own:
        if pair.state == "active":
            return DeepCard(kind="no_session", pair=pair, session=None)
    return DeepCard(kind="none", pair=None, session=None)


def _do(kind: str, link: str, **params: object) -> TodayAction:
    return TodayAction(kind=kind, params=dict(params), link=link)


async def _participant(db: Db, me: Actor, own: list[MentoringPair]) -> list[TodayAction]:
    actions = []
    for pair in own:
        link = f"/pairs/{pair.id}"
        other = (pair.mentee if pair.my_side == "mentor" else pair.mentor).display_name
        if pair.can.get("accept") and pair.can["accept"].allowed:
            actions.append(_do("answer_offer", link, name=other))
        if pair.can.get("sign_agreement") and pair.can["sign_agreement"].allowed:
            actions.append(_do("sign_agreement", link, name=other))
        plan = pair.can.get("plan_session")
        if plan and plan.allowed and pair.next_session is None:
            actions.append(_do("plan_session", link, name=other))
    actions += [
        _do(due.kind, f"/pairs/{due.pair_id}", session_id=str(due.session_id), number=due.number)
        for due in await sessions.waiting(db, me)
    ]
    actions += [
        _do("answer_candid", f"/pairs/{due.pair_id}", count=due.count) for due in await candid.unanswered_candid(db, me)
    ]
    actions += [
        _do("action_item_due", f"/pairs/{due.pair_id}", count=due.count, overdue=due.overdue)
        for due in await action_items.open_action_items(db, me)
    ]
    if me.person_id:
        mine = await db.execute(
            select(Enrollment.id, Enrollment.state).where(
                Enrollment.organization_id == me.organization_id,
                Enrollment.person_id == me.person_id,
                Enrollment.state.in_(("invited", "approved", "paired")),
                Enrollment.primer_done_at.is_(None) | (Enrollment.state == "invited"),
            )
        )
        for id, state in mine:
            if state == "invited":
                actions.append(_do("answer_invitation", f"/invitations/{id}", enrollment_id=str(id)))
            else:
                actions.append(_do("finish_primer", "/", enrollment_id=str(id)))
    return actions


async def _manager(db: Db, me: Actor) -> list[TodayAction]:
    managed = me.managed_programs
    if managed == set():
        return []
    now = clock.now()
    here = [Pair.organization_id == me.organization_id, pair_access.managed(me)]
    found = (
        await db.execute(
            select(
                Pair.program_id,
                func.count().filter(Pair.state == "suspended_conflict"),
                func.count().filter(pairs.quiet_since(now)),
                func.count().filter(Pair.state == "active", pairs.unbooked(now)),
            )
            .where(*here)
            .group_by(Pair.program_id)
        )
    ).all()  # fmt: skip
    actions = []
    for program_id, suspended, quiet, unbooked in found:
        for kind, count in (("suspended_pairs", suspended), ("quiet_pairs", quiet), ("not_booked", unbooked)):
            if count:
                actions.append(_do(kind, f"/programs/{program_id}/pairs", count=count, program_id=str(program_id)))
    in_mine = Program.id.in_(managed) if managed is not None else Program.id.is_not(None)
    ready = await db.execute(
        select(MatchRun.program_id, MatchRun.pairs)
        .join(Program, (Program.organization_id == MatchRun.organization_id) & (Program.id == MatchRun.program_id))
        .where(
            MatchRun.organization_id == me.organization_id,
            MatchRun.state == "done",
            MatchRun.pairs > 0,
            Program.state.in_(("enrolling", "matching")),
            in_mine,
        )
        .ext(distinct_on(MatchRun.program_id))
        .order_by(MatchRun.program_id, MatchRun.id.desc())
    )
    actions += [
        _do("suggestions_ready", f"/programs/{id}/matching", count=count, program_id=str(id)) for id, count in ready
    ]
    waiting = await db.execute(
        select(Enrollment.program_id, func.count())
        .join(Program, (Program.organization_id == Enrollment.organization_id) & (Program.id == Enrollment.program_id))
        .where(Enrollment.organization_id == me.organization_id, Enrollment.state == "applied", in_mine)
        .group_by(Enrollment.program_id)
    )
    actions += [_do("waiting_enrollments", f"/programs/{id}", count=count, program_id=str(id)) for id, count in waiting]
    return actions


async def _admin(db: Db, me: Actor) -> list[TodayAction]:
    if not me.is_admin:
        return []
    unknown = await db.scalar(
        select(func.count())
        .select_from(Person)
        .where(Person.organization_id == me.organization_id, Person.line == "unknown", Person.status != "left")
    )
    open_import = await db.execute(
        select(Import.id, Import.summary)
        .where(Import.organization_id == me.organization_id, or_(Import.state == "checked", Import.state == "failed"))
        .order_by(Import.id.desc())
        .limit(1)
    )
    actions = []
    for id, summary in open_import:
        errors = (summary or {}).get("errors", 0)
        actions.append(
            _do("import_errors" if errors or not summary else "import_waiting", f"/imports/{id}", count=errors)
        )
    if unknown:
        actions.append(_do("unknown_lines", "/people?line=unknown", count=unknown))
    return actions
