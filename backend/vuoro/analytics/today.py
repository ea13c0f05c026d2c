"""Today: one call for a phone's home, whoever is asking."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, func, or_, select

from vuoro.analytics import next_actions, pair_actions
from vuoro.analytics.schemas import DeepCard, TodayAction, TodayOut, TodayProgram
from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.hris.models import Import
from vuoro.pairs import access as pair_access
from vuoro.pairs import service as pairs
from vuoro.pairs.models import Pair
from vuoro.pairs.schemas import MentoringPair
from vuoro.pairs.states import OPEN
from vuoro.people.models import Person
from vuoro.programs import access as program_access
from vuoro.programs.kits import kits
from vuoro.programs.models import Program
from vuoro.sessions import service as sessions

#: Most actions of programs on one home page; what falls off is the least urgent.
MANAGERS = 60


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
    lately = and_(Pair.state.in_(("completed", "ended_early")), Pair.ended_at > clock.now() - pair_actions.AFTER_END)
    rows = (
        await db.scalars(
            select(Pair)
            .where(Pair.organization_id == me.organization_id, pair_access.mine(me), or_(Pair.state.in_(OPEN), lately))
            .order_by(Pair.state.in_(OPEN).desc(), Pair.id.desc())
            .limit(20)
        )
    ).all()
    shown = await pairs.show(db, me, rows)
    own = [pair for pair in shown if pair.state in OPEN]  # one's own no is over for oneself
    parts = await pair_actions.own_parts(db, me)
    deep = await _deep(db, me, own)
    return TodayOut(
        greeting_name=(person.given_name or person.display_name) if person else "",
        deep=deep,
        actions=[*await _participant(db, me, rows, shown, parts), *await _manager(db, me), *await _admin(db, me)],
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
        kit = kits().get(session.kit) if session.kit else None
        return DeepCard(kind="next_session", pair=pair, session=session, kit=kit)
    for pair in own:
        if pair.state == f"asked_{pair.my_side}":
            return DeepCard(kind="offer", pair=pair, session=None, kit=None)
    for pair in own:
        if pair.state == "active":
            return DeepCard(kind="no_session", pair=pair, session=None, kit=None)
    return DeepCard(kind="none", pair=None, session=None, kit=None)


def _do(kind: str, link: str, **params: object) -> TodayAction:
    return TodayAction(kind=kind, params=dict(params), link=link)


# One word in the web app for both ways to book.
_TODAY: dict[str, str] = {"book_arc": "plan_session", "book_next": "plan_session"}


async def _participant(
    db: Db, me: Actor, rows: Sequence[Pair], shown: Sequence[MentoringPair], parts: pair_actions.Parts
) -> list[TodayAction]:
    """The caller's own part of what is next in their pairs, and what an enrollment waits for before it has one."""
    found = await pair_actions.of_pairs(db, me, rows, shown, parts)
    others = {one.id: (one.mentee if one.my_side == "mentor" else one.mentor).display_name for one in shown}
    mine = [(action, others[id]) for id, items in found.items() for action in items if action.whose != "other"]
    actions = {
        ("agree_terms", str(id)): _do("agree_terms", f"/invitations/{id}", enrollment_id=str(id))
        for id in parts.without_terms
    }
    for action, name in sorted(mine, key=lambda one: pair_actions.urgency(one[0])):
        kind, part = _TODAY.get(action.kind, action.kind), action.params.get("enrollment_id")
        # a mentor of two rates and warms up once
        actions.setdefault((kind, part or action.link), _do(kind, action.link, **action.params, name=name))
    for id, part in parts.rows.items():
        if part.state == "invited":
            actions["answer_invitation", str(id)] = _do(
                "answer_invitation", f"/invitations/{id}", enrollment_id=str(id)
            )
        elif (
            part.state in ("approved", "paired") and part.primer_done_at is None and parts.settings[id].primer_required
        ):
            actions.setdefault(("finish_primer", str(id)), _do("finish_primer", f"/primer/{id}", enrollment_id=str(id)))
    return list(actions.values())


async def _manager(db: Db, me: Actor) -> list[TodayAction]:
    if me.managed_programs == set():
        return []
    found = await next_actions.of_programs(db, me, await next_actions.managed_programs(db, me))
    all_ = [(id, action) for id, items in found.items() for action in items]
    return [
        _do(action.kind, action.link, **action.params, program_id=str(id), **_told(action.count, action.due_on))
        for id, action in sorted(all_, key=lambda one: next_actions.urgency(one[1]))[:MANAGERS]
    ]


def _told(count: int | None, due_on: date | None) -> dict[str, object]:
    return {
        name: value
        for name, value in (("count", count), ("due_on", due_on and due_on.isoformat()))
        if value is not None
    }


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
