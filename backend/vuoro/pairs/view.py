"""How a pair looks to one caller: what belongs to the two is left out for everybody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.wire import Can, can
from vuoro.pairs import access, override_view
from vuoro.pairs.models import Commitment, Pair, StayChoice
from vuoro.pairs.propose import program_settings
from vuoro.pairs.said import answers
from vuoro.pairs.schemas import (
    AgreementState,
    FirstContact,
    MatchReason,
    MentoringPair,
    NextSession,
    OverrideOut,
    Rhythm,
)
from vuoro.pairs.states import ASKED, MEETS, OPEN, TALKS, legal_steps, seen
from vuoro.people.schemas import PersonRef
from vuoro.people.service import gone, refs
from vuoro.programs.models import Enrollment
from vuoro.programs.settings import DEFAULTS

COMMITMENT = "commitments.text"
#: Pairs whose members may wish for another; a paused one only when the other one has left the organization.
REMATCH = ("ended_early", "expired", "suspended_conflict", "paused")
# Sessions stand above pairs: plain SQL instead of an import. Row-level security shows them to the two alone.
_NEXT = text(
    "select distinct on (pair_id) pair_id, id, starts_at, ends_at, time_zone from sessions"
    " where organization_id = :organization and pair_id = any(:ids) and state in ('scheduled', 'proposed')"
    " and ends_at > :now order by pair_id, starts_at"
)


@dataclass(frozen=True, slots=True)
class Own:
    """What stands beside the rows for one member of these pairs, by pair or enrollment or person."""

    following: dict[UUID, NextSession]
    answers: dict[UUID, str]
    stays: dict[UUID, bool]
    commitments: dict[UUID, str]
    enrollments: dict[UUID, Enrollment]
    left: set[UUID]


async def show(db: Db, me: Actor, rows: Iterable[Pair]) -> list[MentoringPair]:
    """Pairs as the caller may see them, in the same few statements however many."""
    rows = list(rows)
    people = await refs(db, me, {id for row in rows for id in (row.mentor_id, row.mentee_id)})
    own = await _own(db, me, [row for row in rows if access.side_of(me, row)])
    going = {row.program_id for row in rows if row.state == "active"}
    quiet = {id: found.quiet_days for id, found in (await program_settings(db, going)).items()} if going else {}
    words = await override_view.read(db, me, rows, own.answers)
    return [
        _show(me, row, people, own, quiet.get(row.program_id, DEFAULTS["quiet_days"]), *words.get(row.id, (None, {})))
        for row in rows
    ]


async def _own(db: Db, me: Actor, mine: list[Pair]) -> Own:
    own = Own({}, {}, {}, {}, {}, set())
    if not mine:
        return own
    ids = [row.id for row in mine]
    for one in await db.execute(_NEXT, {"organization": me.organization_id, "ids": ids, "now": clock.now()}):
        own.following[one.pair_id] = NextSession(
            id=one.id, starts_at=one.starts_at, ends_at=one.ends_at, time_zone=one.time_zone
        )
    if any(row.activated_at is None for row in mine):
        own.answers.update(await answers(db, me, ids))
    done = [row.id for row in mine if row.state in ("completed", "stay_in_touch")]
    if done:
        await _after_the_end(db, me, done, own)
    away = [row for row in mine if row.state in REMATCH]
    if away:
        found = await db.scalars(
            select(Enrollment).where(
                Enrollment.organization_id == me.organization_id,
                Enrollment.id.in_([row.enrollment_of(access.side_of(me, row)) for row in away]),
            )
        )
        own.enrollments.update({row.id: row for row in found})
        own.left.update(await gone(db, (id for row in away for id in (row.mentor_id, row.mentee_id))))
    return own


async def _after_the_end(db: Db, me: Actor, ids: list[UUID], own: Own) -> None:
    choices = await db.execute(
        select(StayChoice.pair_id, StayChoice.yes)
        .join(Pair, (Pair.organization_id == StayChoice.organization_id) & (Pair.id == StayChoice.pair_id))
        .where(
            StayChoice.organization_id == me.organization_id,
            StayChoice.person_id == me.person_id,
            StayChoice.pair_id.in_(ids),
            StayChoice.chosen_at >= Pair.ended_at,
        )
    )
    own.stays.update({pair_id: yes for pair_id, yes in choices})  # noqa: C416 - a Result is no mapping
    rows = (
        await db.scalars(
            select(Commitment).where(Commitment.organization_id == me.organization_id, Commitment.pair_id.in_(ids))
        )
    ).all()
    texts = await crypto.unseal_each(db, COMMITMENT, "pair", [(row.id, row.pair_id, row.text) for row in rows])
    own.commitments.update({row.pair_id: texts[row.id] for row in rows if row.id in texts})


def _show(
    me: Actor,
    row: Pair,
    people: dict[UUID, PersonRef],
    own: Own,
    quiet_days: int,
    override: OverrideOut | None,
    may: Can,
) -> MentoringPair:
    side, now = access.side_of(me, row), clock.now()
    state = seen(row.state, row.due_at, own.answers.get(row.id), now)
    told = side is not None or me.client_id is None
    return MentoringPair(
        id=row.id,
        program_id=row.program_id,
        cohort_id=row.cohort_id,
        mentor=people[row.mentor_id],
        mentee=people[row.mentee_id],
        state=state,
        my_side=side,
        offer_expires_at=row.due_at if state in ASKED else None,
        reasons=[MatchReason(**reason) for reason in row.reasons] if side else None,
        checks=row.checks if side else None,
        top_exempt=row.top_exempt and told,
        override=override,
        rhythm=_rhythm(row, quiet_days, now, told=told),
        next_session=own.following.get(row.id),
        agreement=agreement_state(row, side),
        first_contact=FirstContact(due_on=row.first_contact_due_on, done_at=row.first_contact_at) if side else None,
        pause_until=row.pause_until if side else None,
        completes_at=row.due_at if side and state == "closing" else None,
        commitment=own.commitments.get(row.id),
        stays_in_touch=own.stays.get(row.id),
        shared=row.shared if side else None,
        version=row.version if told else 0,
        created_at=row.created_at,
        activated_at=row.activated_at,
        can=(actions(row, side, own) if side else {}) | may,
    )


def _rhythm(row: Pair, quiet_days: int, now: datetime, *, told: bool) -> Rhythm:
    booked = row.next_starts_at is not None and row.next_starts_at > now
    since = max(filter(None, (row.last_held_at, row.activated_at)), default=None)
    quiet = row.state == "active" and not booked and since is not None and since < now - timedelta(days=quiet_days)
    return Rhythm(
        held=row.sessions_held,
        planned=row.sessions_planned,
        next_booked=booked and told,
        quiet=quiet and told,
        goals_total=row.goals_total if told else None,
        goals_done=row.goals_done if told else None,
    )


def agreement_state(row: Pair, side: access.Side | None) -> AgreementState:
    """Who has signed, for one side; for others the version alone."""
    signed = {"mentor": row.mentor_signed_at, "mentee": row.mentee_signed_at}
    return AgreementState(
        version=row.agreement_version,
        mentor_signed_at=row.mentor_signed_at if side else None,
        mentee_signed_at=row.mentee_signed_at if side else None,
        mine_signed=side is not None and signed[side] is not None,
    )


def rematch_obstacle(row: Pair, side: access.Side, own: Enrollment | None, left: set[UUID]) -> str | None:
    """Why this side cannot wish for another pair now (a stable code), or None."""
    other = row.mentee_id if side == "mentor" else row.mentor_id
    if row.state not in REMATCH or (row.state == "paused" and other not in left):
        return "wrong_state"
    if own is None or own.state not in ("approved", "paired"):
        return "not_enrolled"
    if row.ended_at is not None and own.looks_again_at is not None and own.looks_again_at >= row.ended_at:
        return "already_looking"
    return None


def actions(row: Pair, side: access.Side, own: Own) -> Can:
    """What one of the two may do now, each with the reason where not; an action of the other side is left out."""
    state = seen(row.state, row.due_at, own.answers.get(row.id), clock.now())
    legal = legal_steps(state, {side})
    wrong, talks = "wrong_state", state in TALKS
    turn = "not_your_turn" if state in ASKED else wrong
    mine_signed = row.mentor_signed_at if side == "mentor" else row.mentee_signed_at
    signed = row.mentor_signed_at is not None and row.mentee_signed_at is not None
    gone = {row.mentor_id, row.mentee_id} & own.left
    says_late = side == "mentee" and state in ("completed", "stay_in_touch") and row.id not in own.commitments
    contacted = "already_done" if row.first_contact_at is not None else state == "active" or wrong
    begun = row.activated_at is not None and state in (*OPEN, "completed")
    return can(
        accept=state == f"asked_{side}" or turn,
        decline="declined" in legal or turn,
        sign_agreement=("already_signed" if mine_signed else True) if talks else wrong,
        plan_session=(signed or "agreement_missing") if state in MEETS else wrong,
        pause="paused" in legal or wrong,
        resume=("active" in legal and state == "paused" and ("person_left" if gone else True)) or wrong,
        end="ended_early" in legal or state == "stay_in_touch" or wrong,
        rematch=rematch_obstacle(row, side, own.enrollments.get(row.enrollment_of(side)), own.left) or True,
        close=("completed" in legal and state == "closing") or says_late or wrong,
        stay_in_touch=state in ("completed", "stay_in_touch") or wrong,
        write_goals=talks or wrong,
        first_contact=contacted if side == "mentee" else None,
        share=(begun or wrong) if side == "mentor" else None,
    )
