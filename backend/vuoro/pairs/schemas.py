"""Pairs on the wire. The schema is MentoringPair: `Pair` is a word of Kotlin and Java."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from vuoro.core.wire import Can, In, Localized, Moment, Out, Params
from vuoro.pairs.states import PairState
from vuoro.people.schemas import PersonRef


class ReasonEvidence(Out):
    """One fact behind a component of the score: a stable code with its values."""

    code: str
    params: Params


class MatchReason(Out):
    """One component of the score: its share of 100 points and the evidence."""

    name: str
    value: float
    weight: float
    points: float
    max_points: float
    evidence: list[ReasonEvidence]


class Rhythm(Out):
    """How a pair is doing, as its programme manager may know it; a machine is told `held` and `planned` alone."""

    held: int
    planned: int
    next_booked: bool
    quiet: bool
    goals_total: int | None
    goals_done: int | None


class NextSession(Out):
    """The next meeting; for the two alone."""

    id: UUID
    starts_at: Moment
    ends_at: Moment
    time_zone: str


class AgreementState(Out):
    """Who has signed; the two alone see when."""

    version: int
    mentor_signed_at: Moment | None
    mentee_signed_at: Moment | None
    mine_signed: bool


class FirstContact(Out):
    """By when the mentee gets in touch (S8), and when that was; for the two alone."""

    due_on: date | None
    done_at: Moment | None


class OverrideIn(In):
    """Why this pair may be although one is above the other; the mentor reads it before answering."""

    reason: str = Field(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")


class OverrideOut(Out):
    """Managers' word on a suspended or proposed pair. Managers read it, the mentor once it counts, the mentee never.

    `override`: two managers allow it inside the reporting line. `conflict_gone`: the chart changed again, which one
    manager saw. The mentor is asked first either way.
    """

    kind: Literal["override", "conflict_gone"]
    reason: str | None
    requested_by: PersonRef
    confirmed_by: PersonRef | None
    requested_at: Moment
    confirmed_at: Moment | None
    answer_by: Moment | None


class MentoringPair(Out):
    """A mentor (junior) and a mentee (executive).

    `state` says `declined` to whoever said no, and to nobody else: to everybody else that offer is asked until its
    time is over, then `expired`. What belongs to the two alone is null for others: `pause_until`, `completes_at`,
    `commitment` (the mentee's), `stays_in_touch` (the caller's own choice) and `shared` (whether machines may see it).
    """

    id: UUID
    program_id: UUID
    cohort_id: UUID
    mentor: PersonRef
    mentee: PersonRef
    state: PairState
    my_side: Literal["mentor", "mentee"] | None
    offer_expires_at: Moment | None
    reasons: list[MatchReason] | None
    checks: list[str] | None
    top_exempt: bool
    override: OverrideOut | None
    rhythm: Rhythm
    next_session: NextSession | None
    agreement: AgreementState
    first_contact: FirstContact | None
    pause_until: date | None
    completes_at: Moment | None
    commitment: str | None
    stays_in_touch: bool | None
    shared: bool | None
    version: int
    created_at: Moment
    activated_at: Moment | None
    can: Can


# NUL has no place in a text; line breaks do.
Words = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]


class PairPauseIn(In):
    """A break; `until` is the day on which both are reminded of it."""

    until: date | None = None


class AgreementSignIn(In):
    """The mentee's promise that the mentor has the working time for it."""

    protects_time: Literal[True]


class PairCloseIn(In):
    """What the mentee will do differently; both read it."""

    commitment: Words | None = None


class StayIn(In):
    """Whether the caller would stay in touch."""

    yes: bool


class SharingIn(In):
    """Whether machines that were given pairs:read may see this pair."""

    allowed: bool


class GoalIn(In):
    """Something that the caller wants to reach."""

    text: Words


class GoalPatch(In):
    """What of a goal changes."""

    text: Words = Field(default="")
    done: bool = False


class GoalOut(Out):
    """A goal of one side."""

    id: UUID
    side: Literal["mentor", "mentee"]
    text: str
    done_at: Moment | None
    version: int
    created_at: Moment
    can: Can


class GoalPage(Out):
    """One page of a pair's goals, oldest first."""

    items: list[GoalOut]
    next_cursor: str | None


class PairPage(Out):
    """One page of pairs."""

    items: list[MentoringPair]
    next_cursor: str | None
    watermark: str | None
    gone: list[UUID]


class AgreementOut(Out):
    """The agreement's text and who has signed."""

    version: int
    text: Localized
    protected_minutes_per_month: int
    mentor_signed_at: Moment | None
    mentee_signed_at: Moment | None
    mine_signed: bool


class PairStep(Out):
    """One step of a pair's history; it carries no actor."""

    at: Moment
    state: PairState


class PairHistory(Out):
    """A pair's steps, oldest first."""

    items: list[PairStep]
    next_cursor: str | None
