"""Overrides: a pair inside a reporting line that two managers allow, and a suspended pair whose conflict is gone.

Nobody else decides for the junior: the mentor is asked, reads the managers' reason first, and says yes or no. The
executive hears of nothing before that yes. Locks are taken in the order program → chart → pair.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Forbidden, IllegalTransition, NotFound
from vuoro.core.events import announce
from vuoro.core.history import audit, step
from vuoro.core.jobs import on_tick
from vuoro.core.outbox import emit
from vuoro.pairs import access
from vuoro.pairs.closing import COMPLETED_AFTER, FOLLOWS
from vuoro.pairs.ending import free, over
from vuoro.pairs.events import ProposalConfirmed
from vuoro.pairs.models import OverrideReason, Pair, PairOverride
from vuoro.pairs.override_view import COLUMN, DECIDED, obstacles
from vuoro.pairs.propose import ask
from vuoro.pairs.said import answers, keep
from vuoro.pairs.standing import Standing, stand, stands_between
from vuoro.pairs.states import PairState, legal_steps
from vuoro.people import lines
from vuoro.programs.models import Program
from vuoro.programs.settings import ProgramSettings, settings_of


class OverrideRefused(Conflict):
    """Why the pair cannot be let through now; the code says it."""

    TEXTS = {  # noqa: RUF012
        "no_conflict": "Only a suspended or proposed pair takes this.",
        "override_pending": "An exception was asked for already.",
        "conflict_gone": "The two are in no reporting line any more: lift the suspension instead.",
        "still_in_line": "One of the two is still above the other: this needs an exception by two managers.",
        "unknown_line": "It is not known who is above one of the two. Set their manager right first.",
        "line_changed": "They stand closer to each other now than when this was asked for. Take it back and ask anew.",
        "person_left": "One of the two has left the organization.",
        "program_over": "The programme makes no pairs any more.",
        "no_override": "No exception was asked for, or the mentor has answered.",
    }

    def __init__(self, code: str) -> None:
        super().__init__(self.TEXTS[code])
        self.code = code  # type: ignore[misc]


class ManagerTooClose(Forbidden):
    """Four eyes that are nobody's boss in this: not the pair's two, not between them, not twice the same."""

    def __init__(self, code: str) -> None:
        super().__init__(
            {
                "own_pair": "It is your own pair: other managers decide about it.",
                "in_their_line": "You stand between the two in the reporting line: others decide about it.",
                "needs_another_manager": "You asked for it yourself: another manager agrees to it.",
            }[code]
        )
        self.code = code  # type: ignore[misc]


async def _locked(db: Db, me: Actor, pair_id: UUID) -> tuple[Pair, Program]:
    """A pair for one of its program's managers to decide about; NotFound and Forbidden as ever."""
    seen = await db.scalar(
        select(Pair).where(Pair.organization_id == me.organization_id, Pair.id == pair_id, access.visible_to(me))
    )
    if seen is None:
        raise NotFound
    if me.person_id is None or not me.manages(seen.program_id):
        raise Forbidden("This is for the programme's managers.")
    if access.side_of(me, seen):
        raise ManagerTooClose("own_pair")
    program = await db.locked(Program, seen.program_id)
    await lines.one_at_a_time(db)
    pair = await db.locked(Pair, pair_id)
    if pair.state not in DECIDED:
        raise OverrideRefused("no_conflict")
    return pair, program


async def _of(db: Db, pair: Pair) -> PairOverride | None:
    return await db.scalar(
        select(PairOverride).where(PairOverride.organization_id == db.organization_id, PairOverride.pair_id == pair.id)
    )


async def _look(db: Db, me: Actor, pair: Pair, program: Program) -> Standing:
    """How the two stand now; ManagerTooClose for whoever stands between them, OverrideRefused where nothing helps."""
    against = await obstacles(db, [(pair, program.state)])
    if against:
        raise OverrideRefused(against[pair.id])
    people = [pair.mentor_id, pair.mentee_id, *([me.person_id] if me.person_id else [])]
    chart = await lines.chart(db, people)
    if me.person_id and stands_between(chart, me.person_id, pair):
        raise ManagerTooClose("in_their_line")
    return stand(chart, [(pair.mentor_id, pair.mentee_id)], settings_of(program.settings).rules.top_exempt_distance)[0]


async def request(db: Db, me: Actor, pair_id: UUID, reason: str) -> UUID:
    """The first manager's word and reason; a second one's makes it count."""
    pair, program = await _locked(db, me, pair_id)
    if await _of(db, pair) is not None:
        raise OverrideRefused("override_pending")
    standing = await _look(db, me, pair, program)
    if standing.verdict != "line":
        raise OverrideRefused("unknown_line" if standing.verdict == "unknown" else "conflict_gone")
    override = PairOverride(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        pair_id=pair.id,
        requested_by=me.person_id,
        created_at=clock.now(),
        mentee_steps_above=standing.mentee_steps_above,
        mentor_steps_above=standing.mentor_steps_above,
    )
    db.add(override)
    await db.flush()
    text = await crypto.seal(db, COLUMN, "pair", pair.id, override.id, reason)
    db.add(OverrideReason(organization_id=me.organization_id, id=override.id, pair_id=pair.id, text=text))
    audit(db, "pair.request_override", pair.id, program_id=pair.program_id)
    emit(db, "pair.override_requested", {"pair_id": str(pair.id)})
    return pair_id


async def confirm(db: Db, me: Actor, pair_id: UUID) -> UUID:
    """The second manager's word: now the mentor is asked."""
    pair, program = await _locked(db, me, pair_id)
    override = await _of(db, pair)
    if override is None or override.confirmed_at is not None:
        raise OverrideRefused("no_override")
    if override.requested_by == me.person_id:
        raise ManagerTooClose("needs_another_manager")
    standing = await _look(db, me, pair, program)
    if not standing.allowed(override):
        raise OverrideRefused("unknown_line" if standing.verdict == "unknown" else "line_changed")
    if pair.state == "proposed":
        await announce(db, ProposalConfirmed(pair.id))
    elif standing.verdict != "line":
        raise OverrideRefused("conflict_gone")
    override.confirmed_by, override.confirmed_at = me.person_id, clock.now()
    _ask(db, pair, settings_of(program.settings))
    audit(db, "pair.confirm_override", pair.id, program_id=pair.program_id)
    return pair_id


async def lift(db: Db, me: Actor, pair_id: UUID) -> UUID:
    """The chart changed again and the two are in no line any more: the mentor is asked whether to go on."""
    pair, program = await _locked(db, me, pair_id)
    if pair.state != "suspended_conflict":
        raise OverrideRefused("no_conflict")
    standing = await _look(db, me, pair, program)
    if standing.verdict in ("line", "unknown"):
        raise OverrideRefused("still_in_line" if standing.verdict == "line" else "unknown_line")
    override = await _of(db, pair)
    if override is not None:
        if override.confirmed_at is not None:
            raise OverrideRefused("override_pending")
        await db.delete(override)
        await db.flush()
    pair.top_exempt = standing.verdict == "exempt"
    if pair.state_before != "asked_mentor":
        db.add(
            PairOverride(
                organization_id=me.organization_id,
                id=clock.uuid7(),
                pair_id=pair.id,
                requested_by=me.person_id,
                created_at=clock.now(),
                confirmed_at=clock.now(),
            )
        )
    _ask(db, pair, settings_of(program.settings))
    await db.flush()
    audit(db, "pair.lift", pair.id, program_id=pair.program_id)
    return pair_id


def _ask(db: Db, pair: Pair, settings: ProgramSettings) -> None:
    """Ask the mentor: an offer they had not answered is made anew, any other pair waits for their yes as it is."""
    ask(pair, settings.offer_days, settings.remind_after_days)
    if pair.state == "proposed" or pair.state_before == "asked_mentor":
        actor = "manager" if pair.state == "proposed" else "override"
        step(db, "pair", pair, "asked_mentor", legal_steps(pair.state, {actor}))
        pair.state_before = None
        emit(db, "pair.asked_mentor", {"pair_id": str(pair.id), "again": actor == "override"})
    else:  # no new version: the executive's view of the pair must not change
        emit(db, "pair.asked_again", {"pair_id": str(pair.id), "again": True})


async def withdraw(db: Db, me: Actor, pair_id: UUID) -> None:
    """Take it back before the mentor's answer; a pair that was only proposed goes with it."""
    pair, _ = await _locked(db, me, pair_id)
    override = await _of(db, pair)
    if override is None:
        raise OverrideRefused("no_override")
    if pair.state == "proposed":
        await db.delete(pair)
    else:
        await db.delete(override)
        pair.due_at = pair.remind_at = None
    audit(db, "pair.withdraw_override", pair.id, program_id=pair.program_id)


async def answered(db: Db, me: Actor, pair_id: UUID, *, yes: bool) -> bool:
    """The mentor's answer for a suspended pair that may go on; False where there is nothing of that to answer."""
    mine = select(Pair.program_id).where(
        Pair.organization_id == me.organization_id, Pair.id == pair_id, Pair.mentor_id == me.person_id,
        Pair.state == "suspended_conflict",
    )  # fmt: skip
    program_id = await db.scalar(mine)
    if program_id is None:
        return False
    program = await db.get_one(Program, (me.organization_id, program_id))
    await lines.one_at_a_time(db)
    pair = await db.locked(Pair, pair_id)
    override = await _of(db, pair)
    if pair.state != "suspended_conflict" or override is None or override.confirmed_at is None:
        return False
    if await answers(db, me, [pair_id]):
        return False  # they said no to this offer before
    if yes:
        await _go_on(db, pair, override, program)
    elif pair.activated_at is None:
        await keep(db, me, pair_id, "no")
    else:
        await _over(db, pair, override)
    return True


async def _go_on(db: Db, pair: Pair, override: PairOverride, program: Program) -> None:
    """Back to what the pair was; where the program closes meanwhile, to what became of pairs like it."""
    settings = settings_of(program.settings)
    chart = await lines.chart(db, (pair.mentor_id, pair.mentee_id))
    standing = stand(chart, [(pair.mentor_id, pair.mentee_id)], settings.rules.top_exempt_distance)[0]
    if not standing.allowed(override) or await obstacles(db, [(pair, program.state)]):
        raise IllegalTransition(pair.state, ["ended_early"])
    before: PairState = pair.state_before or "paused"
    before = FOLLOWS.get(program.state, {}).get(before, before)
    step(db, "pair", pair, before, legal_steps(pair.state, {"override"}))
    pair.state_before, pair.top_exempt = None, standing.verdict == "exempt"
    pair.due_at = pair.remind_at = None
    if before == "asked_mentee":
        ask(pair, settings.offer_days, settings.remind_after_days)
        emit(db, "pair.asked_mentee", {"pair_id": str(pair.id), "again": True})
    else:
        if before == "closing":
            pair.due_at = clock.now() + COMPLETED_AFTER
        emit(db, "pair.returned", {"pair_id": str(pair.id)})
    if override.confirmed_by is None:
        await db.delete(override)


async def _over(db: Db, pair: Pair, override: PairOverride) -> None:
    """End a pair as any other ends: an offer lapses, a running pair is over. Of the question nothing is left."""
    over(db, pair, "ended_early" if pair.activated_at else "expired", legal_steps(pair.state, {"override"}))
    await db.delete(override)
    await free(db, [pair])


@on_tick
async def lapse_questions(db: Db, now: datetime) -> None:
    """A question that the mentor left open: an offer lapses, a running pair stays suspended and may be asked again."""
    due = await db.execute(
        select(Pair, PairOverride)
        .join(
            PairOverride,
            (PairOverride.organization_id == Pair.organization_id) & (PairOverride.pair_id == Pair.id),
        )
        .where(Pair.organization_id == db.organization_id, Pair.due_at <= now, Pair.state == "suspended_conflict")
        .limit(500)
        .with_for_update(of=Pair, skip_locked=True)
    )
    for pair, override in due.all():
        if pair.activated_at is None:
            await _over(db, pair, override)
        else:
            pair.due_at = pair.remind_at = None
            await db.delete(override)
