"""Pairs that people choose themselves: a manager by hand, a mentor by a wish. Every hard rule holds for them too."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Forbidden, Invalid, NotFound
from vuoro.core.events import reacts_to
from vuoro.core.history import audit
from vuoro.matching import intake, service
from vuoro.matching.cards import card
from vuoro.matching.engine.score import components, score
from vuoro.matching.schemas import PairIn
from vuoro.matching.states import MATCHING
from vuoro.pairs import overrides
from vuoro.pairs import service as pairs
from vuoro.pairs.events import ProposalConfirmed
from vuoro.pairs.models import Pair
from vuoro.people import lines
from vuoro.programs import enrollments
from vuoro.programs import service as programs
from vuoro.programs.models import Enrollment, Program, Wish
from vuoro.programs.settings import settings_of

#: The rules that two managers may override.
LINE = frozenset({"reporting_line", "top_too_close"})
#: What a mentor may learn of why a wish cannot be; the rest is the other one's own business.
PLAIN = ("reporting_line", "same_team", "no_shared_language", "seniority_gap", "tenure", "past_partner")


class RuleBroken(Conflict):
    """Hard rules stand against the pair; params name all of them, and whether two managers may override them."""

    code = "rule_broken"

    def __init__(self, rules: list[str]) -> None:
        only_line = LINE.issuperset(rules)
        super().__init__(
            f"Rules stand against this pair: {', '.join(rules)}.", params={"rules": rules, "overridable": only_line}
        )


class AlreadyProposed(Conflict):
    """The two are proposed already and wait for a second manager."""

    code = "already_proposed"
    text = "This pair waits for a second manager's word already."


class WishMakesNoOffer(Conflict):
    """In this programme wishes only count when pairs are searched for."""

    code = "wish_makes_no_offer"
    text = "In this programme a wish counts when pairs are searched for, and asks nobody by itself."


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What stands against a pair, and its reason card."""

    broken: list[str]
    components: list[dict[str, Any]]
    checks: list[str]
    top_exempt: bool


async def make(db: Db, me: Actor, program_id: UUID, data: PairIn) -> UUID:
    """Ask the mentor of a pair that a manager chose; with an override's reason, propose it to a second manager.

    Raises:
        RuleBroken: the pair breaks hard rules, all of which are named.
    """
    await programs.get_row(db, me, program_id)
    if not me.manages(program_id) or me.person_id is None:
        raise Forbidden("This is for the programme's managers.")
    program = await _locked(db, program_id)
    mentor = await _enrolled(db, program_id, data.mentor_enrollment_id, "mentor")
    mentee = await _enrolled(db, program_id, data.mentee_enrollment_id, "mentee")
    if mentor.cohort_id != mentee.cohort_id:
        raise Invalid.at("/mentee_enrollment_id", "other_cohort", "The two are in different cohorts.")
    found = await _weigh(db, mentor, mentee)
    if data.override_reason is not None and not found.broken:
        raise Invalid.at("/override_reason", "no_override_needed", "No rule stands against this pair.")
    if found.broken and (data.override_reason is None or not LINE.issuperset(found.broken)):
        raise RuleBroken(found.broken)
    offer = _offer(program, mentor, mentee, found)
    if data.override_reason is None:
        (pair_id,) = await pairs.offer(db, me, None, [offer])
    else:
        (pair_id,) = await pairs.offer(db, me, None, [replace(offer, state="proposed")])
        await overrides.request(db, me, pair_id, data.override_reason)
    audit(db, "pair.make", pair_id, program_id=program_id)
    return pair_id


async def offer_wish(db: Db, me: Actor, enrollment_id: UUID, person_id: UUID) -> UUID:
    """A mentor's wish becomes an offer: it is their yes, and the mentee is asked.

    Raises:
        NotFound: they do not wish for this person, or nobody of the other side is there by this id.
        WishMakesNoOffer: the program does not let wishes ask.
        RuleBroken: the pair breaks a rule; of what concerns the other alone, only that it is not possible now.
    """
    seen = await enrollments.get(db, me, enrollment_id)
    if seen.person.id != me.person_id or seen.role != "mentor":
        raise Forbidden("A wish becomes an offer by the mentor who has it.")
    program = await _locked(db, seen.program_id)
    if not settings_of(program.settings).wish_becomes_offer:
        raise WishMakesNoOffer
    mentor = await _enrolled(db, program.id, enrollment_id, "mentor")
    mentee = await db.scalar(
        select(Enrollment)
        .where(
            Enrollment.organization_id == me.organization_id,
            Enrollment.cohort_id == mentor.cohort_id,
            Enrollment.person_id == person_id,
            Enrollment.role == "mentee",
            Enrollment.state.in_(intake.LOOKING),
        )
        .with_for_update(read=True)
    )
    wished = await db.scalar(
        select(Wish.id).where(
            Wish.organization_id == me.organization_id,
            Wish.enrollment_id == enrollment_id,
            Wish.person_id == person_id,
        )
    )
    if mentee is None or wished is None:
        raise NotFound
    found = await _weigh(db, mentor, mentee)
    if found.broken:
        told = [rule for rule in found.broken if rule in PLAIN]
        raise RuleBroken(told if len(told) == len(found.broken) else [*told, "not_now"])
    (pair_id,) = await pairs.offer(
        db, me, None, [replace(_offer(program, mentor, mentee, found), state="asked_mentee")]
    )
    audit(db, "pair.wish", pair_id, program_id=program.id)
    return pair_id


@reacts_to(ProposalConfirmed)
async def check_proposal(db: Db, event: ProposalConfirmed) -> None:
    """Nothing but the line may stand against a proposed pair on the day it is confirmed."""
    pair = await db.get_one(Pair, (db.organization_id, event.pair_id))
    program = await _locked(db, pair.program_id)
    mentor = await _enrolled(db, program.id, pair.mentor_enrollment_id, "mentor")
    mentee = await _enrolled(db, program.id, pair.mentee_enrollment_id, "mentee")
    found = await _weigh(db, mentor, mentee, proposed=pair.id)
    if not LINE.issuperset(found.broken):
        raise RuleBroken([rule for rule in found.broken if rule not in LINE])
    pair.top_exempt = found.top_exempt


async def _locked(db: Db, program_id: UUID) -> Program:
    """The program, so that pairs of it are made one after another, and the chart held still."""
    program = await db.locked(Program, program_id)
    if program.state not in MATCHING:
        raise service.WrongState(program.state)
    await lines.one_at_a_time(db)
    return program


async def _enrolled(db: Db, program_id: UUID, enrollment_id: UUID, role: str) -> Enrollment:
    row = await db.scalar(
        select(Enrollment)
        .where(
            Enrollment.organization_id == db.organization_id,
            Enrollment.program_id == program_id,
            Enrollment.id == enrollment_id,
            Enrollment.role == role,
        )
        .with_for_update(read=True)
    )
    if row is None:
        raise Invalid.at(f"/{role}_enrollment_id", "not_enrolled", f"This program has no such {role}.")
    return row


async def _weigh(db: Db, mentor: Enrollment, mentee: Enrollment, proposed: UUID | None = None) -> _Weighed:
    """What the engine says of two people. A low score and an earlier rejection bind a search, not a choice."""
    waiting = await db.scalar(
        select(Pair.id).where(
            Pair.organization_id == db.organization_id,
            Pair.cohort_id == mentor.cohort_id,
            Pair.mentor_id == mentor.person_id,
            Pair.mentee_id == mentee.person_id,
            Pair.state == "proposed",
        )
    )
    if waiting not in (None, proposed):
        raise AlreadyProposed
    both = (mentor.person_id, mentee.person_id)
    given = await intake.read(db, mentor.program_id, mentor.cohort_id, both)
    market = replace(given.market, pinned=(), rejected=())
    sides = [(str(id), role) for id, role in zip(both, ("mentor", "mentee"), strict=True)]
    broken = [given.absent[side] for side in sides if side in given.absent]
    row, col = market.mentee_index.get(str(both[1])), market.mentor_index.get(str(both[0]))
    if row is None or col is None:  # withdrawn, paused, left
        return _Weighed([*broken, "not_looking"], [], [], False)
    from vuoro.matching.engine.rules import Rulebook  # noqa: PLC0415 - with it scipy, which no start waits for

    book = Rulebook(market)
    failing = book.failing(slice(row, row + 1), slice(col, col + 1))
    broken += [code for code, fails in failing.items() if fails[0, 0]]
    a, b = market.mentors[col], market.mentees[row]
    return _Weighed(
        list(dict.fromkeys(broken)),
        card(components(market, a, b), score(market, a, b)),
        [code for code in book.checks if code not in {*broken, "rejected", "score_too_low"}],
        bool(book.exempt[row, col]),
    )


def _offer(program: Program, mentor: Enrollment, mentee: Enrollment, found: _Weighed) -> pairs.NewOffer:
    settings = settings_of(program.settings)
    return pairs.NewOffer(
        program_id=program.id,
        cohort_id=mentor.cohort_id,
        mentor_id=mentor.person_id,
        mentee_id=mentee.person_id,
        mentor_enrollment_id=mentor.id,
        mentee_enrollment_id=mentee.id,
        reasons=found.components,
        checks=found.checks,
        top_exempt=found.top_exempt,
        offer_days=settings.offer_days,
        sessions_planned=settings.sessions_planned,
    )
