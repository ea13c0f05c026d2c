"""What there is to do next in pairs, for one of the two or for who manages them: the soft rules as data.

Of the other one it tells only what both see anyway: a signature, a first contact, an answer to a proposed time. Whether
they gave a pulse, a fit check or a choice about staying in touch, and who ended or paused, is in nothing here (H3, H4).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID

from sqlalchemy import select

from vuoro.analytics.action_schemas import PairActionKind, PairNextAction, PairNextActions, Rule, Whose
from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import NotFound
from vuoro.feedback import fit_checks, growth
from vuoro.feedback.schemas import FitMoment, GrowthMoment
from vuoro.feedback.service import ANSWER_WITHIN
from vuoro.insights import candid
from vuoro.pairs import service as pairs
from vuoro.pairs.models import Pair
from vuoro.pairs.schemas import MentoringPair
from vuoro.pairs.states import MEETS, TALKS
from vuoro.programs import terms
from vuoro.programs.models import Enrollment, Program
from vuoro.programs.settings import ProgramSettings, settings_of
from vuoro.sessions import action_items, due
from vuoro.sessions.due import SessionDue

#: How long after a pair's end its two are asked what comes next.
AFTER_END = timedelta(days=60)
RULES: dict[str, Rule] = {
    "sign_agreement": "H7", "finish_primer": "H8", "first_contact": "S8", "book_arc": "S2", "book_next": "S9",
    "confirm_session": "S3", "write_agenda": "S5", "add_spark": "S5", "neutral_place": "S4", "fit_check": "S7",
    "review": "S10", "rematch": "S11", "quiet_pair": "S9", "not_booked": "S9", "arc_not_booked": "S2",
    "pair_closing": "S10",
}  # fmt: skip
_ORDER = {kind: place for place, kind in enumerate(get_args(PairActionKind))}


@dataclass(slots=True)
class Parts:
    """The caller's own enrollments by id, each with the settings of its program."""

    rows: dict[UUID, Enrollment] = field(default_factory=dict)
    settings: dict[UUID, ProgramSettings] = field(default_factory=dict)
    without_terms: set[UUID] = field(default_factory=set)


@dataclass(slots=True)
class _Own:
    """What waits for the caller, by pair; growth by enrollment."""

    parts: Parts
    sessions: dict[UUID, list[SessionDue]] = field(default_factory=dict)
    fit: dict[UUID, FitMoment] = field(default_factory=dict)
    unrated: dict[UUID, GrowthMoment] = field(default_factory=dict)
    given: dict[UUID, candid.Unanswered] = field(default_factory=dict)
    promises: dict[UUID, action_items.DuePromises] = field(default_factory=dict)


async def of_pair(db: Db, me: Actor, pair_id: UUID) -> PairNextActions:
    """What is next in one pair; NotFound for machines and whoever may not see it."""
    row = await pairs.get_row(db, me, pair_id)
    if me.client_id is not None:
        raise NotFound
    shown = (await pairs.show(db, me, [row]))[0]
    if shown.my_side is None:
        return PairNextActions(pair_id=pair_id, rests_until=None, items=_managed(shown), next_cursor=None)
    parts = await own_parts(db, me)
    found = await of_pairs(db, me, [row], [shown], parts)
    part = parts.rows.get(row.enrollment_of(shown.my_side))
    rests = part.rests_until if part and part.rests_until and part.rests_until > clock.now() else None
    return PairNextActions(pair_id=pair_id, rests_until=rests, items=found[pair_id], next_cursor=None)


async def own_parts(db: Db, me: Actor) -> Parts:
    """The caller's enrollments that are not over; in one statement."""
    parts = Parts()
    if me.person_id is None:
        return parts
    rows = await db.execute(
        select(Enrollment, Program.settings, Program.terms_version, Program.state)
        .join(Program, (Program.organization_id == Enrollment.organization_id) & (Program.id == Enrollment.program_id))
        .where(
            Enrollment.organization_id == me.organization_id,
            Enrollment.person_id == me.person_id,
            Enrollment.state.not_in(("declined", "withdrawn")),
        )
        .order_by(Enrollment.id.desc())
        .limit(100)
    )
    for part, settings, newest, state in rows:
        parts.rows[part.id], parts.settings[part.id] = part, settings_of(settings)
        if state != "draft" and terms.never_asked(newest, part):  # a draft's terms may change, and nobody reads them
            parts.without_terms.add(part.id)
    return parts


async def of_pairs(
    db: Db, me: Actor, rows: Sequence[Pair], shown: Sequence[MentoringPair], parts: Parts
) -> dict[UUID, list[PairNextAction]]:
    """What is next in the caller's own pairs (their rows and how they look), in six statements however many."""
    if not rows:
        return {}
    only = rows[0].id if len(rows) == 1 else None
    own = _Own(
        parts,
        fit=await fit_checks.unanswered(db, me, rows),
        unrated=await growth.unrated(db, me),
        given={one.pair_id: one for one in await candid.unanswered_candid(db, me)},
        promises={one.pair_id: one for one in await action_items.open_action_items(db, me)},
    )
    for one in await due.due(db, me, only):
        own.sessions.setdefault(one.pair_id, []).append(one)
    found = {}
    for row, pair in zip(rows, shown, strict=True):
        items = [*_before(pair), *_together(row, pair, own), *_content(row, pair, own), *_afterwards(row, pair, own)]
        found[row.id] = sorted(items, key=urgency)
    return found


def urgency(action: PairNextAction) -> tuple[bool, int]:
    """The order in which actions are told: the caller's own first, then as one hinders the next."""
    return action.whose == "other", _ORDER[action.kind]


def _do(
    pair: MentoringPair, kind: PairActionKind, whose: Whose, due_at: datetime | None = None, **params: object
) -> PairNextAction:
    return PairNextAction(
        rule=RULES.get(kind), kind=kind, whose=whose, due_at=due_at, due_on=None, params=params,
        link=f"/pairs/{pair.id}",
    )  # fmt: skip


def _may(pair: MentoringPair, action: str) -> bool:
    return action in pair.can and pair.can[action].allowed


def _before(pair: MentoringPair) -> Iterator[PairNextAction]:
    """The offer, the agreement, the first contact, the end of a break."""
    mentor = pair.my_side == "mentor"
    if _may(pair, "accept"):
        yield _do(pair, "answer_offer", "me", pair.offer_expires_at)
    elif pair.state == "asked_mentee" and mentor:
        yield _do(pair, "answer_offer", "other", pair.offer_expires_at)
    if pair.state in MEETS:
        theirs = pair.agreement.mentee_signed_at if mentor else pair.agreement.mentor_signed_at
        if _may(pair, "sign_agreement"):
            yield _do(pair, "sign_agreement", "me", version=pair.agreement.version)
        elif theirs is None:
            yield _do(pair, "sign_agreement", "other", version=pair.agreement.version)
    contact = pair.first_contact
    if pair.state == "active" and contact and contact.due_on and contact.done_at is None and not pair.rhythm.held:
        first = _do(pair, "first_contact", "other" if mentor else "me")
        yield first.model_copy(update={"due_on": contact.due_on})
    if _may(pair, "resume") and pair.pause_until is not None and pair.pause_until <= clock.now().date():
        yield _do(pair, "resume", "both").model_copy(update={"due_on": pair.pause_until})


def _together(row: Pair, pair: MentoringPair, own: _Own) -> Iterator[PairNextAction]:
    """The sessions: primer, booking, and what each of them waits for."""
    part_id = row.enrollment_of(pair.my_side)
    part, settings = own.parts.rows.get(part_id), own.parts.settings.get(part_id)
    waiting = own.sessions.get(pair.id, [])
    following = pair.next_session
    wanted = part is not None and settings is not None and settings.primer_required and part.primer_done_at is None
    if wanted and pair.state in TALKS and not pair.rhythm.held:
        until = following.starts_at if following else None
        action = _do(pair, "finish_primer", "me", until, enrollment_id=str(part_id))
        yield action.model_copy(update={"link": f"/primer/{part_id}"})
    for one in waiting:
        until = one.at + ANSWER_WITHIN if one.kind == "give_pulse" else one.at
        action = _do(pair, one.kind, one.whose, until, session_id=str(one.session_id), number=one.number)
        yield action.model_copy(update={"link": f"/sessions/{one.session_id}"})
    unsaid = any(one.kind == "hold_session" for one in waiting)
    if pair.state == "active" and _may(pair, "plan_session") and following is None and not unsaid:
        yield from _booking(row, pair, settings)


def _booking(row: Pair, pair: MentoringPair, settings: ProgramSettings | None) -> Iterator[PairNextAction]:
    """Nothing is booked: the executive's to mend (S9). The junior may book as well, and is not asked to chase."""
    held, planned = pair.rhythm.held, pair.rhythm.planned
    since = max(filter(None, (row.last_held_at, row.activated_at)), default=None)
    until = since + timedelta(days=settings.quiet_days) if since and settings else None
    quiet = until is not None and until < clock.now()
    executive: Whose = "me" if pair.my_side == "mentee" else "other"
    if not held:
        yield _do(pair, "book_arc", executive if quiet else "both", until, planned=planned, quiet=quiet)
    elif held < planned:
        yield _do(pair, "book_next", executive, until, held=held, planned=planned, quiet=quiet)


def _content(row: Pair, pair: MentoringPair, own: _Own) -> Iterator[PairNextAction]:
    """What is the caller's alone: fit check, promises, a candid message, growth."""
    if pair.id in own.fit:
        yield _do(pair, "fit_check", "me", moment=own.fit[pair.id])
    if pair.id in own.promises:
        promises = own.promises[pair.id]
        action = _do(pair, "action_item_due", "me", count=promises.count, overdue=promises.overdue)
        yield action.model_copy(update={"due_on": promises.next_due_on})
    if pair.id in own.given:
        yield _do(pair, "answer_candid", "me", count=own.given[pair.id].count)
    part_id = row.enrollment_of(pair.my_side)
    moment = own.unrated.get(part_id)
    running = pair.state in TALKS or (pair.state == "completed" and _recent(row))
    if moment is not None and running and (moment == "end" or pair.state in ("active", "closing")):
        yield _do(pair, "rate_growth", "me", moment=moment, enrollment_id=str(part_id))


def _recent(row: Pair) -> bool:
    return row.ended_at is not None and row.ended_at > clock.now() - AFTER_END


def _afterwards(row: Pair, pair: MentoringPair, own: _Own) -> Iterator[PairNextAction]:
    """The last stretch and what follows: one commitment, staying in touch, another pair after the rest."""
    executive = pair.my_side == "mentee"
    if pair.state == "closing":
        yield _do(pair, "review", "me" if executive else "other", pair.completes_at)
    elif executive and pair.state == "completed" and pair.commitment is None and _recent(row):
        yield _do(pair, "review", "me")
    if pair.state == "completed" and pair.stays_in_touch is None and _recent(row):
        yield _do(pair, "stay_in_touch", "me")
    if _may(pair, "rematch") and row.activated_at is not None and (row.ended_at is None or _recent(row)):
        part = own.parts.rows.get(row.enrollment_of(pair.my_side))
        rests = part and part.rests_until
        yield _do(
            pair, "rematch", "me", rests_until=rests.isoformat() if rests and rests > clock.now() else None
        )  # fmt: skip


def _managed(pair: MentoringPair) -> list[PairNextAction]:
    """What a manager may know of one pair: suspended, quiet or not, booked or not, closing."""
    if pair.state == "suspended_conflict":
        return [_do(pair, "suspended_pair", "me")]
    if pair.state == "closing":
        return [_do(pair, "pair_closing", "both", held=pair.rhythm.held, planned=pair.rhythm.planned)]
    if pair.state != "active" or pair.rhythm.next_booked:
        return []
    kind: PairActionKind = (
        "quiet_pair" if pair.rhythm.quiet else "not_booked" if pair.rhythm.held else "arc_not_booked"
    )  # fmt: skip
    return [_do(pair, kind, "both", held=pair.rhythm.held, planned=pair.rhythm.planned)]
